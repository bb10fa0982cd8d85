//! The search for the best startups of an investor.
//!
//! Invariant: finds what scoring every startup would find. Rows that share a backer with the investor are scored first: they
//! are few, often good, and the bounds leave co-investors out.
//! Read next: [`super::bounds`], [`super::kernel`].

use super::super::plan::InvestorPlan;
use super::super::top_k::TopK;
use super::block::Slots;
use super::bounds::Bounds;
use super::kernel;
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
    if top.is_vain() {
        return work;
    }
    let bounds = Bounds::new(plan);
    let blocks = startups.blocks();
    let least = plan.common.filter.least_score();
    let mut scored: Vec<Slots> = vec![Slots::default(); blocks.len()];
    let tied = startups.backed_by(plan.investor.evidence.ties.iter().map(|(investor, _)| investor));
    for address in tied.iter().filter(|address| blocks[address.block()].live.has(address.slot())) {
        scored[address.block()].add(address.slot());
        if let Some(row) = blocks[address.block()].row(address.slot()) {
            work.rows += 1;
            plan.score(&row).into_iter().for_each(|hit| top.offer(hit));
        }
    }
    let bound = |block: &super::block::Block| bounds.of_block(&block.summary);
    let occupied = blocks.iter().enumerate().filter(|(_, block)| block.live != Slots::default());
    let mut order: Vec<(u64, usize)> = occupied.map(|(number, block)| (bound(block), number)).collect();
    order.sort_unstable_by(|one, other| other.cmp(one));
    for (bound, number) in order {
        let needed = top.needed().max(least);
        if bound < needed {
            break;
        }
        let block = &blocks[number];
        work.blocks += 1;
        let mut left = kernel::survivors(block, &bounds, bounds.threshold(needed));
        for (at, word) in left.0.iter_mut().enumerate() {
            *word &= block.live.0[at] & !scored[number].0[at];
        }
        for row in left.iter().filter_map(|slot| block.row(slot)) {
            work.rows += 1;
            plan.score(&row).into_iter().for_each(|hit| top.offer(hit));
        }
    }
    work
}
