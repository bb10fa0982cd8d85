//! The thirteen gates of a pair, the cheapest first.
//!
//! Invariant: what is not known closes nothing.
//! Read next: [`super::filter`].

use super::Pair;
use super::startup::{List, NOT_SAID, unpacked};
use springboard::engine::words::LocalReference;

impl Pair<'_> {
    /// Whether no gate is closed.
    pub fn is_open(&self) -> bool {
        let (s, i) = (self.s, self.i);
        let excluded = s.has_sector() && s.sector.is_in(&i.exclude_sectors);
        let apart = i.hard_models && s.models.zip(i.models).is_some_and(|(ours, theirs)| ours & theirs == 0);
        let closed = !s.active
            || !i.active
            || self.wrong_stage()
            || excluded
            || self.wrong_home()
            || self.wrong_ticket()
            || apart
            || self.untargeted()
            || self.list(List::ExcludedTypes).contains(&i.kind)
            || self.blocked()
            || self.prohibited()
            || self.without_reference()
            || self.too_early();
        !closed
    }

    fn too_early(&self) -> bool {
        let below = |least| self.regulation().is_some_and(|level| level < least);
        self.i.min_regulatory.is_some_and(below)
    }

    fn wrong_stage(&self) -> bool {
        let stage = self.s.stage;
        self.i.hard_stages.is_some_and(|(lo, hi)| stage != NOT_SAID && (stage < lo || stage > hi))
    }

    fn wrong_home(&self) -> bool {
        let (home, only) = (self.s.home, &self.i.only_homes);
        self.s.home_known
            && (self.i.exclude_homes.contains(&home) || !only.is_empty() && !only.contains(&home))
    }

    fn wrong_ticket(&self) -> bool {
        let apart = |(lo, hi)| lo > self.s.target || hi < self.s.cheque;
        self.i.hard_ticket && self.s.asks() && self.i.ticket.is_some_and(apart)
    }

    fn untargeted(&self) -> bool {
        let targets = self.list(List::Targets);
        let misses = |target: &u32| !self.i.markets.contains(&(unpacked(*target).0 as u16));
        self.i.only_targets && !targets.is_empty() && targets.iter().all(misses)
    }

    fn blocked(&self) -> bool {
        self.s.blocks.as_ref().is_some_and(|blocks| blocks.contains(&self.i.id))
            || self.i.blocks.binary_search(&self.s.id).is_ok()
    }

    fn prohibited(&self) -> bool {
        let sector = |set: &[u16]| self.s.has_sector() && self.s.sector.is_in(set);
        self.way.is_some_and(|way| way.prohibited || sector(&way.prohibited_sectors))
    }

    fn without_reference(&self) -> bool {
        self.i.local_ref == LocalReference::Require
            && self.s.says(List::References)
            && !self.references().any(|(country, _, verified, _)| verified && country == self.market)
    }
}
