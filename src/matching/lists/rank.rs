//! Lists of matches: an investor's, and a startup's, by one plan.
//!
//! ```text
//! authorised ──> cached, or searched ──> explained ──> paged
//! ```
//!
//! Invariant: a list is answered to members of the organisation whose profile asks; a page from the cache is the page that a
//! search would find. Read next: [`super::asking`], what each side does of it; [`crate::engine`].

use super::asking::{Asking, AskingInvestor, AskingStartup};
use super::authority::{not_scored, owned};
use super::context::RankingContext;
use super::query::{Explain, Position, Question};
use super::wire::MatchPageMembers;
use crate::db::Conn;
use crate::engine::cache::CachedRow;
use crate::engine::{InvestorFactor, Query, StartupFactor};
use crate::identity::Principal;
use crate::kernel::{
    error::Result,
    ids::{InvestorId, StartupId},
    page::Rows,
    shown::Shown,
    visibility::Audience,
};
use crate::matching::replica::cache::{ListCache, Row};
use crate::profiles::{Investors, Startups};
use std::sync::Arc;

/// A page of matches with the basis of their scores.
pub struct Matches {
    /// The rows, and where the next page begins.
    pub rows: Rows<Row, Position>,
    /// The members of the page beside its rows.
    pub members: Shown<MatchPageMembers>,
}

/// The startups for an investor, for a member of its organisation.
///
/// # Errors
/// `not_found` for others and `invalid_state` where the investor is not published.
pub fn startups_for(
    conn: &mut Conn,
    by: &Principal,
    id: InvestorId,
    context: &RankingContext,
    question: &Question<InvestorFactor>,
) -> Result<Matches> {
    let investor = owned::<Investors>(conn, by, id)?.number;
    let asking = AskingInvestor::new(context, investor, question.weights.as_ref())?;
    Ranking { context, question, asking, audience: by.as_member() }.matches()
}

/// The investors for a startup, for a member of its organisation.
///
/// # Errors
/// `not_found` for others and `invalid_state` where the startup is not published.
pub fn investors_for(
    conn: &mut Conn,
    by: &Principal,
    id: StartupId,
    context: &RankingContext,
    question: &Question<StartupFactor>,
) -> Result<Matches> {
    let startup = owned::<Startups>(conn, by, id)?.number;
    let asking = AskingStartup::new(context, startup, question.weights.as_ref());
    Ranking { context, question, asking, audience: by.as_member() }.matches()
}

/// A ranking: who asks what of which snapshot, and as whom the other side is seen.
struct Ranking<'a, A: Asking> {
    context: &'a RankingContext,
    question: &'a Question<A::Factor>,
    asking: A,
    audience: Audience,
}

type Hits = Vec<Arc<CachedRow<Row>>>;

impl<A: Asking> Ranking<'_, A> {
    fn matches(&self) -> Result<Matches> {
        let hits = self.cached().or_else(|| self.searched()).ok_or_else(not_scored)?;
        let rows = self.explained(&hits)?;
        let snapshot_changed = self.has_changed();
        let members = MatchPageMembers { snapshot_changed, basis: self.asking.basis()?.into() };
        Ok(Matches { rows: self.paged(hits, rows), members: Shown::new(members, self.audience) })
    }

    /// The rows of the page, and one to see whether there is another page.
    fn wanted(&self) -> usize {
        self.context.limit.rows() + 1
    }

    /// The beginning of the list without filters, from the cache; `None` where something else is asked for.
    fn cached(&self) -> Option<Hits> {
        let (cache, meters) = self.asking.cache();
        let first = self.context.after.is_none() && self.question.is_plain();
        if !first || !ListCache::reaches(self.wanted()) {
            return None;
        }
        let current = |cached: Option<&_>| self.asking.current(self.wanted(), cached);
        cache.rows(self.asking.key(), self.wanted(), meters, current)
    }

    /// The hits that a search finds.
    fn searched(&self) -> Option<Hits> {
        let query = Query {
            k: self.wanted(),
            after: self.context.after.map(Position::hit),
            filters: self.question.filters.clone(),
            weights: self.question.weights.clone(),
            ..Query::top(0)
        };
        let page = self.asking.cache().1.measure(|| self.asking.search(&query))?;
        Some(page.hits.into_iter().map(|hit| Arc::new(CachedRow::new(hit))).collect())
    }

    /// The hits of the page as they are told, without those that have left. A summary is written once of a cached row,
    /// for the audience that asks first.
    fn explained(&self, hits: &[Arc<CachedRow<Row>>]) -> Result<Vec<Row>> {
        let explain = self.question.explain;
        let summary = explain == Explain::Summary;
        let told = |cached: &Arc<CachedRow<Row>>| -> Result<Option<Row>> {
            if let Some(told) = cached.told.get().filter(|told| summary && told.audience() == self.audience) {
                return Ok(Some(told.clone()));
            }
            let Some(row) = self.asking.row(cached.hit, explain.depth()) else { return Ok(None) };
            let told = Shown::new(row, self.audience).written()?;
            if summary {
                // Another request may have set the same meanwhile.
                drop(cached.told.set(told.clone()));
            }
            Ok(Some(told))
        };
        let page = hits.iter().take(self.context.limit.rows());
        page.filter_map(|hit| told(hit).transpose()).collect()
    }

    /// The rows with the place where the next page begins.
    fn paged(&self, hits: Hits, rows: Vec<Row>) -> Rows<Row, Position> {
        let ranking = self.context.ranking();
        let position = |row: &Arc<CachedRow<Row>>| {
            let h = row.hit;
            Position { ranking, score: h.score, confidence: h.confidence, id: h.id }
        };
        let Rows { next, .. } = Rows::cut(hits, self.context.limit, position);
        Rows { rows, next }
    }

    fn has_changed(&self) -> bool {
        self.context.after.is_some_and(|after| after.ranking != self.context.ranking())
    }
}
