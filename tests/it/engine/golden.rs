//! Golden vectors of the executable reference, compared field by field.
//!
//! Made with `golden.py world --seed 2024`, `pairs --seed 2024 --count 400`, `world --stories` and `stories`.

use serde_json::Value;
use springboard::cli::score::explain_lines;
use springboard::matching::engine::profile::parse;
use std::path::PathBuf;

/// A committed golden file.
pub fn fixture(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/golden").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What the engine says to each line of a golden file, beside what the reference says.
fn compare(world: &str, pairs: &str) -> Vec<(Value, Value)> {
    let world = parse(&fixture(world)).expect("the world is well formed");
    let (pairs, mut out) = (fixture(pairs), Vec::new());
    explain_lines(&world, pairs.as_bytes(), &mut out).expect("every line is explained");
    let out = String::from_utf8(out).expect("the output is text");
    assert_eq!(out.lines().count(), pairs.lines().count());
    let json = |line: &str| serde_json::from_str::<Value>(line).expect("a line is JSON");
    pairs.lines().map(|line| json(line)["expect"].take()).zip(out.lines().map(json)).collect()
}

fn assert_equal(pairs: &[(Value, Value)]) {
    for (line, (expected, got)) in pairs.iter().enumerate() {
        let expected = expected.as_object().expect("an expectation is an object");
        assert_eq!(expected.len(), got.as_object().map_or(0, |got| got.len()), "line {}", line + 1);
        for (field, value) in expected {
            assert_eq!(value, &got[field], "line {}, {field}", line + 1);
        }
    }
}

#[test]
fn every_field_of_every_random_pair_equals_the_reference() {
    let pairs = compare("world.json", "pairs.ndjson");
    assert_eq!(pairs.len(), 400);
    assert_equal(&pairs);
}

#[test]
fn every_field_of_every_story_equals_the_reference() {
    let stories = compare("stories.world.json", "stories.ndjson");
    assert_eq!(stories.len(), 14);
    assert_equal(&stories);
}

#[test]
fn the_output_is_the_same_byte_for_byte_when_repeated() {
    let world = parse(&fixture("world.json")).expect("the world is well formed");
    let run = || {
        let mut out = Vec::new();
        explain_lines(&world, fixture("pairs.ndjson").as_bytes(), &mut out).expect("every line is explained");
        out
    };
    assert_eq!(run(), run());
}
