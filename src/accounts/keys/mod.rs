//! The public halves of the signing keys over HTTP.
//!
//! Invariant: a secret half never leaves [`crate::identity::keys`]. Read next: [`api`].

pub mod api;

pub use api::routes;
