//! The OpenAPI document against what is committed, what is served and its own schemas.
//!
//! Invariant: the document cannot drift from the program. Read next: `src/http/openapi.rs`.

use serde_json::Value;
use springboard::{http::shared::resolve, program::routes::document};

fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let paths = document["paths"].as_object().expect("paths");
    let each = paths.iter().flat_map(|(path, item)| {
        item.as_object().expect("item").iter().map(move |(m, op)| (path.clone(), m.clone(), op.clone()))
    });
    each.collect()
}

#[test]
fn the_committed_document_is_the_one_of_the_program() {
    let committed = std::fs::read_to_string("openapi/openapi.json").unwrap_or_default();
    let current = serde_json::to_string_pretty(&document()).expect("text");
    assert!(committed.trim_end() == current, "run: cargo run -- openapi > openapi/openapi.json");
}

#[test]
fn every_operation_says_what_it_is() {
    let whole = document();
    for (path, method, op) in operations(&whole) {
        let at = format!("{method} {path}");
        assert!(op["operationId"].is_string(), "{at}: operationId");
        assert!(op["summary"].as_str().is_some_and(|s| !s.is_empty()), "{at}: summary");
        assert!(op["security"].is_array(), "{at}: security");
        assert!(op["tags"][0].is_string(), "{at}: tag");
        for (status, response) in op["responses"].as_object().expect("responses") {
            assert!(
                resolve(&whole, response)["description"].as_str().is_some_and(|d| !d.is_empty()),
                "{at}: {status} description"
            );
        }
    }
}

#[test]
fn every_example_satisfies_its_schema() {
    let document = document();
    for (path, method, op) in operations(&document) {
        let responses = op["responses"].as_object().expect("responses").values();
        let holders = responses.map(|response| resolve(&document, response)).chain([&op["requestBody"]]);
        for (kind, media) in holders.filter_map(|h| h["content"].as_object()).flatten() {
            assert!(media.get("example").is_some(), "{method} {path} {kind}: no example");
            let root = serde_json::json!({"$schema": "https://json-schema.org/draft/2020-12/schema",
                "allOf": [media["schema"]], "components": document["components"]});
            let validator = jsonschema::validator_for(&root).expect("schema");
            let faults: Vec<String> = validator
                .iter_errors(&media["example"])
                .map(|e| format!("{} {e}", e.instance_path()))
                .collect();
            assert!(faults.is_empty(), "{method} {path} {kind}: {faults:?}");
        }
    }
}

#[test]
fn a_parameter_that_has_a_default_says_so() {
    let (document, mut told) = (document(), 0);
    for (path, method, op) in operations(&document) {
        for parameter in op["parameters"].as_array().into_iter().flatten().map(|p| resolve(&document, p)) {
            let default = match parameter["name"].as_str() {
                Some("limit") => Value::from(20),
                Some("explain") => Value::from("none"),
                Some("sort") => Value::from("-updated_at"),
                _ => continue,
            };
            let schema = &parameter["schema"];
            assert_eq!(resolve(&document, schema)["default"], default, "{method} {path}: {parameter}");
            told += 1;
        }
    }
    assert!(told > 10, "{told}");
}

#[test]
fn every_handler_is_registered_and_described() {
    let document = document();
    let described: std::collections::BTreeSet<String> =
        operations(&document).iter().map(|(path, method, _)| format!("{method} {path}")).collect();
    let mut written = std::collections::BTreeSet::new();
    for (_, text) in crate::structure::sources("src") {
        for line in text.lines() {
            let line = line.trim();
            for method in ["get", "post", "put", "patch", "delete"] {
                if let Some(rest) = line.strip_prefix(&format!("#[{method}(\"")) {
                    written.insert(format!("{method} {}", rest.split('"').next().unwrap_or_default()));
                }
            }
        }
    }
    assert_eq!(written, described);
}

#[test]
fn every_reference_points_somewhere() {
    fn walk<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
        match value {
            Value::Object(object) => {
                found.extend(object.get("$ref").and_then(Value::as_str));
                object.values().for_each(|v| walk(v, found));
            }
            Value::Array(items) => items.iter().for_each(|v| walk(v, found)),
            _ => {}
        }
    }
    let document = document();
    let mut found = Vec::new();
    walk(&document, &mut found);
    let lost: Vec<_> =
        found.iter().filter(|r| document.pointer(r.trim_start_matches('#')).is_none()).collect();
    assert!(lost.is_empty() && !found.is_empty(), "{lost:?}");
}

/// The most bytes of the document for each of its operations.
const BYTES_AN_OPERATION: usize = 7_000;

#[test]
fn the_document_says_each_thing_once() {
    let document = document();
    let (operations, mut problems) = (operations(&document), 0);
    let bytes = serde_json::to_string_pretty(&document).expect("text").len();
    assert!(bytes <= BYTES_AN_OPERATION * operations.len(), "{} an operation", bytes / operations.len());
    for (path, method, op) in operations {
        for (status, response) in op["responses"].as_object().expect("responses") {
            let inline = response["content"].get("application/problem+json").is_some();
            assert!(!inline, "{method} {path}: the problem {status} is written inline");
            problems += usize::from(response["$ref"].is_string() && status.starts_with(['4', '5']));
        }
    }
    assert!(problems > 500, "{problems}");
    for kind in ["responses", "parameters", "headers"] {
        let components = document["components"][kind].as_object().expect("components");
        let written: std::collections::BTreeSet<String> = components.values().map(Value::to_string).collect();
        assert_eq!(written.len(), components.len(), "{kind}: two components say the same");
    }
}
