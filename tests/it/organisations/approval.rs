//! Approval, suspension and the entitlement to approve.
//!
//! Invariant: a transition that the state does not allow is a 409 that names what is allowed.
//! Read next: `src/accounts/organisations/approve.rs`.

use super::{admin, approved, ids, join, kinds_after, nothing_happens, register};
use serde_json::json;

both! {
    fn an_admin_lets_an_organisation_in_once(app: &TestApp) {
        let (ann, root) = (app.person("ann"), admin(app));
        let mine = register(&ann, "startup", "Mine");
        let before = app.revision();
        let now = root.post_empty(&format!("{}/approval", mine.path)).expect(200);
        assert_eq!(now.body["state"], "approved");
        assert_eq!(kinds_after(app, before), ["organisation.approved"]);
        let again = nothing_happens(app, || root.post_empty(&format!("{}/approval", mine.path)));
        let again = again.refused(409, "invalid_state");
        assert_eq!((&again.body["current_state"], &again.body["allowed"]), (&json!("approved"), &json!(["suspended"])));
    }

    fn an_entitled_organiser_lets_others_in_but_not_its_own(app: &TestApp) {
        let (root, olga) = (admin(app), app.person("olga"));
        let forum = approved(app, &olga, "organiser", "Forum");
        let waiting = register(&app.person("ann"), "startup", "Waiting");
        let approval = format!("{}/approval", waiting.path);
        nothing_happens(app, || olga.post_empty(&approval)).refused(404, "not_found");
        nothing_happens(app, || olga.get("/v1/organisations?state=pending")).refused(403, "forbidden");
        let entitled = root.put(&format!("{}/approver", forum.path), &forum.etag, &json!({"approver": true}));
        assert_eq!(entitled.expect(200).body["approver"], true);
        let queue = olga.get("/v1/organisations?state=pending").expect(200);
        assert_eq!(ids(&queue), [waiting.id.as_str()]);
        nothing_happens(app, || olga.get("/v1/organisations?state=suspended")).refused(403, "forbidden");
        let (viewer, _) = join(app, &olga, &forum.path, ("vic", "viewer"));
        nothing_happens(app, || viewer.post_empty(&approval)).refused(404, "not_found");
        assert_eq!(olga.post_empty(&approval).expect(200).body["state"], "approved");
        let second = register(&olga, "startup", "Also mine");
        let own = nothing_happens(app, || olga.post_empty(&format!("{}/approval", second.path)));
        own.refused(403, "forbidden");
    }

    fn only_an_approved_organiser_can_be_entitled(app: &TestApp) {
        let (root, ann) = (admin(app), app.person("ann"));
        let startup = approved(app, &ann, "startup", "Startup");
        let waiting = register(&ann, "organiser", "Waiting");
        for organisation in [&startup, &waiting] {
            let path = format!("{}/approver", organisation.path);
            let answer = nothing_happens(app, || root.put(&path, &organisation.etag, &json!({"approver": true})));
            answer.refused(409, "conflict");
        }
        let stale = nothing_happens(app, || {
            root.put(&format!("{}/approver", startup.path), "\"99-4\"", &json!({"approver": false}))
        });
        stale.refused(412, "precondition_failed");
    }

    fn a_suspended_organisation_vanishes_and_comes_back(app: &TestApp) {
        let (root, ann, bob) = (admin(app), app.person("ann"), app.person("bob"));
        let mine = approved(app, &ann, "startup", "Mine");
        approved(app, &bob, "investor", "Other");
        let before = app.revision();
        let reason = json!({"reason": "A person named Canary complained."});
        let now = root.post(&format!("{}/suspension", mine.path), &reason).expect(200);
        assert_eq!(now.body["state"], "suspended");
        let logged = app.read(|conn| springboard::events::after(conn, before, 10));
        assert_eq!(logged.len(), 1);
        assert!(!logged[0].data.contains("Canary"), "{}", logged[0].data);
        bob.get(&mine.path).refused(404, "not_found");
        app.anon().get(&mine.path).refused(404, "not_found");
        assert!(!bob.get("/v1/organisations").expect(200).text.contains(&mine.id));
        let own = ann.get(&mine.path).expect(200);
        assert_eq!(own.body["suspension_reason"], "A person named Canary complained.");
        let change = nothing_happens(app, || ann.patch(&mine.path, own.header("etag"), &json!({"name": "New"})));
        change.refused(403, "account_suspended");
        let twice = nothing_happens(app, || root.post(&format!("{}/suspension", mine.path), &reason));
        assert_eq!(twice.refused(409, "invalid_state").body["allowed"], json!(["approved"]));
        root.delete(&format!("{}/suspension", mine.path)).expect(204);
        let back = ann.get(&mine.path).expect(200);
        assert_eq!((&back.body["state"], back.body.get("suspension_reason")), (&json!("approved"), None));
        let again = nothing_happens(app, || root.delete(&format!("{}/suspension", mine.path)));
        again.refused(409, "invalid_state");
    }

    fn a_suspension_does_not_stand_in_for_an_approval(app: &TestApp) {
        let (root, ann) = (admin(app), app.person("ann"));
        let mine = register(&ann, "startup", "Mine");
        root.post(&format!("{}/suspension", mine.path), &json!({"reason": "Spam."})).expect(200);
        let early = nothing_happens(app, || root.post_empty(&format!("{}/approval", mine.path)));
        assert_eq!(early.refused(409, "invalid_state").body["allowed"], json!(["pending"]));
        root.delete(&format!("{}/suspension", mine.path)).expect(204);
        assert_eq!(ann.get(&mine.path).expect(200).body["state"], "pending");
    }

    fn case_11_members_get_nothing_from_admin_routes_by_any_method(app: &TestApp) {
        let ann = app.person("ann");
        let mine = approved(app, &ann, "organiser", "Mine");
        let json = [("content-type", "application/json"), ("if-match", "\"1-4\"")];
        for (method, path, body) in [
            ("POST", "suspension", "{\"reason\":\"x\"}"),
            ("DELETE", "suspension", ""),
            ("PUT", "approver", "{\"approver\":true}"),
        ] {
            let path = format!("{}/{path}", mine.path);
            let body = || (!body.is_empty()).then(|| body.to_owned());
            nothing_happens(app, || ann.send(method, &path, &json, body())).refused(403, "forbidden");
            nothing_happens(app, || app.anon().send(method, &path, &json, body()))
                .refused(401, "authentication_required");
        }
        nothing_happens(app, || ann.post_empty(&format!("{}/approval", mine.path))).refused(403, "forbidden");
        let suspension = format!("{}/suspension", mine.path);
        let head = nothing_happens(app, || ann.send("HEAD", &suspension, &[], None));
        assert_eq!(head.status, 405);
        let disguised = nothing_happens(app, || {
            ann.send("GET", &suspension, &[("x-http-method-override", "POST")], None)
        });
        disguised.refused(405, "method_not_allowed");
    }
}
