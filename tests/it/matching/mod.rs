//! Lists and pairs over HTTP: fresh, explained to the last unit, and silent about what is private.
//!
//! Invariant: what one side may not know cannot be read off the other side's list. Read next: `src/matching/lists/rank.rs`.

mod helps;
mod inputs;
mod lists;
mod privacy;
mod rankings;
mod recommendations;
mod worlds;

use crate::harness::{Answer, Client, TestApp};
use serde_json::{Value, json};
use springboard::db::Kind;
use springboard::jobs::Runner;
use springboard::kernel::time::Clock;
use springboard::matching::recommendations::Recommend;
use springboard::program::state::Parts;
use std::sync::Arc;

/// Runs a test with organisations that need no approval, on both databases.
macro_rules! approved {
    ($(fn $name:ident($app:ident: &TestApp) $body:block)*) => { $(
        fn $name($app: &crate::harness::TestApp) $body

        mod $name {
            #[test]
            fn on_sqlite() {
                super::$name(&crate::matching::start(springboard::db::Kind::Sqlite));
            }

            #[test]
            fn on_postgres() {
                if crate::harness::postgres::available() {
                    super::$name(&crate::matching::start(springboard::db::Kind::Postgres));
                }
            }
        }
    )* };
}
use approved;

/// An application in which every new organisation takes part at once.
pub fn start(kind: Kind) -> TestApp {
    TestApp::with(kind, &["--approve-organisations"])
}

/// Carries out the recommendation run that is queued, once the node has seen everything that it is to include.
pub fn carry_out(app: &TestApp) {
    let runner = runner(app, app.parts.edge.clock.clone());
    while !runner.step().expect("a step") {
        std::thread::yield_now();
    }
}

/// What carries out recommendation runs, by a clock.
pub fn runner(app: &TestApp, clock: Clock) -> Runner {
    let Parts { edge, replica, .. } = &app.parts;
    Runner::new(edge.db.clone(), clock, vec![Arc::new(Recommend::new(replica.clone().into_inner()))])
}

/// Somebody with an organisation and a published profile.
pub struct Party {
    pub client: Client,
    pub id: String,
    path: &'static str,
}

impl Party {
    /// Registers and publishes a profile of a new organisation.
    pub fn new(app: &TestApp, name: &str, kind: &str, facts: &Value) -> Self {
        Self::of(app.person(name), name, kind, facts)
    }

    /// The same for somebody who has signed in.
    pub fn of(client: Client, name: &str, kind: &str, facts: &Value) -> Self {
        let organisation = json!({"kind": kind, "name": format!("{name} and friends"), "country": "FR"});
        let organisation = client.post("/v1/organisations", &organisation).expect(201).body;
        let path = if kind == "startup" { "/v1/startups" } else { "/v1/investors" };
        let mut body = facts.clone();
        body["organisation"] = organisation["id"].clone();
        body["name"] = json!(format!("Company of {name}"));
        let id = client.post(path, &body).expect(201).body["id"].as_str().expect("id").to_owned();
        client.post_empty(&format!("{path}/{id}/publication")).expect(200);
        Self { client, id, path }
    }

    pub fn url(&self) -> String {
        format!("{}/{}", self.path, self.id)
    }

    /// The same at another node.
    pub fn at(&self, base: &str) -> Self {
        Self { client: self.client.at(base), id: self.id.clone(), path: self.path }
    }

    /// Changes facts of the profile.
    pub fn revise(&self, patch: &Value) -> Answer {
        let etag = self.client.get(&self.url()).expect(200).header("etag").to_owned();
        self.client.patch(&self.url(), &etag, patch).expect(200)
    }

    /// The list, with a query that begins with `?` or nothing.
    pub fn matches(&self, query: &str) -> Answer {
        self.client.get(&format!("{}/matches{query}", self.url()))
    }

    /// The explanation of one pair.
    pub fn pair(&self, other: &Party) -> Answer {
        self.client.get(&format!("{}/matches/{}", self.url(), other.id))
    }

    /// The scores of the list by the counterpart's id.
    pub fn scores(&self, query: &str) -> Vec<(String, i64)> {
        let answer = self.matches(query).expect(200);
        let rows = answer.body["data"].as_array().expect("data").iter();
        let id = |row: &Value| {
            let card = row.get("startup").or_else(|| row.get("investor")).expect("card");
            card["id"].as_str().expect("id").to_owned()
        };
        rows.map(|row| (id(row), row["score"].as_i64().expect("score"))).collect()
    }
}

/// A startup from Russia that wants to go to China.
pub fn startup_facts() -> Value {
    json!({
        "home": "RU", "sector": "ict.ai", "stage": "series_a", "markets": {"CN": 3},
        "ask": {"target": {"amount": 300_000_000, "currency": "USD"}},
        "references": [{"key": "home", "country": "RU", "kind": "customer", "on": "2026-05-01"}],
        "languages": {"ru": 3, "en": 2}, "cooperation_models": ["equity", "jv"], "needs": ["market"],
    })
}

/// A fund in China that looks for such startups.
pub fn investor_facts() -> Value {
    json!({
        "kind": "vc", "home": "CN", "markets": ["CN"], "focus": {"ict": 3},
        "stages": {"from": "seed", "to": "series_b"},
        "ticket": {"min": {"amount": 30_000_000, "currency": "USD"}, "max": {"amount": 500_000_000, "currency": "USD"}},
        "languages": {"zh": 3, "en": 2}, "cooperation_models": ["equity", "jv"], "offers": ["market"],
    })
}
