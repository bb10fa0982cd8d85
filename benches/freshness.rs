//! From a write to the first list that shows it, on the node that wrote and on another one of the same PostgreSQL.
//!
//! A write is what the service does for a PATCH: a published startup asks for another amount, in a durable commit. The list
//! is that of an investor, of startups that ask for exactly this amount.
//! Invariant: a span begins before the write and ends with that list, in which the startup is. Both nodes hold the same
//! profiles: the demo world, and copies of its startups.
//! Run it with `cargo bench --bench freshness`, `-- --help`; read next: `src/matching/replica/follow.rs`.
#![expect(clippy::expect_used, clippy::print_stdout, reason = "a measurement that cannot go on ends there")]

#[path = "../tests/it/harness/postgres.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod postgres;

use clap::Parser;
use springboard::accounts::passwords::Hasher;
use springboard::db::{self, Db, Target};
use springboard::demo;
use springboard::engine::profile::{InvestorKey, Span};
use springboard::engine::{Filters, InvestorFactor, Query};
use springboard::events::Act;
use springboard::identity::{Acting, Role};
use springboard::kernel::{money::Money, time::Clock};
use springboard::matching::{Follower, Following, Replica};
use springboard::profiles::startups::facts::Ask;
use springboard::profiles::{
    self, Making, Profile, StartupFacts, Startups, publish::publish, revise::revise,
};
use springboard::program::state::reference;
use springboard::reference::Catalogue;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Microseconds at the 99th percentile: what is wanted on the same node and on another one.
const MUST: [u128; 2] = [50_000, 500_000];
/// What a copy asks for at first; what it asks for later is worth the same in a score.
const DOLLARS: u64 = 3_000_000;
/// How many copies one transaction makes.
const PORTION: u64 = 200;

/// Measures how soon a write is in a list, on two nodes of one PostgreSQL.
#[derive(Parser)]
struct Options {
    /// How many copies of the demo world's startups there are.
    #[arg(long, default_value_t = 10_000)]
    copies: u64,
    /// How many writes are measured at each pace.
    #[arg(long, default_value_t = 400)]
    writes: u64,
    #[arg(long, hide = true)]
    bench: bool,
}

/// A node without its listener: what it knows of the log.
struct Node {
    db: Db,
    live: Arc<Replica>,
    _following: Following,
}

impl Node {
    fn start(target: &Target) -> Self {
        let db = Db::connect(target, &db::Options::default()).expect("connects");
        let catalogue = reference(&db, Clock::System.now()).expect("reference");
        let live = Arc::new(Replica::new(catalogue));
        let mut follower = Follower::new(db.clone(), live.clone());
        follower.load(Clock::System.now()).expect("loads");
        let following = follower.start(Clock::System).expect("follows");
        Self { db, live, _following: following }
    }

    /// Which startups that ask for so much an investor's list shows, by what is known at that revision.
    async fn list(&self, revision: Option<i64>, investor: InvestorKey, dollars: u64) -> Vec<u64> {
        let view = self.live.at(&self.db, revision).await.expect("in time");
        let ask = Some(Span::new(dollars, dollars).expect("a span"));
        let query =
            Query::<InvestorFactor> { filters: Filters { ask, ..Filters::default() }, ..Query::top(50) };
        let (page, _) = view.snapshot.search(investor, &query).expect("the investor is there");
        page.hits.iter().map(|hit| hit.id).collect()
    }

    /// How long after `began` the investor's list shows what was written.
    async fn shows(&self, written: &Written, investor: InvestorKey, began: Instant) -> Duration {
        let list = self.list(Some(written.revision), investor, written.dollars).await;
        let span = began.elapsed();
        assert_eq!(list, [written.startup.number as u64], "the list is that of the revision");
        span
    }
}

/// What a write was answered with.
struct Written {
    startup: Profile<Startups>,
    dollars: u64,
    revision: i64,
}

/// A startup and an investor whose list it is in.
struct Pair {
    startup: Profile<Startups>,
    investor: InvestorKey,
}

fn acting_for(startup: &Profile<Startups>) -> Acting {
    let (organisation_number, organisation) = (startup.organisation_number, startup.organisation);
    Acting { organisation_number, organisation, kind: None, role: Role::Owner }
}

fn asking(facts: &StartupFacts, dollars: u64) -> StartupFacts {
    let currency = "USD".parse().expect("a currency");
    let target = Money { amount: 100 * dollars as i64, currency };
    let ask = Ask { smallest_cheque: None, target, instruments: None, use_of_funds: None, closes_on: None };
    StartupFacts { ask: Some(ask), ..facts.clone() }
}

/// Publishes copies of the startups, each in the organisation of the one it is like.
fn copy(db: &Db, catalogue: &Arc<Catalogue>, startups: &[Profile<Startups>], copies: u64) {
    for first in (0..copies).step_by(PORTION as usize) {
        let portion = first..copies.min(first + PORTION);
        let like: Vec<_> = portion.map(|n| startups[n as usize % startups.len()].clone()).collect();
        let (catalogue, act) = (Arc::clone(catalogue), Act::system(Clock::System.now(), "bench"));
        let making = Making { demo: true, claimable: false };
        let make = move |conn: &mut db::Conn| {
            like.iter().try_for_each(|like| {
                let facts = StartupFacts { external_id: None, ..asking(&like.facts, DOLLARS) };
                let acting = acting_for(like);
                let made = profiles::create::<Startups>(conn, &act, &acting, &catalogue, facts, making)?;
                publish(conn, &act, &acting, true, &made).map(drop)
            })
        };
        db.write_now(make).expect("copies");
    }
}

/// Pairs of which no two share a startup.
async fn pairs(node: &Node, startups: Vec<Profile<Startups>>, investors: &[InvestorKey]) -> Vec<Pair> {
    let mut pairs: Vec<Pair> = Vec::new();
    for investor in investors.iter().copied() {
        let list = node.list(None, investor, DOLLARS).await;
        let fresh = list.iter().find(|id| pairs.iter().all(|pair| pair.startup.number as u64 != **id));
        let startup = startups.iter().find(|startup| fresh == Some(&(startup.number as u64)));
        pairs.extend(startup.map(|startup| Pair { startup: startup.clone(), investor }));
    }
    assert!(!pairs.is_empty(), "an investor has a list");
    pairs
}

/// Revises a startup so that it asks for so much.
async fn write(db: &Db, catalogue: &Arc<Catalogue>, startup: &Profile<Startups>, dollars: u64) -> Written {
    let (startup, catalogue) = (startup.clone(), Arc::clone(catalogue));
    let act = Act::system(Clock::System.now(), "bench");
    let verb = move |conn: &mut db::Conn| {
        let change = |before: &Profile<Startups>| Ok(asking(&before.facts, dollars));
        let startup = revise(conn, &act, &acting_for(&startup), &catalogue, &startup, change)?;
        Ok(Written { startup, dollars, revision: act.emitted().expect("an event") })
    };
    db.write(verb).await.expect("written")
}

/// The spans until the writing node and another one show each write, with a pause between two writes.
async fn measure(
    nodes: &[Node; 2],
    catalogue: &Arc<Catalogue>,
    pairs: &mut [Pair],
    amounts: std::ops::Range<u64>,
    pause: Duration,
) -> [Vec<Duration>; 2] {
    let mut spans = [Vec::new(), Vec::new()];
    for dollars in amounts {
        tokio::time::sleep(pause + Duration::from_millis(dollars % 7)).await;
        let pair = &mut pairs[dollars as usize % pairs.len()];
        let began = Instant::now();
        let written = write(&nodes[0].db, catalogue, &pair.startup, dollars).await;
        let (same, other) = tokio::join!(
            nodes[0].shows(&written, pair.investor, began),
            nodes[1].shows(&written, pair.investor, began)
        );
        spans[0].push(same);
        spans[1].push(other);
        pair.startup = written.startup;
    }
    spans
}

fn percentile(sorted: &[Duration], percent: usize) -> u128 {
    sorted.get((sorted.len() * percent / 100).min(sorted.len() - 1)).map_or(0, Duration::as_micros)
}

/// Measures at every pace; whether something took too long.
async fn all(nodes: &[Node; 2], catalogue: &Arc<Catalogue>, mut pairs: Vec<Pair>, writes: u64) -> bool {
    println!("| writes | node | p50 | p99 | most |\n| --- | --- | ---: | ---: | ---: |");
    let (mut missed, mut from) = (false, DOLLARS + 1);
    for (name, pause) in [("one after the other", 0), ("ten a second", 100)] {
        let pause = Duration::from_millis(pause);
        let spans = measure(nodes, catalogue, &mut pairs, from..from + writes, pause).await;
        from += writes;
        for ((node, mut spans), must) in ["the same", "another"].into_iter().zip(spans).zip(MUST) {
            spans.sort();
            let [p50, p99, most] = [50, 99, 100].map(|percent| percentile(&spans, percent));
            println!("| {name} | {node} | {p50} | {p99} | {most} |");
            missed |= p99 > must;
        }
    }
    missed
}

fn main() {
    let mut options = Options::parse();
    if !options.bench {
        (options.copies, options.writes) = (options.copies / 100, options.writes / 20);
    }
    if !postgres::available() {
        return;
    }
    let target = postgres::durable_database("freshness");
    let db = Db::connect(&target, &db::Options::default()).expect("connects");
    let catalogue = reference(&db, Clock::System.now()).expect("reference");
    let hasher = Hasher::new(64, 1).expect("hasher");
    demo::ensure(&db, &catalogue, &hasher, Clock::System.now()).expect("demo world");
    let startups = || db.read_now(|conn| profiles::ranked_startups(conn, None)).expect("startups");
    let profiles_of_startups = || startups().into_iter().map(|s| s.profile).collect::<Vec<_>>();
    copy(&db, &catalogue, &profiles_of_startups(), options.copies);
    let nodes = [Node::start(&target), Node::start(&target)];
    let view = nodes[0].live.view().expect("loaded");
    let (rows, investors) = (view.snapshot.len(), view.snapshot.investor_keys().collect::<Vec<_>>());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("runtime");
    let missed = runtime.block_on(async {
        let pairs = pairs(&nodes[0], profiles_of_startups(), &investors).await;
        println!(
            "{} startups and {} investors, {} writes each to {} of the startups, microseconds from before the write to \
             the list with it\n",
            rows.0,
            rows.1,
            options.writes,
            pairs.len()
        );
        all(&nodes, &catalogue, pairs, options.writes).await
    });
    let verdict = if missed { "MISSED" } else { "reached" };
    println!("\nat p99 at most {} ms and {} ms are wanted: {verdict}", MUST[0] / 1000, MUST[1] / 1000);
    std::process::exit(i32::from(missed));
}
