//! Runs, reports and lists as they are sent.
//!
//! Invariant: a row shows of its counterpart what a member may see and nothing else. Read next: [`super::read`].

mod report;

pub use report::{RunFailureView, RunOutcomeView};

use super::model::{RecommendationMode, Run, RunState, StoredDisplaced, StoredList, StoredPlace};
use crate::engine::lists::Side;
use crate::kernel::{
    ids::RecommendationRunId,
    time::{Day, Timestamp},
    visibility::{Class, Visible},
};
use crate::matching::phrases::Language;
use crate::matching::replica::cards::{InvestorCard, StartupCard};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a run is asked for.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRecommendationRun {
    /// Which lists it makes: `stable` by default.
    #[serde(default)]
    pub mode: RecommendationMode,
}

/// A run that makes everybody's lists.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecommendationRunView {
    /// Its id.
    pub id: RecommendationRunId,
    /// Where it stands.
    pub state: RunState,
    /// Which lists it was asked for; which they are is in the reports.
    pub mode: RecommendationMode,
    /// How many lists have been scored.
    #[schema(minimum = 0, example = 140)]
    pub done: i64,
    /// How many lists there are; 0 until the first progress.
    #[schema(minimum = 0, example = 1100)]
    pub total: i64,
    /// What it rests on and what it came to, once it is finished.
    pub outcome: Option<RunOutcomeView>,
    /// Why it has made no lists, if it has failed.
    pub failure: Option<RunFailureView>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
}

/// A page of runs.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecommendationRunPage {
    /// The runs, newest first.
    pub data: Vec<RecommendationRunView>,
    /// Whether there are more.
    pub has_more: bool,
    /// Where the next page begins.
    pub next_cursor: Option<String>,
}

impl Visible for RecommendationRunView {
    const FIELDS: &'static [(&'static str, Class)] = &[
        ("id", Class::Organisation),
        ("state", Class::Organisation),
        ("mode", Class::Organisation),
        ("done", Class::Organisation),
        ("total", Class::Organisation),
        ("outcome", Class::Organisation),
        ("failure", Class::Organisation),
        ("created_at", Class::Organisation),
        ("ended_at", Class::Organisation),
    ];
}

impl From<Run> for RecommendationRunView {
    fn from(run: Run) -> Self {
        let Run { id, state, mode, done, total, outcome, failure, created_at, ended_at, .. } = run;
        let (outcome, failure) = (outcome.map(RunOutcomeView::from), failure.map(RunFailureView::from));
        Self { id, state, mode, done, total, outcome, failure, created_at, ended_at }
    }
}

/// What a list of a side rests on, if its run has finished. Its mode is what the run made, not what it was asked for: a
/// node from before there were modes makes stable lists of any run.
pub fn basis(run: &Run, side: Side) -> Option<ListBasis> {
    let outcome = run.outcome.as_ref()?;
    let report = outcome.reports.iter().find(|report| report.side == side.as_str());
    Some(ListBasis {
        run: run.id,
        mode: report.map(|report| report.mode).unwrap_or_default(),
        score_version: outcome.score_version.clone(),
        as_of: outcome.as_of,
        revision: outcome.revision,
        ended_at: run.ended_at,
    })
}

/// The run that a list is of.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ListBasis {
    /// Its id.
    pub run: RecommendationRunId,
    /// Which of the assignments under the caps the lists are.
    pub mode: RecommendationMode,
    /// The version of the score.
    #[schema(example = "mm-2")]
    pub score_version: String,
    /// The day of the scores.
    pub as_of: Day,
    /// The highest revision of the event log that is included.
    #[schema(minimum = 0, example = 1042)]
    pub revision: i64,
    /// When the run ended.
    pub ended_at: Option<Timestamp>,
}

/// A list of one side with its rows, by the name of the counterpart's card.
macro_rules! lists {
    ($($(#[$doc:meta])* $list:ident $(#[$place_doc:meta])* $place:ident $(#[$out_doc:meta])* $displaced:ident $card:ident $field:ident;)*) => { $(
        $(#[$doc])*
        #[derive(Debug, Serialize, ToSchema)]
        pub struct $list {
            /// The run that made it; none before the first has finished.
            pub basis: Option<ListBasis>,
            /// The places in their order, at last the discovery.
            pub places: Vec<$place>,
            /// Who would be in the list, but is in as many lists as anybody may be.
            pub displaced: Vec<$displaced>,
        }

        $(#[$place_doc])*
        #[derive(Debug, Serialize, ToSchema)]
        pub struct $place {
            /// Who.
            pub $field: $card,
            /// The score, 0 to 1000000000.
            #[schema(minimum = 0, maximum = 1_000_000_000, example = 592_154_000)]
            pub score: u32,
            /// How well the less known side is known, 0 to 250000.
            #[schema(minimum = 0, maximum = 250_000, example = 214_000)]
            pub confidence: u32,
            /// Its number by the score alone, counted from 1; not told of a discovery.
            #[schema(minimum = 1, example = 4)]
            pub number: Option<u32>,
            /// What is taken off for those before it of the same sector, for the order alone.
            #[schema(maximum = 0, example = -20_000_000)]
            pub diversity: i64,
            /// Whether it is here because it is in no other list.
            #[schema(example = false)]
            pub discovery: bool,
        }

        $(#[$out_doc])*
        #[derive(Debug, Serialize, ToSchema)]
        pub struct $displaced {
            /// Who.
            pub $field: $card,
            /// The score, 0 to 1000000000.
            #[schema(minimum = 0, maximum = 1_000_000_000, example = 592_154_000)]
            pub score: u32,
            /// How well the less known side is known, 0 to 250000.
            #[schema(minimum = 0, maximum = 250_000, example = 214_000)]
            pub confidence: u32,
            /// The number that it would have, counted from 1.
            #[schema(minimum = 1, example = 4)]
            pub number: u32,
            /// In how many lists it is: the cap. In stable lists, each with a score at least as good.
            #[schema(minimum = 1, example = 12)]
            pub appearances: u32,
            /// The same in words.
            #[schema(example = "would be number 4; already in 12 of 12 lists with better scores")]
            pub reason: String,
        }

        impl $list {
            /// The list of the latest run, without those whose card is not known any more.
            pub fn new(list: &StoredList, basis: Option<ListBasis>, cards: impl Fn(u64) -> Option<$card>) -> Self {
                let row = |place: &StoredPlace, discovery: bool| {
                    Some($place {
                        $field: cards(place.profile)?,
                        score: place.score,
                        confidence: place.confidence,
                        number: place.number,
                        diversity: -i64::from(place.penalty),
                        discovery,
                    })
                };
                let mode = basis.as_ref().map(|basis| basis.mode).unwrap_or_default().engine();
                let displaced = |out: &StoredDisplaced| {
                    Some($displaced {
                        $field: cards(out.profile)?,
                        score: out.score,
                        confidence: out.confidence,
                        number: out.number,
                        appearances: out.appearances,
                        reason: Language::English.displaced(mode, out.number, out.appearances),
                    })
                };
                let mut places: Vec<$place> = list.places.iter().filter_map(|place| row(place, false)).collect();
                places.extend(list.discovery.iter().filter_map(|place| row(place, true)));
                Self { basis, places, displaced: list.displaced.iter().filter_map(displaced).collect() }
            }
        }
    )* };
}

lists! {
    /// The startups that are recommended to an investor.
    InvestorRecommendations
    /// A startup in an investor's list.
    RecommendedStartup
    /// A startup that the cap keeps out of an investor's list.
    DisplacedStartup StartupCard startup;
    /// The investors that are recommended to a startup.
    StartupRecommendations
    /// An investor in a startup's list.
    RecommendedInvestor
    /// An investor that the cap keeps out of a startup's list.
    DisplacedInvestor InvestorCard investor;
}

impl Visible for InvestorRecommendations {
    const FIELDS: &'static [(&'static str, Class)] =
        &[("basis", Class::Members), ("places", Class::Members), ("displaced", Class::Members)];
}

impl Visible for StartupRecommendations {
    const FIELDS: &'static [(&'static str, Class)] =
        &[("basis", Class::Members), ("places", Class::Members), ("displaced", Class::Members)];
}
