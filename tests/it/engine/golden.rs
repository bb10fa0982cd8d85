//! Golden vectors of the executable reference, compared field by field.
//!
//! Made with `golden.py world --seed 2024`, `pairs --seed 2024 --count 400`, `world --stories` and `stories`.
//! Invariant: every field that the reference says is said by the command and equal, and the command says no other.
//! Read next: [`super::stories`], which tells what the numbers mean.

use serde_json::Value;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The path of a committed golden file.
pub fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/golden").join(name)
}

/// The text of a committed golden file.
pub fn fixture(name: &str) -> String {
    std::fs::read_to_string(path(name)).expect("a golden file can be read")
}

/// Runs `springboard score` on two golden files.
fn score(world: &str, pairs: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_springboard"))
        .arg("score")
        .arg("--world")
        .arg(path(world))
        .stdin(File::open(path(pairs)).expect("a golden file can be opened"))
        .stderr(Stdio::inherit())
        .output()
        .expect("the command runs")
}

/// What the reference says of each line of a golden file, beside what the command says.
fn compare(world: &str, pairs: &str) -> Vec<(Value, Value)> {
    let (lines, out) = (fixture(pairs), score(world, pairs));
    assert!(out.status.success());
    let out = String::from_utf8(out.stdout).expect("the output is text");
    assert_eq!(out.lines().count(), lines.lines().count());
    let json = |line: &str| serde_json::from_str::<Value>(line).expect("a line is JSON");
    lines.lines().map(|line| json(line)["expect"].take()).zip(out.lines().map(json)).collect()
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
    assert_eq!(score("world.json", "pairs.ndjson").stdout, score("world.json", "pairs.ndjson").stdout);
}
