//! The event log: it cannot be rewritten, its chain shows that it was, and followers never skip an event.
//!
//! Invariant: every test writes events through [`events::emit`] only. Read next: `src/events/mod.rs`, `src/events/follow/mod.rs`.

use crate::harness::{TestApp, fresh_database, postgres};
use diesel::prelude::*;
use springboard::db::{Conn, Db, Kind, Options, Target};
use springboard::events::{self, Act, Event, Subject};
use springboard::kernel::error::{Error, Result};
use springboard::kernel::time::Timestamp;
use springboard::program::background::Background;
use std::sync::mpsc;
use std::time::Duration;

fn emit(conn: &mut Conn, subject: &str) -> Result<i64> {
    let act = Act::system(Timestamp::from_micros(0), "test");
    events::emit(conn, &act, Event::new(events::Kind::DemoLoaded, Subject::new(subject, 1)))
}

fn sql(conn: &mut Conn, text: &str) -> Result<()> {
    diesel::sql_query(text).execute(conn).map(|_| ()).map_err(Error::from)
}

fn background(app: &TestApp) -> Background {
    Background::new(&app.parts)
}

/// Seals whatever is in the log.
fn seal_all(app: &TestApp) {
    let mut background = background(app);
    background.step().expect("looks");
    background.step().expect("seals");
}

/// How many events the chain covers; it is whole up to there.
fn sealed(app: &TestApp) -> i64 {
    #[derive(QueryableByName)]
    struct Count {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        n: i64,
    }
    app.read(|conn| {
        let all: Count = diesel::sql_query("SELECT COUNT(*) AS n FROM event_seals").get_result(conn)?;
        Ok(all.n)
    })
}

both! {
    fn an_event_is_never_changed_or_removed(app: &TestApp) {
        app.parts.edge.db.write_now(|conn| emit(conn, "a")).expect("emitted");
        let mut attempts = vec!["UPDATE events SET subject = 'b'", "DELETE FROM events"];
        if app.parts.edge.db.kind() == Kind::Postgres {
            attempts.push("TRUNCATE events CASCADE");
        }
        for text in attempts {
            let refused = app.parts.edge.db.write_now(move |conn| sql(conn, text)).expect_err(text);
            let cause = refused.cause.expect("a cause").to_string();
            assert!(cause.contains("append-only"), "{text}: {cause}");
        }
        let log = app.read(|conn| events::after(conn, 0, 10));
        assert_eq!(log.iter().filter(|e| e.subject == "a").count(), 1);
    }

    fn the_chain_covers_every_settled_event_and_is_extended(app: &TestApp) {
        let written = |n: i64| (0..n).for_each(|i| {
            app.parts.edge.db.write_now(move |conn| emit(conn, &format!("s{i}"))).expect("emitted");
        });
        written(3);
        seal_all(app);
        let first = sealed(app);
        assert!(first >= 3);
        let many = |conn: &mut Conn| (0..1200).try_for_each(|_| emit(conn, "many").map(|_| ()));
        app.parts.edge.db.write_now(many).expect("emitted");
        seal_all(app);
        assert_eq!(sealed(app), first + 1200);
        assert_eq!(app.read(events::verify), None);
    }

    fn a_log_that_was_tampered_with_breaks_the_chain_there(app: &TestApp) {
        let revisions: Vec<i64> = (0..4)
            .map(|i| app.parts.edge.db.write_now(move |conn| emit(conn, &format!("s{i}"))).expect("emitted"))
            .collect();
        seal_all(app);
        assert_eq!(app.read(events::verify), None);
        let trigger = match app.parts.edge.db.kind() {
            Kind::Sqlite => "DROP TRIGGER events_are_never_changed",
            Kind::Postgres => "DROP TRIGGER events_are_never_changed ON events",
        };
        let third = revisions[2];
        app.parts.edge.db.write_now(move |conn| {
            sql(conn, trigger)?;
            sql(conn, &format!("UPDATE events SET subject = 'forged' WHERE id = {third}"))
        }).expect("the database's owner can do this");
        assert_eq!(app.read(events::verify), Some(third));
    }

    fn old_replies_are_removed_after_a_day(app: &TestApp) {
        let keep = |name: &'static str, at: Timestamp| app.parts.edge.db.write_now(move |conn| sql(conn, &format!(
            "INSERT INTO idempotency_keys VALUES ('s', '{name}', 'f', 200, '[]', '', {})", at.micros()
        ))).expect("stored");
        let count = || app.parts.edge.db.write_now(|conn| {
            diesel::sql_query("UPDATE idempotency_keys SET status = 200").execute(conn).map_err(Error::from)
        }).expect("counted");
        keep("old", app.parts.edge.clock.now());
        app.advance(Duration::from_secs(24 * 3600));
        keep("young", app.parts.edge.clock.now());
        let mut background = background(app);
        background.step().expect("a reply of exactly a day is kept");
        assert_eq!(count(), 2);
        app.advance(Duration::from_secs(600));
        background.step().expect("prunes");
        assert_eq!(count(), 1);
    }
}

#[test]
fn an_event_that_commits_late_is_sealed_in_its_place() {
    if !postgres::available() {
        return;
    }
    let app = TestApp::start(Kind::Postgres);
    let (emitted, hear) = mpsc::channel();
    let (release, gate) = mpsc::channel::<()>();
    let db = app.parts.edge.db.clone();
    let late = std::thread::spawn(move || {
        db.write_now(move |conn| {
            let revision = emit(conn, "late")?;
            emitted.send(revision).map_err(Error::internal)?;
            gate.recv().map_err(Error::internal)?;
            Ok(revision)
        })
    });
    let early = hear.recv().expect("the late one has its revision");
    let after = app.parts.edge.db.write_now(|conn| emit(conn, "after")).expect("overtakes");
    assert!(early < after);
    let mut background = background(&app);
    let before = sealed(&app);
    (0..3).for_each(|_| background.step().expect("steps"));
    assert_eq!(sealed(&app), before, "nothing is sealed while a gap may still be filled");
    release.send(()).expect("waits");
    late.join().expect("ends").expect("commits");
    (0..3).for_each(|_| background.step().expect("steps"));
    assert!(sealed(&app) >= 2);
    assert_eq!(app.read(events::verify), None);
    let log = app.read(move |conn| events::after(conn, early - 1, 2));
    assert_eq!(log.iter().map(|e| e.subject.as_str()).collect::<Vec<_>>(), ["late", "after"]);
}

#[test]
fn an_act_knows_its_own_last_revision_when_others_have_overtaken_it() {
    if !postgres::available() {
        return;
    }
    let app = TestApp::start(Kind::Postgres);
    let (emitted, hear) = mpsc::channel();
    let (release, gate) = mpsc::channel::<()>();
    let db = app.parts.edge.db.clone();
    let late = std::thread::spawn(move || {
        db.write_now(move |conn| {
            let act = Act::system(Timestamp::from_micros(0), "test");
            assert_eq!(act.emitted(), None);
            let copy = act.clone();
            let event = Event::new(events::Kind::DemoLoaded, Subject::new("late", 1));
            emitted.send(events::emit(conn, &copy, event)?).map_err(Error::internal)?;
            gate.recv().map_err(Error::internal)?;
            Ok((act.emitted(), events::revision(conn)?))
        })
    });
    let own = hear.recv().expect("the late one has its revision");
    let after = app.parts.edge.db.write_now(|conn| emit(conn, "after")).expect("overtakes");
    release.send(()).expect("waits");
    assert_eq!(late.join().expect("ends").expect("commits"), (Some(own), after));
}

#[test]
fn two_nodes_seal_the_same_log_once() {
    let folder = tempfile::tempdir().expect("folder");
    let mut targets = vec![fresh_database(Kind::Sqlite, folder.path())];
    if postgres::available() {
        targets.push(fresh_database(Kind::Postgres, folder.path()));
    }
    for target in targets {
        let nodes = [connect(&target), connect(&target)];
        let many = |conn: &mut Conn| (0..300).try_for_each(|_| emit(conn, "many").map(|_| ()));
        nodes[0].write_now(many).expect("emitted");
        std::thread::scope(|scope| {
            for db in &nodes {
                scope.spawn(|| {
                    // One of the two may lose the race and leaves the work to the other.
                    let _sealed = db.write_now(|conn| events::seal(conn, i64::MAX));
                });
            }
        });
        assert_eq!(nodes[1].write_now(|conn| events::seal(conn, i64::MAX)).expect("seals"), 0);
        assert_eq!(nodes[1].read_now(events::verify).expect("verifies"), None);
    }
}

fn connect(target: &Target) -> Db {
    Db::connect(target, &Options::default()).expect("connects")
}
