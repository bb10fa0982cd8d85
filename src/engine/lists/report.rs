//! What a run of lists brought and cost, in integers.
//!
//! Invariant: every ratio is in millionths, rounded down. Read next: [`super::walk`].

use super::super::arithmetic::ONE;
use super::walk::{List, Market, Mode, Place};
use serde::{Deserialize, Serialize};

/// What the place of a rank is worth as exposure: one in 1/log2(1 + rank), in millionths; the last is a discovery after ten.
const EXPOSURE: [u64; 11] =
    [1_000_000, 630_929, 500_000, 430_676, 386_852, 356_207, 333_333, 315_464, 301_029, 289_064, 278_942];

/// What is counted while the lists are made.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    /// Pairs that no gate closes.
    pub pairs: u64,
    /// The scores of all lists without caps.
    pub uncapped: u64,
    /// The scores of all lists under the caps, without discoveries.
    pub capped: u64,
    /// What those cannot exceed, where that was proven.
    pub bound: Option<u64>,
}

/// What a run of lists brought and cost.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Which of the assignments under the caps the lists are.
    pub mode: Mode,
    /// How many lists there are.
    pub lists: u64,
    /// How many may be listed.
    pub listed: u64,
    /// How many pairs were looked at.
    pub pairs: u64,
    /// Places of a list, without its discovery place.
    pub places: u32,
    /// In how many lists one may stand at most.
    pub cap: u32,
    /// How many places are taken, without discoveries.
    pub taken: u64,
    /// How many discovery places are taken.
    pub discoveries: u64,
    /// How many times the cap kept somebody out of a list.
    pub displaced: u64,
    /// How many stand in at least one list.
    pub covered: u64,
    /// The same as a share of all who may be listed.
    pub coverage_ppm: u64,
    /// How unequal appearances are: 0 where all have the same.
    pub gini_appearances_ppm: u64,
    /// How unequal exposure is.
    pub gini_exposure_ppm: u64,
    /// The most appearances of anybody.
    pub most_appearances: u64,
    /// The same against an equal share of all appearances.
    pub most_to_fair_ppm: u64,
    /// All exposure: what the place of each rank is worth.
    pub exposure: u64,
    /// The scores of all lists, without discoveries.
    pub score: u64,
    /// What the scores of all lists cannot exceed under the caps, by the prices that prove it: in the mode of the greatest
    /// total the scores themselves, unknown of stable lists.
    pub bound: Option<u64>,
    /// The scores of all lists if there were no caps.
    pub score_uncapped: u64,
    /// What the caps cost.
    pub loss: u64,
    /// The same as a share of the scores without caps.
    pub loss_ppm: u64,
}

impl Report {
    /// Counts the lists of a run.
    pub fn of(market: &Market<'_>, lists: &[List], tally: &Tally) -> Self {
        let (mut appearances, mut exposure) = (vec![0; market.parents.len()], vec![0; market.parents.len()]);
        let (mut taken, mut discoveries, mut displaced) = (0, 0, 0);
        for list in lists {
            let all: Vec<&Place> = list.places.iter().chain(&list.discovery).collect();
            for (rank, place) in all.iter().enumerate() {
                appearances[place.item as usize] += 1;
                exposure[place.item as usize] += EXPOSURE.get(rank).copied().unwrap_or_default();
            }
            taken += list.places.len() as u64;
            discoveries += u64::from(list.discovery.is_some());
            displaced += list.displaced.len() as u64;
        }
        let covered = appearances.iter().filter(|n| **n > 0).count() as u64;
        let most = appearances.iter().copied().max().unwrap_or_default();
        let listed = market.parents.len() as u64;
        let loss = tally.uncapped - tally.capped;
        Self {
            mode: Mode::Stable,
            lists: lists.len() as u64,
            listed,
            pairs: tally.pairs,
            places: market.rules.places,
            cap: market.rules.cap,
            taken,
            discoveries,
            displaced,
            covered,
            coverage_ppm: ppm(u128::from(covered), u128::from(listed)),
            most_appearances: most,
            most_to_fair_ppm: ppm(
                u128::from(most) * u128::from(listed),
                u128::from(taken) + u128::from(discoveries),
            ),
            exposure: exposure.iter().sum(),
            gini_appearances_ppm: gini(appearances),
            gini_exposure_ppm: gini(exposure),
            score: tally.capped,
            bound: tally.bound,
            score_uncapped: tally.uncapped,
            loss,
            loss_ppm: ppm(u128::from(loss), u128::from(tally.uncapped)),
        }
    }
}

/// A share in millionths; nothing of nothing is 0.
fn ppm(part: u128, whole: u128) -> u64 {
    u64::try_from((part * u128::from(ONE)).checked_div(whole).unwrap_or_default()).unwrap_or(u64::MAX)
}

/// How unequal the amounts are: the mean difference of two of them, against twice their mean.
fn gini(mut amounts: Vec<u64>) -> u64 {
    amounts.sort_unstable();
    let n = amounts.len() as u128;
    let sum: u128 = amounts.iter().map(|x| u128::from(*x)).sum();
    let weighted: u128 = (1..).zip(&amounts).map(|(rank, x): (u128, _)| rank * u128::from(*x)).sum();
    ppm((2 * weighted).saturating_sub((n + 1) * sum), n * sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_amounts_have_no_gini_and_one_owner_of_all_the_greatest() {
        assert_eq!((gini(vec![]), gini(vec![0, 0]), gini(vec![3, 3, 3])), (0, 0, 0));
        assert_eq!(gini(vec![0, 0, 0, 9]), 750_000);
        assert_eq!(gini(vec![1, 2, 3, 4]), 250_000);
        assert_eq!(gini(vec![4, 1, 3, 2]), 250_000);
    }

    #[test]
    fn the_exposure_of_a_rank_is_the_floor_of_its_logarithm() {
        for (rank, value) in (1u32..).zip(EXPOSURE) {
            assert_eq!((1e6 / f64::from(rank + 1).log2()).floor() as u64, value, "{rank}");
        }
    }
}
