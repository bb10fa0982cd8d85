//! What the databases say, as rows of the error table.
//!
//! Invariant: an unknown database error is a fault of ours (500) or of the database (503), never of the caller. What
//! diesel knows by its kind is recognised by that. For the rest there are only words: SQLite and libpq are built in and
//! speak English; of PostgreSQL we ask English messages for each connection (`lc_messages`, see [`super::connection`]),
//! which it grants to superusers and to roles with `GRANT SET ON PARAMETER lc_messages`. With any other role a server
//! that speaks another language has its time limits and deadlocks reported as 500. Read next: [`crate::kernel::error`].

use crate::kernel::error::{Code, Error};
use diesel::result::{DatabaseErrorKind, Error as Diesel};

impl From<Diesel> for Error {
    fn from(error: Diesel) -> Self {
        let unavailable = |e: Diesel| {
            Error::new(Code::DatabaseUnavailable, "the database does not answer; try again")
                .retry_after(1)
                .because(e)
        };
        match &error {
            Diesel::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => {
                Error::new(Code::Conflict, "the same thing was stored by somebody else just now")
                    .because(error)
            }
            Diesel::DatabaseError(
                DatabaseErrorKind::SerializationFailure
                | DatabaseErrorKind::ReadOnlyTransaction
                | DatabaseErrorKind::ClosedConnection
                | DatabaseErrorKind::UnableToSendCommand,
                _,
            )
            | Diesel::BrokenTransactionManager => unavailable(error),
            Diesel::DatabaseError(_, info) if transient(info.message()) => unavailable(error),
            _ => Error::internal(error),
        }
    }
}

/// What SQLite says when another process holds the lock on its file.
const LOCKED: &str = "database is locked";

fn transient(message: &str) -> bool {
    const SQLITE: [&str; 4] = [LOCKED, "database or disk is full", "disk I/O error", "readonly database"];
    const POSTGRES: [&str; 4] =
        ["lock timeout", "statement timeout", "deadlock detected", "No space left on device"];
    const LIBPQ: [&str; 3] =
        ["server closed the connection", "no connection to the server", "connection to server"];
    SQLITE.iter().chain(&POSTGRES).chain(&LIBPQ).any(|word| message.contains(word))
}

/// Whether another process holds the lock on the file of SQLite.
pub(super) fn locked(error: &Diesel) -> bool {
    matches!(error, Diesel::DatabaseError(_, info) if info.message().contains(LOCKED))
}

/// The `table.column` list or constraint name of a unique violation, if this is one.
pub fn unique_violation(error: &Error) -> Option<String> {
    let cause = error.cause.as_deref()?.downcast_ref::<Diesel>()?;
    match cause {
        Diesel::DatabaseError(DatabaseErrorKind::UniqueViolation, info) => {
            Some(info.constraint_name().unwrap_or_else(|| info.message()).to_owned())
        }
        _ => None,
    }
}

/// Whether `error` is a unique violation of that column, whichever database says it: SQLite names
/// `table.column`, PostgreSQL the constraint `table_column_key` or an index that holds both words.
pub fn violates(error: &Error, table: &str, column: &str) -> bool {
    unique_violation(error).is_some_and(|what| what.contains(table) && what.contains(column))
}
