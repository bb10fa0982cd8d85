//! The cells of the table in shards, each on a copy of one world, on both databases.
//!
//! Invariant: every cell is in one shard; a shard looks at all tables twice, however many operations it has.
//! Read next: [`super::written`].

use super::callers::{Caller, World};
use super::written::{Call, Scene, nothing_is_written};
use super::{Row, rows};
use crate::harness::{TestApp, postgres, template::Template};
use diesel::RunQueryDsl;
use springboard::db::Kind;
use std::{cell::RefCell, collections::BTreeSet, sync::OnceLock};

/// How many shards there are of the calls that may change nothing.
const SHARDS: usize = 4;

/// A copy of the world of all callers, which is made once for each database.
pub fn scene(kind: Kind) -> Scene {
    static WORLDS: [OnceLock<(Template, World)>; 2] = [const { OnceLock::new() }; 2];
    let (template, world) = WORLDS[usize::from(kind == Kind::Postgres)].get_or_init(|| {
        let app = TestApp::start(kind);
        let world = World::new(&app);
        (Template::of(app), world)
    });
    let app = template.start(&[]);
    Scene { world: world.at(&app.base), app }
}

/// What came of the calls: the cells that were not as the table says, and the operations that were carried out.
#[derive(Default)]
struct Outcome {
    faults: Vec<String>,
    done: BTreeSet<&'static str>,
}

impl Outcome {
    fn note(&mut self, row: &Row, called: Result<u16, String>) {
        match called {
            Ok(200..300) => drop(self.done.insert(row.operation)),
            Ok(_) => {}
            Err(fault) => self.faults.push(fault),
        }
    }

    /// The operations that nobody carried out, once every cell was as the table says.
    fn not_done<'a>(&self, rows: impl Iterator<Item = &'a Row>) -> BTreeSet<&'static str> {
        assert!(self.faults.is_empty(), "\n{}", self.faults.join("\n"));
        rows.map(|row| row.operation).filter(|operation| !self.done.contains(operation)).collect()
    }
}

/// All that is refused, and all reads: nothing may happen. Somebody carries out every read of the shard.
fn nothing_happens(kind: Kind, shard: usize) {
    let rows: Vec<Row> = rows().into_iter().skip(shard).step_by(SHARDS).collect();
    let outcome = RefCell::new(Outcome::default());
    let mut calls = Vec::new();
    for row in &rows {
        for caller in Caller::ALL.iter().copied().filter(|c| row.reads() || row.refuses(*c)) {
            let outcome = &outcome;
            let act = move |scene: &Scene| outcome.borrow_mut().note(row, row.call(&scene.world, caller));
            calls.push(Call { name: format!("{} by {}", row.operation, caller.word()), act: Box::new(act) });
        }
    }
    let written = nothing_is_written(|| scene(kind), &calls);
    drop(calls);
    let not_done = outcome.into_inner().not_done(rows.iter().filter(|row| row.reads()));
    assert_eq!((written, not_done), (Ok(()), BTreeSet::new()));
}

/// A viewer tries every write that the table refuses, in one world; each is refused as the table says, and nothing is written.
fn viewer_changes_nothing(kind: Kind) {
    let (rows, outcome) = (rows(), RefCell::new(Outcome::default()));
    let mut calls = Vec::new();
    for row in rows.iter().filter(|row| !row.reads() && row.refuses(Caller::Viewer)) {
        let outcome = &outcome;
        let act = move |scene: &Scene| outcome.borrow_mut().note(row, row.call(&scene.world, Caller::Viewer));
        calls.push(Call { name: row.operation.to_owned(), act: Box::new(act) });
    }
    assert!(calls.iter().any(|call| call.name == "revise_startup"));
    assert_eq!(nothing_is_written(|| scene(kind), &calls), Ok(()));
    drop(calls);
    let outcome = outcome.into_inner();
    assert_eq!((outcome.faults, outcome.done), (Vec::new(), BTreeSet::new()));
}

/// Each caller does what is allowed and writes, in the order of the table. The operations that nobody carried out.
fn allowed(kind: Kind, callers: &[Caller]) -> BTreeSet<&'static str> {
    let (rows, scene, mut outcome) = (rows(), scene(kind), Outcome::default());
    for caller in callers {
        for row in rows.iter().filter(|row| !row.reads() && !row.refuses(*caller)) {
            outcome.note(row, row.call(&scene.world, *caller));
        }
    }
    outcome.not_done(rows.iter().filter(|row| !row.reads()))
}

/// Operations that nobody of the table can carry out, as they need a secret out of a mail or of a session, or a state
/// that the things of the table are not in.
const NOT_DONE: &[&str] = &[
    "accept_invitation",
    "approve_profile_claim",
    "claim_investor",
    "claim_startup",
    "confirm_password_reset",
    "refresh_session",
    "verify_email",
];

/// Makes a test of each call on both databases.
macro_rules! on_both {
    ($($(#[$meta:meta])* $name:ident: $test:expr;)*) => { $(
        $(#[$meta])*
        mod $name {
            use super::*;

            #[test]
            fn on_sqlite() {
                $test(Kind::Sqlite);
            }

            #[test]
            fn on_postgres() {
                if postgres::available() {
                    $test(Kind::Postgres);
                }
            }
        }
    )* };
}

on_both! {
    what_is_refused_or_read_changes_nothing_0: |kind| nothing_happens(kind, 0);
    what_is_refused_or_read_changes_nothing_1: |kind| nothing_happens(kind, 1);
    what_is_refused_or_read_changes_nothing_2: |kind| nothing_happens(kind, 2);
    what_is_refused_or_read_changes_nothing_3: |kind| nothing_happens(kind, 3);
    everybody_may_do_what_the_table_says: |kind| {
        assert_eq!(allowed(kind, Caller::ALL), NOT_DONE.iter().copied().collect());
    };
    case_12_a_viewer_changes_nothing: viewer_changes_nothing;
    a_write_among_reads_is_found_and_named: |kind| {
        let founded = |scene: &Scene| {
            let client = scene.world.client(Caller::Stranger);
            crate::organisations::register(client, "startup", "Written in passing");
        };
        let named = |name: &str| format!("the second call wrote to {name}");
        assert!(among_reads(kind, &founded).is_err_and(|e| e.starts_with(&named("")) && e.contains("organisations")));
    };
    a_changed_value_is_found_and_named: |kind| {
        let renamed = |scene: &Scene| {
            let sql = "UPDATE organisations SET name = 'Another' WHERE name = 'own startup'";
            let change = scene.app.parts.edge.db.write_now(move |conn| Ok(diesel::sql_query(sql).execute(conn)?));
            assert_eq!(change.expect("writes"), 1);
        };
        assert_eq!(among_reads(kind, &renamed), Err("the second call wrote to organisations".to_owned()));
    };
    reads_alone_write_nothing: |kind| assert_eq!(among_reads(kind, &|_| ()), Ok(()));
}

/// What is found where the second of three calls is this one.
fn among_reads(kind: Kind, second: &dyn Fn(&Scene)) -> Result<(), String> {
    let read = |scene: &Scene| drop(scene.world.client(Caller::Owner).get("/v1/me").expect(200));
    let call = |name: &str, act| Call { name: format!("the {name} call"), act };
    let calls = [
        call("first", Box::new(read) as Box<dyn Fn(&Scene)>),
        call("second", Box::new(second)),
        call("third", Box::new(read)),
    ];
    nothing_is_written(|| scene(kind), &calls)
}

/// What somebody may do who is signed in, whatever the organisation: about themselves, or to begin something.
const OWN: &[&str] =
    &["change_me", "change_password", "sign_out", "register_organisation", "accept_invitation"];

#[test]
fn case_12_the_table_lets_a_viewer_write_nothing_of_the_organisation() {
    let public = |row: &Row| !row.refuses(Caller::Visitor);
    for row in rows().iter().filter(|row| !row.reads() && !public(row) && !OWN.contains(&row.operation)) {
        assert!(row.refuses(Caller::Viewer), "{}", row.operation);
    }
}
