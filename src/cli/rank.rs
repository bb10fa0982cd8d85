//! `springboard rank`: ranks startups for investors offline.
//!
//! Invariant: the output does not depend on the number of threads.
//! Read next: [`crate::engine::Snapshot::startups_for`].

use super::offline::{OfflineError, each_line, world};
use super::unknown::{Coded, Unknown};
use crate::engine::profile::{InvalidInput, Investor, InvestorKey, Startup};
use crate::engine::{Changes, Listing, Page, Query, Snapshot};
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Write};
use std::num::NonZeroUsize;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Ranks startups for investors: a line of JSON an investor, in the order of the file.
///
/// Exit 1 names the file, the line and the field that cannot be read, exit 78 the field of the world.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Prints a line of JSON for each investor: {\"investor\": its id, \"matches\": [[startup, score, confidence], …]}, \
    best first, the score of 1000000000 and the confidence of 250000."
)]
pub struct Options {
    /// The world tables
    #[arg(long, value_name = "WORLD.json")]
    pub world: PathBuf,
    /// The startups, one a line
    #[arg(long, value_name = "S.ndjson")]
    pub startups: PathBuf,
    /// The investors, one a line
    #[arg(long, value_name = "I.ndjson")]
    pub investors: PathBuf,
    /// How many matches an investor gets at most
    #[arg(long, value_name = "K")]
    pub k: usize,
    /// How many threads rank at once
    #[arg(long, value_name = "N", default_value = "1")]
    pub threads: NonZeroUsize,
    /// Say on standard error how long it took and how much memory it holds
    #[arg(long)]
    pub stats: bool,
}

/// A line of output.
#[derive(serde::Serialize)]
struct Line {
    investor: u64,
    matches: Vec<(u64, u64, u32)>,
}

/// An investor's page and how long it took.
type Ranked = (InvestorKey, Page, Duration);

/// Runs the command on files and standard output.
///
/// # Errors
/// The first input that cannot be read, or an output that cannot be written.
pub fn run(options: &Options) -> Result<(), OfflineError> {
    let started = Instant::now();
    let (snapshot, investors) = read(options)?;
    let built = started.elapsed();
    let started = Instant::now();
    let ranked = rank(&snapshot, &investors, options.k, options.threads);
    let took = started.elapsed();
    write(&ranked).map_err(OfflineError::io(Path::new("-")))?;
    if options.stats {
        report(&snapshot, &ranked, built, took);
    }
    Ok(())
}

fn read(options: &Options) -> Result<(Snapshot, Vec<InvestorKey>), OfflineError> {
    let empty = Snapshot::new(world(&options.world)?);
    let (mut changes, mut order) = (Changes::default(), Vec::new());
    read_file(&options.startups, |s: &Startup| s.id.0, |startup| changes.put_startup(startup))?;
    read_file(
        &options.investors,
        |i: &Investor| i.id.0,
        |investor| {
            order.push(investor.id);
            changes.put_investor(Listing { thesis: investor, published: None });
        },
    )?;
    Ok((empty.with(changes), order))
}

/// Reads profiles with an integer of their own each, and says which of their codes are in no table.
pub(super) fn read_file<T: serde::de::DeserializeOwned + Coded>(
    path: &Path,
    id: fn(&T) -> u64,
    mut take: impl FnMut(T),
) -> Result<(), OfflineError> {
    let (mut lines, mut unknown) = (HashMap::new(), Unknown::new());
    let file = File::open(path).map_err(OfflineError::io(path))?;
    each_line(path, BufReader::new(file), |line, profile: T| {
        if let Some(first) = lines.insert(id(&profile), line) {
            let reason = format!("{} is already on line {first}", id(&profile));
            return Err(OfflineError::line(path, line, InvalidInput { field: "id".to_owned(), reason }));
        }
        unknown.note(line, "", &profile);
        take(profile);
        Ok(())
    })?;
    unknown.warn(path);
    Ok(())
}

/// Ranks for every investor, each thread taking the next that nobody has taken.
fn rank(snapshot: &Snapshot, investors: &[InvestorKey], k: usize, threads: NonZeroUsize) -> Vec<Ranked> {
    let (query, next) = (Query::top(k), AtomicUsize::new(0));
    let work = || {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(key) = investors.get(at) else { break };
            let started = Instant::now();
            if let Some(page) = snapshot.startups_for(*key, &query) {
                done.push((at, (*key, page, started.elapsed())));
            }
        }
        done
    };
    let mut done: Vec<(usize, Ranked)> = std::thread::scope(|scope| {
        let helpers = threads.get().min(investors.len().max(1)) - 1;
        let helpers: Vec<_> = (0..helpers).map(|_| scope.spawn(work)).collect();
        let own = work();
        let theirs =
            helpers.into_iter().flat_map(|helper| helper.join().unwrap_or_else(|e| resume_unwind(e)));
        own.into_iter().chain(theirs).collect()
    });
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, ranked)| ranked).collect()
}

fn write(ranked: &[Ranked]) -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    for (investor, page, _) in ranked {
        let matches = page.hits.iter().map(|hit| (hit.id, hit.score, hit.confidence)).collect();
        serde_json::to_writer(&mut out, &Line { investor: investor.0, matches })?;
        out.write_all(b"\n")?;
    }
    out.flush()
}

/// Build seconds, query milliseconds, pairs per second and resident bytes.
fn report(snapshot: &Snapshot, ranked: &[Ranked], built: Duration, took: Duration) {
    let (startups, investors) = snapshot.len();
    let mut each: Vec<Duration> = ranked.iter().map(|(_, _, time)| *time).collect();
    each.sort_unstable();
    let percentile = |q: usize| {
        let at = (each.len() * q).div_ceil(100).saturating_sub(1);
        milliseconds(each.get(at).copied().unwrap_or_default())
    };
    let pairs = (startups * investors) as u128 * 1_000_000_000 / took.as_nanos().max(1);
    eprintln!("startups {startups}, investors {investors}");
    eprintln!("build {}.{:03} s", built.as_secs(), built.subsec_millis());
    eprintln!("query ms p50 {} p95 {} p99 {}", percentile(50), percentile(95), percentile(99));
    eprintln!("pairs per second {pairs}");
    eprintln!(
        "resident bytes {}",
        resident().map_or_else(|| "unknown".to_owned(), |bytes| bytes.to_string())
    );
}

/// Milliseconds with three places.
fn milliseconds(time: Duration) -> String {
    format!("{}.{:03}", time.as_micros() / 1_000, time.as_micros() % 1_000)
}

/// What the system says this process holds in memory.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kilobytes| kilobytes * 1_024)
}
