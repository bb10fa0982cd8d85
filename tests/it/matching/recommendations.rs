//! Recommendation runs: made in the background, read by both sides, silent about what has closed since.
//!
//! Invariant: nothing private of an investor changes what a startup's list says. Read next: `src/matching/recommendations/mod.rs`.

use super::{Party, approved, carry_out, investor_facts, runner, startup_facts};
use crate::harness::{TestApp, fresh_database, postgres};
use diesel::{Connection, PgConnection, SqliteConnection, connection::SimpleConnection};
use serde_json::{Value, json};
use springboard::db::{Kind, Target};
use springboard::kernel::time::Clock;
use std::time::Duration;

fn list(party: &Party) -> Value {
    party.client.get(&format!("{}/recommendations", party.url())).expect(200).body
}

/// The ids of those who have a place, or of those who are displaced.
fn ids(list: &Value, member: &str, card: &str) -> Vec<String> {
    let id = |row: &Value| row[card]["id"].as_str().expect("an id").to_owned();
    list[member].as_array().expect("an array").iter().map(id).collect()
}

fn run(app: &TestApp, name: &str) -> Value {
    let admin = app.admin(name);
    let run = admin.post_empty("/v1/recommendation-runs").expect(202);
    carry_out(app);
    admin.get(run.header("location")).expect(200).body
}

approved! {
    fn both_sides_read_their_list_of_the_latest_run(app: &TestApp) {
        let startup = Party::new(app, "sue", "startup", &startup_facts());
        let investor = Party::new(app, "ivy", "investor", &investor_facts());
        assert_eq!(list(&startup), json!({"basis": null, "places": [], "displaced": []}));
        let run = run(app, "root");
        assert_eq!((&run["state"], &run["done"], &run["total"]), (&json!("finished"), &json!(2), &json!(2)));
        let outcome = &run["outcome"];
        assert_eq!((&outcome["score_version"], &outcome["as_of"]), (&json!("mm-2"), &json!("2026-11-22")));
        let sides: Vec<&Value> = outcome["reports"].as_array().expect("reports").iter().map(|r| &r["side"]).collect();
        assert_eq!(sides, ["investors", "startups"]);
        assert_eq!((&outcome["reports"][0]["exact"], &outcome["reports"][0]["coverage_ppm"]), (&json!(true), &json!(1_000_000)));
        let (of_investor, of_startup) = (list(&investor), list(&startup));
        assert_eq!(of_investor["basis"]["run"], run["id"]);
        assert_eq!(of_startup["basis"]["revision"], outcome["revision"]);
        assert_eq!(ids(&of_investor, "places", "startup"), [startup.id.as_str()]);
        assert_eq!(ids(&of_startup, "places", "investor"), [investor.id.as_str()]);
        let score = |list: &Value| (list["places"][0]["score"].as_i64(), list["places"][0]["number"].as_i64());
        assert_eq!(score(&of_investor), (Some(investor.scores("")[0].1), Some(1)));
        assert_eq!(score(&of_startup), (Some(startup.scores("")[0].1), Some(1)));
        investor.client.get(&format!("{}/recommendations", startup.url())).refused(404, "not_found");
    }

    fn who_is_no_match_any_more_is_absent_without_a_word(app: &TestApp) {
        let startup = Party::new(app, "sue", "startup", &startup_facts());
        let investor = Party::new(app, "ivy", "investor", &investor_facts());
        let other = Party::new(app, "eve", "investor", &investor_facts());
        run(app, "root");
        assert_eq!(ids(&list(&startup), "places", "investor").len(), 2);
        investor.revise(&json!({"blocks": [startup.id]}));
        assert_eq!(ids(&list(&startup), "places", "investor"), [other.id.as_str()]);
        assert!(ids(&list(&investor), "places", "startup").is_empty());
        other.client.delete(&format!("{}/publication", other.url())).expect(204);
        assert!(ids(&list(&startup), "places", "investor").is_empty());
        other.client.get(&format!("{}/recommendations", other.url())).refused(409, "invalid_state");
    }

    fn weights_that_an_investor_keeps_to_itself_change_no_startup_s_list(app: &TestApp) {
        let startup = Party::new(app, "sue", "startup", &startup_facts());
        let investor = Party::new(app, "ivy", "investor", &investor_facts());
        run(app, "root");
        let (before, own) = (list(&startup), list(&investor));
        investor.revise(&json!({"weights": {"local_refs": 1000}}));
        run(app, "second");
        assert_eq!(list(&startup)["places"], before["places"]);
        assert_ne!(list(&investor)["places"], own["places"]);
    }

    fn one_run_at_a_time_and_a_repeated_request_is_the_same_run(app: &TestApp) {
        let admin = app.admin("root");
        let start = || admin.send("POST", "/v1/recommendation-runs", &[("idempotency-key", "one")], None);
        let (first, again) = (start().expect(202), start().expect(202));
        assert_eq!(first.body["id"], again.body["id"]);
        let refused = admin.post_empty("/v1/recommendation-runs").refused(409, "invalid_state");
        assert_eq!((&refused.body["current_state"], &refused.body["run"]), (&json!("queued"), &first.body["id"]));
        carry_out(app);
        admin.post_empty("/v1/recommendation-runs").expect(202);
        app.person("sue").post_empty("/v1/recommendation-runs").refused(403, "forbidden");
    }

    fn all_runs_are_listed_newest_first_to_those_who_may_start_one(app: &TestApp) {
        let admin = app.admin("root");
        let path = "/v1/recommendation-runs";
        assert_eq!(admin.get(path).expect(200).body, json!({"data": [], "has_more": false, "next_cursor": null}));
        let started: Vec<Value> = (0..3).map(|_| {
            let run = admin.post_empty(path).expect(202);
            carry_out(app);
            admin.get(run.header("location")).expect(200).body
        }).collect();
        let first = admin.get(&format!("{path}?limit=2")).expect(200).body;
        assert_eq!((&first["data"], &first["has_more"]), (&json!([started[2], started[1]]), &json!(true)));
        let cursor = first["next_cursor"].as_str().expect("a cursor");
        let second = admin.get(&format!("{path}?limit=2&cursor={cursor}")).expect(200).body;
        assert_eq!(second, json!({"data": [started[0]], "has_more": false, "next_cursor": null}));
        app.person("sue").get(path).refused(403, "forbidden");
    }

    fn a_run_makes_the_lists_that_it_is_asked_for(app: &TestApp) {
        let startup = Party::new(app, "sue", "startup", &startup_facts());
        let investor = Party::new(app, "ivy", "investor", &investor_facts());
        let admin = app.admin("root");
        let path = "/v1/recommendation-runs";
        for (body, code, field) in [
            (json!({"mode": "best"}), "validation_failed", "/mode"),
            (json!({"mode": null}), "validation_failed", "/mode"),
            (json!({"modus": "max"}), "unknown_field", "/modus"),
        ] {
            let refused = admin.post(path, &body).refused(422, code);
            let faults = refused.faults();
            assert!(faults.len() == 1 && faults[0].0 == field, "{faults:?}");
        }
        admin.send("POST", path, &[("content-type", "text/csv")], Some("mode".to_owned())).refused(415, "unsupported_media_type");
        let finished = |body: Option<Value>, mode: &str| {
            let started = body.map_or_else(|| admin.post_empty(path), |body| admin.post(path, &body)).expect(202);
            assert_eq!(started.body["mode"], mode);
            carry_out(app);
            let run = admin.get(started.header("location")).expect(200).body;
            assert_eq!((&run["state"], &run["mode"]), (&json!("finished"), &json!(mode)));
            for report in run["outcome"]["reports"].as_array().expect("reports") {
                assert_eq!(report["mode"], mode);
                assert!(report["score"].as_u64().is_some_and(|score| score > 0));
                let bound = if mode == "max" { report["score"].clone() } else { Value::Null };
                assert_eq!(report["bound"], bound);
            }
            let (of_investor, of_startup) = (list(&investor), list(&startup));
            assert_eq!((&of_investor["basis"]["mode"], &of_startup["basis"]["mode"]), (&json!(mode), &json!(mode)));
            (of_investor["places"].clone(), of_startup["places"].clone())
        };
        let stable = finished(None, "stable");
        assert_eq!(finished(Some(json!({})), "stable"), stable);
        assert_eq!(finished(Some(json!({"mode": "max"})), "max"), stable);
        assert_eq!(finished(Some(json!({"mode": "stable"})), "stable"), stable);
    }

    fn a_list_says_the_mode_that_it_was_made_in_whatever_was_asked_for(app: &TestApp) {
        let startup = Party::new(app, "sue", "startup", &startup_facts());
        let investor = Party::new(app, "ivy", "investor", &investor_facts());
        let admin = app.admin("root");
        let started = admin.post("/v1/recommendation-runs", &json!({"mode": "max"})).expect(202);
        carry_out(app);
        let modes = || [&investor, &startup].map(|party| list(party)["basis"]["mode"].clone());
        assert_eq!(modes(), [json!("max"), json!("max")]);
        // A node from before there were modes stores reports without them.
        app.parts.edge.db.write_now(|conn| {
            use diesel::RunQueryDsl;
            let sql = r#"UPDATE jobs SET result = REPLACE(result, '"mode":"max",', '')"#;
            diesel::sql_query(sql).execute(conn)?;
            Ok(())
        }).expect("an older node");
        assert_eq!(modes(), [json!("stable"), json!("stable")]);
        assert_eq!(admin.get(started.header("location")).expect(200).body["mode"], "max");
    }

    fn a_run_whose_node_has_gone_is_taken_up_again_and_given_up_in_the_end(app: &TestApp) {
        let admin = app.admin("root");
        let queued = admin.post_empty("/v1/recommendation-runs").expect(202);
        let silent = |attempts: i64| {
            let sql = format!("UPDATE jobs SET state = 'running', attempts = {attempts}, beat_at = created_at \
                WHERE ended_at IS NULL");
            app.parts.edge.db.write_now(move |conn| {
                use diesel::RunQueryDsl;
                diesel::sql_query(sql).execute(conn)?;
                Ok(())
            }).expect("a gone node");
        };
        silent(1);
        let node = runner(app, app.parts.edge.clock.clone());
        assert!(!node.step().expect("its node may still be there"));
        app.advance(Duration::from_secs(120));
        carry_out(app);
        let taken = admin.get(queued.header("location")).expect(200).body;
        assert_eq!((&taken["state"], &taken["failure"]), (&json!("finished"), &Value::Null));
        let later = Clock::fixed(app.parts.edge.clock.now());
        let lost = admin.post_empty("/v1/recommendation-runs").expect(202);
        silent(3);
        later.advance(Duration::from_secs(300));
        let node = runner(app, later);
        assert!(node.step().expect("a step"));
        let lost = admin.get(lost.header("location")).expect(200).body;
        let why = json!({"code": "given_up", "detail": "begun 3 times, and each time its node fell silent"});
        assert_eq!((&lost["state"], &lost["failure"]), (&json!("failed"), &why));
    }
}

/// Takes a database back to before there were jobs.
fn without_jobs(target: &Target) {
    let kind = if matches!(target, Target::Sqlite(_)) { "sqlite" } else { "postgres" };
    let down =
        std::fs::read_to_string(format!("migrations/{kind}/2026-11-22-000014_jobs/down.sql")).expect("down");
    let sql = format!("{down}; DELETE FROM __diesel_schema_migrations WHERE version = '20261122000014';");
    match target {
        Target::Sqlite(path) => {
            let mut conn = SqliteConnection::establish(&path.to_string_lossy()).expect("opens");
            conn.batch_execute(&sql).expect("goes back");
        }
        Target::Postgres(url) => {
            PgConnection::establish(url).expect("opens").batch_execute(&sql).expect("goes back");
        }
    }
}

#[test]
fn runs_from_before_there_were_jobs_read_as_ever() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        if kind == Kind::Postgres && !postgres::available() {
            continue;
        }
        let folder = tempfile::tempdir().expect("folder");
        let target = fresh_database(kind, folder.path());
        let path = "/v1/recommendation-runs";
        let app = TestApp::over(target.clone(), &["--approve-organisations"]);
        let startup = Party::new(&app, "sue", "startup", &startup_facts());
        Party::new(&app, "ivy", "investor", &investor_facts());
        let admin = app.admin("root");
        for mode in ["max", "stable"] {
            admin.post(path, &json!({"mode": mode})).expect(202);
            carry_out(&app);
        }
        let waiting = admin.post_empty(path).expect(202).body;
        let (before, recommended) = (admin.get(path).expect(200).body, list(&startup));
        drop(app);
        without_jobs(&target);
        let app = TestApp::over(target, &["--approve-organisations"]);
        let admin = app.sign_in("root");
        assert_eq!(admin.get(path).expect(200).body, before);
        assert_eq!(list(&startup.at(&app.base)), recommended);
        let refused = admin.post_empty(path).refused(409, "invalid_state");
        assert_eq!(refused.body["run"], waiting["id"]);
        carry_out(&app);
        assert_eq!(admin.get(path).expect(200).body["data"][0]["state"], "finished");
        let next = admin.post_empty(path).expect(202).body;
        assert_ne!(next["id"], waiting["id"]);
    }
}
