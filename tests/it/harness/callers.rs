//! The kinds of callers, made through the public API.
//!
//! Invariant: authority is visible in the first word of a test: `app.anon()`, `app.person("ann")`.
//! Read next: [`super::client`].

use super::{Answer, Client, TestApp};
use serde_json::json;
use springboard::{
    accounts::{Email, passwords::Password, people::create_admin},
    events::Act,
    http::Edge,
    notices::{
        Notices,
        mailbox::{self, Mail},
    },
};

/// The password of everybody in the tests.
pub const PASSWORD: &str = "tea at four, rain or shine";

/// The address of somebody in the tests.
pub fn address(name: &str) -> String {
    format!("{name}@example.org")
}

impl TestApp {
    /// A visitor without a token.
    pub fn anon(&self) -> Client {
        Client::new(&self.base)
    }

    /// Somebody who signed up, confirmed the address, and signed in.
    pub fn person(&self, name: &str) -> Client {
        self.sign_up(name);
        let token = self.mailed_token(&address(name));
        self.anon().post("/v1/email-verifications", &json!({"token": token})).expect(204);
        self.sign_in(name)
    }

    /// A platform admin, made as the command makes one.
    pub fn admin(&self, name: &str) -> Client {
        let email = Email::parse(&address(name)).expect("address");
        let hash = self.parts.passwords.hasher.hash_now(&Password::new(PASSWORD)).expect("hash");
        let act = Act::system(self.parts.edge.clock.now(), "admin create");
        let made = self.parts.edge.db.write_now(move |conn| create_admin(conn, &act, &email, None, &hash));
        made.expect("made");
        self.sign_in(name)
    }

    /// Signs somebody up, without confirming the address.
    pub fn sign_up(&self, name: &str) {
        let body = json!({"email": address(name), "password": PASSWORD, "name": name});
        self.anon().post("/v1/people", &body).expect(202);
    }

    /// Signs somebody in who has the usual password.
    pub fn sign_in(&self, name: &str) -> Client {
        let session = self.open_session(name, PASSWORD).expect(201);
        self.anon().with_token(session.body["access_token"].as_str().expect("access token"))
    }

    /// The answer to an attempt to sign in.
    pub fn open_session(&self, name: &str, password: &str) -> Answer {
        self.anon().post("/v1/sessions", &json!({"email": address(name), "password": password}))
    }

    /// Every mail to that address, the oldest first, once all that is due has been sent.
    pub fn mails_to(&self, address: &str) -> Vec<Mail> {
        deliver(&self.parts.notices, &self.parts.edge);
        let all = mailbox::read(&self.parts.settings.data).expect("mailbox");
        all.into_iter().filter(|mail| mail.is_for(address)).collect()
    }

    /// The token in the last mail to that address.
    pub fn mailed_token(&self, address: &str) -> String {
        token_in(&self.mails_to(address).pop().expect("a mail"))
    }
}

/// Queues and sends what is due on a node, and says how many mails went out.
pub fn deliver(notices: &Notices, edge: &Edge) -> usize {
    notices.queueing().step(&edge.db, edge.clock.now()).expect("follows");
    notices.send_due(&edge.clock).expect("sends")
}

/// The token that a mail carries.
pub fn token_in(mail: &Mail) -> String {
    let line = mail.text.lines().find(|line| line.len() == 58 && line.starts_with("    "));
    line.expect("a token").trim().to_owned()
}
