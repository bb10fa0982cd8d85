//! Kept rankings and their replays as they are sent.
//!
//! Invariant: a counterpart is named while it takes part; a replay tells every line that the list rested on, which its owner was
//! free to ask for when it was made. Read next: [`super::api`].

use super::model::{Difference, MissingInput, Ranking, RankingBasis, Row, Side};
use super::read;
use super::replay::replay;
use crate::db::Conn;
use crate::kernel::{
    error::Result,
    ids::{RankingId, WorldId},
    time::{Day, Timestamp},
    visibility::{Class, Visible},
};
use crate::matching::lists::wire::ExplanationView;
use crate::matching::phrases::Names;
use crate::reference::Catalogue;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use utoipa::ToSchema;

/// A saved ranking without its rows.
#[derive(Debug, Serialize, ToSchema)]
pub struct RankingSummary {
    /// Its id.
    pub id: RankingId,
    /// Which side it was made for.
    pub side: Side,
    /// The id of the profile that it was made for.
    #[schema(example = "ivr_01jdc1s8000000000000000001")]
    pub profile: String,
    /// The revision of that profile.
    #[schema(minimum = 1, example = 3)]
    pub profile_revision: i64,
    /// The parameters of the query that decide which matches there are, as they were given.
    #[schema(example = json!({"market": "CN", "limit": "20"}))]
    pub question: BTreeMap<String, String>,
    /// What it rests on.
    pub basis: RankingBasisView,
    /// How many rows it has.
    #[schema(minimum = 0, maximum = 100, example = 20)]
    pub listed: i32,
    /// SHA-256 of all of it and of its rows, with every number of their explanations.
    #[schema(example = "6f1ed002ab5595859014ebf0951522d9c0a7e2b4d81f36905ea2c47b8d13f06e")]
    pub digest: String,
    /// When it was saved.
    pub created_at: Timestamp,
}

/// A saved ranking.
#[derive(Debug, Serialize, ToSchema)]
pub struct SavedRanking {
    /// Its id.
    pub id: RankingId,
    /// Which side it was made for.
    pub side: Side,
    /// The id of the profile that it was made for.
    #[schema(example = "ivr_01jdc1s8000000000000000001")]
    pub profile: String,
    /// The revision of that profile.
    #[schema(minimum = 1, example = 3)]
    pub profile_revision: i64,
    /// The parameters of the query that decide which matches there are, as they were given.
    #[schema(example = json!({"market": "CN", "limit": "20"}))]
    pub question: BTreeMap<String, String>,
    /// What it rests on.
    pub basis: RankingBasisView,
    /// The rows as they were listed, best first.
    #[schema(max_items = 100)]
    pub rows: Vec<RankedRow>,
    /// SHA-256 of all of it and of its rows, with every number of their explanations.
    #[schema(example = "6f1ed002ab5595859014ebf0951522d9c0a7e2b4d81f36905ea2c47b8d13f06e")]
    pub digest: String,
    /// When it was saved.
    pub created_at: Timestamp,
}

/// A row as it was listed.
#[derive(Debug, Serialize, ToSchema)]
pub struct RankedRow {
    /// Its place, from 1.
    #[schema(minimum = 1, maximum = 100, example = 1)]
    pub rank: i32,
    /// The id of the profile.
    #[schema(example = "stp_01jdc1s8000000000000000001")]
    pub profile: String,
    /// What it is called now, where it takes part.
    #[schema(example = "Neva Vision (demo)")]
    pub name: Option<String>,
    /// The revision of the profile.
    #[schema(minimum = 1, example = 3)]
    pub revision: i64,
    /// The score, 0 to 1000000000.
    #[schema(minimum = 0, maximum = 1_000_000_000, example = 592_154_000)]
    pub score: i64,
    /// How well the less known side was known, 0 to 250000.
    #[schema(minimum = 0, maximum = 250_000, example = 214_000)]
    pub confidence: i64,
}

/// A row that was scored again.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReplayedRow {
    /// The row as it was listed.
    #[serde(flatten)]
    pub row: RankedRow,
    /// Whether it was scored again and every number of it is the same.
    pub equal: bool,
    /// Every line of it as it comes to now; none where an input was erased.
    pub explanation: Option<ExplanationView>,
}

/// What a replay of a saved ranking came to.
#[derive(Debug, Serialize, ToSchema)]
pub struct RankingReplay {
    /// The ranking.
    pub id: RankingId,
    /// Whether every row was scored again and every byte is the same.
    pub equal: bool,
    /// The inputs that were erased.
    pub missing: Vec<MissingInputView>,
    /// What is not as it was.
    pub differences: Vec<DifferenceView>,
    /// What the ranking rests on.
    pub basis: RankingBasisView,
    /// The rows, best first.
    #[schema(max_items = 100)]
    pub rows: Vec<ReplayedRow>,
    /// The digest of the ranking.
    #[schema(example = "6f1ed002ab5595859014ebf0951522d9c0a7e2b4d81f36905ea2c47b8d13f06e")]
    pub digest: String,
}

/// What a kept ranking rests on.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RankingBasis)]
pub struct RankingBasisView {
    /// The version of the score.
    #[schema(example = "mm-2")]
    pub score_version: String,
    /// The day of the score.
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
    /// The effective weights of the asking side, by factor, as the list told them.
    pub weights: BTreeMap<String, u16>,
    /// SHA-256 of the effective weights of both sides: the investor's first, two bytes each, in factor order.
    #[schema(example = "6f1ed002ab5595859014ebf0951522d9c0a7e2b4d81f36905ea2c47b8d13f06e")]
    pub weights_hash: String,
}

/// An input that is not retained any more.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MissingInput)]
pub struct MissingInputView {
    /// What it is: `startup`, `investor`, `world` (the tables beside profiles), or `score_version`, where this program
    /// scores by another version.
    #[schema(example = "startup")]
    pub kind: &'static str,
    /// Its id; none for tables without a version of the world.
    #[schema(example = "stp_01jdc1s8000000000000000001")]
    pub id: Option<String>,
    /// Its revision, where only that was erased; none where all of it was.
    #[schema(minimum = 1, example = 3)]
    pub revision: Option<i64>,
}

/// Something that is not what it was when the ranking was kept.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Difference)]
pub struct DifferenceView {
    /// The rank of the row; none for what concerns all.
    #[schema(minimum = 1, example = 2)]
    pub rank: Option<i32>,
    /// The id of the profile; none for what concerns all.
    #[schema(example = "stp_01jdc1s8000000000000000001")]
    pub profile: Option<String>,
    /// What: `score`, `confidence` or `explanation` of a row, the retained `input` of a profile, the retained `tables`, or
    /// the `ranking` itself: its question, its basis or which rows it has.
    #[schema(example = "score")]
    pub what: &'static str,
}

/// A page of saved rankings.
#[derive(Debug, Serialize, ToSchema)]
pub struct RankingPage {
    /// The rankings, newest first.
    pub data: Vec<RankingSummary>,
    /// Whether there are more.
    pub has_more: bool,
    /// Where the next page begins.
    pub next_cursor: Option<String>,
}

impl Visible for RankingSummary {
    const FIELDS: &'static [(&'static str, Class)] = &[
        ("id", Class::Organisation),
        ("side", Class::Organisation),
        ("profile", Class::Organisation),
        ("profile_revision", Class::Organisation),
        ("question", Class::Organisation),
        ("basis", Class::Organisation),
        ("listed", Class::Organisation),
        ("digest", Class::Organisation),
        ("created_at", Class::Organisation),
    ];
}

impl Visible for SavedRanking {
    const FIELDS: &'static [(&'static str, Class)] = &[
        ("id", Class::Organisation),
        ("side", Class::Organisation),
        ("profile", Class::Organisation),
        ("profile_revision", Class::Organisation),
        ("question", Class::Organisation),
        ("basis", Class::Organisation),
        ("rows", Class::Organisation),
        ("digest", Class::Organisation),
        ("created_at", Class::Organisation),
    ];
}

impl Visible for RankingReplay {
    const FIELDS: &'static [(&'static str, Class)] = &[
        ("id", Class::Organisation),
        ("equal", Class::Organisation),
        ("missing", Class::Organisation),
        ("differences", Class::Organisation),
        ("basis", Class::Organisation),
        ("rows", Class::Organisation),
        ("digest", Class::Organisation),
    ];
}

impl From<RankingBasis> for RankingBasisView {
    fn from(of: RankingBasis) -> Self {
        let RankingBasis {
            score_version,
            as_of,
            revision,
            corridor_revision,
            world,
            reference_version,
            weights,
            weights_hash,
        } = of;
        Self {
            score_version,
            as_of,
            revision,
            corridor_revision,
            world,
            reference_version,
            weights,
            weights_hash,
        }
    }
}

impl From<MissingInput> for MissingInputView {
    fn from(of: MissingInput) -> Self {
        let MissingInput { kind, id, revision } = of;
        Self { kind, id, revision }
    }
}

impl From<Difference> for DifferenceView {
    fn from(of: Difference) -> Self {
        let Difference { rank, profile, what } = of;
        Self { rank, profile, what }
    }
}

impl RankingSummary {
    /// A ranking without its rows.
    pub fn new(ranking: Ranking) -> Result<Self> {
        let (question, basis) = (ranking.question()?, ranking.basis()?.into());
        let Ranking { id, side, asking, digest, listed, created_at, .. } = ranking;
        let (profile, profile_revision) = (asking.id, asking.revision);
        Ok(Self { id, side, profile, profile_revision, question, basis, listed, digest, created_at })
    }
}

impl SavedRanking {
    /// A ranking with its rows.
    pub fn new(conn: &mut Conn, ranking: Ranking) -> Result<Self> {
        let rows = read::rows(conn, &ranking)?;
        let names = read::names(conn, ranking.side, rows.iter())?;
        let rows = rows.iter().map(|row| RankedRow::new(row, &names)).collect();
        let RankingSummary {
            id, side, profile, profile_revision, question, basis, digest, created_at, ..
        } = RankingSummary::new(ranking)?;
        Ok(Self { id, side, profile, profile_revision, question, basis, rows, digest, created_at })
    }
}

impl RankedRow {
    fn new(row: &Row, names: &HashMap<i64, String>) -> Self {
        Self {
            rank: row.place,
            profile: row.of.id.clone(),
            name: names.get(&row.of.number).cloned(),
            revision: row.of.revision,
            score: row.score,
            confidence: row.confidence,
        }
    }
}

impl RankingReplay {
    /// Scores a ranking again and tells what it came to.
    pub fn of(conn: &mut Conn, catalogue: &Catalogue, ranking: &Ranking) -> Result<Self> {
        let (done, basis) = (replay(conn, catalogue, ranking)?, ranking.basis()?);
        let called = read::names(conn, ranking.side, done.rows.iter().map(|(row, _)| row))?;
        let names = Names { catalogue, usual: basis.world.is_some() };
        let row = |(row, explanation): &(Row, Option<_>)| ReplayedRow {
            row: RankedRow::new(row, &called),
            equal: done.is_equal_at(row),
            explanation: explanation.as_ref().map(|e| ExplanationView::new(e, names)),
        };
        let (equal, rows) = (done.is_equal(), done.rows.iter().map(row).collect());
        let missing = done.missing.into_iter().map(MissingInputView::from).collect();
        let differences = done.differences.into_iter().map(DifferenceView::from).collect();
        let basis = basis.into();
        Ok(Self { id: ranking.id, equal, missing, differences, basis, rows, digest: ranking.digest.clone() })
    }
}
