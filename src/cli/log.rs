//! `springboard events`.
//!
//! Invariant: it only reads; what it finds ends with 1. Read next: [`crate::events::verify`].

use super::{Failure, existing, say::say};
use crate::db::Target;
use crate::events;
use clap::Subcommand;

/// What to do with the event log.
#[derive(Subcommand)]
pub enum Options {
    /// Compare the log with the chain of its seals, and name the first event that differs
    Verify,
}

/// Runs the command.
pub fn run(target: &Target, options: &Options) -> Result<(), Failure> {
    let Options::Verify = options;
    match existing(target)?.read_now(events::verify)? {
        None => say!("the log is as it was sealed"),
        Some(revision) => {
            let what = format!("the log was altered: event {revision} does not fit its seal");
            return Err(Failure::Runtime(what));
        }
    }
    Ok(())
}
