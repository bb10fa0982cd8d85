//! Rows of corridors and exchange rates.
//!
//! Invariant: rows are only added; what counts is the highest revision of a corridor, or of a currency's day.
//! Read next: `revise_corridor.rs` and `import_rates.rs`, the only writers beside `seed.rs`.

use super::corridor::{Corridor, CorridorRevision, Pair, Terms, codes};
use super::rates::{DatedRate, RateStatus, Rates};
use crate::db::Conn;
use crate::db::schema::{corridor_revisions, exchange_rates};
use crate::kernel::{
    error::{Error, Result},
    money::Currency,
    time::{Day, Timestamp},
};
use diesel::dsl::max;
use diesel::prelude::*;

#[derive(Queryable, Insertable)]
#[diesel(table_name = corridor_revisions)]
struct CorridorRow {
    home: String,
    market: String,
    revision: i32,
    regulation: Option<i32>,
    ip: Option<i32>,
    treaty: Option<i32>,
    culture: Option<i32>,
    favoured: String,
    prohibited: bool,
    prohibited_sectors: String,
    reason: String,
    status: String,
    event_id: i64,
    revised_at: i64,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = exchange_rates)]
struct RateRow {
    currency: String,
    day: i32,
    revision: i32,
    usd_per_unit: String,
    status: String,
    event_id: i64,
    recorded_at: i64,
}

fn unreadable(what: &str) -> Error {
    Error::internal(format!("a stored {what} cannot be read"))
}

fn words(list: &str) -> Vec<&str> {
    list.split(' ').filter(|w| !w.is_empty()).collect()
}

impl CorridorRow {
    fn new(corridor: &Corridor, event_id: i64, at: Timestamp) -> Self {
        let terms = &corridor.terms;
        let ppm = |value: Option<u32>| value.and_then(|v| i32::try_from(v).ok());
        let models: Vec<_> = terms.favoured.iter().map(|c| c.as_str()).collect();
        let sectors: Vec<_> = terms.prohibited_sectors.iter().map(|c| c.as_str()).collect();
        Self {
            home: corridor.pair.home.to_string(),
            market: corridor.pair.market.to_string(),
            revision: corridor.revision,
            regulation: ppm(terms.regulation),
            ip: ppm(terms.ip),
            treaty: ppm(terms.treaty),
            culture: ppm(terms.culture),
            favoured: models.join(" "),
            prohibited: terms.prohibited,
            prohibited_sectors: sectors.join(" "),
            reason: terms.reason.clone(),
            status: corridor.status.as_str().to_owned(),
            event_id,
            revised_at: at.micros(),
        }
    }

    fn parse(self) -> Result<CorridorRevision> {
        let wrong = || unreadable("corridor");
        let ppm = |value: Option<i32>| value.and_then(|v| u32::try_from(v).ok());
        let terms = Terms {
            regulation: ppm(self.regulation),
            ip: ppm(self.ip),
            treaty: ppm(self.treaty),
            culture: ppm(self.culture),
            favoured: codes(&words(&self.favoured)).ok_or_else(wrong)?,
            prohibited: self.prohibited,
            prohibited_sectors: codes(&words(&self.prohibited_sectors)).ok_or_else(wrong)?,
            reason: self.reason,
        };
        let pair = Pair {
            home: self.home.parse().map_err(|_| wrong())?,
            market: self.market.parse().map_err(|_| wrong())?,
        };
        let status = self.status.parse().map_err(|()| wrong())?;
        let corridor = Corridor { pair, terms, status, revision: self.revision };
        Ok(CorridorRevision { corridor, at: Timestamp::from_micros(self.revised_at) })
    }
}

impl RateRow {
    fn parse(self) -> Result<DatedRate> {
        let wrong = || unreadable("exchange rate");
        Ok(DatedRate {
            currency: self.currency.parse().map_err(|_| wrong())?,
            on: Day::from_number(self.day),
            rate: self.usd_per_unit.parse().map_err(|_| wrong())?,
            status: self.status.parse().map_err(|()| wrong())?,
            revision: self.revision,
        })
    }
}

/// Every corridor as it stands, by home and market.
pub fn corridors(conn: &mut Conn) -> Result<Vec<Corridor>> {
    use corridor_revisions::{home, market, revision};
    let rows: Vec<CorridorRow> = corridor_revisions::table.order((home, market, revision)).load(conn)?;
    let mut current: Vec<Corridor> = Vec::new();
    for row in rows {
        let corridor = row.parse()?.corridor;
        current.pop_if(|last| last.pair == corridor.pair);
        current.push(corridor);
    }
    Ok(current)
}

/// The revisions of a corridor below `before`, newest first, at most `limit`.
pub fn corridor_revisions(
    conn: &mut Conn,
    pair: Pair,
    before: i32,
    limit: usize,
) -> Result<Vec<CorridorRevision>> {
    let rows: Vec<CorridorRow> = corridor_revisions::table
        .filter(corridor_revisions::home.eq(pair.home.as_str()))
        .filter(corridor_revisions::market.eq(pair.market.as_str()))
        .filter(corridor_revisions::revision.lt(before))
        .order(corridor_revisions::revision.desc())
        .limit(limit as i64)
        .load(conn)?;
    rows.into_iter().map(CorridorRow::parse).collect()
}

/// Adds a revision of a corridor; a conflict if it is there already.
pub fn add_corridor(conn: &mut Conn, corridor: &Corridor, event_id: i64, at: Timestamp) -> Result<()> {
    let row = CorridorRow::new(corridor, event_id, at);
    diesel::insert_into(corridor_revisions::table).values(row).execute(conn)?;
    Ok(())
}

/// The event of the last change to any corridor; 0 when there is none.
pub fn corridors_version(conn: &mut Conn) -> Result<i64> {
    let last = corridor_revisions::table.select(max(corridor_revisions::event_id));
    Ok(last.first::<Option<i64>>(conn)?.unwrap_or(0))
}

/// All exchange rates in force.
pub fn rates(conn: &mut Conn) -> Result<Rates> {
    let rows: Vec<RateRow> = exchange_rates::table.load(conn)?;
    rows.into_iter().map(RateRow::parse).collect()
}

/// The rates of a currency that may count on a day: the latest imported one and the latest example.
pub fn rates_of(conn: &mut Conn, currency: Currency, as_of: Day) -> Result<Rates> {
    let mut found = Vec::new();
    for status in [RateStatus::Imported, RateStatus::Example] {
        let row: Option<RateRow> = exchange_rates::table
            .filter(exchange_rates::currency.eq(currency.as_str()))
            .filter(exchange_rates::day.le(as_of.number()))
            .filter(exchange_rates::status.eq(status.as_str()))
            .order((exchange_rates::day.desc(), exchange_rates::revision.desc()))
            .first(conn)
            .optional()?;
        found.extend(row.map(RateRow::parse).transpose()?);
    }
    Ok(found.into_iter().collect())
}

/// Adds a revision of a day's rate; a conflict if it is there already.
pub fn add_rate(conn: &mut Conn, rate: &DatedRate, event_id: i64, at: Timestamp) -> Result<()> {
    let row = RateRow {
        currency: rate.currency.to_string(),
        day: rate.on.number(),
        revision: rate.revision,
        usd_per_unit: rate.rate.to_string(),
        status: rate.status.as_str().to_owned(),
        event_id,
        recorded_at: at.micros(),
    };
    diesel::insert_into(exchange_rates::table).values(row).execute(conn)?;
    Ok(())
}

/// The event of the last change to any rate; 0 when there is none.
pub fn rates_version(conn: &mut Conn) -> Result<i64> {
    let last = exchange_rates::table.select(max(exchange_rates::event_id));
    Ok(last.first::<Option<i64>>(conn)?.unwrap_or(0))
}
