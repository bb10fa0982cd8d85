//! The ledger: every factor's share of the score, and one line for what is not known.
//!
//! Invariant: the lines sum to the score, to the last unit.
//! Read next: [`super::explain`].

use super::factors::{Rating, Ratings};
use super::reciprocal::{Outcome, Weights};
use super::weights::{Factor, INVESTOR_FACTORS, InvestorFactor, STARTUP_FACTORS, StartupFactor};

const LINES: usize = INVESTOR_FACTORS + STARTUP_FACTORS;

/// The lines that sum to the score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ledger {
    /// What the investor's factors contribute, in factor order.
    pub investor: [u64; INVESTOR_FACTORS],
    /// What the startup's factors contribute, in factor order.
    pub startup: [u64; STARTUP_FACTORS],
    /// What is taken off for what is not known.
    pub penalty: u64,
}

impl Ledger {
    /// Divides an outcome among the factors by their share in it, the remainder to the largest remainders.
    pub fn of(ratings: &Ratings, weights: &Weights, outcome: &Outcome) -> Self {
        let shares = shares(ratings, weights, outcome);
        let total: u128 = shares.iter().sum();
        let mut lines = [0u64; LINES];
        if total == 0 {
            lines[0] = outcome.before;
        } else {
            let due = shares.map(|share| u128::from(outcome.before) * share);
            lines = due.map(|d| (d / total) as u64);
            let mut by_remainder: [usize; LINES] = std::array::from_fn(|k| k);
            by_remainder.sort_by_key(|&k| (std::cmp::Reverse(due[k] % total), k));
            let missing = outcome.before - lines.iter().sum::<u64>();
            for &k in by_remainder.iter().take(missing as usize) {
                lines[k] += 1;
            }
        }
        Self {
            investor: std::array::from_fn(|k| lines[k]),
            startup: std::array::from_fn(|k| lines[INVESTOR_FACTORS + k]),
            penalty: outcome.penalty,
        }
    }

    /// Every line by name, the investor's side first, uncertainty last and negative.
    pub fn lines(&self) -> impl Iterator<Item = (String, i64)> {
        let investor =
            InvestorFactor::TABLE.iter().map(|row| format!("i.{}", row.0.name())).zip(self.investor);
        let startup = StartupFactor::TABLE.iter().map(|row| format!("s.{}", row.0.name())).zip(self.startup);
        let penalty = 0 - i64::try_from(self.penalty).unwrap_or(i64::MAX);
        let contributions =
            investor.chain(startup).map(|(name, c)| (name, i64::try_from(c).unwrap_or(i64::MAX)));
        contributions.chain(std::iter::once(("uncertainty".to_owned(), penalty)))
    }

    /// The sum of all lines: the score.
    pub fn sum(&self) -> u64 {
        self.investor.iter().chain(&self.startup).sum::<u64>() - self.penalty
    }
}

/// Each factor's share by Euler's theorem: weight times points times the other side's utility squared.
fn shares(ratings: &Ratings, weights: &Weights, outcome: &Outcome) -> [u128; LINES] {
    let square = |utility: u64| u128::from(utility) * u128::from(utility);
    let share =
        |rating: Rating, weight: u16, other: u128| other * u128::from(weight) * u128::from(rating.points);
    let (a, b) = (square(outcome.investor_utility), square(outcome.startup_utility));
    std::array::from_fn(|k| match k.checked_sub(INVESTOR_FACTORS) {
        None => share(ratings.investor[k], weights.investor[k], b),
        Some(k) => share(ratings.startup[k], weights.startup[k], a),
    })
}
