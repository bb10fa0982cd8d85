//! An operator brings exchange rates.
//!
//! Invariant: a file is taken whole or not at all; importing it again changes nothing.
//! Read next: `rates.rs`, which rate counts.

use super::catalogue::Catalogue;
use super::parse::{self, DataError, Line};
use super::rates::{DatedRate, RateStatus, Rates, UsdRate};
use super::shipped::TableName;
use super::store;
use crate::db::Conn;
use crate::events::{self, Act, Event, Kind, Subject};
use crate::kernel::{
    error::Result,
    money::{Currency, Money},
    time::Day,
};
use std::collections::BTreeSet;

/// A rate of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewRate {
    /// The currency.
    pub currency: Currency,
    /// The day from which it holds.
    pub on: Day,
    /// US dollars for one unit.
    pub rate: UsdRate,
}

/// What an import did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Imported {
    /// Rates that are new or have another value than before.
    pub changed: usize,
    /// Rates that were known already.
    pub unchanged: usize,
}

/// Reads a CSV file with the header `currency,on,usd_per_unit`, or says everything that is wrong with it.
pub fn parse_rates(catalogue: &Catalogue, file: &str, text: &str) -> Result<Vec<NewRate>, Vec<DataError>> {
    let mut meta = catalogue.table(TableName::ExchangeRates).meta.clone();
    meta.columns.retain(|c| c.name != "status");
    let (lines, mut errors) = parse::lines(&meta, file, text);
    let mut rates = Vec::new();
    for line in lines {
        match new_rate(catalogue, &line) {
            Ok(rate) => rates.push(rate),
            Err(detail) => errors.push(DataError::new(file, line.number, detail)),
        }
    }
    errors.sort_by_key(|e| e.line);
    if rates.is_empty() && errors.is_empty() {
        errors.push(DataError::new(file, 1, "there is no rate in the file"));
    }
    if errors.is_empty() { Ok(rates) } else { Err(errors) }
}

fn new_rate(catalogue: &Catalogue, line: &Line) -> Result<NewRate, String> {
    let [currency, on, rate] = line.cells.as_slice() else { return Err("three cells are needed".to_owned()) };
    let unknown = || format!("currency: {} is not in use", currency.text());
    let code: Currency = currency.text().parse().map_err(|_| unknown())?;
    if code == Currency::USD {
        return Err("currency: a dollar is a dollar; leave USD out".to_owned());
    }
    if catalogue.currency(code).is_none() {
        return Err(unknown());
    }
    let on = on.text().parse().map_err(|e| format!("on: {e}"))?;
    let rate = rate.text().parse().map_err(|e| format!("usd_per_unit {e}"))?;
    Ok(NewRate { currency: code, on, rate })
}

/// Adds the rates that are not known yet, each as the next revision of its day.
///
/// Emits `rates.imported`, if anything changed.
pub fn import_rates(conn: &mut Conn, act: &Act, rates: &[NewRate]) -> Result<Imported> {
    let known = store::rates(conn)?;
    let next: Vec<DatedRate> = rates.iter().filter_map(|rate| next_revision(&known, rate)).collect();
    if !next.is_empty() {
        let currencies: BTreeSet<String> = next.iter().map(|r| r.currency.to_string()).collect();
        let event = Event::new(Kind::RatesImported, Subject::new("exchange-rates", 0))
            .with("rates", next.len())
            .with("currencies", currencies.into_iter().collect::<Vec<_>>());
        let revision = events::emit(conn, act, event)?;
        for rate in &next {
            store::add_rate(conn, rate, revision, act.at)?;
        }
    }
    Ok(Imported { changed: next.len(), unchanged: rates.len() - next.len() })
}

fn next_revision(known: &Rates, new: &NewRate) -> Option<DatedRate> {
    let NewRate { currency, on, rate } = *new;
    let before = known.on(currency, on);
    let same = before.is_some_and(|b| b.rate == rate && b.status == RateStatus::Imported);
    let revision = before.map_or(0, |b| b.revision) + 1;
    (!same).then_some(DatedRate { currency, on, rate, status: RateStatus::Imported, revision })
}

/// What money is worth in whole US dollars on a day, rounded down; nothing when no rate is known.
pub fn usd_floor(conn: &mut Conn, catalogue: &Catalogue, money: Money, as_of: Day) -> Result<Option<u64>> {
    let Some(facts) = catalogue.currency(money.currency) else { return Ok(None) };
    let rates = store::rates_of(conn, money.currency, as_of)?;
    Ok(rates.usd_floor(money, facts.minor_units, as_of))
}
