//! Cached lists, brought up to date by scoring only who has changed since.
//!
//! Invariant: a list brought up to date begins as a search would find it: who was not in it and has not changed stands behind
//! its floor. Lists are cached along one line of snapshots, each made of the one before: a step has one meaning only there.
//! Read next: [`super::recent`], which knows who has changed, and [`Snapshot::cached_startups_for`].

use super::columns::Work;
use super::compiled::Tables;
use super::plan::{InvestorPlan, StartupPlan};
use super::profile::{InvestorKey, StartupKey};
use super::query::{Hit, Page, Query};
use super::recent::Changed;
use super::snapshot::Snapshot;
use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

/// The hits that a cached list has at most: a page of usual length, the hit behind it, and some to spare.
pub const DEPTH: usize = 32;

/// A row of a cached list: a hit, and what was told of it.
#[derive(Debug)]
pub struct CachedRow<R> {
    /// The hit.
    pub hit: Hit,
    /// The telling of the hit, once it was told; it stays true as long as neither side changes.
    pub told: OnceLock<R>,
}

impl<R> CachedRow<R> {
    /// A hit of which nothing has been told.
    pub fn new(hit: Hit) -> Self {
        Self { hit, told: OnceLock::new() }
    }
}

/// The beginning of a list without filters, by the asking side's own weights.
#[derive(Clone, Debug)]
pub struct CachedList<R> {
    /// The world that it was found in.
    tables: Arc<Tables>,
    step: u64,
    /// The list is known down to here; nothing where it is known to its end.
    floor: Option<Hit>,
    rows: Vec<Arc<CachedRow<R>>>,
}

/// A list that is up to date, and what a search had to look at where there had to be one.
pub type Current<R> = (Arc<CachedList<R>>, Option<Work>);

impl<R> CachedList<R> {
    /// The hits, best first.
    pub fn rows(&self) -> &[Arc<CachedRow<R>>] {
        &self.rows
    }

    /// Precedence: true where the list is to be cached in the place of the other one.
    pub fn supersedes(&self, other: &Self) -> bool {
        let longer = self.step == other.step && self.rows.len() > other.rows.len();
        !Arc::ptr_eq(&self.tables, &other.tables) || self.step > other.step || longer
    }

    fn found(snapshot: &Snapshot, page: Page) -> Self {
        let floor = page.hits.get(DEPTH - 1).copied();
        let rows = page.hits.into_iter().map(|hit| Arc::new(CachedRow::new(hit))).collect();
        Self { tables: Arc::clone(&snapshot.tables), step: snapshot.recent.step, floor, rows }
    }

    /// The changed profiles of the other side; `None` where they are not known, or the asking side has changed too.
    fn changed(&self, snapshot: &Snapshot, asking: Asking<'_>, others: &Changed) -> Option<BTreeSet<u64>> {
        let current = Arc::ptr_eq(&self.tables, &snapshot.tables) && self.step <= snapshot.recent.step;
        let same = current && asking.0.since(self.step)?.all(|id| id != asking.1);
        if same { Some(others.since(self.step)?.collect()) } else { None }
    }

    /// The list after these have changed, of whom some are hits now.
    fn renewed(&self, step: u64, changed: &BTreeSet<u64>, hits: Vec<Hit>) -> Self {
        let mut rows: Vec<_> =
            self.rows.iter().filter(|row| !changed.contains(&row.hit.id)).cloned().collect();
        let known = hits.into_iter().filter(|hit| self.floor.is_none_or(|floor| *hit <= floor));
        rows.extend(known.map(|hit| Arc::new(CachedRow::new(hit))));
        rows.sort_unstable_by_key(|row| row.hit);
        let floor = if rows.len() > DEPTH { Some(rows[DEPTH - 1].hit) } else { self.floor };
        rows.truncate(DEPTH);
        Self { tables: Arc::clone(&self.tables), step, floor, rows }
    }

    /// Completeness: true where the first `k` rows are those of the whole list.
    fn tells(&self, k: usize) -> bool {
        self.rows.len() >= k || self.floor.is_none()
    }
}

/// The asking profile: what is known of the changes on its side, and its permanent integer.
type Asking<'a> = (&'a Changed, u64);

impl Snapshot {
    /// The first `k` startups for an investor and some more, from the cached list where that tells them;
    /// nothing where there is no such investor. `k` is at most [`DEPTH`].
    pub fn cached_startups_for<R>(
        &self,
        investor: InvestorKey,
        k: usize,
        cached: Option<&Arc<CachedList<R>>>,
    ) -> Option<Current<R>> {
        let (recent, query) = (&self.recent, Query::top(DEPTH));
        let score = |changed: &BTreeSet<u64>| {
            let plan = InvestorPlan::new(&self.tables, &self.dictionary, self.thesis(investor)?, &query);
            Some(changed.iter().filter_map(|id| plan.score(&self.row(StartupKey(*id))?)).collect())
        };
        let sides = ((&recent.investors, investor.0), &recent.startups);
        let current = cached.and_then(|cached| self.renewed(cached, sides, k, score));
        current.or_else(|| self.found(self.search(investor, &query)?))
    }

    /// The first `k` investors for a startup and some more; as for startups.
    pub fn cached_investors_for<R>(
        &self,
        startup: StartupKey,
        k: usize,
        cached: Option<&Arc<CachedList<R>>>,
    ) -> Option<Current<R>> {
        let (recent, query) = (&self.recent, Query::top(DEPTH));
        let score = |changed: &BTreeSet<u64>| {
            let plan = StartupPlan::new(&self.tables, &self.dictionary, self.row(startup)?, &query);
            Some(changed.iter().filter_map(|id| plan.score(self.entry(InvestorKey(*id))?)).collect())
        };
        let sides = ((&recent.startups, startup.0), &recent.investors);
        let current = cached.and_then(|cached| self.renewed(cached, sides, k, score));
        current.or_else(|| self.found(self.search_investors(startup, &query)?))
    }

    fn renewed<R>(
        &self,
        cached: &Arc<CachedList<R>>,
        (asking, others): (Asking<'_>, &Changed),
        k: usize,
        score: impl FnOnce(&BTreeSet<u64>) -> Option<Vec<Hit>>,
    ) -> Option<Current<R>> {
        let changed = cached.changed(self, asking, others)?;
        if changed.is_empty() && cached.tells(k) {
            return Some((Arc::clone(cached), None));
        }
        let renewed = cached.renewed(self.recent.step, &changed, score(&changed)?);
        renewed.tells(k).then(|| (Arc::new(renewed), None))
    }

    fn found<R>(&self, (page, work): (Page, Work)) -> Option<Current<R>> {
        Some((Arc::new(CachedList::found(self, page)), Some(work)))
    }
}
