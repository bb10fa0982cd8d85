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
use std::task::Poll;

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
fn a_commit_is_counted_even_if_nobody_waits_for_it_any_more() {
    on_both(|target| {
        let db = Db::connect(target, &Options::default()).expect("connects");
        let before = db.commits();
        let (release, gate) = mpsc::channel::<()>();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("runtime");
        runtime.block_on(async {
            let mut write = Box::pin(db.write(move |conn| {
                insert(conn, "left", "x")?;
                gate.recv().map_err(Error::internal)
            }));
            let begun = std::future::poll_fn(|cx| Poll::Ready(write.as_mut().poll(cx).is_pending()));
            assert!(begun.await);
            let committed = db.committed();
            drop(write);
            release.send(()).expect("the verb waits");
            let patience = std::time::Duration::from_secs(60);
            tokio::time::timeout(patience, committed).await.expect("is told of the commit");
        });
        assert_eq!(db.commits(), before + 1);
        assert_eq!(db.read_now(names).expect("reads"), BTreeSet::from(["left".to_owned()]));
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
    let options = Options { timeout: std::time::Duration::from_millis(250), ..Options::default() };
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

#[test]
fn a_locked_file_is_told_to_all_who_waited_and_the_connection_stays() {
    let folder = tempfile::tempdir().expect("folder");
    let target = fresh_database(Kind::Sqlite, folder.path());
    let timeout = std::time::Duration::from_millis(300);
    let db = Db::connect(&target, &Options { timeout, ..Options::default() }).expect("connects");
    pragma(&db, "CREATE TEMP TABLE of_this_connection (n INTEGER)");
    let Target::Sqlite(path) = &target else { unreachable!() };
    let mut other = SqliteConnection::establish(&path.to_string_lossy()).expect("opens");
    diesel::sql_query("BEGIN IMMEDIATE").execute(&mut other).expect("locks");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("runtime");
    let began = std::time::Instant::now();
    let waiting = (0..50).map(|n| db.write(move |conn| insert(conn, &format!("n{n}"), "x")));
    for told in runtime.block_on(futures_util::future::join_all(waiting)) {
        let refused = told.expect_err("locked");
        assert_eq!((refused.code, refused.retry_after), (Code::DatabaseUnavailable, Some(1)));
    }
    // One after the other they would have waited for 15 seconds.
    assert!(began.elapsed() < timeout * 20, "{:?}", began.elapsed());
    diesel::sql_query("ROLLBACK").execute(&mut other).expect("unlocks");
    pragma(&db, "INSERT INTO of_this_connection VALUES (1)");
    assert!(db.read_now(names).expect("reads").is_empty());
}

#[test]
fn a_write_too_many_is_refused_at_once() {
    let folder = tempfile::tempdir().expect("folder");
    let target = fresh_database(Kind::Sqlite, folder.path());
    let timeout = std::time::Duration::from_secs(60);
    let db = Db::connect(&target, &Options { timeout, ..Options::default() }).expect("connects");
    let told = together(&db, 1_500, |conn, n| insert(conn, &format!("n{n}"), "x"));
    let refused: Vec<&Error> = told.iter().filter_map(|t| t.as_ref().err()).collect();
    let stored = db.read_now(names).expect("reads").len();
    assert!((1_000..1_100).contains(&stored), "{stored}");
    assert_eq!(stored + refused.len(), 1_500);
    assert!(refused.iter().all(|e| (e.code, e.retry_after) == (Code::Unavailable, Some(1))));
}

fn as_role(target: &Target, role: &str) -> Target {
    match target {
        Target::Postgres(url) => Target::Postgres(url.replace("springboard@", &format!("{role}@"))),
        Target::Sqlite(_) => unreachable!("a role of PostgreSQL"),
    }
}

#[derive(QueryableByName)]
struct Setting {
    #[diesel(sql_type = Text)]
    lc_messages: String,
}

#[test]
fn a_server_that_only_reads_is_a_503_and_speaks_english_where_it_may() {
    if !postgres::available() {
        return;
    }
    let target = postgres::database("reads_only");
    let run = |db: &Db, sql: &'static str| {
        db.write_now(move |conn| Ok(diesel::sql_query(sql).execute(conn).map(|_| ())?))
    };
    let language = |db: &Db| {
        let shown =
            db.read_now(|conn| Ok(diesel::sql_query("SHOW lc_messages").get_result::<Setting>(conn)?));
        shown.expect("shows").lc_messages
    };
    let owner = Db::connect(&target, &Options::default()).expect("connects");
    run(&owner, "ALTER DATABASE reads_only SET lc_messages = 'C.UTF-8'").expect("alters");
    run(&owner, "ALTER DATABASE reads_only SET default_transaction_read_only = on").expect("alters");
    run(&owner, "CREATE ROLE reads_only_role LOGIN").expect("creates");
    drop(owner);
    let owner = Db::connect(&target, &Options::default()).expect("connects");
    assert_eq!(language(&owner), "C");
    let refused = owner.write_now(|conn| insert(conn, "a", "x")).expect_err("reads only");
    assert_eq!((refused.code, refused.retry_after), (Code::DatabaseUnavailable, Some(1)));
    let other = Db::connect(&as_role(&target, "reads_only_role"), &Options::default()).expect("connects too");
    assert_eq!(language(&other), "C.UTF-8");
}
