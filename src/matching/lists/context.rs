//! The context of a ranking request: the view it reads, the replica's caches and meters, and the page it asks for.
//!
//! Invariant: everything of one answer is read from one view. Read next: [`super::rank`].

use super::authority::not_scored;
use super::model::Basis;
use super::query::Position;
use crate::engine::profile::StartupKey;
use crate::engine::{Factor, Overrides, SCORE_VERSION, StartupFactor, Weights, weight_bytes};
use crate::kernel::{error::Result, page::Limit};
use crate::matching::phrases::Names;
use crate::matching::replica::{Replica, View};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// The context of a request for a list or for one pair, besides the question.
#[derive(Clone)]
pub struct RankingContext {
    /// The view of the snapshot.
    pub view: Arc<View>,
    /// The replica with the caches of first pages and the meters.
    pub replica: Arc<Replica>,
    /// The most rows of the page, 1 to 100.
    pub limit: Limit,
    /// The place where the page begins; `None` for the first page.
    pub after: Option<Position>,
}

impl RankingContext {
    /// The words that sentences use.
    pub fn names(&self) -> Names<'_> {
        Names { catalogue: &self.replica.catalogue, usual: self.view.world.is_some() }
    }

    /// The version of the ranking: a page of another one may repeat or miss a match.
    pub(super) fn ranking(&self) -> ((i64, i64), i32) {
        (self.view.changed, self.view.as_of.number())
    }

    /// The basis of an answer whose asking side is weighed like this.
    pub fn basis<F: Factor>(&self, own: &[u16], all: &Weights) -> Basis {
        let view = &self.view;
        let hash = Sha256::digest(weight_bytes(&all.investor, &all.startup));
        Basis {
            score_version: SCORE_VERSION,
            as_of: view.as_of,
            revision: view.revision,
            corridor_revision: view.corridor_revision,
            world: view.world,
            reference_version: view.reference_version.clone(),
            weights: F::TABLE.iter().map(|row| row.0.name()).zip(own.iter().copied()).collect(),
            weights_hash: hash.iter().map(|b| format!("{b:02x}")).collect(),
        }
    }

    /// The basis of a startup's answer: its weights before an investor without deals; with deals they shift as the score says.
    ///
    /// # Errors
    /// `unavailable` where the startup is not in the snapshot yet.
    pub fn basis_of_startup(&self, key: StartupKey, own: Option<&Overrides<StartupFactor>>) -> Result<Basis> {
        let weights = self.view.snapshot.weights_of_startup(key, own).ok_or_else(not_scored)?;
        Ok(self.basis::<StartupFactor>(&weights.startup, &weights))
    }
}
