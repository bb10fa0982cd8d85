//! What a visitor cannot learn or take from others, and what a caller can no longer do once the authority is gone.
//!
//! Invariant: two answers that must not differ are compared whole. Read next: `src/http/context.rs`.

use super::raw;
use crate::harness::{Answer, callers::PASSWORD};
use serde_json::json;
use std::io::Write;

/// Everything of an answer but the id of its request.
fn whole(answer: &Answer) -> (u16, Vec<(String, String)>, String) {
    let text = |v: &reqwest::header::HeaderValue| v.to_str().expect("text").to_owned();
    let headers = answer.headers.iter().map(|(n, v)| (n.to_string(), text(v)));
    let mut headers: Vec<_> = headers.filter(|(n, _)| n != "x-request-id" && n != "date").collect();
    headers.sort();
    (answer.status, headers, answer.text.clone())
}

both! {
    fn a_password_reset_does_not_say_who_has_an_account(app: &TestApp) {
        app.person("ann");
        let ask = |email: &str| app.anon().post("/v1/password-resets", &json!({"email": email})).expect(202);
        assert_eq!(whole(&ask("ann@example.org")), whole(&ask("nobody@example.org")));
    }

    fn visitors_do_not_share_a_key(app: &TestApp) {
        let ask = |name: &str| json!({"email": format!("{name}@example.org"), "password": PASSWORD});
        app.anon().post_once("/v1/people", "key-1", &ask("ann")).expect(202);
        let other = app.anon().post_once("/v1/people", "key-1", &ask("ben")).expect(202);
        assert_eq!(other.header("idempotent-replayed"), "");
        let again = app.anon().post_once("/v1/people", "key-1", &ask("ann")).expect(202);
        assert_eq!(again.header("idempotent-replayed"), "true");
    }

    fn an_unknown_field_is_refused_even_if_a_patch_removes_it(app: &TestApp) {
        let ann = app.person("ann");
        let tag = ann.get("/v1/me").expect(200).header("etag").to_owned();
        let refused = ann.patch("/v1/me", &tag, &json!({"nme": null})).refused(422, "unknown_field");
        assert_eq!(refused.faults(), [("/nme".to_owned(), "unknown_field".to_owned())]);
        ann.patch("/v1/me", &tag, &json!({"name": null})).expect(200);
    }

    fn a_session_that_ends_while_the_body_is_on_its_way_writes_nothing(app: &TestApp) {
        app.person("ann");
        let session = app.open_session("ann", PASSWORD).expect(201);
        let ann = session.body["access_token"].as_str().expect("token");
        let body = json!({"kind": "startup", "name": "Pumpwerk", "country": "FR"}).to_string();
        let mut socket = raw::connect(app);
        let head = format!(
            "POST /v1/organisations HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer {ann}\r\n\
             Content-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        socket.write_all(head.as_bytes()).expect("sent");
        // The body is asked for once the caller has been found.
        assert_eq!(raw::answer(&mut socket).status, 100);
        app.anon().with_token(ann).delete("/v1/sessions/current").expect(204);
        socket.write_all(body.as_bytes()).expect("sent");
        let answer = raw::answer(&mut socket);
        assert_eq!((answer.status, answer.code().as_str()), (401, "invalid_token"), "{}", answer.body);
    }

    fn only_a_bad_token_is_called_one(app: &TestApp) {
        app.person("ann");
        let wrong = app.open_session("ann", "wrong horse battery staple").refused(401, "invalid_credentials");
        assert_eq!(wrong.header("www-authenticate"), "Bearer");
    }
}
