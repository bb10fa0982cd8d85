//! Single pairs: a startup and an investor that need not be in any snapshot.
//!
//! Invariant: says of a pair exactly what a snapshot holding both would say.
//! Read next: [`super::snapshot`], for ranking many.

use super::compiled::{Dictionary, InvestorRow, Record, Tables};
use super::explain::{Depth, Explanation, explain};
use super::factors::Pair;
use super::profile::{Investor, Startup, World};
use super::reciprocal::Weights;
use std::{borrow::Cow, convert::Infallible, sync::Arc};

/// Explains single pairs in one world.
#[derive(Clone, Debug)]
pub struct Assessor {
    tables: Tables,
    dictionary: Dictionary,
}

impl Assessor {
    /// Compiles the world once.
    pub fn new(world: &World) -> Self {
        let mut dictionary = Dictionary::default();
        Self { tables: Tables::compile(world, &mut dictionary), dictionary }
    }

    /// Explains one pair under the weights of both profiles.
    pub fn explain(&mut self, startup: Startup, investor: Investor) -> Explanation {
        let record = Record::compile(&startup, &self.tables, &mut self.dictionary);
        let investor = InvestorRow::compile(Arc::new(investor), &self.tables, &mut self.dictionary);
        let pair = Pair::new(record.row(), &investor, &self.tables);
        let weights = Weights::before(&investor, &investor.profile.weights, &startup.weights);
        let at_hand = || Ok::<_, Infallible>(Cow::Borrowed(&startup));
        let Ok(explanation) = explain(&pair, at_hand, weights, &self.dictionary, Depth::Whole);
        explanation
    }
}
