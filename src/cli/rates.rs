//! `springboard rates`.
//!
//! Invariant: a file with one wrong line changes nothing, and every wrong line is named.
//! Read next: [`crate::reference`].

use super::{Failure, say::say};
use crate::db::{self, Db, Target};
use crate::events::Act;
use crate::kernel::time::Clock;
use crate::profiles::reprice;
use crate::reference::{Catalogue, import_rates, parse_rates};
use clap::Subcommand;
use std::path::{Path, PathBuf};

/// What to do with exchange rates.
#[derive(Subcommand)]
pub enum Options {
    /// Import exchange rates from a CSV file, all or nothing
    #[command(after_help = "The file has the header currency,on,usd_per_unit and lines as\n\n    \
        EUR,2026-11-20,1.0842\n\nA rate holds from its day until the next one. Importing a file again changes nothing.")]
    Import {
        /// The CSV file
        file: PathBuf,
    },
}

/// Runs the command.
pub fn run(target: &Target, options: &Options) -> Result<(), Failure> {
    let Options::Import { file } = options;
    import(target, file)
}

fn import(target: &Target, file: &Path) -> Result<(), Failure> {
    let name = file.display().to_string();
    let text = std::fs::read_to_string(file).map_err(|e| Failure::Runtime(format!("{name}: {e}")))?;
    let catalogue = Catalogue::shipped().map_err(|e| Failure::Runtime(e.to_string()))?;
    let rates = parse_rates(&catalogue, &name, &text).map_err(|errors| {
        let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
        Failure::Runtime(format!("nothing was imported\n{}", lines.join("\n")))
    })?;
    db::migrate(target)?;
    let db = Db::connect(target, &db::Options::default())?;
    let now = Clock::System.now();
    let act = Act::system(now, "rates import");
    let done = db.write_now(move |conn| import_rates(conn, &act, &rates))?;
    say!("{} imported, {} known already", done.changed, done.unchanged);
    // Also where nothing was new: an import that was cut off here is made good by another.
    let repriced = reprice(&db, &catalogue, now.day())?;
    if repriced > 0 {
        say!("{repriced} profiles are found by other amounts now");
    }
    Ok(())
}
