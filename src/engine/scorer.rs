//! Scores one candidate after the other under a plan.
//!
//! Invariant: a candidate's hit does not depend on any other candidate.
//! Read next: [`super::top_k`].

use super::compiled::{InvestorRow, StartupRow};
use super::factors::{Direct, Pair};
use super::gates;
use super::plan::{InvestorPlan, StartupPlan};
use super::query::Hit;
use super::reciprocal::{Outcome, Weights};
use super::snapshot::InvestorEntry;
use super::weights::{Overrides, startup_weights};
use std::sync::Arc;

impl InvestorPlan<'_> {
    /// The startup's hit, if no gate is closed and every filter is met.
    pub fn score(&self, startup: &StartupRow<'_>) -> Option<Hit> {
        let common = &self.common;
        if common.exclude.contains(&startup.id) {
            return None;
        }
        let pair = Pair::new(*startup, self.investor, common.tables);
        if !gates::evaluate(&pair).0.is_empty() || !common.filter.admits_startup(startup, pair.market) {
            return None;
        }
        let outcome = Outcome::of(&pair.rate(&self.views), &self.weights_for(startup));
        let admitted = common.filter.admits(outcome.score(), outcome.confidence);
        admitted.then(|| outcome.hit(startup.id))
    }

    fn weights_for(&self, startup: &StartupRow<'_>) -> Weights {
        startup.weights().map_or(self.weights, |own| Weights {
            startup: startup_weights(&own, self.investor.evidence.deals),
            ..self.weights
        })
    }
}

impl StartupPlan<'_> {
    /// The investor's hit by what it has published, if its whole thesis closes no gate and every filter is met.
    pub fn score(&self, investor: &InvestorEntry) -> Option<Hit> {
        let (common, published) = (&self.common, investor.published.as_ref()?);
        if common.exclude.contains(&published.id()) {
            return None;
        }
        let pair = Pair::new(self.startup, published, common.tables);
        let open = |pair: &Pair<'_>| gates::evaluate(pair).0.is_empty();
        let admitted = if Arc::ptr_eq(published, &investor.thesis) {
            open(&pair)
        } else {
            open(&Pair::new(self.startup, &investor.thesis, common.tables))
        };
        if !admitted || !common.filter.admits_investor(published, pair.market) {
            return None;
        }
        let views = Direct { investor: published, tables: common.tables };
        let outcome = Outcome::of(&pair.rate(&views), &self.weights_before(investor, published));
        let admitted = common.filter.admits(outcome.score(), outcome.confidence);
        admitted.then(|| outcome.hit(published.id()))
    }

    fn weights_before(&self, investor: &InvestorEntry, published: &InvestorRow) -> Weights {
        match investor.weights.filter(|_| self.own.is_empty()) {
            Some(usual) => usual,
            None => Weights::before(published, &Overrides::default(), &self.own),
        }
    }
}

impl Outcome {
    /// The outcome as a hit.
    pub fn hit(&self, id: u64) -> Hit {
        Hit { id, score: self.score(), confidence: self.confidence }
    }
}
