//! The only place that knows two databases: SQLite in the process, PostgreSQL as a server.
//!
//! Invariant: a value that [`Db::write`] returned is durably committed; a verb that failed left nothing behind
//! and undid nothing of its neighbours. Read next: [`handle`], then [`writer`] for group commit.

mod connection;
mod errors;
mod files;
mod handle;
mod migrate;
mod personal;
pub mod schema;
mod target;
mod writer;

pub(crate) use connection::each;
pub use connection::{Conn, try_lock, writers};
pub use errors::{unique_violation, violates};
pub use handle::{Db, Options};
pub use migrate::{MigrationState, migrate, migration_state, revert_all};
pub use personal::{DataSubject, Kept, PersonalData, PersonalTable};
pub use target::{Kind, Target};

/// How many values one statement may bind on either database.
pub const MAX_BINDS: usize = 30_000;
