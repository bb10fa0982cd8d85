//! Sessions: refreshing, signing out, listing and revoking.
//!
//! Invariant: of two who bring the same refresh token, one gets the next; then the session is over.
//! Read next: `src/accounts/sessions/mod.rs`.

use crate::harness::{
    Answer, TestApp,
    callers::{PASSWORD, address},
};
use serde_json::{Value, json};
use springboard::{db::schema::idempotency_keys, events};
use std::time::Duration;

fn refresh(app: &TestApp, token: &Value) -> Answer {
    app.anon().post("/v1/sessions/refresh", &json!({"refresh_token": token}))
}

fn words(app: &TestApp) -> Vec<String> {
    app.read(|conn| events::after(conn, 0, 1000)).into_iter().map(|e| e.kind).collect()
}

fn after(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

both! {
    fn signing_in_gives_two_tokens_and_a_session(app: &TestApp) {
        app.person("ann");
        let opened = app.open_session("ann", PASSWORD).expect(201);
        assert_eq!((&opened.body["token_type"], &opened.body["expires_in"]), (&json!("Bearer"), &json!(600)));
        assert_eq!(opened.header("cache-control"), "no-store");
        assert_eq!(opened.header("location"), "", "a session is read in the list only");
        assert_eq!(opened.body["session"]["expires_at"], "2026-12-22T12:00:00.000000Z");
    }

    fn signing_in_and_refreshing_again_under_one_key_give_the_first_tokens_again(app: &TestApp) {
        app.person("ann");
        let once = |path: &str, key: &str, body: &Value| app.anon().post_once(path, key, body);
        let sign_in = json!({"email": address("ann"), "password": PASSWORD});
        let opened = once("/v1/sessions", "key-1", &sign_in).expect(201);
        assert_eq!(once("/v1/sessions", "key-1", &sign_in).expect(201).text, opened.text);
        assert_ne!(once("/v1/sessions", "key-2", &sign_in).expect(201).text, opened.text);
        let token = json!({"refresh_token": opened.body["refresh_token"]});
        let path = "/v1/sessions/refresh";
        let next = once(path, "key-3", &token).expect(200);
        let again = once(path, "key-3", &token).expect(200);
        assert_eq!((again.header("idempotent-replayed"), &again.text), ("true", &next.text));
        assert!(!words(app).contains(&"session.reuse_detected".to_owned()));
        let other = once("/v1/sessions", "key-5", &sign_in).expect(201);
        let other = json!({"refresh_token": other.body["refresh_token"]});
        assert_eq!(once(path, "key-3", &other).expect(200).header("idempotent-replayed"), "");
        once(path, "key-4", &token).refused(401, "invalid_token");
        once(path, "key-4", &token).refused(401, "invalid_token");
        assert_eq!(words(app).iter().filter(|w| *w == "session.reuse_detected").count(), 1);
        let stored: Vec<String> = app.read(|conn| {
            use diesel::prelude::*;
            Ok(idempotency_keys::table.select(idempotency_keys::body).load(conn)?)
        });
        assert_eq!(stored.len(), 5);
        assert!(stored.iter().all(|body| !body.contains("sbr_") && !body.contains("token")), "{stored:?}");
    }

    fn case_20_a_refresh_token_is_no_access_token(app: &TestApp) {
        app.person("ann");
        let opened = app.open_session("ann", PASSWORD).expect(201);
        app.sign_up("ben");
        let verification = app.mailed_token(&address("ben"));
        for token in [opened.body["refresh_token"].as_str().expect("token"), &verification] {
            app.anon().with_token(token).get("/v1/me").refused(401, "invalid_token");
        }
        refresh(app, &opened.body["access_token"]).refused(422, "validation_failed");
        refresh(app, &json!(verification)).refused(401, "invalid_token");
    }

    fn case_21_a_refresh_token_that_comes_twice_ends_the_session(app: &TestApp) {
        app.person("ann");
        let first = app.open_session("ann", PASSWORD).expect(201);
        let second = refresh(app, &first.body["refresh_token"]).expect(200);
        assert_eq!(second.body["session"]["id"], first.body["session"]["id"]);
        let third = refresh(app, &second.body["refresh_token"]).expect(200);
        assert!(!words(app).contains(&"session.reuse_detected".to_owned()));
        refresh(app, &first.body["refresh_token"]).refused(401, "invalid_token");
        assert_eq!(words(app).iter().filter(|w| *w == "session.reuse_detected").count(), 1);
        for dead in [&first, &second, &third] {
            refresh(app, &dead.body["refresh_token"]).refused(401, "invalid_token");
            let token = dead.body["access_token"].as_str().expect("token");
            app.anon().with_token(token).get("/v1/me").refused(401, "invalid_token");
        }
        assert_eq!(words(app).iter().filter(|w| *w == "session.reuse_detected").count(), 1);
        app.sign_in("ann").get("/v1/me").expect(200);
    }

    fn case_21_of_parallel_refreshes_exactly_one_succeeds(app: &TestApp) {
        app.person("ann");
        let token = app.open_session("ann", PASSWORD).expect(201).body["refresh_token"].clone();
        let answers: Vec<Answer> = std::thread::scope(|scope| {
            let tries: Vec<_> = (0..6).map(|_| scope.spawn(|| refresh(app, &token))).collect();
            tries.into_iter().map(|t| t.join().expect("answered")).collect()
        });
        assert_eq!(answers.iter().filter(|a| a.status == 200).count(), 1);
        assert_eq!(answers.iter().filter(|a| a.status == 401).count(), 5);
        let children: i64 = app.read(|conn| {
            use diesel::prelude::*;
            Ok(springboard::db::schema::refresh_tokens::table.count().get_result(conn)?)
        });
        assert_eq!(children, 1 + 1 + 1, "one of the first session, the parent and its one child");
    }

    fn case_22_a_session_ends_after_thirty_days_however_often_it_is_refreshed(app: &TestApp) {
        app.person("ann");
        let mut token = app.open_session("ann", PASSWORD).expect(201).body["refresh_token"].clone();
        for _ in 0..29 {
            app.advance(after(24 * 3600));
            token = refresh(app, &token).expect(200).body["refresh_token"].clone();
        }
        app.advance(after(24 * 3600 - 1));
        let last = refresh(app, &token).expect(200);
        app.advance(after(1));
        refresh(app, &last.body["refresh_token"]).refused(401, "invalid_token");
        let access = last.body["access_token"].as_str().expect("token");
        app.anon().with_token(access).get("/v1/me").refused(401, "invalid_token");
    }

    fn case_22_and_23_after_signing_out_neither_token_is_worth_anything(app: &TestApp) {
        app.person("ann");
        let opened = app.open_session("ann", PASSWORD).expect(201);
        let ann = app.anon().with_token(opened.body["access_token"].as_str().expect("token"));
        ann.delete("/v1/sessions/current").expect(204);
        ann.get("/v1/me").refused(401, "invalid_token");
        ann.delete("/v1/sessions/current").refused(401, "invalid_token");
        refresh(app, &opened.body["refresh_token"]).refused(401, "invalid_token");
        assert!(!words(app).contains(&"session.reuse_detected".to_owned()));
    }

    fn a_token_that_is_worth_nothing_is_in_nobodys_way_where_a_new_one_is_to_be_had(app: &TestApp) {
        app.person("ann");
        let first = app.open_session("ann", PASSWORD).expect(201);
        let old = app.anon().with_token(first.body["access_token"].as_str().expect("token"));
        old.delete("/v1/sessions/current").expect(204);
        let opened = old.post("/v1/sessions", &json!({"email": "ann@example.org", "password": PASSWORD})).expect(201);
        old.post("/v1/sessions/refresh", &json!({"refresh_token": opened.body["refresh_token"]})).expect(200);
        old.get("/.well-known/jwks.json").expect(200);
        old.get("/problems/invalid_token").expect(200);
        old.get("/v1/startups").refused(401, "invalid_token");
    }

    fn case_22_a_new_password_ends_refreshing_too(app: &TestApp) {
        let ann = app.person("ann");
        let other = app.open_session("ann", PASSWORD).expect(201);
        let change = json!({"current_password": PASSWORD, "new_password": "a wet kettle sings at dawn"});
        ann.put("/v1/me/password", "", &change).expect(204);
        refresh(app, &other.body["refresh_token"]).refused(401, "invalid_token");
    }

    fn sessions_are_listed_and_revoked_by_their_owner(app: &TestApp) {
        let (ann, ben) = (app.person("ann"), app.person("ben"));
        let phone = app.open_session("ann", PASSWORD).expect(201);
        let id = phone.body["session"]["id"].as_str().expect("id").to_owned();
        let list = ann.get("/v1/sessions").expect(200);
        let current: Vec<bool> =
            list.body["data"].as_array().expect("data").iter().map(|s| s["current"] == true).collect();
        assert_eq!(current, [false, true]);
        assert_eq!(list.body["data"][0]["id"], id);
        let before = app.revision();
        ben.delete(&format!("/v1/sessions/{id}")).refused(404, "not_found");
        assert_eq!(app.revision(), before);
        ann.delete(&format!("/v1/sessions/{id}")).expect(204);
        ann.delete(&format!("/v1/sessions/{id}")).refused(404, "not_found");
        ann.delete("/v1/sessions/usr_1").refused(404, "not_found");
        app.anon().with_token(phone.body["access_token"].as_str().expect("token")).get("/v1/me")
            .refused(401, "invalid_token");
        assert_eq!(ann.get("/v1/sessions").expect(200).body["data"].as_array().map(Vec::len), Some(1));
    }

    fn case_8_and_43_the_list_of_sessions_pages_by_cursors_of_its_own(app: &TestApp) {
        let (ann, ben) = (app.person("ann"), app.person("ben"));
        for _ in 0..4 {
            app.sign_in("ann");
        }
        let mut seen = Vec::new();
        let mut query = "?limit=2".to_owned();
        loop {
            let page = ann.get(&format!("/v1/sessions{query}")).expect(200);
            let ids = page.body["data"].as_array().expect("data").iter().map(|s| s["id"].to_string());
            seen.extend(ids);
            let link = page.header("link");
            let Some(cursor) = page.body["next_cursor"].as_str() else {
                assert_eq!(link, "");
                break;
            };
            assert_eq!(link, format!("</v1/sessions?limit=2&cursor={cursor}>; rel=\"next\""));
            ben.get(&format!("/v1/sessions?limit=2&cursor={cursor}")).refused(400, "invalid_cursor");
            query = format!("?limit=2&cursor={cursor}");
        }
        seen.dedup();
        assert_eq!(seen.len(), 5);
        for query in ["limit=0", "limit=-1", "limit=1.5", "limit=1&limit=2", "cursor=x"] {
            assert_eq!(ann.get(&format!("/v1/sessions?{query}")).status, 400, "{query}");
        }
    }
}
