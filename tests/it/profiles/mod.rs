//! Profiles of startups and investors, as a client meets them.
//!
//! Invariant: tests are named after the cases of the security catalogue they cover. Read next: [`startups`].

mod claims;
mod portfolios;
mod search;
mod secrets;
mod startups;

use crate::harness::{Answer, Client, TestApp};
use serde_json::{Value, json};

/// Somebody with an organisation of that kind.
pub struct Party {
    pub client: Client,
    pub organisation: String,
}

/// Somebody with an organisation that waits for approval.
pub fn newcomer(app: &TestApp, name: &str, kind: &str) -> Party {
    let client = app.person(name);
    let body = json!({"kind": kind, "name": format!("{name} {kind}")});
    let made = client.post("/v1/organisations", &body).expect(201);
    Party { client, organisation: made.body["id"].as_str().expect("id").to_owned() }
}

/// Somebody with an approved organisation.
pub fn party(app: &TestApp, admin: &Client, name: &str, kind: &str) -> Party {
    let party = newcomer(app, name, kind);
    admin.post_empty(&format!("/v1/organisations/{}/approval", party.organisation)).expect(200);
    party
}

impl Party {
    /// Registers a profile with these facts.
    pub fn register(&self, plural: &str, facts: &Value) -> Answer {
        let mut body = facts.clone();
        body["organisation"] = self.organisation.as_str().into();
        self.client.post(&format!("/v1/{plural}"), &body)
    }

    /// Registers and publishes a profile, and returns its path.
    pub fn published(&self, plural: &str, facts: &Value) -> String {
        let path = self.register(plural, facts).expect(201).header("location").to_owned();
        self.client.post_empty(&format!("{path}/publication")).expect(200);
        path
    }
}

/// The facts of a startup that can be published.
pub fn startup(name: &str) -> Value {
    json!({"name": name, "home": "FR", "sector": "ict.ai", "stage": "seed"})
}

/// The facts of an investor that can be published.
pub fn investor(name: &str) -> Value {
    json!({"name": name, "kind": "vc", "home": "CN", "markets": ["CN"]})
}
