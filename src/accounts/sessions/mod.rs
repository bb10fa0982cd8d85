//! Signing in, and the caller's sessions over HTTP.
//!
//! Invariant: a session opens only for a password that is still the person's in the same transaction.
//! Read next: [`mod@prove`], [`mod@sign_in`], [`crate::identity::sessions`].

pub mod api;
mod prove;
mod sign_in;

pub use api::routes;
pub use prove::{Proof, prove, reprove};
pub use sign_in::sign_in;
