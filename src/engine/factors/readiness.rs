//! Readiness: accelerator, regulation, intellectual property, localisation and offers in the market.
//!
//! Invariant: an unknown part stands at its prior without confidence; the five shares sum to one.
//! Read next: [`super::corridor`].

use super::super::arithmetic::{ONE, Part, mul_div};
use super::super::profile::Startup;
use super::super::words::{AcceleratorStatus, Country, Protection};
use super::Rating;

/// The five parts, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadinessPart {
    /// The best export accelerator.
    Accelerator,
    /// Regulation in the market.
    Regulation,
    /// Intellectual property in the market.
    Protection,
    /// The product in the market's language and habits.
    Localisation,
    /// Offers from the market.
    Offers,
}

impl ReadinessPart {
    /// Every part, in order.
    pub const ALL: [Self; 5] =
        [Self::Accelerator, Self::Regulation, Self::Protection, Self::Localisation, Self::Offers];
}

const SHARES: [u64; 5] = [300_000, 200_000, 200_000, 150_000, 150_000];
const SHARES_REGULATED: [u64; 5] = [100_000, 500_000, 250_000, 50_000, 100_000];
const PRIORS: [u64; 5] = [100_000, 200_000, 200_000, 100_000, 50_000];
const BY_OFFERS: [u64; 4] = [0, 700_000, 900_000, ONE];

const fn accelerated(status: AcceleratorStatus) -> u64 {
    match status {
        AcceleratorStatus::Graduated => ONE,
        AcceleratorStatus::Active => 700_000,
        AcceleratorStatus::Selected => 500_000,
        AcceleratorStatus::Applied => 250_000,
        AcceleratorStatus::Dropped => 100_000,
    }
}

const fn protected(level: Protection) -> u64 {
    match level {
        Protection::Granted => ONE,
        Protection::NotNeeded => 800_000,
        Protection::Filed => 600_000,
        Protection::None => 0,
    }
}

/// The five parts in a market; no market stands for one that the profile does not name.
pub fn parts(profile: &Startup, market: Option<Country>, regulated: bool) -> [Part; 5] {
    let accelerator = profile.accelerators.as_ref().map(|records| {
        let worth = |target, status| {
            if Some(target) == market {
                accelerated(status)
            } else {
                mul_div(300_000, accelerated(status), ONE)
            }
        };
        records.iter().map(|record| worth(record.target, record.status)).max().unwrap_or(0)
    });
    let regulation = market.and_then(|m| profile.regulatory.as_ref()?.get(&m)).map(|level| level.worth());
    let protection = market.and_then(|m| profile.protection.as_ref()?.get(&m)).map(|level| protected(*level));
    let localised = profile.localised.as_ref().map(|markets| match market {
        Some(m) if markets.contains(&m) => ONE,
        _ => 0,
    });
    let offers = profile.offers.as_ref().map(|offers| {
        let count = market.and_then(|m| offers.get(&m)).copied().unwrap_or(0);
        BY_OFFERS[count.min(3) as usize]
    });
    let values = [accelerator, regulation, protection, localised, offers];
    let shares = if regulated { SHARES_REGULATED } else { SHARES };
    std::array::from_fn(|k| Part::stated(shares[k], values[k], PRIORS[k]))
}

/// Points and confidence of the factor.
pub fn rate(parts: &[Part; 5]) -> Rating {
    Rating::mixed(parts)
}
