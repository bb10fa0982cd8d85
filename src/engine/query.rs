//! What is asked of a ranking, and what comes back.
//!
//! Invariant: results are ordered by score, then confidence, both falling, then by rising integer; no two are equal.
//! Read next: [`super::plan`].

use super::profile::Span;
use super::weights::{Factor, Overrides};
use super::words::{CooperationModels, Country, Sector, Stage};
use std::cmp::Reverse;
use std::collections::{BTreeSet, HashSet};

/// A question for the best counterparts of one profile; `F` are the factors of the side that asks.
#[derive(Clone, Debug)]
pub struct Query<F: Factor> {
    /// How many hits are wanted.
    pub k: usize,
    /// Only hits strictly after this one in the order.
    pub after: Option<Hit>,
    /// What the hits must satisfy.
    pub filters: Filters,
    /// Weights instead of those of the profile.
    pub weights: Option<Overrides<F>>,
    /// Counterparts to leave out, by their permanent integers.
    pub exclude: HashSet<u64>,
}

impl<F: Factor> Query<F> {
    /// The best `k`, unfiltered.
    pub fn top(k: usize) -> Self {
        Self { k, after: None, filters: Filters::default(), weights: None, exclude: HashSet::new() }
    }
}

/// Explicit filters: every one that is set must be met, by any of its values. What a profile does not say meets none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filters {
    /// The market of the pair.
    pub markets: BTreeSet<Country>,
    /// The counterpart's home.
    pub homes: BTreeSet<Country>,
    /// Leaves or parents: any sector of a startup; for an investor its focus, or that it is a generalist.
    pub sectors: BTreeSet<Sector>,
    /// The startup's stage, or an investor's declared range overlapping.
    pub stages: Option<Span<Stage>>,
    /// US dollars: the startup's target within, or an investor's declared ticket overlapping.
    pub ask: Option<Span<u64>>,
    /// What the startup needs, or what an investor offers.
    pub needs: BTreeSet<String>,
    /// Forms of cooperation that the counterpart accepts.
    pub models: CooperationModels,
    /// Languages that the counterpart works in.
    pub languages: BTreeSet<String>,
    /// The type of investor; only a startup's list reads it.
    pub types: BTreeSet<String>,
    /// The least score.
    pub min_score: u64,
    /// The least confidence, 0 to 250 000.
    pub min_confidence: u32,
}

/// One counterpart in a ranking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Hit {
    /// Its permanent integer.
    pub id: u64,
    /// The score, 0 to 10⁹.
    pub score: u64,
    /// The confidence, 0 to 250 000.
    pub confidence: u32,
}

impl Hit {
    fn key(&self) -> (Reverse<u64>, Reverse<u32>, u64) {
        (Reverse(self.score), Reverse(self.confidence), self.id)
    }
}

impl Ord for Hit {
    /// The better hit is the smaller one.
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key().cmp(&other.key())
    }
}

impl PartialOrd for Hit {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// A page of a ranking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The hits, best first.
    pub hits: Vec<Hit>,
}
