//! Followers of the log on one node at a time: a lease, a stored position, and no event that nobody handled.
//!
//! Invariant: two nodes are two handles of one database; the clock is a value. Read next: `src/events/follow/mod.rs`.

use crate::harness::{fresh_database, postgres};
use diesel::prelude::*;
use springboard::db::{Conn, Db, Kind, Options, Target, schema::secrets};
use springboard::events::{self, Act, Entry, Event, Follower, LEASE, Subject, Subscriber};
use springboard::kernel::error::{Error, Result};
use springboard::kernel::time::Timestamp;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

fn start() -> Timestamp {
    Timestamp::from_micros(1_700_000_000_000_000)
}

/// What a subscriber was given, and whether it fails after its effect.
#[derive(Clone, Default)]
struct Book {
    handled: Arc<Mutex<Vec<i64>>>,
    fails: Arc<AtomicBool>,
    panics: Arc<AtomicBool>,
}

impl Book {
    fn handled(&self) -> Vec<i64> {
        self.handled.lock().expect("book").clone()
    }
}

impl Subscriber for Book {
    fn name(&self) -> &'static str {
        "book"
    }

    fn handle(&self, conn: &mut Conn, entries: &[Entry], _: Timestamp) -> Result<()> {
        for entry in entries {
            let row =
                (secrets::name.eq(format!("event {}", entry.revision)), secrets::value.eq(&entry.subject));
            diesel::insert_into(secrets::table).values(row).execute(conn)?;
        }
        assert!(!self.panics.load(Ordering::SeqCst), "as it was told");
        if self.fails.load(Ordering::SeqCst) {
            return Err(Error::internal("as it was told"));
        }
        self.handled.lock().expect("book").extend(entries.iter().map(|entry| entry.revision));
        Ok(())
    }
}

/// The effects in the database.
fn effects(db: &Db) -> Vec<String> {
    db.read_now(|conn| Ok(secrets::table.select(secrets::name).order(secrets::name).load(conn)?))
        .expect("effects")
}

fn emit(conn: &mut Conn, subject: &str) -> Result<i64> {
    let act = Act::system(start(), "test");
    events::emit(conn, &act, Event::new(events::Kind::DemoLoaded, Subject::new(subject, 1)))
}

fn written(db: &Db, n: usize) -> Vec<i64> {
    (0..n).map(|_| db.write_now(|conn| emit(conn, "s")).expect("emitted")).collect()
}

fn connect(target: &Target) -> Db {
    Db::connect(target, &Options::default()).expect("connects")
}

/// Runs a test over two nodes on either database.
fn on_both(test: impl Fn([Db; 2])) {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        if kind == Kind::Sqlite || postgres::available() {
            let folder = tempfile::tempdir().expect("folder");
            let target = fresh_database(kind, folder.path());
            test([connect(&target), connect(&target)]);
        }
    }
}

fn after(span: Duration) -> Timestamp {
    start().plus(span)
}

#[test]
fn one_node_steps_and_another_goes_on_once_the_lease_has_ended() {
    on_both(|[one, other]| {
        let book = Book::default();
        let (here, there) = (Follower::new(book.clone()), Follower::new(book.clone()));
        let mut all = written(&one, 3);
        assert_eq!(here.step(&one, start()).expect("steps"), 3);
        all.extend(written(&other, 2));
        assert_eq!(there.step(&other, start()).expect("looks"), 0, "the lease is another's");
        let just_before = LEASE - Duration::from_micros(1);
        assert_eq!(there.step(&other, after(just_before)).expect("looks"), 0);
        assert_eq!(there.step(&other, after(LEASE)).expect("takes over"), 2);
        assert_eq!(book.handled(), all, "each once, in order");
        all.extend(written(&one, 1));
        assert_eq!(here.step(&one, after(LEASE)).expect("looks"), 0, "the lease is lost");
        assert_eq!(there.step(&other, after(LEASE)).expect("steps"), 1);
        assert_eq!(book.handled(), all);
    });
}

#[test]
fn whoever_steps_renews_the_lease_and_whoever_stops_gives_it_back() {
    on_both(|[one, other]| {
        let book = Book::default();
        let (here, there) = (Follower::new(book.clone()), Follower::new(book.clone()));
        written(&one, 1);
        assert_eq!(here.step(&one, start()).expect("steps"), 1);
        written(&one, 1);
        let later = Duration::from_secs(10);
        assert_eq!(here.step(&one, after(later)).expect("steps"), 1);
        written(&one, 1);
        assert_eq!(there.step(&other, after(LEASE)).expect("looks"), 0, "it was renewed");
        there.release(&other).expect("it holds none");
        assert_eq!(there.step(&other, after(LEASE)).expect("looks"), 0);
        here.release(&one).expect("releases");
        assert_eq!(there.step(&other, after(LEASE)).expect("steps"), 1);
        assert_eq!(book.handled().len(), 3);
    });
}

#[test]
fn what_fails_leaves_nothing_and_comes_again_to_whoever_is_next() {
    on_both(|[one, other]| {
        let book = Book::default();
        let (here, there) = (Follower::new(book.clone()), Follower::new(book.clone()));
        let before = effects(&one);
        let all = written(&one, 3);
        for fault in [&book.fails, &book.panics] {
            fault.store(true, Ordering::SeqCst);
            here.step(&one, start()).expect_err("as it was told");
            assert_eq!(effects(&other), before, "effect, position and lease are one transaction");
            fault.store(false, Ordering::SeqCst);
        }
        assert_eq!(there.step(&other, start()).expect("steps"), 3);
        assert_eq!(book.handled(), all);
        assert_eq!(effects(&one).len(), before.len() + 3);
    });
}

#[test]
fn two_nodes_that_step_at_once_handle_each_of_many_events_once() {
    on_both(|nodes| {
        let book = Book::default();
        let many = |conn: &mut Conn| (0..1_200).map(|_| emit(conn, "many")).collect::<Result<Vec<_>>>();
        let all = nodes[0].write_now(many).expect("emitted");
        std::thread::scope(|scope| {
            for db in &nodes {
                let follower = Follower::new(book.clone());
                scope.spawn(move || follower.step(db, start()).expect("steps"));
            }
        });
        assert_eq!(book.handled(), all);
    });
}

#[test]
fn an_event_that_becomes_visible_late_is_handled_in_its_place() {
    if !postgres::available() {
        return;
    }
    let folder = tempfile::tempdir().expect("folder");
    let target = fresh_database(Kind::Postgres, folder.path());
    let [one, other] = [connect(&target), connect(&target)];
    let book = Book::default();
    let (here, there) = (Follower::new(book.clone()), Follower::new(book.clone()));
    let settled = written(&one, 1);
    assert_eq!(here.step(&one, start()).expect("steps"), 1);
    let (emitted, hear) = mpsc::channel();
    let (release, gate) = mpsc::channel::<()>();
    let db = other.clone();
    let late = std::thread::spawn(move || {
        db.write_now(move |conn| {
            emitted.send(emit(conn, "late")?).map_err(Error::internal)?;
            gate.recv().map_err(Error::internal)
        })
    });
    let early = hear.recv().expect("the late one has its revision");
    let overtaking = written(&one, 2);
    assert!(early < overtaking[0]);
    for _ in 0..3 {
        assert_eq!(here.step(&one, start()).expect("looks"), 0, "a gap may still be filled");
        assert_eq!(there.step(&other, after(LEASE)).expect("looks"), 0, "by no other node either");
    }
    release.send(()).expect("waits");
    late.join().expect("ends").expect("commits");
    assert_eq!(there.step(&other, after(LEASE)).expect("takes over"), 3);
    assert_eq!(book.handled(), [settled, vec![early], overtaking].concat());
}
