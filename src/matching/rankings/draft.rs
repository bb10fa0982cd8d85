//! A ranking about to be kept: who was listed for whom, and everything that their scores rest on.
//!
//! Invariant: rows and inputs are of one snapshot; of an investor in a startup's ranking only the published part is taken.
//! Read next: `keep`.

use super::model::{RankingBasis, Side};
use crate::engine::profile::{InvestorKey, StartupKey, World};
use crate::engine::{Explanation, Factor, Filters, InvestorFactor, Page, Query, StartupFactor};
use crate::kernel::error::{Error, Result};
use crate::matching::lists::RankingContext;
use crate::matching::lists::authority::{not_scored, taking_part};
use crate::matching::lists::pair::withheld;
use crate::matching::lists::query::{Explain, MatchQuery, Question};
use crate::matching::replica::view::View;
use crate::profiles::{Investors, Kind, Profile, Startups};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A question with the parameters that it was asked by.
#[derive(Clone, Debug)]
pub struct Asked<F: Factor> {
    /// The question.
    pub question: Question<F>,
    /// The parameters by name.
    pub given: BTreeMap<&'static str, String>,
}

impl<F: Factor> Asked<F> {
    /// The question of a query.
    pub fn new(question: Question<F>, query: &MatchQuery) -> Self {
        Self { question, given: query.given() }
    }

    /// No question: everybody, under the weights of the profiles.
    pub fn nothing() -> Self {
        let question = Question { filters: Filters::default(), weights: None, explain: Explain::None };
        Self { question, given: BTreeMap::new() }
    }

    fn best(&self, k: usize) -> Query<F> {
        let Question { filters, weights, .. } = self.question.clone();
        Query { filters, weights, ..Query::top(k) }
    }
}

/// A ranking about to be kept.
pub struct Draft {
    pub(super) view: Arc<View>,
    pub(super) side: Side,
    pub(super) asking: Party,
    pub(super) tables: String,
    pub(super) question: BTreeMap<&'static str, String>,
    pub(super) basis: RankingBasis,
    pub(super) rows: Vec<(Party, Explanation)>,
}

/// A profile with what the score reads of it.
pub(super) struct Party {
    pub(super) number: i64,
    pub(super) id: String,
    pub(super) input: String,
}

impl Party {
    fn new<K: Kind>(number: i64, id: K::Id, input: &impl Serialize) -> Result<Self> {
        let input = serde_json::to_string(input).map_err(Error::internal)?;
        Ok(Self { number, id: id.to_string(), input })
    }
}

/// The tables of a world, whatever the day.
fn tables(world: &World) -> Result<String> {
    serde_json::to_string(&World { today: 0, ..world.clone() }).map_err(Error::internal)
}

fn numbers(page: &Page) -> Vec<i64> {
    page.hits.iter().map(|hit| hit.id as i64).collect()
}

impl Draft {
    /// A draft of an investor's list. Refuses with `invalid_state` where the investor does not take part.
    pub fn startups_for(
        asking: &Profile<Investors>,
        context: &RankingContext,
        asked: &Asked<InvestorFactor>,
    ) -> Result<Self> {
        let (key, query) = (InvestorKey(taking_part(asking)? as u64), asked.best(context.limit.rows()));
        let found = context.replica.meters.startups.measure(|| context.view.snapshot.search(key, &query));
        Self::these_startups(asking, context, asked, &numbers(&found.ok_or_else(not_scored)?))
    }

    /// A draft of a startup's list. Refuses with `invalid_state` where the startup does not take part.
    pub fn investors_for(
        asking: &Profile<Startups>,
        context: &RankingContext,
        asked: &Asked<StartupFactor>,
    ) -> Result<Self> {
        let (key, query) = (StartupKey(taking_part(asking)? as u64), asked.best(context.limit.rows()));
        let found =
            context.replica.meters.investors.measure(|| context.view.snapshot.search_investors(key, &query));
        Self::these_investors(asking, context, asked, &numbers(&found.ok_or_else(not_scored)?))
    }

    /// These startups in this order before an investor, without those that have left: one for an introduction, several for
    /// a shortlist. Refuses with `not_found` whoever may not be shown.
    pub fn these_startups(
        asking: &Profile<Investors>,
        context: &RankingContext,
        asked: &Asked<InvestorFactor>,
        chosen: &[i64],
    ) -> Result<Self> {
        let (snapshot, own) = (&context.view.snapshot, asked.question.weights.as_ref());
        let key = InvestorKey(asking.number as u64);
        let thesis = snapshot.investor(key).ok_or_else(not_scored)?;
        let weights = snapshot.weights_of_investor(key, own).ok_or_else(not_scored)?;
        let basis = context.basis::<InvestorFactor>(&weights.investor, &weights).into();
        let row = |&number: &i64| {
            let Some(card) = context.view.startups.get(number as u64) else { return Ok(None) };
            let startup = StartupKey(number as u64);
            let explanation = snapshot.explain_to_investor(key, startup, own).ok_or_else(not_scored)?;
            if withheld(snapshot, &explanation, (key, startup)) {
                return Err(Error::not_found());
            }
            let input = snapshot.startup(startup).ok_or_else(not_scored)?;
            Ok(Some((Party::new::<Startups>(number, card.id, &input)?, explanation)))
        };
        let rows = chosen.iter().map(row).filter_map(Result::transpose).collect::<Result<_>>()?;
        let asking = Party::new::<Investors>(asking.number, asking.id, &**thesis)?;
        Self::of(context, asking, (Side::Investor, &asked.given, basis), rows)
    }

    /// These investors in this order before a startup; as for startups.
    pub fn these_investors(
        asking: &Profile<Startups>,
        context: &RankingContext,
        asked: &Asked<StartupFactor>,
        chosen: &[i64],
    ) -> Result<Self> {
        let (snapshot, own) = (&context.view.snapshot, asked.question.weights.as_ref());
        let key = StartupKey(asking.number as u64);
        let startup = snapshot.startup(key).ok_or_else(not_scored)?;
        let basis = context.basis_of_startup(key, own)?.into();
        let row = |&number: &i64| {
            let Some(card) = context.view.investors.get(number as u64) else { return Ok(None) };
            let investor = InvestorKey(number as u64);
            let explanation = snapshot.explain_to_startup(key, investor, own).ok_or_else(Error::not_found)?;
            let published = snapshot.published(investor).ok_or_else(Error::not_found)?;
            Ok(Some((Party::new::<Investors>(number, card.id, &**published)?, explanation)))
        };
        let rows = chosen.iter().map(row).filter_map(Result::transpose).collect::<Result<_>>()?;
        let asking = Party::new::<Startups>(asking.number, asking.id, &startup)?;
        Self::of(context, asking, (Side::Startup, &asked.given, basis), rows)
    }

    fn of(
        context: &RankingContext,
        asking: Party,
        (side, given, basis): (Side, &BTreeMap<&'static str, String>, RankingBasis),
        rows: Vec<(Party, Explanation)>,
    ) -> Result<Self> {
        let view = Arc::clone(&context.view);
        let tables = tables(view.snapshot.world())?;
        Ok(Self { view, side, asking, tables, question: given.clone(), basis, rows })
    }
}
