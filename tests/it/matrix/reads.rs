//! Every read of the document: what it refuses to be asked for, and where it answers 304.
//!
//! Invariant: a parameter that an operation does not describe reveals nothing. Read next: [`super`].

use super::callers::{Caller, World};
use super::{Row, document, rows, shards::scene, written::Scene};
use springboard::db::Kind;
use std::collections::BTreeSet;

fn reads() -> impl Iterator<Item = Row> {
    rows().into_iter().filter(Row::reads)
}

#[test]
fn case_6_unknown_parameters_reveal_nothing() {
    let Scene { world, app: _app } = scene(Kind::Sqlite);
    for row in reads().filter(|row| row.path.starts_with("/v1/")) {
        for query in
            ["expand=organisation", "expand=contact&limit=1", "fields=contact,weights", "include=contact"]
        {
            for caller in [Caller::Owner, Caller::Startup, Caller::Visitor] {
                let place = world.aimed(caller, &row.path);
                let path = format!("{place}?{query}");
                let answer = world.client(caller).get(&path);
                if matches!(answer.status, 401 | 403) {
                    assert_eq!(world.client(caller).get(&place).status, answer.status, "{path}");
                    continue;
                }
                let answer = answer.refused(400, "unknown_parameter");
                let name = query.split('=').next().unwrap_or_default().to_owned();
                assert_eq!(answer.faults()[0], (name, "unknown_parameter".to_owned()), "{path}");
                let bare = answer.body.get("data").is_none() && answer.body.get("id").is_none();
                assert!(bare, "{}", answer.text);
            }
        }
    }
}

/// The reads that answer with an ETag to somebody who may read, and those that then answer 304 to it.
fn tagged(world: &World) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut sent, mut spared) = (BTreeSet::new(), BTreeSet::new());
    for row in reads() {
        for caller in [Caller::Owner, Caller::Admin] {
            let (client, path) = (world.client(caller), world.aimed(caller, &row.path));
            let answer = client.get(&path);
            let tag = answer.header("etag");
            if answer.status != 200 || tag.is_empty() {
                continue;
            }
            sent.insert(row.operation.to_owned());
            let again = client.send("GET", &path, &[("if-none-match", tag)], None);
            if (again.status, again.header("etag"), again.text.as_str()) == (304, tag, "") {
                spared.insert(row.operation.to_owned());
            }
        }
    }
    (sent, spared)
}

#[test]
fn an_etag_and_304_are_described_exactly_where_they_are_sent() {
    let document = document();
    let items = document["paths"].as_object().expect("paths").values().filter_map(|i| i.as_object());
    let described = items.flat_map(|item| item.values()).filter(|op| op["responses"].get("304").is_some());
    let described: BTreeSet<String> =
        described.map(|op| op["operationId"].as_str().expect("id").to_owned()).collect();
    let Scene { world, app: _app } = scene(Kind::Sqlite);
    assert_eq!(tagged(&world), (described.clone(), described));
}
