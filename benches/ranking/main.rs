//! Exact ranking at size: the engine against the straightforward scorer on the same machine in the same run.
//!
//! Every list is compared, number, score and confidence in order; the process fails if one differs. Queries are timed
//! on one thread by the processor's time, a warm time is the shortest of three, the first touch with cold caches apart.
//! `cargo bench --bench ranking` (about half an hour), `-- --quick`, `-- --huge`, `-- --help`;
//! `RUSTFLAGS="-C target-cpu=native"` for the machine's own instruction set.
//!
//! Invariant: only a list that differs fails the run; times are for people to judge.
//! Read next: `oracle/mod.rs`, then [`lists`].
#![expect(clippy::expect_used, clippy::print_stdout, reason = "a measurement that cannot go on ends there")]

mod batch;
mod both;
mod clock;
mod equality;
mod lists;
mod options;
mod oracle;
mod scene;
mod strange;

use clock::{Series, ms, times};
use options::Options;
use scene::Scene;
use springboard::matching::engine::Hit;
use std::fmt;

/// How many investors the batch is for.
const BATCH: u64 = 10_000;
/// How many startups ask on the founders' side.
const FOUNDERS: u64 = 400;

/// How many lists were compared, and how many of them were equal.
#[derive(Default)]
pub struct Tally {
    compared: u64,
    equal: u64,
}

impl Tally {
    fn compare(&mut self, (ours, theirs): &(Vec<Hit>, Vec<Hit>)) {
        self.compared += 1;
        self.equal += u64::from(ours == theirs);
        if ours != theirs && self.compared - self.equal < 4 {
            let at = ours.iter().zip(theirs).take_while(|(a, b)| a == b).count();
            let lengths = (ours.len(), theirs.len());
            println!("DIFFERENT at {at} of {lengths:?}: {:?}, not {:?}", ours.get(at), theirs.get(at));
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "equal {} of {} lists", self.equal, self.compared)
    }
}

fn main() {
    let options = Options::read();
    let mut tally = Tally::default();
    println!("instruction set of this build: {}", instruction_set());
    if options.wants("equality") {
        equality::compare(options.seed, options.startups / 50, options.random, &mut tally);
    }
    let small = small(&options, &mut tally);
    let large = large(&options, &mut tally);
    growth(options.startups / 10, &small, &large);
    if options.huge {
        let scene = Scene::without_oracle(options.seed, 10 * options.startups, 2 * options.queries);
        built(&scene);
        growth(options.startups, &large, &lists::alone(&scene, &options));
    }
    if options.wants("founders") {
        let scene = Scene::new(options.seed, options.queries.min(FOUNDERS), options.investors);
        lists::founders(&scene, &options, &mut tally);
    }
    println!("\n{tally}");
    std::process::exit(i32::from(tally.equal != tally.compared));
}

/// A tenth of the startups: lists and the batch.
fn small(options: &Options, tally: &mut Tally) -> Vec<Series> {
    if !options.wants("investors") && !options.wants("batch") {
        return Vec::new();
    }
    let investors = options.investors.min(BATCH).max(2 * options.queries);
    let scene = Scene::new(options.seed, options.startups / 10, investors);
    built(&scene);
    let mut series = Vec::new();
    if options.wants("investors") {
        series = lists::investors("small", &scene, options, tally);
    }
    if options.wants("batch") {
        batch::all(&scene);
    }
    series
}

/// All startups: lists and changes.
fn large(options: &Options, tally: &mut Tally) -> Vec<Series> {
    if !options.wants("investors") && !options.wants("changes") {
        return Vec::new();
    }
    let scene = Scene::new(options.seed, options.startups, 2 * options.queries);
    built(&scene);
    let mut series = Vec::new();
    if options.wants("investors") {
        series = lists::investors("large", &scene, options, tally);
    }
    if options.wants("changes") {
        batch::changing(&scene, options.seconds);
    }
    series
}

fn built(scene: &Scene) {
    println!("\nbuild of {} startups: {} ms", scene.population.startups(), ms(scene.built.cpu));
}

/// How much longer a query takes on ten times as many startups; ten to the power of 0.8 is 6.31.
fn growth(startups: u64, few: &[Series], many: &[Series]) {
    for ((few, many), class) in few.iter().zip(many).zip(["ordinary", "broad"]) {
        println!(
            "{} → {} startups, {class}: {} the time",
            startups,
            10 * startups,
            times(many.mean(), few.mean())
        );
    }
}

fn instruction_set() -> &'static str {
    if cfg!(target_feature = "avx512vbmi") {
        "AVX-512 VBMI"
    } else if cfg!(target_feature = "avx2") {
        "AVX2"
    } else {
        "the target's default"
    }
}
