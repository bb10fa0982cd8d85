//! Matching: who suits whom, and why.
//!
//! ```text
//! event log ── replica/follow ──> replica/view (the current snapshot) ──> lists/{rank, pair} ──> lists/api
//!                   ↑ replica/inputs: profiles as the engine reads them          phrases: facts as sentences
//! ```
//!
//! Invariant: the pure [`crate::engine`] ranks; everything here only feeds it and shows what it says. An investor's
//! list rests on its whole thesis, a startup's list on what investors have published.
//! Read next: [`crate::engine`], then [`replica`], [`lists`].

pub mod improve;
pub mod lists;
pub mod phrases;
pub mod rankings;
pub mod recommendations;
pub mod replica;
pub mod thesis;
pub mod worlds;

pub use lists::RankingContext;
pub use replica::{Follower, Following, Replica, View};
