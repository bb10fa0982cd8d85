//! The same lists from PostgreSQL: the whole score in SQL on the best layout we could give it, against the engine.
//!
//! Startups are one table of plain numbers, with what depends on no investor worked out; references, readiness and
//! contacts lie in a table by market; every investor's view of every code lies in arrays that a query reads once. The
//! server has its tables in memory and one process a query. Both are timed alike: by the wall, from the question to all of
//! its rows, the shortest of three. Gates that the population's investors do not have (required
//! references, least regulation, homes and startups by name) are left out of the SQL; everything else is the score.
//!
//! Invariant: only a list that differs, in number, score or confidence, fails the run.
//! Read next: `query.sql`, then `startups.sql` and `theses.sql`.
#![expect(clippy::expect_used, clippy::print_stdout, reason = "a measurement that cannot go on ends there")]

#[path = "../ranking/clock.rs"]
#[expect(dead_code, reason = "the ranking uses more of it")]
mod clock;
mod load;
#[path = "../../tests/it/harness/postgres.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod postgres;

use clap::Parser;
use clock::{Series, best_of, ms, once, times};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Text};
use load::Rows;
use springboard::db::Target;
use springboard::engine::profile::InvestorKey;
use springboard::engine::{Hit, Query, Snapshot};
use springboard::population::Population;
use std::os::unix::fs::PermissionsExt;

/// A time is the shortest of so many.
const RUNS: usize = 3;
/// Columns of a thesis that are arrays.
const ARRAYS: [&str; 22] = [
    "blended",
    "blended_further",
    "revealed",
    "revealed_further",
    "essential",
    "essential_further",
    "stages",
    "stage_essential",
    "rounds",
    "targets",
    "cheques",
    "ticket_known",
    "countries",
    "city_known",
    "opens",
    "markets",
    "market_list",
    "excluded_homes",
    "cities",
    "ties",
    "spoken",
    "excluded_sectors",
];

/// Measures the engine against PostgreSQL on the same population.
#[derive(Parser)]
struct Options {
    /// How many startups there are.
    #[arg(long, default_value_t = 100_000)]
    startups: u64,
    /// How many investors there are, every other one broad; each asks.
    #[arg(long, default_value_t = 200)]
    investors: u64,
    /// Seed of the population.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Shows what the server does for one broad investor.
    #[arg(long)]
    plan: bool,
    #[arg(long, hide = true)]
    bench: bool,
}

/// A row of an answer.
#[derive(QueryableByName)]
struct Answer {
    #[diesel(sql_type = Integer)]
    id: i32,
    #[diesel(sql_type = BigInt)]
    score: i64,
    #[diesel(sql_type = BigInt)]
    confidence: i64,
}

/// A line of a plan.
#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
    text: String,
}

fn main() {
    let mut options = Options::parse();
    if !options.bench {
        (options.startups, options.investors) = (options.startups / 50, options.investors / 10);
    }
    if !postgres::available() {
        return;
    }
    let population = Population::new(options.seed, options.startups, options.investors);
    let mut server = server();
    let (_, loaded) = once(|| fill(&mut server, &population));
    println!("loaded and worked out in {} ms", ms(loaded.wall));
    if options.plan {
        let lines: Vec<Line> = diesel::sql_query("EXPLAIN (ANALYZE, VERBOSE, BUFFERS) EXECUTE best(1)")
            .load(&mut server)
            .expect("a plan");
        lines.iter().for_each(|line| println!("{}", line.text));
    }
    let snapshot = population.snapshot();
    println!("top 50 of {} startups, {} investors\n", options.startups, options.investors);
    println!("| | equal | PostgreSQL mean | p50 | p99 | engine mean | p50 | p99 | ratio of the means |");
    println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    let all_equal = [("ordinary", false), ("broad", true)].map(|(class, broad)| {
        let asking = (0..options.investors).filter(|k| Population::is_broad(*k) == broad);
        compare(class, &mut server, &snapshot, asking)
    });
    std::process::exit(i32::from(all_equal != [true, true]));
}

fn compare(
    class: &str,
    server: &mut PgConnection,
    snapshot: &Snapshot,
    asking: impl Iterator<Item = u64>,
) -> bool {
    let (mut peer, mut engine, mut equal) = (Series::default(), Series::default(), 0);
    for k in asking {
        let (theirs, slow) = best_of(RUNS, || answer(server, k));
        let query = Query::top(50);
        let list = || snapshot.startups_for(InvestorKey(k), &query).expect("the investor is there").hits;
        let (ours, fast) = best_of(RUNS, list);
        peer.push(slow.wall);
        engine.push(fast.wall);
        equal += usize::from(ours == theirs);
        if ours != theirs {
            let at = ours.iter().zip(&theirs).take_while(|(a, b)| a == b).count();
            println!("DIFFERENT for {k} at {at}: engine {:?}, SQL {:?}", ours.get(at), theirs.get(at));
        }
    }
    println!(
        "| {class} | {equal} of {} | {} | {} | {} | {} | {} | {} | {} |",
        engine.len(),
        ms(peer.mean()),
        ms(peer.percentile(50)),
        ms(peer.percentile(99)),
        ms(engine.mean()),
        ms(engine.percentile(50)),
        ms(engine.percentile(99)),
        times(peer.total(), engine.total()),
    );
    equal == engine.len()
}

fn answer(server: &mut PgConnection, investor: u64) -> Vec<Hit> {
    let rows: Vec<Answer> =
        diesel::sql_query(format!("EXECUTE best({investor})")).load(server).expect("the query runs");
    let hit =
        |row: Answer| Hit { id: row.id as u64, score: row.score as u64, confidence: row.confidence as u32 };
    rows.into_iter().map(hit).collect()
}

fn server() -> PgConnection {
    let Target::Postgres(url) = postgres::durable_database("peer") else { unreachable!("it is PostgreSQL") };
    let mut connection = PgConnection::establish(&url).expect("opens");
    run(&mut connection, include_str!("settings.sql"));
    connection
}

fn run(server: &mut PgConnection, sql: &str) {
    server.batch_execute(sql).expect("the statements run");
}

/// Loads the population, works everything out and prepares the query.
fn fill(server: &mut PgConnection, population: &Population) {
    let (world, mut rows) = (population.world(), Rows::default());
    rows.world(&world);
    (0..population.startups()).for_each(|k| rows.startup(&population.startup(k)));
    (0..population.investors()).for_each(|k| rows.investor(&population.investor(k)));
    rows.named(&world);
    run(server, include_str!("tables.sql"));
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).expect("readable");
    for (table, text) in &rows.tables {
        let path = folder.path().join(table);
        std::fs::write(&path, text).expect("written");
        run(server, &format!("COPY {table} FROM '{}' (FORMAT csv)", path.display()));
    }
    let stated = |sql: &str| {
        sql.replace("{today}", &world.today.to_string())
            .replace("{backers}", &rows.backers.len().to_string())
            .replace("{languages}", &rows.languages.len().to_string())
    };
    run(server, include_str!("functions.sql"));
    run(server, &stated(include_str!("startups.sql")));
    run(server, &stated(include_str!("theses.sql")));
    run(server, "VACUUM ANALYZE");
    run(server, &query());
}

/// The query with every name that is read once before the scan.
fn query() -> String {
    let sql = include_str!("query.sql");
    let mut names: Vec<&str> = sql.split('@').skip(1).map(name).filter(|name| *name != "name").collect();
    names.sort_unstable();
    names.dedup();
    let column = |name: &&str| {
        if ARRAYS.contains(name) {
            format!("array_cat({name}, '{{}}') AS {name}")
        } else {
            (*name).to_owned()
        }
    };
    let columns: Vec<String> = names.iter().map(column).collect();
    let (mut out, body) = (String::new(), sql.split_once("PREPARE").expect("it is prepared").1);
    out.push_str("PREPARE");
    let mut rest = body;
    while let Some(at) = rest.find(['@', '%']) {
        let (before, after) = rest.split_at(at);
        let (table, called) = (if after.starts_with('@') { "i" } else { "w" }, name(&after[1..]));
        out.push_str(before);
        match called {
            "" => out.push_str(&after[..1]),
            called => out.push_str(&format!("(SELECT {called} FROM {table})")),
        }
        rest = &after[1 + called.len()..];
    }
    out.push_str(rest);
    out.replace("{columns}", &columns.join(", "))
}

/// The name at the beginning of a text.
fn name(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
    &text[..end]
}
