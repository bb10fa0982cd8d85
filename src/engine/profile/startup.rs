//! A startup as the engine reads it.
//!
//! Invariant: every optional field distinguishes unknown (`None`) from known to be none (empty).
//! Read next: [`super::Investor`].

use super::super::weights::{Overrides, StartupFactor};
use super::super::words::{
    AcceleratorStatus, CooperationModels, Country, InvalidWord, Level, Maturity, Minutes, Ppm, Protection,
    ReferenceKind, Regulatory, Round, Sector, Stage,
};
use super::{present, present_unique, yes};
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use std::collections::{BTreeMap, BTreeSet};

/// The permanent integer of a startup's profile; the last tie-break between startups.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StartupKey(pub u64);

/// A startup's published profile, as far as it bears on a match.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Startup {
    /// The permanent integer.
    pub id: StartupKey,
    /// The home country; `ZZ` for imports that do not know.
    pub home: Country,
    /// Participation: true where it takes part at all.
    #[serde(default = "yes")]
    pub active: bool,
    /// The city; `None` or an empty text is unknown.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// The main sector; `None` is unknown.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub sector: Option<Sector>,
    /// Up to four further sectors.
    #[serde(default, rename = "sectors2", deserialize_with = "at_most_four")]
    pub further_sectors: BTreeSet<Sector>,
    /// The technologies in free words; `None` is unknown.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub tags: Option<BTreeSet<String>>,
    /// The stage; `None` is unknown.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub stage: Option<Stage>,
    /// The round that it raises; the stage where nothing is said.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub round: Option<Round>,
    /// The ask; `None` is unknown.
    #[serde(
        default,
        rename = "raise",
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub ask: Option<Ask>,
    /// The backers, most active first, of whom the first four count; `None` is unknown.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub backers: Option<Vec<u64>>,
    /// The markets it wants to enter and how much.
    #[serde(default, deserialize_with = "present_unique", skip_serializing_if = "Option::is_none")]
    pub targets: Option<BTreeMap<Country, Level>>,
    /// The references anywhere; `None` is unknown.
    #[serde(default, rename = "refs", deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub references: Option<Vec<Reference>>,
    /// The export accelerators; `None` is unknown.
    #[serde(
        default,
        rename = "accel",
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub accelerators: Option<Vec<AcceleratorRecord>>,
    /// Regulation by market.
    #[serde(default, deserialize_with = "present_unique", skip_serializing_if = "Option::is_none")]
    pub regulatory: Option<BTreeMap<Country, Regulatory>>,
    /// Intellectual property by market.
    #[serde(
        default,
        rename = "ip",
        deserialize_with = "present_unique",
        skip_serializing_if = "Option::is_none"
    )]
    pub protection: Option<BTreeMap<Country, Protection>>,
    /// The markets that the product is localised for.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub localised: Option<BTreeSet<Country>>,
    /// The number of offers from each market; `None` is unknown.
    #[serde(default, deserialize_with = "present_unique", skip_serializing_if = "Option::is_none")]
    pub offers: Option<BTreeMap<Country, u32>>,
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
    /// The contacts in other countries; `None` is unknown.
    #[serde(
        default,
        rename = "bridges",
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub contacts: Option<Vec<Contact>>,
    /// The forms of cooperation it accepts.
    #[serde(
        default,
        rename = "modes",
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub models: Option<CooperationModels>,
    /// The readiness by six scales; `None` is unknown.
    #[serde(default, rename = "irl", deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub maturity: Option<MaturityLevels>,
    /// The needs besides money; `None` is unknown.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub needs: Option<BTreeSet<String>>,
    /// The types of investor it wants.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub types: Option<BTreeSet<String>>,
    /// The pitch as juries saw it; `None` is unknown.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub pitch: Option<Pitch>,
    /// The day a person last confirmed the facts; carried, not scored.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub updated: Option<i32>,
    /// The investors it never wants to meet.
    #[serde(default)]
    pub blocks: BTreeSet<u64>,
    /// The types of investor it never wants to meet.
    #[serde(default)]
    pub exclude_types: BTreeSet<String>,
    /// The own weights.
    #[serde(default)]
    pub weights: Overrides<StartupFactor>,
}

impl Startup {
    /// The startup, if its fields hold together: what every maker of one ends with.
    ///
    /// # Errors
    /// More than four further sectors.
    pub fn checked(self) -> Result<Self, InvalidWord> {
        few(&self.further_sectors).map(|()| self)
    }

    /// A startup of which nothing is known but who it is and where it comes from.
    pub fn bare(id: StartupKey, home: Country) -> Self {
        Self {
            id,
            home,
            active: true,
            city: None,
            sector: None,
            further_sectors: BTreeSet::new(),
            tags: None,
            stage: None,
            round: None,
            ask: None,
            backers: None,
            targets: None,
            references: None,
            accelerators: None,
            regulatory: None,
            protection: None,
            localised: None,
            offers: None,
            languages: None,
            time_zone: None,
            interpreter: false,
            contacts: None,
            models: None,
            maturity: None,
            needs: None,
            types: None,
            pitch: None,
            updated: None,
            blocks: BTreeSet::new(),
            exclude_types: BTreeSet::new(),
            weights: Overrides::default(),
        }
    }
}

/// The ask of a startup, in whole US dollars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(u64, u64)", into = "(u64, u64)")]
pub struct Ask {
    /// The smallest cheque it takes.
    pub cheque: u64,
    /// The whole sum it looks for.
    pub target: u64,
}

impl From<(u64, u64)> for Ask {
    fn from((cheque, target): (u64, u64)) -> Self {
        Self { cheque, target }
    }
}

impl From<Ask> for (u64, u64) {
    fn from(ask: Ask) -> Self {
        (ask.cheque, ask.target)
    }
}

/// Something that stands for the startup in a country.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// The country in which it stands for the startup.
    pub country: Country,
    /// The kind of reference.
    pub kind: ReferenceKind,
    /// Since when.
    pub day: i32,
    /// Verification: true where somebody else has confirmed it.
    pub verified: bool,
}

/// A startup's standing with an export accelerator for a market.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AcceleratorRecord {
    /// The market it prepares for.
    pub target: Country,
    /// The status that it reached.
    pub status: AcceleratorStatus,
}

/// A contact that a startup has through an organisation in a country.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// The organisation.
    #[serde(rename = "org")]
    pub organisation: String,
    /// The country the contact opens.
    pub country: Country,
    /// The strength, 1 to 3.
    pub strength: Level,
}

/// Six scales of readiness, each optional.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MaturityLevels {
    /// Technology.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub trl: Option<Maturity>,
    /// Customers.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub crl: Option<Maturity>,
    /// Business model.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub brl: Option<Maturity>,
    /// Intellectual property.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub iprl: Option<Maturity>,
    /// Team.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub tmrl: Option<Maturity>,
    /// Funding.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub frl: Option<Maturity>,
}

impl MaturityLevels {
    /// The six levels in their order: technology, customers, business, intellectual property, team, funding.
    pub fn all(&self) -> [Option<Maturity>; 6] {
        [self.trl, self.crl, self.brl, self.iprl, self.tmrl, self.frl]
    }
}

/// A pitch as juries saw it, calibrated across judges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(Ppm, u32, i32)", into = "(Ppm, u32, i32)")]
pub struct Pitch {
    /// The calibrated value.
    pub calibrated: Ppm,
    /// The number of judges.
    pub judges: u32,
    /// The day of the event.
    pub day: i32,
}

impl From<(Ppm, u32, i32)> for Pitch {
    fn from((calibrated, judges, day): (Ppm, u32, i32)) -> Self {
        Self { calibrated, judges, day }
    }
}

impl From<Pitch> for (Ppm, u32, i32) {
    fn from(pitch: Pitch) -> Self {
        (pitch.calibrated, pitch.judges, pitch.day)
    }
}

fn at_most_four<'de, D: Deserializer<'de>>(d: D) -> Result<BTreeSet<Sector>, D::Error> {
    let sectors = BTreeSet::deserialize(d)?;
    few(&sectors).map_err(D::Error::custom)?;
    Ok(sectors)
}

fn few(further: &BTreeSet<Sector>) -> Result<(), InvalidWord> {
    if further.len() > 4 { Err(InvalidWord::new("at most four further sectors")) } else { Ok(()) }
}
