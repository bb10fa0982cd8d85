//! The rules of the house that a machine can see.
//!
//! Invariant: ARCHITECTURE.md's layering is what the `use` lines say. Read next: ARCHITECTURE.md.

use std::path::Path;

/// The files below a folder with their texts.
pub fn sources(folder: &str) -> Vec<(String, String)> {
    fn walk(folder: &Path, out: &mut Vec<(String, String)>) {
        for entry in std::fs::read_dir(folder).expect("folder") {
            let path = entry.expect("entry").path();
            if path.is_dir() {
                walk(&path, out);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = std::fs::read_to_string(&path).expect("text");
                out.push((path.to_string_lossy().into_owned(), text));
            }
        }
    }
    let mut all = Vec::new();
    walk(Path::new(folder), &mut all);
    all.sort();
    all
}

/// The text without its `#[cfg(test)]` module.
fn without_tests(text: &str) -> &str {
    let starts = ["\n#[cfg(test)]\nmod ", "\n#[cfg(test)]\npub(super) mod "];
    starts.iter().fold(text, |text, start| text.split(start).next().unwrap_or(text))
}

fn complain(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn every_file_says_what_it_is() {
    let silent = |(path, text): &(String, String)| (!text.starts_with("//!")).then(|| path.clone());
    complain(&sources("src").iter().chain(&sources("tests")).filter_map(silent).collect::<Vec<_>>());
}

#[test]
fn no_file_is_longer_than_400_lines() {
    let long = |(path, text): &(String, String)| {
        let lines = without_tests(text).lines().count();
        (lines > 400 && !path.ends_with("db/schema.rs")).then(|| format!("{path}: {lines} lines"))
    };
    complain(&sources("src").iter().filter_map(long).collect::<Vec<_>>());
}

/// Which layer of ours a file belongs to: the first folder, or the file itself.
fn layer(path: &str) -> String {
    let path = path.strip_prefix("src/").unwrap_or(path);
    let pure = ["matching/engine", "forums/planner"].iter().find(|p| path.starts_with(*p));
    match pure {
        Some(pure) => (*pure).to_owned(),
        None => path.split('/').next().unwrap_or(path).trim_end_matches(".rs").to_owned(),
    }
}

/// Features from left to right: one may use the doors of those before it.
const FEATURES: &[&str] = &["reference", "accounts", "profiles", "relations", "matching", "introductions"];

/// What a layer may name of ours; features are added by their order.
fn may_use(layer: &str) -> Vec<&'static str> {
    match layer {
        "kernel" => vec![],
        "db" | "matching/engine" | "forums/planner" => vec!["kernel"],
        "events" | "secrets" => vec!["kernel", "db"],
        "config" | "telemetry" => vec!["kernel", "db"],
        "http" => vec!["kernel", "db", "events", "accounts", "app"],
        "notices" => vec!["kernel", "db", "events", "secrets", "accounts", "config"],
        "app" => {
            vec!["kernel", "db", "config", "http", "reference", "accounts", "profiles", "matching", "notices"]
        }
        _ => vec![],
    }
}

fn uses(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + 7..];
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).unwrap_or(rest.len());
        found.push(rest[..end].trim_end_matches(':').to_owned());
    }
    found
}

fn code(text: &str) -> String {
    let lines = without_tests(text).lines().filter(|l| !l.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn nobody_imports_against_the_layers() {
    const TOP: &[&str] = &["cli", "startup", "main", "lib", "worker", "demo"];
    let mut faults = Vec::new();
    for (path, text) in sources("src") {
        let own = layer(&path);
        // Tests may use what they like, in a file of their own as well as behind the code.
        let tests = path.ends_with("tests.rs");
        if tests || TOP.contains(&own.as_str()) || path == "src/http/routes.rs" {
            continue;
        }
        let place = FEATURES.iter().position(|f| *f == own);
        let edge = path.ends_with("/api.rs") || path.contains("/api/");
        for used in uses(&code(&text)) {
            let target = used.split("::").next().unwrap_or_default();
            let pure = if used.starts_with("matching::engine") { "matching/engine" } else { target };
            let left = place
                .zip(FEATURES.iter().position(|f| *f == target))
                .is_some_and(|(own, other)| other <= own);
            let ground = ["kernel", "db", "events", "secrets"].contains(&target) && place.is_some();
            let for_edge = edge && ["http", "app"].contains(&target);
            let allowed = own == target || own == pure || left || ground || for_edge || target == "each";
            if !allowed && !may_use(&own).contains(&target) {
                faults.push(format!("{path} uses {used}"));
            }
            let store = used.split("::").any(|p| p == "store" || p == "api");
            if store && target != own {
                faults.push(format!("{path} reaches behind the door of {target}: {used}"));
            }
        }
    }
    complain(&faults);
}

#[test]
fn diesel_and_actix_stay_in_their_places() {
    let mut faults = Vec::new();
    for (path, text) in sources("src") {
        let code = code(&text);
        let store = path.ends_with("/store.rs") || path.contains("/store/") || path.starts_with("src/db/");
        if code.contains("diesel::") && !store {
            faults.push(format!("{path} names diesel"));
        }
        let edge = path.ends_with("/api.rs") || path.contains("/api/") || path.starts_with("src/http/");
        let top = ["src/startup.rs", "src/cli/serve.rs"].contains(&path.as_str());
        if code.contains("actix_web::") && !edge && !top {
            faults.push(format!("{path} names actix_web"));
        }
        if path.ends_with("store.rs") && (code.contains("Serialize") || code.contains("ToSchema")) {
            faults.push(format!("{path}: a row is no wire type"));
        }
        let split = code.contains("Conn::Sqlite(") || code.contains("Conn::Pg(");
        if split && !path.starts_with("src/db/") {
            faults.push(format!("{path} tells the databases apart"));
        }
    }
    complain(&faults);
}
