//! The demo world: loaded whole, once, and only where nothing else is.
//!
//! Invariant: these tests read what everybody reads, and the log. Read next: `src/demo/load.rs`.

use crate::harness::{Client, NOON, TestApp, fresh_database, postgres, template::Template};
use serde_json::{Value, json};
use springboard::program::state::Parts;
use springboard::{
    db::{Kind, Target},
    demo::{self, Demo, PASSWORD},
    events,
    kernel::error::{Code, Result},
};
use std::{
    process::{Command, Output},
    sync::OnceLock,
};

/// A running copy of the demo world, which is loaded once for each database.
fn demo_world(kind: Kind) -> TestApp {
    static WORLDS: [OnceLock<Template>; 2] = [const { OnceLock::new() }; 2];
    let world = &WORLDS[usize::from(kind == Kind::Postgres)];
    world.get_or_init(|| Template::of(TestApp::with(kind, &["--demo"]))).start(&["--demo"])
}

/// Makes a test of each function run in the demo world on both databases.
macro_rules! in_the_demo_world {
    ($($(#[$meta:meta])* fn $name:ident($app:ident: &TestApp) $body:block)*) => { $(
        $(#[$meta])*
        fn $name($app: &TestApp) $body

        mod $name {
            use super::*;

            #[test]
            fn on_sqlite() {
                super::$name(&demo_world(Kind::Sqlite));
            }

            #[test]
            fn on_postgres() {
                if postgres::available() {
                    super::$name(&demo_world(Kind::Postgres));
                }
            }
        }
    )* };
}

fn ensure(app: &TestApp) -> Result<Demo> {
    let Parts { edge, catalogue, passwords, .. } = &app.parts;
    demo::ensure(&edge.db, catalogue, &passwords.hasher, edge.clock.now())
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

    fn long_rankings_of_both_sides_come_to_the_same_bytes_again(app: &TestApp) {
        let demo = ensure(app).expect("is there");
        let sides = [("investor", format!("/v1/investors/{}", demo.investor)), ("startup", format!("/v1/startups/{}", demo.startup))];
        for (who, profile) in sides {
            let (client, own) = (sign_in(app, who), if who == "investor" { "city:0" } else { "track:0" });
            for query in ["limit=100".to_owned(), format!("limit=100&weights={own}"), "market=CN".to_owned()] {
                let listed = client.get(&format!("{profile}/matches?{query}&explain=full")).expect(200).body;
                let saved = client.post_empty(&format!("{profile}/rankings?{query}")).expect(201);
                let replay = client.get(&format!("{}/replay", saved.header("location"))).expect(200).body;
                assert_eq!((&replay["equal"], replay["rows"].as_array().map(Vec::len)), (&json!(true), listed["data"].as_array().map(Vec::len)));
                for (row, first) in replay["rows"].as_array().expect("rows").iter().zip(listed["data"].as_array().expect("data")) {
                    assert_eq!(row["explanation"], first["explanation"], "also the sentences");
                }
            }
        }
    }

    fn a_search_for_a_sister_finds_her_alone(app: &TestApp) {
        ensure(app).expect("is there");
        let member = sign_in(app, "investor");
        for client in [&member, &app.anon()] {
            for sister in ["Vision", "Speech", "Logic", "Quiet"] {
                let path = format!("/v1/startups?q=neva+{}", sister.to_lowercase());
                let found = client.get(&path).expect(200).body["data"].clone();
                let names: Vec<&str> = found.as_array().expect("rows").iter().filter_map(|s| s["name"].as_str()).collect();
                assert!(names.len() == 1 && names[0].starts_with(&format!("Neva {sister}")), "{sister}: {names:?}");
            }
        }
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

/// The demo world as its admin sees it.
struct Stories<'a> {
    app: &'a TestApp,
    admin: Client,
    startups: Vec<Value>,
    investors: Vec<Value>,
}

impl<'a> Stories<'a> {
    fn of(app: &'a TestApp) -> Self {
        let (startups, investors) = (all(&app.anon(), "/v1/startups"), all(&app.anon(), "/v1/investors"));
        Self { app, admin: sign_in(app, "admin"), startups, investors }
    }

    fn id<'b>(of: &'b [Value], name: &str) -> &'b str {
        let found = of.iter().find(|p| p["name"].as_str().is_some_and(|n| n.starts_with(name)));
        found.and_then(|p| p["id"].as_str()).expect(name)
    }

    /// Why the startup scores what it scores for the investor.
    fn why(&self, startup: &str, investor: &str) -> Value {
        let (startup, investor) = (Self::id(&self.startups, startup), Self::id(&self.investors, investor));
        let answer = self.admin.get(&format!("/v1/investors/{investor}/matches/{startup}")).expect(200);
        answer.body["explanation"].clone()
    }

    fn score(&self, startup: &str, investor: &str) -> u64 {
        self.why(startup, investor)["score"].as_u64().expect("score")
    }

    /// The names in the investor's list, best first.
    fn list(&self, investor: &str) -> Vec<String> {
        let path = format!("/v1/investors/{}/matches", Self::id(&self.investors, investor));
        let name = |m: &Value| m["startup"]["name"].as_str().expect("name").to_owned();
        all(&self.admin, &path).iter().map(name).collect()
    }

    fn is_in(list: &[String], name: &str) -> bool {
        list.iter().any(|n| n.starts_with(name))
    }
}

fn gates(why: &Value) -> Vec<&str> {
    why["gates"].as_array().expect("gates").iter().filter_map(|g| g["code"].as_str()).collect()
}

/// The lines of two ledgers whose points differ.
fn different<'a>(one: &'a Value, other: &'a Value) -> Vec<&'a str> {
    let lines = |why: &'a Value| why["ledger"].as_array().expect("ledger").iter();
    let pairs = lines(one).zip(lines(other)).filter(|(a, b)| a["points"] != b["points"]);
    pairs.filter_map(|(a, _)| a["line"].as_str()).collect()
}

in_the_demo_world! {
    fn a_local_reference_decides_before_a_chinese_fund(app: &TestApp) {
        let stories = Stories::of(app);
        let lanterns = |startup: &str| stories.score(startup, "Nine Lanterns");
        let (vision, speech) = (lanterns("Neva Vision"), lanterns("Neva Speech"));
        assert!(vision > speech + 40_000_000, "{vision} {speech}");
        assert_eq!(lanterns("Neva Logic"), speech, "twelve customers at home change nothing");
        assert!(lanterns("Neva Quiet") < speech, "silence does not beat an honest none");
        let (one, other) = (stories.why("Neva Vision", "Nine Lanterns"), stories.why("Neva Speech", "Nine Lanterns"));
        assert_eq!(different(&one, &other), ["i.local_refs", "i.readiness"]);
        let list = stories.list("Nine Lanterns");
        assert!(list[0].starts_with("Neva Vision"), "{list:?}");
        assert!(list[1..10].iter().any(|n| n.starts_with("Neva Speech")), "{list:?}");
    }

    fn who_demands_a_local_reference_does_not_see_who_has_none(app: &TestApp) {
        let stories = Stories::of(app);
        assert_eq!(gates(&stories.why("Neva Vision", "Stone Gate")), [""; 0]);
        assert_eq!(gates(&stories.why("Neva Speech", "Stone Gate")), ["G11_NO_LOCAL_REFERENCE"]);
        let list = stories.list("Stone Gate");
        assert!(Stories::is_in(&list, "Neva Vision") && !Stories::is_in(&list, "Neva Speech"), "{list:?}");
        assert!(!Stories::is_in(&list, "Neva Logic"), "{list:?}");
    }

    fn the_clinical_phase_counts_and_can_close_the_gate(app: &TestApp) {
        let stories = Stories::of(app);
        let lune = |startup: &str| stories.score(startup, "Laboratoires Demi-Lune");
        assert!(lune("Birch Peptides") > lune("Aspen Peptides"));
        assert!(lune("Neva Vision") * 3 < lune("Aspen Peptides"), "nothing makes up for the sector");
        assert_eq!(gates(&stories.why("Birch Peptides", "Pont d'Argent")), [""; 0]);
        assert_eq!(gates(&stories.why("Aspen Peptides", "Pont d'Argent")), ["G13_MILESTONE"]);
    }

    fn a_contact_in_cambridge_helps_both_sides_to_talk(app: &TestApp) {
        let stories = Stories::of(app);
        let (with, without) = (stories.why("Firefly", "Willow Punt"), stories.why("Glow-Worm", "Willow Punt"));
        assert!(with["score"].as_u64() > without["score"].as_u64());
        assert_eq!(different(&with, &without), ["i.comms", "s.comms"]);
    }

    fn the_other_bank_wants_energy_and_nothing_else(app: &TestApp) {
        let stories = Stories::of(app);
        let river = |startup: &str| stories.score(startup, "Black River");
        assert!(river("Far Shore Grid") > 4 * river("Neva Vision"));
        assert!(stories.list("Black River")[0].starts_with("Far Shore Grid"));
    }

    fn the_world_tables_are_counted_from_the_deals_and_in_use(app: &TestApp) {
        let stories = Stories::of(app);
        let path = format!("/v1/investors/{}/matches", Stories::id(&stories.investors, "Nine Lanterns"));
        let basis = stories.admin.get(&path).expect(200).body["basis"].clone();
        assert_eq!(basis["lifts_neutral"], json!(false));
        let sector = stories.why("Neva Vision", "Nine Lanterns")["ledger"][0]["sentence"].clone();
        assert!(sector.as_str().is_some_and(|s| s.contains(" of 21 ")), "{sector}");
        assert_eq!(events_of(stories.app, events::Kind::WorldActivated), 1);
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
    let database =
        |url: Option<&str>| springboard::program::config::Database { database: url.map(str::to_owned) };
    let text = |target: std::result::Result<Target, String>| target.map(|t| t.to_string());
    assert_eq!(text(database(None).target(true)), Ok("sqlite:data/demo.db".to_owned()));
    assert_eq!(text(database(None).target(false)), Ok("sqlite:data/springboard.db".to_owned()));
    assert_eq!(text(database(Some("sqlite:x.db")).target(true)), Ok("sqlite:x.db".to_owned()));
    assert!(database(Some("mysql://x")).target(true).is_err());
}
