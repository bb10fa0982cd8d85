//! Counting the next world tables from what investors have recorded.
//!
//! Invariant: changes nothing that scores use; see [`mod@super::activate`]. Read next: [`crate::engine`].

use super::model::{WorldTables, WorldVersion};
use super::store;
use crate::db::Conn;
use crate::engine;
use crate::events::{self, Act, Event, Kind, Subject};
use crate::kernel::{
    error::{Error, Result},
    ids::WorldId,
    time::Day,
};
use crate::matching::replica::inputs;
use crate::reference::Catalogue;

/// What was counted.
pub struct Counted {
    tables: WorldTables,
    deals: u64,
}

/// Counts the portfolios of all investors that take part; needs no transaction that writes.
pub fn count(conn: &mut Conn, catalogue: &Catalogue, as_of: Day) -> Result<Counted> {
    let portfolios = inputs::portfolios(conn, catalogue, as_of)?;
    let counted = engine::rebuild(portfolios.iter().map(|(home, deals)| (*home, deals.as_slice())));
    Ok(Counted { tables: WorldTables { flows: counted.flows, base: counted.base }, deals: counted.deals })
}

/// Keeps what was counted as the next version, a draft. Emits `world.rebuilt`.
pub fn keep(conn: &mut Conn, act: &Act, counted: &Counted) -> Result<WorldVersion> {
    let id = WorldId::new(act.at);
    let number = store::insert(conn, id, &counted.tables, counted.deals, act.at)?;
    events::emit(
        conn,
        act,
        Event::new(Kind::WorldRebuilt, Subject::new(id, number)).with("deals", counted.deals),
    )?;
    store::find(conn, id)?.ok_or_else(|| Error::internal("a world that was just made is gone"))
}

/// Counts and keeps in one transaction: for the command line and the demo world.
pub fn rebuild(conn: &mut Conn, act: &Act, catalogue: &Catalogue) -> Result<WorldVersion> {
    let counted = count(conn, catalogue, act.at.day())?;
    keep(conn, act, &counted)
}
