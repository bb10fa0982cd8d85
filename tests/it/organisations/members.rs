//! Members, their roles, and the owner who stays.
//!
//! Invariant: an organisation keeps an owner, also when two leave at once.
//! Read next: `src/accounts/memberships/change.rs`.

use super::{admin, approved, join, kinds_after, nothing_happens, register, text};
use crate::harness::{Client, TestApp};
use serde_json::json;
use std::thread;

/// The path of the membership of the person with that address.
fn membership(reader: &Client, organisation: &str, email: &str) -> String {
    let page = reader.get(&format!("{organisation}/members?limit=100")).expect(200);
    let rows = page.body["data"].as_array().expect("rows");
    let row = rows.iter().find(|r| r["email"] == email).expect("member");
    format!("/v1/memberships/{}", text(row, "id"))
}

fn owners(app: &TestApp, organisation: &str) -> usize {
    let page = admin(app).get(&format!("{organisation}/members?limit=100")).expect(200);
    page.body["data"].as_array().into_iter().flatten().filter(|r| r["role"] == "owner").count()
}

both! {
    fn an_owner_changes_roles_and_a_member_cannot(app: &TestApp) {
        let ann = app.person("ann");
        let mine = register(&ann, "startup", "Mine");
        let (bob, joined) = join(app, &ann, &mine.path, ("bob", "viewer"));
        let path = joined.header("location").to_owned();
        let editor = json!({"role": "editor"});
        let own = nothing_happens(app, || bob.patch(&path, joined.header("etag"), &editor));
        own.refused(403, "forbidden");
        let before = app.revision();
        let now = ann.patch(&path, joined.header("etag"), &editor).expect(200);
        assert_eq!(now.body["role"], "editor");
        assert_eq!(kinds_after(app, before), ["membership.changed"]);
        let stale = nothing_happens(app, || ann.patch(&path, joined.header("etag"), &json!({"role": "owner"})));
        stale.refused(412, "precondition_failed");
        let none = nothing_happens(app, || ann.patch(&path, now.header("etag"), &json!({"role": null})));
        assert_eq!(none.refused(422, "validation_failed").faults(), [("/role".to_owned(), "required".to_owned())]);
        nothing_happens(app, || ann.patch(&path, now.header("etag"), &json!({}))).expect(200);
        let odd = nothing_happens(app, || ann.patch(&path, now.header("etag"), &json!({"role": "king"})));
        odd.refused(422, "validation_failed");
        for field in ["person", "organisation", "id", "created_at"] {
            let answer = nothing_happens(app, || ann.patch(&path, now.header("etag"), &json!({field: "x"})));
            answer.refused(422, "unknown_field");
        }
        let renamed = nothing_happens(app, || bob.patch(&mine.path, &mine.etag, &json!({"name": "Bob's"})));
        renamed.refused(403, "forbidden");
    }

    fn a_role_counts_from_the_next_call_on(app: &TestApp) {
        let ann = app.person("ann");
        let mine = register(&ann, "startup", "Mine");
        let (bob, joined) = join(app, &ann, &mine.path, ("bob", "owner"));
        let path = joined.header("location").to_owned();
        bob.get(&format!("{}/invitations", mine.path)).expect(200);
        ann.patch(&path, joined.header("etag"), &json!({"role": "viewer"})).expect(200);
        bob.get(&format!("{}/invitations", mine.path)).refused(403, "forbidden");
        ann.delete(&path).expect(204);
        bob.get(&mine.path).refused(404, "not_found");
        nothing_happens(app, || ann.delete(&path)).refused(404, "not_found");
    }

    fn case_14_the_last_owner_stays(app: &TestApp) {
        let ann = app.person("ann");
        let mine = register(&ann, "startup", "Mine");
        let (bob, _) = join(app, &ann, &mine.path, ("bob", "editor"));
        let own = membership(&ann, &mine.path, "ann@example.org");
        let tag = ann.get(&own).expect(200).header("etag").to_owned();
        nothing_happens(app, || ann.delete(&own)).refused(409, "conflict");
        nothing_happens(app, || ann.patch(&own, &tag, &json!({"role": "viewer"}))).refused(409, "conflict");
        let root = admin(app);
        let demoted = nothing_happens(app, || root.patch(&own, &tag, &json!({"role": "viewer"})));
        demoted.refused(409, "conflict");
        nothing_happens(app, || bob.delete(&own)).refused(403, "forbidden");
        assert_eq!(ann.get(&own).expect(200).header("etag"), tag);
        bob.delete(&membership(&ann, &mine.path, "bob@example.org")).expect(204);
    }

    fn case_14_two_owners_who_end_each_other_at_once_leave_one(app: &TestApp) {
        let ann = app.person("ann");
        for round in 0..4 {
            let mine = register(&ann, "startup", &format!("Round {round}"));
            let (bob, joined) = join(app, &ann, &mine.path, (&format!("bob{round}"), "owner"));
            let bobs = joined.header("location").to_owned();
            let anns = membership(&ann, &mine.path, "ann@example.org");
            let demote = json!({"role": "viewer"});
            let statuses = thread::scope(|scope| {
                let one = scope.spawn(|| ann.patch(&bobs, "\"1-4\"", &demote).status);
                let other = scope.spawn(|| match round % 2 {
                    0 => bob.patch(&anns, "\"1-4\"", &demote).status,
                    _ => bob.delete(&anns).status,
                });
                [one.join().expect("joins"), other.join().expect("joins")]
            });
            assert_eq!(owners(app, &mine.path), 1, "{statuses:?}");
            assert_eq!(statuses.iter().filter(|s| **s < 300).count(), 1, "{statuses:?}");
        }
    }

    fn case_14_two_owners_who_leave_at_once_leave_one(app: &TestApp) {
        let ann = app.person("ann");
        let mine = register(&ann, "startup", "Mine");
        let (bob, joined) = join(app, &ann, &mine.path, ("bob", "owner"));
        let anns = membership(&ann, &mine.path, "ann@example.org");
        let mut statuses = thread::scope(|scope| {
            let one = scope.spawn(|| ann.delete(&anns).status);
            let other = scope.spawn(|| bob.delete(joined.header("location")).status);
            [one.join().expect("joins"), other.join().expect("joins")]
        });
        statuses.sort_unstable();
        assert_eq!((statuses, owners(app, &mine.path)), ([204, 409], 1));
    }

    fn members_are_listed_for_their_organisation_only(app: &TestApp) {
        let (ann, eve) = (app.person("ann"), app.person("eve"));
        let mine = approved(app, &ann, "startup", "Mine");
        approved(app, &eve, "startup", "Theirs");
        let (vic, _) = join(app, &ann, &mine.path, ("vic", "viewer"));
        let path = format!("{}/members", mine.path);
        let first = vic.get(&format!("{path}?limit=1")).expect(200);
        let cursor = text(&first.body, "next_cursor").to_owned();
        let next = vic.get(&format!("{path}?limit=1&cursor={cursor}")).expect(200);
        assert_eq!((&first.body["data"][0]["email"], &next.body["data"][0]["email"]),
            (&json!("ann@example.org"), &json!("vic@example.org")));
        let refused = eve.get(&path).refused(404, "not_found");
        assert!(!refused.text.contains("ann@example.org"));
        ann.get(&format!("{path}?limit=1&cursor={cursor}")).refused(400, "invalid_cursor");
        admin(app).get(&path).expect(200);
    }
}
