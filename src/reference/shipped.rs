//! The tables that are built into the binary, one line each.
//!
//! Invariant: the list here, the files of `seeds/reference/` and `index.json` name the same tables (a test compares them).
//! Read next: `parse.rs`.

use serde::Deserialize;
use std::{collections::BTreeMap, sync::LazyLock};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};

macro_rules! tables {
    ($($(#[doc = $doc:literal])* $name:ident => $word:literal;)*) => {
        /// The name of a table of reference data.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
        pub enum TableName { $($(#[doc = $doc])* #[serde(rename = $word)] $name,)* }

        impl TableName {
            /// Every table.
            pub const ALL: &'static [TableName] = &[$(TableName::$name,)*];

            /// The name on the wire and of the file.
            pub fn as_str(self) -> &'static str {
                match self { $(TableName::$name => $word,)* }
            }

            /// The shipped file.
            pub fn shipped(self) -> &'static str {
                match self {
                    $(TableName::$name => include_str!(concat!("../../seeds/reference/", $word, ".csv")),)*
                }
            }
        }
    };
}

impl utoipa::PartialSchema for TableName {
    fn schema() -> RefOr<Schema> {
        let names = Self::ALL.iter().map(|name| name.as_str());
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("The name of a table of reference data."))
            .enum_values(Some(names))
            .into()
    }
}

impl utoipa::ToSchema for TableName {
    fn name() -> std::borrow::Cow<'static, str> {
        "TableName".into()
    }
}

/// The shipped `index.json`.
pub const INDEX: &str = include_str!("../../seeds/reference/index.json");

tables! {
    /// ISO 3166-1.
    Countries => "countries";
    /// UN M49.
    Regions => "regions";
    /// Unions, agreements and groups of states.
    Blocs => "blocs";
    /// Who belongs to a bloc, and when.
    BlocMembers => "bloc-members";
    /// ISO 4217.
    Currencies => "currencies";
    /// US dollars per unit, dated.
    ExchangeRates => "exchange-rates";
    /// BCP 47.
    Languages => "languages";
    /// IANA zones.
    TimeZones => "time-zones";
    /// Parents and leaves.
    Sectors => "sectors";
    /// ISIC Rev. 4.
    IsicDivisions => "isic-divisions";
    /// Fields of technology.
    TechnologyFamilies => "technology-families";
    /// Tags of profiles and theses.
    Technologies => "technologies";
    /// How far a startup is.
    Stages => "stages";
    /// What is being raised.
    Rounds => "rounds";
    /// The modes of the score.
    CooperationModels => "cooperation-models";
    /// How money or rights change hands.
    Instruments => "instruments";
    /// Needs and offers other than money.
    Needs => "needs";
    /// What speaks for a startup in a country.
    ReferenceKinds => "reference-kinds";
    /// Approval in a market.
    RegulatoryLevels => "regulatory-levels";
    /// Protection in a market.
    IpLevels => "ip-levels";
    /// Who invests.
    InvestorKinds => "investor-kinds";
    /// Export programmes.
    AcceleratorStatuses => "accelerator-statuses";
    /// Annual revenue.
    RevenueBands => "revenue-bands";
    /// The six scales of readiness.
    IrlScales => "irl-scales";
    /// The levels of the scales.
    IrlLevels => "irl-levels";
    /// Ordered pairs of home and market.
    Corridors => "corridors";
}

static CODES: LazyLock<BTreeMap<TableName, Vec<String>>> =
    LazyLock::new(|| TableName::ALL.iter().map(|name| (*name, first_column(name.shipped()))).collect());

fn first_column(text: &str) -> Vec<String> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let keyed = reader.headers().is_ok_and(|h| h.get(0) == Some("code"));
    let records = reader.records().filter(|_| keyed).flatten();
    records.filter_map(|r| r.get(0).map(str::to_owned)).collect()
}

/// The codes of a shipped table, in its order; none for a table whose rows are told apart otherwise.
pub(super) fn codes(name: TableName) -> &'static [String] {
    CODES.get(&name).map_or(&[], Vec::as_slice)
}
