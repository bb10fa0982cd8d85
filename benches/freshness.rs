//! From a write to the first list that includes it, on the node that wrote and on another one of the same PostgreSQL.
//!
//! Invariant: a span begins before the write and ends when a query of that node would be answered with it in; every
//! commit is durable. Both nodes hold the same startups, one of which is revised by each write.
//! Run it with `cargo bench --bench freshness`; read next: `src/matching/following.rs`.
#![expect(clippy::expect_used, clippy::print_stdout, reason = "a measurement that cannot go on ends there")]

#[path = "../tests/it/harness/postgres.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod postgres;

use springboard::accounts::passwords::Hasher;
use springboard::db::{Db, Options, Target};
use springboard::demo;
use springboard::events::{self, Act, Event, Kind, Subject};
use springboard::kernel::time::Clock;
use springboard::matching::{Follower, Following, Live};
use springboard::profiles;
use springboard::startup::reference;
use std::sync::Arc;
use std::time::{Duration, Instant};

const WRITES: usize = 400;
/// Microseconds at the 99th percentile: what is wanted on the same node and on another one.
const MUST: [u128; 2] = [50_000, 500_000];

/// A node without its listener: what it knows of the log.
struct Node {
    db: Db,
    live: Arc<Live>,
    _following: Following,
}

impl Node {
    fn start(target: &Target) -> Self {
        let db = Db::connect(target, &Options::default()).expect("connects");
        let catalogue = reference(&db, Clock::System.now()).expect("reference");
        let live = Arc::new(Live::default());
        let mut follower = Follower::new(db.clone(), catalogue, live.clone());
        follower.load(Clock::System.now()).expect("loads");
        let following = follower.start(Clock::System).expect("follows");
        Self { db, live, _following: following }
    }

    /// How long after `began` the node answers with that revision.
    async fn sees(&self, revision: i64, began: Instant) -> Duration {
        self.live.at(&self.db, Some(revision)).await.expect("in time");
        began.elapsed()
    }
}

/// The spans until the writing node and another one answer with each write, with a pause between two writes.
fn measure(nodes: &[Node; 2], startups: &[i64], pause: Duration) -> [Vec<Duration>; 2] {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("runtime");
    let mut spans = [Vec::new(), Vec::new()];
    runtime.block_on(async {
        for n in 0..WRITES as u64 {
            tokio::time::sleep(pause + Duration::from_millis(n % 7)).await;
            let (began, number) = (Instant::now(), startups[n as usize % startups.len()]);
            let act = Act::system(Clock::System.now(), "bench");
            let event = Event::new(Kind::StartupRevised, Subject::new("bench", number));
            let revision =
                nodes[0].db.write(move |conn| events::emit(conn, &act, event)).await.expect("written");
            let (same, other) = tokio::join!(nodes[0].sees(revision, began), nodes[1].sees(revision, began));
            spans[0].push(same);
            spans[1].push(other);
        }
    });
    spans
}

fn percentile(sorted: &[Duration], percent: usize) -> u128 {
    sorted.get((sorted.len() * percent / 100).min(sorted.len() - 1)).map_or(0, Duration::as_micros)
}

fn main() {
    if !postgres::available() {
        return;
    }
    let target = postgres::durable_database("freshness");
    let db = Db::connect(&target, &Options::default()).expect("connects");
    let catalogue = reference(&db, Clock::System.now()).expect("reference");
    let hasher = Hasher::new(64, 1).expect("hasher");
    demo::ensure(&db, &catalogue, &hasher, Clock::System.now()).expect("demo world");
    let startups = db.read_now(|conn| profiles::ranked_startups(conn, None)).expect("startups");
    let startups: Vec<i64> = startups.iter().map(|s| s.profile.number).collect();
    let nodes = [Node::start(&target), Node::start(&target)];
    println!(
        "{} startups, {WRITES} writes each, microseconds from before the write to the first answer with it\n",
        startups.len()
    );
    println!("| writes | node | p50 | p99 | most |\n| --- | --- | ---: | ---: | ---: |");
    let mut missed = false;
    for (name, pause) in [("one after the other", 0), ("ten a second", 100)] {
        let spans = measure(&nodes, &startups, Duration::from_millis(pause));
        for ((node, mut spans), must) in ["the same", "another"].into_iter().zip(spans).zip(MUST) {
            spans.sort();
            let [p50, p99, most] = [50, 99, 100].map(|percent| percentile(&spans, percent));
            println!("| {name} | {node} | {p50} | {p99} | {most} |");
            missed |= p99 > must;
        }
    }
    let verdict = if missed { "MISSED" } else { "reached" };
    println!("\nat p99 at most {} ms and {} ms are wanted: {verdict}", MUST[0] / 1000, MUST[1] / 1000);
    std::process::exit(i32::from(missed));
}
