//! `springboard generate`: writes a made-up population in the form that `springboard rank` reads.
//!
//! Invariant: the same counts and seed write the same bytes, whatever the number of threads; nothing is overwritten unasked.
//! Read next: [`crate::population`].

use super::offline::OfflineError;
use crate::population::Population;
use serde::Serialize;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};

/// How many profiles a thread makes before they are written.
const CHUNK: u64 = 4_096;

/// Writes a made-up population: `world.json`, `startups.ndjson` and `investors.ndjson`, as `springboard rank` reads them.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// How many startups
    #[arg(long, value_name = "N")]
    pub startups: u64,
    /// How many investors; every second one is without gates
    #[arg(long, value_name = "M")]
    pub investors: u64,
    /// What the population depends on
    #[arg(long, value_name = "S", default_value = "1")]
    pub seed: u64,
    /// The folder to write to; made if it is missing
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Overwrite files that are there already
    #[arg(long)]
    pub force: bool,
}

/// The files that are written.
const FILES: [&str; 3] = ["world.json", "startups.ndjson", "investors.ndjson"];

/// Runs the command.
///
/// # Errors
/// A file that is there already, unless it may be overwritten, or that cannot be written.
pub fn run(options: &Options) -> Result<(), OfflineError> {
    let [world, startups, investors] = FILES.map(|name| options.out.join(name));
    let there = [&world, &startups, &investors].into_iter().find(|path| path.exists());
    if let Some(path) = there.filter(|_| !options.force) {
        return Err(OfflineError::Exists { path: path.clone() });
    }
    let population = Population::new(options.seed, options.startups, options.investors);
    std::fs::create_dir_all(&options.out).map_err(OfflineError::io(&options.out))?;
    write(&world, |out| line(out, &population.world()))?;
    write(&startups, |out| lines(out, options.startups, |k| population.startup(k)))?;
    write(&investors, |out| lines(out, options.investors, |k| population.investor(k)))
}

fn write(path: &Path, fill: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) -> Result<(), OfflineError> {
    let file = File::create(path).map_err(OfflineError::io(path))?;
    let mut out = BufWriter::with_capacity(1 << 20, file);
    fill(&mut out).and_then(|()| out.flush()).map_err(OfflineError::io(path))
}

fn line<T: Serialize>(out: &mut impl Write, value: &T) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}

/// Two chunks at a time on two threads, written in their order.
fn lines<T: Serialize>(out: &mut impl Write, count: u64, make: impl Fn(u64) -> T + Sync) -> io::Result<()> {
    let chunk = |from: u64| -> io::Result<Vec<u8>> {
        let mut text = Vec::new();
        (from..(from + CHUNK).min(count)).try_for_each(|k| line(&mut text, &make(k)))?;
        Ok(text)
    };
    for from in (0..count).step_by(2 * CHUNK as usize) {
        let (first, second) = std::thread::scope(|scope| {
            let second = scope.spawn(|| chunk(from + CHUNK));
            (chunk(from), second.join().unwrap_or_else(|e| resume_unwind(e)))
        });
        out.write_all(&first?)?;
        out.write_all(&second?)?;
    }
    Ok(())
}
