//! Rankings that were saved or referred to, and their replay: every listed row scored again from what is retained.
//!
//! ```text
//! list or pair ──> Draft ── keep ──> rankings, ranking_rows, ranking_inputs, ranking_tables ── replay ──> the same bytes, or
//!                                                                                             what differs, what is erased
//! ```
//!
//! Where each input of a score is retained (see [`crate::matching::replica::inputs`] for what the inputs are):
//!
//! | input | where |
//! | --- | --- |
//! | the facts of both sides, recorded deals | compiled in `ranking_inputs`, bound to the revision of the profile that they are of |
//! | verified references, calibrated pitch, confirmation, standing, amounts in dollars at the rates of the day, permanent numbers of those it names, words through the reference data | compiled in the same place: they change without a revision |
//! | what of an investor a startup's list rests on | its published part alone; nothing private of it is stored with such a ranking |
//! | corridors, regions, regulated sectors, flows and usual shares | compiled in `ranking_tables`, bound to the version of the world tables |
//! | the day, weights of the question, score version | with the ranking |
//!
//! Inputs are stored once under the SHA-256 of their bytes, however many rankings rest on them, and stay as long as their
//! revision: a ranking that is deleted takes nothing away from another. Whoever erases a revision, a profile or a version of
//! the world tables erases with it what was compiled of it (foreign keys see to that); a replay then names it. Of a profile
//! the rows of others hold its id, revision, score and confidence, nothing of its facts.
//!
//! Invariant: what is kept is never changed; a replay reads what was kept with the ranking and nothing else, so no later
//! revision, rate, corridor, assessment or version of the tables changes what it says.
//! Reading order: [`model`], [`draft`], `keep`, [`mod@replay`], `store`, [`api`]. Who refers to a ranking makes a [`Draft`] and
//! calls [`keep()`] in its own transaction.

pub mod api;
pub mod draft;
mod keep;
pub mod model;
mod read;
pub mod replay;
mod store;
mod wire;

pub use draft::{Asked, Draft};
pub use keep::keep;
pub use model::Ranking;
pub use replay::replay;
pub use store::find;
pub use wire::RankingReplay;
