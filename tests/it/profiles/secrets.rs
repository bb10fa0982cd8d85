//! What others may not see, and may not do.
//!
//! Invariant: a hidden profile answers like one that does not exist, and a refusal changes nothing.
//! Read next: [`super::search`].

use super::{investor, newcomer, party, startup};
use serde_json::json;

/// An id that nothing has.
const NOTHING: &str = "/v1/startups/stp_01jd61wyg0e008000000000001";

both! {
    fn case_1_a_hidden_startup_answers_like_an_unknown_one(app: &TestApp) {
        let admin = app.admin("root");
        let ann = party(app, &admin, "ann", "startup");
        let bob = party(app, &admin, "bob", "investor");
        let draft = ann.register("startups", &startup("Canary")).expect(201).header("location").to_owned();
        let withdrawn = ann.published("startups", &startup("Canary two"));
        ann.client.delete(&format!("{withdrawn}/publication")).expect(204);
        for caller in [app.anon(), bob.client] {
            let unknown = caller.get(NOTHING).refused(404, "not_found");
            for path in [&draft, &withdrawn] {
                let hidden = caller.get(path).refused(404, "not_found");
                for member in ["type", "title", "status", "detail", "code"] {
                    assert_eq!(hidden.body[member], unknown.body[member]);
                }
            }
        }
        admin.get(&draft).expect(200);
    }

    fn case_2_a_hidden_startup_cannot_be_changed_by_others(app: &TestApp) {
        let admin = app.admin("root");
        let ann = party(app, &admin, "ann", "startup");
        let bob = party(app, &admin, "bob", "startup").client;
        let made = ann.register("startups", &startup("Canary")).expect(201);
        let (path, etag) = (made.header("location"), made.header("etag"));
        let before = app.revision();
        bob.patch(path, etag, &json!({"name": "Mine"})).refused(404, "not_found");
        bob.put(&format!("{path}/contact"), etag, &json!({"name": "Mallory"})).refused(404, "not_found");
        bob.put(&format!("{path}/assessment"), etag, &json!({})).refused(404, "not_found");
        for part in ["publication", "confirmation"] {
            bob.post_empty(&format!("{path}/{part}")).refused(404, "not_found");
        }
        for part in ["publication", "contact"] {
            bob.delete(&format!("{path}/{part}")).refused(404, "not_found");
        }
        bob.get(&format!("{path}/revisions")).refused(404, "not_found");
        bob.get(&format!("{path}/revisions/1")).refused(404, "not_found");
        assert_eq!(app.revision(), before);
    }

    fn a_published_startup_is_seen_by_others_and_changed_by_none_of_them(app: &TestApp) {
        let admin = app.admin("root");
        let path = party(app, &admin, "ann", "startup").published("startups", &startup("Lumen"));
        let bob = party(app, &admin, "bob", "startup").client;
        let etag = bob.get(&path).expect(200).header("etag").to_owned();
        let before = app.revision();
        bob.patch(&path, &etag, &json!({"name": "Mine"})).refused(403, "forbidden");
        bob.delete(&format!("{path}/publication")).refused(403, "forbidden");
        bob.get(&format!("{path}/revisions")).refused(403, "forbidden");
        admin.patch(&path, &etag, &json!({"name": "Mine"})).refused(403, "forbidden");
        app.anon().patch(&path, &etag, &json!({"name": "Mine"})).refused(401, "authentication_required");
        assert_eq!(app.revision(), before);
    }

    fn each_circle_sees_its_own_fields(app: &TestApp) {
        let admin = app.admin("root");
        let ann = party(app, &admin, "ann", "startup");
        let mut facts = startup("Lumen");
        facts["external_id"] = "canary-1".into();
        facts["city"] = "Lyon".into();
        facts["weights"] = json!({"access": 7});
        let path = ann.published("startups", &facts);
        let keys = |client: &crate::harness::Client| client.get(&path).expect(200).body;
        let (visitor, pending) = (keys(&app.anon()), keys(&newcomer(app, "pia", "investor").client));
        let member = keys(&party(app, &admin, "ida", "investor").client);
        let owner = keys(&ann.client);
        for body in [&visitor, &pending] {
            assert!(body.get("name").is_some() && body.get("sector").is_some());
            assert!(body.get("city").is_none() && body.get("stage").is_none(), "{body}");
        }
        assert_eq!(member["city"], "Lyon");
        for secret in ["external_id", "weights", "completeness", "contact"] {
            assert!(member.get(secret).is_none(), "{secret}");
        }
        assert_eq!((&owner["external_id"], &owner["weights"]["access"]), (&json!("canary-1"), &json!(7)));
    }

    fn the_limits_of_an_investor_stay_its_own(app: &TestApp) {
        let admin = app.admin("root");
        let ida = party(app, &admin, "ida", "investor");
        let mut facts = investor("Heihe");
        for (name, value) in [("exclude_homes", json!(["KP"])), ("exclude_sectors", json!(["space"])), ("only_homes", json!(["RU"])),
            ("only_targets", json!(true)), ("weights", json!({"sector": 1})), ("blocks", json!([]))] {
            facts[name] = value;
        }
        let path = ida.published("investors", &facts);
        let seen = party(app, &admin, "ann", "startup").client.get(&path).expect(200).body;
        assert_eq!(seen["markets"], json!(["CN"]));
        for secret in ["exclude_homes", "exclude_sectors", "only_homes", "only_targets", "weights", "blocks"] {
            assert!(seen.get(secret).is_none(), "{secret}");
        }
    }

    fn case_4_a_body_cannot_refer_to_what_is_hidden(app: &TestApp) {
        let admin = app.admin("root");
        let ida = party(app, &admin, "ida", "investor");
        let ann = party(app, &admin, "ann", "startup");
        let hidden = ida.register("investors", &investor("Canary")).expect(201).body["id"].clone();
        let before = app.revision();
        let refused = ann.register("startups", &json!({"backers": [{"name": "x"}, {"investor": hidden}], "blocks": [hidden]}));
        let refused = refused.refused(422, "reference_not_found");
        let places: Vec<String> = refused.faults().into_iter().map(|(at, _)| at).collect();
        assert_eq!(places, ["/backers/1/investor", "/blocks/0"]);
        let mut body = startup("Lumen");
        body["organisation"] = ida.organisation.into();
        ann.client.post("/v1/startups", &body).refused(422, "reference_not_found");
        assert_eq!(app.revision(), before);
    }

    fn case_7_lists_and_searches_hold_no_hidden_row(app: &TestApp) {
        let admin = app.admin("root");
        let ann = party(app, &admin, "ann", "startup");
        let bob = party(app, &admin, "bob", "investor").client;
        ann.register("startups", &startup("Canary draft")).expect(201);
        let withdrawn = ann.published("startups", &startup("Canary withdrawn"));
        ann.client.delete(&format!("{withdrawn}/publication")).expect(204);
        for query in ["", "?q=canary", "?home=FR", "?sort=name", &format!("?organisation={}", ann.organisation)] {
            for caller in [app.anon(), bob.clone()] {
                let answer = caller.get(&format!("/v1/startups{query}")).expect(200);
                assert!(!answer.text.to_lowercase().contains("canary"), "{query}");
            }
        }
        bob.get(&format!("/v1/startups?state=draft&organisation={}", ann.organisation)).refused(403, "forbidden");
        bob.get("/v1/startups?state=withdrawn").refused(403, "forbidden");
        let own = ann.client.get(&format!("/v1/startups?organisation={}", ann.organisation)).expect(200);
        assert_eq!(own.body["data"].as_array().map(Vec::len), Some(2));
    }

    fn a_suspended_organisation_takes_its_profiles_with_it(app: &TestApp) {
        let admin = app.admin("root");
        let ann = party(app, &admin, "ann", "startup");
        let path = ann.published("startups", &startup("Lumen"));
        app.anon().get(&path).expect(200);
        let suspension = format!("/v1/organisations/{}/suspension", ann.organisation);
        admin.post(&suspension, &json!({"reason": "under review"})).expect(200);
        app.anon().get(&path).refused(404, "not_found");
        assert_eq!(app.anon().get("/v1/startups").expect(200).body["data"], json!([]));
        let etag = admin.get(&path).expect(200).header("etag").to_owned();
        ann.client.patch(&path, &etag, &json!({"city": "Lyon"})).refused(403, "account_suspended");
    }

    fn case_9_contact_is_for_the_organisation_until_an_introduction_is_accepted(app: &TestApp) {
        let admin = app.admin("root");
        let ann = party(app, &admin, "ann", "startup");
        let path = ann.published("startups", &startup("Lumen"));
        let etag = ann.client.get(&path).expect(200).header("etag").to_owned();
        let contact = json!({"name": "Canary Person", "email": "canary@example.org", "phone": "+33123456789"});
        ann.client.put(&format!("{path}/contact"), &etag, &contact).expect(200);
        assert_eq!(ann.client.get(&path).expect(200).body["contact"], contact);
        let member = party(app, &admin, "ida", "investor").client;
        for caller in [app.anon(), member] {
            for path in [path.as_str(), "/v1/startups"] {
                assert!(!caller.get(path).expect(200).text.to_lowercase().contains("canary"));
            }
        }
        assert!(!ann.client.get(&format!("{path}/revisions")).expect(200).text.contains("Canary"));
        let log = app.read(|conn| springboard::events::after(conn, 0, 1000));
        assert!(!log.iter().any(|e| e.data.to_lowercase().contains("canary")));
        ann.client.delete(&format!("{path}/contact")).expect(204);
        ann.client.delete(&format!("{path}/contact")).refused(404, "not_found");
        assert!(ann.client.get(&path).expect(200).body.get("contact").is_none());
    }

    fn case_10_nobody_writes_what_is_not_theirs_to_write(app: &TestApp) {
        let ann = newcomer(app, "ann", "startup");
        let made = ann.register("startups", &startup("Lumen")).expect(201);
        let (path, before) = (made.header("location"), app.revision());
        for field in ["role", "verified", "owner_id", "id", "created_at", "score", "state", "pitch", "assessment", "contact", "demo"] {
            let fault = [(format!("/{field}"), "unknown_field".to_owned())];
            let posted = ann.register("startups", &json!({field: "x"})).refused(422, "unknown_field");
            let patched = ann.client.patch(path, made.header("etag"), &json!({field: "x"})).refused(422, "unknown_field");
            assert_eq!((&posted.faults()[..], &patched.faults()[..]), (&fault[..], &fault[..]));
        }
        let reference = json!({"references": [{"country": "CN", "kind": "pilot", "on": "2026-01-01", "verified": true}]});
        let refused = ann.client.patch(path, made.header("etag"), &reference).refused(422, "unknown_field");
        assert_eq!(refused.faults()[0].0, "/references/0/verified");
        assert_eq!(app.revision(), before);
    }

    fn verification_is_by_others_and_ends_when_the_claim_changes(app: &TestApp) {
        let admin = app.admin("root");
        let ann = party(app, &admin, "ann", "startup");
        let mut facts = startup("Lumen");
        facts["references"] = json!([{"country": "CN", "kind": "pilot", "on": "2026-01-01", "title": "Canton Metro"}]);
        let path = ann.published("startups", &facts);
        let assessment = format!("{path}/assessment");
        let etag = || admin.get(&path).expect(200).header("etag").to_owned();
        let verify = json!({"verified_references": ["r1"], "pitch": {"calibrated": 620000, "judges": 7, "on": "2026-10-01"}});
        ann.client.put(&assessment, &etag(), &verify).refused(403, "forbidden");
        let organiser = party(app, &admin, "olga", "organiser");
        organiser.client.put(&assessment, &etag(), &verify).refused(403, "forbidden");
        admin.put(&assessment, &etag(), &json!({"verified_references": ["r9"]})).refused(422, "reference_not_found");
        let early = json!({"pitch": {"calibrated": 620000, "judges": 7, "on": "2026-11-24"}});
        let early = admin.put(&assessment, &etag(), &early).refused(422, "validation_failed");
        assert_eq!(early.faults(), [("/pitch/on".to_owned(), "out_of_range".to_owned())]);
        let assessed = admin.put(&assessment, &etag(), &verify).expect(200);
        assert_eq!(assessed.body["assessment"], verify);
        let change = |reference| ann.client.patch(&path, &etag(), &json!({"references": [reference]})).expect(200);
        let kept = change(json!({"key": "r1", "country": "CN", "kind": "pilot", "on": "2026-01-01", "title": "Canton Metro",
            "evidence": "https://metro.example/pilot"}));
        assert_eq!(kept.body["assessment"]["verified_references"], json!(["r1"]));
        let lost = change(json!({"key": "r1", "country": "CN", "kind": "customer", "on": "2026-01-01", "title": "Canton Metro"}));
        assert_eq!(lost.body["assessment"]["verified_references"], json!([]));
    }
}
