//! Who may import whom, as ARCHITECTURE.md says it.
//!
//! Invariant: a folder that no rule knows is a fault, so that a new one is given its place. Read next: [`super::graph`].

use super::parse::File;

/// Features from left to right: one may call the doors of those before it. Those of one line do not see each other.
const FEATURES: &[&[&str]] = &[
    &["reference"],
    &["accounts"],
    &["profiles"],
    &["screening"],
    &["relations"],
    &["matching"],
    &["introductions"],
    &["meetings"],
    &["juries"],
    &["forums", "accelerators"],
    &["corridors"],
    &["partners"],
    &["privacy"],
];

/// What features stand on, besides `http`, which only their edges see.
const GROUND: &[&str] =
    &["kernel", "engine", "planner", "sheet", "db", "events", "jobs", "limits", "files", "identity"];

/// Those that may see all, and that nobody else sees.
const PROGRAM: &[&str] = &["program", "cli", "demo"];

/// The place of a feature in the order.
fn place(top: &str) -> Option<usize> {
    FEATURES.iter().position(|line| line.contains(&top))
}

/// What a folder that is no feature may name of ours; nothing for a folder without a place.
fn ground(top: &str) -> Option<&'static [&'static str]> {
    Some(match top {
        "kernel" | "engine" | "planner" | "sheet" => &[],
        // Made-up profiles are of the sectors, needs and kinds that the reference tables know.
        "population" => &["engine", "kernel", "reference"],
        "db" => &["kernel"],
        "events" | "jobs" | "limits" | "files" => &["kernel", "db"],
        "identity" => &["kernel", "db", "events"],
        "http" => &["kernel", "db", "events", "identity", "limits"],
        "notices" => &["kernel", "db", "events", "jobs", "identity", "reference", "accounts", "profiles"],
        _ => return None,
    })
}

/// Whether one folder may name another at all.
fn may_see(from: &str, to: &str) -> Result<bool, String> {
    let unknown = |top: &str| format!("the folder {top} has no place in tests/it/structure/layers.rs");
    let known =
        |top: &str| ground(top).is_some() || place(top).is_some() || PROGRAM.contains(&top) || top == "web";
    if let Some(stranger) = [from, to].into_iter().find(|top| !known(top)) {
        return Err(unknown(stranger));
    }
    if PROGRAM.contains(&from) || from == to {
        return Ok(true);
    }
    if let Some(all) = ground(from) {
        return Ok(all.contains(&to));
    }
    if GROUND.contains(&to) || to == "http" {
        return Ok(true);
    }
    // Pages call what the interface of each feature calls.
    let left = |own: usize| place(to).is_some_and(|other| other < own);
    Ok(if from == "web" { place(to).is_some() } else { place(from).is_some_and(left) })
}

/// Whether the file is an edge of a feature: its handlers, its wire types or a page.
fn is_edge(path: &str) -> bool {
    ["/api.rs", "/wire.rs"].iter().any(|end| path.ends_with(end))
        || ["/api/", "src/web/"].iter().any(|part| path.contains(part))
}

fn is_store(path: &str) -> bool {
    path.ends_with("/store.rs") || path.contains("/store/")
}

/// What a file may not name of ours.
pub fn against_the_layers(file: &File) -> Vec<String> {
    let Some(own) = file.top() else { return Vec::new() };
    let mut faults = Vec::new();
    for used in &file.ours {
        let (to, text) = (used[0].as_str(), used.join("::"));
        let mut fault = |what: &str| faults.push(format!("{} names {text}: {what}", file.path));
        match may_see(own, to) {
            Err(unknown) => fault(&unknown),
            Ok(false) => fault(&format!("{own} may not see {to}")),
            Ok(true) => {}
        }
        if own == to || PROGRAM.contains(&own) {
            continue;
        }
        if used.iter().any(|part| matches!(part.as_str(), "store" | "api")) {
            fault("the store and the edge of another folder lie behind its door");
        }
        if to == "http" && place(own).is_some() && !is_edge(&file.path) {
            fault("only api, wire and web see http");
        }
    }
    faults
}

/// What a domain type may not rest on.
pub fn against_pure_models(file: &File) -> Vec<String> {
    let own = file.top().unwrap_or_default();
    if place(own).is_none() || !(file.path.ends_with("/model.rs") || file.path.contains("/model/")) {
        return Vec::new();
    }
    let pure = |used: &&Vec<String>| {
        let inner = used[0] == own && !used.iter().any(|p| matches!(p.as_str(), "store" | "api" | "wire"));
        // Below features lie the words of an account (role, state of a person or an organisation), which identity reads of
        // everybody, and those of a run (its state, what ended it), which are the same for every kind of job.
        let below = ["kernel", "identity", "jobs", "reference", "engine"].contains(&used[0].as_str());
        inner || below
    };
    let fault = |used: &Vec<String>| format!("{} names {}: a model is pure", file.path, used.join("::"));
    file.ours.iter().filter(|used| !pure(used)).map(fault).collect()
}

/// What a file may not name of the libraries behind and before us.
pub fn against_the_libraries(file: &File) -> Vec<String> {
    let (path, top) = (file.path.as_str(), file.top().unwrap_or_default());
    // One segment alone is a name of the file's own, such as a variable.
    let names = |library: &str| file.others.iter().any(|p| p[0] == library && p.len() > 1);
    let mut faults = Vec::new();
    if ["diesel", "diesel_migrations"].iter().any(|l| names(l)) && top != "db" && !is_store(path) {
        faults.push(format!("{path} names diesel: only db and stores do"));
    }
    let edge = path.ends_with("/api.rs") || path.contains("/api/") || path == "src/cli/serve.rs";
    if names("actix_web") && !edge && !["http", "web", "program"].contains(&top) {
        faults.push(format!("{path} names actix_web: only http, program, api and web do"));
    }
    let apart = |p: &Vec<String>| p.windows(2).any(|w| w[0] == "Conn" && (w[1] == "Sqlite" || w[1] == "Pg"));
    if top != "db" && file.all().any(apart) {
        faults.push(format!("{path} tells the databases apart: only db does"));
    }
    let wire = |name: &&String| matches!(name.as_str(), "Serialize" | "ToSchema");
    if let Some(name) = file.traits.iter().find(wire).filter(|_| is_store(path)) {
        faults.push(format!("{path} makes something {name}: a row is no wire type"));
    }
    faults
}
