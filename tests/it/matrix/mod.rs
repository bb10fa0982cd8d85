//! The authorization matrix: every operation by every kind of caller.
//!
//! Invariant: what a caller is refused changes nothing: no row, no revision, no event. Read next: [`table`], [`shards`], then
//! `src/http/authority.rs`.

mod callers;
mod reads;
mod shards;
mod table;
mod written;

use callers::{Caller, World};
use serde_json::{Value, json};
use springboard::{http::shared::resolve, program::routes};
use std::{collections::BTreeSet, sync::OnceLock};

/// The OpenAPI document, made once.
fn document() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(routes::document)
}

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
        let (method, path, query) = (method.to_uppercase(), path.clone(), demanded(document, described));
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
