//! `springboard world`.
//!
//! Invariant: a rebuild changes no score until its version is activated. Read next: [`crate::matching::worlds`].

use super::{Failure, existing, say::say};
use crate::db::Target;
use crate::events::Act;
use crate::kernel::{ids::WorldId, time::Clock};
use crate::matching::worlds::{self, WorldVersion};
use crate::reference::Catalogue;
use clap::Subcommand;

/// What to do with the world tables.
#[derive(Subcommand)]
pub enum Options {
    /// Count the next tables from the portfolios of investors that take part; a draft that no score uses yet
    Rebuild,
    /// Put a version to use
    Activate {
        /// The version, as wld_…
        id: WorldId,
    },
    /// List every version, newest first
    List,
}

/// Runs the command.
pub fn run(target: &Target, options: &Options) -> Result<(), Failure> {
    let db = existing(target)?;
    let now = Clock::System.now();
    match options {
        Options::Rebuild => {
            let catalogue = Catalogue::shipped().map_err(|e| Failure::Runtime(e.to_string()))?;
            let act = Act::system(now, "world rebuild");
            show(&db.write_now(move |conn| worlds::rebuild(conn, &act, &catalogue))?);
        }
        Options::Activate { id } => {
            let (id, act) = (*id, Act::system(now, "world activate"));
            show(&db.write_now(move |conn| worlds::activate(conn, &act, id))?);
        }
        Options::List => {
            db.read_now(|conn| worlds::newest(conn, i64::MAX, usize::MAX))?.iter().for_each(show);
        }
    }
    Ok(())
}

fn show(world: &WorldVersion) {
    say!("{} {} made {} from {} deals", world.id, world.state.as_str(), world.created_at, world.deals);
}
