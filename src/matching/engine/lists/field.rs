//! Who takes part in a run of lists, and which pairs the snapshot has for each of them.
//!
//! Invariant: what may be listed counts from 0 in the order of the ids, so that the walk's ties are those of every list.
//! Read next: [`super::walk`], [`Snapshot::startups_for`], [`Snapshot::investors_for`].

use super::super::profile::{Investor, InvestorKey, StartupKey};
use super::super::query::{Hit, Query};
use super::super::snapshot::Snapshot;
use super::super::words::Sector;
use super::walk::{Candidate, Lists, Market, Mode, Rules, recommend};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Up to how many pairs all of them are looked at.
pub const EXACT_PAIRS: u64 = 20_000_000;
/// How many of the best of everybody who has a list are looked at where there are more pairs.
pub const DEPTH: usize = 200;

/// How many pairs may be looked at for the greatest total. At the bound that takes seconds where tastes differ, and many
/// minutes where nearly everybody wants the same and few are wanted.
pub const MAX_PAIRS: u64 = 4_000_000;

/// Whose lists they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// Lists of startups for investors, by the investors' whole theses.
    Investors,
    /// Lists of investors for startups, by what investors have published.
    Startups,
}

impl Side {
    /// Both sides.
    pub const ALL: [Self; 2] = [Self::Investors, Self::Startups];

    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Investors => "investors",
            Self::Startups => "startups",
        }
    }
}

/// Which pairs are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All pairs: the lists are exact.
    AllPairs,
    /// The best so many of each who has a list: an approximation.
    Best(usize),
}

/// Everybody who takes part in a run of lists of one side.
pub struct Field<'a> {
    snapshot: &'a Snapshot,
    side: Side,
    scope: Scope,
    owners: Vec<u64>,
    items: Vec<u64>,
    parents: Vec<Option<u32>>,
}

impl<'a> Field<'a> {
    /// Everybody in a snapshot who takes part; above `exact` pairs only the best of each are looked at.
    pub fn new(snapshot: &'a Snapshot, side: Side, exact: u64) -> Self {
        let startups: Vec<(u64, Option<Sector>)> = {
            let active = snapshot.startups().filter(|s| s.active);
            let mut all: Vec<_> = active.map(|s| (s.id.0, s.sector.map(|s| s.to_parent()))).collect();
            all.sort_unstable();
            all
        };
        let investors: Vec<(u64, Option<Sector>)> = snapshot
            .investor_keys()
            .filter_map(|key| {
                let seen = match side {
                    Side::Investors => snapshot.investor(key),
                    Side::Startups => snapshot.published(key),
                };
                seen.filter(|i| i.active).map(|i| (key.0, main_sector(i)))
            })
            .collect();
        let (owners, items) = match side {
            Side::Investors => (investors, startups),
            Side::Startups => (startups, investors),
        };
        let pairs = owners.len() as u64 * items.len() as u64;
        let scope = if pairs <= exact { Scope::AllPairs } else { Scope::Best(DEPTH) };
        let owners = owners.into_iter().map(|(id, _)| id).collect();
        let (items, sectors): (Vec<u64>, Vec<_>) = items.into_iter().unzip();
        Self { snapshot, side, scope, owners, items, parents: numbered(sectors) }
    }

    /// Whose lists they are.
    pub fn side(&self) -> Side {
        self.side
    }

    /// Which pairs are looked at.
    pub fn scope(&self) -> Scope {
        self.scope
    }

    /// Who has a list, by rising id.
    pub fn owners(&self) -> &[u64] {
        &self.owners
    }

    /// Who may be listed, by rising id.
    pub fn items(&self) -> &[u64] {
        &self.items
    }

    /// How many pairs are looked at, if no gate closes any.
    pub fn pairs(&self) -> u64 {
        let each = match self.scope {
            Scope::AllPairs => self.items.len(),
            Scope::Best(depth) => depth.min(self.items.len()),
        };
        self.owners.len() as u64 * each as u64
    }

    /// Whether lists of this mode can be made of so many pairs.
    pub fn admits(&self, mode: Mode) -> bool {
        mode == Mode::Stable || self.pairs() <= MAX_PAIRS
    }

    /// The pairs of an owner, who is named by the place among [`Field::owners`]. Owners may be asked in any order, on
    /// any threads.
    pub fn candidates(&self, owner: usize) -> Vec<Candidate> {
        let Some(id) = self.owners.get(owner) else { return Vec::new() };
        let k = match self.scope {
            Scope::AllPairs => self.items.len(),
            Scope::Best(depth) => depth,
        };
        let page = match self.side {
            Side::Investors => self.snapshot.startups_for(InvestorKey(*id), &Query::top(k)),
            Side::Startups => self.snapshot.investors_for(StartupKey(*id), &Query::top(k)),
        };
        let hits = page.map(|page| page.hits).unwrap_or_default();
        hits.iter().filter_map(|hit| self.candidate(owner, hit)).collect()
    }

    fn candidate(&self, owner: usize, hit: &Hit) -> Option<Candidate> {
        Some(Candidate {
            score: u32::try_from(hit.score).ok()?,
            confidence: hit.confidence,
            item: u32::try_from(self.items.binary_search(&hit.id).ok()?).ok()?,
            owner: u32::try_from(owner).ok()?,
        })
    }

    /// Makes the lists out of the pairs of all owners, unless `watch` refuses to go on.
    pub fn lists<E>(
        &self,
        mode: Mode,
        candidates: Vec<Candidate>,
        watch: &mut dyn FnMut() -> Result<(), E>,
    ) -> Result<Lists, E> {
        let (owners, rules) = (self.owners.len(), Rules::of(self.owners.len(), self.items.len()));
        recommend(&Market { owners, parents: &self.parents, rules }, mode, candidates, watch)
    }
}

/// The sector parent that an investor looks at most; of equals the first.
fn main_sector(investor: &Investor) -> Option<Sector> {
    let best = investor.focus.iter().min_by_key(|(_, level)| Reverse(**level));
    best.map(|(sector, _)| sector.to_parent())
}

fn numbered(sectors: Vec<Option<Sector>>) -> Vec<Option<u32>> {
    let mut numbers = BTreeMap::new();
    let mut number = |sector| {
        let next = numbers.len() as u32;
        *numbers.entry(sector).or_insert(next)
    };
    sectors.into_iter().map(|sector| sector.map(&mut number)).collect()
}
