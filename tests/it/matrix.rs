//! The authorization matrix: every operation by every kind of caller.
//!
//! Invariant: an operation that is not in the table fails the test. Read next: `src/http/authority.rs`.

use springboard::http::openapi::document;
use std::collections::BTreeSet;

/// Operations that anybody may call.
const PUBLIC: &[&str] = &["live", "ready", "list_reference_tables", "read_reference_table", "read_corridor"];

/// Operations that only a platform admin may call.
const ADMIN: &[&str] = &["revise_corridor", "list_corridor_revisions"];

fn operations() -> BTreeSet<String> {
    let document = document();
    let items = document["paths"].as_object().expect("paths").values().filter_map(|i| i.as_object());
    items.flat_map(|i| i.values()).filter_map(|op| op["operationId"].as_str()).map(str::to_owned).collect()
}

#[test]
fn every_operation_is_in_the_matrix() {
    let listed: BTreeSet<String> = PUBLIC.iter().chain(ADMIN).map(ToString::to_string).collect();
    assert_eq!(operations(), listed);
}
