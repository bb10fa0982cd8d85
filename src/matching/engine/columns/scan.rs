//! The search for the best startups of an investor.
//!
//! Invariant: finds what scoring every startup would find.
//! Read next: [`super::bounds`], [`super::kernel`].

use super::super::plan::InvestorPlan;
use super::super::top_k::TopK;
use super::bounds::Bounds;
use super::kernel::{self, Kept, Rows};
use super::slots::Slots;
use super::startups::Startups;

/// What a search had to look at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Blocks whose columns were read.
    pub blocks: u64,
    /// Startups that were scored in full.
    pub rows: u64,
}

/// Offers every startup that can be among the best.
pub fn search(startups: &Startups, plan: &InvestorPlan<'_>, top: &mut TopK) -> Work {
    let mut work = Work::default();
    if top.is_vain() || !plan.investor.profile.active {
        return work;
    }
    let bounds = Bounds::new(plan);
    let blocks = startups.blocks();
    let least = plan.common.filter.least_score();
    let mut tied = vec![Slots::default(); blocks.len()];
    for address in startups.backed_by(plan.investor.evidence.ties.iter().map(|(investor, _)| investor)) {
        tied[address.block()].add(address.slot());
    }
    let summaries = startups.summaries().iter().enumerate();
    let occupied = summaries.filter(|(_, summary)| !summary.live.is_empty());
    let bound = |number: usize, summary| bounds.of_block(summary, !tied[number].is_empty());
    let mut order: Vec<(u64, usize)> = occupied.map(|(number, s)| (bound(number, s), number)).collect();
    order.sort_unstable_by(|one, other| other.cmp(one));
    for (bound, number) in order {
        let needed = top.needed().max(least);
        if bound < needed {
            break;
        }
        let (block, summary) = (&blocks[number], &startups.summaries()[number]);
        work.blocks += 1;
        let rows = Rows { columns: &block.columns, summary, tied: tied[number] };
        let left = kernel::run(Kept { rows, bounds: &bounds, threshold: Bounds::threshold(needed) });
        for row in left.and(summary.live).iter().filter_map(|slot| block.row(slot)) {
            work.rows += 1;
            plan.score(&row).into_iter().for_each(|hit| top.offer(hit));
        }
    }
    work
}
