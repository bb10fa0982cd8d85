//! Which passwords are taken, and how one changes or resets them.
//!
//! Invariant: a password counts as a whole, and whoever changes it has proven something. Read next: [`super::login`].

use crate::harness::callers::{PASSWORD, address};
use serde_json::{Value, json};
use springboard::{
    accounts::{
        Email,
        passwords::{Hasher, Password},
        people,
    },
    db::schema::people_private,
};
use std::time::Duration;

const OTHER: &str = "a wet kettle sings at dawn";

both! {
    fn case_27_passwords_are_long_and_hard_to_guess(app: &TestApp) {
        let sign_up = |name: &str, password: &str| {
            app.anon().post("/v1/people", &json!({"email": address(name), "password": password}))
        };
        let of = |length: usize| "pumps & kettles ".chars().cycle().take(length).collect::<String>();
        for length in [7, 257] {
            let refused = sign_up("ann", &of(length)).refused(422, "validation_failed");
            assert_eq!(refused.faults()[0].0, "/password", "{length}");
        }
        for weak in ["password1234", "springboard2026", "ann.lovelace.1", "qwerty123456", "111111111111"] {
            let refused = sign_up("ann.lovelace", weak).refused(422, "password_too_weak");
            assert_eq!(refused.faults()[0].0, "/password", "{weak}");
        }
        for (name, password) in [("a", of(64)), ("b", of(200)), ("c", of(256)), ("d", "tea 🍵 at four o'clock".to_owned())] {
            sign_up(name, &password).expect(202);
            app.open_session(name, &password).expect(201);
            let shorter: String = password.chars().take(password.chars().count() - 1).collect();
            app.open_session(name, &shorter).refused(401, "invalid_credentials");
        }
        sign_up("e", "caf\u{e9} at the corner").expect(202);
        app.open_session("e", "cafe\u{301} at the corner").expect(201);
    }

    fn case_28_a_change_needs_the_current_password_and_ends_other_sessions(app: &TestApp) {
        let (here, there) = (app.person("ann"), app.sign_in("ann"));
        let change = |current: &str, new: &str| {
            let body = json!({"current_password": current, "new_password": new});
            here.send("PUT", "/v1/me/password", &[("content-type", "application/json")], Some(body.to_string()))
        };
        let before = app.revision();
        change("wrong", OTHER).refused(403, "reauthentication_required");
        change(PASSWORD, "password1234").refused(422, "password_too_weak");
        assert_eq!(app.revision(), before);
        app.anon().put("/v1/me/password", "", &json!({"current_password": PASSWORD, "new_password": OTHER}))
            .refused(401, "authentication_required");
        change(PASSWORD, OTHER).expect(204);
        here.get("/v1/me").expect(200);
        there.get("/v1/me").refused(401, "invalid_token");
        app.open_session("ann", PASSWORD).refused(401, "invalid_credentials");
        app.open_session("ann", OTHER).expect(201);
        assert_eq!(app.mails_to(&address("ann")).pop().expect("a mail").header("Subject"), "Your password was changed");
        for _ in 0..10 {
            change("wrong", OTHER).refused(403, "reauthentication_required");
        }
        change(OTHER, PASSWORD).refused(429, "login_throttled");
    }

    fn case_25_a_reset_answers_the_same_for_a_known_and_an_unknown_address(app: &TestApp) {
        app.person("ann");
        let ask = |name: &str| app.anon().post("/v1/password-resets", &json!({"email": address(name)})).expect(202);
        let (known, unknown) = (ask("ann"), ask("nobody"));
        assert_eq!(known.body, unknown.body);
        assert_eq!(app.mails_to(&address("nobody")).len(), 0);
        assert_eq!(app.mails_to(&address("ann")).pop().expect("a mail").header("Subject"), "Set a new password");
    }

    fn case_29_a_reset_token_works_once_for_its_person_for_half_an_hour(app: &TestApp) {
        let ann = app.person("ann");
        app.person("ben");
        let ask = || {
            app.anon().post("/v1/password-resets", &json!({"email": address("ann")})).expect(202);
            app.mailed_token(&address("ann"))
        };
        let confirm = |token: &str, password: &str| {
            let body = json!({"token": token, "new_password": password});
            app.anon().post("/v1/password-resets/confirm", &body)
        };
        let (first, second) = (ask(), ask());
        confirm(&first, OTHER).refused(400, "invalid_parameter");
        confirm(&second, "password1234").refused(422, "password_too_weak");
        confirm(&second, OTHER).expect(204);
        confirm(&second, OTHER).refused(400, "invalid_parameter");
        ann.get("/v1/me").refused(401, "invalid_token");
        app.open_session("ann", PASSWORD).refused(401, "invalid_credentials");
        app.open_session("ann", OTHER).expect(201);
        app.sign_in("ben").get("/v1/me").expect(200);
        let late = ask();
        app.advance(Duration::from_secs(30 * 60));
        confirm(&late, PASSWORD).refused(400, "invalid_parameter");
        let verification = {
            app.sign_up("cid");
            app.mailed_token(&address("cid"))
        };
        confirm(&verification, OTHER).refused(400, "invalid_parameter");
    }

    fn a_reset_confirmed_again_under_its_key_is_replayed(app: &TestApp) {
        app.person("ann");
        app.anon().post("/v1/password-resets", &json!({"email": address("ann")})).expect(202);
        let body = json!({"token": app.mailed_token(&address("ann")), "new_password": OTHER});
        let confirm = |key: &str| app.anon().post_once("/v1/password-resets/confirm", key, &body);
        confirm("key-1").expect(204);
        let revision = app.revision();
        assert_eq!(confirm("key-1").expect(204).header("idempotent-replayed"), "true");
        confirm("key-2").refused(400, "invalid_parameter");
        assert_eq!(app.revision(), revision);
    }

    fn a_reset_proves_the_address_too(app: &TestApp) {
        app.sign_up("ann");
        app.anon().post("/v1/password-resets", &json!({"email": address("ann")})).expect(202);
        let body = json!({"token": app.mailed_token(&address("ann")), "new_password": OTHER});
        app.anon().post("/v1/password-resets/confirm", &body).expect(204);
        let session = app.open_session("ann", OTHER).expect(201);
        let ann = app.anon().with_token(session.body["access_token"].as_str().expect("token"));
        assert_eq!(ann.get("/v1/me").expect(200).body["email_verified"], Value::Bool(true));
    }

    fn case_33_a_weaker_hash_is_replaced_at_the_next_sign_in(app: &TestApp) {
        app.person("ann");
        let weak = Hasher::new(16, 1).expect("hasher").hash_now(&Password::new(PASSWORD)).expect("hash");
        let imported = app.parts.edge.db.write_now(move |conn| {
            let email = Email::parse(&address("ann")).expect("address");
            let login = people::login(conn, &email)?.expect("ann");
            people::rehash(conn, login.number, &login.password_hash, &weak)
        });
        assert!(imported.expect("imported"));
        app.open_session("ann", "a wrong password").refused(401, "invalid_credentials");
        app.sign_in("ann");
        let stored: String = app.read(|conn| {
            use diesel::prelude::*;
            Ok(people_private::table.select(people_private::password_hash).first(conn)?)
        });
        assert!(stored.starts_with("$argon2id$v=19$m=64,t=2,p=1$"), "{stored}");
        app.sign_in("ann");
    }
}
