//! Converting anew the amounts that profiles are found by: after rates were imported, and when one begins to hold.
//!
//! Invariant: what is computed while nobody waits is written only where it differs and only while the facts are those it
//! was computed from and no other has converted them meanwhile; no revision and no version changes with it. Read next: [`super::browse`].

use super::kind::{Indexed, Investors, Kind, Startups};
use super::store::{self, Dollars};
use crate::db::{Conn, Db};
use crate::kernel::{error::Result, time::Day};
use crate::reference::{self, Catalogue, Rates};

/// Profiles that are read at once.
const READ: usize = 1_000;
/// Rows that are written in one transaction.
const WRITTEN: usize = 200;

/// Amounts that are to replace those of a profile at that revision of its facts.
#[derive(Clone, Copy)]
struct Change {
    number: i64,
    revision: i64,
    was: Option<Dollars>,
    dollars: Dollars,
}

/// Converts the amounts of all profiles at the rates of that day, and returns how many profiles had others.
pub fn reprice(db: &Db, catalogue: &Catalogue, today: Day) -> Result<usize> {
    Ok(reprice_kind::<Startups>(db, catalogue, today)? + reprice_kind::<Investors>(db, catalogue, today)?)
}

fn reprice_kind<K: Kind>(db: &Db, catalogue: &Catalogue, today: Day) -> Result<usize> {
    let mut repriced = 0;
    for numbers in db.read_now(store::numbers::<K>)?.chunks(READ) {
        let changes = db.read_now(|conn| {
            let rates = reference::rates(conn)?;
            outdated::<K>(conn, catalogue, &rates, today, numbers)
        })?;
        repriced += changes.len();
        for rows in changes.chunks(WRITTEN) {
            let rows = rows.to_vec();
            db.write_now(move |conn| rows.iter().try_for_each(|c| write(conn, c)))?;
        }
    }
    Ok(repriced)
}

fn write(conn: &mut Conn, change: &Change) -> Result<()> {
    let was = change.was.unwrap_or_default();
    store::replace_dollars(conn, change.number, change.revision, (was, change.dollars))
}

fn outdated<K: Kind>(
    conn: &mut Conn,
    catalogue: &Catalogue,
    rates: &Rates,
    today: Day,
    numbers: &[i64],
) -> Result<Vec<Change>> {
    let (mut changes, written) = (Vec::new(), store::dollars(conn, numbers)?);
    for profile in store::load::<K>(conn, numbers)? {
        let dollars = profile.facts.index(catalogue).dollars(|money| {
            let facts = catalogue.currency(money.currency);
            Ok(facts.and_then(|facts| rates.usd_floor(money, facts.minor_units, today)))
        })?;
        let was = written.get(&profile.number).copied();
        if was != Some(dollars) {
            changes.push(Change { number: profile.number, revision: profile.revision, was, dollars });
        }
    }
    Ok(changes)
}
