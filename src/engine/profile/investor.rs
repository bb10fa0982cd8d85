//! An investor as the engine reads it: thesis, limits and recorded deals.
//!
//! Invariant: `markets` is never empty and `answered` never exceeds `asked`.
//! Read next: [`super::World`].

use super::super::weights::{InvestorFactor, Overrides};
use super::super::words::{
    Access, CooperationModels, Country, InvalidWord, Level, LocalReference, Minutes, Regulatory, Round,
    Sector, Stage,
};
use super::{Span, present, present_unique, unique, yes};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::collections::{BTreeMap, BTreeSet};

/// The permanent integer of an investor's profile; the last tie-break between investors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct InvestorKey(pub u64);

/// An investor's thesis, limits and record, as far as they bear on a match.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct Investor {
    /// The permanent integer.
    pub id: InvestorKey,
    /// The kind of investor, a word of an open list.
    #[serde(rename = "type")]
    pub kind: String,
    /// The home country; `ZZ` for imports that do not know.
    pub home: Country,
    /// The markets it can open.
    pub markets: BTreeSet<Country>,
    /// Participation: true where it takes part at all.
    #[serde(default = "yes")]
    pub active: bool,
    /// The city; `None` or an empty text is unknown.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// Generality: true where it looks at every sector alike.
    #[serde(default)]
    pub generalist: bool,
    /// The leaves and parents it looks for, and how much.
    #[serde(default, deserialize_with = "unique")]
    pub focus: BTreeMap<Sector, Level>,
    /// Strictness: true where focus and stages limit what it looks at; false in a derived thesis.
    #[serde(default = "yes")]
    pub strict: bool,
    /// The technologies it looks for in free words.
    #[serde(default)]
    pub tags: BTreeSet<String>,
    /// The stages it looks for.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub stages: Option<Span<Stage>>,
    /// The tickets it writes, in whole US dollars.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub ticket: Option<Span<u64>>,
    /// The languages it works in and how well.
    #[serde(
        default,
        rename = "langs",
        deserialize_with = "present_unique",
        skip_serializing_if = "Option::is_none"
    )]
    pub languages: Option<BTreeMap<String, Level>>,
    /// The time zone; `None` is unknown.
    #[serde(default, rename = "tz", deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<Minutes>,
    /// An interpreter: true where it has one.
    #[serde(default)]
    pub interpreter: bool,
    /// The organisations it is connected with.
    #[serde(default, rename = "bridges")]
    pub organisations: BTreeSet<String>,
    /// The forms of cooperation it offers.
    #[serde(
        default,
        rename = "modes",
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub models: Option<CooperationModels>,
    /// The access to each market; its home fully and others not at all where nothing is said.
    #[serde(default, deserialize_with = "unique")]
    pub access: BTreeMap<Country, Access>,
    /// The offers besides money; `None` is unknown.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub offers: Option<BTreeSet<String>>,
    /// The recorded deals.
    #[serde(default)]
    pub portfolio: Vec<Deal>,
    /// The number of requests it was sent.
    #[serde(default)]
    pub asked: u32,
    /// The number of requests it answered, at most [`Investor::asked`].
    #[serde(default)]
    pub answered: u32,
    /// The day a person last confirmed the facts.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub updated: Option<i32>,
    /// The only stages it wants to be shown.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub hard_stages: Option<Span<Stage>>,
    /// A hard ticket: true where an ask outside of it is not to be shown.
    #[serde(default)]
    pub hard_ticket: bool,
    /// Hard forms of cooperation: true where a startup without a common one is not to be shown.
    #[serde(default, rename = "hard_modes")]
    pub hard_models: bool,
    /// Targets only: true where only startups that target one of its markets are to be shown.
    #[serde(default)]
    pub only_targets: bool,
    /// The only homes to be shown; empty for all.
    #[serde(default)]
    pub only_homes: BTreeSet<Country>,
    /// The homes not to be shown.
    #[serde(default)]
    pub exclude_homes: BTreeSet<Country>,
    /// The leaves and parents not to be shown.
    #[serde(default)]
    pub exclude_sectors: BTreeSet<Sector>,
    /// The least regulatory level in the market.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub min_regulatory: Option<Regulatory>,
    /// The demand for references in the market.
    #[serde(default = "nothing_asked")]
    pub local_ref: LocalReference,
    /// The startups never to be shown, among them those it already holds.
    #[serde(default)]
    pub blocks: BTreeSet<u64>,
    /// The own weights.
    #[serde(default)]
    pub weights: Overrides<InvestorFactor>,
}

impl Serialize for Investor {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        Self::serialize(self, s)
    }
}

impl<'de> Deserialize<'de> for Investor {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Self::deserialize(d)?.checked().map_err(D::Error::custom)
    }
}

impl Investor {
    /// The investor, if its fields hold together: what every maker of one ends with.
    ///
    /// # Errors
    /// No market, or more answers than requests.
    pub fn checked(self) -> Result<Self, InvalidWord> {
        if self.markets.is_empty() {
            return Err(InvalidWord::new("markets: at least one is needed"));
        }
        if self.answered > self.asked {
            return Err(InvalidWord::new("answered: must not exceed asked"));
        }
        Ok(self)
    }

    /// An investor of which nothing is known but who it is, what it is and where it comes from.
    pub fn bare(id: InvestorKey, kind: &str, home: Country) -> Self {
        Self {
            id,
            kind: kind.to_owned(),
            home,
            markets: BTreeSet::from([home]),
            active: true,
            city: None,
            generalist: false,
            focus: BTreeMap::new(),
            strict: true,
            tags: BTreeSet::new(),
            stages: None,
            ticket: None,
            languages: None,
            time_zone: None,
            interpreter: false,
            organisations: BTreeSet::new(),
            models: None,
            access: BTreeMap::new(),
            offers: None,
            portfolio: Vec::new(),
            asked: 0,
            answered: 0,
            updated: None,
            hard_stages: None,
            hard_ticket: false,
            hard_models: false,
            only_targets: false,
            only_homes: BTreeSet::new(),
            exclude_homes: BTreeSet::new(),
            exclude_sectors: BTreeSet::new(),
            min_regulatory: None,
            local_ref: LocalReference::None,
            blocks: BTreeSet::new(),
            weights: Overrides::default(),
        }
    }
}

/// One recorded deal; every field may be unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deal {
    /// The home of the startup; `None` is unknown.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub home: Option<Country>,
    /// The city, which counts only beside a known home; `None` is unknown.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// The sectors, leaves or parents; empty is unknown.
    #[serde(default)]
    pub sectors: BTreeSet<Sector>,
    /// The round; `None` is unknown.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub round: Option<Round>,
    /// The amount of the whole round in US dollars; 0 is unknown.
    #[serde(default)]
    pub amount: u64,
    /// The investors that were in beside this one.
    #[serde(default)]
    pub with: BTreeSet<u64>,
}

impl Deal {
    /// The home of the startup; `None` where it is not known.
    pub fn known_home(&self) -> Option<Country> {
        self.home.filter(|home| home.is_known())
    }

    /// Country and city, if both are known.
    pub fn known_city(&self) -> Option<(Country, &str)> {
        let city = self.city.as_deref().filter(|city| !city.is_empty())?;
        self.known_home().map(|home| (home, city))
    }
}

fn nothing_asked() -> LocalReference {
    LocalReference::None
}
