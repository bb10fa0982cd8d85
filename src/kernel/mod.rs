//! The words everybody uses: identities, time, money, text, pages and errors.
//!
//! Invariant: imports nothing of ours, and nothing that knows a database or a network.
//! Read next: [`error`] for how a refusal is described, then [`ids`].

pub mod cipher;
pub mod error;
pub mod ids;
pub mod meter;
pub mod money;
pub mod page;
pub mod shown;
pub mod text;
pub mod time;
pub mod visibility;
