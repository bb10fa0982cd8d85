//! `springboard recommend`: everybody's lists at once, offline.
//!
//! Invariant: the output does not depend on the number of threads nor on the order of the files.
//! Read next: [`crate::engine::lists`].

use super::offline::{OfflineError, world};
use super::rank::read_file;
use crate::engine::lists::{
    Candidate, Displaced, EXACT_PAIRS, Field, List, Lists, Mode, Place, Report, Scope, Side,
};
use crate::engine::profile::{Investor, Startup};
use crate::engine::{Changes, Listing, Snapshot};
use crate::matching::phrases::Language;
use serde::Serialize;
use std::convert::Infallible;
use std::io::{self, BufWriter, Write};
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Recommends startups to all investors and investors to all startups: a line of JSON a list, then the report of the side.
///
/// Nobody stands in more lists than the cap, whoever stands in none gets an extra place where one is free, and further
/// ones of a sector come later. Progress goes to standard error. Exit codes are those of `rank`.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// The world tables
    #[arg(long, value_name = "WORLD.json")]
    world: PathBuf,
    /// The startups, one a line
    #[arg(long, value_name = "S.ndjson")]
    startups: PathBuf,
    /// The investors, one a line
    #[arg(long, value_name = "I.ndjson")]
    investors: PathBuf,
    /// Whose lists are made; both sides' without it
    #[arg(long, value_enum)]
    side: Option<Whose>,
    /// Which of the assignments under the caps; the greatest total is of all pairs, for up to 4,000,000 of them a side
    #[arg(long, value_enum, default_value = "stable")]
    mode: Which,
    /// How many threads score at once
    #[arg(long, value_name = "N", default_value = "1", value_parser = clap::value_parser!(u8).range(1..=2))]
    threads: u8,
    /// Above so many pairs only the best 200 of everybody who has a list are looked at, and the report says so; the
    /// greatest total is then refused
    #[arg(long, value_name = "N", default_value_t = EXACT_PAIRS)]
    exact_pairs: u64,
}

/// Whose lists are made.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Whose {
    /// Lists of startups for investors.
    Investors,
    /// Lists of investors for startups.
    Startups,
}

/// Which of the assignments under the caps the lists are.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Which {
    /// The one in which no two would rather have each other.
    Stable,
    /// One with the greatest total of scores.
    Max,
}

/// A list of output.
#[derive(Serialize)]
struct ListLine {
    side: &'static str,
    id: u64,
    places: Vec<PlaceLine>,
    discovery: Option<PlaceLine>,
    displaced: Vec<DisplacedLine>,
}

#[derive(Serialize)]
struct PlaceLine {
    id: u64,
    score: u32,
    confidence: u32,
    number: Option<u32>,
    diversity: i64,
}

#[derive(Serialize)]
struct DisplacedLine {
    id: u64,
    score: u32,
    confidence: u32,
    number: u32,
    reason: String,
}

/// The last line of a side.
#[derive(Serialize)]
struct ReportLine<'a> {
    side: &'static str,
    exact: bool,
    best_of_each: Option<usize>,
    report: &'a Report,
}

/// Runs the command on files and standard output.
///
/// # Errors
/// The first input that cannot be read, or an output that cannot be written.
pub fn run(options: &Options) -> Result<(), OfflineError> {
    let snapshot = read(options)?;
    let sides = match options.side {
        None => Side::ALL.to_vec(),
        Some(Whose::Investors) => vec![Side::Investors],
        Some(Whose::Startups) => vec![Side::Startups],
    };
    let mode = match options.mode {
        Which::Stable => Mode::Stable,
        Which::Max => Mode::Max,
    };
    let fields: Vec<Field<'_>> =
        sides.into_iter().map(|side| Field::new(&snapshot, side, options.exact_pairs)).collect();
    if let Some(field) = fields.iter().find(|field| !field.admits(mode)) {
        return Err(OfflineError::TooMany { side: field.side().as_str(), pairs: field.pairs() });
    }
    for field in &fields {
        let pairs = candidates(field, usize::from(options.threads));
        let Ok(lists) = field.lists(mode, pairs, &mut || Ok::<_, Infallible>(()));
        write(field, &lists).map_err(OfflineError::io(Path::new("-")))?;
    }
    Ok(())
}

/// The files as a snapshot; investors have published all that they say.
fn read(options: &Options) -> Result<Snapshot, OfflineError> {
    let empty = Snapshot::new(world(&options.world)?);
    let mut changes = Changes::default();
    read_file(&options.startups, |s: &Startup| s.id.0, |startup| changes.put_startup(startup))?;
    read_file(
        &options.investors,
        |i: &Investor| i.id.0,
        |investor| changes.put_investor(Listing::open(investor)),
    )?;
    Ok(empty.with(changes))
}

/// The pairs of everybody, each thread taking the next list that nobody has taken.
fn candidates(field: &Field<'_>, threads: usize) -> Vec<Candidate> {
    let all = field.owners().len();
    let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let work = || {
        let mut pairs = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            if at >= all {
                return pairs;
            }
            pairs.append(&mut field.candidates(at));
            let done = done.fetch_add(1, Ordering::Relaxed) + 1;
            if done == all || done.is_multiple_of(all.div_ceil(4)) {
                eprintln!("{}: {done} of {all} scored", field.side().as_str());
            }
        }
    };
    std::thread::scope(|scope| {
        let helpers: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let mut pairs = work();
        for helper in helpers {
            pairs.append(&mut helper.join().unwrap_or_else(|e| resume_unwind(e)));
        }
        pairs
    })
}

fn write(field: &Field<'_>, lists: &Lists) -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    let mut line = |text: serde_json::Result<String>| writeln!(out, "{}", text?);
    for (id, list) in field.owners().iter().zip(&lists.lists) {
        line(serde_json::to_string(&list_line(field, lists.report.mode, *id, list)))?;
    }
    let best_of_each = match field.scope() {
        Scope::AllPairs => None,
        Scope::Best(depth) => Some(depth),
    };
    let (side, report) = (field.side().as_str(), &lists.report);
    line(serde_json::to_string(&ReportLine { side, exact: best_of_each.is_none(), best_of_each, report }))?;
    out.flush()
}

fn list_line(field: &Field<'_>, mode: Mode, id: u64, list: &List) -> ListLine {
    let known = |item: u32| field.items().get(item as usize).copied().unwrap_or_default();
    let place = |p: &Place| PlaceLine {
        id: known(p.item),
        score: p.score,
        confidence: p.confidence,
        number: p.number,
        diversity: -i64::from(p.penalty),
    };
    let displaced = |d: &Displaced| DisplacedLine {
        id: known(d.item),
        score: d.score,
        confidence: d.confidence,
        number: d.number,
        reason: Language::English.displaced(mode, d.number, d.appearances),
    };
    ListLine {
        side: field.side().as_str(),
        id,
        places: list.places.iter().map(place).collect(),
        discovery: list.discovery.as_ref().map(place),
        displaced: list.displaced.iter().map(displaced).collect(),
    }
}
