//! `springboard ranking`.
//!
//! Invariant: changes nothing, and makes no database; exit 0 says that every byte is the same. Read next:
//! [`crate::matching::rankings`].

use super::{Failure, existing, say::say};
use crate::db::Target;
use crate::identity::audience::of_commands;
use crate::kernel::{ids::RankingId, shown::Shown};
use crate::matching::rankings::{self, RankingReplay};
use crate::reference::Catalogue;
use clap::Subcommand;

/// What to do with saved rankings.
#[derive(Subcommand)]
pub enum Options {
    /// Score a saved ranking again from what is retained, and compare it with what was listed
    #[command(
        after_help = "Prints one JSON object: equal, the rows with every line of their scores, missing (which inputs \
        were erased) and differences.\nExit code 0 if every byte is the same, 1 otherwise.\n\n    \
        springboard ranking replay rnk_01jdc1s8000000000000000001 --database sqlite:springboard.db"
    )]
    Replay {
        /// The ranking, as rnk_…
        id: RankingId,
    },
}

/// Runs the command.
pub fn run(target: &Target, options: &Options) -> Result<(), Failure> {
    let Options::Replay { id } = options;
    let db = existing(target)?;
    let catalogue = Catalogue::shipped().map_err(|e| Failure::Runtime(e.to_string()))?;
    let replay = db.read_now(|conn| {
        let ranking = rankings::find(conn, *id)?;
        ranking.map(|ranking| RankingReplay::of(conn, &catalogue, &ranking)).transpose()
    })?;
    let replay = replay.ok_or_else(|| Failure::Runtime(format!("there is no ranking {id} in {target}")))?;
    let (equal, missing, different) = (replay.equal, replay.missing.len(), replay.differences.len());
    let text = Shown::new(replay, of_commands()).pretty().map_err(|e| Failure::Runtime(e.to_string()))?;
    say!("{text}");
    if equal {
        return Ok(());
    }
    Err(Failure::Runtime(format!(
        "{id} is not what was listed; inputs erased: {missing}, differences: {different}"
    )))
}
