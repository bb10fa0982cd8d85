//! Recommendation runs: everybody's lists at once, made in the background, read by both sides.
//!
//! `queued → running → finished | failed`; a run is a job ([`crate::jobs`]), which is taken up again from its beginning if
//! its node has gone. At most one run is under way. The lists of the latest finished run are kept.
//!
//! Invariant: a list is shown as the run made it, without those who would not be matches now: whoever has left, or closed
//! a gate since, is absent, and no answer tells why. A startup's list rests on what investors have published.
//! Reading order: [`model`], `start`, `job`, `read`, `store`, `api`.

pub mod api;
mod job;
pub mod model;
mod read;
mod start;
mod store;
mod wire;

pub use job::Recommend;
