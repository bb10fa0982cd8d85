//! What reference data looks like on the wire, and how a corridor is read from it.
//!
//! Invariant: everything here is public but the history of a corridor, which is the operator's.
//! Read next: `api.rs`.

use super::Catalogue;
use super::codes::{CooperationModel, CountryCode, SectorCode};
use super::corridor::{Corridor, CorridorRevision, CorridorStatus, Terms};
use super::model::{Kind, Row, Table, Value};
use super::rates::DatedRate;
use crate::kernel::{
    error::{Error, Result},
    money::Currency,
    text,
    time::{Day, Timestamp},
    visibility::{Class, Visible},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use utoipa::ToSchema;

/// A reference table without its rows.
#[derive(Serialize, ToSchema)]
pub struct TableSummary {
    /// The name, as in the path.
    #[schema(example = "sectors")]
    pub name: String,
    /// The name in English.
    #[schema(example = "Sectors")]
    pub label: String,
    /// What the table holds.
    pub about: String,
    /// The version of the content.
    #[schema(example = "1")]
    pub version: String,
    /// Where the content comes from.
    pub source: String,
    /// Under which licence it stands.
    #[schema(example = "Apache-2.0")]
    pub licence: String,
    /// Whether the operator changes it.
    pub editable: bool,
    /// How many rows it has.
    #[schema(minimum = 0)]
    pub rows: usize,
    /// Where to read it.
    #[schema(example = "/v1/reference/sectors")]
    pub href: String,
}

/// All reference tables.
#[derive(Serialize, ToSchema)]
pub struct TableIndex {
    /// The version of what is shipped.
    #[schema(example = "2026-11-22")]
    pub version: String,
    /// The tables.
    pub data: Vec<TableSummary>,
}

/// A column of a reference table.
#[derive(Serialize, ToSchema)]
pub struct ColumnView {
    /// The name of the member in each row.
    #[schema(example = "code")]
    pub name: String,
    /// What it says.
    #[schema(example = "The code.")]
    pub about: String,
    /// Text, code, integer, boolean, date, decimal (as text) or ppm (millionths).
    #[schema(example = "code")]
    pub kind: &'static str,
    /// Whether a row may lack it.
    pub optional: bool,
    /// Whether it holds several values.
    pub list: bool,
    /// The table whose codes it holds.
    pub refers_to: Option<String>,
}

/// A reference table with its rows.
#[derive(Serialize, ToSchema)]
pub struct TableView {
    /// The name, as in the path.
    #[schema(example = "sectors")]
    pub name: String,
    /// The name in English.
    #[schema(example = "Sectors")]
    pub label: String,
    /// What the table holds.
    pub about: String,
    /// The version of the content.
    #[schema(example = "1")]
    pub version: String,
    /// Where the content comes from.
    pub source: String,
    /// Under which licence it stands.
    #[schema(example = "Apache-2.0")]
    pub licence: String,
    /// Whether the operator changes it.
    pub editable: bool,
    /// The columns.
    pub columns: Vec<ColumnView>,
    /// The rows; a member that is absent is unknown.
    #[schema(value_type = Vec<Object>)]
    pub data: Vec<Map<String, Json>>,
}

impl TableIndex {
    /// The shipped tables.
    pub fn new(catalogue: &Catalogue) -> Self {
        let data = catalogue.tables().map(|(_, table)| TableSummary::new(table)).collect();
        Self { version: catalogue.version().to_owned(), data }
    }
}

impl TableSummary {
    fn new(table: &Table) -> Self {
        let meta = table.meta.clone();
        Self {
            href: format!("/v1/reference/{}", meta.name),
            name: meta.name,
            label: meta.label,
            about: meta.about,
            version: meta.version,
            source: meta.source,
            licence: meta.licence,
            editable: meta.editable,
            rows: table.rows.len(),
        }
    }
}

impl TableView {
    /// A table as it ships.
    pub fn shipped(table: &Table) -> Self {
        let meta = table.meta.clone();
        let columns = meta.columns.into_iter().map(|c| ColumnView {
            name: c.name,
            about: c.about,
            kind: kind(c.kind),
            optional: c.optional,
            list: c.list,
            refers_to: c.refers_to,
        });
        Self {
            columns: columns.collect(),
            name: meta.name,
            label: meta.label,
            about: meta.about,
            version: meta.version,
            source: meta.source,
            licence: meta.licence,
            editable: meta.editable,
            data: table.iter().map(object).collect(),
        }
    }
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "text",
        Kind::Code => "code",
        Kind::Integer => "integer",
        Kind::Boolean => "boolean",
        Kind::Date => "date",
        Kind::Decimal => "decimal",
        Kind::Ppm => "ppm",
    }
}

fn object(row: Row<'_>) -> Map<String, Json> {
    let json = |value: &Value| match value {
        Value::Absent => None,
        Value::Text(text) => Some(Json::from(text.as_str())),
        Value::Integer(n) => Some(Json::from(*n)),
        Value::Boolean(yes) => Some(Json::from(*yes)),
        Value::List(list) => Some(Json::from(list.clone())),
    };
    row.cells().filter_map(|(column, value)| Some((column.name.clone(), json(value)?))).collect()
}

/// The rate of a currency from a day on.
#[derive(Serialize, ToSchema)]
pub struct RateView {
    /// The currency.
    pub currency: Currency,
    /// The day from which it holds.
    pub on: Day,
    /// US dollars for one unit, as a decimal number.
    #[schema(example = "1.0842")]
    pub usd_per_unit: String,
    /// `example` for shipped rows, `imported` for the operator's.
    #[schema(example = "imported")]
    pub status: &'static str,
    /// The revision of this day's rate.
    #[schema(minimum = 1)]
    pub revision: i32,
}

impl RateView {
    /// A rate as it stands.
    pub fn new(rate: &DatedRate) -> Self {
        Self {
            currency: rate.currency,
            on: rate.on,
            usd_per_unit: rate.rate.to_string(),
            status: rate.status.as_str(),
            revision: rate.revision,
        }
    }
}

/// A corridor: the ordered pair of a startup's home and a market. Values are ppm; an absent one is unknown.
#[derive(Serialize, ToSchema)]
pub struct CorridorView {
    /// Where the startup comes from.
    pub home: CountryCode,
    /// Where it wants to go.
    pub market: CountryCode,
    /// How well products of the home may be approved and sold.
    #[schema(minimum = 0, maximum = 1_000_000, example = 350_000)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub regulation: Option<u32>,
    /// How well rights can be enforced.
    #[schema(minimum = 0, maximum = 1_000_000, example = 300_000)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ip: Option<u32>,
    /// How far treaties help.
    #[schema(minimum = 0, maximum = 1_000_000, example = 800_000)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub treaty: Option<u32>,
    /// How near language and ways of working are.
    #[schema(minimum = 0, maximum = 1_000_000, example = 300_000)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub culture: Option<u32>,
    /// Cooperation models that work best here.
    pub favoured: Vec<CooperationModel>,
    /// Whether every match is gated.
    #[schema(example = false)]
    pub prohibited: bool,
    /// Sectors whose matches are gated.
    #[schema(example = json!([]))]
    pub prohibited_sectors: Vec<SectorCode>,
    /// Whose word it is.
    pub status: CorridorStatus,
    /// Why it says so.
    #[schema(example = "A customs union, but certification takes a year.")]
    pub reason: String,
    /// The revision; 0 when nothing is said.
    #[schema(minimum = 0)]
    pub revision: i32,
}

impl CorridorView {
    /// A corridor as it stands.
    pub fn new(corridor: &Corridor) -> Self {
        let Corridor { pair, terms, status, revision } = corridor.clone();
        Self {
            home: pair.home,
            market: pair.market,
            regulation: terms.regulation,
            ip: terms.ip,
            treaty: terms.treaty,
            culture: terms.culture,
            favoured: terms.favoured,
            prohibited: terms.prohibited,
            prohibited_sectors: terms.prohibited_sectors,
            status,
            reason: terms.reason,
            revision,
        }
    }
}

/// A revision of a corridor.
#[derive(Serialize, ToSchema)]
pub struct CorridorRevisionView {
    /// What was said.
    pub corridor: CorridorView,
    /// When it was said.
    pub revised_at: Timestamp,
}

impl CorridorRevisionView {
    /// A revision as it stands.
    pub fn new(revision: &CorridorRevision) -> Self {
        Self { corridor: CorridorView::new(&revision.corridor), revised_at: revision.at }
    }
}

/// What an admin says of a corridor. A value that is left out is unknown.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorridorInput {
    /// How well products of the home may be approved and sold, in ppm.
    #[schema(minimum = 0, maximum = 1_000_000, example = 350_000)]
    regulation: Option<u32>,
    /// How well rights can be enforced, in ppm.
    #[schema(minimum = 0, maximum = 1_000_000, example = 300_000)]
    ip: Option<u32>,
    /// How far treaties help, in ppm.
    #[schema(minimum = 0, maximum = 1_000_000, example = 800_000)]
    treaty: Option<u32>,
    /// How near language and ways of working are, in ppm.
    #[schema(minimum = 0, maximum = 1_000_000, example = 300_000)]
    culture: Option<u32>,
    /// Cooperation models that work best here.
    #[serde(default)]
    #[schema(max_items = 8)]
    favoured: Vec<CooperationModel>,
    /// Whether every match is gated. Sanctions and export control are yours to judge.
    #[serde(default)]
    #[schema(example = false)]
    prohibited: bool,
    /// Sectors whose matches are gated; a parent gates only startups that name the parent.
    #[serde(default)]
    #[schema(max_items = 255, example = json!([]))]
    prohibited_sectors: Vec<SectorCode>,
    /// Why, for whoever reads it later.
    #[schema(min_length = 1, max_length = 500, example = "A customs union, but certification takes a year.")]
    reason: String,
}

impl CorridorInput {
    /// What is said, or which fields are wrong.
    pub fn parse(self) -> Result<Terms> {
        let reason = text::line(&self.reason, 500)
            .map_err(|e| Error::field("/reason", e.code(), format!("the reason {e}")))?;
        let Self {
            regulation, ip, treaty, culture, mut favoured, prohibited, mut prohibited_sectors, ..
        } = self;
        favoured.sort();
        favoured.dedup();
        prohibited_sectors.sort();
        prohibited_sectors.dedup();
        Ok(Terms { regulation, ip, treaty, culture, favoured, prohibited, prohibited_sectors, reason })
    }
}

macro_rules! visible {
    ($name:ident, $class:ident: $($field:literal)*) => {
        impl Visible for $name {
            const FIELDS: &'static [(&'static str, Class)] = &[$(($field, Class::$class),)*];
        }
    };
}

visible!(TableIndex, Public: "version" "data");
visible!(TableView, Public: "name" "label" "about" "version" "source" "licence" "editable" "columns" "data");
visible!(CorridorView, Public: "home" "market" "regulation" "ip" "treaty" "culture" "favoured" "prohibited"
    "prohibited_sectors" "status" "reason" "revision");
visible!(RateView, Public: "currency" "on" "usd_per_unit" "status" "revision");
visible!(CorridorRevisionView, Organisation: "corridor" "revised_at");
