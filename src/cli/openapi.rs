//! `springboard openapi`.
//!
//! Invariant: needs no database and prints the same bytes every time. Read next: [`crate::http::openapi`].

use super::Failure;
use crate::http::openapi;

/// Prints the OpenAPI document.
pub fn run() -> Result<(), Failure> {
    println!("{}", text()?);
    Ok(())
}

/// The document as it is committed.
pub fn text() -> Result<String, Failure> {
    serde_json::to_string_pretty(&openapi::document()).map_err(|e| Failure::Runtime(e.to_string()))
}
