//! `springboard keys`.
//!
//! Invariant: no secret half of a key is ever printed; running nodes pick a change up by themselves within seconds.
//! Read next: [`crate::accounts::keys`].

use super::{Failure, existing, say::say};
use crate::db::Target;
use crate::events::Act;
use crate::identity::keys::{self, KeyReport};
use crate::kernel::time::{Clock, Timestamp};
use clap::Subcommand;
use std::time::Duration;

/// What to do with the keys that sign access tokens.
#[derive(Subcommand)]
pub enum Options {
    /// List the keys: id, state, made, signing from, accepted until
    List,
    /// Publish a new key; it signs after the delay, and the others retire once their last token has expired
    Rotate {
        /// Seconds until the new key signs, for those who keep a copy of the published keys
        #[arg(long, default_value_t = 600)]
        delay: u64,
        /// Let the new key sign at once and the others end at once: every access token has to be refreshed
        #[arg(long, conflicts_with = "delay")]
        revoke: bool,
    },
}

/// Runs the command.
pub fn run(target: &Target, options: &Options) -> Result<(), Failure> {
    let db = existing(target)?;
    let now = Clock::System.now();
    match options {
        Options::List => {
            let all = db.read_now(keys::list)?;
            all.iter().for_each(|key| say!("{}", line(key, now)));
        }
        Options::Rotate { delay, revoke } => {
            let (delay, revoke) = (Duration::from_secs(*delay), *revoke);
            let act = Act::system(now, "keys rotate");
            let kid = db.write_now(move |conn| match revoke {
                true => keys::revoke(conn, &act),
                false => keys::rotate(conn, &act, delay),
            })?;
            say!("{kid}");
        }
    }
    Ok(())
}

fn line(key: &KeyReport, now: Timestamp) -> String {
    let end = key.retired_at.map_or_else(|| "-".to_owned(), |at| at.to_string());
    format!("{}\t{}\t{}\t{}\t{end}", key.kid, key.state(now), key.created_at, key.active_at)
}
