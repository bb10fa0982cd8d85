//! Lists of matches: an investor's, and a startup's.
//!
//! Invariant: an investor's list rests on its whole thesis; a startup's list on what investors have published and on
//! default weights, so nothing private can be inferred from it. Read next: [`crate::engine`], [`super::pair`].

use super::query::{Explain, Position, Question};
use super::wire::{Basis, ExplanationView, InvestorMatch, StartupMatch};
use crate::db::Conn;
use crate::engine::kept::{Current, KeptList, KeptRow};
use crate::engine::profile::{InvestorKey, StartupKey};
use crate::engine::{
    Depth, Factor, Hit, InvestorFactor, Overrides, Page, Query, SCORE_VERSION, StartupFactor, Weights, Work,
    weight_bytes,
};
use crate::identity::{Principal, Role};
use crate::kernel::seen::Told;
use crate::kernel::{
    error::{Code, Error, Result},
    ids::{InvestorId, StartupId},
    page::{Limit, Rows},
    visibility::{Audience, Visible},
};
use crate::matching::phrases::Names;
use crate::matching::replica::cache::KeptLists;
use crate::matching::replica::meters::{Lists, Meters};
use crate::matching::replica::view::View;
use crate::profiles::{self, Investors, Kind, Profile, Startups, State};
use crate::reference::Catalogue;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// What a list is made from, besides the question.
#[derive(Clone)]
pub struct Ground {
    /// The snapshot.
    pub view: Arc<View>,
    /// Where the work is counted.
    pub meters: Arc<Meters>,
    /// The lists of startups and of investors that are kept.
    pub kept: (Arc<KeptLists>, Arc<KeptLists>),
    /// The reference data, for sentences.
    pub catalogue: Arc<Catalogue>,
    /// Rows of the page.
    pub limit: Limit,
    /// Where the page begins.
    pub after: Option<Position>,
}

/// A page of matches and what it rests on.
pub struct Matches {
    /// The rows, and where the next page begins.
    pub rows: Rows<Told, Position>,
    /// Whether what is ranked has changed since the page before.
    pub changed: bool,
    /// What the answer rests on.
    pub basis: Basis,
}

impl Ground {
    /// What sentences call things.
    pub fn names(&self) -> Names<'_> {
        Names { catalogue: &self.catalogue, usual: self.view.world.is_some() }
    }

    /// What an answer rests on whose asking side is weighed like this.
    pub fn basis<F: Factor>(&self, own: &[u16], all: &Weights) -> Basis {
        let view = &self.view;
        let hash = Sha256::digest(weight_bytes(&all.investor, &all.startup));
        Basis {
            score_version: SCORE_VERSION,
            as_of: view.as_of,
            revision: view.revision,
            corridor_revision: view.corridor_revision,
            world: view.world,
            lifts_neutral: view.world.is_none(),
            reference_version: view.reference_version.clone(),
            weights: F::TABLE.iter().map(|row| row.0.name()).zip(own.iter().copied()).collect(),
            weights_hash: hash.iter().map(|b| format!("{b:02x}")).collect(),
        }
    }

    fn query<F: Factor>(&self, question: &Question<F>) -> Query<F> {
        Query {
            k: self.wanted(),
            after: self.after.map(Position::hit),
            filters: question.filters.clone(),
            weights: question.weights.clone(),
            ..Query::top(0)
        }
    }

    /// The rows of the page, and one to see whether there is another page.
    fn wanted(&self) -> usize {
        self.limit.rows() + 1
    }

    /// The hits of the page: of the kept list where this is the beginning of one, else as the search finds them.
    fn hits<F: Factor>(
        &self,
        question: &Question<F>,
        (kept, asking, meters): (&KeptLists, u64, &Lists),
        current: impl FnOnce(usize, Option<&Arc<KeptList<Told>>>) -> Option<Current<Told>>,
        search: impl FnOnce(&Query<F>) -> Option<(Page, Work)>,
    ) -> Result<Vec<Arc<KeptRow<Told>>>> {
        let wanted = self.wanted();
        let hits = if self.after.is_none() && question.is_plain() && KeptLists::reach(wanted) {
            kept.rows(asking, wanted, meters, |kept| current(wanted, kept))
        } else {
            let page = meters.measure(|| search(&self.query(question)));
            page.map(|page| page.hits.into_iter().map(|hit| Arc::new(KeptRow::new(hit))).collect())
        };
        hits.ok_or_else(not_scored)
    }

    /// A page of these hits. What a summary says of a kept one is told once.
    fn page<T: Serialize + Visible>(
        &self,
        hits: Vec<Arc<KeptRow<Told>>>,
        (explain, basis): (Explain, Basis),
        row: impl Fn(Hit, Option<Depth>) -> Option<T>,
    ) -> Result<Matches> {
        let ranking = (self.view.changed, self.view.as_of.number());
        let position = |row: &Arc<KeptRow<Told>>| {
            let h = row.hit;
            Position { ranking, score: h.score, confidence: h.confidence, id: h.id }
        };
        let Rows { rows, next } = Rows::cut(hits, self.limit, position);
        let summary = explain == Explain::Summary;
        let told = |kept: &Arc<KeptRow<Told>>| -> Result<Option<Told>> {
            if let Some(told) = kept.told.get().filter(|_| summary) {
                return Ok(Some(told.clone()));
            }
            let Some(row) = row(kept.hit, explain.depth()) else { return Ok(None) };
            let told = Told::new(&row, Audience::Members)?;
            if summary {
                // Whoever was first told the same.
                drop(kept.told.set(told.clone()));
            }
            Ok(Some(told))
        };
        let rows = rows.iter().filter_map(|row| told(row).transpose()).collect::<Result<_>>()?;
        let changed = self.after.is_some_and(|after| after.ranking != ranking);
        Ok(Matches { rows: Rows { rows, next }, changed, basis })
    }
}

/// The startups for an investor, for a member of its organisation.
///
/// Refuses with `not_found` for others and `invalid_state` where the investor is not published.
pub fn startups_for(
    conn: &mut Conn,
    by: &Principal,
    id: InvestorId,
    ground: &Ground,
    question: &Question<InvestorFactor>,
) -> Result<Matches> {
    let investor = owned::<Investors>(conn, by, id)?;
    let (snapshot, key) = (&ground.view.snapshot, InvestorKey(investor as u64));
    let hits = ground.hits(
        question,
        (&ground.kept.0, key.0, &ground.meters.startups),
        |k, kept| snapshot.kept_startups_for(key, k, kept),
        |query| snapshot.search(key, query),
    )?;
    let explainer = snapshot.explainer(key, question.weights.as_ref()).ok_or_else(not_scored)?;
    let basis = ground.basis::<InvestorFactor>(&explainer.weights().investor, explainer.weights());
    let names = ground.names();
    ground.page(hits, (question.explain, basis), |hit, depth| {
        let startup = ground.view.startups.get(hit.id)?;
        let explained = depth.and_then(|depth| explainer.explain(StartupKey(hit.id), depth));
        let explanation = explained.map(|e| ExplanationView::new(&e, names));
        Some(StartupMatch { startup, score: hit.score, confidence: hit.confidence, explanation })
    })
}

/// The investors for a startup, for a member of its organisation.
///
/// Refuses with `not_found` for others and `invalid_state` where the startup is not published.
pub fn investors_for(
    conn: &mut Conn,
    by: &Principal,
    id: StartupId,
    ground: &Ground,
    question: &Question<StartupFactor>,
) -> Result<Matches> {
    let startup = owned::<Startups>(conn, by, id)?;
    let (snapshot, key) = (&ground.view.snapshot, StartupKey(startup as u64));
    let hits = ground.hits(
        question,
        (&ground.kept.1, key.0, &ground.meters.investors),
        |k, kept| snapshot.kept_investors_for(key, k, kept),
        |query| snapshot.search_investors(key, query),
    )?;
    let basis = basis_of_startup(ground, key, question.weights.as_ref())?;
    let names = ground.names();
    ground.page(hits, (question.explain, basis), |hit, depth| {
        let investor = ground.view.investors.get(hit.id)?;
        let own = question.weights.as_ref();
        let explain = |depth| snapshot.tell_startup(key, InvestorKey(hit.id), own, depth);
        let explanation = depth.and_then(explain).map(|e| ExplanationView::new(&e, names));
        Some(InvestorMatch { investor, score: hit.score, confidence: hit.confidence, explanation })
    })
}

/// What a startup's answer rests on: its weights before an investor without deals; with deals they shift as the score says.
pub(in crate::matching) fn basis_of_startup(
    ground: &Ground,
    key: StartupKey,
    own: Option<&Overrides<StartupFactor>>,
) -> Result<Basis> {
    let weights = ground.view.snapshot.weights_of_startup(key, own).ok_or_else(not_scored)?;
    Ok(ground.basis::<StartupFactor>(&weights.startup, &weights))
}

/// The number of a profile whose organisation the caller belongs to, if it takes part; admins are shown every one.
pub(in crate::matching) fn owned<K: Kind>(conn: &mut Conn, by: &Principal, id: K::Id) -> Result<i64> {
    let place = profiles::place::<K>(conn, id)?.ok_or_else(Error::not_found)?;
    if !by.admin {
        by.acting(place.organisation_number, Role::Viewer)?;
    }
    if place.active { Ok(place.number) } else { Err(unpublished(place.state)) }
}

/// A profile of an organisation that the caller belongs to, in any state; admins are shown every one.
pub(in crate::matching) fn own<K: Kind>(conn: &mut Conn, by: &Principal, id: K::Id) -> Result<Profile<K>> {
    let (profile, audience) = profiles::find::<K>(conn, Some(by), id)?;
    if audience != Audience::Organisation {
        return Err(Error::not_found());
    }
    if !by.admin {
        by.acting(profile.organisation_number, Role::Viewer)?;
    }
    Ok(profile)
}

/// The number of a profile that takes part.
pub(in crate::matching) fn taking_part<K: Kind>(profile: &Profile<K>) -> Result<i64> {
    if profile.is_active() { Ok(profile.number) } else { Err(unpublished(profile.state)) }
}

fn unpublished(state: State) -> Error {
    Error::state(state.as_str(), &["published"], "only a published profile has matches; publish it first")
}

/// The refusal for a profile that is published but cannot be scored yet.
pub(in crate::matching) fn not_scored() -> Error {
    Error::new(Code::Unavailable, "the profile is not in the ranking yet; try again").retry_after(1)
}
