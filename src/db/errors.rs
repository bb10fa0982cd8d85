//! What the databases say, as rows of the error table.
//!
//! Invariant: an unknown database error is a fault of ours (500) or of the database (503), never of the caller.
//! Read next: [`crate::kernel::error`].

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
                DatabaseErrorKind::SerializationFailure | DatabaseErrorKind::ClosedConnection,
                _,
            )
            | Diesel::BrokenTransactionManager => unavailable(error),
            Diesel::DatabaseError(_, info) if transient(info.message()) => unavailable(error),
            _ => Error::internal(error),
        }
    }
}

fn transient(message: &str) -> bool {
    const WORDS: [&str; 12] = [
        "database is locked",
        "database or disk is full",
        "disk I/O error",
        "readonly database",
        "lock timeout",
        "statement timeout",
        "deadlock detected",
        "server closed the connection",
        "terminating connection",
        "the database system is",
        "no connection to the server",
        "connection to server",
    ];
    WORDS.iter().any(|word| message.contains(word))
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
