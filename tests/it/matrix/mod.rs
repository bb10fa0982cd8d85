//! The authorization matrix: every operation by every kind of caller.
//!
//! Invariant: what a caller is refused changes nothing: no row, no revision, no event. Read next: [`table`], then
//! `src/http/authority.rs`.

mod callers;
mod reads;
mod table;

use crate::harness::{TestApp, postgres};
use callers::{Caller, World};
use diesel::prelude::*;
use serde_json::{Value, json};
use springboard::{
    db::{Conn, Kind},
    http::shared::resolve,
    program::routes::document,
};
use std::collections::BTreeSet;

/// One operation of the document with its row of the table.
struct Row {
    operation: &'static str,
    cells: Vec<&'static str>,
    method: String,
    path: String,
    query: String,
    body: Option<(String, Value)>,
}

impl Row {
    fn cell(&self, caller: Caller) -> &'static str {
        let at = Caller::ALL.iter().position(|c| *c == caller);
        at.and_then(|at| self.cells.get(at)).copied().unwrap_or("a missing cell")
    }

    fn refuses(&self, caller: Caller) -> bool {
        self.cell(caller) != "ok"
    }

    fn reads(&self) -> bool {
        self.method == "GET"
    }

    /// The status of the answer to this caller, or what is wrong with it.
    fn call(&self, world: &World, caller: Caller) -> Result<u16, String> {
        let path = world.aimed(caller, &self.path) + &self.query;
        let etag = if matches!(self.method.as_str(), "PUT" | "PATCH") {
            world.etag(caller, &path)
        } else {
            String::new()
        };
        let mut headers = Vec::new();
        if !etag.is_empty() {
            headers.push(("if-match", etag.as_str()));
        }
        if let Some((kind, _)) = &self.body {
            headers.push(("content-type", kind));
        }
        let body = self.body.as_ref().map(|(_, example)| world.body(caller, self.operation, example));
        let body = body.map(|body| body.as_str().map_or_else(|| body.to_string(), str::to_owned));
        let answer = world.client(caller).send(&self.method, &path, &headers, body);
        let expected = match self.cell(caller) {
            "ok" if answer.code() == "reference_not_found" => false,
            "ok" => matches!(answer.status, 200..=299 | 409 | 412 | 422),
            status => answer.status.to_string() == status,
        };
        if expected {
            return Ok(answer.status);
        }
        let (word, cell) = (caller.word(), self.cell(caller));
        Err(format!("{} by {word}: {cell}, was {} {}", self.operation, answer.status, answer.code()))
    }
}

/// The query that an operation cannot do without, made of its examples.
fn demanded(document: &Value, operation: &Value) -> String {
    let all = operation["parameters"].as_array().into_iter().flatten().map(|p| resolve(document, p));
    let pair = |p: &Value| {
        let example = p["example"].as_str().expect("a demanded parameter has an example");
        format!("{}={example}", p["name"].as_str().expect("a name"))
    };
    let pairs = all.filter(|p| p["in"] == "query" && p["required"] == true).map(pair);
    let query = pairs.collect::<Vec<_>>().join("&");
    if query.is_empty() { query } else { format!("?{query}") }
}

/// The rows in the order of the table.
fn rows() -> Vec<Row> {
    let document = document();
    let find = |id: &str| {
        let items = document["paths"].as_object().expect("paths").iter();
        let mut all =
            items.flat_map(|(p, i)| i.as_object().into_iter().flatten().map(move |(m, o)| (p, m, o)));
        all.find(|(_, _, operation)| operation["operationId"] == id)
            .unwrap_or_else(|| panic!("there is no {id}"))
    };
    let lines = table::TABLE.lines().filter(|line| !line.is_empty()).skip(1);
    let row = |line: &'static str| {
        let mut cells = line.split_whitespace();
        let operation = cells.next().expect("an operation");
        let (path, method, described) = find(operation);
        let media = described["requestBody"]["content"].as_object().and_then(|c| c.iter().next());
        let body = media.map(|(kind, media)| (kind.clone(), media["example"].clone()));
        let (method, path, query) = (method.to_uppercase(), path.clone(), demanded(&document, described));
        Row { operation, cells: cells.collect(), method, path, query, body }
    };
    lines.map(row).collect()
}

#[test]
fn every_operation_and_every_caller_is_in_the_table() {
    let document = document();
    let items = document["paths"].as_object().expect("paths").values().filter_map(|i| i.as_object());
    let described: BTreeSet<String> =
        items.flat_map(|i| i.values()).filter_map(|o| o["operationId"].as_str()).map(str::to_owned).collect();
    let rows = rows();
    assert_eq!(rows.iter().map(|r| r.operation.to_owned()).collect::<BTreeSet<_>>(), described);
    assert_eq!(rows.len(), described.len(), "an operation has two rows");
    let head = table::TABLE.lines().find(|line| !line.is_empty()).expect("a head");
    let words: Vec<&str> = Caller::ALL.iter().map(|c| c.word()).collect();
    assert_eq!(head.split_whitespace().skip(1).collect::<Vec<_>>(), words);
    for row in rows {
        assert_eq!(row.cells.len(), Caller::ALL.len(), "{}", row.operation);
        let known = |cell: &&str| ["ok", "400", "401", "403", "404", "422"].contains(cell);
        assert!(row.cells.iter().all(known), "{}", row.operation);
    }
}

#[derive(QueryableByName)]
struct Table {
    #[diesel(sql_type = diesel::sql_types::Text)]
    name: String,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    n: i64,
}

/// How many rows each table has, and the revision of the log.
fn state(app: &TestApp) -> (Vec<(String, i64)>, i64) {
    let counts = app.read(|conn| {
        let sql = match conn {
            Conn::Sqlite(_) => "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name",
            Conn::Pg(_) => {
                "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
            }
        };
        let tables: Vec<Table> = diesel::sql_query(sql).load(conn)?;
        let count = |Table { name }| {
            let n: Count = diesel::sql_query(format!("SELECT COUNT(*) AS n FROM {name}")).get_result(conn)?;
            Ok((name, n.n))
        };
        tables.into_iter().map(count).collect()
    });
    (counts, app.revision())
}

/// First all that is refused, and all reads: nothing may happen. Then each caller does what is allowed, in the order of
/// the table. The operations that nobody carried out.
fn matrix(kind: Kind, callers: &[Caller]) -> BTreeSet<&'static str> {
    let app = TestApp::start(kind);
    let world = World::new(&app);
    let rows = rows();
    let (mut faults, mut done) = (Vec::new(), BTreeSet::new());
    let mut note = |row: &Row, called: Result<u16, String>| match called {
        Ok(200..300) => drop(done.insert(row.operation)),
        Ok(_) => {}
        Err(fault) => faults.push(fault),
    };
    let before = state(&app);
    for row in &rows {
        for caller in callers.iter().filter(|c| row.reads() || row.refuses(**c)) {
            note(row, row.call(&world, *caller));
        }
        assert_eq!(state(&app), before, "{} left something behind", row.operation);
    }
    for caller in callers {
        for row in rows.iter().filter(|row| !row.reads() && !row.refuses(*caller)) {
            note(row, row.call(&world, *caller));
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
    rows.iter().map(|row| row.operation).filter(|operation| !done.contains(operation)).collect()
}

/// Operations that nobody of the table can carry out, as they need a secret out of a mail or of a session, or a state
/// that the things of the table are not in.
const NOT_DONE: &[&str] = &[
    "accept_invitation",
    "approve_profile_claim",
    "claim_investor",
    "claim_startup",
    "confirm_password_reset",
    "refresh_session",
    "verify_email",
];

mod everybody_may_do_what_the_table_says_and_nothing_else {
    use super::*;

    fn test(kind: Kind) {
        assert_eq!(matrix(kind, Caller::ALL), NOT_DONE.iter().copied().collect());
    }

    #[test]
    fn on_sqlite() {
        test(Kind::Sqlite);
    }

    #[test]
    fn on_postgres() {
        if postgres::available() {
            test(Kind::Postgres);
        }
    }
}

mod case_12_a_viewer_changes_nothing {
    use super::*;

    fn test(kind: Kind) {
        assert!(matrix(kind, &[Caller::Viewer]).contains("revise_startup"));
    }

    #[test]
    fn on_sqlite() {
        test(Kind::Sqlite);
    }

    #[test]
    fn on_postgres() {
        if postgres::available() {
            test(Kind::Postgres);
        }
    }
}

/// What somebody may do who is signed in, whatever the organisation: about themselves, or to begin something.
const OWN: &[&str] =
    &["change_me", "change_password", "sign_out", "register_organisation", "accept_invitation"];

#[test]
fn case_12_the_table_lets_a_viewer_write_nothing_of_the_organisation() {
    let public = |row: &Row| !row.refuses(Caller::Visitor);
    for row in rows().iter().filter(|row| !row.reads() && !public(row) && !OWN.contains(&row.operation)) {
        assert!(row.refuses(Caller::Viewer), "{}", row.operation);
    }
}

/// Operations without a token whose body is the proof, so that a wrong one can be a 401.
const PROOFS: &[&str] = &["sign_in", "refresh_session", "verify_email", "confirm_password_reset"];

#[test]
fn the_document_demands_a_token_exactly_where_the_table_does() {
    let document = document();
    for row in rows() {
        let operation = &document["paths"][&row.path][row.method.to_lowercase()];
        let public = row.cell(Caller::Visitor) != "401" || PROOFS.contains(&row.operation);
        let offered = operation["security"] == json!([{}])
            || operation["security"].as_array().is_some_and(|s| s.contains(&json!({})));
        assert!(!public || offered || operation["security"][0].get("bearer").is_some(), "{}", row.operation);
        assert!(public || operation["security"] == json!([{"bearer": []}]), "{}", row.operation);
    }
}
