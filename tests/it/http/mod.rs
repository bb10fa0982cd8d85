//! The plumbing as a client sees it.
//!
//! Invariant: whatever is refused is a problem document. Read next: `src/http/mod.rs`.

mod bodies;
mod idempotency;
mod limits;
mod negotiation;
mod panics;
mod raw;
mod visitors;

both! {
    fn lives_and_is_ready(app: &TestApp) {
        assert_eq!(app.anon().get("/livez").expect(200).body["status"], "ok");
        assert_eq!(app.anon().get("/readyz").expect(200).body["status"], "ok");
    }

    fn a_request_id_is_given_back_if_it_is_harmless(app: &TestApp) {
        let sent = app.anon().send("GET", "/livez", &[("x-request-id", "abcdefgh-1")], None);
        assert_eq!(sent.header("x-request-id"), "abcdefgh-1");
        let odd = app.anon().send("GET", "/livez", &[("x-request-id", "a b")], None);
        assert_eq!(odd.header("x-request-id").len(), 32);
    }
}
