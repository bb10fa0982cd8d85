//! Factors, their default weights, overrides, and the effective weights that sum to 1000 a side.
//!
//! Invariant: effective weights depend only on the number of deals, the override and the wish for local references.
//! Read next: [`super::factors`].

use super::arithmetic::mul_div;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::{collections::BTreeMap, fmt};

/// One side's factors, in the order in which they are weighed and listed.
pub trait Factor: Copy + PartialEq + fmt::Debug + 'static {
    /// Every factor with its weight without deals and its weight with many.
    const TABLE: &'static [(Self, u16, u16)];

    /// The factor's name on the wire.
    fn name(self) -> &'static str;

    /// The factor's place in the order.
    fn index(self) -> usize;
}

macro_rules! factors {
    ($(#[$doc:meta])* $side:ident { $($variant:ident = $name:literal, $thesis:literal, $evidence:literal: $what:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $side { $(#[doc = $what] $variant),+ }

        impl Factor for $side {
            const TABLE: &'static [(Self, u16, u16)] = &[$((Self::$variant, $thesis, $evidence)),+];

            fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            fn index(self) -> usize {
                self as usize
            }
        }
    };
}

factors! {
    /// What an investor looks at in a startup.
    InvestorFactor {
        Sector = "sector", 190, 120: "The sector, against focus and deals.",
        Technology = "technology", 70, 15: "Common technologies.",
        Stage = "stage", 110, 100: "The stage, against range and deals.",
        Ticket = "ticket", 100, 180: "The ask, against ticket and deals.",
        Country = "country", 30, 180: "Deals in the startup's home.",
        City = "city", 10, 90: "Deals in the startup's city.",
        CoInvestors = "co_investors", 10, 110: "Deals beside the startup's backers.",
        LocalReferences = "local_refs", 120, 70: "What stands for the startup in the market.",
        Readiness = "readiness", 120, 50: "How ready it is for the market.",
        Corridor = "corridor", 50, 15: "The way from its home into the market.",
        Communication = "comms", 80, 45: "Language, time zone and contacts.",
        Maturity = "maturity", 45, 10: "Six scales of readiness.",
        Pitch = "pitch", 45, 10: "What juries said.",
        Cooperation = "mode", 20, 5: "Common forms of cooperation.",
    }
}

factors! {
    /// What a startup looks at in an investor.
    StartupFactor {
        Access = "access", 220, 120: "The markets it opens.",
        Ticket = "ticket", 150, 160: "The ask, against ticket and deals.",
        ValueAdd = "value_add", 170, 100: "Needs that it meets.",
        Track = "track", 130, 420: "What its deals say of firms like this one.",
        Communication = "comms", 120, 70: "Language, time zone and contacts.",
        Responsive = "responsive", 80, 50: "Whether it answers.",
        Kind = "type", 70, 40: "Whether its type is wanted.",
        Cooperation = "mode", 60, 40: "Common forms of cooperation.",
    }
}

/// How many factors the investor's side has.
pub const INVESTOR_FACTORS: usize = InvestorFactor::TABLE.len();
/// How many factors the startup's side has.
pub const STARTUP_FACTORS: usize = StartupFactor::TABLE.len();

/// A set of own weights that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WeightsError {
    /// A name that is no factor of this side.
    #[error("E_WEIGHT_NAME: no factor is called {0:?}")]
    UnknownName(String),
    /// A weight above 1000.
    #[error("the weight of {name} must be from 0 to 1000, not {value}")]
    OutOfRange {
        /// The factor.
        name: &'static str,
        /// The weight that was given.
        value: u64,
    },
    /// Every factor weighs nothing.
    #[error("E_WEIGHTS_ZERO: at least one weight must be above 0")]
    AllZero,
}

/// Own weights of some factors; the others keep their defaults.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overrides<F: Factor>(Vec<(F, u16)>);

impl<F: Factor> Default for Overrides<F> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<F: Factor> Overrides<F> {
    /// Takes weights by name, in any order; of a name given twice the later weight counts.
    ///
    /// # Errors
    /// An unknown name, a weight above 1000, or all factors at 0.
    pub fn parse<'a>(weights: impl IntoIterator<Item = (&'a str, u64)>) -> Result<Self, WeightsError> {
        let mut own = BTreeMap::new();
        for (name, value) in weights {
            let factor = F::TABLE.iter().map(|row| row.0).find(|f| f.name() == name);
            let factor = factor.ok_or_else(|| WeightsError::UnknownName(name.to_owned()))?;
            let weight = u16::try_from(value).ok().filter(|w| *w <= 1_000);
            let weight = weight.ok_or(WeightsError::OutOfRange { name: factor.name(), value })?;
            own.insert(factor.index(), (factor, weight));
        }
        if own.len() == F::TABLE.len() && own.values().all(|(_, weight)| *weight == 0) {
            return Err(WeightsError::AllZero);
        }
        Ok(Self(own.into_values().collect()))
    }

    /// Whether every factor keeps its default.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The own weight of a factor.
    pub fn get(&self, factor: F) -> Option<u16> {
        self.0.iter().find(|(f, _)| *f == factor).map(|(_, weight)| *weight)
    }

    /// The own weights in factor order.
    pub fn iter(&self) -> impl Iterator<Item = (F, u16)> {
        self.0.iter().copied()
    }
}

/// The same weights again, as [`Overrides::iter`] gives them.
impl<F: Factor> FromIterator<(F, u16)> for Overrides<F> {
    fn from_iter<I: IntoIterator<Item = (F, u16)>>(weights: I) -> Self {
        Self(weights.into_iter().collect())
    }
}

impl<F: Factor> Serialize for Overrides<F> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_map(self.iter().map(|(factor, weight)| (factor.name(), weight)))
    }
}

impl<'de, F: Factor> Deserialize<'de> for Overrides<F> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let weights = BTreeMap::<String, u64>::deserialize(d)?;
        Self::parse(weights.iter().map(|(name, value)| (name.as_str(), *value))).map_err(D::Error::custom)
    }
}

/// The weights of the investor's side after `deals` recorded deals.
pub fn investor_weights(
    own: &Overrides<InvestorFactor>,
    deals: u64,
    wants_local_references: bool,
) -> [u16; INVESTOR_FACTORS] {
    effective(
        own,
        deals,
        |f| if wants_local_references && f == InvestorFactor::LocalReferences { 2 } else { 1 },
    )
}

/// The weights of the startup's side before an investor of `deals` recorded deals.
pub fn startup_weights(own: &Overrides<StartupFactor>, deals: u64) -> [u16; STARTUP_FACTORS] {
    effective(own, deals, |_| 1)
}

/// The weights of both sides as bytes, for a hash: investor's side first, factor order, two bytes each, high byte first.
pub fn weight_bytes(investor: &[u16; INVESTOR_FACTORS], startup: &[u16; STARTUP_FACTORS]) -> Vec<u8> {
    investor.iter().chain(startup).flat_map(|w| w.to_be_bytes()).collect()
}

/// Between the two columns by the number of deals, then by largest remainder to 1000; ties go to the earlier factor.
fn effective<F: Factor, const N: usize>(
    own: &Overrides<F>,
    deals: u64,
    boost: impl Fn(F) -> u64,
) -> [u16; N] {
    const { assert!(N == F::TABLE.len()) };
    let raw: [u64; N] = std::array::from_fn(|k| {
        let (factor, thesis, evidence) = F::TABLE[k];
        let (thesis, evidence) = own.get(factor).map_or((thesis, evidence), |w| (w, w));
        (2 * u64::from(thesis) + deals * u64::from(evidence)) * boost(factor)
    });
    let total = raw.iter().sum::<u64>().max(1);
    let mut weights = raw.map(|r| mul_div(r, 1_000, total) as u16);
    let mut by_remainder: [usize; N] = std::array::from_fn(|k| k);
    by_remainder.sort_by_key(|&k| (std::cmp::Reverse(raw[k] * 1_000 % total), k));
    let missing = 1_000 - weights.iter().sum::<u16>();
    for &k in by_remainder.iter().take(usize::from(missing)) {
        weights[k] += 1;
    }
    weights
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_the_table_without_deals_and_halfway_at_two() {
        let thesis = investor_weights(&Overrides::default(), 0, false);
        assert_eq!(thesis, [190, 70, 110, 100, 30, 10, 10, 120, 120, 50, 80, 45, 45, 20]);
        let halfway = startup_weights(&Overrides::default(), 2);
        assert_eq!(halfway, [170, 155, 135, 275, 95, 65, 55, 50]);
    }

    #[test]
    fn weights_sum_to_a_thousand_for_any_number_of_deals() {
        for deals in [0, 1, 2, 3, 10, 999, u64::from(u32::MAX)] {
            for local in [false, true] {
                let weights = investor_weights(&Overrides::default(), deals, local);
                assert_eq!(weights.iter().sum::<u16>(), 1_000, "{deals} {local}");
            }
        }
    }

    #[test]
    fn refuses_unknown_names_great_weights_and_nothing_but_zeros() {
        let parse = |w: &[(&str, u64)]| Overrides::<StartupFactor>::parse(w.iter().copied()).map(|_| ());
        assert_eq!(parse(&[("sector", 1)]), Err(WeightsError::UnknownName("sector".to_owned())));
        assert_eq!(parse(&[("type", 1_001)]), Err(WeightsError::OutOfRange { name: "type", value: 1_001 }));
        let zeros: Vec<_> = StartupFactor::TABLE.iter().map(|row| (row.0.name(), 0)).collect();
        assert_eq!(parse(&zeros), Err(WeightsError::AllZero));
        assert_eq!(parse(&zeros[1..]), Ok(()));
    }

    #[test]
    fn the_bytes_of_the_weights_follow_the_factors() {
        let bytes =
            weight_bytes(&investor_weights(&Overrides::default(), 0, false), &[0, 1, 2, 3, 4, 5, 6, 256]);
        assert_eq!((bytes.len(), &bytes[..2], &bytes[42..]), (44, &[0, 190][..], &[1, 0][..]));
    }
}
