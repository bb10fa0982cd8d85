//! The best fifty of one side for one profile of the other, engine against oracle.
//!
//! Invariant: every list is compared; a ratio is that of two means over the same queries in the same run.
//! Read next: [`super::batch`].

use super::Tally;
use super::clock::{Series, best_of, flush, ms, once, percent, times};
use super::options::Options;
use super::scene::{Scene, Seen};
use springboard::engine::profile::StartupKey;
use springboard::engine::{Hit, Query};

const K: usize = 50;
/// A time is the shortest of so many.
const RUNS: usize = 3;
/// How many queries are also timed with cold caches.
const COLD: usize = 40;

/// What a class of queries came to.
#[derive(Default)]
pub struct Timed {
    /// The engine, every query.
    pub engine: Series,
    wall: Series,
    cold: Series,
    /// The engine, on the queries that the oracle was timed on.
    beside: Series,
    /// The oracle, on the first queries.
    oracle: Series,
    seen: Seen,
}

/// Lists of the best fifty startups, by the whole population.
pub fn investors(name: &str, scene: &Scene, options: &Options, tally: &mut Tally) -> Vec<Timed> {
    println!("\n{name}: top {K} of {} startups\n", scene.population.startups());
    head();
    let mut classes = Vec::new();
    for (class, broad) in [("ordinary", false), ("broad", true)] {
        let mut timed = Timed::default();
        let mut ballast = Vec::new();
        let query = Query::top(K);
        for (n, key) in scene.asking(broad, options.queries).enumerate() {
            let engine = || scene.list(key, &query).0;
            if n < COLD {
                flush(&mut ballast);
                timed.cold.push(once(engine).1.cpu);
            }
            timed.seen.add(scene.list(key, &query).1);
            let runs = if n < options.timed as usize { RUNS } else { 1 };
            let oracle = || scene.oracle.startups_for(key, &query).expect("the investor is there");
            tally.compare(&timed.both(runs, engine, oracle));
        }
        timed.line(class, scene.population.startups());
        classes.push(timed);
    }
    classes
}

/// Lists of the best fifty investors for startups.
pub fn founders(scene: &Scene, options: &Options, tally: &mut Tally) -> Timed {
    println!("\nfounders' side: top {K} of {} investors\n", scene.population.investors());
    head();
    let mut timed = Timed::default();
    let mut ballast = Vec::new();
    let query = Query::top(K);
    for (n, key) in (0..scene.population.startups()).map(StartupKey).enumerate() {
        let engine = || scene.founders_list(key, &query).0;
        if n < COLD {
            flush(&mut ballast);
            timed.cold.push(once(engine).1.cpu);
        }
        timed.seen.add(scene.founders_list(key, &query).1);
        let runs = if n < options.timed as usize { RUNS } else { 1 };
        let oracle = || scene.oracle.investors_for(key, &query).expect("the startup is there");
        tally.compare(&timed.both(runs, engine, oracle));
    }
    timed.line("startups", scene.population.investors());
    timed
}

impl Timed {
    /// Times both on one query and gives both lists.
    fn both(
        &mut self,
        runs: usize,
        engine: impl FnMut() -> Vec<Hit>,
        oracle: impl FnMut() -> Vec<Hit>,
    ) -> (Vec<Hit>, Vec<Hit>) {
        let (ours, time) = best_of(RUNS, engine);
        self.engine.push(time.cpu);
        self.wall.push(time.wall);
        let (theirs, slow) = best_of(runs, oracle);
        if runs == RUNS {
            self.beside.push(time.cpu);
            self.oracle.push(slow.cpu);
        }
        (ours, theirs)
    }

    /// How many times as long as the engine the oracle takes, in hundredths.
    pub fn ratio(&self) -> u64 {
        100 * self.oracle.total() / self.beside.total().max(1)
    }

    /// The share of rows that were scored in full, in hundredths of a per cent.
    pub fn in_full(&self, rows: u64) -> u64 {
        10_000 * self.seen.rows / (rows * self.engine.len() as u64).max(1)
    }

    fn line(&self, class: &str, rows: u64) {
        let of = rows * self.engine.len() as u64;
        let beside = if self.oracle.len() == 0 {
            ["–"; 4].map(str::to_owned)
        } else {
            let ratio = times(self.oracle.mean(), self.beside.mean());
            [self.oracle.len().to_string(), ms(self.oracle.mean()), ms(self.beside.mean()), ratio]
        };
        println!(
            "| {class} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |",
            beside.join(" | "),
            self.engine.len(),
            ms(self.engine.mean()),
            ms(self.engine.percentile(50)),
            ms(self.engine.percentile(99)),
            ms(self.wall.percentile(50)),
            ms(self.wall.percentile(99)),
            ms(self.cold.mean()),
            self.seen.blocks / self.engine.len().max(1) as u64,
            percent(self.seen.rows, of),
        );
    }
}

fn head() {
    println!(
        "| | both asked | oracle mean | engine mean | ratio | engine asked | mean | p50 | p99 | wall p50 | p99 | cold mean | \
         blocks | rows in full |"
    );
    println!("| --- | {}", "---: | ".repeat(13).trim_end());
}

/// Lists of the engine alone, where the population is too large for both.
pub fn alone(scene: &Scene, options: &Options) -> Vec<Timed> {
    println!("\nengine alone: top {K} of {} startups\n", scene.population.startups());
    head();
    let query = Query::top(K);
    let class = |(class, broad)| {
        let mut timed = Timed::default();
        for key in scene.asking(broad, options.queries) {
            let ((_, seen), time) = best_of(RUNS, || scene.list(key, &query));
            timed.engine.push(time.cpu);
            timed.wall.push(time.wall);
            timed.seen.add(seen);
        }
        timed.line(class, scene.population.startups());
        timed
    };
    [("ordinary", false), ("broad", true)].map(class).into()
}
