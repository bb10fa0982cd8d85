//! Scoring the rows of a kept ranking again, from what is retained.
//!
//! Invariant: whatever cannot be scored again is named, and so is every row that comes out differently; only a ranking
//! all of whose bytes are the same is equal. Read next: [`super::model`], what the bytes are.

use super::keep::digest_of_tables;
use super::model::{
    Difference, MissingInput, Ranking, RankingBasis, Row, Side, Stood, digest, digest_of_row,
};
use super::store;
use crate::db::Conn;
use crate::engine::profile::{InvestorKey, StartupKey, World, parse};
use crate::engine::{Changes, Explanation, Listing, Overrides, SCORE_VERSION, Snapshot};
use crate::engine::{Factor, InvestorFactor, StartupFactor};
use crate::kernel::error::{Error, Result};
use crate::matching::lists::query::MatchQuery;
use crate::reference::Catalogue;
use serde::de::DeserializeOwned;

/// The result of a replay.
pub struct Replayed {
    /// The rows as they are stored, each with what it comes to now, if it can be scored.
    pub rows: Vec<(Row, Option<Explanation>)>,
    /// The inputs that were erased.
    pub missing: Vec<MissingInput>,
    /// The differences from what was kept.
    pub differences: Vec<Difference>,
}

impl Replayed {
    /// Equality of the whole: true where every byte is the same.
    pub fn is_equal(&self) -> bool {
        let told = self.rows.iter().all(|(_, explanation)| explanation.is_some());
        told && self.missing.is_empty() && self.differences.is_empty()
    }

    /// Equality of a row: true where everything of it is the same.
    pub fn is_equal_at(&self, row: &Row) -> bool {
        let explained = self.rows.iter().any(|(r, e)| r.place == row.place && e.is_some());
        explained && !self.differences.iter().any(|d| d.rank == Some(row.place))
    }

    fn miss(&mut self, kind: &'static str, id: Option<String>, revision: Option<i64>) {
        self.missing.push(MissingInput { kind, id, revision });
    }

    fn differ(&mut self, row: Option<&Row>, what: &'static str) {
        let (rank, profile) = (row.map(|r| r.place), row.map(|r| r.of.id.clone()));
        self.differences.push(Difference { rank, profile, what });
    }

    /// The retained input of a profile; `None` where it was erased or is not as it was.
    fn input<T: DeserializeOwned>(
        &mut self,
        conn: &mut Conn,
        (side, of): (Side, &Stood),
        row: Option<&Row>,
    ) -> Result<Option<T>> {
        let Some(text) = store::input(conn, of)? else {
            let revision = store::has_profile(conn, &of.id)?.then_some(of.revision);
            self.miss(side.as_str(), Some(of.id.clone()), revision);
            return Ok(None);
        };
        if digest(&text) != of.input {
            let (rank, profile) = (row.map(|r| r.place), Some(of.id.clone()));
            self.differences.push(Difference { rank, profile, what: "input" });
            return Ok(None);
        }
        parse(&text).map(Some).map_err(|e| Error::internal(format!("a retained input cannot be read: {e}")))
    }

    /// The tables of the day, if they are retained as they were.
    fn world(&mut self, conn: &mut Conn, ranking: &Ranking, basis: &RankingBasis) -> Result<Option<World>> {
        let name = basis.world.map(|id| id.to_string());
        let Some(text) = store::tables(conn, &ranking.tables)? else {
            self.miss("world", name, None);
            return Ok(None);
        };
        if digest_of_tables(&name.unwrap_or_default(), &text) != ranking.tables {
            self.differ(None, "tables");
            return Ok(None);
        }
        let world: World = parse(&text).map_err(Error::internal)?;
        Ok(Some(World { today: basis.as_of.number(), ..world }))
    }

    /// The profiles of both sides, as far as they are retained.
    fn profiles(&mut self, conn: &mut Conn, ranking: &Ranking) -> Result<Changes> {
        let (mut changes, asking, listed) = (Changes::default(), &ranking.asking, ranking.side.other());
        let rows: Vec<Row> = self.rows.iter().map(|(row, _)| row.clone()).collect();
        let all = std::iter::once((ranking.side, asking, None));
        for (side, of, row) in all.chain(rows.iter().map(|row| (listed, &row.of, Some(row)))) {
            match side {
                Side::Startup => {
                    self.input(conn, (side, of), row)?.map(|startup| changes.put_startup(startup))
                }
                Side::Investor => {
                    self.input(conn, (side, of), row)?.map(|i| changes.put_investor(Listing::open(i)))
                }
            };
        }
        Ok(changes)
    }

    /// A snapshot of what is retained; `None` where it can tell of no row.
    fn snapshot(&mut self, conn: &mut Conn, ranking: &Ranking) -> Result<Option<Snapshot>> {
        let basis = ranking.basis()?;
        let (changes, world) = (self.profiles(conn, ranking)?, self.world(conn, ranking, &basis)?);
        if basis.score_version != SCORE_VERSION {
            self.miss("score_version", Some(basis.score_version), None);
            return Ok(None);
        }
        Ok(world.map(|world| Snapshot::new(world).with(changes)))
    }

    /// Compares a row with what it comes to.
    fn compare(&mut self, row: &Row, explanation: &Explanation) -> Result<()> {
        let (outcome, before) = (&explanation.outcome, self.differences.len());
        if u64::try_from(row.score) != Ok(outcome.score()) {
            self.differ(Some(row), "score");
        }
        if row.confidence != i64::from(outcome.confidence) {
            self.differ(Some(row), "confidence");
        }
        let now = digest_of_row(row.place, (&row.of.id, row.of.revision), explanation)?;
        if row.digest != now && self.differences.len() == before {
            self.differ(Some(row), "explanation");
        }
        Ok(())
    }
}

/// Weights of the question, if it had any.
fn weights<F: Factor>(ranking: &Ranking, catalogue: &Catalogue) -> Result<Option<Overrides<F>>> {
    let weights = ranking.question()?.remove("weights");
    let query = MatchQuery { weights, ..MatchQuery::default() };
    Ok(query.parse::<F>(catalogue).map_err(|e| Error::internal(e.detail))?.weights)
}

/// The explanation of each of these counterparts.
fn explained(
    snapshot: &Snapshot,
    ranking: &Ranking,
    catalogue: &Catalogue,
    others: impl Iterator<Item = u64>,
) -> Result<Vec<Option<Explanation>>> {
    let asking = ranking.asking.number as u64;
    Ok(match ranking.side {
        Side::Investor => {
            let (key, own) = (InvestorKey(asking), weights::<InvestorFactor>(ranking, catalogue)?);
            let explain = |other| snapshot.explain_to_investor(key, StartupKey(other), own.as_ref());
            others.map(explain).collect()
        }
        Side::Startup => {
            let (key, own) = (StartupKey(asking), weights::<StartupFactor>(ranking, catalogue)?);
            let explain = |other| snapshot.explain_to_startup(key, InvestorKey(other), own.as_ref());
            others.map(explain).collect()
        }
    })
}

/// Scores every row again that can be scored.
pub fn replay(conn: &mut Conn, catalogue: &Catalogue, ranking: &Ranking) -> Result<Replayed> {
    let rows: Vec<_> = store::rows(conn, ranking)?.into_iter().map(|row| (row, None)).collect();
    let mut all = Replayed { rows, missing: Vec::new(), differences: Vec::new() };
    if ranking.digest_with(all.rows.iter().map(|(row, _)| row.digest.as_str()))? != ranking.digest {
        all.differ(None, "ranking");
    }
    let Some(snapshot) = all.snapshot(conn, ranking)? else { return Ok(all) };
    let others = all.rows.iter().map(|(row, _)| row.of.number as u64);
    let explanations = explained(&snapshot, ranking, catalogue, others)?;
    for ((row, _), explanation) in std::mem::take(&mut all.rows).into_iter().zip(explanations) {
        if let Some(explanation) = &explanation {
            all.compare(&row, explanation)?;
        }
        all.rows.push((row, explanation));
    }
    Ok(all)
}
