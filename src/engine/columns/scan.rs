//! The search for the best startups of an investor.
//!
//! Invariant: finds what scoring every startup would find.
//! Read next: [`super::bounds`], [`super::kernel`].

use super::super::plan::InvestorPlan;
use super::super::top_k::TopK;
use super::block::{Block, Summary};
use super::bounds::{Bounds, Threshold};
use super::kernel::{self, Heights, Kept, Lookup, Rows, Task};
use super::slots::Slots;
use super::startups::Startups;
use std::cmp::Reverse;

/// What a search had to look at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Blocks whose columns were read.
    pub blocks: u64,
    /// Startups that were scored in full.
    pub rows: u64,
}

/// The first blocks are taken together: as long as nothing has been scored, no row can be passed over.
const OPENING: usize = 4;
/// Rows that are scored before those left are held against what is needed by then.
const STEP: usize = 32;

/// Offers every startup that can be among the best.
pub fn search(startups: &Startups, plan: &InvestorPlan<'_>, top: &mut TopK) -> Work {
    if top.is_vain() || !plan.investor.profile.active {
        return Work::default();
    }
    let bounds = Bounds::new(plan);
    let mut tied = vec![Slots::default(); startups.blocks().len()];
    for address in startups.backed_by(plan.investor.evidence.ties.iter().map(|(investor, _)| investor)) {
        tied[address.block()].add(address.slot());
    }
    let mut search = Search { startups, plan, bounds, tied, top, work: Work::default(), rows: Vec::new() };
    let order = search.order();
    let (opening, rest) = order.split_at(OPENING.min(order.len()));
    search.open(opening);
    for (bound, number) in rest {
        if *bound < search.needed() {
            break;
        }
        search.go_on(*number);
    }
    search.work
}

/// The greatest score that a row of each block can have, for those that hold any.
struct Blocks<'a> {
    summaries: &'a [Summary],
    tied: &'a [Slots],
    bounds: &'a Bounds,
}

impl Task for Blocks<'_> {
    type Answer = Vec<(u64, usize)>;

    #[inline(always)]
    fn on<L: Lookup>(self) -> Self::Answer {
        let mut all = Vec::with_capacity(self.summaries.len());
        for (number, (summary, tied)) in self.summaries.iter().zip(self.tied).enumerate() {
            if !summary.live.is_empty() {
                all.push((self.bounds.of_block(summary, !tied.is_empty()), number));
            }
        }
        all
    }
}

/// A row and how high it can stand.
type Standing = (Threshold, Reverse<(usize, u8)>);

/// A search under way.
struct Search<'a, 'p> {
    startups: &'a Startups,
    plan: &'a InvestorPlan<'p>,
    bounds: Bounds,
    tied: Vec<Slots>,
    top: &'a mut TopK,
    work: Work,
    rows: Vec<Standing>,
}

impl Search<'_, '_> {
    /// The score that a startup must have to be among the best so far, and to pass the filter.
    fn needed(&self) -> u64 {
        self.top.needed().max(self.plan.common.filter.least_score())
    }

    /// The blocks with the greatest score that any of their rows can have, the greatest first.
    fn order(&self) -> Vec<(u64, usize)> {
        let mut order = kernel::run(Blocks {
            summaries: self.startups.summaries(),
            tied: &self.tied,
            bounds: &self.bounds,
        });
        order.sort_unstable_by(|one, other| other.cmp(one));
        order
    }

    fn rows_of(&self, number: usize) -> Rows<'_> {
        let (block, summary) = (&self.startups.blocks()[number], &self.startups.summaries()[number]);
        Rows { columns: &block.columns, summary, tied: self.tied[number] }
    }

    /// The first blocks, the rows that can stand highest first.
    fn open(&mut self, blocks: &[(u64, usize)]) {
        for (_, number) in
            blocks.iter().filter(|(bound, _)| *bound >= self.needed()).copied().collect::<Vec<_>>()
        {
            self.work.blocks += 1;
            self.gather(number);
        }
        self.descend();
    }

    /// A further block: what can still be among the best.
    fn go_on(&mut self, number: usize) {
        self.work.blocks += 1;
        let threshold = Bounds::threshold(self.needed());
        let rows = self.rows_of(number);
        let left = kernel::run(Kept { rows, bounds: &self.bounds, threshold }).and(rows.summary.live);
        if left.count() as usize > STEP && threshold > Threshold::default() {
            self.gather(number);
            return self.descend();
        }
        let block = &self.startups.blocks()[number];
        left.iter().for_each(|slot| block.fetch(slot));
        left.iter().for_each(|slot| self.score(block, slot));
    }

    /// Remembers the open rows of a block.
    fn gather(&mut self, number: usize) {
        let rows = self.rows_of(number);
        let (open, heights) = kernel::run(Heights { rows, bounds: &self.bounds });
        let standing = |slot: u8| (heights[usize::from(slot)], Reverse((number, slot)));
        let open = open.and(rows.summary.live);
        self.rows.extend(open.iter().map(standing));
    }

    /// Scores the rows that are remembered, the highest first, until none that is left can be among the best.
    fn descend(&mut self) {
        let mut rows = std::mem::take(&mut self.rows);
        loop {
            let threshold = Bounds::threshold(self.needed());
            rows.retain(|(height, _)| *height >= threshold);
            let Some(last) = STEP.min(rows.len()).checked_sub(1) else { break };
            rows.select_nth_unstable_by(last, |one, other| other.cmp(one));
            let next = || rows[..=last].iter().map(|(_, Reverse(place))| *place);
            let blocks = self.startups.blocks();
            next().for_each(|(number, slot)| blocks[number].fetch(slot));
            next().for_each(|(number, slot)| self.score(&blocks[number], slot));
            rows.drain(..=last);
        }
        self.rows = rows;
    }

    fn score(&mut self, block: &Block, slot: u8) {
        let Some(row) = block.row(slot) else { return };
        self.work.rows += 1;
        self.plan.score(&row).into_iter().for_each(|hit| self.top.offer(hit));
    }
}

#[cfg(test)]
#[cfg(all(target_arch = "x86_64", not(feature = "portable")))]
mod tests;
