//! Canaries: a word of its own in every field of every class, and every representation searched for them.
//!
//! Invariant: of each canary it is known who may be told it, and exactly those are. Read next: [`world`], [`reads`], then
//! `src/kernel/visibility.rs`.

mod reads;
mod world;

use crate::harness::process::Process;
use crate::harness::{Answer, Client, TestApp, callers::PASSWORD, postgres};
use reads::{READS, paths};
use serde_json::{Value, json};
use springboard::{db::Kind, notices::mailbox, program::routes::document};
use std::collections::{BTreeMap, BTreeSet};
use world::{Caller, Canary, Form, World};

/// What of a profile is its organisation's alone, whatever its value.
const PRIVATE: &[&str] = &[
    "external_id",
    "completeness",
    "contact",
    "weights",
    "blocks",
    "exclude_investor_kinds",
    "only_targets",
    "only_homes",
    "exclude_homes",
    "exclude_sectors",
];

#[test]
fn every_read_of_the_document_is_searched() {
    let document = document();
    let items = document["paths"].as_object().expect("paths").values();
    let described: BTreeSet<&str> = items.filter_map(|item| item["get"]["operationId"].as_str()).collect();
    let searched: BTreeSet<&str> = READS.iter().map(|(operation, _)| *operation).collect();
    assert_eq!(searched, described);
    assert_eq!(searched.len(), READS.len(), "an operation has two lines");
    let form = |path: &str| {
        let path = path.split('?').next().unwrap_or_default();
        path.split('/').map(str::to_owned).collect::<Vec<_>>()
    };
    let alike = |described: &[String], aimed: &[String]| {
        described.len() == aimed.len()
            && described.iter().zip(aimed).all(|(d, a)| d.starts_with('{') || d == a)
    };
    for (operation, aims) in READS {
        let items = document["paths"].as_object().expect("paths").iter();
        let mut own = items.filter(|(_, item)| item["get"]["operationId"] == *operation);
        let (path, _) = own.next().expect("described");
        assert!(!aims.is_empty() && aims.iter().all(|aim| alike(&form(path), &form(aim))), "{operation}");
    }
}

/// Everything that somebody was told: the request and the answer, with its headers.
struct Told {
    request: String,
    text: String,
    body: Value,
}

impl Told {
    fn new(request: String, answer: Answer) -> Self {
        let headers = answer.headers.iter().map(|(n, v)| format!("{n}: {}", v.to_str().unwrap_or_default()));
        let headers: Vec<String> = headers.collect();
        let text = format!("{}\n{}", headers.join("\n"), answer.text).to_lowercase();
        Self { request, text, body: answer.body }
    }
}

/// Reads a path, and where it is a list its further pages.
fn read(client: &Client, path: &str, all: &mut Vec<Told>) {
    let joint = if path.contains('?') { '&' } else { '?' };
    let mut cursor = String::new();
    for _ in 0..4 {
        let told = Told::new(format!("GET {path}{cursor}"), client.get(&format!("{path}{cursor}")));
        let next = told.body["next_cursor"].as_str().map(|next| format!("{joint}cursor={next}"));
        all.push(told);
        match next {
            Some(next) => cursor = next,
            None => return,
        }
    }
}

/// Changes that are refused, and one that is repeated under its key: their answers tell as much as a read.
fn attempt(client: &Client, world: &World, all: &mut Vec<Told>) {
    let live = &world.things[0];
    let (startup, investor) =
        (format!("/v1/startups/{}", live.startup.1), format!("/v1/investors/{}", live.investor.1));
    let mut note = |what: &str, answer: Answer| all.push(Told::new(what.to_owned(), answer));
    for path in [&startup, &investor] {
        note("PATCH", client.patch(path, "\"0-4\"", &json!({"city": "Lyon"})));
        note("PUT contact", client.put(&format!("{path}/contact"), "\"0-4\"", &json!({"name": "Mallory"})));
        note("PATCH of what is not there", client.patch(path, "\"1-4\"", &json!({"nothing": 1})));
        note("DELETE publication with a body", client.send("DELETE", &format!("{path}/nothing"), &[], None));
        note("POST claim", client.post(&format!("{path}/claims"), &json!({"organisation": live.startup.0})));
        for _ in 0..2 {
            let key = [("idempotency-key", "one-of-these")];
            note("POST confirmation", client.send("POST", &format!("{path}/confirmation"), &key, None));
        }
    }
    note("POST profile", client.post("/v1/startups", &json!({"organisation": live.investor.0, "name": "x"})));
    let invited = json!({"email": "nobody", "role": "viewer"});
    note(
        "POST invitation",
        client.post(&format!("/v1/organisations/{}/invitations", live.startup.0), &invited),
    );
}

/// What everybody is told of everything.
fn sweep(world: &World) -> BTreeMap<Caller, Vec<Told>> {
    let paths = paths(world, &world.things);
    let mut all = BTreeMap::new();
    for (caller, client) in &world.clients {
        let mut told = Vec::new();
        paths.iter().for_each(|path| read(client, path, &mut told));
        attempt(client, world, &mut told);
        all.insert(*caller, told);
    }
    all
}

fn holds(text: &str, canary: &Canary) -> bool {
    text.contains(&canary.text.to_lowercase())
}

/// Each canary is told to exactly those who may be told it.
fn told_to_whom(world: &World, all: &BTreeMap<Caller, Vec<Told>>) -> Vec<String> {
    let mut faults = Vec::new();
    for canary in &world.canaries {
        let mut told = BTreeSet::new();
        for (caller, answers) in all {
            let Some(at) = answers.iter().find(|answer| holds(&answer.text, canary)) else { continue };
            told.insert(*caller);
            if !canary.told.contains(caller) {
                faults
                    .push(format!("{caller:?} is told {} ({}) by {}", canary.what, canary.text, at.request));
            }
        }
        for caller in canary.told.iter().filter(|caller| !told.contains(caller)) {
            faults.push(format!("{caller:?} is not told {} ({})", canary.what, canary.text));
        }
    }
    faults
}

/// The objects of a body, however deep.
fn objects<'a>(value: &'a Value, all: &mut Vec<&'a serde_json::Map<String, Value>>) {
    match value {
        Value::Array(rows) => rows.iter().for_each(|row| objects(row, all)),
        Value::Object(object) => {
            all.push(object);
            object.values().for_each(|value| objects(value, all));
        }
        _ => {}
    }
}

/// Beside the id of a profile no field stands that is its organisation's alone, whatever its value.
fn private_fields(world: &World, all: &BTreeMap<Caller, Vec<Told>>) -> Vec<String> {
    use Caller::{Admin, Editor, Investor, Owner, Pending, Startup, Suspended, Viewer};
    let owners = [
        &[Owner, Editor, Viewer, Admin][..],
        &[Pending, Admin],
        &[Suspended, Admin],
        &[Startup, Investor, Admin],
    ];
    let mut faults = Vec::new();
    for (caller, answers) in all {
        for answer in answers {
            let mut found = Vec::new();
            objects(&answer.body, &mut found);
            for (things, owners) in world.things.iter().zip(owners) {
                let own = |id: &Value| *id == things.startup.1.as_str() || *id == things.investor.1.as_str();
                for object in found.iter().filter(|o| o.get("id").is_some_and(own)) {
                    let private = PRIVATE.iter().find(|field| object.contains_key(**field));
                    if let Some(field) = private.filter(|_| !owners.contains(caller)) {
                        faults.push(format!("{caller:?} is shown {field} by {}", answer.request));
                    }
                }
            }
        }
    }
    faults
}

/// Whoever searches for a word finds a row only if that word may be told to them: two words of every kind.
fn searches(world: &World) -> Vec<String> {
    let mut faults = Vec::new();
    let mut kinds: BTreeMap<&str, Vec<&Canary>> = BTreeMap::new();
    for canary in world.canaries.iter().filter(|c| c.form == Form::Word) {
        kinds.entry(&canary.what).or_default().push(canary);
    }
    let words: Vec<&Canary> = kinds.values().flat_map(|kind| [kind[0], kind[kind.len() - 1]]).collect();
    for caller in [Caller::Visitor, Caller::Stranger, Caller::Startup, Caller::Pending, Caller::Owner] {
        for canary in words.iter().filter(|canary| !canary.told.contains(&caller)) {
            for list in ["startups", "investors"] {
                let query = [("q", canary.text.trim_start_matches('+'))];
                let query = serde_urlencoded::to_string(query).expect("a query");
                let found = world.clients[&caller].get(&format!("/v1/{list}?{query}")).expect(200);
                if found.body["data"] != json!([]) {
                    faults.push(format!("{caller:?} finds {list} by {} ({})", canary.what, canary.text));
                }
            }
        }
    }
    faults
}

/// A mail holds what its addressee may be told, what an invitation tells, and its own token.
fn mails(app: &TestApp, world: &World) -> Vec<String> {
    let mut faults = Vec::new();
    for mail in mailbox::read(&app.parts.settings.data).expect("mailbox") {
        let of = |caller: &&Caller| mail.is_for(&crate::harness::callers::address(&caller.word()));
        let addressee = Caller::ALL.iter().find(of);
        let text = format!("{}\n{}", mail.headers.join("\n"), mail.text).to_lowercase();
        let inviting = mail.header("subject").contains("invited");
        for canary in world.canaries.iter().filter(|c| c.form != Form::Secret && holds(&text, c)) {
            let own =
                addressee.is_some_and(|caller| canary.told.contains(caller) || canary.text == caller.word());
            let said = inviting
                && (mail.header("to").contains(&canary.text)
                    || mail.text.contains(&format!("\"{}\" of the organisation", canary.text))
                    || mail.text.contains(&format!("\n\"{}\" (org_", canary.text)));
            if !own && !said {
                faults.push(format!("a mail to {addressee:?} holds {} ({})", canary.what, canary.text));
            }
        }
        let secrets = world.canaries.iter().filter(|c| c.form == Form::Secret && holds(&text, c)).count();
        if secrets > 1 {
            faults.push(format!("a mail to {addressee:?} holds {secrets} secrets"));
        }
    }
    faults
}

/// The log of events names ids, and the measurements nothing at all.
fn records(app: &TestApp, world: &World) -> Vec<String> {
    let events = app.read(|conn| springboard::events::after(conn, 0, 100_000));
    let events: Vec<String> = events.iter().map(|entry| format!("{entry:?}").to_lowercase()).collect();
    assert!(events.len() > 100, "{} events", events.len());
    let monitor = Client::new(app.metrics.as_deref().expect("a listener"));
    let metrics = monitor.get("/metrics").expect(200).text.to_lowercase();
    let mut faults = Vec::new();
    for canary in &world.canaries {
        let logged = events.iter().find(|entry| canary.form != Form::Id && holds(entry, canary));
        faults.extend(logged.map(|entry| format!("{} is in the event {entry}", canary.what)));
        if holds(&metrics, canary) {
            faults.push(format!("{} ({}) is in the measurements", canary.what, canary.text));
        }
    }
    faults
}

/// A second node serves the same world with every log line of ours: its lines tell nothing of what the requests were about.
fn log_lines(app: &TestApp, world: &World) -> Vec<String> {
    let log = app.folder.join("lines.log");
    let process =
        Process::serve_logging(&app.target, &app.folder.join("second"), "warn,springboard=trace", &log);
    let paths = paths(world, &world.things[..1]);
    let mut answered = 0;
    for caller in [Caller::Visitor, Caller::Owner, Caller::Admin] {
        let mut client = app.anon().at(&process.base);
        if caller != Caller::Visitor {
            let who =
                json!({"email": crate::harness::callers::address(&caller.word()), "password": PASSWORD});
            let opened = client.post("/v1/sessions", &who).expect(201);
            client = client.with_token(opened.body["access_token"].as_str().expect("a token"));
        }
        let mut told = Vec::new();
        paths.iter().for_each(|path| read(&client, path, &mut told));
        attempt(&client, world, &mut told);
        answered += told.len();
    }
    drop(process);
    let lines = std::fs::read_to_string(log).expect("a log").to_lowercase();
    let requests = lines.lines().filter(|line| line.contains("request_id")).count();
    assert!(requests >= answered, "{requests} lines tell of {answered} requests");
    let told = world.canaries.iter().filter(|canary| canary.form != Form::Id);
    let said = told.filter_map(|canary| {
        let line = lines.lines().find(|line| holds(line, canary))?;
        Some(format!("{} is in the log line {line}", canary.what))
    });
    said.collect()
}

fn every_canary_is_told_to_those_alone_who_may_be_told_it(kind: Kind) {
    let app = TestApp::with(kind, &["--metrics-listen", "127.0.0.1:0"]);
    let world = World::new(&app);
    let all = sweep(&world);
    let mut faults = told_to_whom(&world, &all);
    faults.extend(private_fields(&world, &all));
    faults.extend(searches(&world));
    faults.extend(mails(&app, &world));
    faults.extend(records(&app, &world));
    faults.extend(log_lines(&app, &world));
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

mod every_representation {
    use super::*;

    #[test]
    fn on_sqlite() {
        every_canary_is_told_to_those_alone_who_may_be_told_it(Kind::Sqlite);
    }

    #[test]
    fn on_postgres() {
        if postgres::available() {
            every_canary_is_told_to_those_alone_who_may_be_told_it(Kind::Postgres);
        }
    }
}
