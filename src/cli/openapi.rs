//! `springboard openapi`.
//!
//! Invariant: needs no database and prints the same bytes every time. Read next: [`crate::http::openapi`].

use super::Failure;
use crate::program::routes;
use std::io::{ErrorKind, Write};

/// Prints the OpenAPI document.
pub fn run() -> Result<(), Failure> {
    match writeln!(std::io::stdout().lock(), "{}", text()?) {
        Err(e) if e.kind() != ErrorKind::BrokenPipe => Err(Failure::Runtime(format!("standard output: {e}"))),
        _ => Ok(()),
    }
}

/// The document as it is committed.
pub fn text() -> Result<String, Failure> {
    serde_json::to_string_pretty(&routes::document()).map_err(|e| Failure::Runtime(e.to_string()))
}
