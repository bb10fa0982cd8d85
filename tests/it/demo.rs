//! The demo world: loaded whole, once, and only where nothing else is.
//!
//! Invariant: these tests read what everybody reads, and the log. Read next: `src/demo/load.rs`.

use crate::harness::{Client, NOON, TestApp, fresh_database, postgres};
use serde_json::{Value, json};
use springboard::{
    db::{Kind, Target},
    demo::{self, Demo, PASSWORD},
    events,
    kernel::error::{Code, Result},
};
use std::process::{Command, Output};

/// Makes a test of each function run in the demo world on both databases.
macro_rules! in_the_demo_world {
    ($($(#[$meta:meta])* fn $name:ident($app:ident: &TestApp) $body:block)*) => { $(
        $(#[$meta])*
        fn $name($app: &TestApp) $body

        mod $name {
            use super::*;

            #[test]
            fn on_sqlite() {
                super::$name(&TestApp::with(Kind::Sqlite, &["--demo"]));
            }

            #[test]
            fn on_postgres() {
                if postgres::available() {
                    super::$name(&TestApp::with(Kind::Postgres, &["--demo"]));
                }
            }
        }
    )* };
}

fn ensure(app: &TestApp) -> Result<Demo> {
    let state = &app.state;
    demo::ensure(&state.db, &state.reference, &state.passwords.hasher, state.clock.now())
}

fn sign_in(app: &TestApp, who: &str) -> Client {
    let body = json!({"email": format!("{who}@demo.example"), "password": PASSWORD});
    let session = app.anon().post("/v1/sessions", &body).expect(201);
    app.anon().with_token(session.body["access_token"].as_str().expect("token"))
}

/// Every item of a list, page by page.
fn all(client: &Client, path: &str) -> Vec<Value> {
    let mut items = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = client.get(&format!("{path}?limit=100{cursor}")).expect(200).body;
        items.extend(page["data"].as_array().expect("data").iter().cloned());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return items,
        }
    }
}

fn events_of(app: &TestApp, kind: events::Kind) -> usize {
    let entries = app.read(|conn| events::after(conn, 0, 100_000));
    entries.iter().filter(|e| e.kind == kind.as_str()).count()
}

in_the_demo_world! {
    fn the_whole_world_is_published_and_marked_as_demo(app: &TestApp) {
        let demo = ensure(app).expect("is there");
        let visitor = app.anon();
        for (path, count) in [("/v1/startups", demo.startups), ("/v1/investors", demo.investors)] {
            let items = all(&visitor, path);
            assert_eq!(items.len() as u64, count);
            for item in &items {
                assert_eq!((&item["demo"], &item["state"]), (&json!(true), &json!("published")), "{item}");
                assert!(item["name"].as_str().is_some_and(|n| n.contains("(demo")), "{item}");
            }
        }
        assert!(demo.startups >= 80 && demo.investors >= 50);
        let organisations = all(&sign_in(app, "investor"), "/v1/organisations");
        assert!(organisations.len() as u64 > demo.startups + demo.investors);
        assert!(organisations.iter().all(|o| o["demo"] == json!(true)));
    }

    fn everything_that_was_done_is_in_the_log(app: &TestApp) {
        let demo = ensure(app).expect("is there");
        let count = |kind| events_of(app, kind) as u64;
        assert_eq!(count(events::Kind::StartupPublished), demo.startups);
        assert_eq!(count(events::Kind::InvestorPublished), demo.investors);
        assert_eq!(count(events::Kind::StartupAssessed), demo.startups);
        assert_eq!(count(events::Kind::DemoLoaded), 1);
    }

    fn loading_again_changes_nothing(app: &TestApp) {
        let (before, demo) = (app.revision(), ensure(app).expect("is there"));
        app.advance(std::time::Duration::from_secs(86_400));
        assert_eq!(ensure(app).expect("is there"), demo);
        assert_eq!(app.revision(), before);
    }

    fn everybody_can_sign_in_and_owns_what_they_should(app: &TestApp) {
        let demo = ensure(app).expect("is there");
        let startup = sign_in(app, "startup").get(&format!("/v1/startups/{}", demo.startup)).expect(200).body;
        assert!(startup["completeness"].is_object() && startup["contact"].is_object(), "{startup}");
        assert_eq!(startup["name"], "Neva Speech (demo: home references only)");
        let investor = sign_in(app, "investor").get(&format!("/v1/investors/{}", demo.investor)).expect(200).body;
        assert!(investor["completeness"].is_object(), "{investor}");
        assert_eq!(investor["name"], "Nine Lanterns Ventures (demo: prefers local references)");
        assert_eq!(investor["deals"], json!(21));
        for who in ["organiser", "admin"] {
            let item = sign_in(app, who).get(&format!("/v1/startups/{}", demo.startup)).expect(200).body;
            assert!(item["references"].is_array(), "{item}");
        }
        assert_eq!(demo::logins().expect("logins").len(), 4);
    }

    fn dates_are_counted_from_the_day_of_loading(app: &TestApp) {
        let vision = all(&app.anon(), "/v1/startups").into_iter().find(|s| {
            s["name"].as_str().is_some_and(|n| n.starts_with("Neva Vision"))
        });
        let id = vision.expect("Neva Vision")["id"].as_str().expect("id").to_owned();
        let vision = sign_in(app, "investor").get(&format!("/v1/startups/{id}")).expect(200).body;
        let pilot = vision["references"].as_array().expect("references").iter().find(|r| r["key"] == "pilot-cn");
        assert_eq!(pilot.expect("pilot")["on"], "2026-07-25");
        assert!(NOON.starts_with("2026-11-22"));
        assert!(vision["assessment"]["verified_references"].as_array().expect("keys").contains(&json!("pilot-cn")));
    }
}

both! {
    fn a_database_that_holds_other_data_is_refused(app: &TestApp) {
        app.sign_up("ann");
        let before = app.revision();
        let error = ensure(app).expect_err("refused");
        assert_eq!(error.code, Code::Conflict);
        assert!(error.detail.contains("holds other data"), "{}", error.detail);
        assert_eq!(app.revision(), before);
    }
}

fn springboard(target: &Target, arguments: &[&str]) -> Output {
    let url = match target {
        Target::Sqlite(path) => format!("sqlite:{}", path.display()),
        Target::Postgres(url) => url.clone(),
    };
    let mut command = Command::new(env!("CARGO_BIN_EXE_springboard"));
    command.args(arguments).env("DATABASE_URL", url).output().expect("command")
}

#[test]
fn the_command_says_who_can_sign_in_and_is_repeatable() {
    let folder = tempfile::tempdir().expect("folder");
    let target = fresh_database(Kind::Sqlite, folder.path());
    let first = springboard(&target, &["seed", "--demo"]);
    assert!(first.status.success(), "{}", String::from_utf8_lossy(&first.stderr));
    let text = String::from_utf8(first.stdout).expect("text");
    for part in ["startup@demo.example", "investor@demo.example", "admin@demo.example", PASSWORD] {
        assert!(text.contains(part), "{text}");
    }
    let second = springboard(&target, &["seed", "--demo"]);
    assert!(second.status.success());
    assert_eq!(String::from_utf8(second.stdout).expect("text"), text);
}

#[test]
fn the_demo_world_has_a_database_of_its_own_by_default() {
    let database = |url: Option<&str>| springboard::config::Database { database: url.map(str::to_owned) };
    let text = |target: std::result::Result<Target, String>| target.map(|t| t.to_string());
    assert_eq!(text(database(None).target(true)), Ok("sqlite:data/demo.db".to_owned()));
    assert_eq!(text(database(None).target(false)), Ok("sqlite:data/springboard.db".to_owned()));
    assert_eq!(text(database(Some("sqlite:x.db")).target(true)), Ok("sqlite:x.db".to_owned()));
    assert!(database(Some("mysql://x")).target(true).is_err());
}
