//! Matching: who suits whom, and why.
//!
//! ```text
//! event log ── feed ──> live (the current snapshot) ──> rank, pair ──> api
//!                ↑ intake: profiles as the engine reads them         phrases: facts as sentences
//! ```
//!
//! Invariant: what ranks is the pure [`engine`]; everything around it only feeds it and shows what it says. An investor's
//! list rests on its whole thesis, a startup's list on what investors have published.
//! Read next: [`engine`], then `feed`, [`live`], `rank`, `api`.

pub mod api;
pub mod cards;
mod due;
pub mod engine;
mod feed;
mod following;
pub mod improve;
mod intake;
pub mod kept;
pub mod live;
pub mod meters;
mod pair;
pub mod phrases;
pub mod population;
mod question;
mod rank;
pub mod rankings;
pub mod recommendations;
mod remake;
mod taken;
pub mod thesis;
mod wire;
pub mod worlds;

pub use feed::Follower;
pub use following::Following;
pub use live::{Live, View};
pub use rank::Ground;
