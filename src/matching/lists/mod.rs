//! Lists of matches and single pairs, over HTTP.
//!
//! ```text
//! api ──> query (parameters parsed) ──> rank: cached or searched, explained, paged ──> wire
//!                                       pair: one counterpart, explained line by line
//! ```
//!
//! Invariant: a list is shown to members of the organisation whose profile asks, and to nobody else.
//! Read next: [`rank`], then [`api`].

pub mod api;
pub(in crate::matching) mod pair;
pub(in crate::matching) mod query;
pub(in crate::matching) mod rank;
pub(in crate::matching) mod wire;

pub use rank::Ground;
