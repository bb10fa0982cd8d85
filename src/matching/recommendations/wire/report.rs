//! The outcome of a run, its failure and the reports of its lists as they are sent.
//!
//! Invariant: what is stored of a run is another type (`super::super::model`), so that neither binds the other.
//! Read next: [`super`].

use super::super::model::{RecommendationMode, RunFailure, RunFailureCode, RunOutcome, SideReport};
use crate::kernel::{ids::WorldId, time::Day};
use serde::Serialize;
use utoipa::ToSchema;

/// What a finished run rests on and came to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RunOutcome)]
pub struct RunOutcomeView {
    /// The version of the score.
    #[schema(example = "mm-2")]
    pub score_version: String,
    /// The day of the scores.
    pub as_of: Day,
    /// The highest revision of the event log that is included.
    #[schema(minimum = 0, example = 1042)]
    pub revision: i64,
    /// The version of the corridor table.
    #[schema(minimum = 0, example = 1)]
    pub corridor_revision: i64,
    /// The version of the world tables; none in a new installation.
    pub world: Option<WorldId>,
    /// The version of the reference data with the taxonomy of sectors.
    #[schema(example = "2026.11")]
    pub reference_version: String,
    /// The investors' lists, then the startups'.
    pub reports: Vec<SideReportView>,
}

/// Why a run has made no lists.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RunFailure)]
pub struct RunFailureView {
    /// The reason, for a program.
    pub code: RunFailureCode,
    /// The reason, for a person.
    #[schema(example = "max is for up to 4000000 pairs, and there are 4002000; ask for stable lists")]
    pub detail: String,
}

/// What the lists of one side brought and cost. Shares are in millionths.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SideReport)]
pub struct SideReportView {
    /// Whose lists: `investors` or `startups`.
    #[schema(example = "investors")]
    pub side: String,
    /// Which lists they are.
    pub mode: RecommendationMode,
    /// Whether all pairs were looked at.
    pub exact: bool,
    /// How many of the best of each were looked at instead.
    #[schema(minimum = 0, example = json!(null))]
    pub best_of_each: Option<u64>,
    /// How many lists there are.
    #[schema(minimum = 0, example = 300)]
    pub lists: u64,
    /// How many may be listed.
    #[schema(minimum = 0, example = 777)]
    pub listed: u64,
    /// How many pairs no gate closes.
    #[schema(minimum = 0, example = 157_413)]
    pub pairs: u64,
    /// Places of a list, without its discovery place.
    #[schema(minimum = 0, example = 10)]
    pub places: u32,
    /// In how many lists one may stand at most.
    #[schema(minimum = 1, example = 12)]
    pub cap: u32,
    /// How many places are taken, without discoveries.
    #[schema(minimum = 0, example = 2996)]
    pub taken: u64,
    /// How many discovery places are taken.
    #[schema(minimum = 0, example = 91)]
    pub discoveries: u64,
    /// How many times the cap kept somebody out of a list.
    #[schema(minimum = 0, example = 91)]
    pub displaced: u64,
    /// How many stand in at least one list.
    #[schema(minimum = 0, example = 777)]
    pub covered: u64,
    /// The same as a share of all who may be listed.
    #[schema(minimum = 0, example = 1_000_000)]
    pub coverage_ppm: u64,
    /// The Gini coefficient of appearances.
    #[schema(minimum = 0, example = 424_803)]
    pub gini_appearances_ppm: u64,
    /// The Gini coefficient of exposure.
    #[schema(minimum = 0, example = 460_900)]
    pub gini_exposure_ppm: u64,
    /// The most appearances of anybody.
    #[schema(minimum = 0, example = 12)]
    pub most_appearances: u64,
    /// The same against an equal share of all appearances.
    #[schema(minimum = 0, example = 3_020_408)]
    pub most_to_fair_ppm: u64,
    /// All exposure: a place of rank r is worth a million over log2(1 + r).
    #[schema(minimum = 0, example = 1_387_211_032)]
    pub exposure: u64,
    /// The sum of the scores of all lists, without discoveries.
    #[schema(minimum = 0, example = 1_231_058_192_733_u64)]
    pub score: u64,
    /// What the sum cannot exceed under the caps, as proven: of the mode `max` the sum itself, not known of stable lists.
    #[schema(minimum = 0, example = json!(null))]
    pub bound: Option<u64>,
    /// The same if there were no caps.
    #[schema(minimum = 0, example = 1_233_380_341_909_u64)]
    pub score_uncapped: u64,
    /// What the caps cost.
    #[schema(minimum = 0, example = 2_322_149_176_u64)]
    pub loss: u64,
    /// The same as a share of the scores without caps.
    #[schema(minimum = 0, example = 1882)]
    pub loss_ppm: u64,
}

impl From<RunOutcome> for RunOutcomeView {
    fn from(of: RunOutcome) -> Self {
        Self {
            score_version: of.score_version,
            as_of: of.as_of,
            revision: of.revision,
            corridor_revision: of.corridor_revision,
            world: of.world,
            reference_version: of.reference_version,
            reports: of.reports.into_iter().map(SideReportView::from).collect(),
        }
    }
}

impl From<RunFailure> for RunFailureView {
    fn from(of: RunFailure) -> Self {
        let RunFailure { code, detail } = of;
        Self { code, detail }
    }
}

impl From<SideReport> for SideReportView {
    fn from(of: SideReport) -> Self {
        Self {
            side: of.side,
            mode: of.mode,
            exact: of.exact,
            best_of_each: of.best_of_each,
            lists: of.lists,
            listed: of.listed,
            pairs: of.pairs,
            places: of.places,
            cap: of.cap,
            taken: of.taken,
            discoveries: of.discoveries,
            displaced: of.displaced,
            covered: of.covered,
            coverage_ppm: of.coverage_ppm,
            gini_appearances_ppm: of.gini_appearances_ppm,
            gini_exposure_ppm: of.gini_exposure_ppm,
            most_appearances: of.most_appearances,
            most_to_fair_ppm: of.most_to_fair_ppm,
            exposure: of.exposure,
            score: of.score,
            bound: of.bound,
            score_uncapped: of.score_uncapped,
            loss: of.loss,
            loss_ppm: of.loss_ppm,
        }
    }
}
