//! What recorded deals amount to, counted once per investor.
//!
//! Invariant: the order of the portfolio does not matter; every count is at most the number of deals, plus one for the own city.
//! Read next: [`super::super::factors`], which weighs the counts.

use super::super::arithmetic::{BILLION, bucket, lift};
use super::super::profile::Investor;
use super::super::words::Country;
use super::{Dictionary, Place, SectorCode};
use std::collections::BTreeMap;

/// Sorted counts by key; a key that is not there was counted 0 times.
#[derive(Clone, Debug)]
pub struct Counts<K>(Box<[(K, u32)]>);

impl<K: Ord + Copy> Counts<K> {
    /// How often the key occurred.
    pub fn get(&self, key: K) -> u64 {
        self.0.binary_search_by_key(&key, |entry| entry.0).map_or(0, |at| u64::from(self.0[at].1))
    }

    /// All keys with their counts, by key.
    pub fn iter(&self) -> impl Iterator<Item = (K, u64)> {
        self.0.iter().map(|&(key, count)| (key, u64::from(count)))
    }
}

impl<K: Ord> From<BTreeMap<K, u32>> for Counts<K> {
    fn from(counts: BTreeMap<K, u32>) -> Self {
        Self(counts.into_iter().collect())
    }
}

/// The counts of one investor's deals.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// All recorded deals.
    pub deals: u64,
    /// Deals by home.
    pub countries: Counts<Country>,
    /// Deals with a known home.
    pub with_home: u64,
    /// Deals by city; the own city counts as one more.
    pub cities: Counts<Place>,
    /// Deals with a known city, by country; the own city counts as one more.
    pub with_city: Counts<Country>,
    /// Deals by round.
    pub rounds: [u32; 16],
    /// Deals with a known round.
    pub with_round: u64,
    /// Deals by leaf.
    pub leaves: Counts<SectorCode>,
    /// Deals that name a leaf.
    pub with_leaf: u64,
    /// Deals by parent.
    pub parents: Counts<SectorCode>,
    /// Deals that name any sector.
    pub with_sector: u64,
    /// Deals by half-octave of the amount.
    pub amounts: Counts<u8>,
    /// Deals with a known amount.
    pub with_amount: u64,
    /// Deals beside each other investor.
    pub ties: Counts<u64>,
}

impl Evidence {
    /// Counts the deals of an investor.
    pub fn count(investor: &Investor, dictionary: &mut Dictionary) -> Self {
        let mut tally = Tallies::default();
        for deal in &investor.portfolio {
            if let Some(home) = deal.known_home() {
                bump(&mut tally.countries, home);
            }
            if let Some((home, city)) = deal.known_city() {
                tally.city(dictionary.place(home, city), home);
            }
            if let Some(round) = deal.round {
                tally.rounds[round.amount() as usize] += 1;
            }
            tally.sectors(deal.sectors.iter().filter_map(|s| dictionary.sector(s)));
            if deal.amount > 0 {
                bump(&mut tally.amounts, bucket(deal.amount));
            }
            deal.with.iter().for_each(|&other| bump(&mut tally.ties, other));
        }
        if let Some(city) = investor.city.as_deref().filter(|c| !c.is_empty() && investor.home.is_known()) {
            tally.city(dictionary.place(investor.home, city), investor.home);
        }
        tally.finish(investor.portfolio.len() as u64)
    }
}

#[derive(Default)]
struct Tallies {
    countries: BTreeMap<Country, u32>,
    cities: BTreeMap<Place, u32>,
    with_city: BTreeMap<Country, u32>,
    rounds: [u32; 16],
    leaves: BTreeMap<SectorCode, u32>,
    with_leaf: u64,
    parents: BTreeMap<SectorCode, u32>,
    with_sector: u64,
    amounts: BTreeMap<u8, u32>,
    ties: BTreeMap<u64, u32>,
}

impl Tallies {
    fn city(&mut self, place: Place, country: Country) {
        bump(&mut self.cities, place);
        bump(&mut self.with_city, country);
    }

    fn sectors(&mut self, sectors: impl Iterator<Item = super::SectorPair>) {
        let (mut leaves, mut parents) = (Vec::new(), Vec::new());
        for sector in sectors {
            parents.push(sector.parent);
            leaves.extend(sector.is_leaf().then_some(sector.own));
        }
        self.with_sector += u64::from(!parents.is_empty());
        self.with_leaf += u64::from(!leaves.is_empty());
        parents.sort_unstable();
        parents.dedup();
        parents.into_iter().for_each(|parent| bump(&mut self.parents, parent));
        leaves.into_iter().for_each(|leaf| bump(&mut self.leaves, leaf));
    }

    fn finish(self, deals: u64) -> Evidence {
        Evidence {
            deals,
            with_home: total(&self.countries),
            countries: self.countries.into(),
            cities: self.cities.into(),
            with_city: self.with_city.into(),
            with_round: self.rounds.iter().map(|&n| u64::from(n)).sum(),
            rounds: self.rounds,
            leaves: self.leaves.into(),
            with_leaf: self.with_leaf,
            parents: self.parents.into(),
            with_sector: self.with_sector,
            with_amount: total(&self.amounts),
            amounts: self.amounts.into(),
            ties: self.ties.into(),
        }
    }
}

fn bump<K: Ord>(counts: &mut BTreeMap<K, u32>, key: K) {
    *counts.entry(key).or_insert(0) += 1;
}

fn total<K>(counts: &BTreeMap<K, u32>) -> u64 {
    counts.values().map(|&n| u64::from(n)).sum()
}

/// How often something occurs in the recorded deals, and how common it is everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    /// Deals that have it.
    pub deals: u64,
    /// Deals of which it is known whether they have it.
    pub of: u64,
    /// Its share of all known deals in 10⁻⁹, at least a thousandth.
    pub usual: u64,
    /// How much commoner it is here, in points; 100 says nothing.
    pub lift: u8,
}

impl Tally {
    /// Weighs `deals` of `of` where `pseudo` further ones are assumed to follow the usual share.
    pub fn new(deals: u64, of: u64, pseudo: u64, usual: u64) -> Self {
        Self::expecting(deals, of, (pseudo, usual), usual)
    }

    /// Weighs `deals` of `of` where `assumed.0` further ones are assumed to follow the share `assumed.1`.
    pub fn expecting(deals: u64, of: u64, assumed: (u64, u64), usual: u64) -> Self {
        let (pseudo, prior) = assumed;
        let share = (deals * BILLION + pseudo * prior) / (of + pseudo);
        Self { deals, of, usual, lift: lift(share, usual) }
    }

    /// How many times the usual share the plain share of the deals is, in hundredths; nothing where there are none.
    pub fn times_usual(&self) -> Option<u64> {
        let share = u128::from(self.deals) * u128::from(BILLION) * 100;
        let usual = u128::from(self.of) * u128::from(self.usual);
        (usual > 0).then(|| u64::try_from(share / usual).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_at_the_limit_do_not_overflow() {
        let most = u64::from(u32::MAX);
        assert_eq!(Tally::new(most, most, 40, 1_000_000).lift, 250);
        assert_eq!(Tally::new(most, most, 40, BILLION).lift, 100);
        assert_eq!(Tally::new(0, most, 40, BILLION).lift, 0);
    }

    #[test]
    fn a_share_is_compared_with_the_usual_one_in_hundredths() {
        assert_eq!(Tally::new(9, 21, 8, 138_000_000).times_usual(), Some(310));
        assert_eq!(Tally::new(0, 0, 8, 138_000_000).times_usual(), None);
    }
}
