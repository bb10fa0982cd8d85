//! Engine and oracle side by side on strange profiles, asked the same and changed alike.
//!
//! Invariant: whatever the engine is given, the oracle is given.
//! Read next: [`super::strange`].

use super::oracle::Oracle;
use super::strange::{Dice, twin};
use springboard::engine::profile::{InvestorKey, StartupKey};
use springboard::engine::{Changes, Hit, Snapshot};
use springboard::population::Population;

/// Both, given the same, with a twin of every tenth startup.
pub struct Both {
    pub population: Population,
    pub snapshot: Snapshot,
    pub oracle: Oracle,
    pub dice: Dice,
    seen: Vec<Hit>,
}

impl Both {
    pub fn new(seed: u64, startups: u64, investors: u64) -> Self {
        let population = Population::new(seed, startups, investors);
        let (world, mut dice) = (population.world(), Dice(seed));
        let mut changes = Changes::default();
        for k in 0..startups {
            let startup = dice.startup(&population, k);
            if k % 10 == 0 {
                changes.put_startup(twin(startup.clone()));
            }
            changes.put_startup(startup);
        }
        (0..investors).for_each(|k| changes.put_investor(dice.listing(&population, k)));
        let mut oracle = Oracle::new(&world);
        give(&mut oracle, &changes);
        Self { population, snapshot: Snapshot::new(world).with(changes), oracle, dice, seen: Vec::new() }
    }

    /// What engine and oracle answer to some investor.
    pub fn an_investors(&mut self) -> (Vec<Hit>, Vec<Hit>) {
        let key = InvestorKey(self.dice.below(self.population.investors()));
        let query = self.dice.query(&self.population, &self.seen);
        let ours = self.snapshot.startups_for(key, &query).map(|page| page.hits).unwrap_or_default();
        self.seen.clone_from(&ours);
        (ours, self.oracle.startups_for(key, &query).unwrap_or_default())
    }

    /// What engine and oracle answer to some startup.
    pub fn a_startups(&mut self) -> (Vec<Hit>, Vec<Hit>) {
        let key = StartupKey(self.dice.below(self.population.startups()));
        let seen = self.seen.iter().map(|hit| Hit { id: hit.id % self.population.investors(), ..*hit });
        let seen: Vec<Hit> = seen.collect();
        let query = self.dice.query(&self.population, &seen);
        let ours = self.snapshot.investors_for(key, &query).map(|page| page.hits).unwrap_or_default();
        (ours, self.oracle.investors_for(key, &query).unwrap_or_default())
    }

    /// Changes both at once.
    pub fn change(&mut self, count: u64) {
        let changes = self.dice.changes(&self.population, count);
        give(&mut self.oracle, &changes);
        self.snapshot = self.snapshot.with(changes);
    }
}

/// Gives the oracle what the engine is given.
pub fn give(oracle: &mut Oracle, changes: &Changes) {
    for (key, startup) in &changes.startups {
        match startup {
            Some(startup) => oracle.put_startup(startup),
            None => oracle.remove_startup(*key),
        }
    }
    for (key, listing) in &changes.investors {
        match listing {
            Some(listing) => oracle.put_investor(listing),
            None => oracle.remove_investor(*key),
        }
    }
}
