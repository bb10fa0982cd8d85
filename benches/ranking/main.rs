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
mod cards;
mod clock;
mod equality;
mod goals;
mod lists;
mod options;
mod oracle;
mod scene;
mod strange;

use clock::{ms, once};
use goals::{Goals, Kind};
use lists::Timed;
use options::Options;
use scene::Scene;
use springboard::engine::Hit;
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
    let (mut tally, mut goals) = (Tally::default(), Goals::default());
    println!("instruction set of this build: {}", instruction_set());
    if options.wants("equality") {
        equality::compare(options.seed, options.startups / 50, options.random, &mut tally);
    }
    let small = small(&options, &mut tally, &mut goals);
    let large = large(&options, &mut tally, &mut goals);
    growth(options.startups / 10, &small, &large, &mut goals);
    if options.huge {
        let scene = Scene::without_oracle(options.seed, 10 * options.startups, 2 * options.queries);
        built(&scene);
        growth(options.startups, &large, &lists::alone(&scene, &options), &mut goals);
    }
    if options.wants("founders") {
        let scene = Scene::new(options.seed, options.queries.min(FOUNDERS), options.investors);
        let timed = lists::founders(&scene, &options, &mut tally);
        let what = format!("a startup's top 50 of {} investors, p50", options.investors);
        goals.note(what, Kind::Time, timed.engine.percentile(50), (3_000_000, 200_000));
    }
    goals.print();
    println!("\n{tally}");
    std::process::exit(i32::from(tally.equal != tally.compared));
}

/// A tenth of the startups: lists and the batch.
fn small(options: &Options, tally: &mut Tally, goals: &mut Goals) -> Vec<Timed> {
    if !options.wants("investors") && !options.wants("batch") {
        return Vec::new();
    }
    let investors = options.investors.min(BATCH).max(2 * options.queries);
    let scene = Scene::new(options.seed, options.startups / 10, investors);
    built(&scene);
    let mut classes = Vec::new();
    if options.wants("investors") {
        classes = lists::investors("small", &scene, options, tally);
    }
    if options.wants("batch") {
        let what = format!("{investors} investors × {} startups", options.startups / 10);
        goals.note(what, Kind::Rate, batch::all(&scene), (200, 2_000));
    }
    classes
}

/// All startups: lists and changes.
fn large(options: &Options, tally: &mut Tally, goals: &mut Goals) -> Vec<Timed> {
    if !options.wants("investors") && !options.wants("changes") {
        return Vec::new();
    }
    let rows = options.startups;
    let scene = Scene::new(options.seed, rows, 2 * options.queries);
    let bytes = built(&scene);
    goals.note(
        format!("build of {rows} startups"),
        Kind::Time,
        scene.built.cpu,
        (5_000_000_000, 1_500_000_000),
    );
    goals.note("bytes a startup, to rank", Kind::Bytes, bytes[0], (200, 110));
    let all = "bytes a startup, to rank, its profile and its card";
    goals.note(all, Kind::Bytes, bytes.iter().sum(), (800, 400));
    let mut classes = Vec::new();
    if options.wants("investors") {
        classes = lists::investors("large", &scene, options, tally);
    }
    for (timed, (class, ratio)) in
        classes.iter().zip([("ordinary", (1_500, 10_000)), ("broad", (2_500, 20_000))])
    {
        let what = |figure| format!("top 50 of {rows}, {class}: {figure}");
        goals.note(what("times the oracle's time"), Kind::Times, timed.ratio(), ratio);
        goals.note(what("p50"), Kind::Time, timed.engine.percentile(50), (8_000_000, 1_000_000));
        goals.note(what("p99"), Kind::Time, timed.engine.percentile(99), (14_000_000, 3_000_000));
        goals.note(what("rows scored in full"), Kind::Share, timed.in_full(rows), (100, 10));
    }
    if options.wants("changes") {
        let slower = batch::changing(&scene, options.seconds);
        goals.note("while 1 % change every minute, against quiet", Kind::Growth, slower, (150, 110));
    }
    classes
}

/// Bytes a startup to rank, for its profile, and for its card in lists.
fn built(scene: &Scene) -> [u64; 3] {
    let (startups, (columns, profiles)) = (scene.population.startups(), scene.snapshot.bytes_of_startups());
    let each = |bytes: usize| bytes as u64 / startups.max(1);
    println!("\nbuild of {startups} startups from profiles in memory: {} ms", ms(scene.built.cpu));
    let bytes = [each(columns), each(profiles), cards::bytes(&scene.population)];
    let [rank, profile, card] = bytes;
    println!("bytes a startup: {rank} to rank, {profile} for its profile, {card} for its card");
    let mut tomorrow = scene.snapshot.world().clone();
    tomorrow.today += 1;
    let (_, remade) = once(|| scene.snapshot.in_world(tomorrow));
    println!("the same made anew for another day: {} ms", ms(remade.cpu));
    bytes
}

/// How much longer a query takes on ten times as many startups; ten to the power of 0.8 is 6.31.
fn growth(startups: u64, few: &[Timed], many: &[Timed], goals: &mut Goals) {
    for ((few, many), class) in few.iter().zip(many).zip(["ordinary", "broad"]) {
        let what = format!("{startups} → {} startups, {class}", 10 * startups);
        let factor = 100 * many.engine.mean() / few.engine.mean().max(1);
        goals.note(what, Kind::Growth, factor, (1_000, 631));
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
