//! What is shipped beside the program says what the program does.
//!
//! Invariant: a setting that is added, renamed or given another default shows here. Read next: `src/program/config.rs`.

use clap::{Args, Command};
use springboard::program::config::{Database, Settings};
use std::collections::BTreeMap;

fn text(path: &str) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// The settings that the command line reads from the environment, with their defaults.
fn settings() -> BTreeMap<String, String> {
    let command = Settings::augment_args(Database::augment_args(Command::new("test")));
    let mut all = BTreeMap::new();
    for argument in command.get_arguments() {
        if let Some(name) = argument.get_env() {
            let values = argument.get_default_values().iter().map(|v| v.to_string_lossy());
            let switch = matches!(argument.get_action(), clap::ArgAction::SetTrue);
            let default = if switch { "false".to_owned() } else { values.collect() };
            all.insert(name.to_string_lossy().into_owned(), default);
        }
    }
    all
}

#[test]
fn the_example_of_the_environment_lists_every_setting_with_its_default() {
    let mut expected = settings();
    let elsewhere = [("POSTGRES_PASSWORD", ""), ("SPRINGBOARD_LOG_FORMAT", "text"), ("RUST_LOG", "info")];
    expected.extend(elsewhere.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let example = text(".env.example");
    let lines = example.lines().filter_map(|l| l.strip_prefix('#').filter(|l| !l.starts_with(' ')));
    let listed: BTreeMap<String, String> =
        lines.filter_map(|l| l.split_once('=')).map(|(n, v)| (n.to_owned(), v.to_owned())).collect();
    assert_eq!(listed, expected);
}

#[test]
fn the_container_uses_settings_and_commands_that_exist() {
    let known = settings();
    let dockerfile = text("Dockerfile") + &text("docker-compose.yml");
    for word in dockerfile.split(|c: char| !(c.is_ascii_uppercase() || c == '_')) {
        let ours = word.starts_with("SPRINGBOARD_") && word != "SPRINGBOARD_LOG_FORMAT";
        assert!(!ours || known.contains_key(word), "{word} is no setting");
    }
    for folder in ["benches", "migrations", "openapi", "seeds", "src"] {
        assert!(dockerfile.contains(&format!("COPY {folder} {folder}")), "{folder} is needed to build");
        assert!(std::path::Path::new(folder).is_dir(), "{folder}");
    }
}

#[test]
fn what_is_shipped_is_built_with_the_profile_that_optimises_across_crates() {
    let (manifest, dockerfile) = (text("Cargo.toml"), text("Dockerfile"));
    let profile = |name: &str| {
        manifest.split(&format!("[profile.{name}]\n")).nth(1).and_then(|p| p.split("\n[").next())
    };
    assert!(
        profile("dist").is_some_and(|dist| dist.contains("lto = ")),
        "a release is optimised across crates"
    );
    assert!(
        profile("release").is_some_and(|release| !release.contains("lto")),
        "an edit waits for no such thing"
    );
    assert!(dockerfile.contains("--profile dist") && dockerfile.contains("target/dist/springboard"));
}

#[test]
fn the_licence_and_the_toolchain_are_said_once_and_alike() {
    let manifest = text("Cargo.toml");
    assert!(manifest.contains("license = \"Apache-2.0\""));
    assert!(text("LICENSE").contains("Apache License"));
    let version =
        manifest.split("rust-version = \"").nth(1).and_then(|r| r.split('"').next()).expect("version");
    assert!(text("Dockerfile").contains(&format!("FROM rust:{version}-")), "the image has Rust {version}");
}
