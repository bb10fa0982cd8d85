//! Secrets that all nodes share: made at the first start, kept in the database.
//!
//! Invariant: a secret is made once, whichever node comes first. Read next: [`crate::program::startup`].

mod store;

pub use store::shared;
