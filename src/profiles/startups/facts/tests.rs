//! What a startup may say of itself, and what is refused.
//!
//! Invariant: every fault names its field. Read next: [`super`].

use super::*;
use serde_json::json;

fn facts(value: serde_json::Value) -> StartupFacts {
    serde_json::from_value(value).expect("facts")
}

fn today() -> Day {
    "2026-11-22".parse().expect("a day")
}

#[test]
fn what_has_not_happened_yet_is_no_reference_and_no_foundation() {
    let on = |day: &str, year: u16| {
        places(&facts(
            json!({"founded": year, "references": [{"country": "CN", "kind": "pilot", "on": day}]}),
        ))
    };
    assert_eq!(on("2026-11-23", 2026), [""; 0], "it is tomorrow already in the east");
    assert_eq!(
        on("2026-11-24", 2027),
        ["Pointer(\"/founded\") out_of_range", "Pointer(\"/references/0/on\") out_of_range"]
    );
}

fn places(facts: &StartupFacts) -> Vec<String> {
    facts.faults(today()).iter().map(|f| format!("{:?} {}", f.at, f.code)).collect()
}

#[test]
fn absent_and_empty_survive_storage_as_two_things() {
    let value = json!({"references": [], "markets": {}, "languages": {"en": 3}});
    assert_eq!(serde_json::to_value(facts(value.clone())).ok(), Some(value));
    assert_eq!(serde_json::to_value(StartupFacts::default()).ok(), Some(json!({})));
}

#[test]
fn the_gains_of_facts_sum_to_one_hundred() {
    assert_eq!(StartupFacts::GAINS.iter().map(|(_, gain)| u32::from(*gain)).sum::<u32>(), 100);
}

#[test]
fn facts_that_contradict_each_other_are_all_reported() {
    let found = places(&facts(json!({
        "ask": {"smallest_cheque": {"amount": 9, "currency": "EUR"}, "target": {"amount": 5, "currency": "EUR"}},
        "references": [
            {"key": "a", "country": "CN", "kind": "pilot", "on": "2026-01-01"},
            {"key": "a", "country": "FR", "kind": "pilot", "on": "2026-01-01"}],
        "backers": [{"name": "X"}, {}],
        "bridges": [{"institution": {}, "country": "CN", "strength": 1}],
        "investor_kinds": ["vc"], "exclude_investor_kinds": ["vc"],
        "weights": {"access": 0, "ticket": 0, "value_add": 0, "track": 0, "comms": 0, "responsive": 0, "type": 0, "mode": 0},
    })));
    assert_eq!(
        found,
        [
            "Pointer(\"/ask/smallest_cheque/amount\") out_of_range",
            "Pointer(\"/references/0/key\") duplicate",
            "Pointer(\"/references/1/key\") duplicate",
            "Pointer(\"/backers/1\") required",
            "Pointer(\"/bridges/0\") required",
            "Pointer(\"/exclude_investor_kinds\") contradiction",
            "Pointer(\"/weights\") out_of_range",
        ]
    );
}

#[test]
fn a_reference_keeps_its_key_and_never_takes_one_that_was_in_use() {
    let one = |country: &str, key: Option<&str>| {
        let mut value = json!({"country": country, "kind": "pilot", "on": "2026-01-01"});
        if let Some(key) = key {
            value["key"] = key.into();
        }
        value
    };
    let keys = |facts: &StartupFacts| -> Vec<String> {
        facts.references.iter().flatten().filter_map(|r| r.key.as_ref().map(ToString::to_string)).collect()
    };
    let first =
        facts(json!({"references": [one("CN", None), one("FR", Some("fr")), one("RU", None)]})).settled(None);
    assert_eq!(keys(&first), ["r1", "fr", "r2"]);
    let second = facts(json!({"references": [one("IN", None), one("RU", None), one("RU", None)]}))
        .settled(Some(&first));
    assert_eq!(keys(&second), ["r3", "r2", "r4"]);
}
