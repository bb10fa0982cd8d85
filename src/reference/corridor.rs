//! A corridor: what an operator knows about the way from a home country into a market.
//!
//! Invariant: a corridor joins two different countries; each of its four values is unknown or 0 to 1,000,000 ppm.
//! Read next: `revise_corridor.rs`.

use super::codes::{CooperationModel, CountryCode, SectorCode};
use super::model::{Row, Value};
use crate::kernel::time::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, de};
use std::{borrow::Cow, fmt, str::FromStr};
use utoipa::ToSchema;

/// Where a corridor's values come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CorridorStatus {
    /// Shipped as an illustration.
    Illustrative,
    /// Stated by the operator.
    Stated,
    /// Nothing is said of it yet.
    Unstated,
}

impl CorridorStatus {
    /// The word on the wire and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Illustrative => "illustrative",
            Self::Stated => "stated",
            Self::Unstated => "unstated",
        }
    }
}

impl FromStr for CorridorStatus {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::Illustrative, Self::Stated, Self::Unstated].into_iter().find(|s| s.as_str() == text).ok_or(())
    }
}

/// The ordered pair that a corridor joins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pair {
    /// Where the startup comes from.
    pub home: CountryCode,
    /// Where it wants to go.
    pub market: CountryCode,
}

impl FromStr for Pair {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (home, market) = text.split_once('-').ok_or(())?;
        let pair = Self { home: home.parse().map_err(|_| ())?, market: market.parse().map_err(|_| ())? };
        if pair.home == pair.market { Err(()) } else { Ok(pair) }
    }
}

impl fmt::Display for Pair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.home, self.market)
    }
}

impl<'de> Deserialize<'de> for Pair {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Cow::<str>::deserialize(d)?.parse().map_err(|()| de::Error::custom("not a pair of two countries"))
    }
}

/// What is said of a corridor. Values are ppm; an absent one is unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// How well products of the home may be approved and sold.
    pub regulation: Option<u32>,
    /// How well rights can be enforced.
    pub ip: Option<u32>,
    /// How far treaties help.
    pub treaty: Option<u32>,
    /// How near language and ways of working are.
    pub culture: Option<u32>,
    /// Cooperation models that work best, sorted; empty when none is favoured.
    pub favoured: Vec<CooperationModel>,
    /// Whether every match is gated.
    pub prohibited: bool,
    /// Sectors whose matches are gated, sorted.
    pub prohibited_sectors: Vec<SectorCode>,
    /// Why it says so.
    pub reason: String,
}

/// A corridor as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Corridor {
    /// Which corridor.
    pub pair: Pair,
    /// What is said of it.
    pub terms: Terms,
    /// Where that comes from.
    pub status: CorridorStatus,
    /// Its revision, from 1.
    pub revision: i32,
}

/// A corridor as it stood, and since when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CorridorRevision {
    /// What was said.
    pub corridor: Corridor,
    /// When it was said.
    pub at: Timestamp,
}

impl Corridor {
    /// The first revision, from a row of the shipped table.
    pub(super) fn from_row(row: Row<'_>) -> Option<Self> {
        let ppm = |column| match row.get(column) {
            Value::Integer(n) => u32::try_from(*n).ok(),
            _ => None,
        };
        let terms = Terms {
            regulation: ppm("regulation"),
            ip: ppm("ip"),
            treaty: ppm("treaty"),
            culture: ppm("culture"),
            favoured: codes(row.list("favoured"))?,
            prohibited: row.boolean("prohibited"),
            prohibited_sectors: codes(row.list("prohibited_sectors"))?,
            reason: row.text("reason").to_owned(),
        };
        let pair = [row.text("home"), "-", row.text("market")].concat().parse().ok()?;
        Some(Self { pair, terms, status: row.text("status").parse().ok()?, revision: 1 })
    }
}

/// Codes in order, each once; nothing if one of them is not in its table.
pub(super) fn codes<T: FromStr + Ord>(words: &[impl AsRef<str>]) -> Option<Vec<T>> {
    let mut codes: Vec<T> = words.iter().map(|w| w.as_ref().parse().ok()).collect::<Option<_>>()?;
    codes.sort();
    codes.dedup();
    Some(codes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_joins_two_different_countries() {
        assert!("RU-CN".parse::<Pair>().is_ok());
        for text in ["RU-RU", "RU", "RU-", "ru-cn", "RU-CN-FR", "RU_CN"] {
            assert_eq!(text.parse::<Pair>(), Err(()), "{text}");
        }
    }
}
