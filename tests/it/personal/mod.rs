//! Personal data: every table is claimed or listed, and whoever is erased is nowhere any more.
//!
//! Invariant: a table that is neither claimed nor listed fails, and so does a column whose name looks personal.
//! Read next: `src/db/personal.rs`, [`canaries`].

mod canaries;

use crate::schema::{Tables, declared};
use springboard::db::{Kept, PersonalTable};
use springboard::program::personal::holders;
use std::collections::{BTreeMap, BTreeSet};

/// Tables without personal data, each with the reason.
const WITHOUT: &[(&str, &str)] = &[
    (
        "events",
        "ids, states and names of fields; nothing that names a person, so that erasure never rewrites the log",
    ),
    ("event_seals", "hashes of events"),
    ("secrets", "keys of the installation"),
    ("signing_keys", "keys of the installation"),
    ("organisations", "what an organisation says of itself, and what an admin says of its suspension"),
    ("invitations", "ids; the address lies in invitations_private"),
    ("followers", "positions in the log"),
    ("jobs", "ids, options and results of runs"),
    ("worlds", "counts over portfolios"),
    ("recommendation_runs", "options of runs"),
    ("recommendation_lists", "numbers of profiles"),
    ("rankings", "ids of profiles and what the score read of them"),
    ("ranking_rows", "ids of profiles and what the score read of them"),
    ("ranking_inputs", "what the score read of profiles"),
    ("ranking_tables", "tables of the score"),
    ("corridor_revisions", "facts about countries"),
    ("exchange_rates", "rates of currencies"),
    ("profiles", "an organisation's statement of itself, without contact data"),
    ("profile_revisions", "an organisation's statement of itself, and the id of who made it"),
    ("portfolios", "an investor's deals with companies"),
    ("profile_assessments", "what was verified of an organisation"),
    ("profile_claims", "ids"),
    ("profile_tokens", "words of what an organisation says of itself"),
    ("profile_facets", "codes of what an organisation says of itself"),
];

/// Columns whose names look personal and that hold nothing personal, each with the reason.
const HARMLESS: &[(&str, &str)] = &[
    ("events.person", "an id; the row that it refers to is nameless after erasure"),
    ("events.subject", "an id; the row that it refers to is nameless after erasure"),
    ("events.subject_number", "a number; the row that it refers to is nameless after erasure"),
    ("invitations.invited_by", "a number; the row that it refers to is nameless after erasure"),
    ("profile_revisions.person", "an id; the row that it refers to is nameless after erasure"),
    ("organisations.name", "the name of an organisation"),
    ("organisations.name_folded", "the name of an organisation"),
    ("organisations.name_skeleton", "the name of an organisation"),
    ("organisations.suspension_reason", "an admin's words about an organisation"),
    ("profiles.name_folded", "the name of a company"),
    ("secrets.name", "the name of a key"),
    ("followers.name", "the name of a follower"),
    ("corridor_revisions.ip", "how far intellectual property is protected"),
    ("corridor_revisions.reason", "an admin's words about a law"),
];

/// Words by which the name of a column looks personal.
const LOOKS_PERSONAL: &[&str] = &[
    "email", "mail", "name", "phone", "address", "contact", "password", "ip", "person", "user", "birth",
    "photo", "comment", "note", "reason", "subject", "by", "agent", "city", "street",
];

fn looks_personal(column: &str) -> bool {
    column.split('_').any(|word| LOOKS_PERSONAL.contains(&word))
}

/// Names with reasons.
type Listed<'a> = &'a [(&'a str, &'a str)];
/// A table with its columns.
type Table<'a> = (&'a str, &'a [&'a str]);

/// What is wrong with the claims on the tables of a schema.
fn faults(
    schema: &Tables,
    claims: &[PersonalTable],
    without: Listed<'_>,
    harmless: Listed<'_>,
) -> Vec<String> {
    let mut faults = Vec::new();
    let mut claimed: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for claim in claims {
        let columns = claim.columns.iter().chain([&claim.found_by]).copied();
        if claim.columns.is_empty() || claimed.insert(claim.name, columns.collect()).is_some() {
            faults.push(format!("{} is claimed twice, or without a column", claim.name));
        }
        if claim.rule.is_empty() || matches!(claim.kept, Kept::After(_, "")) {
            faults.push(format!("{} is kept without a rule", claim.name));
        }
    }
    for (table, columns) in &claimed {
        let missing =
            columns.iter().filter(|column| !schema.get(*table).is_some_and(|all| all.contains(**column)));
        faults.extend(missing.map(|column| format!("{table}.{column} is claimed and does not exist")));
    }
    let listed: BTreeSet<&str> = without.iter().map(|(table, _)| *table).collect();
    let excused: BTreeSet<&str> = harmless.iter().map(|(column, _)| *column).collect();
    let mut suspicious = BTreeSet::new();
    for (table, columns) in schema {
        let own = claimed.get(table.as_str());
        if own.is_some() == listed.contains(table.as_str()) {
            faults
                .push(format!("{table} is neither claimed nor listed as one without personal data, or both"));
        }
        for column in columns.iter().filter(|column| looks_personal(column)) {
            let full = format!("{table}.{column}");
            if own.is_none_or(|own| !own.contains(column.as_str())) && !excused.contains(full.as_str()) {
                faults.push(format!("{full} looks personal, and nobody claims it"));
            }
            suspicious.insert(full);
        }
    }
    let gone = listed.iter().filter(|table| !schema.contains_key(**table));
    faults.extend(gone.map(|table| format!("{table} is listed and does not exist")));
    let idle = excused.iter().filter(|column| !suspicious.contains(**column));
    faults.extend(idle.map(|column| format!("{column} is excused for nothing")));
    let mute = without.iter().chain(harmless).filter(|(_, reason)| reason.is_empty());
    faults.extend(mute.map(|(what, _)| format!("{what} is listed without a reason")));
    faults
}

#[test]
fn every_table_is_claimed_by_whoever_holds_personal_data_or_listed_with_a_reason() {
    let holders = holders();
    let claims: Vec<PersonalTable> = holders.iter().flat_map(|holder| holder.tables()).copied().collect();
    assert_eq!(faults(&declared(), &claims, WITHOUT, HARMLESS), Vec::<String>::new());
    let names: BTreeSet<&str> = holders.iter().map(|holder| holder.name()).collect();
    assert_eq!(names.len(), holders.len());
}

#[test]
fn the_check_finds_what_nobody_claims() {
    let schema = |tables: &[Table<'_>]| -> Tables {
        let columns = |all: &[&str]| all.iter().map(ToString::to_string).collect();
        tables.iter().map(|(name, all)| ((*name).to_owned(), columns(all))).collect()
    };
    let claim = PersonalTable {
        name: "guests",
        columns: &["email"],
        found_by: "person_id",
        kept: Kept::WhileUsed,
        rule: "erasure",
    };
    let good = schema(&[("guests", &["person_id", "email"]), ("rooms", &["id"])]);
    let (without, none): (Listed<'_>, Listed<'_>) = (&[("rooms", "walls")], &[]);
    assert_eq!(faults(&good, &[claim], without, none), Vec::<String>::new());
    let found = |tables: &[Table<'_>], claims: &[PersonalTable], without, harmless| {
        let found = faults(&schema(tables), claims, without, harmless);
        assert_eq!(found.len(), 1, "{found:?}");
        found[0].clone()
    };
    let (guests, rooms): (Table<'_>, Table<'_>) = (("guests", &["person_id", "email"]), ("rooms", &["id"]));
    let new = found(&[guests, rooms, ("visits", &["id"])], &[claim], without, none);
    assert!(new.starts_with("visits is neither claimed nor listed"));
    let named = found(&[guests, ("rooms", &["id", "guest_phone"])], &[claim], without, none);
    assert_eq!(named, "rooms.guest_phone looks personal, and nobody claims it");
    let half = found(&[("guests", &["person_id", "email", "name"]), rooms], &[claim], without, none);
    assert_eq!(half, "guests.name looks personal, and nobody claims it");
    let gone = found(&[("guests", &["person_id"]), rooms], &[claim], without, none);
    assert_eq!(gone, "guests.email is claimed and does not exist");
    assert!(found(&[guests, rooms], &[claim, claim], without, none).contains("claimed twice"));
    let ruleless = PersonalTable { rule: "", ..claim };
    assert_eq!(found(&[guests, rooms], &[ruleless], without, none), "guests is kept without a rule");
    let both = &[("rooms", "walls"), ("guests", "nobody")];
    assert!(found(&[guests, rooms], &[claim], both, none).ends_with("or both"));
    let old = &[("rooms", "walls"), ("cellars", "walls")];
    assert_eq!(found(&[guests, rooms], &[claim], old, none), "cellars is listed and does not exist");
    let idle = &[("rooms.id", "a number")];
    assert_eq!(found(&[guests, rooms], &[claim], without, idle), "rooms.id is excused for nothing");
    assert_eq!(found(&[guests, rooms], &[claim], &[("rooms", "")], none), "rooms is listed without a reason");
}
