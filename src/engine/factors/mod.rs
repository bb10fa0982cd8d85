//! The factors: pure functions from what is known of a pair to points and confidence, each beside the facts it speaks of.
//!
//! Invariant: scoring and explaining call the same functions; a factor never reads another pair, a clock or a database.
//! Each line of a ledger is rated in the file of its factor: `i.local_refs` in [`references`], every other in the file of its
//! name (`i.country` and `i.city` in [`place`]). What depends on one side alone is rated once, when the side is compiled
//! (`engine/compiled/standing.rs`). Read next: [`pair`], which calls every factor once, then the factors in their order.

pub(super) mod access;
pub(super) mod co_investors;
pub(super) mod comms;
pub(super) mod cooperation;
pub(super) mod corridor;
pub(super) mod maturity;
pub(super) mod pair;
pub(super) mod pitch;
pub(super) mod place;
pub(super) mod readiness;
pub(super) mod references;
pub(super) mod responsive;
pub(super) mod sector;
pub(super) mod stage;
pub(super) mod technology;
pub(super) mod ticket;
pub(super) mod track;
pub(super) mod value_add;
pub(super) mod views;

pub(super) use pair::{Pair, Ratings};
pub(super) use views::{Direct, Tabled, Views};

use super::arithmetic::{POINTS, Part, mix};

/// What a factor says: how good, and how well known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rating {
    /// How good, 0 to 250.
    pub points: u8,
    /// How well known, 0 to 250.
    pub confidence: u8,
}

impl Rating {
    /// A value that is known.
    pub const fn known(points: u8) -> Self {
        Self { points, confidence: POINTS }
    }

    /// The sceptical value that stands where nothing is known.
    pub const fn prior(points: u8) -> Self {
        Self { points, confidence: 0 }
    }

    /// A value made of weighted parts.
    pub fn mixed(parts: &[Part]) -> Self {
        let (points, confidence) = mix(parts);
        Self { points, confidence }
    }
}
