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
use super::model::Basis;
use super::query::{Explain, Position, Question};
use crate::db::Conn;
use crate::engine::cache::CachedRow;
use crate::engine::{InvestorFactor, Query, StartupFactor};
use crate::identity::Principal;
use crate::kernel::seen::Told;
use crate::kernel::{
    error::Result,
    ids::{InvestorId, StartupId},
    page::Rows,
    visibility::Audience,
};
use crate::matching::replica::cache::ListCache;
use crate::profiles::{Investors, Startups};
use std::sync::Arc;

/// A page of matches and what it rests on.
pub struct Matches {
    /// The rows, and where the next page begins.
    pub rows: Rows<Told, Position>,
    /// Whether what is ranked has changed since the page before.
    pub changed: bool,
    /// The basis of the answer.
    pub basis: Basis,
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
    let investor = owned::<Investors>(conn, by, id)?;
    let asking = AskingInvestor::new(context, investor, question.weights.as_ref())?;
    Ranking { context, question, asking }.matches()
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
    let startup = owned::<Startups>(conn, by, id)?;
    let asking = AskingStartup::new(context, startup, question.weights.as_ref());
    Ranking { context, question, asking }.matches()
}

/// A ranking: who asks what of which snapshot.
struct Ranking<'a, A: Asking> {
    context: &'a RankingContext,
    question: &'a Question<A::Factor>,
    asking: A,
}

type Hits = Vec<Arc<CachedRow<Told>>>;

impl<A: Asking> Ranking<'_, A> {
    fn matches(&self) -> Result<Matches> {
        let hits = self.cached().or_else(|| self.searched()).ok_or_else(not_scored)?;
        let rows = self.explained(&hits)?;
        Ok(Matches { rows: self.paged(hits, rows), changed: self.has_changed(), basis: self.asking.basis()? })
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

    /// The hits of the page as they are told, without those that have left. A summary is told once of a cached row.
    fn explained(&self, hits: &[Arc<CachedRow<Told>>]) -> Result<Vec<Told>> {
        let explain = self.question.explain;
        let summary = explain == Explain::Summary;
        let told = |cached: &Arc<CachedRow<Told>>| -> Result<Option<Told>> {
            if let Some(told) = cached.told.get().filter(|_| summary) {
                return Ok(Some(told.clone()));
            }
            let Some(row) = self.asking.row(cached.hit, explain.depth()) else { return Ok(None) };
            let told = Told::new(&row, Audience::Members)?;
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
    fn paged(&self, hits: Hits, rows: Vec<Told>) -> Rows<Told, Position> {
        let ranking = self.context.ranking();
        let position = |row: &Arc<CachedRow<Told>>| {
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
