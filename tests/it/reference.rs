//! Reference data as a client sees it.
//!
//! Invariant: what is served is what is shipped, until an operator says otherwise. Read next: `src/reference/api.rs`.

use serde_json::json;
use springboard::db::Target;
use std::process::{Command, Output};

both! {
    fn every_table_is_listed_with_its_version_source_and_licence_and_can_be_read(app: &TestApp) {
        let index = app.anon().get("/v1/reference").expect(200);
        let tables = index.body["data"].as_array().expect("tables");
        assert_eq!(tables.len(), springboard::reference::TableName::ALL.len());
        for table in tables {
            let text = |name: &str| table[name].as_str().expect("text").to_owned();
            let read = app.anon().get(&text("href")).expect(200);
            assert_eq!(read.body["data"].as_array().expect("rows").len() as u64, table["rows"]);
            for name in ["version", "source", "licence"] {
                assert!(!text(name).is_empty());
                assert_eq!(read.body[name], table[name], "{}", text("name"));
            }
        }
        let countries = app.anon().get("/v1/reference/countries").expect(200);
        assert_eq!(countries.body["data"].as_array().map(Vec::len), Some(249));
    }

    fn an_unchanged_table_is_not_sent_again(app: &TestApp) {
        for table in ["", "/sectors", "/corridors", "/exchange-rates"] {
            let path = format!("/v1/reference{table}");
            let first = app.anon().get(&path).expect(200);
            let tag = first.header("etag").to_owned();
            assert!(tag.starts_with('"') && tag.len() == 34, "{tag}");
            let again = app.anon().send("GET", &path, &[("if-none-match", &tag)], None).expect(304);
            assert_eq!((again.text.as_str(), again.header("etag")), ("", tag.as_str()));
            app.anon().send("GET", &path, &[("if-none-match", "\"other\"")], None).expect(200);
        }
    }

    fn a_corridor_says_whose_word_it_is(app: &TestApp) {
        let stated = app.anon().get("/v1/reference/corridors/RU-CN").expect(200);
        assert_eq!((&stated.body["status"], stated.header("etag")), (&json!("illustrative"), "\"1-0\""));
        assert!(stated.body["reason"].as_str().is_some_and(|r| !r.is_empty()));
        let unstated = app.anon().get("/v1/reference/corridors/AQ-CN").expect(200);
        assert_eq!((&unstated.body["status"], &unstated.body["revision"]), (&json!("unstated"), &json!(0)));
        assert!(unstated.body.get("regulation").is_none());
    }

    fn what_is_no_table_and_no_pair_of_countries_is_not_found(app: &TestApp) {
        for path in ["nothing", "Countries", "corridors/RU-RU", "corridors/ZZ-CN", "corridors/ru-cn", "corridors/RU"] {
            app.anon().get(&format!("/v1/reference/{path}")).refused(404, "not_found");
        }
        app.anon().get("/v1/reference/countries?limit=1").refused(400, "unknown_parameter");
    }

    fn visitors_may_not_revise_corridors_or_see_their_history(app: &TestApp) {
        let before = app.revision();
        let body = json!({"reason": "because"});
        app.anon().put("/v1/reference/corridors/RU-CN", "\"1-4\"", &body).refused(401, "authentication_required");
        app.anon().get("/v1/reference/corridors/RU-CN/revisions").refused(401, "authentication_required");
        assert_eq!(app.revision(), before);
    }

    fn imported_rates_are_all_or_nothing_and_show_at_once(app: &TestApp) {
        let before = app.anon().get("/v1/reference/exchange-rates").expect(200);
        let bad = import(app, "currency,on,usd_per_unit\nEUR,2026-11-20,1.0842\nXTS,2026-11-20,1\nEUR,soon,1\n");
        let errors = String::from_utf8_lossy(&bad.stderr).into_owned();
        assert_eq!(bad.status.code(), Some(1));
        assert!(errors.contains("line 3: ") && errors.contains("line 4: ") && !errors.contains("line 2: "), "{errors}");
        assert_eq!(app.anon().get("/v1/reference/exchange-rates").expect(200).text, before.text);

        let good = "currency,on,usd_per_unit\nEUR,2026-11-20,1.0842\n";
        assert_eq!(import(app, good).stdout, b"1 imported, 0 known already\n");
        assert_eq!(import(app, good).stdout, b"0 imported, 1 known already\n");
        let after = app.anon().get("/v1/reference/exchange-rates").expect(200);
        assert_ne!(after.header("etag"), before.header("etag"));
        let row = json!({"currency": "EUR", "on": "2026-11-20", "usd_per_unit": "1.0842", "status": "imported", "revision": 1});
        assert!(after.body["data"].as_array().expect("rows").contains(&row));
    }
}

/// What `springboard rates import` does with a file of that text.
pub fn import(app: &crate::harness::TestApp, text: &str) -> Output {
    let file = app.folder.join("rates.csv");
    std::fs::write(&file, text).expect("file");
    let url = match &app.target {
        Target::Sqlite(path) => format!("sqlite:{}", path.display()),
        Target::Postgres(url) => url.clone(),
    };
    let mut command = Command::new(env!("CARGO_BIN_EXE_springboard"));
    command.args(["rates", "import"]).arg(&file).env("DATABASE_URL", url);
    command.output().expect("command")
}
