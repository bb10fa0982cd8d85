//! What the codes of single features are worth to one investor, for both directions of the search.
//!
//! Invariant: a code that stands for several things has the best of them.
//! Read next: [`super::compile`] for an investor's query, [`super::investors`] for a startup's.

use super::super::arithmetic::{NEUTRAL, ONE};
use super::super::compiled::{Dictionary, InvestorRow};
use super::super::factors::sector::discounted;
use super::super::factors::{Tabled, Views, sector, stage};
use super::super::reciprocal::{by_sector, by_stage};
use super::bounds::SectorBounds;
use super::codes::{self, NO_AMOUNT, NONE};
use super::slots::Column;

/// An investor and what it makes of features.
#[derive(Clone, Copy, Debug)]
pub struct Worth<'a> {
    /// The investor.
    pub i: &'a InvestorRow,
    /// What it makes of features.
    pub views: &'a Tabled,
}

impl Worth<'_> {
    /// The stage's part of the essential multiplier in 255ths.
    pub fn essential_stage(&self, distance: Option<u8>, round: Option<u8>) -> u8 {
        self.share(by_stage(stage::essential(distance, round, self.i)))
    }

    /// Every sector as the main one, and as a further one.
    pub fn sectors(&self, words: &Dictionary) -> (SectorBounds, SectorBounds) {
        let empty = SectorBounds { points: [0; 256], revealed: [0; 256], essential: [0; 256] };
        let (mut main, mut further) = (empty.clone(), empty);
        let thesis = self.i.has_sector_thesis();
        let points = |points: u8| if thesis { points } else { 50 };
        for pair in words.sectors() {
            let code = codes::sector(pair.own);
            let view = self.views.sector(*pair);
            raise(&mut main.points, code, points(view.blended));
            raise(&mut main.revealed, code, view.revealed);
            raise(&mut main.essential, code, self.share(by_sector(points(view.essential))));
            raise(&mut further.points, code, points(discounted(view.blended)));
            raise(&mut further.revealed, code, discounted(view.revealed));
            let essential = if thesis { discounted(view.essential) } else { 50 };
            raise(&mut further.essential, code, self.share(by_sector(essential)));
        }
        raise(&mut main.points, NONE, 50);
        raise(&mut main.revealed, NONE, NEUTRAL);
        raise(&mut main.essential, NONE, self.share(by_sector(sector::essential(None))));
        (main, further)
    }

    /// Points of smallest cheques and of targets.
    pub fn amounts(&self) -> (Column, Column) {
        let mut columns = ([NEUTRAL; 256], [NEUTRAL; 256]);
        if self.i.ticket.is_some() || self.i.evidence.with_amount > 0 {
            for bucket in 0..NO_AMOUNT {
                columns.0[usize::from(bucket)] = self.views.cheque(bucket);
                columns.1[usize::from(bucket)] = self.views.target(bucket);
            }
        }
        columns
    }

    /// A part of the essential multiplier in 255ths, rounded up; all of it where the investor is not strict.
    fn share(&self, part: u64) -> u8 {
        if self.i.profile.strict { (part * 255).div_ceil(ONE) as u8 } else { u8::MAX }
    }
}

/// A table of what every code is worth.
pub fn table(entry: impl Fn(u8) -> u8) -> Column {
    std::array::from_fn(|code| entry(code as u8))
}

/// Raises a code to a worth.
pub fn raise(column: &mut Column, code: u8, worth: u8) {
    let known = &mut column[usize::from(code)];
    *known = worth.max(*known);
}
