//! A population, held by the engine and by the oracle.
//!
//! Invariant: both are given the same profiles; the time of the engine's build does not contain making them up.
//! Read next: [`super::lists`].

use super::clock::{Time, once};
use super::oracle::Oracle;
use springboard::engine::profile::{InvestorKey, StartupKey};
use springboard::engine::{Changes, Hit, InvestorFactor, Listing, Query, Snapshot, StartupFactor};
use springboard::population::Population;
use std::hint::black_box;

/// Everybody, twice.
pub struct Scene {
    pub population: Population,
    pub snapshot: Snapshot,
    pub oracle: Oracle,
    /// How long the engine took to take in all startups.
    pub built: Time,
}

impl Scene {
    /// A population that both hold.
    pub fn new(seed: u64, startups: u64, investors: u64) -> Self {
        Self::with(seed, startups, investors, true)
    }

    /// A population that only the engine holds: one too large to compare every list.
    pub fn without_oracle(seed: u64, startups: u64, investors: u64) -> Self {
        Self::with(seed, startups, investors, false)
    }

    fn with(seed: u64, startups: u64, investors: u64, compared: bool) -> Self {
        let population = Population::new(seed, startups, investors);
        let world = population.world();
        let mut oracle = Oracle::new(&world);
        let mut snapshot = Snapshot::new(world);
        let mut changes = Changes::default();
        for listing in (0..investors).map(|k| Listing::open(population.investor(k))) {
            if compared {
                oracle.put_investor(&listing);
            }
            changes.put_investor(listing);
        }
        snapshot = snapshot.with(changes);
        let (snapshot, built) = if compared {
            let mut changes = Changes::default();
            for startup in (0..startups).map(|k| population.startup(k)) {
                oracle.put_startup(&startup);
                changes.put_startup(startup);
            }
            once(|| snapshot.with(changes))
        } else {
            let made_up = || (0..startups).map(|k| population.startup(k));
            let (_, making_up) = once(|| made_up().for_each(|startup| drop(black_box(startup))));
            let (filled, time) = once(|| snapshot.filled(made_up()));
            let less = |all: u64, part| all.saturating_sub(part);
            (filled, Time { cpu: less(time.cpu, making_up.cpu), wall: less(time.wall, making_up.wall) })
        };
        Self { population, snapshot, oracle, built }
    }

    /// The first ordinary or broad investors.
    pub fn asking(&self, broad: bool, count: u64) -> impl Iterator<Item = InvestorKey> {
        let all = (0..self.population.investors()).filter(move |k| Population::is_broad(*k) == broad);
        all.take(count as usize).map(InvestorKey)
    }

    /// What the engine answers to a startup, and how much of the investors it looked at.
    pub fn founders_list(&self, startup: StartupKey, query: &Query<StartupFactor>) -> (Vec<Hit>, Seen) {
        let (page, work) = self.snapshot.search_investors(startup, query).expect("the startup is there");
        (page.hits, Seen { blocks: work.blocks, rows: work.rows })
    }

    /// What the engine answers to an investor, and how much of the startups it looked at.
    pub fn list(&self, investor: InvestorKey, query: &Query<InvestorFactor>) -> (Vec<Hit>, Seen) {
        list(&self.snapshot, investor, query)
    }
}

/// How much of the startups queries looked at.
#[derive(Clone, Copy, Default)]
pub struct Seen {
    /// Blocks that were visited.
    pub blocks: u64,
    /// Startups that were scored in full.
    pub rows: u64,
}

impl Seen {
    pub fn add(&mut self, other: Self) {
        self.blocks += other.blocks;
        self.rows += other.rows;
    }
}

/// What a snapshot answers to an investor.
pub fn list(snapshot: &Snapshot, investor: InvestorKey, query: &Query<InvestorFactor>) -> (Vec<Hit>, Seen) {
    let (page, work) = snapshot.search(investor, query).expect("the investor is there");
    (page.hits, Seen { blocks: work.blocks, rows: work.rows })
}
