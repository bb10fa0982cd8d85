//! The basis of an answer: everything that its scores rest on besides the two profiles.
//!
//! Invariant: two answers of one basis give one pair one score, unless a profile of the pair was revised between them.
//! Read next: [`super::rank`].

use crate::kernel::{ids::WorldId, time::Day};
use std::collections::BTreeMap;

/// The basis of an answer.
#[derive(Clone, Debug)]
pub struct Basis {
    /// The version of the score.
    pub score_version: &'static str,
    /// The day of the score.
    pub as_of: Day,
    /// The highest revision of the event log that is included.
    pub revision: i64,
    /// The version of the corridor table.
    pub corridor_revision: i64,
    /// The version of the world tables; `None` in a new installation, where every lift is neutral.
    pub world: Option<WorldId>,
    /// The version of the reference data with the taxonomy of sectors.
    pub reference_version: String,
    /// The effective weights of the asking side by factor, 0 to 1000 each, which sum to 1000.
    pub weights: BTreeMap<&'static str, u16>,
    /// SHA-256 of the effective weights of both sides: the investor's first, two bytes each, in factor order.
    pub weights_hash: String,
}
