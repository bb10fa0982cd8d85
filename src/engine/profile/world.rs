//! The operator's tables: the day, corridors, regions, flows of deals and how common everything is.
//!
//! Invariant: one corridor and one flow a pair; every table may be empty.
//! Read next: [`super::super::compiled`], where the tables become look-ups.

use super::super::words::{Bucket, CooperationModels, Country, Ppm, Round, Sector};
use super::{present, unique};
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use std::collections::{BTreeMap, BTreeSet};

/// Everything that a score depends on besides the two profiles.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct World {
    /// The day of the score.
    pub today: i32,
    /// The sector parents under regulation.
    #[serde(default)]
    pub regulated: BTreeSet<String>,
    /// The region of each country that has one.
    #[serde(default, rename = "region", deserialize_with = "unique")]
    pub regions: BTreeMap<Country, String>,
    /// The corridors: at most one for an ordered pair of countries.
    #[serde(default, rename = "corridor", deserialize_with = "one_corridor_a_pair")]
    pub corridors: Vec<Corridor>,
    /// Known deals by home of the startup and home of the investor.
    #[serde(default, deserialize_with = "one_flow_a_pair")]
    pub flows: Vec<Flow>,
    /// The usual shares among all known deals.
    #[serde(default)]
    pub base: Base,
}

/// The way from a home into a market.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Corridor {
    /// The home of the startup.
    pub home: Country,
    /// The market that it wants to enter.
    pub market: Country,
    /// The nearness of the regulation of the two; `None` is unknown.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub regulation: Option<Ppm>,
    /// The protection of intellectual property on the way; `None` is unknown.
    #[serde(default, rename = "ip", deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub protection: Option<Ppm>,
    /// The help of treaties; `None` is unknown.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub treaty: Option<Ppm>,
    /// The nearness of the cultures; `None` is unknown.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub culture: Option<Ppm>,
    /// The forms of cooperation that are favoured; none for no preference.
    #[serde(default, deserialize_with = "null_is_none")]
    pub favoured: CooperationModels,
    /// A prohibition: true where nothing may pass.
    #[serde(default)]
    pub prohibited: bool,
    /// The sectors that may not pass.
    #[serde(default)]
    pub prohibited_sectors: BTreeSet<Sector>,
}

/// Deals by investors of a market in startups of a home.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flow {
    /// The home of the startups.
    pub home: Country,
    /// The home of the investors.
    pub market: Country,
    /// The number of deals.
    pub deals: u32,
}

/// Shares of all known deals; what is missing counts as one in a thousand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Base {
    /// By home of the startup.
    #[serde(default, deserialize_with = "unique")]
    pub home: BTreeMap<Country, Ppm>,
    /// By leaf and by parent.
    #[serde(default, deserialize_with = "unique")]
    pub sector: BTreeMap<Sector, Ppm>,
    /// By round.
    #[serde(default, deserialize_with = "unique")]
    pub round: BTreeMap<Round, Ppm>,
    /// By half-octave of the amount, smoothed.
    #[serde(default, deserialize_with = "unique")]
    pub ticket: BTreeMap<Bucket, Ppm>,
    /// By city within each country.
    #[serde(default)]
    pub city: BTreeMap<Country, BTreeMap<String, Ppm>>,
}

fn null_is_none<'de, D: Deserializer<'de>>(d: D) -> Result<CooperationModels, D::Error> {
    Option::<CooperationModels>::deserialize(d).map(Option::unwrap_or_default)
}

fn one_corridor_a_pair<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<Corridor>, D::Error> {
    one_a_pair(d, |c: &Corridor| (c.home, c.market))
}

fn one_flow_a_pair<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<Flow>, D::Error> {
    one_a_pair(d, |f: &Flow| (f.home, f.market))
}

fn one_a_pair<'de, D, T>(d: D, pair: fn(&T) -> (Country, Country)) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    let entries = Vec::deserialize(d)?;
    let mut seen = BTreeSet::new();
    match entries.iter().map(pair).find(|&(home, market)| !seen.insert((home, market))) {
        Some((home, market)) => Err(D::Error::custom(format!("{home} to {market} occurs twice"))),
        None => Ok(entries),
    }
}
