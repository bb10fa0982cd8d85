//! Profiles and world tables in the form that is fast to score: words as codes, deals as counts, statics worked out.
//!
//! Invariant: a row and the profile it was compiled from give the same score; codes never decide an order.
//! Read next: [`startup`] and [`investor`] for the rows, [`tables`] for the world.

pub(super) mod dictionary;
pub(super) mod evidence;
pub(super) mod investor;
pub(super) mod packed;
pub(super) mod standing;
pub(super) mod startup;
pub(super) mod tables;

pub(super) use dictionary::{Dictionary, Place, SectorCode, SectorPair, Word};
pub(super) use evidence::Evidence;
pub(super) use investor::InvestorRow;
pub(super) use packed::List;
pub(super) use standing::{Standing, Standings};
pub(super) use startup::{Record, StartupRow};
pub(super) use tables::{CorridorRow, Tables};

/// The words of a startup's list that are also in an investor's sorted set.
pub(super) fn common<'a>(ours: List<'a, Word>, theirs: &'a [Word]) -> impl Iterator<Item = Word> + 'a {
    ours.iter().filter(move |word| theirs.binary_search(word).is_ok())
}
