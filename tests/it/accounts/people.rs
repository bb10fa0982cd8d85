//! Sign-up, confirmation, oneself, and what admins do.
//!
//! Invariant: what a reply shows never depends on whether an address is known. Read next: `src/accounts/people/mod.rs`.

use crate::harness::{
    Answer,
    callers::{PASSWORD, address},
};
use serde_json::json;
use springboard::{
    accounts::{Email, people},
    events::Act,
};
use std::collections::BTreeSet;

both! {
    fn somebody_signs_up_confirms_the_address_and_signs_in(app: &TestApp) {
        let ann = app.person("ann");
        let me = ann.get("/v1/me").expect(200);
        assert_eq!(me.body["email"], "ann@example.org");
        assert_eq!((me.body["email_verified"].as_bool(), me.body["admin"].as_bool()), (Some(true), Some(false)));
        assert_eq!(me.body["memberships"], json!([]));
        app.anon().get("/v1/me").refused(401, "authentication_required");
    }

    fn a_verification_token_works_once_and_for_three_days(app: &TestApp) {
        app.sign_up("ann");
        let token = app.mailed_token(&address("ann"));
        let confirm = |token: &str| app.anon().post("/v1/email-verifications", &json!({"token": token}));
        confirm(&token[..53]).refused(400, "invalid_parameter");
        confirm("nonsense").refused(400, "invalid_parameter");
        confirm(&token).expect(204);
        confirm(&token).refused(400, "invalid_parameter");
        app.sign_up("ben");
        let late = app.mailed_token(&address("ben"));
        app.advance(std::time::Duration::from_secs(3 * 24 * 3600));
        confirm(&late).refused(400, "invalid_parameter");
    }

    fn an_address_belongs_to_whoever_follows_the_link_sent_for_their_own_sign_up(app: &TestApp) {
        let sign_up = |password: &str| {
            app.anon().post("/v1/people", &json!({"email": address("ann"), "password": password})).expect(202);
            app.mailed_token(&address("ann"))
        };
        let thief = sign_up("the password of a thief");
        let stolen = app.open_session("ann", "the password of a thief").expect(201);
        let owner = sign_up(PASSWORD);
        app.anon().post("/v1/email-verifications", &json!({"token": owner})).expect(204);
        app.anon().post("/v1/email-verifications", &json!({"token": thief})).refused(400, "invalid_parameter");
        app.sign_in("ann");
        app.open_session("ann", "the password of a thief").refused(401, "invalid_credentials");
        let token = stolen.body["access_token"].as_str().expect("token");
        app.anon().with_token(token).get("/v1/me").refused(401, "invalid_token");
    }

    fn case_10_nobody_signs_up_as_an_admin(app: &TestApp) {
        let before = app.revision();
        for field in ["admin", "role", "verified", "id", "created_at", "state"] {
            let body = json!({"email": address("eve"), "password": PASSWORD, field: true});
            let refused = app.anon().post("/v1/people", &body).refused(422, "unknown_field");
            assert_eq!(refused.faults(), [(format!("/{field}"), "unknown_field".to_owned())]);
        }
        assert_eq!(app.revision(), before);
    }

    fn case_11_only_admins_read_and_suspend_people(app: &TestApp) {
        let (ann, ben) = (app.person("ann"), app.person("ben"));
        let id = ben.get("/v1/me").expect(200).body["id"].as_str().expect("id").to_owned();
        let before = app.revision();
        for caller in [&ann, &ben] {
            caller.get(&format!("/v1/people/{id}")).refused(403, "forbidden");
            assert_eq!(caller.send("HEAD", &format!("/v1/people/{id}"), &[], None).status, 403);
            caller.post_empty(&format!("/v1/people/{id}/suspension")).refused(403, "forbidden");
            caller.delete(&format!("/v1/people/{id}/suspension")).refused(403, "forbidden");
            let tricked = [("x-http-method-override", "DELETE")];
            assert_eq!(caller.send("POST", &format!("/v1/people/{id}"), &tricked, None).status, 405);
        }
        app.anon().get(&format!("/v1/people/{id}")).refused(401, "authentication_required");
        app.anon().post_empty(&format!("/v1/people/{id}/suspension")).refused(401, "authentication_required");
        assert_eq!(app.revision(), before);
        let seen = app.admin("root").get(&format!("/v1/people/{id}")).expect(200);
        assert_eq!(seen.body, ben.get("/v1/me").expect(200).body);
    }

    fn case_13_a_demoted_admin_is_none_at_the_next_call(app: &TestApp) {
        let root = app.admin("root");
        let ann = app.person("ann").get("/v1/me").expect(200).body["id"].as_str().expect("id").to_owned();
        root.get(&format!("/v1/people/{ann}")).expect(200);
        let act = Act::system(app.parts.edge.clock.now(), "admin revoke");
        let demoted = app.parts.edge.db.write_now(move |conn| {
            let root = people::by_email(conn, &Email::parse("root@example.org").expect("address"))?;
            people::set_admin(conn, &act, &root.expect("root"), false)
        });
        demoted.expect("demoted");
        root.get(&format!("/v1/people/{ann}")).refused(403, "forbidden");
        root.get("/v1/me").expect(200);
    }

    fn a_suspended_person_is_refused_at_the_next_call(app: &TestApp) {
        let (root, ann) = (app.admin("root"), app.person("ann"));
        let session = app.open_session("ann", PASSWORD).expect(201);
        let id = ann.get("/v1/me").expect(200).body["id"].as_str().expect("id").to_owned();
        let path = format!("/v1/people/{id}/suspension");
        assert_eq!(root.post_empty(&path).expect(200).body["state"], "suspended");
        root.post_empty(&path).refused(409, "invalid_state");
        ann.get("/v1/me").refused(403, "account_suspended");
        app.open_session("ann", PASSWORD).refused(403, "account_suspended");
        app.open_session("ann", "a wrong password").refused(401, "invalid_credentials");
        let refresh = json!({"refresh_token": session.body["refresh_token"]});
        app.anon().post("/v1/sessions/refresh", &refresh).refused(401, "invalid_token");
        assert_eq!(root.delete(&path).expect(200).body["state"], "active");
        root.delete(&path).refused(409, "invalid_state");
        ann.get("/v1/me").refused(401, "invalid_token");
        app.sign_in("ann").get("/v1/me").expect(200);
        let root_id = root.get("/v1/me").expect(200).body["id"].as_str().expect("id").to_owned();
        root.post_empty(&format!("/v1/people/{root_id}/suspension")).refused(409, "conflict");
        root.post_empty(&format!("/v1/people/{id}0/suspension")).refused(404, "not_found");
    }

    fn case_25_sign_up_answers_the_same_for_a_known_and_an_unknown_address(app: &TestApp) {
        app.person("ann");
        let sign_up = |name: &str| {
            app.anon().post("/v1/people", &json!({"email": address(name), "password": PASSWORD})).expect(202)
        };
        let (known, unknown) = (sign_up("Ann"), sign_up("ben"));
        assert_eq!(known.body, unknown.body);
        assert_eq!(names(&known), names(&unknown));
        let last = |name: &str| app.mails_to(&address(name)).pop().expect("a mail");
        assert_eq!(last("ann").header("Subject"), "You already have an account");
        assert_eq!(last("ben").header("Subject"), "Confirm your e-mail address");
        for _ in 0..9 {
            let before = app.revision();
            sign_up("ann");
            assert_eq!(app.revision(), before + 1);
        }
        assert_eq!(app.mails_to(&address("ann")).len(), 6, "five in an hour, and the confirmation");
    }

    fn a_sign_up_with_a_key_takes_effect_once_and_keeps_nothing_of_the_password(app: &TestApp) {
        let sign_up = |email: &str, password: &str| {
            app.anon().post_once("/v1/people", "key-1", &json!({"email": email, "password": password}))
        };
        sign_up(&address("ann"), PASSWORD).expect(202);
        let again = sign_up(&address("ann"), "a wet kettle sings at dawn").expect(202);
        assert_eq!(again.header("idempotent-replayed"), "true");
        let other = sign_up(&address("ben"), PASSWORD).expect(202);
        assert_eq!(other.header("idempotent-replayed"), "", "another visitor may have chosen the same key");
        assert_eq!((app.mails_to(&address("ann")).len(), app.mails_to(&address("ben")).len()), (1, 1));
    }

    fn of_parallel_sign_ups_with_one_address_each_is_answered_the_same(app: &TestApp) {
        let body = json!({"email": address("ann"), "password": PASSWORD});
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let tries: Vec<_> = (0..4).map(|_| scope.spawn(|| app.anon().post("/v1/people", &body).status)).collect();
            tries.into_iter().map(|t| t.join().expect("answered")).collect()
        });
        assert_eq!(statuses, [202; 4]);
        assert_eq!(app.mails_to(&address("ann")).len(), 4);
        let people: i64 = app.read(|conn| {
            use diesel::prelude::*;
            Ok(springboard::db::schema::people::table.count().get_result(conn)?)
        });
        assert_eq!(people, 1);
    }

    fn people_change_what_they_are_called(app: &TestApp) {
        let ann = app.person("ann");
        let etag = ann.get("/v1/me").expect(200).header("etag").to_owned();
        let renamed = ann.patch("/v1/me", &etag, &json!({"name": "Zo\u{eb} 🦆"})).expect(200);
        assert_eq!(renamed.body["name"], "Zo\u{eb} 🦆");
        ann.patch("/v1/me", &etag, &json!({"name": "x"})).refused(412, "precondition_failed");
        ann.send("PATCH", "/v1/me", &[("content-type", "application/json")], Some("{}".to_owned()))
            .refused(428, "precondition_required");
        let etag = renamed.header("etag").to_owned();
        ann.patch("/v1/me", &etag, &json!({"admin": true})).refused(422, "unknown_field");
        ann.patch("/v1/me", &etag, &json!({"name": "a\u{202e}b"})).refused(422, "validation_failed");
        let bare = ann.patch("/v1/me", &etag, &json!({"name": null})).expect(200);
        assert_eq!(bare.body["name"], json!(null));
        let read = ann.get("/v1/me").expect(200);
        assert_eq!(read.header("etag"), bare.header("etag"));
        let headers = [("if-none-match", bare.header("etag"))];
        assert_eq!(ann.send("GET", "/v1/me", &headers, None).status, 304);
    }

    fn no_event_names_a_person(app: &TestApp) {
        let ann = app.person("ann");
        let etag = ann.get("/v1/me").expect(200).header("etag").to_owned();
        ann.patch("/v1/me", &etag, &json!({"name": "Canary Lovelace"})).expect(200);
        let log = app.read(|conn| springboard::events::after(conn, 0, 1000));
        let text = format!("{log:?}").to_lowercase();
        for secret in ["ann@", "canary", "example.org", "argon2", "sbr_", "tea at four"] {
            assert!(!text.contains(secret), "{secret}");
        }
    }
}

/// The names of the headers of an answer.
fn names(answer: &Answer) -> BTreeSet<String> {
    answer.headers.keys().map(ToString::to_string).collect()
}
