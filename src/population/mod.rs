//! A made-up population of any size to measure the engine with: skewed as real ones are, and the same for the same seed.
//!
//! | what | how |
//! | --- | --- |
//! | homes, sectors, cities, kinds, technologies | a few common ones, many rare ones (Zipf); sixty countries, the shipped taxonomy, some 1,700 cities |
//! | a startup's stage, ask, maturity, backers, markets | follow one another; a record of an accelerator raises what it has in that market |
//! | an investor's deals | 12 to 29, mostly in its home, its sectors and its stages |
//! | what is missing | a fifth of the optional fields; sector and stage of three in a hundred |
//! | gates | ordinary investors (even ones) have some, broad ones (odd ones) none |
//!
//! Nothing in it is data about anybody. Backers of startups and partners in deals are the first 20,000 investors.
//!
//! Invariant: a profile depends on the seed and its number alone, so that any part of any population can be made anywhere,
//! in any order, without the rest. Read next: `startup`, `investor`, `world`.

mod dice;
mod export;
mod investor;
mod places;
mod startup;
mod trades;
mod world;

use super::engine::words::Country;
use super::engine::{Changes, Listing, Snapshot};
use dice::{Dice, Zipf};
use places::Places;
use std::collections::BTreeMap;
use trades::Trades;

/// The day of the world.
pub const TODAY: i32 = 20_454;
/// How many investors take part in rounds of others.
pub const BACKERS: u64 = 20_000;
/// How many networks people belong to.
const ORGANISATIONS: u64 = 60;

/// A population of startups and investors.
pub struct Population {
    seed: u64,
    startups: u64,
    investors: u64,
    places: Places,
    trades: Trades,
    backers: BackersByHome,
}

impl Population {
    /// The population of a seed, with so many startups and investors.
    pub fn new(seed: u64, startups: u64, investors: u64) -> Self {
        let places = Places::new();
        let backers = BackersByHome::new(seed, &places);
        Self { seed, startups, investors, places, trades: Trades::new(), backers }
    }

    /// How many startups it has; their numbers are 0 to one below.
    pub fn startups(&self) -> u64 {
        self.startups
    }

    /// How many investors it has; their numbers are 0 to one below.
    pub fn investors(&self) -> u64 {
        self.investors
    }

    /// All of it in its world, every thesis published.
    pub fn snapshot(&self) -> Snapshot {
        let mut changes = Changes::default();
        (0..self.startups).for_each(|k| changes.put_startup(self.startup(k)));
        (0..self.investors).for_each(|k| changes.put_investor(Listing::open(self.investor(k))));
        Snapshot::new(self.world()).with(changes)
    }

    /// A backer, from the country with the given likelihood in a hundred.
    fn backer(&self, dice: &mut Dice, country: Country, local: u64) -> u64 {
        match self.backers.by_home.get(&country).filter(|_| dice.chance(local)) {
            Some((list, busy)) => list[busy.pick(dice)],
            None => self.backers.busy.pick(dice) as u64,
        }
    }
}

/// The investors that take part in rounds of others, the busiest first, all together and by country.
struct BackersByHome {
    busy: Zipf,
    by_home: BTreeMap<Country, (Vec<u64>, Zipf)>,
}

impl BackersByHome {
    fn new(seed: u64, places: &Places) -> Self {
        let mut lists: BTreeMap<Country, Vec<u64>> = BTreeMap::new();
        for k in 0..BACKERS {
            let home = Population::home_of_investor(seed, places, k).country;
            lists.entry(home).or_default().push(k);
        }
        let with_table = |(home, list): (Country, Vec<u64>)| {
            let busy = Zipf::new(list.len(), 20);
            (home, (list, busy))
        };
        Self { busy: Zipf::new(BACKERS as usize, 200), by_home: lists.into_iter().map(with_table).collect() }
    }
}
