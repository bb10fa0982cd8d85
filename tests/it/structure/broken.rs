//! Small sources that break each rule, and ones that come close and break none.
//!
//! Invariant: a rule without a text here that it refuses is not known to see anything. Read next: [`super::layers`].

use super::graph::Graph;
use super::parse::File;
use super::{files, layers, parsed};

/// The complaints of all rules about one file.
fn faults(path: &str, text: &str) -> Vec<String> {
    let texts = [(path.to_owned(), text.to_owned())];
    let rules = [layers::against_the_layers, layers::against_pure_models, layers::against_the_libraries];
    let files = parsed(&texts);
    files.iter().flat_map(|file| rules.iter().flat_map(|rule| rule(file))).collect()
}

/// Demands one complaint, with these words in it.
#[track_caller]
fn broken(path: &str, text: &str, words: &str) {
    let faults = faults(path, text);
    assert!(faults.len() == 1 && faults[0].contains(words), "{path}: {faults:?}");
}

#[track_caller]
fn sound(path: &str, text: &str) {
    assert_eq!(faults(path, text), [""; 0], "{path}");
}

#[test]
fn the_engine_names_nothing_of_ours_by_any_path() {
    let words = "engine may not see kernel";
    broken("src/engine/mod.rs", "use crate::kernel::ids;", words);
    broken("src/engine/snapshot.rs", "use super::super::kernel::ids;", words);
    broken("src/engine/factors/stage.rs", "use super::super::super::kernel::ids::Id;", words);
    broken("src/engine/query.rs", "fn f() -> usize { super::super::kernel::ids::COUNT }", words);
    broken("src/engine/query.rs", "mod inner { fn f(id: super::super::super::kernel::Id) {} }", words);
    broken("src/engine/query.rs", "use {super::super as root}; fn f(id: root::kernel::Id) {}", words);
    broken("src/engine/query.rs", "fn f() { vec![crate::kernel::ids::NONE] }", words);
    broken("src/engine/query.rs", "macro_rules! id { () => { $crate::kernel::Id } }", words);
    broken("src/engine/query.rs", "#[serde(with = \"crate::kernel::ids\")] struct S;", words);
    broken("src/engine/query.rs", "#[derive(crate::kernel::Id)] struct S;", words);
    broken("src/engine/query.rs", "fn f<T: crate::kernel::Id>() {}", words);
    broken("src/planner/mod.rs", "use crate::engine::Part;", "planner may not see engine");
    broken("src/sheet/mod.rs", "use crate::kernel::ids;", "sheet may not see kernel");
    sound(
        "src/engine/factors/stage.rs",
        "use super::super::words::{self, Word}; use crate::engine::Part; use self::x::Y;",
    );
    sound(
        "src/engine/mod.rs",
        "//! See [`crate::kernel`].\n/// As [`crate::kernel::ids`].\npub struct Part;",
    );
}

#[test]
fn what_is_for_tests_may_use_what_it_likes() {
    sound("src/engine/mod.rs", "#[cfg(test)] mod tests { use crate::kernel::ids; }");
    sound("src/engine/mod.rs", "#[cfg(test)] use crate::kernel::ids;");
    sound("src/engine/mod.rs", "struct S; impl S { #[cfg(test)] fn f() -> crate::kernel::Id { } }");
    broken("src/engine/mod.rs", "#[cfg(not(test))] use crate::kernel::ids;", "engine may not see");
    let texts =
        [("src/engine/mod.rs", "#[cfg(test)] mod tests;"), ("src/engine/tests.rs", "use crate::kernel::Id;")];
    let texts = texts.map(|(path, text)| (path.to_owned(), text.to_owned()));
    assert_eq!(parsed(&texts).len(), 1);
    assert_eq!(parsed(&texts[1..]).iter().flat_map(layers::against_the_layers).count(), 1);
}

#[test]
fn features_see_to_their_left_and_the_ground() {
    sound(
        "src/matching/rank.rs",
        "use crate::{profiles::Startup, accounts, reference, engine::Page, identity, jobs};",
    );
    broken("src/profiles/publish.rs", "use crate::matching::View;", "profiles may not see matching");
    broken("src/forums/schedule.rs", "use crate::accelerators::Cohort;", "forums may not see accelerators");
    sound("src/corridors/mod.rs", "use crate::{forums::Slot, accelerators::Cohort};");
    broken("src/matching/rank.rs", "use crate::notices::Letter;", "matching may not see notices");
    sound("src/notices/follow.rs", "use crate::{profiles::find, jobs::Job, events, identity};");
    broken("src/notices/follow.rs", "use crate::matching::View;", "notices may not see matching");
    broken("src/identity/store.rs", "use crate::accounts::Email;", "identity may not see accounts");
    broken("src/events/mod.rs", "use crate::identity::Principal;", "events may not see identity");
    broken("src/jobs/mod.rs", "use crate::events;", "jobs may not see events");
    broken("src/db/mod.rs", "use crate::events;", "db may not see events");
    broken("src/kernel/ids.rs", "use crate::db::Conn;", "kernel may not see db");
    broken("src/population/mod.rs", "use crate::profiles::Kind;", "population may not see profiles");
    broken("src/http/reply.rs", "use crate::accounts::Email;", "http may not see accounts");
    broken("src/matching/rank.rs", "use crate::program::Parts;", "matching may not see program");
    broken("src/http/edge.rs", "use crate::cli::say;", "http may not see cli");
    broken("src/accounts/mod.rs", "use crate::demo::Demo;", "accounts may not see demo");
    sound("src/program/jobs.rs", "use crate::{matching, demo, notices, profiles::api};");
    broken("src/helpers/mod.rs", "use crate::kernel::ids;", "the folder helpers has no place");
    broken("src/kernel/mod.rs", "use crate::helpers::help;", "the folder helpers has no place");
    sound("src/lib.rs", "pub use crate::cli::main;");
}

#[test]
fn stores_and_edges_of_others_lie_behind_their_doors() {
    let words = "behind its door";
    broken("src/profiles/publish.rs", "use crate::accounts::organisations::store;", words);
    broken(
        "src/profiles/publish.rs",
        "use crate::accounts; fn f() { accounts::people::store::find() }",
        words,
    );
    broken(
        "src/profiles/publish.rs",
        "use crate::accounts::people as folk; fn f() { folk::api::find() }",
        words,
    );
    broken("src/web/pages/login.rs", "use crate::accounts::store::find;", words);
    sound("src/profiles/publish.rs", "use super::store; use crate::profiles::startups::store as inner;");
}

#[test]
fn only_edges_see_http_and_actix() {
    broken("src/profiles/publish.rs", "use crate::http::Reply;", "only api, wire and web see http");
    for edge in ["src/profiles/api.rs", "src/profiles/api/claims.rs", "src/web/pages/login.rs"] {
        sound(edge, "use crate::http::Reply; use actix_web::web;");
    }
    sound("src/profiles/wire.rs", "use crate::http::Reply;");
    for path in ["src/profiles/wire.rs", "src/notices/mod.rs", "src/cli/openapi.rs", "src/demo/load.rs"] {
        broken(path, "fn f() -> actix_web::HttpResponse { }", "names actix_web");
    }
    broken("src/profiles/publish.rs", "#[actix_web::get(\"/\")] fn f() {}", "names actix_web");
    sound("src/cli/serve.rs", "fn f() { actix_web::rt::System::new() }");
    sound("src/program/listen.rs", "use actix_web::App;");
}

#[test]
fn only_stores_see_diesel_and_only_db_the_two_databases() {
    broken("src/profiles/publish.rs", "use diesel::prelude::*;", "names diesel");
    broken("src/profiles/publish.rs", "fn f() { diesel::sql_query(\"\") }", "names diesel");
    broken("src/profiles/publish.rs", "#[derive(diesel::Queryable)] struct Row;", "names diesel");
    broken("src/profiles/publish.rs", "use diesel as d; fn f() { d::sql_query(\"\") }", "names diesel");
    sound(
        "src/profiles/store.rs",
        "use diesel::prelude::*; #[derive(Queryable)] #[diesel(x = crate::db::y)] struct Row;",
    );
    sound("src/profiles/store/browse.rs", "use diesel::prelude::*;");
    let two = "use crate::db::Conn; fn f(c: Conn) { match c { Conn::Sqlite(_) => 1, Conn::Pg(_) => 2 } }";
    broken("src/profiles/store.rs", two, "tells the databases apart");
    broken(
        "src/profiles/store.rs",
        "fn f(c: C) { matches!(c, crate::db::Conn::Pg(_)) }",
        "tells the databases apart",
    );
    sound("src/db/handle.rs", two);
    broken(
        "src/profiles/store.rs",
        "#[derive(Clone, serde::Serialize)] struct Row;",
        "a row is no wire type",
    );
    broken("src/profiles/store/parts.rs", "#[derive(ToSchema)] struct Row;", "a row is no wire type");
    broken("src/profiles/store.rs", "impl Serialize for Row {}", "a row is no wire type");
    sound(
        "src/profiles/store.rs",
        "#[derive(Deserialize)] struct Row; fn text<T: serde::Serialize>(value: &T) {}",
    );
}

#[test]
fn models_rest_on_the_kernel() {
    broken("src/profiles/model.rs", "use crate::db::Conn;", "a model is pure");
    broken("src/profiles/startups/model.rs", "use super::super::store::find;", "a model is pure");
    broken("src/matching/model.rs", "use crate::profiles::Startup;", "a model is pure");
    sound(
        "src/matching/model.rs",
        "use crate::{kernel::ids, reference::Country, engine::Page, identity::Role};",
    );
    sound("src/matching/model.rs", "use super::lists::Kind;");
    broken("src/matching/model.rs", "use super::lists::wire::Basis;", "a model is pure");
}

#[test]
fn a_circle_is_found_with_its_edges_and_nothing_else() {
    let file = |path: &str, text: &str| File::parse(path, text);
    let chain = || {
        vec![
            file("src/a/mod.rs", "use crate::b::X;"),
            file("src/b/x.rs", "use crate::c::Y; use super::super::d::Z;"),
            file("src/d.rs", "use self::inner::Z;"),
            file("src/lib.rs", "pub use crate::a::X;"),
        ]
    };
    assert_eq!(Graph::of(&chain()).circles(), [""; 0]);
    let mut circle = chain();
    circle.push(file("src/c/y.rs", "fn f(x: super::super::a::X) {}"));
    let edges = ["a -> b, as in src/a/mod.rs", "b -> c, as in src/b/x.rs", "c -> a, as in src/c/y.rs"];
    assert_eq!(Graph::of(&circle).circles(), edges);
}

#[test]
fn long_and_silent_files_are_seen() {
    let long = |lines: usize, tests: &str| {
        let text = format!("//! A file.\n{}{tests}", "const A: u8 = 1;\n".repeat(lines - 1));
        files::long(&File::parse("src/kernel/ids.rs", &text))
    };
    let tests = format!("#[cfg(test)]\nmod tests {{\n{}}}\n", "const A: u8 = 1;\n".repeat(50));
    assert_eq!([long(400, ""), long(400, &tests)], [None, None]);
    assert!(long(401, "").is_some_and(|fault| fault.contains("401 lines")));
    assert!(long(401, &tests).is_some_and(|fault| fault.contains("401 lines")));
    assert_eq!(files::silent("src/a.rs", "//! A file.\n"), None);
    assert!(files::silent("src/a.rs", "// A file.\n").is_some());
}
