//! The reference data that ships with the binary, read once: all tables, and typed views of those that rules use.
//!
//! Invariant: every reference between tables holds, so a look-up by a code that came out of a table succeeds.
//! Read next: `mod.rs` for what other features may call.

use super::codes::CountryCode;
use super::corridor::Corridor;
use super::model::{Index, Meta, Row, Table};
use super::parse::{self, DataError, Line};
use super::rates::{DatedRate, RateStatus};
use super::shipped::{INDEX, TableName};
use crate::kernel::{money::Currency, time::Day};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A currency, as far as amounts need it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CurrencyFacts {
    /// Decimal digits of the minor unit.
    pub minor_units: u8,
    /// Whether it can be used for new amounts.
    pub active: bool,
}

/// A sector, as far as profiles and scoring need it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SectorFacts<'a> {
    /// The parent of a leaf; nothing for a parent.
    pub parent: Option<&'a str>,
    /// The name in English.
    pub label: &'a str,
    /// Whether the readiness of this sector is scored with the regulated mix.
    pub regulated: bool,
}

/// All shipped tables.
#[derive(Debug)]
pub struct Catalogue {
    version: String,
    tables: BTreeMap<TableName, Table>,
    order: Vec<TableName>,
    currencies: HashMap<Currency, CurrencyFacts>,
}

struct Read {
    name: TableName,
    table: Table,
    lines: Vec<Line>,
}

fn file(name: TableName) -> String {
    format!("{}.csv", name.as_str())
}

fn read(meta: &Meta) -> Result<Read, DataError> {
    let unknown = || DataError::new("index.json", 1, format!("{} is not built in", meta.name));
    let name = *TableName::ALL.iter().find(|t| t.as_str() == meta.name).ok_or_else(unknown)?;
    let (lines, errors) = parse::lines(meta, &file(name), name.shipped());
    if let Some(error) = errors.into_iter().next() {
        return Err(error);
    }
    let rows = lines.iter().map(|l| l.cells.clone()).collect();
    Ok(Read { name, table: Table::new(meta.clone(), rows), lines })
}

impl Catalogue {
    /// Reads and checks everything that is built in.
    pub fn shipped() -> Result<Self, DataError> {
        let Index { version, tables: metas } = parse::index(INDEX)?;
        let read: Vec<Read> = metas.iter().map(read).collect::<Result<_, _>>()?;
        let by_name: HashMap<&str, &Table> = read.iter().map(|r| (r.name.as_str(), &r.table)).collect();
        if let Some(missing) = TableName::ALL.iter().find(|t| !by_name.contains_key(t.as_str())) {
            return Err(DataError::new("index.json", 1, format!("{} is not described", missing.as_str())));
        }
        for one in &read {
            parse::check_references(&file(one.name), &one.table, &one.lines, &by_name)?;
        }
        let order = read.iter().map(|r| r.name).collect();
        let tables = read.into_iter().map(|r| (r.name, r.table)).collect();
        let mut catalogue = Self { version, tables, order, currencies: HashMap::new() };
        catalogue.currencies = catalogue.table(TableName::Currencies).iter().filter_map(currency).collect();
        Ok(catalogue)
    }

    /// The version of the whole.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// All tables, in reading order.
    pub fn tables(&self) -> impl Iterator<Item = (TableName, &Table)> {
        self.order.iter().map(|name| (*name, self.table(*name)))
    }

    /// One table.
    pub fn table(&self, name: TableName) -> &Table {
        &self.tables[&name]
    }

    /// Whether a table has a row of this code.
    pub fn has(&self, name: TableName, code: &str) -> bool {
        self.table(name).has(code)
    }

    /// All codes of a table, in its order.
    pub fn codes(&self, name: TableName) -> impl Iterator<Item = &str> {
        self.table(name).codes()
    }

    /// The name in English of a code.
    pub fn label(&self, name: TableName, code: &str) -> Option<&str> {
        self.table(name).find(code).map(|row| row.text("label"))
    }

    /// The number that a stage or a round is scored by; nothing for a reserved one.
    pub fn number(&self, name: TableName, code: &str) -> Option<u8> {
        let row = self.table(name).find(code).filter(|row| row.text("status") != "reserved")?;
        u8::try_from(row.integer("number")).ok()
    }

    /// All countries, sorted.
    pub fn countries(&self) -> impl Iterator<Item = CountryCode> {
        self.codes(TableName::Countries).filter_map(|c| c.parse().ok())
    }

    /// The M49 sub-region of a country, the region of scoring; nothing for Antarctica.
    pub fn region(&self, country: CountryCode) -> Option<&str> {
        self.table(TableName::Countries).find(country.as_str())?.optional("sub_region")
    }

    /// What is known of a currency; nothing when there is none of that code.
    pub fn currency(&self, code: Currency) -> Option<CurrencyFacts> {
        self.currencies.get(&code).copied()
    }

    /// What is known of a sector; nothing when there is none of that code.
    pub fn sector(&self, code: &str) -> Option<SectorFacts<'_>> {
        let sectors = self.table(TableName::Sectors);
        let row = sectors.find(code)?;
        let parent = row.optional("parent");
        let top = parent.and_then(|p| sectors.find(p)).unwrap_or(row);
        Some(SectorFacts { parent, label: row.text("label"), regulated: top.boolean("regulated") })
    }

    /// Whether a code is a leaf of the sectors.
    pub fn is_leaf(&self, code: &str) -> bool {
        self.sector(code).is_some_and(|s| s.parent.is_some())
    }

    /// The parents whose readiness is scored with the regulated mix, in the order of the table.
    pub fn regulated(&self) -> impl Iterator<Item = &str> {
        let rows = self.table(TableName::Sectors).iter();
        rows.filter(|r| r.boolean("regulated")).map(|r| r.text("code"))
    }

    /// Minutes east of UTC of an IANA zone without summer time; nothing when there is none of that name.
    pub fn zone_offset(&self, zone: &str) -> Option<i32> {
        let row = self.table(TableName::TimeZones).find(zone)?;
        i32::try_from(row.integer("standard_offset_minutes")).ok()
    }

    /// The canonical name of an IANA zone; nothing when there is none of that name.
    pub fn canonical_zone(&self, zone: &str) -> Option<&str> {
        let row = self.table(TableName::TimeZones).find(zone)?;
        Some(row.optional("alias_of").unwrap_or(row.text("code")))
    }

    /// The primary language of a tag, as `zh` of `zh-Hans`; nothing when the tag is not in the table.
    pub fn primary_language(&self, tag: &str) -> Option<&str> {
        let row = self.table(TableName::Languages).find(tag)?;
        Some(row.optional("primary").unwrap_or(row.text("code")))
    }

    /// The members of a bloc on a day, sorted.
    pub fn members(&self, bloc: &str, on: Day) -> BTreeSet<CountryCode> {
        let day = on.to_string();
        let rows = self.table(TableName::BlocMembers).iter().filter(|r| r.text("bloc") == bloc);
        let lasting = |r: &Row<'_>| {
            r.text("from") <= day.as_str() && r.optional("until").is_none_or(|u| day.as_str() <= u)
        };
        rows.filter(lasting).filter_map(|r| r.text("country").parse().ok()).collect()
    }

    /// The shipped corridors, as first revisions.
    pub fn shipped_corridors(&self) -> impl Iterator<Item = Corridor> {
        self.table(TableName::Corridors).iter().filter_map(Corridor::from_row)
    }

    /// The shipped example rates, as first revisions.
    pub fn shipped_rates(&self) -> impl Iterator<Item = DatedRate> {
        self.table(TableName::ExchangeRates).iter().filter_map(example)
    }
}

fn currency(row: Row<'_>) -> Option<(Currency, CurrencyFacts)> {
    let minor_units = u8::try_from(row.integer("minor_units")).ok()?;
    let facts = CurrencyFacts { minor_units, active: row.text("status") == "active" };
    Some((row.text("code").parse().ok()?, facts))
}

fn example(row: Row<'_>) -> Option<DatedRate> {
    Some(DatedRate {
        currency: row.text("currency").parse().ok()?,
        on: row.text("on").parse().ok()?,
        rate: row.text("usd_per_unit").parse().ok()?,
        status: RateStatus::Example,
        revision: 1,
    })
}
