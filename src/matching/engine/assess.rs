//! Single pairs: a startup and an investor that need not be in any snapshot.
//!
//! Invariant: says of a pair exactly what a snapshot holding both would say.
//! Read next: [`super::snapshot`], for ranking many.

use super::compiled::{Dictionary, InvestorRow, StartupRow, Tables};
use super::explain::{Explanation, explain};
use super::factors::Pair;
use super::profile::{Investor, Startup, World};
use super::reciprocal::Weights;
use super::weights::{Overrides, investor_weights, startup_weights};
use super::words::LocalReference;
use std::sync::Arc;

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
        let startup = StartupRow::compile(Arc::new(startup), &self.tables, &mut self.dictionary);
        let investor = InvestorRow::compile(Arc::new(investor), &self.tables, &mut self.dictionary);
        let pair = Pair::new(&startup, &investor, &self.tables);
        let weights = weights(&pair, &investor.profile.weights, &startup.profile.weights);
        explain(&pair, weights, &self.dictionary)
    }
}

/// The effective weights of a pair under given overrides.
pub(super) fn weights(
    pair: &Pair<'_>,
    investor: &Overrides<super::weights::InvestorFactor>,
    startup: &Overrides<super::weights::StartupFactor>,
) -> Weights {
    let deals = pair.investor.evidence.deals;
    let wants_local = pair.investor.profile.local_ref != LocalReference::None;
    Weights {
        investor: investor_weights(investor, deals, wants_local),
        startup: startup_weights(startup, deals),
    }
}
