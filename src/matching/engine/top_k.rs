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
    matched: u64,
}

impl TopK {
    /// An empty heap for hits strictly after a key.
    pub fn new(k: usize, after: Option<Hit>) -> Self {
        Self { k, after, best: BinaryHeap::new(), matched: 0 }
    }

    /// Takes a hit, if it belongs to the best so far.
    pub fn offer(&mut self, hit: Hit) {
        self.matched += 1;
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

    /// The hits in order, and how many were offered.
    pub fn into_page(self) -> Page {
        Page { hits: self.best.into_sorted_vec(), matched: self.matched }
    }
}
