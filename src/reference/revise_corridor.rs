//! An operator says something about a corridor.
//!
//! Invariant: a revision is added to the one that the operator read, or nothing happens; none is ever changed.
//! Read next: `api.rs`.

use super::corridor::{Corridor, CorridorStatus, Pair, Terms};
use super::store;
use crate::db::{Conn, violates};
use crate::events::{self, Act, Event, Kind, Subject};
use crate::kernel::error::Result;

/// What is said of a corridor now; revision 0 when nothing is.
pub fn corridor(conn: &mut Conn, pair: Pair) -> Result<Corridor> {
    let newest = store::corridor_revisions(conn, pair, i32::MAX, 1)?.pop();
    let unstated = Corridor { pair, terms: Terms::default(), status: CorridorStatus::Unstated, revision: 0 };
    Ok(newest.map_or(unstated, |r| r.corridor))
}

/// Makes `terms` the next revision of a corridor. Saying the same again changes nothing.
///
/// `demand` is given the current revision and refuses if the operator read another one. Emits `corridor.revised`.
pub fn revise_corridor(
    conn: &mut Conn,
    act: &Act,
    pair: Pair,
    terms: Terms,
    demand: impl Fn(i64) -> Result<()>,
) -> Result<Corridor> {
    let current = corridor(conn, pair)?;
    demand(i64::from(current.revision))?;
    let next = Corridor { pair, terms, status: CorridorStatus::Stated, revision: current.revision + 1 };
    if (&next.terms, next.status) == (&current.terms, current.status) {
        return Ok(current);
    }
    let event = Event::new(Kind::CorridorRevised, Subject::new(pair, 0))
        .with("revision", next.revision)
        .with("prohibited", next.terms.prohibited)
        .with("changed", changed(&current.terms, &next.terms));
    let revision = events::emit(conn, act, event)?;
    match store::add_corridor(conn, &next, revision, act.at) {
        Err(e) if violates(&e, "corridor_revisions", "") => demand(i64::from(next.revision)).and(Err(e)),
        other => other.map(|()| next),
    }
}

fn changed(before: &Terms, after: &Terms) -> Vec<&'static str> {
    let fields = [
        ("regulation", before.regulation != after.regulation),
        ("ip", before.ip != after.ip),
        ("treaty", before.treaty != after.treaty),
        ("culture", before.culture != after.culture),
        ("favoured", before.favoured != after.favoured),
        ("prohibited", before.prohibited != after.prohibited),
        ("prohibited_sectors", before.prohibited_sectors != after.prohibited_sectors),
        ("reason", before.reason != after.reason),
    ];
    fields.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect()
}
