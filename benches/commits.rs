//! Durable commits per second with eight writers: the service's way of writing against one connection per writer.
//!
//! Invariant: both sides run the same statement on the same disk in the same run, and a commit counts only once it is
//! durable (`synchronous=FULL`, `fsync=on`). The files lie in `TMPDIR`, which has to be a disk.
//! Run it with `cargo bench --bench commits`; read next: `src/db/writer.rs`.
#![expect(clippy::expect_used, clippy::print_stdout, reason = "a measurement that cannot go on ends there")]

#[path = "../tests/it/harness/postgres.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod postgres;

use diesel::prelude::*;
use springboard::db::{self, Conn, Db, Options, Target};
use springboard::kernel::error::Error;
use std::time::{Duration, Instant};

const WRITERS: usize = 8;
const SPAN: Duration = Duration::from_secs(5);
const MUST: u128 = 8;

/// The statement of one write: an event of ordinary size.
fn statement(writer: usize, n: usize) -> String {
    format!(
        "INSERT INTO events (public_id, at, kind, subject, subject_number, request, data) VALUES \
         ('evt_{writer}_{n}', {n}, 'bench', 'bench', {writer}, 'bench', '{{\"fields\":[\"one_liner\",\"website\"]}}')"
    )
}

/// Writes per second through `Db::write`.
fn shared(target: &Target) -> u128 {
    let options = Options { connections: WRITERS as u32, ..Options::default() };
    let db = Db::connect(target, &options).expect("connects");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("runtime");
    let started = Instant::now();
    let writer = |writer: usize| {
        let db = db.clone();
        async move {
            let mut n = 0;
            while started.elapsed() < SPAN {
                let sql = statement(writer, n);
                let run = move |conn: &mut Conn| diesel::sql_query(sql).execute(conn).map_err(Error::from);
                db.write(run).await.expect("written");
                n += 1;
            }
            n
        }
    };
    let written = runtime.block_on(futures_util::future::join_all((0..WRITERS).map(writer)));
    rate(written.iter().sum(), started.elapsed())
}

/// Writes per second with a connection and a transaction of its own for each writer.
fn apart<C: Connection>(
    open: impl Fn() -> C + Sync,
    write: impl Fn(&mut C, &str) -> QueryResult<usize> + Sync,
) -> u128 {
    let started = Instant::now();
    let writer = |writer: usize| {
        let mut conn = open();
        let mut n = 0;
        while started.elapsed() < SPAN {
            // A writer that waited too long for the lock tries again, as a service would.
            n += usize::from(write(&mut conn, &statement(WRITERS + writer, n)).is_ok());
        }
        n
    };
    let written: usize = std::thread::scope(|scope| {
        let writer = &writer;
        let all: Vec<_> = (0..WRITERS).map(|w| scope.spawn(move || writer(w))).collect();
        all.into_iter().map(|t| t.join().expect("ends")).sum()
    });
    rate(written, started.elapsed())
}

fn rate(written: usize, span: Duration) -> u128 {
    written as u128 * 1_000_000 / span.as_micros().max(1)
}

fn sqlite() -> (u128, u128) {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("bench.db");
    let target = Target::Sqlite(path.clone());
    db::migrate(&target).expect("migrates");
    let ours = shared(&target);
    let open = || {
        let mut conn = SqliteConnection::establish(&path.to_string_lossy()).expect("opens");
        let pragmas = "PRAGMA busy_timeout=5000; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;";
        diesel::connection::SimpleConnection::batch_execute(&mut conn, pragmas).expect("pragmas");
        conn
    };
    let peer =
        apart(open, |conn, sql| conn.immediate_transaction(|conn| diesel::sql_query(sql).execute(conn)));
    (ours, peer)
}

fn postgresql() -> (u128, u128) {
    let target = postgres::durable_database("bench");
    let Target::Postgres(url) = &target else { return (0, 0) };
    let ours = shared(&target);
    let peer = apart(
        || PgConnection::establish(url).expect("opens"),
        |conn, sql| conn.transaction(|conn| diesel::sql_query(sql).execute(conn)),
    );
    (ours, peer)
}

fn line(name: &str, (ours, peer): (u128, u128)) -> u128 {
    let tenths = ours * 10 / peer.max(1);
    println!("| {name} | {ours} | {peer} | {}.{} × |", tenths / 10, tenths % 10);
    tenths
}

fn main() {
    println!("{WRITERS} writers, {} s each, durable commits per second\n", SPAN.as_secs());
    println!("| database | Db::write | a connection per writer | ratio |\n| --- | ---: | ---: | ---: |");
    let tenths = line("SQLite, synchronous=FULL", sqlite());
    if postgres::available() {
        line("PostgreSQL, fsync=on", postgresql());
    }
    let verdict = if tenths >= MUST * 10 { "reached" } else { "MISSED" };
    println!("\non SQLite at least {MUST} × is wanted: {verdict}");
    std::process::exit(i32::from(tenths < MUST * 10));
}
