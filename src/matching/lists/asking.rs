//! The two sides that ask for a list, each with what is its own of the plan: its cache, its search, its explanation.
//!
//! Invariant: an investor's list rests on its whole thesis; a startup's list on what investors have published and on
//! default weights, so nothing private can be inferred from it. Read next: [`super::rank`], the plan of both.

use super::authority::not_scored;
use super::context::RankingContext;
use super::model::Basis;
use super::wire::{ExplanationView, InvestorMatch, StartupMatch};
use crate::engine::cache::{CachedList, Current};
use crate::engine::profile::{InvestorKey, StartupKey};
use crate::engine::{
    Depth, Explainer, Factor, Hit, InvestorFactor, Overrides, Page, Query, StartupFactor, Work,
};
use crate::kernel::seen::Told;
use crate::kernel::{error::Result, visibility::Visible};
use crate::matching::replica::cache::ListCache;
use crate::matching::replica::meters::Lists;
use serde::Serialize;
use std::sync::Arc;

/// A profile that asks for a list of the other side.
pub(super) trait Asking {
    /// The factors by which its side weighs.
    type Factor: Factor;
    /// A row of its list.
    type Match: Serialize + Visible;

    /// The permanent integer of the profile.
    fn key(&self) -> u64;
    /// The cache of its side's lists, and the meters of their cost.
    fn cache(&self) -> (&ListCache, &Lists);
    /// The first `k` hits from a cached list brought up to date, or found anew; `None` where the profile is not scored.
    fn current(&self, k: usize, cached: Option<&Arc<CachedList<Told>>>) -> Option<Current<Told>>;
    /// The hits that a search finds, and its cost; `None` where the profile is not scored.
    fn search(&self, query: &Query<Self::Factor>) -> Option<(Page, Work)>;
    /// The basis of the answer.
    fn basis(&self) -> Result<Basis>;
    /// A hit as a row, explained as deep as asked for; `None` where the counterpart has left.
    fn row(&self, hit: Hit, depth: Option<Depth>) -> Option<Self::Match>;
}

/// An investor that asks for startups.
pub(super) struct AskingInvestor<'a> {
    context: &'a RankingContext,
    key: InvestorKey,
    explainer: Explainer<'a>,
}

impl<'a> AskingInvestor<'a> {
    /// An investor with its weights for this question.
    pub(super) fn new(
        context: &'a RankingContext,
        investor: i64,
        own: Option<&'a Overrides<InvestorFactor>>,
    ) -> Result<Self> {
        let key = InvestorKey(investor as u64);
        let explainer = context.view.snapshot.explainer(key, own).ok_or_else(not_scored)?;
        Ok(Self { context, key, explainer })
    }
}

impl Asking for AskingInvestor<'_> {
    type Factor = InvestorFactor;
    type Match = StartupMatch;

    fn key(&self) -> u64 {
        self.key.0
    }

    fn cache(&self) -> (&ListCache, &Lists) {
        (&self.context.replica.startup_lists, &self.context.replica.meters.startups)
    }

    fn current(&self, k: usize, cached: Option<&Arc<CachedList<Told>>>) -> Option<Current<Told>> {
        self.context.view.snapshot.cached_startups_for(self.key, k, cached)
    }

    fn search(&self, query: &Query<InvestorFactor>) -> Option<(Page, Work)> {
        self.context.view.snapshot.search(self.key, query)
    }

    fn basis(&self) -> Result<Basis> {
        let weights = self.explainer.weights();
        Ok(self.context.basis::<InvestorFactor>(&weights.investor, weights))
    }

    fn row(&self, hit: Hit, depth: Option<Depth>) -> Option<StartupMatch> {
        let startup = self.context.view.startups.get(hit.id)?;
        let explained = depth.and_then(|depth| self.explainer.explain(StartupKey(hit.id), depth));
        let explanation = explained.map(|e| ExplanationView::new(&e, self.context.names()));
        Some(StartupMatch { startup, score: hit.score, confidence: hit.confidence, explanation })
    }
}

/// A startup that asks for investors.
pub(super) struct AskingStartup<'a> {
    context: &'a RankingContext,
    key: StartupKey,
    own: Option<&'a Overrides<StartupFactor>>,
}

impl<'a> AskingStartup<'a> {
    /// A startup with its weights for this question.
    pub(super) fn new(
        context: &'a RankingContext,
        startup: i64,
        own: Option<&'a Overrides<StartupFactor>>,
    ) -> Self {
        Self { context, key: StartupKey(startup as u64), own }
    }
}

impl Asking for AskingStartup<'_> {
    type Factor = StartupFactor;
    type Match = InvestorMatch;

    fn key(&self) -> u64 {
        self.key.0
    }

    fn cache(&self) -> (&ListCache, &Lists) {
        (&self.context.replica.investor_lists, &self.context.replica.meters.investors)
    }

    fn current(&self, k: usize, cached: Option<&Arc<CachedList<Told>>>) -> Option<Current<Told>> {
        self.context.view.snapshot.cached_investors_for(self.key, k, cached)
    }

    fn search(&self, query: &Query<StartupFactor>) -> Option<(Page, Work)> {
        self.context.view.snapshot.search_investors(self.key, query)
    }

    fn basis(&self) -> Result<Basis> {
        self.context.basis_of_startup(self.key, self.own)
    }

    fn row(&self, hit: Hit, depth: Option<Depth>) -> Option<InvestorMatch> {
        let (view, key) = (&self.context.view, InvestorKey(hit.id));
        let investor = view.investors.get(hit.id)?;
        let explained = depth.and_then(|depth| view.snapshot.tell_startup(self.key, key, self.own, depth));
        let explanation = explained.map(|e| ExplanationView::new(&e, self.context.names()));
        Some(InvestorMatch { investor, score: hit.score, confidence: hit.confidence, explanation })
    }
}
