//! Converting anew the amounts that profiles are found by: after rates were imported, and when one begins to hold.
//!
//! Invariant: what is computed while nobody waits is written only where it differs and only while the facts are those it
//! was computed from; no revision and no version changes with it. Read next: [`super::browse`].

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
    dollars: Dollars,
}

/// Converts the amounts of all profiles at the rates of that day, and returns how many profiles had others.
pub fn reprice(db: &Db, catalogue: &Catalogue, today: Day) -> Result<usize> {
    let changes = db.read_now(|conn| {
        let rates = reference::rates(conn)?;
        let mut changes = outdated::<Startups>(conn, catalogue, &rates, today)?;
        changes.extend(outdated::<Investors>(conn, catalogue, &rates, today)?);
        Ok(changes)
    })?;
    for rows in changes.chunks(WRITTEN) {
        let rows = rows.to_vec();
        db.write_now(move |conn| {
            rows.iter().try_for_each(|c| store::set_dollars(conn, c.number, c.revision, c.dollars))
        })?;
    }
    Ok(changes.len())
}

fn outdated<K: Kind>(
    conn: &mut Conn,
    catalogue: &Catalogue,
    rates: &Rates,
    today: Day,
) -> Result<Vec<Change>> {
    let mut changes = Vec::new();
    for numbers in store::numbers::<K>(conn)?.chunks(READ) {
        let written = store::dollars(conn, numbers)?;
        for profile in store::load::<K>(conn, numbers)? {
            let dollars = profile.facts.index(catalogue).dollars(|money| {
                let facts = catalogue.currency(money.currency);
                Ok(facts.and_then(|facts| rates.usd_floor(money, facts.minor_units, today)))
            })?;
            if written.get(&profile.number) != Some(&dollars) {
                changes.push(Change { number: profile.number, revision: profile.revision, dollars });
            }
        }
    }
    Ok(changes)
}
