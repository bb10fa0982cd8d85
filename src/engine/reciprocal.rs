//! The two utilities and what becomes of them: harmonic mean, essential multiplier, penalty for what is not known.
//!
//! Invariant: utilities and confidence are at most 250 000, scores at most 10⁹.
//! Read next: [`super::ledger`], which divides the score among the factors.

use super::arithmetic::{ONE, mul_div};
use super::compiled::InvestorRow;
use super::factors::{Rating, Ratings};
use super::weights::{
    INVESTOR_FACTORS, InvestorFactor, Overrides, STARTUP_FACTORS, StartupFactor, investor_weights,
    startup_weights,
};
use super::words::LocalReference;

/// Per mille of the score that full uncertainty costs.
pub const UNCERTAINTY: u64 = 150;
/// The greatest utility and the greatest confidence.
pub const FULL: u64 = 250_000;

/// The effective weights of both sides, each summing to 1000.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weights {
    /// The investor's, in factor order.
    pub investor: [u16; INVESTOR_FACTORS],
    /// The startup's, in factor order.
    pub startup: [u16; STARTUP_FACTORS],
}

impl Weights {
    /// The weights of a startup with own weights before an investor with own weights.
    pub(super) fn before(
        investor: &InvestorRow,
        theirs: &Overrides<InvestorFactor>,
        ours: &Overrides<StartupFactor>,
    ) -> Self {
        let deals = investor.evidence.deals;
        let wants_local = investor.profile.local_ref != LocalReference::None;
        Self { investor: investor_weights(theirs, deals, wants_local), startup: startup_weights(ours, deals) }
    }

    /// The weights of a startup before an investor of whom nothing is known.
    pub(super) fn without_deals(ours: &Overrides<StartupFactor>) -> Self {
        Self {
            investor: investor_weights(&Overrides::default(), 0, false),
            startup: startup_weights(ours, 0),
        }
    }
}

/// What a pair comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// What the startup is worth to the investor, 0 to 250 000.
    pub investor_utility: u64,
    /// What the investor is worth to the startup, 0 to 250 000.
    pub startup_utility: u64,
    /// The essential multiplier in parts per million.
    pub essential: u64,
    /// How well the less known side is known, 0 to 250 000.
    pub confidence: u32,
    /// The reciprocal score before the penalty, 0 to 10⁹.
    pub before: u64,
    /// What is taken off for what is not known.
    pub penalty: u64,
}

impl Outcome {
    /// Combines the ratings of a pair.
    pub fn of(ratings: &Ratings, weights: &Weights) -> Self {
        let (investor_utility, investor_known) = weigh(&ratings.investor, &weights.investor);
        let (startup_utility, startup_known) = weigh(&ratings.startup, &weights.startup);
        let essential = ratings.essential.map_or(ONE, |(sector, stage)| multiplier(sector, stage));
        let confidence = investor_known.min(startup_known);
        let before = mul_div(harmonic(investor_utility, startup_utility), essential, ONE);
        let penalty = before * UNCERTAINTY * (FULL - confidence) / (FULL * 1_000);
        Self { investor_utility, startup_utility, essential, confidence: confidence as u32, before, penalty }
    }

    /// The score, 0 to 10⁹.
    pub fn score(&self) -> u64 {
        self.before - self.penalty
    }
}

/// Weighted sums of points and of confidence.
fn weigh(ratings: &[Rating], weights: &[u16]) -> (u64, u64) {
    let sum = |of: fn(&Rating) -> u8| {
        ratings.iter().zip(weights).map(|(r, w)| u32::from(of(r)) * u32::from(*w)).sum::<u32>()
    };
    (sum(|r| r.points).into(), sum(|r| r.confidence).into())
}

/// Four thousand times the harmonic mean, 0 to 10⁹.
fn harmonic(a: u64, b: u64) -> u64 {
    (8_000 * a * b).checked_div(a + b).unwrap_or(0)
}

/// Sector and stage are not to be made up for by the rest.
fn multiplier(sector: u8, stage: u8) -> u64 {
    mul_div(by_sector(sector), by_stage(stage), ONE)
}

/// The sector's part of the multiplier, in parts per million.
pub fn by_sector(points: u8) -> u64 {
    (250_000 + 7_500 * u64::from(points)).min(ONE)
}

/// The stage's part of the multiplier, in parts per million.
pub fn by_stage(points: u8) -> u64 {
    (500_000 + mul_div(500_000, u64::from(points), 62)).min(ONE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_harmonic_mean_ends_at_a_thousand_million() {
        assert_eq!(harmonic(FULL, FULL), 1_000_000_000);
        assert_eq!([harmonic(0, 0), harmonic(FULL, 0), harmonic(1, 1)], [0, 0, 4_000]);
    }

    #[test]
    fn neither_sector_nor_stage_can_be_made_up_for() {
        assert_eq!(
            [multiplier(0, 0), multiplier(100, 62), multiplier(0, 250), multiplier(250, 0)],
            [125_000, ONE, 250_000, 500_000]
        );
    }
}
