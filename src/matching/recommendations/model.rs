//! A run, its states and what it came to.
//!
//! Invariant: a run that has ended never changes. Read next: [`super::job`].

use crate::engine::lists::{Displaced, Field, List, MAX_PAIRS, Mode, Place, Report, Scope};
use crate::jobs::{
    Execution, JobState,
    model::{GIVEN_UP, Problem},
};
use crate::kernel::{
    ids::{RecommendationRunId, WorldId},
    time::{Day, Timestamp},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The code of a problem: there have come to be too many pairs for the mode.
const TOO_MANY_PAIRS: &str = "too_many_pairs";

/// Where a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// Nobody works on it yet.
    Queued,
    /// A node works on it.
    Running,
    /// It has made the lists.
    Finished,
    /// It has made none.
    Failed,
}

impl RunState {
    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Finished => "finished",
            Self::Failed => "failed",
        }
    }

    /// The state of a run whose job is in that state.
    pub fn of(job: JobState) -> Self {
        match job {
            JobState::Queued => Self::Queued,
            JobState::Running => Self::Running,
            JobState::Succeeded => Self::Finished,
            JobState::Failed | JobState::Cancelled => Self::Failed,
        }
    }
}

/// Which of the assignments under the caps the lists of a run are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RecommendationMode {
    /// The one in which no two would rather have each other.
    #[default]
    Stable,
    /// One with the greatest total of scores.
    Max,
}

impl RecommendationMode {
    /// Both modes.
    pub const ALL: [Self; 2] = [Self::Stable, Self::Max];

    /// The word in the database and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stable => "stable",
            Self::Max => "max",
        }
    }

    /// The mode of a word of the database.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.as_str() == word)
    }

    /// The problem of a run for which so many pairs are too many in this mode.
    pub fn outgrown(self, pairs: u64) -> Problem {
        Problem::new(TOO_MANY_PAIRS, self.too_many(pairs))
    }

    /// Why so many pairs are too many for this mode.
    pub fn too_many(self, pairs: u64) -> String {
        let mode = self.as_str();
        format!("{mode} is for up to {MAX_PAIRS} pairs, and there are {pairs}; ask for stable lists")
    }

    /// The mode as the engine calls it.
    pub fn engine(self) -> Mode {
        match self {
            Self::Stable => Mode::Stable,
            Self::Max => Mode::Max,
        }
    }
}

impl From<Mode> for RecommendationMode {
    fn from(mode: Mode) -> Self {
        match mode {
            Mode::Stable => Self::Stable,
            Mode::Max => Self::Max,
        }
    }
}

/// A run.
#[derive(Clone, Debug)]
pub struct Run {
    /// The permanent number, which is that of its job.
    pub number: i64,
    /// The public id.
    pub id: RecommendationRunId,
    /// Where it stands.
    pub state: RunState,
    /// Which lists it makes.
    pub mode: RecommendationMode,
    /// The revision of its start; the lists include everything up to it.
    pub started_revision: i64,
    /// How many lists have been scored.
    pub done: i64,
    /// How many lists there are; 0 until a node has begun.
    pub total: i64,
    /// What it came to, once it is finished.
    pub outcome: Option<RunOutcome>,
    /// Why it has made no lists, if it has failed.
    pub failure: Option<RunFailure>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
}

/// An outcome: what a finished run rests on and came to, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunOutcome {
    /// The version of the score.
    pub score_version: String,
    /// The day of the scores.
    pub as_of: Day,
    /// The highest revision of the event log that is included.
    pub revision: i64,
    /// The version of the corridor table.
    pub corridor_revision: i64,
    /// The version of the world tables; `None` in a new installation.
    pub world: Option<WorldId>,
    /// The version of the reference data with the taxonomy of sectors.
    pub reference_version: String,
    /// The investors' lists, then the startups'.
    pub reports: Vec<SideReport>,
}

/// The kind of reason why a run has made no lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RunFailureCode {
    /// There have come to be too many pairs for its mode.
    TooManyPairs,
    /// The nodes that began it fell silent, as often as a run is begun.
    GivenUp,
    /// A fault on our side; the cause is in the log under the id of the run.
    InternalError,
}

/// A failure: why a run has made no lists, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunFailure {
    /// The reason, for a program.
    pub code: RunFailureCode,
    /// The reason, for a person.
    pub detail: String,
}

impl RunFailure {
    /// The reason for which the job of a run has failed or was cancelled; `None` for every other job.
    pub fn of(execution: &Execution) -> Option<Self> {
        let problem = match execution.state {
            // Runs that failed before reasons were stored have none.
            JobState::Failed => execution.problem.as_ref()?,
            JobState::Cancelled => {
                let detail = "cancelled before its end".to_owned();
                return Some(Self { code: RunFailureCode::GivenUp, detail });
            }
            _ => return None,
        };
        let (code, detail) = match (problem.code.as_str(), &problem.detail) {
            (TOO_MANY_PAIRS, detail) => (RunFailureCode::TooManyPairs, detail.clone()),
            (GIVEN_UP, detail) => (RunFailureCode::GivenUp, detail.clone()),
            _ => {
                let detail = "see the log of the node under the id of the run";
                (RunFailureCode::InternalError, detail.to_owned())
            }
        };
        Some(Self { code, detail })
    }
}

/// A report: what the lists of one side of a run brought and cost. Shares are in millionths. It is stored with the run, so
/// names and meanings of its fields stay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SideReport {
    /// The side whose lists they are: `investors` or `startups`.
    pub side: String,
    /// The mode of the lists; stable in what was stored before there were modes.
    #[serde(default)]
    pub mode: RecommendationMode,
    /// Exactness: true where all pairs were looked at.
    pub exact: bool,
    /// The number of the best of each that were looked at instead; `None` where all pairs were.
    pub best_of_each: Option<u64>,
    /// The number of lists.
    pub lists: u64,
    /// The number of profiles that may be listed.
    pub listed: u64,
    /// The number of pairs that no gate closes.
    pub pairs: u64,
    /// Places of a list, without its discovery place.
    pub places: u32,
    /// In how many lists one may stand at most.
    pub cap: u32,
    /// The number of places that are taken, without discoveries.
    pub taken: u64,
    /// The number of discovery places that are taken.
    pub discoveries: u64,
    /// The number of times that the cap kept somebody out of a list.
    pub displaced: u64,
    /// The number of profiles that stand in at least one list.
    pub covered: u64,
    /// The same as a share of all who may be listed.
    pub coverage_ppm: u64,
    /// The Gini coefficient of appearances.
    pub gini_appearances_ppm: u64,
    /// The Gini coefficient of exposure.
    pub gini_exposure_ppm: u64,
    /// The most appearances of anybody.
    pub most_appearances: u64,
    /// The same against an equal share of all appearances.
    pub most_to_fair_ppm: u64,
    /// All exposure: a place of rank r is worth a million over log2(1 + r).
    pub exposure: u64,
    /// The sum of the scores of all lists, without discoveries.
    pub score: u64,
    /// The bound that the sum cannot exceed under the caps, as proven: of the mode `max` the sum itself, `None` of stable lists.
    pub bound: Option<u64>,
    /// The same if there were no caps.
    pub score_uncapped: u64,
    /// The cost of the caps.
    pub loss: u64,
    /// The same as a share of the scores without caps.
    pub loss_ppm: u64,
}

impl SideReport {
    /// The report of the lists of a field.
    pub fn new(field: &Field<'_>, report: &Report) -> Self {
        let best_of_each = match field.scope() {
            Scope::AllPairs => None,
            Scope::Best(depth) => Some(depth as u64),
        };
        Self {
            side: field.side().as_str().to_owned(),
            mode: report.mode.into(),
            exact: best_of_each.is_none(),
            best_of_each,
            lists: report.lists,
            listed: report.listed,
            pairs: report.pairs,
            places: report.places,
            cap: report.cap,
            taken: report.taken,
            discoveries: report.discoveries,
            displaced: report.displaced,
            covered: report.covered,
            coverage_ppm: report.coverage_ppm,
            gini_appearances_ppm: report.gini_appearances_ppm,
            gini_exposure_ppm: report.gini_exposure_ppm,
            most_appearances: report.most_appearances,
            most_to_fair_ppm: report.most_to_fair_ppm,
            exposure: report.exposure,
            score: report.score,
            bound: report.bound,
            score_uncapped: report.score_uncapped,
            loss: report.loss,
            loss_ppm: report.loss_ppm,
        }
    }
}

/// A list as it is stored: profiles by their permanent numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredList {
    /// The places in their order.
    pub places: Vec<StoredPlace>,
    /// The discovery place.
    pub discovery: Option<StoredPlace>,
    /// Who was displaced.
    pub displaced: Vec<StoredDisplaced>,
}

/// A place of a stored list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredPlace {
    /// Who.
    pub profile: u64,
    /// The score.
    pub score: u32,
    /// The confidence.
    pub confidence: u32,
    /// Its number without caps, penalties and discovery.
    pub number: Option<u32>,
    /// What was taken off for the order.
    pub penalty: u32,
}

/// Somebody displaced from a stored list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredDisplaced {
    /// Who.
    pub profile: u64,
    /// The score.
    pub score: u32,
    /// The confidence.
    pub confidence: u32,
    /// The number that it would have.
    pub number: u32,
    /// In how many lists it stands.
    pub appearances: u32,
}

impl StoredList {
    /// A list of the engine with the numbers of those in it.
    pub fn new(list: &List, profiles: &[u64]) -> Self {
        let profile = |item: u32| profiles.get(item as usize).copied().unwrap_or_default();
        let place = |p: &Place| StoredPlace {
            profile: profile(p.item),
            score: p.score,
            confidence: p.confidence,
            number: p.number,
            penalty: p.penalty,
        };
        let displaced = |d: &Displaced| StoredDisplaced {
            profile: profile(d.item),
            score: d.score,
            confidence: d.confidence,
            number: d.number,
            appearances: d.appearances,
        };
        Self {
            places: list.places.iter().map(place).collect(),
            discovery: list.discovery.as_ref().map(place),
            displaced: list.displaced.iter().map(displaced).collect(),
        }
    }
}
