//! The words of a profile: countries, sectors, closed lists and bounded numbers, each parsed once.
//!
//! Invariant: a value of these types is in range and well formed; there is no other way to make one.
//! Read next: [`super::profile`], which is built from them.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::fmt;

/// A text or number that is not the word asked for; says what was expected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidWord(String);

impl InvalidWord {
    pub(super) fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }
}

/// An ISO 3166-1 country as two capital letters; `ZZ` stands for a home that is not known.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country([u8; 2]);

impl Country {
    /// The unknown country, which only imports may carry.
    pub const UNKNOWN: Self = Self(*b"ZZ");
    /// How many codes two letters can form: the size of a table by [`Country::code`].
    pub const CODES: usize = 26 * 26;

    /// Parses two capital letters.
    ///
    /// # Errors
    /// Anything else.
    pub fn parse(text: &str) -> Result<Self, InvalidWord> {
        match text.as_bytes() {
            &[a, b] if a.is_ascii_uppercase() && b.is_ascii_uppercase() => Ok(Self([a, b])),
            _ => Err(InvalidWord(format!("a country is two capital letters, not {text:?}"))),
        }
    }

    /// The code as text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("ZZ")
    }

    /// Every code that two letters can form, in the order of [`Country::code`].
    pub fn all() -> impl Iterator<Item = Self> {
        (b'A'..=b'Z').flat_map(|a| (b'A'..=b'Z').map(move |b| Self([a, b])))
    }

    /// Whether the country is known.
    pub fn is_known(self) -> bool {
        self != Self::UNKNOWN
    }

    /// The code as a number below [`Country::CODES`], in the order of the text.
    pub fn code(self) -> usize {
        usize::from(self.0[0] - b'A') * 26 + usize::from(self.0[1] - b'A')
    }
}

impl Country {
    /// The two letters as one number that orders like the text.
    pub(super) fn letters(self) -> u16 {
        u16::from_be_bytes(self.0)
    }

    /// The country of [`Country::letters`].
    pub(super) fn from_letters(letters: u16) -> Self {
        Self(letters.to_be_bytes())
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Country {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        if s.is_human_readable() { s.serialize_str(self.as_str()) } else { self.letters().serialize(s) }
    }
}

impl<'de> Deserialize<'de> for Country {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        if d.is_human_readable() {
            return Self::parse(&String::deserialize(d)?).map_err(D::Error::custom);
        }
        let letters = u16::deserialize(d)?.to_be_bytes();
        std::str::from_utf8(&letters)
            .map_err(D::Error::custom)
            .and_then(|text| Self::parse(text).map_err(D::Error::custom))
    }
}

/// A sector: a leaf such as `ict.ai`, or its parent `ict` alone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Sector(String);

impl Sector {
    /// Parses `parent` or `parent.name`, lower case.
    ///
    /// # Errors
    /// Capitals, blanks, an empty part or a second dot.
    pub fn parse(text: &str) -> Result<Self, InvalidWord> {
        let part = |p: &str| {
            !p.is_empty() && !p.chars().any(|c| c.is_uppercase() || c.is_whitespace() || c.is_control())
        };
        let well_formed = match text.split_once('.') {
            Some((parent, name)) => part(parent) && part(name) && !name.contains('.'),
            None => part(text),
        };
        if well_formed {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidWord(format!("a sector is parent or parent.name in lower case, not {text:?}")))
        }
    }

    /// The sector as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part before the dot; a parent is its own parent.
    pub fn parent(&self) -> &str {
        self.0.split_once('.').map_or(&self.0, |(parent, _)| parent)
    }

    /// The parent as a sector of its own.
    #[must_use]
    pub fn to_parent(&self) -> Self {
        Self(self.parent().to_owned())
    }

    /// Whether the sector names a leaf and not only a parent.
    pub fn is_leaf(&self) -> bool {
        self.0.contains('.')
    }
}

impl<'de> Deserialize<'de> for Sector {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(d)?).map_err(D::Error::custom)
    }
}

/// A whole number from `LO` to `HI`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Whole<const LO: i32, const HI: i32>(i32);

impl<const LO: i32, const HI: i32> Whole<LO, HI> {
    /// Takes a number of the range.
    ///
    /// # Errors
    /// A number outside it.
    pub fn new(value: i64) -> Result<Self, InvalidWord> {
        match i32::try_from(value) {
            Ok(v) if (LO..=HI).contains(&v) => Ok(Self(v)),
            _ => Err(InvalidWord(format!("must be from {LO} to {HI}, not {value}"))),
        }
    }

    /// The number of the range that is nearest to the value.
    pub fn nearest(value: i64) -> Self {
        Self(value.clamp(LO.into(), HI.into()) as i32)
    }

    /// The number.
    pub fn get(self) -> i32 {
        self.0
    }

    /// The number as an unsigned amount; 0 for a negative one.
    pub fn amount(self) -> u64 {
        u64::try_from(self.0).unwrap_or(0)
    }
}

impl<'de, const LO: i32, const HI: i32> Deserialize<'de> for Whole<LO, HI> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Self::new(i64::deserialize(d)?).map_err(D::Error::custom)
    }
}

/// A stage: 0 idea, 1 pre-seed, 2 seed, 3 A, 4 B, 5 C, 6 growth, 7 pre-IPO.
pub type Stage = Whole<0, 7>;
/// What is being raised: a stage, or 8 venture of no stated series, 9 grant, 10 debt, 11 convertible note, 12 crowdfunding.
pub type Round = Whole<0, 15>;
/// A level from 1 to 3: interest in a market, fluency, strength of a contact, weight of a focus.
pub type Level = Whole<1, 3>;
/// A level from 0 to 3: how far an investor opens a market.
pub type Access = Whole<0, 3>;
/// A readiness level from 1 to 9.
pub type Maturity = Whole<1, 9>;
/// A time zone in minutes from UTC.
pub type Minutes = Whole<-720, 840>;
/// A share in parts per million.
pub type Ppm = Whole<0, 1_000_000>;
/// A half-octave of an amount, see [`super::arithmetic::bucket`].
pub type Bucket = Whole<0, 127>;

macro_rules! closed_list {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $word:literal: $what:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $(#[doc = $what] #[serde(rename = $word)] $variant),+ }

        impl $name {
            /// Every word of the list, in its order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word on the wire.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// Parses a word of the list.
            ///
            /// # Errors
            /// Any other word.
            pub fn parse(text: &str) -> Result<Self, InvalidWord> {
                Self::ALL.iter().copied().find(|w| w.as_str() == text).ok_or_else(|| {
                    InvalidWord(format!("must be one of {}, not {text:?}", [$($word),+].join(", ")))
                })
            }
        }
    };
}

closed_list! {
    /// What a reference in a market is.
    ReferenceKind {
        LocalEntity = "local_entity": "A legal entity of its own.",
        Customer = "customer": "A paying customer.",
        Approval = "approval": "An approval by an authority.",
        Pilot = "pilot": "A pilot.",
        Grant = "grant": "A public grant.",
        LetterOfIntent = "loi": "A letter of intent.",
        Media = "media": "A report in the media.",
    }
}

closed_list! {
    /// Where a startup stands with an export accelerator.
    AcceleratorStatus {
        Graduated = "graduated": "Graduated.",
        Active = "active": "Taking part.",
        Selected = "selected": "Selected, not begun.",
        Applied = "applied": "Applied.",
        Dropped = "dropped": "Left before the end.",
    }
}

closed_list! {
    /// How far the regulation of a market is met.
    Regulatory {
        Approved = "approved": "Approved.",
        NotRequired = "not_required": "No approval is required.",
        Phase3 = "phase3": "In phase III.",
        Filed = "filed": "Filed.",
        Phase2 = "phase2": "In phase II.",
        Phase1 = "phase1": "In phase I.",
        Planned = "planned": "Planned.",
        Preclinical = "preclinical": "Before the clinic.",
        None = "none": "Nothing done.",
    }
}

closed_list! {
    /// How far intellectual property is protected in a market.
    Protection {
        Granted = "granted": "Granted.",
        NotNeeded = "not_needed": "None is needed.",
        Filed = "filed": "Filed.",
        None = "none": "Nothing done.",
    }
}

closed_list! {
    /// A form of cooperation between a startup and an investor.
    CooperationModel {
        Equity = "equity": "Equity.",
        Convertible = "convertible": "A convertible.",
        JointVenture = "jv": "A joint venture.",
        Fund = "fund": "Through a fund.",
        Licence = "licence": "A licence.",
        TechnologyTransfer = "tech_transfer": "A transfer of technology.",
        Research = "rnd": "Joint research and development.",
        Debt = "debt": "Debt.",
    }
}

closed_list! {
    /// What an investor asks of references in the market it opens.
    LocalReference {
        None = "none": "Nothing.",
        Prefer = "prefer": "They weigh double.",
        Require = "require": "Without a verified one nothing is recommended.",
    }
}

impl Regulatory {
    /// What the level is worth in parts per million, which also orders the levels.
    pub const fn worth(self) -> u64 {
        match self {
            Self::Approved => 1_000_000,
            Self::NotRequired => 900_000,
            Self::Phase3 => 800_000,
            Self::Filed => 700_000,
            Self::Phase2 => 600_000,
            Self::Phase1 => 350_000,
            Self::Planned => 300_000,
            Self::Preclinical => 100_000,
            Self::None => 0,
        }
    }
}

/// A set of cooperation models in one byte.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct CooperationModels(u8);

impl CooperationModels {
    /// The models that both sets contain.
    pub fn common(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether the set is empty.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// One bit a model.
    pub(super) fn bits(self) -> u8 {
        self.0
    }

    /// The set of [`CooperationModels::bits`].
    pub(super) fn from_bits(bits: u8) -> Self {
        Self(bits)
    }

    /// The models of the set, in the order of the list.
    pub fn iter(self) -> impl Iterator<Item = CooperationModel> {
        CooperationModel::ALL.iter().copied().filter(move |m| self.0 & (1 << *m as u8) != 0)
    }
}

impl FromIterator<CooperationModel> for CooperationModels {
    fn from_iter<I: IntoIterator<Item = CooperationModel>>(models: I) -> Self {
        Self(models.into_iter().fold(0, |set, m| set | 1 << m as u8))
    }
}

impl Serialize for CooperationModels {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for CooperationModels {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Vec::<CooperationModel>::deserialize(d).map(|models| models.into_iter().collect())
    }
}

#[cfg(test)]
mod tests;
