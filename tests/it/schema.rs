//! The twin migrations: same names, same tables and columns, up and down and up again.
//!
//! Invariant: both databases have the tables of `src/db/schema.rs` and no others. Read next: `src/db/migrate.rs`.

use crate::harness::postgres;
use diesel::prelude::*;
use springboard::db::{self, Target};
use std::collections::{BTreeMap, BTreeSet};

/// The columns of each table.
pub type Tables = BTreeMap<String, BTreeSet<String>>;

#[derive(diesel::QueryableByName)]
struct Column {
    #[diesel(sql_type = diesel::sql_types::Text)]
    table_name: String,
    #[diesel(sql_type = diesel::sql_types::Text)]
    column_name: String,
}

fn tables(rows: Vec<Column>) -> Tables {
    let mut all = Tables::new();
    for row in
        rows.into_iter().filter(|r| !r.table_name.starts_with("__") && !r.table_name.starts_with("sqlite_"))
    {
        all.entry(row.table_name).or_default().insert(row.column_name);
    }
    all
}

fn of(target: &Target) -> Tables {
    match target {
        Target::Sqlite(path) => {
            let mut conn = SqliteConnection::establish(&path.to_string_lossy()).expect("opens");
            let sql = "SELECT m.name AS table_name, c.name AS column_name FROM sqlite_schema m, \
                       pragma_table_info(m.name) c WHERE m.type = 'table'";
            tables(diesel::sql_query(sql).load(&mut conn).expect("columns"))
        }
        Target::Postgres(url) => {
            let mut conn = PgConnection::establish(url).expect("opens");
            let sql = "SELECT table_name::text, column_name::text FROM information_schema.columns \
                       WHERE table_schema = 'public'";
            tables(diesel::sql_query(sql).load(&mut conn).expect("columns"))
        }
    }
}

/// The tables of `schema.rs`.
pub fn declared() -> Tables {
    let text = std::fs::read_to_string("src/db/schema.rs").expect("schema.rs");
    let mut all = Tables::new();
    let mut current = None;
    for line in text.lines().map(str::trim) {
        if let Some((name, _)) = line.split_once(" (").filter(|_| line.ends_with(") {")) {
            current = Some(name.to_owned());
        } else if line == "}" {
            current = None;
        } else if let (Some(table), Some((column, _))) = (&current, line.split_once(" -> ")) {
            all.entry(table.clone()).or_default().insert(column.to_owned());
        }
    }
    all
}

fn up_down_up(target: &Target) {
    assert!(!db::migrate(target).expect("up").is_empty());
    assert_eq!(of(target), declared());
    db::revert_all(target).expect("down");
    assert_eq!(of(target), Tables::new());
    assert!(!db::migration_state(target).expect("state").pending.is_empty());
    db::migrate(target).expect("up again");
    assert_eq!(of(target), declared());
    assert!(db::migration_state(target).expect("state").pending.is_empty());
}

#[test]
fn migrations_go_up_down_and_up_on_sqlite() {
    let temp = tempfile::tempdir().expect("folder");
    up_down_up(&Target::Sqlite(temp.path().join("x.db")));
}

#[test]
fn migrations_go_up_down_and_up_on_postgres() {
    if postgres::available() {
        up_down_up(&postgres::empty_database("up_down_up"));
    }
}

#[test]
fn the_twin_migrations_have_the_same_names() {
    let names = |folder: &str| -> BTreeSet<String> {
        let entries = std::fs::read_dir(format!("migrations/{folder}")).expect("migrations");
        entries.map(|e| e.expect("entry").file_name().to_string_lossy().into_owned()).collect()
    };
    assert_eq!(names("sqlite"), names("postgres"));
}

#[test]
fn a_newer_schema_is_refused() {
    let temp = tempfile::tempdir().expect("folder");
    let path = temp.path().join("x.db");
    let target = Target::Sqlite(path.clone());
    db::migrate(&target).expect("up");
    let mut conn = SqliteConnection::establish(&path.to_string_lossy()).expect("opens");
    let sql = "INSERT INTO __diesel_schema_migrations (version) VALUES ('29990101000000')";
    diesel::sql_query(sql).execute(&mut conn).expect("inserts");
    assert!(db::migrate(&target).expect_err("refused").detail.contains("29990101000000"));
}
