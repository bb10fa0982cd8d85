//! Lists for everybody at once: how often anybody appears is capped, nobody is forgotten, no list is all of one kind.
//!
//! ```text
//! Snapshot ── Field ──> every pair that no gate closes ── walk ──> lists of ten under the cap, stable
//!                                                         or max:  those with the greatest total
//!                                                         discover: a place for those whom nobody has
//!                                                         arrange:  an order that mixes sectors
//!                                                         Report:   what all of that cost and brought
//! ```
//!
//! One side owns the lists, the other is what they hold; both directions go the same way. Investors' lists rest on the
//! whole theses of their owners, startups' lists on what investors have published: nothing private goes into the latter.
//!
//! Invariant: no score is changed, caps are never exceeded, and the order of the input changes nothing.
//! Read next: [`walk`], [`max`], [`Field`], [`Report`].

mod arrange;
mod field;
mod max;
mod report;
#[cfg(test)]
mod tests;
mod walk;

pub use arrange::PENALTY;
pub use field::{DEPTH, EXACT_PAIRS, Field, MAX_PAIRS, Scope, Side, pairs_at_most};
pub use report::Report;
pub use walk::{Candidate, Displaced, List, Lists, Market, Mode, PLACES, Place, Rules, recommend};
