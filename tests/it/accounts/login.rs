//! What somebody who guesses passwords, or floods the service with them, meets.
//!
//! Invariant: nothing tells an unknown address from a wrong password, and nobody can lock out an owner.
//! Read next: [`super::sessions`].

use crate::harness::{
    Answer, TestApp,
    callers::{PASSWORD, address},
    postgres,
};
use serde_json::{Value, json};
use springboard::db::Kind;
use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

/// Everything of an answer that is not about this one request.
fn essence(answer: &Answer) -> (u16, Value, Vec<(String, String)>) {
    let mut body = answer.body.clone();
    if let Some(object) = body.as_object_mut() {
        object.remove("request_id");
        object.remove("instance");
    }
    let own = ["date", "x-request-id"];
    let headers = answer.headers.iter().filter(|(name, _)| !own.contains(&name.as_str()));
    let text = |value: &reqwest::header::HeaderValue| value.to_str().unwrap_or_default().to_owned();
    let mut headers: Vec<_> = headers.map(|(name, value)| (name.to_string(), text(value))).collect();
    headers.sort();
    (answer.status, body, headers)
}

both! {
    fn case_24_an_unknown_address_and_a_wrong_password_are_the_same(app: &TestApp) {
        app.person("ann");
        let hashes = || app.parts.passwords.hasher.done();
        let before = hashes();
        let wrong = app.open_session("ann", "a wrong password").refused(401, "invalid_credentials");
        let after_wrong = hashes();
        let unknown = app.open_session("nobody", "a wrong password").refused(401, "invalid_credentials");
        let after_unknown = hashes();
        assert_eq!(essence(&wrong), essence(&unknown));
        assert_eq!(after_wrong - before, 1, "a wrong password costs one hash");
        assert_eq!(after_unknown - after_wrong, 1, "an unknown address costs the same hash");
    }

    fn case_26_ten_failures_throttle_the_account_for_that_address_only(app: &TestApp) {
        let ann = app.person("ann");
        for _ in 0..10 {
            app.open_session("ann", "a wrong password").refused(401, "invalid_credentials");
        }
        for password in [PASSWORD, "a wrong password"] {
            let refused = app.open_session("ann", password).refused(429, "login_throttled");
            assert_eq!(refused.header("retry-after"), "900");
        }
        let body = json!({"email": address("ann"), "password": PASSWORD});
        let spoofed = [("content-type", "application/json"), ("x-forwarded-for", "203.0.113.7")];
        let refused = app.anon().send("POST", "/v1/sessions", &spoofed, Some(body.to_string()));
        refused.refused(429, "login_throttled");
        ann.get("/v1/me").expect(200);
        app.person("ben");
        app.advance(Duration::from_secs(15 * 60));
        app.open_session("ann", PASSWORD).expect(201);
    }

    fn case_26_spraying_over_many_accounts_is_throttled(app: &TestApp) {
        app.person("ann");
        let answers = (0..50).map(|n| app.open_session(&format!("person{n}"), PASSWORD).status);
        let answers: Vec<u16> = answers.collect();
        assert_eq!(answers[..30], [401; 30]);
        assert_eq!(answers[30..], [429; 20]);
        app.open_session("ann", PASSWORD).refused(429, "login_throttled");
    }
}

/// Fifty people sign in at once with hashes of full cost.
fn flood(app: &TestApp) {
    for n in 0..50 {
        app.sign_up(&format!("person{n}"));
    }
    let answered = AtomicUsize::new(0);
    let (statuses, ahead) = std::thread::scope(|scope| {
        let logins: Vec<_> = (0..50)
            .map(|n| {
                let answered = &answered;
                scope.spawn(move || {
                    let answer = app.open_session(&format!("person{n}"), PASSWORD);
                    answered.fetch_add(1, Ordering::SeqCst);
                    answer.status
                })
            })
            .collect();
        let mut ahead = 0;
        while answered.load(Ordering::SeqCst) < 50 {
            app.anon().get("/livez").expect(200);
            ahead += usize::from(answered.load(Ordering::SeqCst) < 50);
        }
        let statuses: Vec<u16> = logins.into_iter().map(|l| l.join().expect("answered")).collect();
        (statuses, ahead)
    });
    assert!(statuses.iter().all(|s| [201, 503].contains(s)), "{statuses:?}");
    assert!(statuses.contains(&201), "{statuses:?}");
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    assert!(app.parts.passwords.hasher.peak() <= (cores - 1).max(1));
    assert!(ahead >= 5, "/livez was answered {ahead} times during the flood");
}

#[test]
fn case_49_a_flood_of_logins_starves_nothing_on_sqlite() {
    flood(&TestApp::with(Kind::Sqlite, &["--argon2-memory", "19456"]));
}

#[test]
fn case_49_a_flood_of_logins_starves_nothing_on_postgres() {
    if postgres::available() {
        flood(&TestApp::with(Kind::Postgres, &["--argon2-memory", "19456"]));
    }
}
