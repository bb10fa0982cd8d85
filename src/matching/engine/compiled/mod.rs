//! Profiles and world tables in the form that is fast to score: words as codes, deals as counts, statics worked out.
//!
//! Invariant: a row and the profile it was compiled from give the same score; codes never decide an order.
//! Read next: [`startup`] and [`investor`] for the rows, [`tables`] for the world.

pub(super) mod dictionary;
pub(super) mod evidence;
pub(super) mod investor;
pub(super) mod standing;
pub(super) mod startup;
pub(super) mod tables;

pub(super) use dictionary::{Dictionary, Place, SectorCode, SectorPair, Word};
pub(super) use evidence::Evidence;
pub(super) use investor::InvestorRow;
pub(super) use standing::{Standing, Standings};
pub(super) use startup::StartupRow;
pub(super) use tables::{CorridorRow, Tables};

/// How many elements two sorted sets share.
pub(super) fn common<'a, T: Ord>(a: &'a [T], b: &'a [T]) -> impl Iterator<Item = &'a T> {
    let (few, many) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    few.iter().filter(move |x| many.binary_search(x).is_ok())
}
