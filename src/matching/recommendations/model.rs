//! A run, its states and what it came to.
//!
//! Invariant: a run that has ended never changes. Read next: [`super::job`].

use super::wire::SideReport;
use crate::engine::lists::{Displaced, List, MAX_PAIRS, Mode, Place};
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

/// What a finished run rests on and came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RunOutcome {
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

/// Why a run has made no lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RunFailure {
    /// The reason, for a program.
    pub code: RunFailureCode,
    /// The reason, for a person.
    #[schema(example = "max is for up to 4000000 pairs, and there are 4002000; ask for stable lists")]
    pub detail: String,
}

impl RunFailure {
    /// The reason for which the job of a run has failed or was cancelled; `None` for every other job.
    pub fn of(execution: &Execution) -> Option<Self> {
        let problem = match execution.state {
            JobState::Failed => execution.problem.as_ref(),
            JobState::Cancelled => {
                let detail = "cancelled before its end".to_owned();
                return Some(Self { code: RunFailureCode::GivenUp, detail });
            }
            _ => return None,
        };
        let (code, detail) = match problem.map(|problem| (problem.code.as_str(), &problem.detail)) {
            Some((TOO_MANY_PAIRS, detail)) => (RunFailureCode::TooManyPairs, detail.clone()),
            Some((GIVEN_UP, detail)) => (RunFailureCode::GivenUp, detail.clone()),
            _ => {
                let detail = "see the log of the node under the id of the run";
                (RunFailureCode::InternalError, detail.to_owned())
            }
        };
        Some(Self { code, detail })
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
