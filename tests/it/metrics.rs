//! The measurements: on a listener of their own, and true.
//!
//! Invariant: the public listener has no `/metrics`. Read next: `src/program/metrics.rs`.

use crate::harness::{Client, TestApp, fresh_database};
use crate::matching::{Party, investor_facts, startup_facts};
use diesel::RunQueryDsl;
use springboard::db::Kind;

const SETTINGS: [&str; 3] = ["--approve-organisations", "--metrics-listen", "127.0.0.1:0"];

/// The value of one series, found by its name with labels.
fn value(text: &str, series: &str) -> String {
    let line = text.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("{series} is missing in\n{text}")).to_owned()
}

fn shows_what_happened(kind: Kind) {
    let app = TestApp::with(kind, &SETTINGS);
    let monitor = Client::new(app.metrics.as_deref().expect("a listener"));
    let startup = Party::new(&app, "sue", "startup", &startup_facts());
    let investor = Party::new(&app, "ivy", "investor", &investor_facts());
    let before = monitor.get("/metrics").expect(200);
    assert_eq!(before.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    assert_eq!(investor.scores("").len(), 1);
    assert_eq!(startup.scores("").len(), 1);
    app.anon().get("/nowhere").expect(404);
    let after = monitor.get("/metrics").expect(200).text;
    let moved = |series: &str| -> (u64, u64) {
        let number = |text: &str| value(text, series).parse().expect("a number");
        (number(&before.text), number(&after))
    };
    for series in [
        "springboard_query_seconds_count{of=\"startups\"}",
        "springboard_query_seconds_count{of=\"investors\"}",
        "springboard_blocks_scored_total{of=\"startups\"}",
        "springboard_rows_scored_total{of=\"startups\"}",
        "springboard_rows_scored_total{of=\"investors\"}",
        "springboard_request_seconds_count{class=\"4xx\"}",
    ] {
        let (then, now) = moved(series);
        assert_eq!(now, then + 1, "{series}");
    }
    assert_eq!(moved("springboard_request_seconds_count{class=\"5xx\"}"), (0, 0));
    for (series, expected) in [
        ("springboard_snapshot_rows{of=\"startups\"}", "1"),
        ("springboard_snapshot_rows{of=\"investors\"}", "1"),
        ("springboard_writes_waiting", "0"),
        ("springboard_database_up", "1"),
        ("springboard_queries_late_total", "0"),
    ] {
        assert_eq!(value(&after, series), expected, "{series}");
    }
    assert_eq!(value(&after, "springboard_revision_newest"), app.revision().to_string());
    for of in ["ranking", "profiles", "cards", "investor_columns", "investor_cards"] {
        assert!(moved(&format!("springboard_snapshot_bytes{{of=\"{of}\"}}")).1 > 0, "{of}");
    }
    assert!(value(&after, "springboard_snapshot_age_seconds").starts_with("0."), "looked at within a second");
}

#[test]
fn the_measurements_show_what_happened_on_sqlite() {
    shows_what_happened(Kind::Sqlite);
}

#[test]
fn the_measurements_show_what_happened_on_postgres() {
    if crate::harness::postgres::available() {
        shows_what_happened(Kind::Postgres);
    }
}

#[test]
fn the_lag_returns_to_nothing_once_nobody_writes() {
    let app = TestApp::with(Kind::Sqlite, &SETTINGS);
    let monitor = Client::new(app.metrics.as_deref().expect("a listener"));
    app.sign_up("ann");
    let began = std::time::Instant::now();
    while value(&monitor.get("/metrics").expect(200).text, "springboard_revision_lag") != "0" {
        assert!(began.elapsed().as_secs() < 20, "the snapshot never catches up");
    }
    let text = monitor.get("/metrics").expect(200).text;
    assert_eq!(value(&text, "springboard_revision_settled"), value(&text, "springboard_revision_newest"));
}

#[test]
fn the_two_listeners_show_nothing_of_each_other() {
    let app = TestApp::with(Kind::Sqlite, &SETTINGS);
    let monitor = Client::new(app.metrics.as_deref().expect("a listener"));
    app.anon().get("/metrics").refused(404, "not_found");
    for path in ["/", "/livez", "/v1/reference", "/openapi.json", "/docs/"] {
        assert_eq!(monitor.get(path).status, 404, "{path}");
    }
    let folder = tempfile::tempdir().expect("folder");
    let silent = TestApp::over(fresh_database(Kind::Sqlite, folder.path()), &[]);
    assert_eq!(silent.metrics, None, "nobody asked for them");
}

#[test]
fn the_age_of_the_snapshot_is_told_when_the_log_cannot_be_read() {
    let app = TestApp::with(Kind::Sqlite, &SETTINGS);
    let monitor = Client::new(app.metrics.as_deref().expect("a listener"));
    let hide = "ALTER TABLE events RENAME TO hidden";
    let hidden = app.parts.edge.db.write_now(move |conn| Ok(diesel::sql_query(hide).execute(conn)?));
    hidden.expect("renamed");
    let text = monitor.get("/metrics").expect(200).text;
    assert_eq!(value(&text, "springboard_database_up"), "0");
    let age: f64 = value(&text, "springboard_snapshot_age_seconds").parse().expect("seconds");
    assert!(age >= 0.0 && !text.contains("springboard_revision_lag "), "{text}");
}
