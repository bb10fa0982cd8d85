//! The first start: the shipped corridors and example rates become the operator's tables.
//!
//! Invariant: a table that holds anything is left alone, so an operator's rows are never mixed with newer shipped ones.
//! Read next: `revise_corridor.rs`.

use super::Catalogue;
use super::store;
use crate::db::Conn;
use crate::events::{self, Act, Event, Kind, Subject};
use crate::kernel::error::Result;

/// Fills the tables of corridors and exchange rates where they are empty.
///
/// Emits `corridor.revised` and `rates.imported`, each at most once in the life of a database.
pub fn seed(conn: &mut Conn, act: &Act, catalogue: &Catalogue) -> Result<()> {
    if store::corridors_version(conn)? == 0 {
        let event =
            Event::new(Kind::CorridorRevised, Subject::new("corridors", 0)).with("status", "illustrative");
        let revision = events::emit(conn, act, event)?;
        for corridor in catalogue.shipped_corridors() {
            store::add_corridor(conn, &corridor, revision, act.at)?;
        }
    }
    if store::rates_version(conn)? == 0 {
        let event =
            Event::new(Kind::RatesImported, Subject::new("exchange-rates", 0)).with("status", "example");
        let revision = events::emit(conn, act, event)?;
        for rate in catalogue.shipped_rates() {
            store::add_rate(conn, &rate, revision, act.at)?;
        }
    }
    Ok(())
}
