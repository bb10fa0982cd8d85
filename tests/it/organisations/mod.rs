//! Organisations, memberships and invitations as their members, other people and admins see them.
//!
//! Invariant: what is refused leaves no event behind. Read next: [`register`].

mod approval;
mod invitations;
mod members;
mod register;
mod visibility;

use crate::harness::{Answer, Client, TestApp, callers::address};
use serde_json::{Value, json};
use springboard::accounts::{Email, people};

/// A platform admin, always the same.
pub fn admin(app: &TestApp) -> Client {
    let email = Email::parse(&address("root")).expect("address");
    match app.read(|conn| people::by_email(conn, &email)) {
        Some(_) => app.sign_in("root"),
        None => app.admin("root"),
    }
}

/// An organisation as its owner registered it.
#[derive(Clone)]
pub struct Registered {
    pub id: String,
    pub path: String,
    pub etag: String,
}

/// Registers an organisation that waits for approval.
pub fn register(owner: &Client, kind: &str, name: &str) -> Registered {
    let body = json!({"kind": kind, "name": name, "country": "FR"});
    let answer = owner.post("/v1/organisations", &body).expect(201);
    let id = answer.body["id"].as_str().expect("id").to_owned();
    Registered { path: format!("/v1/organisations/{id}"), id, etag: answer.header("etag").to_owned() }
}

/// Registers an organisation and has an admin let it in.
pub fn approved(app: &TestApp, owner: &Client, kind: &str, name: &str) -> Registered {
    let made = register(owner, kind, name);
    let answer = admin(app).post_empty(&format!("{}/approval", made.path)).expect(200);
    Registered { etag: answer.header("etag").to_owned(), ..made }
}

/// The ids of the rows of a page.
pub fn ids(answer: &Answer) -> Vec<String> {
    let rows = answer.body["data"].as_array().into_iter().flatten();
    rows.map(|r| r["id"].as_str().unwrap_or_default().to_owned()).collect()
}

/// The kinds of the events after a revision.
pub fn kinds_after(app: &TestApp, revision: i64) -> Vec<String> {
    app.read(|conn| springboard::events::after(conn, revision, 100)).into_iter().map(|e| e.kind).collect()
}

/// Runs what is to be refused and demands that nothing happened.
#[track_caller]
pub fn nothing_happens(app: &TestApp, attempt: impl FnOnce() -> Answer) -> Answer {
    let before = app.revision();
    let answer = attempt();
    assert_eq!(app.revision(), before, "an event was written: {}", answer.text);
    answer
}

/// Invites an address and gives the token that its mail carries.
pub fn invite(app: &TestApp, owner: &Client, path: &str, email: &str, role: &str) -> String {
    let body = json!({"email": email, "role": role});
    let answer = owner.post(&format!("{path}/invitations"), &body).expect(201);
    token(app, answer.body["id"].as_str().expect("id"))
}

/// The token of an invitation, as the mail carries it.
pub fn token(app: &TestApp, invitation: &str) -> String {
    let sent = app.read(|conn| springboard::events::of_subject(conn, invitation, 1));
    let number = sent[0].subject_number;
    let found = app.read(|conn| springboard::accounts::invitations::invitation(conn, number));
    let at = found.expect("invitation").created_at;
    let purpose = springboard::accounts::Purpose::Invitation;
    app.parts.mail_tokens.token(purpose, number, at).expect("token")
}

/// Makes somebody a member through an invitation, and gives the membership.
pub fn join(app: &TestApp, owner: &Client, path: &str, (name, role): (&str, &str)) -> (Client, Answer) {
    let person = app.person(name);
    let token = invite(app, owner, path, &address(name), role);
    let answer = person.post("/v1/invitations/acceptance", &json!({"token": token})).expect(201);
    (person, answer)
}

/// A text of the body of an answer.
pub fn text<'a>(body: &'a Value, name: &str) -> &'a str {
    body[name].as_str().unwrap_or_default()
}
