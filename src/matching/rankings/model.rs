//! A saved ranking, its rows, and the bytes that their digests are of.
//!
//! Invariant: the form that is hashed never changes; numbers and codes are in it, sentences and names are not, as they are
//! worded anew by whoever shows them. Read next: [`super::draft`].

use crate::engine::{Explanation, Gate, GateSet, Rating};
use crate::kernel::{
    error::{Error, Result},
    ids::{RankingId, WorldId},
    time::{Day, Timestamp},
};
use crate::matching::lists::model::Basis;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Which side a ranking was made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// An investor, which was shown startups.
    Investor,
    /// A startup, which was shown investors.
    Startup,
}

impl Side {
    /// The word in the database and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Investor => "investor",
            Self::Startup => "startup",
        }
    }

    /// The side of a word of the database.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Investor, Self::Startup].into_iter().find(|s| s.as_str() == word)
    }

    /// The side that is listed for this one.
    pub fn other(self) -> Self {
        match self {
            Self::Investor => Self::Startup,
            Self::Startup => Self::Investor,
        }
    }
}

/// A profile as it went into a ranking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stood {
    /// The permanent number.
    pub number: i64,
    /// The public id.
    pub id: String,
    /// The revision of its facts.
    pub revision: i64,
    /// The digest of what the score reads of it.
    pub input: String,
}

/// A ranking that is kept.
#[derive(Clone, Debug)]
pub struct Ranking {
    /// The permanent number.
    pub number: i64,
    /// The public id.
    pub id: RankingId,
    /// The side that it was made for.
    pub side: Side,
    /// The profile that it was made for.
    pub asking: Stood,
    /// The digest of the tables that it rests on.
    pub tables: String,
    /// The parameters of the query by name, as JSON.
    pub question: String,
    /// The basis as JSON, a [`RankingBasis`].
    pub basis: String,
    /// The digest of all of it and of its rows.
    pub digest: String,
    /// The number of rows, 0 to 100.
    pub listed: i32,
    /// The instant at which it was saved.
    pub created_at: Timestamp,
}

/// A row of a kept ranking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The place, from 1.
    pub place: i32,
    /// The counterpart.
    pub of: Stood,
    /// The score.
    pub score: i64,
    /// The confidence.
    pub confidence: i64,
    /// The digest of everything that was said of it.
    pub digest: String,
}

/// The basis of a kept ranking, as it is stored and hashed: its fields and their order never change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RankingBasis {
    /// The version of the score.
    pub score_version: String,
    /// The day of the score.
    pub as_of: Day,
    /// The highest revision of the event log that is included.
    pub revision: i64,
    /// The version of the corridor table.
    pub corridor_revision: i64,
    /// The version of the world tables; `None` in a new installation.
    pub world: Option<WorldId>,
    /// The version of the reference data with the taxonomy of sectors.
    pub reference_version: String,
    /// The effective weights of the asking side, by factor, as the list told them.
    pub weights: BTreeMap<String, u16>,
    /// SHA-256 of the effective weights of both sides: the investor's first, two bytes each, in factor order.
    pub weights_hash: String,
}

impl From<Basis> for RankingBasis {
    fn from(basis: Basis) -> Self {
        Self {
            score_version: basis.score_version.to_owned(),
            as_of: basis.as_of,
            revision: basis.revision,
            corridor_revision: basis.corridor_revision,
            world: basis.world,
            reference_version: basis.reference_version,
            weights: basis.weights.into_iter().map(|(name, weight)| (name.to_owned(), weight)).collect(),
            weights_hash: basis.weights_hash,
        }
    }
}

/// An input that is not retained any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingInput {
    /// The kind of input: `startup`, `investor`, `world` (the tables beside profiles), or `score_version`, where this program
    /// scores by another version.
    pub kind: &'static str,
    /// The id; `None` for tables without a version of the world.
    pub id: Option<String>,
    /// The revision, where only that was erased; `None` where all of it was.
    pub revision: Option<i64>,
}

/// Something that is not what it was when the ranking was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The rank of the row; `None` for what concerns all.
    pub rank: Option<i32>,
    /// The id of the profile; `None` for what concerns all.
    pub profile: Option<String>,
    /// The part: `score`, `confidence` or `explanation` of a row, the retained `input` of a profile, the retained `tables`, or
    /// the `ranking` itself: its question, its basis or which rows it has.
    pub what: &'static str,
}

impl Ranking {
    /// The basis.
    pub fn basis(&self) -> Result<RankingBasis> {
        serde_json::from_str(&self.basis).map_err(Error::internal)
    }

    /// The parameters of its query.
    pub fn question(&self) -> Result<BTreeMap<String, String>> {
        serde_json::from_str(&self.question).map_err(Error::internal)
    }

    /// The digest that it has with rows of these digests.
    pub fn digest_with<'a>(&self, rows: impl Iterator<Item = &'a str>) -> Result<String> {
        let asking = &self.asking;
        let rows: Vec<&str> = rows.collect();
        let form = (self.side.as_str(), &asking.id, asking.revision, &self.question, &self.basis, rows);
        Ok(digest(&serde_json::to_string(&form).map_err(Error::internal)?))
    }
}

/// SHA-256 of a text in hexadecimal digits.
pub fn digest(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A row as it is told, in the order in which it is hashed.
#[derive(Serialize)]
struct Told<'a> {
    rank: i32,
    profile: &'a str,
    revision: i64,
    score: u64,
    confidence: u32,
    market: String,
    gates: Vec<&'static str>,
    unknown_gates: Vec<&'static str>,
    investor_utility: u64,
    startup_utility: u64,
    essential: u64,
    before: u64,
    /// Name, contribution, points, confidence, effective weight.
    lines: Vec<(&'static str, i64, u8, u8, u16)>,
    uncertainty: u64,
}

/// The text of a row that is hashed.
fn told(rank: i32, (profile, revision): (&str, i64), e: &Explanation) -> Result<String> {
    let codes = |gates: GateSet| gates.iter().map(Gate::code).collect();
    let ratings = e.investor_factors.iter().chain(&e.startup_factors);
    let weights = e.weights.investor.iter().chain(&e.weights.startup);
    let line = |((name, contribution), (rating, weight)): ((&'static str, i64), (&Rating, &u16))| {
        (name, contribution, rating.points, rating.confidence, *weight)
    };
    let told = Told {
        rank,
        profile,
        revision,
        score: e.outcome.score(),
        confidence: e.outcome.confidence,
        market: e.market.to_string(),
        gates: codes(e.gates),
        unknown_gates: codes(e.unknown_gates),
        investor_utility: e.outcome.investor_utility,
        startup_utility: e.outcome.startup_utility,
        essential: e.outcome.essential,
        before: e.outcome.before,
        lines: e.ledger.lines().zip(ratings.zip(weights)).map(line).collect(),
        uncertainty: e.outcome.penalty,
    };
    serde_json::to_string(&told).map_err(Error::internal)
}

/// The digest of what is said of a row.
pub fn digest_of_row(rank: i32, profile: (&str, i64), explanation: &Explanation) -> Result<String> {
    Ok(digest(&told(rank, profile, explanation)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Assessor;
    use crate::engine::profile::{World, parse};

    #[test]
    fn the_form_of_a_row_that_is_hashed_never_changes() {
        let mut assessor = Assessor::new(&parse::<World>(r#"{"today":20000}"#).expect("a world"));
        let startup = parse(r#"{"id":1,"home":"RU","sector":"ict.ai","stage":3}"#).expect("a startup");
        let investor = parse(r#"{"id":7,"type":"vc","home":"CN","markets":["CN"],"focus":{"ict":3}}"#);
        let explanation = assessor.explain(startup, investor.expect("an investor"));
        let told = told(2, ("stp_1", 3), &explanation).expect("told");
        let begins = r#"{"rank":2,"profile":"stp_1","revision":3,"score":"#;
        assert!(told.starts_with(begins), "{told}");
        let lines: serde_json::Value = serde_json::from_str(&told).expect("JSON");
        let names: Vec<&str> = lines.as_object().expect("an object").keys().map(String::as_str).collect();
        assert_eq!(
            names.join(" "),
            "rank profile revision score confidence market gates unknown_gates investor_utility startup_utility \
             essential before lines uncertainty"
        );
        assert_eq!(lines["lines"].as_array().map(Vec::len), Some(22));
        assert_eq!(digest("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
