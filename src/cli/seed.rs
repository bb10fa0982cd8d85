//! `springboard seed`.
//!
//! Invariant: seeding again changes nothing, and the demo world is never mixed with other data.
//! Read next: [`crate::demo`].

use super::{Failure, say::say};
use crate::accounts::passwords::Hasher;
use crate::db::{self, Db, Target};
use crate::demo::{self, Demo, PASSWORD};
use crate::kernel::time::Clock;
use crate::program::config::ARGON2_MEMORY;
use crate::program::state;
use clap::Args;

/// What to seed.
#[derive(Args)]
pub struct Options {
    /// Load the demo world, too
    #[arg(long)]
    pub demo: bool,
}

/// Runs the command.
pub fn run(target: &Target, options: &Options) -> Result<(), Failure> {
    db::migrate(target)?;
    let db = Db::connect(target, &db::Options::default())?;
    let now = Clock::System.now();
    let catalogue = state::reference(&db, now)?;
    say!("the reference data is in {target}");
    if options.demo {
        let hasher = Hasher::of_machine(ARGON2_MEMORY)?;
        introduce(&demo::ensure(&db, &catalogue, &hasher, now)?)?;
    }
    Ok(())
}

/// Says what is in the demo world and how to sign in.
pub fn introduce(demo: &Demo) -> Result<(), Failure> {
    let Demo { version, startups, investors, .. } = demo;
    say!("demo world {version}: {startups} startups and {investors} investors, all of them invented");
    say!("sign in with the password {PASSWORD} as");
    for (email, may) in demo::logins()? {
        say!("  {email:<24} {may}");
    }
    Ok(())
}
