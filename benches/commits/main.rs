//! Durable commits per second with eight writers: the service's way of writing against one connection per writer.
//!
//! Invariant: both sides run the same statement on the same disk in the same run, and a commit counts only once it is
//! durable (`synchronous=FULL`, `fsync=on`). The files lie in `TMPDIR`, which has to be a disk.
//!
//! Eight callers that each wait for their commit make groups of eight, so `8 (c + v) / (c + 8 v)` is all that grouping
//! can bring against writers that never get into each other's way (`c` a commit, `v` a verb): near 8 where a
//! sync is slow, and far from it where one costs no more than a few verbs; what is above 8 comes from writers that wait for
//! each other's locks. The table has the disk as it is, and the same with every sync made three milliseconds slower
//! (`slow_sync.c`, compiled with `cc`, which the build needs anyway).
//! Run it with `cargo bench --bench commits`; read next: `src/db/writer.rs`.
#![expect(clippy::expect_used, clippy::print_stdout, reason = "a measurement that cannot go on ends there")]

#[path = "../../tests/it/harness/postgres.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod postgres;

use diesel::prelude::*;
use diesel::query_builder::InsertStatement;
use springboard::db::{self, Conn, Db, Options, Target, schema::events};
use springboard::kernel::{error::Error, ids::EventId, time::Clock};
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

const WRITERS: usize = 8;
const SPAN: Duration = Duration::from_secs(5);
/// Tenths of the ratio that is wanted; with slow syncs it has to be reached.
const MUST: u128 = 80;
/// Tenths of the ratio that any disk has to show.
const LEAST: u128 = 25;
/// By how much a slow disk's syncs are slower.
const SLOWER_MICROS: &str = "3000";
const SYNCS: usize = 500;

/// An event of ordinary size.
#[derive(Insertable)]
#[diesel(table_name = events)]
struct Row {
    public_id: String,
    at: i64,
    kind: &'static str,
    subject: &'static str,
    subject_number: i64,
    request: &'static str,
    data: &'static str,
}

impl Row {
    fn new(writer: usize, n: usize) -> Self {
        Self {
            public_id: EventId::new(Clock::System.now()).to_string(),
            at: n as i64,
            kind: "bench",
            subject: "bench",
            subject_number: writer as i64,
            request: "bench",
            data: "{\"fields\":[\"one_liner\",\"website\"]}",
        }
    }
}

fn insert(row: Row) -> InsertStatement<events::table, <Row as Insertable<events::table>>::Values> {
    diesel::insert_into(events::table).values(row)
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
                let statement = insert(Row::new(writer, n));
                let run = move |conn: &mut Conn| statement.execute(conn).map_err(Error::from);
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
    write: impl Fn(&mut C, Row) -> QueryResult<usize> + Sync,
) -> u128 {
    let started = Instant::now();
    let writer = |writer: usize| {
        let mut conn = open();
        let mut n = 0;
        while started.elapsed() < SPAN {
            // A writer that waited too long for the lock tries again, as a service would.
            n += usize::from(write(&mut conn, Row::new(WRITERS + writer, n)).is_ok());
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

/// Median microseconds of a sync after a write of one page.
fn sync(folder: &Path) -> u128 {
    let mut file = std::fs::File::create(folder.join("sync")).expect("file");
    let mut once = || {
        file.write_all(&[7; 4_096]).expect("written");
        let started = Instant::now();
        file.sync_data().expect("synced");
        started.elapsed().as_micros()
    };
    let mut all: Vec<_> = (0..SYNCS).map(|_| once()).collect();
    all.sort_unstable();
    all[SYNCS / 2]
}

fn rate(written: usize, span: Duration) -> u128 {
    written as u128 * 1_000_000 / span.as_micros().max(1)
}

/// A folder and a migrated SQLite database in it.
struct File {
    folder: tempfile::TempDir,
    target: Target,
}

impl File {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("folder");
        let target = Target::Sqlite(folder.path().join("bench.db"));
        db::migrate(&target).expect("migrates");
        Self { folder, target }
    }

    fn open(&self) -> SqliteConnection {
        let path = self.folder.path().join("bench.db");
        let mut conn = SqliteConnection::establish(&path.to_string_lossy()).expect("opens");
        let pragmas = "PRAGMA busy_timeout=5000; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;";
        diesel::connection::SimpleConnection::batch_execute(&mut conn, pragmas).expect("pragmas");
        conn
    }

    fn measured(&self) -> Figures {
        let ours = shared(&self.target);
        let peer =
            apart(|| self.open(), |conn, row| conn.immediate_transaction(|conn| insert(row).execute(conn)));
        Figures { sync: sync(self.folder.path()), ours, peer }
    }
}

fn postgresql() -> Figures {
    let folder = tempfile::tempdir().expect("folder");
    let target = postgres::durable_database("bench");
    let ours = shared(&target);
    let Target::Postgres(url) = &target else { unreachable!("the harness gives a PostgreSQL") };
    let open = || PgConnection::establish(url).expect("opens");
    let peer = apart(open, |conn, row| conn.transaction(|conn| insert(row).execute(conn)));
    Figures { sync: sync(folder.path()), ours, peer }
}

/// What one row of the table says.
struct Figures {
    sync: u128,
    ours: u128,
    peer: u128,
}

impl Figures {
    /// Prints the row; the ratio in tenths.
    fn print(&self, name: &str) -> u128 {
        let Self { sync, ours, peer } = self;
        let tenths = ours * 10 / (*peer).max(1);
        println!("| {name} | {sync} µs | {ours} | {peer} | {}.{} × |", tenths / 10, tenths % 10);
        tenths
    }
}

/// Runs this program again on a disk with slower syncs; it prints its row itself.
fn slow() -> bool {
    let folder = tempfile::tempdir().expect("folder");
    let library = folder.path().join("slow_sync.so");
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/commits/slow_sync.c");
    let built = Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&library).arg(source).status();
    assert!(built.expect("cc runs").success(), "slow_sync.c is compiled");
    let mut again = Command::new(std::env::current_exe().expect("this program"));
    again.env("LD_PRELOAD", &library).env("SLOWER_MICROS", SLOWER_MICROS);
    again.status().expect("runs again").success()
}

fn main() {
    if std::env::var_os("SLOWER_MICROS").is_some() {
        let tenths = File::new().measured().print("SQLite, synchronous=FULL, every sync 3 ms slower");
        std::process::exit(i32::from(tenths < MUST));
    }
    println!("{WRITERS} writers, {} s each, durable commits per second\n", SPAN.as_secs());
    println!("| database | a sync | Db::write | a connection per writer | ratio |");
    println!("| --- | ---: | ---: | ---: | ---: |");
    let tenths = File::new().measured().print("SQLite, synchronous=FULL");
    let slow = slow();
    if postgres::available() {
        postgresql().print("PostgreSQL, fsync=on");
    }
    let verdict = |reached: bool| if reached { "reached" } else { "MISSED" };
    println!(
        "\non SQLite at least {} × is wanted: on this disk {}, with slower syncs {}",
        MUST / 10,
        verdict(tenths >= MUST),
        verdict(slow)
    );
    std::process::exit(i32::from(!slow || tenths < LEAST));
}
