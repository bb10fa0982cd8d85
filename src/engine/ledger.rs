//! The ledger: every factor's share of the score, and one line for what is not known.
//!
//! Invariant: the lines sum to the score, to the last unit.
//! Read next: [`super::explain`].

use super::factors::{Rating, Ratings};
use super::reciprocal::{Outcome, Weights};
use super::weights::{Factor, INVESTOR_FACTORS, InvestorFactor, STARTUP_FACTORS, StartupFactor};
use std::cmp::Reverse;

const LINES: usize = INVESTOR_FACTORS + STARTUP_FACTORS;

/// The names of the lines in ledger order; a test holds them against those of the factors.
const NAMES: [&str; LINES] = [
    "i.sector",
    "i.technology",
    "i.stage",
    "i.ticket",
    "i.country",
    "i.city",
    "i.co_investors",
    "i.local_refs",
    "i.readiness",
    "i.corridor",
    "i.comms",
    "i.maturity",
    "i.pitch",
    "i.mode",
    "s.access",
    "s.ticket",
    "s.value_add",
    "s.track",
    "s.comms",
    "s.responsive",
    "s.type",
    "s.mode",
];

/// A line of the ledger, `uncertainty` apart: a factor of either side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// What the investor looks at.
    Investor(InvestorFactor),
    /// What the startup looks at.
    Startup(StartupFactor),
}

impl Line {
    /// Every line in ledger order.
    pub fn all() -> impl Iterator<Item = Self> {
        let investor = InvestorFactor::TABLE.iter().map(|row| Self::Investor(row.0));
        investor.chain(StartupFactor::TABLE.iter().map(|row| Self::Startup(row.0)))
    }

    /// The line with that number in ledger order.
    fn at(number: usize) -> Self {
        match number.checked_sub(INVESTOR_FACTORS) {
            None => Self::Investor(InvestorFactor::TABLE[number].0),
            Some(number) => Self::Startup(StartupFactor::TABLE[number].0),
        }
    }

    /// Its name on the wire: `i.` for what the investor looks at, `s.` for what the startup looks at.
    pub fn name(self) -> &'static str {
        NAMES[match self {
            Self::Investor(factor) => factor.index(),
            Self::Startup(factor) => INVESTOR_FACTORS + factor.index(),
        }]
    }
}

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
            let missing = outcome.before - lines.iter().sum::<u64>();
            let remainders = std::array::from_fn(|k| due[k] - u128::from(lines[k]) * total);
            for k in greatest(&remainders, missing as usize) {
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
    pub fn lines(&self) -> impl Iterator<Item = (&'static str, i64)> {
        let penalty = 0 - i64::try_from(self.penalty).unwrap_or(i64::MAX);
        let contributions =
            Line::all().map(|line| (line.name(), i64::try_from(self.contribution(line)).unwrap_or(i64::MAX)));
        contributions.chain(std::iter::once(("uncertainty", penalty)))
    }

    /// What a line contributes.
    pub fn contribution(&self, line: Line) -> u64 {
        match line {
            Line::Investor(factor) => self.investor[factor.index()],
            Line::Startup(factor) => self.startup[factor.index()],
        }
    }

    /// The lines that contribute most, best first; of equal ones the earlier.
    pub fn best(&self, count: usize) -> Vec<Line> {
        let mut contributions = [0; LINES];
        contributions[..INVESTOR_FACTORS].copy_from_slice(&self.investor);
        contributions[INVESTOR_FACTORS..].copy_from_slice(&self.startup);
        greatest(&contributions, count).map(Line::at).collect()
    }

    /// The sum of all lines: the score.
    pub fn sum(&self) -> u64 {
        self.investor.iter().chain(&self.startup).sum::<u64>() - self.penalty
    }
}

/// The places of the so many greatest values, the greatest first; of equal ones the earlier. Few of few: each is looked for.
fn greatest<T: Copy + Ord>(values: &[T; LINES], count: usize) -> impl Iterator<Item = usize> {
    let mut left = *values;
    let mut places: [usize; LINES] = std::array::from_fn(|k| k);
    (0..count.min(LINES)).map(move |done| {
        let best = (done..LINES).min_by_key(|&k| (Reverse(left[k]), places[k])).unwrap_or(done);
        left.swap(done, best);
        places.swap(done, best);
        places[done]
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_called_as_its_factor_with_its_side_before_it() {
        for line in Line::all() {
            let of = match line {
                Line::Investor(factor) => format!("i.{}", factor.name()),
                Line::Startup(factor) => format!("s.{}", factor.name()),
            };
            assert_eq!(line.name(), of);
        }
    }
}
