//! Lists of matches and single pairs, over HTTP.
//!
//! ```text
//! api ──> query (parameters parsed) ──> rank: cached or searched, explained, paged ──> wire
//!           context (view, caches, page)  ↑ asking: what each side does of it
//!           authority (whose profile)   pair: one counterpart, explained line by line ──> wire
//! ```
//!
//! Invariant: a list is shown to members of the organisation whose profile asks, and to nobody else.
//! Read next: [`rank`], then [`api`].

pub mod api;
mod asking;
pub(in crate::matching) mod authority;
pub(in crate::matching) mod context;
pub(in crate::matching) mod model;
pub(in crate::matching) mod pair;
pub(in crate::matching) mod query;
pub(in crate::matching) mod rank;
pub(in crate::matching) mod wire;

pub use context::RankingContext;
