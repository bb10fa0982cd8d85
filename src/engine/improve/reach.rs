//! What single steps would change before the investors of a market: gains over the best of them, lists entered, gates opened.
//!
//! Invariant: rests on published theses and default weights of investors alone; an investor that the startup may not see
//! counts for nothing. Read next: [`super::super::snapshot`].

use super::super::assess::Assessor;
use super::super::explain::Explanation;
use super::super::profile::{Investor, InvestorKey, Startup};
use super::super::query::{Filters, Hit, Query};
use super::super::snapshot::{Changes, Listing, Snapshot};
use super::super::weights::{INVESTOR_FACTORS, Overrides, StartupFactor, investor_weights};
use super::super::words::Country;
use super::catalogue::Step;
use super::counterfactual::order;
use super::gap::{GapLine, TARGET, gap};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Over how many investors gains are added up.
pub const BEST: usize = 20;
/// How long an investor's list is that can be entered.
pub const LIST: usize = 10;

/// A step and what it would change in a market.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    /// The step.
    pub step: Step,
    /// The sum of what it adds to the scores with the best investors of the market.
    pub gain: i64,
    /// How many of the best investors after the step have the startup in their lists then and not now.
    pub entered: u32,
    /// How many of the best investors after the step are kept away by a gate now.
    pub opened: u32,
}

/// Where a startup stands in a market, and what would help there.
#[derive(Clone, Debug)]
pub struct MarketProspect {
    /// How many investors the gains are added up over.
    pub investors: usize,
    /// The readiness gap, the most important line first.
    pub gap: Vec<GapLine>,
    /// The steps that help, best first.
    pub steps: Vec<Reach>,
}

/// The gap in the market of a pair, under the weights of its investor.
pub fn gap_of(explanation: &Explanation) -> Vec<GapLine> {
    gap(explanation, &explanation.weights.investor.map(u64::from), TARGET)
}

/// A startup in a market, under its own weights or those of a query.
struct Field<'a> {
    snapshot: &'a Snapshot,
    startup: &'a Startup,
    market: Country,
    own: Option<&'a Overrides<StartupFactor>>,
}

/// What would help a startup of the snapshot in a market.
pub fn market_prospect(
    snapshot: &Snapshot,
    startup: &Startup,
    market: Country,
    own: Option<&Overrides<StartupFactor>>,
) -> MarketProspect {
    let field = Field { snapshot, startup, market, own };
    let now = field.best(snapshot);
    let after: Vec<(Step, Snapshot)> = Step::ALL
        .iter()
        .filter_map(|step| Some((*step, step.on(startup, market, snapshot.world().today)?)))
        .map(|(step, copy)| (step, field.with(copy)))
        .collect();
    let reached: Vec<(Step, &Snapshot, Vec<Hit>)> =
        after.iter().map(|(step, next)| (*step, next, field.best(next))).collect();
    let lists = field.lists(reached.iter().flat_map(|(.., hits)| hits.iter().map(|hit| hit.id)).collect());
    let mut steps: Vec<Reach> = reached
        .iter()
        .filter_map(|(step, next, hits)| field.reach(*step, next, (&now, hits.as_slice()), &lists))
        .filter(|reach| reach.gain >= 0 && (reach.gain > 0 || reach.entered > 0 || reach.opened > 0))
        .collect();
    steps.sort_by_cached_key(|reach| order(reach.step, reach.gain, market));
    MarketProspect { investors: now.len(), gap: field.gap(&now), steps }
}

impl Field<'_> {
    fn with(&self, copy: Startup) -> Snapshot {
        let mut changes = Changes::default();
        changes.put_startup(copy);
        self.snapshot.with(changes)
    }

    /// The best investors of the market.
    fn best(&self, snapshot: &Snapshot) -> Vec<Hit> {
        let filters = Filters { markets: BTreeSet::from([self.market]), ..Filters::default() };
        let query = Query { filters, weights: self.own.cloned(), ..Query::top(BEST) };
        snapshot.investors_for(self.startup.id, &query).map(|page| page.hits).unwrap_or_default()
    }

    fn explain(&self, snapshot: &Snapshot, investor: u64) -> Option<Explanation> {
        snapshot.explain_to_startup(self.startup.id, InvestorKey(investor), self.own)
    }

    /// What stands in the public lists of investors beside the startup, best first.
    fn lists(&self, investors: BTreeSet<u64>) -> BTreeMap<u64, Vec<Hit>> {
        let mut changes = Changes::default();
        for published in investors.iter().filter_map(|id| self.snapshot.published(InvestorKey(*id))) {
            let public = Investor { weights: Overrides::default(), ..Investor::clone(published) };
            changes.put_investor(Listing::open(public));
        }
        let public = self.snapshot.with(changes);
        let query = Query { exclude: HashSet::from([self.startup.id.0]), ..Query::top(LIST) };
        let list = |id: &u64| Some((*id, public.startups_for(InvestorKey(*id), &query)?.hits));
        investors.iter().filter_map(list).collect()
    }

    /// What a step changes; nothing where it closes a gate before one of the best investors.
    fn reach(
        &self,
        step: Step,
        next: &Snapshot,
        (now, after): (&[Hit], &[Hit]),
        lists: &BTreeMap<u64, Vec<Hit>>,
    ) -> Option<Reach> {
        let mut reach = Reach { step, gain: 0, entered: 0, opened: 0 };
        for hit in now {
            let then = self.explain(next, hit.id).filter(|e| e.gates.is_empty())?;
            reach.gain += then.outcome.score() as i64 - hit.score as i64;
        }
        for hit in after {
            let before = self.explain(self.snapshot, hit.id);
            let open = before.as_ref().is_some_and(|e| e.gates.is_empty());
            reach.opened += u32::from(!open);
            let Some(list) = lists.get(&hit.id) else { continue };
            let in_before = before.filter(|_| open).is_some_and(|e| self.in_list(list, &e));
            reach.entered += u32::from(!in_before && self.ahead(list, hit.score, hit.confidence));
        }
        Some(reach)
    }

    fn in_list(&self, list: &[Hit], explanation: &Explanation) -> bool {
        self.ahead(list, explanation.outcome.score(), explanation.outcome.confidence)
    }

    /// Whether the startup would stand in a list at this score.
    fn ahead(&self, list: &[Hit], score: u64, confidence: u32) -> bool {
        let own = Hit { id: self.startup.id.0, score, confidence };
        list.get(LIST - 1).is_none_or(|last| own < *last)
    }

    /// The gap under the mean of the weights of the best investors, or those of one without deals where there are none.
    fn gap(&self, best: &[Hit]) -> Vec<GapLine> {
        let all: Vec<_> = best.iter().filter_map(|hit| self.explain(self.snapshot, hit.id)).collect();
        let plain = investor_weights(&Overrides::default(), 0, false).map(u64::from);
        let mut weights = [0; INVESTOR_FACTORS];
        for (k, weight) in weights.iter_mut().enumerate() {
            let sum: u64 = all.iter().map(|e| u64::from(e.weights.investor[k])).sum();
            *weight = sum.checked_div(all.len() as u64).unwrap_or(plain[k]);
        }
        let nobody = Investor::bare(InvestorKey(u64::MAX), "", self.market);
        let explanation = Assessor::new(self.snapshot.world()).explain(Startup::clone(self.startup), nobody);
        gap(&explanation, &weights, TARGET)
    }
}
