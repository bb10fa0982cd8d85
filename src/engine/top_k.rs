//! The best `k` of a stream of hits.
//!
//! Invariant: holds at most `k` hits, and exactly those that sorting the whole stream would put first.
//! Read next: [`super::query::Hit`] for the order.

use super::query::{Hit, Page};
use std::collections::BinaryHeap;

/// A bounded heap with the worst of the best on top.
#[derive(Debug)]
pub struct TopK {
    k: usize,
    after: Option<Hit>,
    best: BinaryHeap<Hit>,
}

impl TopK {
    /// An empty heap for hits strictly after a key.
    pub fn new(k: usize, after: Option<Hit>) -> Self {
        Self { k, after, best: BinaryHeap::new() }
    }

    /// Takes a hit, if it belongs to the best so far.
    pub fn offer(&mut self, hit: Hit) {
        if self.after.is_some_and(|after| hit <= after) {
            return;
        }
        if self.best.len() < self.k {
            self.best.push(hit);
        } else if let Some(mut worst) = self.best.peek_mut()
            && hit < *worst
        {
            *worst = hit;
        }
    }

    /// Whether no hit can be taken at all.
    pub fn is_vain(&self) -> bool {
        self.k == 0
    }

    /// The least score that a hit must have to be taken: any, until there are `k`.
    pub fn needed(&self) -> u64 {
        self.best.peek().filter(|_| self.best.len() >= self.k).map_or(0, |worst| worst.score)
    }

    /// The hits in order.
    pub fn into_page(self) -> Page {
        Page { hits: self.best.into_sorted_vec() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn holds_what_sorting_everything_puts_first(
            keys in prop::collection::vec((0..3u64, 0..3u32), 0..12),
            order in any::<u64>(),
            k in 0..14usize,
            after in prop::option::of(0..12usize),
        ) {
            let hit = |(id, (score, confidence)): (usize, (u64, u32))| Hit { id: id as u64, score, confidence };
            let mut hits: Vec<Hit> = keys.into_iter().enumerate().map(hit).collect();
            let after = after.and_then(|at| hits.get(at).copied());
            hits.sort_by_key(|hit| (hit.id + 1).wrapping_mul(order | 1));
            let mut top = TopK::new(k, after);
            hits.iter().for_each(|hit| top.offer(*hit));
            hits.sort();
            hits.retain(|hit| after.is_none_or(|after| *hit > after));
            hits.truncate(k);
            prop_assert_eq!(top.into_page(), Page { hits });
        }
    }
}
