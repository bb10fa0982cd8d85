//! Counting the next world tables from what investors have recorded.
//!
//! Invariant: changes nothing that scores use; see [`mod@super::activate`]. Read next: [`crate::matching::engine`].

use super::model::{WorldTables, WorldVersion};
use super::store;
use crate::db::Conn;
use crate::events::{self, Act, Event, Kind, Subject};
use crate::kernel::{
    error::{Error, Result},
    ids::WorldId,
};
use crate::matching::{engine, intake};
use crate::reference::Catalogue;

/// Makes the next version, a draft, from the portfolios of all investors. Emits `world.rebuilt`.
pub fn rebuild(conn: &mut Conn, act: &Act, catalogue: &Catalogue) -> Result<WorldVersion> {
    let portfolios = intake::portfolios(conn, catalogue, act.at.day())?;
    let counted = engine::rebuild(portfolios.iter().map(|(home, deals)| (*home, deals.as_slice())));
    let tables = WorldTables { flows: counted.flows, base: counted.base };
    let id = WorldId::new(act.at);
    let number = store::insert(conn, id, &tables, counted.deals, act.at)?;
    events::emit(
        conn,
        act,
        Event::new(Kind::WorldRebuilt, Subject::new(id, number)).with("deals", counted.deals),
    )?;
    store::find(conn, id)?.ok_or_else(|| Error::internal("a world that was just made is gone"))
}
