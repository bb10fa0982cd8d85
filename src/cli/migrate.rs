//! `springboard migrate`.
//!
//! Invariant: `--check` changes nothing and fails if anything is pending. Read next: [`crate::db`].

use super::{Failure, say::say};
use crate::db::{self, Target};
use clap::Args;

/// How to migrate.
#[derive(Args)]
pub struct Options {
    /// Only say what is pending; exit code 1 if anything is
    #[arg(long)]
    check: bool,
}

/// Applies what is pending, or says it.
pub fn run(target: &Target, options: &Options) -> Result<(), Failure> {
    if !options.check {
        let applied = db::migrate(target)?;
        applied.iter().for_each(|name| say!("applied {name}"));
        if applied.is_empty() {
            say!("up to date");
        }
        return Ok(());
    }
    let state = db::migration_state(target)?;
    state.pending.iter().for_each(|name| say!("pending {name}"));
    state.unknown.iter().for_each(|name| say!("unknown to this program {name}"));
    if state.pending.is_empty() && state.unknown.is_empty() {
        say!("up to date");
        return Ok(());
    }
    Err(Failure::Runtime("the schema of the database is not the one of this program".to_owned()))
}
