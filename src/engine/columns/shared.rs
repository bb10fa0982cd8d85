//! What a startup has in common with single investors: its city, and backers beside whom they were in deals.
//!
//! Invariant: whoever is not found shares nothing. Read next: [`super::reach`], which asks block by block.

use super::super::arithmetic::NEUTRAL;
use super::super::compiled::{List, StartupRow};
use super::super::factors::co_investors;
use super::investors::Investors;
use super::slots::{Column, ROWS};
use super::startups::Address;
use std::{iter::Peekable, vec::IntoIter};

/// The investors that share the startup's city or were in deals beside its backers, by address, with their points.
pub struct Shared {
    city: Peekable<IntoIter<(Address, u8)>>,
    beside: Peekable<IntoIter<(Address, u8)>>,
}

impl Shared {
    /// Looks them up.
    pub fn of(investors: &Investors, row: &StartupRow<'_>) -> Self {
        let city: Vec<_> = row.place.into_iter().flat_map(|place| investors.in_city(place.0)).collect();
        let backers = row.backers.into_iter().flat_map(List::iter);
        let mut beside: Vec<(Address, u8)> = backers.flat_map(|backer| investors.beside(backer)).collect();
        beside.sort_by_key(|one| one.0);
        let (count, none) = (row.backers.map_or(0, List::len), u64::from(co_investors::tied(0)));
        let rated = beside.chunk_by(|one, other| one.0 == other.0).map(|tied| {
            let more: u64 = tied.iter().map(|(_, worth)| u64::from(*worth) - none).sum();
            (tied[0].0, co_investors::mean(none * count as u64 + more, count))
        });
        let rated: Vec<_> = rated.collect();
        Self { city: city.into_iter().peekable(), beside: rated.into_iter().peekable() }
    }

    /// Points of the city and of the backers in a block, after all blocks before it: of sharing none but for those that do.
    pub fn in_block(&mut self, number: usize) -> [Column; 2] {
        [&mut self.city, &mut self.beside].map(|shared| {
            let mut points = [NEUTRAL; ROWS];
            while let Some((address, rated)) = shared.next_if(|(address, _)| address.block() == number) {
                points[usize::from(address.slot())] = rated;
            }
            points
        })
    }
}
