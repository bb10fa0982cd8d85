//! The straightforward scorer that the engine is measured against: every pair on its own over an array of profiles.
//!
//! Words are interned once, amounts are half-octaves, deals are counted into arrays; everything else is worked out for
//! every pair in integers, gates first. No tables per query, no bounds, nothing left out.
//!
//! Invariant: frozen. It shares parsed profiles and queries with the engine and no arithmetic; a faster oracle would
//! make every ratio that was ever measured against it worth nothing.
//! Read next: [`factors`].

mod codes;
mod factors;
mod filter;
mod gates;
mod investor;
mod market;
mod startup;
mod sums;
mod weights;
mod world;

use codes::Codes;
use filter::Filter;
use investor::InvestorRow;
use springboard::engine::profile::{InvestorKey, Startup, StartupKey, World};
use springboard::engine::{Hit, InvestorFactor, Listing, Overrides, Query, StartupFactor};
use startup::{List, StartupRow};
use std::collections::{BinaryHeap, HashMap};
use weights::Weights;
use world::{Tables, Way};

/// One startup before one investor.
struct Pair<'a> {
    s: &'a StartupRow,
    i: &'a InvestorRow,
    world: &'a Tables,
    pool: &'a [u32],
    market: u16,
    way: Option<&'a Way>,
}

/// An investor, what startups may know of it, and the weights without own ones before startups without own ones.
struct Entry {
    thesis: InvestorRow,
    published: Published,
    usual: Weights,
}

enum Published {
    Nothing,
    Everything,
    Part(Box<InvestorRow>),
}

/// Everybody in one world.
pub struct Oracle {
    codes: Codes,
    world: Tables,
    pool: Vec<u32>,
    startups: Vec<StartupRow>,
    startup_at: HashMap<u64, usize>,
    investors: Vec<Entry>,
    investor_at: HashMap<u64, usize>,
}

impl Oracle {
    /// A world without profiles.
    pub fn new(world: &World) -> Self {
        let mut codes = Codes::default();
        Self {
            world: Tables::of(world, &mut codes),
            codes,
            pool: Vec::new(),
            startups: Vec::new(),
            startup_at: HashMap::new(),
            investors: Vec::new(),
            investor_at: HashMap::new(),
        }
    }

    /// Adds or revises a startup.
    pub fn put_startup(&mut self, startup: &Startup) {
        let row = StartupRow::read(startup, &mut self.codes, &mut self.pool);
        put(&mut self.startups, &mut self.startup_at, startup.id.0, row);
    }

    /// Adds or revises an investor.
    pub fn put_investor(&mut self, listing: &Listing) {
        let thesis = InvestorRow::read(&listing.thesis, &mut self.codes);
        let published = match &listing.published {
            None => Published::Nothing,
            Some(published) if *published == listing.thesis => Published::Everything,
            Some(published) => Published::Part(Box::new(InvestorRow::read(published, &mut self.codes))),
        };
        let known = if let Published::Part(row) = &published { row } else { &thesis };
        let usual = Weights {
            investor: weights::of_investor(known, &Overrides::default()),
            startup: weights::of_startup(known, &Overrides::default()),
        };
        let id = listing.thesis.id.0;
        put(&mut self.investors, &mut self.investor_at, id, Entry { thesis, published, usual });
    }

    /// Takes a startup out.
    pub fn remove_startup(&mut self, key: StartupKey) {
        remove(&mut self.startups, &mut self.startup_at, key.0, |row| row.id);
    }

    /// Takes an investor out.
    pub fn remove_investor(&mut self, key: InvestorKey) {
        remove(&mut self.investors, &mut self.investor_at, key.0, |entry| entry.thesis.id);
    }

    /// The best startups for an investor by its whole thesis.
    pub fn startups_for(&self, investor: InvestorKey, query: &Query<InvestorFactor>) -> Option<Vec<Hit>> {
        let i = &self.investors[*self.investor_at.get(&investor.0)?].thesis;
        let filter = Filter::of(&query.filters, &self.codes);
        let own = query.weights.as_ref().unwrap_or(&i.own_weights);
        let usual = Weights {
            investor: weights::of_investor(i, own),
            startup: weights::of_startup(i, &Overrides::default()),
        };
        let mut best = Best::new(query.k, query.after);
        for s in self.startups.iter().filter(|s| !query.exclude.contains(&s.id)) {
            let pair = self.pair(s, i);
            if pair.is_open() && filter.admits_startup(&pair) {
                let weights = match &s.own_weights {
                    None => usual,
                    Some(own) => Weights { startup: weights::of_startup(i, own), ..usual },
                };
                best.offer(&filter, s.id, pair.score(&weights));
            }
        }
        Some(best.hits.into_sorted_vec())
    }

    /// The best investors for a startup by what they have published; their whole theses decide the gates.
    pub fn investors_for(&self, startup: StartupKey, query: &Query<StartupFactor>) -> Option<Vec<Hit>> {
        let s = &self.startups[*self.startup_at.get(&startup.0)?];
        let filter = Filter::of(&query.filters, &self.codes);
        let own = query.weights.as_ref().or(s.own_weights.as_deref());
        let mut best = Best::new(query.k, query.after);
        for entry in self.investors.iter().filter(|entry| !query.exclude.contains(&entry.thesis.id)) {
            let published = match &entry.published {
                Published::Nothing => continue,
                Published::Everything => &entry.thesis,
                Published::Part(row) => row,
            };
            if !self.pair(s, &entry.thesis).is_open() {
                continue;
            }
            let pair = self.pair(s, published);
            if filter.admits_investor(&pair) {
                let weights = match own {
                    None => entry.usual,
                    Some(own) => Weights { startup: weights::of_startup(published, own), ..entry.usual },
                };
                best.offer(&filter, published.id, pair.score(&weights));
            }
        }
        Some(best.hits.into_sorted_vec())
    }

    fn pair<'a>(&'a self, s: &'a StartupRow, i: &'a InvestorRow) -> Pair<'a> {
        let market = market::of(s.list(List::Targets, &self.pool), &i.markets, i.home);
        let way = self.world.way(s.home, market);
        Pair { s, i, world: &self.world, pool: &self.pool, market, way }
    }
}

impl Pair<'_> {
    fn list(&self, list: List) -> &[u32] {
        self.s.list(list, self.pool)
    }
}

/// The best hits so far, the worst of them on top.
struct Best {
    k: usize,
    after: Option<Hit>,
    hits: BinaryHeap<Hit>,
}

impl Best {
    fn new(k: usize, after: Option<Hit>) -> Self {
        Self { k, after, hits: BinaryHeap::new() }
    }

    fn offer(&mut self, filter: &Filter<'_>, id: u64, (score, confidence): (u64, u32)) {
        let hit = Hit { id, score, confidence };
        if !filter.admits(score, confidence) || self.after.is_some_and(|after| hit <= after) {
            return;
        }
        if self.hits.len() < self.k {
            self.hits.push(hit);
        } else if let Some(mut worst) = self.hits.peek_mut()
            && hit < *worst
        {
            *worst = hit;
        }
    }
}

fn put<R>(rows: &mut Vec<R>, at: &mut HashMap<u64, usize>, id: u64, row: R) {
    match at.get(&id) {
        Some(at) => rows[*at] = row,
        None => {
            at.insert(id, rows.len());
            rows.push(row);
        }
    }
}

fn remove<R>(rows: &mut Vec<R>, at: &mut HashMap<u64, usize>, id: u64, id_of: impl Fn(&R) -> u64) {
    if let Some(gone) = at.remove(&id) {
        rows.swap_remove(gone);
        if let Some(moved) = rows.get(gone) {
            at.insert(id_of(moved), gone);
        }
    }
}
