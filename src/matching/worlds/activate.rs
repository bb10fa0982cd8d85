//! Putting a version of the world tables to use.
//!
//! Invariant: the version that was active before retires in the same transaction; of two activations at once one is
//! refused. Read next: `crate::matching::replica::follow`.

use super::model::{WorldState, WorldVersion};
use super::store;
use crate::db::{Conn, violates};
use crate::events::{self, Act, Event, Kind, Subject};
use crate::kernel::{
    error::{Error, Result},
    ids::WorldId,
};

/// Puts a version to use. Emits `world.activated`; refuses with `not_found`, or `invalid_state` for the active one.
pub fn activate(conn: &mut Conn, act: &Act, id: WorldId) -> Result<WorldVersion> {
    let world = store::find(conn, id)?.ok_or_else(Error::not_found)?;
    if world.state == WorldState::Active {
        return Err(Error::state(
            world.state.as_str(),
            &["draft", "retired"],
            "these tables are in use already",
        ));
    }
    store::retire(conn)?;
    let overtaken =
        || Error::state("active", &["draft", "retired"], "somebody else has just activated tables");
    let put_to_use = store::put_to_use(conn, &world, act.at);
    if !put_to_use.map_err(|e| if violates(&e, "worlds", "state") { overtaken().because(e) } else { e })? {
        return Err(overtaken());
    }
    events::emit(conn, act, Event::new(Kind::WorldActivated, Subject::new(world.id, world.number)))?;
    store::find(conn, id)?.ok_or_else(|| Error::internal("a world that was just activated is gone"))
}
