//! What members, other people and visitors see of an organisation.
//!
//! Invariant: an organisation that somebody may not know of answers like one that never was.
//! Read next: `src/accounts/organisations/model.rs`.

use super::{admin, approved, ids, join, nothing_happens, register};
use serde_json::json;
use std::collections::BTreeSet;

const UNKNOWN: &str = "org_01jdc1s8000000000000000001";

fn names(body: &serde_json::Value) -> BTreeSet<String> {
    body.as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect()
}

both! {
    fn what_changed_without_its_version_is_sent_again(app: &TestApp) {
        let ann = app.person("ann");
        let before = ann.get("/v1/me").expect(200).header("etag").to_owned();
        let again = |tag: &str| ann.send("GET", "/v1/me", &[("if-none-match", tag)], None);
        again(&before).expect(304);
        let joined = json!({"kind": "startup", "name": "Pumpwerk", "country": "FR"});
        ann.post("/v1/organisations", &joined).expect(201);
        let after = again(&before).expect(200);
        assert_ne!(after.header("etag"), before);
        ann.patch("/v1/me", &before, &json!({"name": "Ann"})).expect(200);
        ann.patch("/v1/me", &before, &json!({"name": "Eve"})).refused(412, "precondition_failed");
    }

    fn cases_1_and_2_a_hidden_organisation_answers_like_an_unknown_one(app: &TestApp) {
        let (ann, eve) = (app.person("ann"), app.person("eve"));
        approved(app, &eve, "investor", "Other");
        let hidden = register(&ann, "startup", "Hidden");
        let unknown = format!("/v1/organisations/{UNKNOWN}");
        let bare = |text: &str| {
            let mut body: serde_json::Value = serde_json::from_str(text).expect("problem");
            for own in ["instance", "request_id"] {
                body[own] = json!(null);
            }
            body
        };
        for client in [&eve, &app.anon()] {
            let one = client.get(&hidden.path).refused(404, "not_found");
            let other = client.get(&unknown).refused(404, "not_found");
            assert_eq!(bare(&one.text), bare(&other.text));
        }
        let patch = json!({"name": "Taken"});
        nothing_happens(app, || eve.patch(&hidden.path, &hidden.etag, &patch)).refused(404, "not_found");
        for path in ["members", "invitations"] {
            eve.get(&format!("{}/{path}", hidden.path)).refused(404, "not_found");
        }
        let invitation = json!({"email": "x@example.org", "role": "owner"});
        let asked = nothing_happens(app, || eve.post(&format!("{}/invitations", hidden.path), &invitation));
        asked.refused(404, "not_found");
        nothing_happens(app, || eve.post_empty(&format!("{}/approval", hidden.path))).refused(404, "not_found");
        assert_eq!(ann.get(&hidden.path).header("etag"), hidden.etag);
        for path in ["/v1/organisations/x", "/v1/organisations/usr_01jdc1s8000000000000000001"] {
            eve.get(path).refused(404, "not_found");
        }
    }

    fn each_audience_sees_its_own_fields(app: &TestApp) {
        let (ann, bob) = (app.person("ann"), app.person("bob"));
        let mine = approved(app, &ann, "startup", "Mine");
        approved(app, &bob, "investor", "Other");
        let public = ["id", "kind", "name", "country", "demo"].map(str::to_owned);
        let public: BTreeSet<String> = public.into_iter().collect();
        assert_eq!(names(&app.anon().get(&mine.path).expect(200).body), public);
        assert_eq!(names(&app.person("new").get(&mine.path).expect(200).body), public);
        let mut members = public;
        members.insert("created_at".to_owned());
        assert_eq!(names(&bob.get(&mine.path).expect(200).body), members);
        let mut own = members.clone();
        own.extend(["state", "approver", "approved_at", "updated_at"].map(str::to_owned));
        assert_eq!(names(&ann.get(&mine.path).expect(200).body), own);
        let tags = [&app.anon(), &bob, &ann].map(|c| c.get(&mine.path).header("etag").to_owned());
        assert_eq!(tags.iter().collect::<BTreeSet<_>>().len(), 3);
        let unchanged = ann.send("GET", &mine.path, &[("if-none-match", tags[2].as_str())], None);
        assert_eq!((unchanged.status, unchanged.text.as_str()), (304, ""));
    }

    fn case_7_lists_never_hold_a_canary(app: &TestApp) {
        let (ann, bob) = (app.person("ann"), app.person("bob"));
        register(&ann, "startup", "Canary Pending");
        let gone = approved(app, &ann, "startup", "Canary Suspended");
        let reason = json!({"reason": "Canary"});
        admin(app).post(&format!("{}/suspension", gone.path), &reason).expect(200);
        approved(app, &bob, "investor", "Visible");
        for query in ["", "?q=canary", "?kind=startup", "?country=FR", "?limit=1", "?q=c", "?q=%25", "?q=_"] {
            let page = bob.get(&format!("/v1/organisations{query}")).expect(200);
            assert!(!page.text.contains("Canary"), "{query}: {}", page.text);
        }
        for state in ["pending", "suspended"] {
            let asked = bob.get(&format!("/v1/organisations?state={state}")).refused(403, "forbidden");
            assert!(!asked.text.contains("Canary"));
        }
        let canaries = admin(app).get("/v1/organisations?state=suspended&q=CANARY").expect(200);
        assert_eq!(ids(&canaries), [gone.id]);
    }

    fn a_list_is_for_members_of_an_approved_organisation(app: &TestApp) {
        let ann = app.person("ann");
        register(&ann, "startup", "Waiting");
        ann.get("/v1/organisations").refused(403, "approval_pending");
        app.anon().get("/v1/organisations").refused(401, "authentication_required");
        assert_eq!(ids(&admin(app).get("/v1/organisations").expect(200)), Vec::<String>::new());
    }

    fn case_8_pages_meet_without_gap_and_a_cursor_is_bound_to_its_caller(app: &TestApp) {
        let (ann, bob) = (app.person("ann"), app.person("bob"));
        let all: Vec<String> =
            (0..5).map(|n| approved(app, &ann, "startup", &format!("Nummer {n}")).id).collect();
        approved(app, &bob, "investor", "Bob");
        let first = ann.get("/v1/organisations?kind=startup&limit=2").expect(200);
        let cursor = first.body["next_cursor"].as_str().expect("more").to_owned();
        assert_eq!((ids(&first), first.body["has_more"].as_bool()), (all[..2].to_vec(), Some(true)));
        let next = ann.get(&format!("/v1/organisations?kind=startup&limit=3&cursor={cursor}")).expect(200);
        assert_eq!((ids(&next), next.body["has_more"].as_bool()), (all[2..].to_vec(), Some(false)));
        for (client, query) in [(&bob, "kind=startup"), (&ann, "kind=investor"), (&ann, "kind=startup&q=n")] {
            let answer = client.get(&format!("/v1/organisations?{query}&limit=2&cursor={cursor}"));
            answer.refused(400, "invalid_cursor");
        }
    }

    fn cases_34_and_43_filters_are_literal_and_odd_parameters_refused(app: &TestApp) {
        let ann = app.person("ann");
        let percent = approved(app, &ann, "startup", "50% Öl_Ltd \\ O'Brien");
        approved(app, &ann, "startup", "500 Islands");
        let found = |q: &str| ids(&ann.get(&format!("/v1/organisations?q={q}")).expect(200));
        assert_eq!(found("50%25"), [percent.id.as_str()]);
        assert_eq!(found("50%25%20ol_l"), [percent.id.as_str()]);
        assert_eq!(found("50%25%20OL_LTD%20%5C"), [percent.id.as_str()]);
        for nothing in ["50__", "%25", "'%20OR%201=1--", "\"", "*", "50%25%20ol%25"] {
            assert_eq!(found(nothing), Vec::<String>::new(), "{nothing}");
        }
        for (query, parameter) in [
            ("limit=0", "limit"),
            ("limit=1&limit=2", "limit"),
            ("kind=club", "kind"),
            ("country=fr", "country"),
            ("state=gone", "state"),
            ("q=", "q"),
            ("q=%00", "q"),
        ] {
            let answer = ann.get(&format!("/v1/organisations?{query}")).refused(400, "invalid_parameter");
            assert_eq!(answer.faults()[0].0, parameter, "{query}");
        }
        ann.get("/v1/organisations?expand=members").refused(400, "unknown_parameter");
    }

    fn case_3_a_membership_of_another_organisation_is_out_of_reach(app: &TestApp) {
        let (ann, eve) = (app.person("ann"), app.person("eve"));
        let mine = approved(app, &ann, "startup", "Mine");
        approved(app, &eve, "startup", "Theirs");
        let (_, joined) = join(app, &ann, &mine.path, ("bob", "editor"));
        let path = joined.header("location").to_owned();
        eve.get(&path).refused(404, "not_found");
        let raise = json!({"role": "owner"});
        nothing_happens(app, || eve.patch(&path, joined.header("etag"), &raise)).refused(404, "not_found");
        nothing_happens(app, || eve.delete(&path)).refused(404, "not_found");
        assert_eq!(ann.get(&path).expect(200).body["role"], "editor");
    }
}
