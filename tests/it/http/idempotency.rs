//! `Idempotency-Key`: one effect for a key, and every reply to it the same bytes (invariant I5 of ASSURANCE).
//!
//! Invariant: effects are counted in the event log, which every verb writes. Read next: `src/http/context.rs`.

use crate::harness::{Answer, Client, TestApp, fresh_database, postgres};
use serde_json::{Value, json};
use springboard::db::Kind;
use std::collections::BTreeSet;
use std::time::Duration;

const PATH: &str = "/v1/organisations";

fn organisation(name: &str) -> Value {
    json!({"kind": "startup", "name": name, "country": "FR"})
}

fn registered(ann: &Client) -> usize {
    ann.get("/v1/me").expect(200).body["memberships"].as_array().expect("memberships").len()
}

/// What of an answer has to be the same at a replay.
fn essence(answer: &Answer) -> (u16, String, Vec<String>) {
    let headers = ["location", "etag", "content-type", "springboard-revision", "cache-control"];
    (answer.status, answer.text.clone(), headers.map(|h| answer.header(h).to_owned()).to_vec())
}

both! {
    fn the_same_request_with_the_same_key_takes_effect_once(app: &TestApp) {
        let ann = app.person("ann");
        let first = ann.post_once(PATH, "key-1", &organisation("Pumpwerk")).expect(201);
        assert_eq!(first.header("idempotent-replayed"), "");
        let revision = app.revision();
        for _ in 0..3 {
            let again = ann.post_once(PATH, "key-1", &organisation("Pumpwerk"));
            assert_eq!(essence(&again), essence(&first));
            assert_eq!(again.header("idempotent-replayed"), "true");
        }
        assert_eq!((registered(&ann), app.revision()), (1, revision));
        ann.post_once(PATH, "key-2", &organisation("Pumpwerk Zwei")).expect(201);
        assert_eq!(registered(&ann), 2);
    }

    fn a_key_that_was_used_for_another_request_is_refused(app: &TestApp) {
        let ann = app.person("ann");
        ann.post_once(PATH, "key-1", &organisation("Pumpwerk")).expect(201);
        ann.post_once(PATH, "key-1", &organisation("Pumpwerk ")).refused(422, "idempotency_key_reused");
        assert_eq!(registered(&ann), 1);
    }

    fn a_key_belongs_to_its_caller_and_its_path(app: &TestApp) {
        let (ann, ben) = (app.person("ann"), app.person("ben"));
        let hers = ann.post_once(PATH, "key-1", &organisation("Pumpwerk")).expect(201);
        let his = ben.post_once(PATH, "key-1", &organisation("Pumpwerk")).expect(201);
        assert_ne!(hers.body["id"], his.body["id"]);
        let reset = json!({"email": "ann@example.org"});
        let other = ann.post_once("/v1/password-resets", "key-1", &reset).expect(202);
        assert_eq!(other.header("idempotent-replayed"), "");
    }

    fn a_refused_request_leaves_nothing_under_its_key(app: &TestApp) {
        let ann = app.person("ann");
        ann.post_once(PATH, "key-1", &json!({"kind": "startup"})).refused(422, "validation_failed");
        let verb = ann.post_once("/v1/organisations/org_00000000000000000000000000/approval", "key-2", &json!({}));
        assert_eq!(verb.status, 404, "{}", verb.text);
        ann.post_once(PATH, "key-1", &organisation("Pumpwerk")).expect(201);
        let again = ann.post_once("/v1/organisations/org_00000000000000000000000000/approval", "key-2", &json!({}));
        assert_eq!((again.status, again.header("idempotent-replayed")), (404, ""));
    }

    fn a_stored_reply_shows_neither_its_key_nor_what_it_says(app: &TestApp) {
        let ann = app.person("ann");
        let first = ann.post_once(PATH, "random-4711", &organisation("Canary Pumpwerk")).expect(201);
        assert!(first.text.contains("Canary"));
        let rows: Vec<(String, String, String, String)> = app.read(|conn| {
            use diesel::prelude::*;
            use springboard::db::schema::idempotency_keys::dsl;
            Ok(dsl::idempotency_keys.select((dsl::scope, dsl::key, dsl::headers, dsl::body)).load(conn)?)
        });
        let text = format!("{rows:?}");
        assert_eq!(rows.len(), 1);
        assert!(!text.contains("Canary") && !text.contains("4711") && !text.contains("ann@"), "{text}");
        let again = ann.post_once(PATH, "random-4711", &organisation("Canary Pumpwerk"));
        assert_eq!(essence(&again), essence(&first));
    }

    fn a_key_that_is_no_key_is_refused(app: &TestApp) {
        let ann = app.person("ann");
        let long = "x".repeat(256);
        for key in ["", "with space", "tab\there", "é", long.as_str()] {
            let answer = ann.post_once(PATH, key, &organisation("Pumpwerk"));
            answer.refused(400, "invalid_header");
        }
        assert_eq!(registered(&ann), 0);
        ann.post_once(PATH, &"x".repeat(255), &organisation("Pumpwerk")).expect(201);
    }

    fn a_reply_is_kept_for_a_day(app: &TestApp) {
        let request = json!({"email": "eve@example.org", "password": crate::harness::callers::PASSWORD});
        app.anon().post_once("/v1/people", "key-1", &request).expect(202);
        let mut background = springboard::program::background::Background::new(&app.parts);
        app.advance(Duration::from_secs(24 * 3600));
        background.step().expect("steps");
        let replayed = app.anon().post_once("/v1/people", "key-1", &request).expect(202);
        assert_eq!(replayed.header("idempotent-replayed"), "true");
        app.advance(Duration::from_secs(3600));
        background.step().expect("steps");
        let afresh = app.anon().post_once("/v1/people", "key-1", &request).expect(202);
        assert_eq!(afresh.header("idempotent-replayed"), "");
    }
}

/// Sends the same request from many threads at once, to one or more nodes, until each has a definite answer.
fn race(nodes: &[&TestApp], token: &Client) -> Vec<Answer> {
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..12)
            .map(|n| {
                let client = token.at(&nodes[n % nodes.len()].base);
                scope.spawn(move || {
                    loop {
                        let answer = client.post_once(PATH, "key-1", &organisation("Pumpwerk"));
                        if answer.code() != "idempotency_in_progress" {
                            return answer;
                        }
                        assert_eq!(answer.header("retry-after"), "1");
                    }
                })
            })
            .collect();
        all.into_iter().map(|t| t.join().expect("ends")).collect()
    })
}

fn one_effect(answers: &[Answer], ann: &Client) {
    let essences: BTreeSet<_> = answers.iter().map(essence).collect();
    assert_eq!(essences.len(), 1, "{essences:?}");
    assert_eq!(answers[0].status, 201);
    assert_eq!(answers.iter().filter(|a| a.header("idempotent-replayed").is_empty()).count(), 1);
    assert_eq!(registered(ann), 1);
}

both! {
    fn parallel_requests_with_one_key_take_effect_once(app: &TestApp) {
        let ann = app.person("ann");
        one_effect(&race(&[app], &ann), &ann);
    }
}

#[test]
fn two_nodes_honour_one_key_together() {
    if !postgres::available() {
        return;
    }
    let folder = tempfile::tempdir().expect("folder");
    let target = fresh_database(Kind::Postgres, folder.path());
    let (one, two) = (TestApp::over(target.clone(), &[]), TestApp::over(target, &[]));
    let ann = one.person("ann");
    one_effect(&race(&[&one, &two], &ann), &ann);
}
