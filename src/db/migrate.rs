//! Bringing a database to the schema of this program.
//!
//! Invariant: two processes that start together migrate once; a schema newer than the program is refused.
//! Read next: `migrations/`, one folder per database with the same names.

use super::connection::{Conn, Session};
use super::files;
use super::target::Target;
use crate::kernel::error::{Code, Error, Result};
use diesel::migration::{Migration, MigrationSource};
use diesel::prelude::*;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use std::{collections::BTreeSet, fs::File, time::Duration};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");
/// Key of the advisory lock under which PostgreSQL is migrated.
const LOCK: i64 = 0x5370_7269_6e67;

/// How a database stands to the schema of this program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MigrationState {
    /// Migrations of this program that the database lacks, oldest first.
    pub pending: Vec<String>,
    /// Migrations of the database that this program does not know.
    pub unknown: Vec<String>,
}

/// How the database stands, without changing it.
pub fn migration_state(target: &Target) -> Result<MigrationState> {
    if let Target::Sqlite(path) = target
        && !path.exists()
    {
        return Ok(MigrationState { pending: known(target)?.into_iter().collect(), unknown: Vec::new() });
    }
    let mut conn = look(target)?;
    // Diesel makes the table of migrations when it asks for it.
    if !has_migrations(&mut conn)? {
        return Ok(MigrationState { pending: known(target)?.into_iter().collect(), unknown: Vec::new() });
    }
    state(&mut conn)
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    tables: i64,
}

fn has_migrations(conn: &mut Conn) -> Result<bool> {
    let found: Found = match conn {
        Conn::Sqlite(c) => diesel::sql_query(
            "SELECT count(*) AS tables FROM sqlite_master WHERE name = '__diesel_schema_migrations'",
        )
        .get_result(c)?,
        Conn::Pg(c) => diesel::sql_query("SELECT count(to_regclass('__diesel_schema_migrations')) AS tables")
            .get_result(c)?,
    };
    Ok(found.tables > 0)
}

/// A connection that only looks.
fn look(target: &Target) -> Result<Conn> {
    Conn::look(target, Duration::from_secs(60)).map_err(|e| failed(target, &e))
}

/// Applies what is pending, under a lock, and names what was applied.
pub fn migrate(target: &Target) -> Result<Vec<String>> {
    let _file = lock_file(target)?;
    let mut conn = open(target)?;
    if let Conn::Pg(c) = &mut conn {
        diesel::sql_query(format!("SELECT pg_advisory_lock({LOCK})")).execute(c)?;
    }
    let before = state(&mut conn)?;
    if !before.unknown.is_empty() {
        let names = before.unknown.join(", ");
        let detail =
            format!("the database has a newer schema than this program ({names}); start a newer program");
        return Err(Error::new(Code::Conflict, detail));
    }
    match &mut conn {
        Conn::Sqlite(c) => c.run_pending_migrations(SQLITE).map(|_| ()).map_err(Error::internal)?,
        Conn::Pg(c) => c.run_pending_migrations(POSTGRES).map(|_| ()).map_err(Error::internal)?,
    }
    Ok(before.pending)
}

/// Takes every migration back; all data are lost.
pub fn revert_all(target: &Target) -> Result<()> {
    let _file = lock_file(target)?;
    match &mut open(target)? {
        Conn::Sqlite(c) => c.revert_all_migrations(SQLITE).map(|_| ()).map_err(Error::internal),
        Conn::Pg(c) => c.revert_all_migrations(POSTGRES).map(|_| ()).map_err(Error::internal),
    }
}

fn open(target: &Target) -> Result<Conn> {
    if let Target::Sqlite(path) = target {
        files::prepare(path)?;
    }
    let session = Session { timeout: Duration::from_secs(60), synchronous_full: true, read_only: false };
    let mut conn = Conn::open(target, &session).map_err(|e| failed(target, &e))?;
    if let Conn::Pg(c) = &mut conn {
        // A migration of many rows, or of another node that is waited for, takes as long as it takes.
        diesel::sql_query("SET statement_timeout = 0").execute(c)?;
        diesel::sql_query("SET lock_timeout = 0").execute(c)?;
    }
    Ok(conn)
}

fn failed(target: &Target, e: &dyn std::fmt::Display) -> Error {
    Error::new(Code::DatabaseUnavailable, target.unopened(e))
}

fn lock_file(target: &Target) -> Result<Option<File>> {
    let Target::Sqlite(path) = target else { return Ok(None) };
    let mut name = path.clone().into_os_string();
    name.push(".lock");
    let file = files::private(name.as_ref())?;
    file.lock().map_err(|e| failed(target, &e))?;
    Ok(Some(file))
}

fn known(target: &Target) -> Result<BTreeSet<String>> {
    match target {
        Target::Sqlite(_) => names::<diesel::sqlite::Sqlite>(&SQLITE),
        Target::Postgres(_) => names::<diesel::pg::Pg>(&POSTGRES),
    }
}

fn names<DB: diesel::backend::Backend>(source: &EmbeddedMigrations) -> Result<BTreeSet<String>> {
    let all: Vec<Box<dyn Migration<DB>>> = source.migrations().map_err(Error::internal)?;
    Ok(all.iter().map(|m| m.name().version().to_string()).collect())
}

fn state(conn: &mut Conn) -> Result<MigrationState> {
    let (known, applied) = match conn {
        Conn::Sqlite(c) => (names::<diesel::sqlite::Sqlite>(&SQLITE)?, c.applied_migrations()),
        Conn::Pg(c) => (names::<diesel::pg::Pg>(&POSTGRES)?, c.applied_migrations()),
    };
    let applied: BTreeSet<String> =
        applied.map_err(Error::internal)?.iter().map(ToString::to_string).collect();
    Ok(MigrationState {
        pending: known.difference(&applied).cloned().collect(),
        unknown: applied.difference(&known).cloned().collect(),
    })
}
