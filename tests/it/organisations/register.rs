//! Registering and revising an organisation.
//!
//! Invariant: whoever registers owns. Read next: `src/accounts/organisations/register.rs`.

use super::{admin, approved, ids, kinds_after, nothing_happens, register};
use serde_json::json;

both! {
    fn a_new_organisation_waits_for_approval_and_has_an_owner(app: &TestApp) {
        let ann = app.person("ann");
        let before = app.revision();
        let body = json!({"kind": "startup", "name": " Cafe\u{301} Noir ", "website": "https://noir.example"});
        let made = ann.post("/v1/organisations", &body).expect(201);
        assert_eq!(made.body["name"], "Café Noir");
        assert_eq!(made.body["state"], "pending");
        assert_eq!(made.header("springboard-revision"), app.revision().to_string());
        assert_eq!(kinds_after(app, before), ["organisation.registered", "membership.changed"]);
        let place = made.header("location").to_owned();
        let read = ann.get(&place).expect(200);
        assert_eq!((&read.body, read.header("etag")), (&made.body, made.header("etag")));
        let members = ann.get(&format!("{place}/members")).expect(200);
        assert_eq!(members.body["data"][0]["role"], "owner");
        assert_eq!(members.body["data"][0]["email"], "ann@example.org");
    }

    fn the_same_key_registers_once(app: &TestApp) {
        let ann = app.person("ann");
        let body = json!({"kind": "investor", "name": "Once"});
        let first = ann.post_once("/v1/organisations", "key-1", &body).expect(201);
        let again = ann.post_once("/v1/organisations", "key-1", &body).expect(201);
        assert_eq!((first.text, again.header("idempotent-replayed")), (again.text.clone(), "true"));
    }

    fn nobody_registers_without_a_token_or_a_confirmed_address(app: &TestApp) {
        let body = json!({"kind": "startup", "name": "Early"});
        let anon = nothing_happens(app, || app.anon().post("/v1/organisations", &body));
        anon.refused(401, "authentication_required");
        app.sign_up("early");
        let early = app.sign_in("early");
        nothing_happens(app, || early.post("/v1/organisations", &body)).refused(403, "email_not_verified");
    }

    fn case_10_fields_that_are_not_the_callers_to_set_are_refused(app: &TestApp) {
        let ann = app.person("ann");
        let mine = register(&ann, "startup", "Mine");
        for field in ["state", "id", "approver", "demo", "created_at", "owner_id", "verified", "approved_at"] {
            let body = json!({"kind": "startup", "name": "Sly", field: true});
            let answer = nothing_happens(app, || ann.post("/v1/organisations", &body));
            let answer = answer.refused(422, "unknown_field");
            assert_eq!(answer.faults(), [(format!("/{field}"), "unknown_field".to_owned())]);
            let patch = json!({field: "approved"});
            let answer = nothing_happens(app, || ann.patch(&mine.path, &mine.etag, &patch));
            answer.refused(422, "unknown_field");
        }
        let kind = nothing_happens(app, || ann.patch(&mine.path, &mine.etag, &json!({"kind": "organiser"})));
        kind.refused(422, "unknown_field");
        assert_eq!(ann.get(&mine.path).header("etag"), mine.etag);
    }

    fn every_fault_of_a_registration_is_named(app: &TestApp) {
        let ann = app.person("ann");
        let body = json!({"kind": "club", "name": "", "country": "XX", "website": "javascript:alert(1)"});
        let answer = nothing_happens(app, || ann.post("/v1/organisations", &body));
        let faults = answer.refused(422, "validation_failed").faults();
        let places: Vec<&str> = faults.iter().map(|(at, _)| at.as_str()).collect();
        assert_eq!(places, ["/country", "/kind", "/name", "/website"]);
    }

    fn case_36_deceiving_characters_are_refused_and_confusable_names_flagged(app: &TestApp) {
        let ann = app.person("ann");
        for name in ["a\u{202E}b", "a\u{200B}b", "a\nb", "\u{FEFF}a", "!!!"] {
            let body = json!({"kind": "startup", "name": name});
            nothing_happens(app, || ann.post("/v1/organisations", &body)).refused(422, "validation_failed");
        }
        let real = approved(app, &ann, "investor", "Paypal Ventures");
        let false_friend = register(&app.person("eve"), "investor", "Раура\u{406} Ventures");
        assert_eq!(admin(app).get(&real.path).expect(200).body["similar_names"], 1);
        assert_eq!(admin(app).get(&false_friend.path).expect(200).body["similar_names"], 1);
        let queue = admin(app).get("/v1/organisations?state=pending").expect(200);
        assert_eq!((ids(&queue), &queue.body["data"][0]["similar_names"]), (vec![false_friend.id], &json!(1)));
        assert_eq!(ann.get(&real.path).expect(200).body.get("similar_names"), None);
    }

    fn an_owner_revises_the_version_that_was_read(app: &TestApp) {
        let ann = app.person("ann");
        let mine = register(&ann, "startup", "Mine");
        let before = app.revision();
        let patch = json!({"name": "Ours", "country": null});
        let now = ann.patch(&mine.path, &mine.etag, &patch).expect(200);
        assert_eq!((&now.body["name"], now.body.get("country")), (&json!("Ours"), None));
        assert_ne!(now.header("etag"), mine.etag);
        assert_eq!(kinds_after(app, before), ["organisation.revised"]);
        let same = nothing_happens(app, || ann.patch(&mine.path, now.header("etag"), &patch)).expect(200);
        assert_eq!(same.header("etag"), now.header("etag"));
        let stale = nothing_happens(app, || ann.patch(&mine.path, &mine.etag, &json!({"name": "Old"})));
        let current = stale.refused(412, "precondition_failed").body["current_etag"].clone();
        assert_eq!(ends(current.as_str().expect("an ETag")), ends(now.header("etag")), "of that version and audience");
        let blind = nothing_happens(app, || {
            let json = [("content-type", "application/json")];
            ann.send("PATCH", &mine.path, &json, Some("{\"name\":\"x\"}".to_owned()))
        });
        blind.refused(428, "precondition_required");
        let nameless = nothing_happens(app, || ann.patch(&mine.path, now.header("etag"), &json!({"name": null})));
        assert_eq!(nameless.refused(422, "validation_failed").faults()[0].0, "/name");
    }

    fn a_person_owns_a_bounded_number_of_organisations(app: &TestApp) {
        let ann = app.person("ann");
        for n in 0..20 {
            register(&ann, "startup", &format!("Number {n}"));
        }
        let body = json!({"kind": "startup", "name": "One more"});
        nothing_happens(app, || ann.post("/v1/organisations", &body)).refused(409, "conflict");
    }
}

/// The version and the audience of an ETag, without what it says of the body.
fn ends(etag: &str) -> (Option<&str>, Option<&str>) {
    (etag.split('-').next(), etag.rsplit('-').next())
}
