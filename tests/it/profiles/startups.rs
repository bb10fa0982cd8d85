//! Registering, revising, publishing, withdrawing, confirming; revisions and renewal.
//!
//! Invariant: what is refused leaves no event behind. Read next: [`super::secrets`].

use super::{investor, newcomer, party, startup};
use crate::harness::callers::address;
use serde_json::{Value, json};
use springboard::{events::Act, profiles::remind_stale};
use std::time::Duration;

both! {
    fn a_startup_is_registered_revised_and_published(app: &TestApp) {
        let admin = app.admin("root");
        let ann = party(app, &admin, "ann", "startup");
        let made = ann.register("startups", &json!({"name": "Lumen", "home": "FR"})).expect(201);
        let path = made.header("location").to_owned();
        assert_eq!((&made.body["state"], &made.body["revision"]), (&json!("draft"), &json!(1)));
        assert_eq!(made.body["completeness"]["next"], "sector");

        let missing = ann.client.post_empty(&format!("{path}/publication")).refused(422, "profile_incomplete");
        let fault = |at: &str| (at.to_owned(), "required".to_owned());
        assert_eq!(missing.faults(), [fault("/sector"), fault("/stage")]);
        assert_eq!(missing.body["detail"], "publishing needs what is missing: sector, stage");

        let patch = json!({"sector": "photonics.imaging", "stage": "seed", "references": []});
        let revised = ann.client.patch(&path, made.header("etag"), &patch).expect(200);
        assert_eq!(revised.body["revision"], 2);
        assert_ne!(revised.header("etag"), made.header("etag"));
        ann.client.patch(&path, made.header("etag"), &patch).refused(412, "precondition_failed");
        let published = ann.client.post_empty(&format!("{path}/publication")).expect(200);
        assert_eq!((&published.body["state"], &published.body["confirmed_at"]), (&json!("published"), &published.body["published_at"]));
        assert!(published.header("springboard-revision").parse::<i64>().is_ok());
    }

    fn an_investor_is_registered_and_published(app: &TestApp) {
        let admin = app.admin("root");
        let ida = party(app, &admin, "ida", "investor");
        let made = ida.register("investors", &json!({"name": "Heihe"})).expect(201);
        let path = made.header("location").to_owned();
        let missing = ida.client.post_empty(&format!("{path}/publication")).refused(422, "profile_incomplete");
        let places: Vec<String> = missing.faults().into_iter().map(|(at, _)| at).collect();
        assert_eq!(places, ["/home", "/kind", "/markets"]);
        ida.client.patch(&path, made.header("etag"), &investor("Heihe")).expect(200);
        ida.client.post_empty(&format!("{path}/publication")).expect(200);
    }

    fn absent_stays_unknown_and_empty_stays_known_to_be_none(app: &TestApp) {
        let ann = newcomer(app, "ann", "startup");
        let made = ann.register("startups", &json!({"references": [], "markets": {}, "needs": ["market"]})).expect(201);
        let path = made.header("location").to_owned();
        let read = ann.client.get(&path).expect(200);
        assert_eq!((&read.body["references"], &read.body["markets"]), (&json!([]), &json!({})));
        assert!(read.body.get("backers").is_none() && read.body.get("name").is_none());
        let patched = ann.client.patch(&path, read.header("etag"), &json!({"references": null, "needs": []})).expect(200);
        assert!(patched.body.get("references").is_none());
        assert_eq!(patched.body["needs"], json!([]));
        let mut etag = patched.header("etag").to_owned();
        for (patch, then) in [
            (json!({"CN": 3, "FR": 1}), json!({"CN": 3, "FR": 1})), (json!({}), json!({"CN": 3, "FR": 1})),
            (json!({"CN": null}), json!({"FR": 1})), (json!({"FR": null}), json!({})), (json!(null), json!(null)), (json!({}), json!({})),
        ] {
            let now = ann.client.patch(&path, &etag, &json!({"markets": patch})).expect(200);
            assert_eq!(now.body["markets"], then, "{patch}");
            etag = now.header("etag").to_owned();
        }
    }

    fn all_faults_of_a_body_are_reported_at_once(app: &TestApp) {
        let ann = newcomer(app, "ann", "startup");
        let before = app.revision();
        let refused = ann.register("startups", &json!({
            "name": "a\u{202e}b", "home": "ZZ", "sector": "ict", "stage": 7, "website": "javascript:alert(1)",
            "languages": {"xx": 3, "en": 4}, "founded": 1500, "score": 1,
            "ask": {"target": {"amount": -1, "currency": "DEM"}},
        })).refused(422, "validation_failed");
        let places: Vec<String> = refused.faults().into_iter().map(|(at, _)| at).collect();
        let expected = ["/ask/target/amount", "/ask/target/currency", "/founded", "/home", "/languages", "/languages/en",
            "/name", "/score", "/sector", "/stage", "/website"];
        assert_eq!(places, expected);
        assert_eq!(app.revision(), before);
    }

    fn rules_between_fields_are_checked_on_register_and_on_revise(app: &TestApp) {
        let ann = newcomer(app, "ann", "startup");
        let ask = json!({"ask": {"smallest_cheque": {"amount": 9, "currency": "EUR"}, "target": {"amount": 5, "currency": "EUR"}}});
        let refused = ann.register("startups", &ask).refused(422, "validation_failed");
        assert_eq!(refused.faults()[0].0, "/ask/smallest_cheque/amount");
        let made = ann.register("startups", &json!({})).expect(201);
        let path = made.header("location").to_owned();
        ann.client.patch(&path, made.header("etag"), &ask).refused(422, "validation_failed");
        assert_eq!(ann.client.get(&path).expect(200).header("etag"), made.header("etag"));
    }

    fn an_external_id_is_unique_within_the_organisation_and_the_kind(app: &TestApp) {
        let (ann, bob) = (newcomer(app, "ann", "startup"), newcomer(app, "bob", "startup"));
        ann.register("startups", &json!({"external_id": "4711"})).expect(201);
        ann.register("startups", &json!({"external_id": "4711"})).refused(409, "duplicate");
        bob.register("startups", &json!({"external_id": "4711"})).expect(201);
        ann.register("startups", &json!({})).expect(201);
        ann.register("startups", &json!({})).expect(201);
    }

    fn only_the_right_kind_of_organisation_has_a_profile(app: &TestApp) {
        let ida = newcomer(app, "ida", "investor");
        let refused = ida.register("startups", &json!({})).refused(422, "validation_failed");
        assert_eq!(refused.faults(), [("/organisation".to_owned(), "wrong_kind".to_owned())]);
        newcomer(app, "olga", "organiser").register("startups", &json!({})).expect(201);
    }

    fn publishing_waits_for_the_approval_of_the_organisation(app: &TestApp) {
        let ann = newcomer(app, "ann", "startup");
        let path = ann.register("startups", &startup("Lumen")).expect(201).header("location").to_owned();
        let before = app.revision();
        ann.client.post_empty(&format!("{path}/publication")).refused(403, "approval_pending");
        assert_eq!(app.revision(), before);
    }

    fn case_45_publishing_or_withdrawing_twice_is_an_invalid_state(app: &TestApp) {
        let admin = app.admin("root");
        let ann = party(app, &admin, "ann", "startup");
        let path = ann.published("startups", &startup("Lumen"));
        let publication = format!("{path}/publication");
        let before = app.revision();
        let twice = ann.client.post_empty(&publication).refused(409, "invalid_state");
        assert_eq!(twice.body["current_state"], "published");
        assert_eq!(app.revision(), before);
        ann.client.delete(&publication).expect(204);
        assert_eq!(ann.client.get(&path).expect(200).body["state"], "withdrawn");
        ann.client.delete(&publication).refused(409, "invalid_state");
        ann.client.post_empty(&publication).expect(200);
    }

    fn a_published_profile_cannot_become_incomplete(app: &TestApp) {
        let admin = app.admin("root");
        let ann = party(app, &admin, "ann", "startup");
        let path = ann.published("startups", &startup("Lumen"));
        let etag = ann.client.get(&path).expect(200).header("etag").to_owned();
        let refused = ann.client.patch(&path, &etag, &json!({"sector": null})).refused(422, "profile_incomplete");
        assert_eq!(refused.faults(), [("/sector".to_owned(), "required".to_owned())]);
    }

    fn every_revision_is_kept_and_readable(app: &TestApp) {
        let ann = newcomer(app, "ann", "startup");
        let mut made = ann.register("startups", &startup("Lumen")).expect(201);
        let path = made.header("location").to_owned();
        for city in ["Lyon", "Lille", "Nice"] {
            made = ann.client.patch(&path, made.header("etag"), &json!({"city": city})).expect(200);
        }
        made = ann.client.patch(&path, made.header("etag"), &json!({"city": "Nice"})).expect(200);
        assert_eq!(made.body["revision"], 4, "no change is no revision");
        let first = ann.client.get(&format!("{path}/revisions?limit=3")).expect(200);
        let numbers = |a: &Value| -> Vec<i64> {
            a["data"].as_array().expect("rows").iter().filter_map(|r| r["revision"].as_i64()).collect()
        };
        assert_eq!(numbers(&first.body), [4, 3, 2]);
        assert_eq!(first.body["data"][0]["changed"], json!(["city"]));
        let cursor = first.body["next_cursor"].as_str().expect("cursor");
        let rest = ann.client.get(&format!("{path}/revisions?limit=3&cursor={cursor}")).expect(200);
        assert_eq!(numbers(&rest.body), [1]);
        let second = ann.client.get(&format!("{path}/revisions/2")).expect(200);
        assert_eq!((&second.body["facts"]["city"], &second.body["facts"]["name"]), (&json!("Lyon"), &json!("Lumen")));
        ann.client.get(&format!("{path}/revisions/5")).refused(404, "not_found");
        ann.client.get(&format!("{path}/revisions/0")).refused(404, "not_found");
    }

    fn the_same_key_registers_once(app: &TestApp) {
        let ann = newcomer(app, "ann", "startup");
        let body = json!({"organisation": ann.organisation, "name": "Lumen"});
        let first = ann.client.post_once("/v1/startups", "k-1", &body).expect(201);
        let again = ann.client.post_once("/v1/startups", "k-1", &body).expect(201);
        assert_eq!((&first.body["id"], again.header("idempotent-replayed")), (&again.body["id"], "true"));
    }

    fn the_owner_is_reminded_once_before_a_profile_is_stale_and_a_confirmation_renews_it(app: &TestApp) {
        let admin = app.admin("root");
        let ann = party(app, &admin, "ann", "startup");
        let path = ann.published("startups", &startup("Lumen"));
        let remind = || {
            let act = Act::system(app.parts.edge.clock.now(), "remind");
            app.parts.edge.db.write_now(move |conn| remind_stale(conn, &act)).expect("reminds")
        };
        let days = |n: u64| app.advance(Duration::from_secs(n * 86_400));
        assert_eq!(remind(), 0);
        days(334);
        assert_eq!(remind(), 0);
        days(1);
        assert_eq!((remind(), remind()), (1, 0));
        let mails = app.mails_to(&address("ann"));
        let mail = mails.iter().filter(|m| m.header("Subject") == "Confirm that your profile still holds");
        let mail: Vec<_> = mail.collect();
        assert_eq!(mail.len(), 1);
        assert!(mail[0].text.contains(&path) && mail[0].text.contains("in 30 days"), "{}", mail[0].text);
        let ann = app.sign_in("ann");
        let confirmed = ann.post_empty(&format!("{path}/confirmation")).expect(200);
        assert_ne!(confirmed.body["confirmed_at"], confirmed.body["published_at"]);
        days(334);
        assert_eq!(remind(), 0);
        days(1);
        assert_eq!((remind(), remind()), (1, 0));
    }
}
