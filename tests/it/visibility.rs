//! Every field that can leave the service has a declared class.
//!
//! Invariant: the body of every successful answer is a schema whose properties are exactly those of one
//! `Visible::FIELDS`; a field that somebody forgot to declare fails here. Read next: `src/kernel/visibility.rs`.

use crate::structure::sources;
use serde_json::Value;
use springboard::{http::shared::resolve, program::routes::document};
use std::collections::{BTreeMap, BTreeSet};

/// Bodies that do not come from a reply of the domain: the state of the process.
const WITHOUT_CLASSES: &[&str] = &["Health"];

const CLASSES: &[&str] = &["Public", "Members", "Matched", "Granted", "Organisation", "Nobody"];

/// The quoted words of a piece of code.
fn quoted(code: &str) -> BTreeSet<String> {
    code.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The declared fields by schema name: from `impl Visible for T { … }` and from `visible!(T, Class: "field" …);`.
fn declared() -> BTreeMap<String, BTreeSet<String>> {
    let mut all = BTreeMap::new();
    for (path, text) in sources("src") {
        let code = text.split("\n#[cfg(test)]\nmod ").next().unwrap_or_default();
        let blocks = code.split("impl Visible for ").skip(1).map(|rest| (rest, "];"));
        let lines = code.split("\nvisible!(").skip(1).map(|rest| (rest, ");"));
        for (rest, end) in blocks.chain(lines) {
            let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if name.is_empty() {
                continue;
            }
            let block = rest.split(end).next().unwrap_or_default();
            assert!(CLASSES.iter().any(|class| block.contains(class)), "{path}: {name} declares no class");
            let fields = quoted(block);
            let schema = schema_name(code, &name);
            assert!(all.insert(schema.clone(), fields).is_none(), "{path}: {schema} is declared twice");
        }
    }
    all
}

/// The name under which a type is in the document: its own, or the one of `#[schema(as = …)]`.
fn schema_name(code: &str, name: &str) -> String {
    let definition =
        code.find(&format!("pub struct {name} ")).or_else(|| code.find(&format!("struct {name} ")));
    let before = definition.map_or("", |at| &code[..at]);
    let attributes = before.rsplit("\n\n").next().unwrap_or_default();
    let renamed = attributes.split("#[schema(as = ").nth(1).and_then(|rest| rest.split([')', ',']).next());
    renamed.unwrap_or(name).to_owned()
}

fn reference(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str().and_then(|r| r.rsplit('/').next())
}

fn properties(document: &Value, schema: &Value) -> BTreeSet<String> {
    let schema = reference(schema).map_or(schema, |name| &document["components"]["schemas"][name]);
    let own = schema["properties"].as_object().into_iter().flatten().map(|(name, _)| name.clone());
    let parts = schema["allOf"].as_array().into_iter().flatten().flat_map(|part| properties(document, part));
    own.chain(parts).collect()
}

/// The schemas of the bodies of successful answers; of a page, that of its rows.
fn answered(document: &Value) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("item") {
            let responses = operation["responses"].as_object().expect("responses");
            for (_, response) in responses.iter().filter(|(status, _)| status.starts_with('2')) {
                for (media, content) in
                    resolve(document, response)["content"].as_object().into_iter().flatten()
                {
                    let at = format!("{method} {path} {media}");
                    let name =
                        reference(&content["schema"]).unwrap_or_else(|| panic!("{at}: no named schema"));
                    let schema = &document["components"]["schemas"][name];
                    let page = schema["properties"].get("next_cursor").is_some();
                    let row = reference(&schema["properties"]["data"]["items"]).filter(|_| page);
                    assert!(!page || row.is_some(), "{at}: the rows of a page have no named schema");
                    all.insert(row.unwrap_or(name).to_owned(), at);
                }
            }
        }
    }
    all
}

#[test]
fn every_field_of_every_answer_has_a_declared_class() {
    let document = document();
    let declared = declared();
    let mut faults = Vec::new();
    for (schema, at) in answered(&document) {
        if WITHOUT_CLASSES.contains(&schema.as_str()) {
            continue;
        }
        let reference = serde_json::json!({"$ref": format!("#/components/schemas/{schema}")});
        let described = properties(&document, &reference);
        match declared.get(&schema) {
            None => faults.push(format!("{at}: {schema} has no Visible::FIELDS")),
            Some(fields) if *fields != described => {
                let forgotten: Vec<_> = described.difference(fields).collect();
                let stale: Vec<_> = fields.difference(&described).collect();
                faults.push(format!("{at}: {schema} forgets {forgotten:?} and declares in vain {stale:?}"));
            }
            Some(_) => {}
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}
