//! One connection, to either database.
//!
//! Invariant: a transaction that may write begins IMMEDIATE on SQLite; a reading one sees one snapshot on both.
//! Read next: [`super::handle`], which lends connections.

use super::target::Target;
use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::prelude::*;
use diesel::r2d2::ManageConnection;
use sha2::{Digest, Sha256};
use std::{collections::BTreeSet, time::Duration};

/// A connection to one of the two databases; diesel's queries run on it unchanged.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    /// The file in this process.
    Sqlite(diesel::SqliteConnection),
    /// The server.
    Pg(diesel::PgConnection),
}

/// Expands one expression for either backend, where the two-backend query types do not reach: upserts, batch
/// inserts, unions. `each!(conn, c => query.execute(c))`.
macro_rules! each {
    ($conn:expr, $c:ident => $body:expr) => {
        match $conn {
            $crate::db::Conn::Sqlite($c) => $body,
            $crate::db::Conn::Pg($c) => $body,
        }
    };
}
pub(crate) use each;

/// Asks for messages whose words [`super::errors`] knows, and goes on where the role may not ask.
const SPEAK_ENGLISH: &str = "DO $$ BEGIN PERFORM set_config('lc_messages', 'C', false); \
                             EXCEPTION WHEN insufficient_privilege THEN NULL; END $$";

impl Conn {
    /// Opens a connection with the session settings that everything else relies on.
    pub(super) fn open(target: &Target, settings: &Session) -> ConnectionResult<Self> {
        match target {
            Target::Sqlite(path) => {
                let mut conn = diesel::SqliteConnection::establish(&path.to_string_lossy())?;
                let full = if settings.synchronous_full { "FULL" } else { "NORMAL" };
                let query_only = if settings.read_only { "ON" } else { "OFF" };
                let pragmas = format!(
                    "PRAGMA busy_timeout={}; PRAGMA journal_mode=WAL; PRAGMA synchronous={full}; \
                     PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16000; \
                     PRAGMA query_only={query_only};",
                    settings.timeout.as_millis()
                );
                conn.batch_execute(&pragmas).map_err(ConnectionError::CouldntSetupConfiguration)?;
                Ok(Self::Sqlite(conn))
            }
            Target::Postgres(url) => {
                let mut conn = diesel::PgConnection::establish(url)?;
                let ms = settings.timeout.as_millis();
                let session = format!(
                    "SET TIME ZONE 'UTC'; SET client_min_messages = warning; SET statement_timeout = {}; \
                     SET lock_timeout = {ms}; SET idle_in_transaction_session_timeout = {};",
                    ms * 6,
                    ms * 6
                );
                conn.batch_execute(&session).map_err(ConnectionError::CouldntSetupConfiguration)?;
                conn.batch_execute(SPEAK_ENGLISH).map_err(ConnectionError::CouldntSetupConfiguration)?;
                Ok(Self::Pg(conn))
            }
        }
    }

    /// Opens a connection that changes nothing, not even the mode of the journal.
    pub(super) fn look(target: &Target, timeout: Duration) -> ConnectionResult<Self> {
        let mut conn = match target {
            Target::Sqlite(path) => {
                Self::Sqlite(diesel::SqliteConnection::establish(&path.to_string_lossy())?)
            }
            Target::Postgres(url) => Self::Pg(diesel::PgConnection::establish(url)?),
        };
        let ms = timeout.as_millis();
        let set = match &mut conn {
            Self::Sqlite(c) => c.batch_execute(&format!("PRAGMA busy_timeout={ms}; PRAGMA query_only=ON;")),
            Self::Pg(c) => c.batch_execute("SET client_min_messages = warning"),
        };
        set.map_err(ConnectionError::CouldntSetupConfiguration)?;
        Ok(conn)
    }

    /// Begins a transaction that may write.
    pub(super) fn begin_write(&mut self) -> QueryResult<()> {
        match self {
            Self::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN IMMEDIATE"),
            Self::Pg(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN"),
        }
    }

    fn begin_read(&mut self) -> QueryResult<()> {
        match self {
            Self::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN"),
            Self::Pg(c) => AnsiTransactionManager::begin_transaction_sql(
                c,
                "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            ),
        }
    }

    /// How many transactions and savepoints are open; none is known after a fault of the connection.
    pub(super) fn depth(&mut self) -> Option<u32> {
        let status = <Self as Connection>::TransactionManager::transaction_manager_status_mut(self);
        status.transaction_depth().ok().map(|depth| depth.map_or(0, std::num::NonZeroU32::get))
    }

    /// Commits the outermost transaction; with a savepoint left open inside it nothing is committed.
    pub(super) fn commit(&mut self) -> QueryResult<()> {
        if self.depth() != Some(1) {
            return Err(diesel::result::Error::BrokenTransactionManager);
        }
        <Self as Connection>::TransactionManager::commit_transaction(self)
    }

    pub(super) fn rollback(&mut self) -> QueryResult<()> {
        <Self as Connection>::TransactionManager::rollback_transaction(self)
    }

    /// Runs `f` on one snapshot of the data.
    pub(super) fn snapshot<T, E: From<diesel::result::Error>>(
        &mut self,
        f: impl FnOnce(&mut Self) -> Result<T, E>,
    ) -> Result<T, E> {
        self.begin_read()?;
        let result = f(self);
        self.rollback()?;
        result
    }
}

/// Takes the lock of that name until the running transaction ends, or says at once that another one holds it. SQLite
/// has one writer, which needs no lock.
pub fn try_lock(conn: &mut Conn, name: &str) -> crate::kernel::error::Result<bool> {
    let Conn::Pg(c) = conn else { return Ok(true) };
    let digest = Sha256::digest(name.as_bytes());
    let number = digest.iter().take(8).fold(0_i64, |number, byte| (number << 8) | i64::from(*byte));
    let sql = "SELECT pg_try_advisory_xact_lock($1) AS held";
    let lock: Lock = diesel::sql_query(sql).bind::<diesel::sql_types::BigInt, _>(number).get_result(c)?;
    Ok(lock.held)
}

#[derive(QueryableByName)]
struct Lock {
    #[diesel(sql_type = diesel::sql_types::Bool)]
    held: bool,
}

/// The transactions that have begun to write to a table and have not ended. SQLite has one writer, and whoever asks
/// sees either nothing of it or all, so there are none.
pub fn writers(conn: &mut Conn, table: &str) -> crate::kernel::error::Result<BTreeSet<String>> {
    let Conn::Pg(c) = conn else { return Ok(BTreeSet::new()) };
    let sql = "SELECT virtualtransaction AS id FROM pg_locks \
               WHERE relation = $1::regclass AND mode = 'RowExclusiveLock' AND granted \
               AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    let rows: Vec<Holder> = diesel::sql_query(sql).bind::<diesel::sql_types::Text, _>(table).load(c)?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

#[derive(QueryableByName)]
struct Holder {
    #[diesel(sql_type = diesel::sql_types::Text)]
    id: String,
}

/// Settings of a connection.
#[derive(Clone, Debug)]
pub(super) struct Session {
    pub(super) timeout: Duration,
    pub(super) synchronous_full: bool,
    pub(super) read_only: bool,
}

/// Makes and checks the connections of a pool.
pub(super) struct Manager {
    pub(super) target: Target,
    pub(super) session: Session,
}

impl ManageConnection for Manager {
    type Connection = Conn;
    type Error = diesel::r2d2::Error;

    fn connect(&self) -> Result<Conn, Self::Error> {
        Conn::open(&self.target, &self.session).map_err(diesel::r2d2::Error::ConnectionError)
    }

    fn is_valid(&self, conn: &mut Conn) -> Result<(), Self::Error> {
        diesel::sql_query("SELECT 1").execute(conn).map(|_| ()).map_err(diesel::r2d2::Error::QueryError)
    }

    fn has_broken(&self, conn: &mut Conn) -> bool {
        std::thread::panicking()
            || <Conn as Connection>::TransactionManager::is_broken_transaction_manager(conn)
    }
}
