//! Sign-up, confirmation, oneself, and what admins do.
//!
//! Invariant: what a reply shows never depends on whether an address is known. Read next: `src/accounts/people/mod.rs`.

use crate::harness::callers::{PASSWORD, address};
use serde_json::json;

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
}
