//! What would help: single facts that a startup could bring about, each tried on a copy and scored again.
//!
//! ```text
//! catalogue ── Step::on ──> a changed copy ── Assessor ──> counterfactual: one pair, and plans of up to three steps
//!                                          ── Snapshot ──> reach: all investors of a market
//! Explanation ──> gap: readiness against a target      Investor ──> thesis: what it says against its deals
//! ```
//!
//! Invariant: nothing is estimated; every number is the difference of two scores. For startups everything rests on what
//! investors have published. Read next: [`catalogue`], then [`counterfactual`], [`reach`], [`gap`], [`thesis`].

pub mod catalogue;
pub mod counterfactual;
pub mod gap;
pub mod reach;
pub mod thesis;
