//! The authorization matrix: every operation by every kind of caller.
//!
//! Invariant: an operation that is not in the table fails the test. Read next: `src/http/authority.rs`.

use crate::harness::{Client, TestApp};
use crate::matching::{Party, investor_facts, start, startup_facts};
use serde_json::{Value, json};
use springboard::{db::Kind, http::openapi::document};
use std::collections::BTreeSet;

/// Operations that anybody may call.
const PUBLIC: &[&str] = &[
    "live",
    "ready",
    "sign_up",
    "verify_email",
    "request_password_reset",
    "confirm_password_reset",
    "sign_in",
    "refresh_session",
    "read_signing_keys",
    "list_reference_tables",
    "read_reference_table",
    "read_corridor",
    "read_organisation",
    "describe_problem",
    "list_startups",
    "read_startup",
    "list_investors",
    "read_investor",
];

/// Operations that only a platform admin may call.
const ADMIN: &[&str] = &[
    "read_person",
    "suspend_person",
    "lift_suspension",
    "revise_corridor",
    "list_corridor_revisions",
    "suspend_organisation",
    "restore_organisation",
    "entitle_organisation",
    "list_profile_claims",
    "assess_startup",
    "rebuild_world",
    "list_worlds",
    "activate_world",
];

/// Operations for people who are signed in; what each may do is asked of their memberships.
const SIGNED_IN: &[&str] = &[
    "read_me",
    "change_me",
    "change_password",
    "list_sessions",
    "sign_out",
    "end_session",
    "register_organisation",
    "list_organisations",
    "revise_organisation",
    "approve_organisation",
    "list_members",
    "read_membership",
    "change_membership",
    "end_membership",
    "invite_member",
    "list_invitations",
    "withdraw_invitation",
    "accept_invitation",
    "register_startup",
    "revise_startup",
    "claim_startup",
    "confirm_startup",
    "set_startup_contact",
    "remove_startup_contact",
    "publish_startup",
    "withdraw_startup",
    "list_startup_revisions",
    "read_startup_revision",
    "register_investor",
    "revise_investor",
    "claim_investor",
    "confirm_investor",
    "set_investor_contact",
    "remove_investor_contact",
    "publish_investor",
    "withdraw_investor",
    "list_investor_revisions",
    "read_investor_revision",
    "approve_profile_claim",
    "refuse_profile_claim",
    "read_investor_portfolio",
    "set_investor_portfolio",
    "upload_investor_portfolio",
    "propose_thesis",
    "rank_startups",
    "rank_investors",
    "explain_startup",
    "explain_investor",
];

fn operations() -> BTreeSet<String> {
    let document = document();
    let items = document["paths"].as_object().expect("paths").values().filter_map(|i| i.as_object());
    items.flat_map(|i| i.values()).filter_map(|op| op["operationId"].as_str()).map(str::to_owned).collect()
}

#[test]
fn every_operation_is_in_the_matrix() {
    let listed: BTreeSet<String> =
        PUBLIC.iter().chain(ADMIN).chain(SIGNED_IN).map(ToString::to_string).collect();
    assert_eq!(operations(), listed);
}

/// Operations that a signed-in stranger may carry out: on themselves, or to begin something of their own.
const OWN: &[&str] = &[
    "read_me",
    "change_me",
    "change_password",
    "list_sessions",
    "sign_out",
    "register_organisation",
    "register_startup",
    "register_investor",
];

/// One operation with real ids in its path and the example of its body.
struct Call {
    id: String,
    method: String,
    path: String,
    body: Option<(String, String)>,
}

/// Every operation, aimed at the things of `startup` and `investor`.
fn calls(startup: &Party, investor: &Party, me: &Value) -> Vec<Call> {
    let document = document();
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("item") {
            let concrete = aimed(path, startup, investor, me);
            let media = operation["requestBody"]["content"].as_object().and_then(|c| c.iter().next());
            let body = media.map(|(kind, media)| {
                let example = &media["example"];
                (kind.clone(), example.as_str().map_or_else(|| example.to_string(), str::to_owned))
            });
            let id = operation["operationId"].as_str().expect("id").to_owned();
            all.push(Call { id, method: method.to_uppercase(), path: concrete, body });
        }
    }
    all
}

fn aimed(path: &str, startup: &Party, investor: &Party, me: &Value) -> String {
    let member = &me["memberships"][0];
    let id = |text: &Value| text.as_str().unwrap_or_default().to_owned();
    let own = if path.starts_with("/v1/startups") {
        startup.id.clone()
    } else if path.starts_with("/v1/investors") {
        investor.id.clone()
    } else if path.starts_with("/v1/organisations") {
        id(&member["organisation"])
    } else if path.starts_with("/v1/people") {
        id(&me["id"])
    } else {
        let prefix = match path.split('/').nth(2) {
            Some("memberships") => "mem",
            Some("sessions") => "ses",
            Some("worlds") => "wld",
            Some("invitations") => "inv",
            _ => "clm",
        };
        format!("{prefix}_00000000000000000000000000")
    };
    path.replace("{id}", &own)
        .replace("{startup_id}", &startup.id)
        .replace("{investor_id}", &investor.id)
        .replace("{revision}", "1")
        .replace("{pair}", "RU-CN")
        .replace("{table}", "countries")
        .replace("{code}", "not_found")
}

impl Call {
    fn by(&self, client: &Client) -> (u16, String) {
        let mut headers = vec![("if-match", "\"1-4\"")];
        if let Some((kind, _)) = &self.body {
            headers.push(("content-type", kind));
        }
        let needs_version = matches!(self.method.as_str(), "PUT" | "PATCH");
        let headers = if needs_version { &headers[..] } else { &headers[1..] };
        let answer = client.send(&self.method, &self.path, headers, self.body.clone().map(|(_, body)| body));
        (answer.status, answer.code().to_owned())
    }
}

fn nobody_oversteps(app: &TestApp) {
    let startup = Party::new(app, "sue", "startup", &startup_facts());
    let investor = Party::new(app, "ivy", "investor", &investor_facts());
    let me = startup.client.get("/v1/me").expect(200).body;
    let (anonymous, stranger) = (app.anon(), app.person("eve"));
    let garbage = anonymous.with_token("eyJhbGciOiJub25lIn0.e30.");
    let mut faults = Vec::new();
    for call in calls(&startup, &investor, &me) {
        let (public, admin) = (PUBLIC.contains(&call.id.as_str()), ADMIN.contains(&call.id.as_str()));
        let before = app.revision();
        let (status, code) = call.by(&anonymous);
        if public == (status == 401 && code != "invalid_credentials") && call.id != "refresh_session" {
            faults.push(format!("a visitor: {} {} {code}", call.id, status));
        }
        if public || call.id == "sign_out" {
            continue;
        }
        for (who, client) in [("garbage", &garbage), ("a stranger", &stranger)] {
            let (status, code) = call.by(client);
            let expected = match who {
                "garbage" => status == 401,
                _ if admin => status == 403,
                _ if OWN.contains(&call.id.as_str()) => status != 401,
                _ => [400, 403, 404, 422].contains(&status),
            };
            if !expected {
                faults.push(format!("{who}: {} {} {} {status} {code}", call.id, call.method, call.path));
            }
            if !OWN.contains(&call.id.as_str()) && app.revision() != before {
                faults.push(format!("{who}: {} left an event", call.id));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn case_6_unknown_parameters_reveal_nothing() {
    let app = start(Kind::Sqlite);
    let startup = Party::new(&app, "sue", "startup", &startup_facts());
    let investor = Party::new(&app, "ivy", "investor", &investor_facts());
    let me = startup.client.get("/v1/me").expect(200).body;
    for call in calls(&startup, &investor, &me)
        .into_iter()
        .filter(|c| c.method == "GET" && c.path.starts_with("/v1/"))
    {
        for query in
            ["expand=organisation", "expand=contact&limit=1", "fields=contact,weights", "include=contact"]
        {
            for client in [&startup.client, &investor.client, &app.anon()] {
                let answer = client.get(&format!("{}?{query}", call.path)).refused(400, "unknown_parameter");
                let name = query.split('=').next().unwrap_or_default();
                assert_eq!(
                    answer.faults()[0],
                    (name.to_owned(), "unknown_parameter".to_owned()),
                    "{}",
                    call.id
                );
                assert!(
                    answer.body.get("data").is_none() && answer.body.get("id").is_none(),
                    "{}",
                    answer.text
                );
            }
        }
    }
}

/// Calls every read as somebody who may read the thing; returns those that answer with an ETag, and those that then
/// answer 304 to it.
fn tagged(app: &TestApp) -> (BTreeSet<String>, BTreeSet<String>) {
    let startup = Party::new(app, "sue", "startup", &startup_facts());
    let investor = Party::new(app, "ivy", "investor", &investor_facts());
    let me = startup.client.get("/v1/me").expect(200).body;
    let organisation = me["memberships"][0]["organisation"].as_str().expect("organisation");
    let members = startup.client.get(&format!("/v1/organisations/{organisation}/members")).expect(200).body;
    let membership = format!("/v1/memberships/{}", members["data"][0]["id"].as_str().expect("membership"));
    let callers = [&startup.client, &investor.client, &app.admin("ada")];
    let (mut sent, mut spared) = (BTreeSet::new(), BTreeSet::new());
    for call in calls(&startup, &investor, &me).into_iter().filter(|call| call.method == "GET") {
        let path = if call.id == "read_membership" { &membership } else { &call.path };
        for client in callers {
            let answer = client.get(path);
            if answer.status == 200 && !answer.header("etag").is_empty() {
                sent.insert(call.id.clone());
                let again = client.send("GET", path, &[("if-none-match", answer.header("etag"))], None);
                if (again.status, again.header("etag"), again.text.as_str())
                    == (304, answer.header("etag"), "")
                {
                    spared.insert(call.id.clone());
                }
            }
        }
    }
    (sent, spared)
}

#[test]
fn an_etag_and_304_are_described_exactly_where_they_are_sent() {
    let document = document();
    let items = document["paths"].as_object().expect("paths").values().filter_map(|i| i.as_object());
    let operations = items.flat_map(|item| item.values());
    let described = |op: &&Value| op["responses"].get("304").is_some();
    let ids = operations.filter(described).map(|op| op["operationId"].as_str().expect("id").to_owned());
    let described: BTreeSet<String> = ids.collect();
    assert_eq!(tagged(&start(Kind::Sqlite)), (described.clone(), described));
}

mod nobody_oversteps {
    use super::*;

    #[test]
    fn on_sqlite() {
        super::nobody_oversteps(&start(Kind::Sqlite));
    }

    #[test]
    fn on_postgres() {
        if crate::harness::postgres::available() {
            super::nobody_oversteps(&start(Kind::Postgres));
        }
    }
}

#[test]
fn the_document_demands_a_token_exactly_where_the_matrix_does() {
    let document = document();
    let open = json!([{}]);
    for (path, item) in document["paths"].as_object().expect("paths") {
        for operation in item.as_object().expect("item").values() {
            let id = operation["operationId"].as_str().expect("id");
            let public = PUBLIC.contains(&id);
            let offered = operation["security"] == open
                || operation["security"].as_array().is_some_and(|s| s.contains(&json!({})));
            assert!(!public || offered || operation["security"][0].get("bearer").is_some(), "{path} {id}");
            assert!(public || operation["security"] == json!([{"bearer": []}]), "{path} {id}");
        }
    }
}
