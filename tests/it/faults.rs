//! The process dies or is told to stop while clients write: ASSURANCE F1 and F14 in a short form.
//!
//! Invariant: every client keeps a ledger of what it was told; afterwards the service has to agree with it.
//! `SPRINGBOARD_KILL_ROUNDS` makes more rounds. Read next: `src/db/writer.rs`.

use crate::harness::{Client, fresh_database, postgres, process::Process, times};
use diesel::prelude::*;
use serde_json::{Value, json};
use springboard::db::{Conn, Db, Kind, Options, Target};
use springboard::events;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const CLIENTS: usize = 8;

/// What one client asked for under one key, and what it was told.
struct Line {
    key: String,
    told: Option<String>,
}

fn request(key: &str) -> Value {
    json!({"email": format!("{key}@example.org"), "password": crate::harness::callers::PASSWORD})
}

/// Writes until the service is gone; after `enough` acknowledged writes it is killed.
fn write_until_killed(process: Process, round: usize, enough: usize) -> Vec<Line> {
    let acknowledged = AtomicUsize::new(0);
    let base = process.base.clone();
    let client = |n: usize| {
        let http = reqwest::blocking::Client::builder().no_proxy().build().expect("client");
        let mut ledger = Vec::new();
        loop {
            let key = format!("r{round}c{n}w{}", ledger.len());
            let post = http.post(format!("{base}/v1/people")).header("idempotency-key", &key);
            let answer = post.json(&request(&key)).send().and_then(|r| Ok((r.status().as_u16(), r.text()?)));
            match answer {
                Ok((202, text)) => {
                    acknowledged.fetch_add(1, Ordering::SeqCst);
                    ledger.push(Line { key, told: Some(text) });
                }
                Ok((status, text)) => panic!("{status} {text}"),
                Err(_) => {
                    ledger.push(Line { key, told: None });
                    return ledger;
                }
            }
        }
    };
    std::thread::scope(|scope| {
        let client = &client;
        let all: Vec<_> = (0..CLIENTS).map(|n| scope.spawn(move || client(n))).collect();
        while acknowledged.load(Ordering::SeqCst) < enough {
            std::thread::yield_now();
        }
        process.kill();
        all.into_iter().flat_map(|t| t.join().expect("a client")).collect()
    })
}

/// Repeats every request: what was acknowledged is there, what was not takes effect now or did already.
fn settle(base: &str, ledger: &[Line]) {
    let client = Client::new(base);
    for line in ledger {
        let again = client.post_once("/v1/people", &line.key, &request(&line.key)).expect(202);
        if let Some(told) = &line.told {
            assert_eq!((&again.text, again.header("idempotent-replayed")), (told, "true"), "{}", line.key);
        }
        let twice = client.post_once("/v1/people", &line.key, &request(&line.key)).expect(202);
        assert_eq!((&twice.text, twice.header("idempotent-replayed")), (&again.text, "true"));
    }
}

/// Every key took effect exactly once, the chain of the log is whole, and so is the file.
fn audit(target: &Target, keys: usize) {
    let db = Db::connect(target, &Options::default()).expect("connects");
    let log = db.read_now(|conn| events::after(conn, 0, 1_000_000)).expect("log");
    let count = |kind: &str| log.iter().filter(|e| e.kind == kind).count();
    assert_eq!((count("person.signed_up"), count("person.signed_up_again")), (keys, 0));
    assert_eq!(db.read_now(events::verify).expect("verifies"), None);
    let faults = db.read_now(|conn| match conn {
        Conn::Sqlite(c) => {
            let all: Count = diesel::sql_query(
                "SELECT (SELECT COUNT(*) FROM pragma_foreign_key_check) + (SELECT COUNT(*) FROM pragma_integrity_check \
                 WHERE integrity_check <> 'ok') AS n",
            )
            .get_result(c)?;
            Ok(all.n)
        }
        Conn::Pg(_) => Ok(0),
    });
    assert_eq!(faults.expect("checks"), 0);
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    n: i64,
}

fn survives(kind: Kind) {
    let folder = tempfile::tempdir().expect("folder");
    let target = match kind {
        Kind::Sqlite => fresh_database(kind, folder.path()),
        Kind::Postgres => postgres::durable_database("faults"),
    };
    let (mut keys, rounds) = (0, times("SPRINGBOARD_KILL_ROUNDS", 3));
    for round in 0..rounds {
        let process = Process::serve(&target, folder.path(), &[]);
        let ledger = write_until_killed(process, round, 20 + 17 * round % 60);
        keys += ledger.len();
        let process = Process::serve(&target, folder.path(), &[]);
        settle(&process.base, &ledger);
        process.kill();
        audit(&target, keys);
    }
    eprintln!("{kind:?}: {rounds} deaths, {keys} writes, none lost, none twice");
}

#[test]
fn a_killed_process_keeps_every_acknowledged_write_on_sqlite() {
    survives(Kind::Sqlite);
}

#[test]
fn a_killed_process_keeps_every_acknowledged_write_on_postgres() {
    if postgres::available() {
        survives(Kind::Postgres);
    }
}

/// Asks until the service says that it drains.
fn draining(client: &Client) {
    while client.get("/readyz").body["status"] != "draining" {
        std::thread::yield_now();
    }
}

#[test]
fn a_process_that_is_told_to_stop_says_so_and_ends_well() {
    let folder = tempfile::tempdir().expect("folder");
    let target = fresh_database(Kind::Sqlite, folder.path());
    let process = Process::serve(&target, folder.path(), &["--drain-delay", "2"]);
    let client = Client::new(&process.base);
    client.get("/readyz").expect(200);
    process.terminate();
    draining(&client);
    client.post("/v1/people", &request("late")).expect(202);
    client.get("/livez").expect(200);
    assert_eq!(process.ended().code(), Some(0));
}

#[test]
fn a_second_signal_ends_the_process_at_once() {
    let folder = tempfile::tempdir().expect("folder");
    let target = fresh_database(Kind::Sqlite, folder.path());
    let process = Process::serve(&target, folder.path(), &["--drain-delay", "600"]);
    let client = Client::new(&process.base);
    process.terminate();
    draining(&client);
    process.terminate();
    assert_eq!(process.ended().code(), Some(0));
}

#[test]
fn a_second_signal_cuts_off_the_requests_that_a_draining_process_waits_for() {
    let folder = tempfile::tempdir().expect("folder");
    let target = fresh_database(Kind::Sqlite, folder.path());
    let process = Process::serve(&target, folder.path(), &["--drain-delay", "0"]);
    let address = process.base.trim_start_matches("http://").to_owned();
    let mut slow = TcpStream::connect(&address).expect("connects");
    let head =
        "POST /v1/people HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\n";
    write!(slow, "{head}Expect: 100-continue\r\n\r\n").expect("sends");
    let mut begun = [0; 12];
    slow.read_exact(&mut begun).expect("the request is under way");
    assert_eq!(&begun, b"HTTP/1.1 100");
    process.terminate();
    while TcpStream::connect(&address).is_ok() {
        std::thread::yield_now();
    }
    let closed = Instant::now();
    process.terminate();
    assert_eq!(process.ended().code(), Some(0));
    // Without the second signal it would wait for the body, which comes within 30 seconds or not at all.
    assert!(closed.elapsed() < Duration::from_secs(15), "{:?}", closed.elapsed());
}
