//! The two promises of `Db::write`: an answer comes after the durable commit, and a verb that fails undoes only itself.
//!
//! Invariant: what a caller was told is what a fresh connection finds. Read next: `src/db/writer.rs`.

use crate::harness::{fresh_database, postgres};
use diesel::prelude::*;
use diesel::sql_types::Text;
use springboard::db::{Conn, Db, Kind, Options, Target};
use springboard::kernel::error::{Code, Error, Result};
use std::collections::BTreeSet;
use std::sync::mpsc;

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

fn insert(conn: &mut Conn, name: &str, value: &str) -> Result<()> {
    let row = diesel::sql_query(format!("INSERT INTO secrets (name, value) VALUES ('{name}', '{value}')"));
    row.execute(conn).map(|_| ()).map_err(Error::from)
}

fn names(conn: &mut Conn) -> Result<BTreeSet<String>> {
    let rows: Vec<Name> = diesel::sql_query("SELECT name FROM secrets").load(conn)?;
    Ok(rows.into_iter().map(|r| r.name).collect())
}

fn pragma(db: &Db, text: &'static str) {
    let set = db.write_now(move |conn| match conn {
        Conn::Sqlite(c) => diesel::connection::SimpleConnection::batch_execute(c, text).map_err(Error::from),
        Conn::Pg(_) => Ok(()),
    });
    set.expect("pragma");
}

fn reopened(target: &Target) -> BTreeSet<String> {
    let db = Db::connect(target, &Options::default()).expect("connects");
    db.read_now(names).expect("reads")
}

/// Runs the verbs so that on SQLite they wait together and share one commit; the errors by name.
fn together(
    db: &Db,
    count: usize,
    verb: impl Fn(&mut Conn, usize) -> Result<()> + Copy + Send + 'static,
) -> Vec<Result<()>> {
    let (release, gate) = mpsc::channel::<()>();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("runtime");
    runtime.block_on(async {
        let first = db.write(move |_| gate.recv().map_err(Error::internal));
        let others = (0..count).map(|n| db.write(move |conn| verb(conn, n)));
        let others = async {
            let all = futures_util::future::join_all(others);
            let queued = async {
                // Every write above has been polled once, and so is in the queue, before this runs.
                tokio::task::yield_now().await;
                release.send(()).expect("the first verb waits");
            };
            futures_util::future::join(all, queued).await.0
        };
        // The first verb only holds the door; where the commit is lost it hears so like the others.
        futures_util::future::join(first, others).await.1
    })
}

fn on_both(test: impl Fn(&Target)) {
    let folder = tempfile::tempdir().expect("folder");
    test(&fresh_database(Kind::Sqlite, folder.path()));
    if postgres::available() {
        test(&fresh_database(Kind::Postgres, folder.path()));
    }
}

#[test]
fn a_verb_that_fails_or_panics_between_others_undoes_only_itself() {
    on_both(|target| {
        let db = Db::connect(target, &Options::default()).expect("connects");
        let told = together(&db, 40, |conn, n| {
            insert(conn, &format!("n{n}"), "x")?;
            match n % 4 {
                1 => Err(Error::new(Code::Conflict, "refused after writing")),
                2 => panic!("after writing"),
                3 => conn.transaction(|conn| {
                    insert(conn, &format!("inner{n}"), "x")?;
                    if n % 8 == 3 { panic!("inside a savepoint of its own") } else { Ok(()) }
                }),
                _ => Ok(()),
            }
        });
        let expected: BTreeSet<String> = (0..40)
            .filter(|n| n % 4 == 0 || n % 8 == 7)
            .flat_map(|n| {
                let inner = (n % 8 == 7).then(|| format!("inner{n}"));
                std::iter::once(format!("n{n}")).chain(inner)
            })
            .collect();
        for (n, told) in told.iter().enumerate() {
            let code = told.as_ref().err().map(|e| e.code);
            let due = match n % 8 {
                1 | 5 => Some(Code::Conflict),
                2 | 3 | 6 => Some(Code::Internal),
                _ => None,
            };
            assert_eq!(code, due, "verb {n}");
        }
        drop(db);
        assert_eq!(reopened(target), expected);
    });
}

#[test]
fn a_full_disk_is_a_503_and_the_neighbours_hear_the_truth() {
    let folder = tempfile::tempdir().expect("folder");
    let target = fresh_database(Kind::Sqlite, folder.path());
    let db = Db::connect(&target, &Options::default()).expect("connects");
    pragma(&db, "PRAGMA max_page_count = 1");
    let told = together(&db, 12, |conn, n| {
        let size = if n == 1 { 400_000 } else { 1 };
        insert(conn, &format!("n{n}"), &"x".repeat(size))
    });
    // The connection is opened afresh after a commit that was lost, and the limit is gone with the old one.
    assert_eq!(told[1].as_ref().err().map(|e| e.code), Some(Code::DatabaseUnavailable));
    let acknowledged: BTreeSet<String> =
        told.iter().enumerate().filter(|(_, t)| t.is_ok()).map(|(n, _)| format!("n{n}")).collect();
    assert_eq!(db.read_now(names).expect("reads still work"), acknowledged);
    pragma(&db, "PRAGMA max_page_count = 1000000");
    db.write_now(|conn| insert(conn, "later", &"x".repeat(400_000))).expect("works again without a restart");
    drop(db);
    assert!(reopened(&target).contains("later"));
}

#[test]
fn a_commit_that_fails_is_told_to_everybody_who_shared_it() {
    let folder = tempfile::tempdir().expect("folder");
    let target = fresh_database(Kind::Sqlite, folder.path());
    let db = Db::connect(&target, &Options::default()).expect("connects");
    let broken = "INSERT INTO event_seals (event_id, hash) VALUES (4711, 'x')";
    let told = together(&db, 6, move |conn, n| {
        insert(conn, &format!("n{n}"), "x")?;
        if n == 3 {
            let deferred = [r"PRAGMA defer_foreign_keys = ON", broken];
            for sql in deferred {
                diesel::sql_query(sql).execute(conn)?;
            }
        }
        Ok(())
    });
    for told in &told {
        assert_eq!(told.as_ref().err().map(|e| e.code), Some(Code::DatabaseUnavailable));
    }
    db.write_now(|conn| insert(conn, "later", "x")).expect("the writer goes on");
    drop(db);
    assert_eq!(reopened(&target), BTreeSet::from(["later".to_owned()]));
}

#[test]
fn a_database_that_is_locked_by_somebody_else_is_a_503() {
    let folder = tempfile::tempdir().expect("folder");
    let target = fresh_database(Kind::Sqlite, folder.path());
    let options = Options { timeout: std::time::Duration::from_millis(50), ..Options::default() };
    let db = Db::connect(&target, &options).expect("connects");
    let Target::Sqlite(path) = &target else { unreachable!() };
    let mut other = SqliteConnection::establish(&path.to_string_lossy()).expect("opens");
    diesel::sql_query("BEGIN IMMEDIATE").execute(&mut other).expect("locks");
    let refused = db.write_now(|conn| insert(conn, "a", "x")).expect_err("locked");
    assert_eq!((refused.code, refused.retry_after), (Code::DatabaseUnavailable, Some(1)));
    diesel::sql_query("ROLLBACK").execute(&mut other).expect("unlocks");
    db.write_now(|conn| insert(conn, "b", "x")).expect("writes again");
    assert_eq!(db.read_now(names).expect("reads"), BTreeSet::from(["b".to_owned()]));
}
