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

/// Of how many pairs the greatest total can be found: all of them are looked at. At the bound that takes seconds where
/// tastes differ, and many minutes where nearly everybody wants the same and few are wanted.
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

/// How many pairs a side can have at most: those of all profiles in a snapshot, of which some may take no part. None is read.
pub fn pairs_at_most(snapshot: &Snapshot) -> u64 {
    let (startups, investors) = snapshot.len();
    startups as u64 * investors as u64
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
        let owners: Vec<u64> = owners.into_iter().map(|(id, _)| id).collect();
        let (items, sectors): (Vec<u64>, Vec<_>) = items.into_iter().unzip();
        let all = Self { snapshot, side, scope: Scope::AllPairs, owners, items, parents: numbered(sectors) };
        if all.pairs() <= exact { all } else { Self { scope: Scope::Best(DEPTH), ..all } }
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

    /// How many pairs there are of who has a list and who may be listed, whichever of them are looked at.
    pub fn pairs(&self) -> u64 {
        self.owners.len() as u64 * self.items.len() as u64
    }

    /// Whether lists of this mode can be made: those of the greatest total of all pairs or not at all, and only of so many.
    pub fn admits(&self, mode: Mode) -> bool {
        mode == Mode::Stable || (self.scope == Scope::AllPairs && self.pairs() <= MAX_PAIRS)
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

#[cfg(test)]
mod tests {
    use super::super::super::profile::{Startup, World, parse};
    use super::super::super::snapshot::{Changes, Listing};
    use super::*;

    /// So many of each, and of the startups so many more that take no part.
    fn snapshot(startups: u64, idle: u64, investors: u64) -> Snapshot {
        let mut changes = Changes::default();
        for id in 0..startups + idle {
            let active = id < startups;
            let json = format!(r#"{{"id":{id},"home":"RU","active":{active}}}"#);
            changes.put_startup(parse::<Startup>(&json).expect("a startup"));
        }
        for id in 0..investors {
            let json = format!(r#"{{"id":{id},"type":"vc","home":"CN","markets":["CN"]}}"#);
            changes.put_investor(Listing::open(parse::<Investor>(&json).expect("an investor")));
        }
        Snapshot::new(parse::<World>(r#"{"today":0}"#).expect("a world")).with(changes)
    }

    #[test]
    fn the_greatest_total_is_of_all_pairs_and_of_no_more_than_its_bound() {
        let (most, more) = (snapshot(2_000, 0, 2_000), snapshot(2_001, 0, 2_000));
        for side in Side::ALL {
            let admitted = |snapshot, exact| {
                let field = Field::new(snapshot, side, exact);
                assert!(field.admits(Mode::Stable));
                (field.pairs(), field.admits(Mode::Max))
            };
            assert_eq!(admitted(&most, EXACT_PAIRS), (4_000_000, true));
            assert_eq!(admitted(&most, 3_999_999), (4_000_000, false));
            for exact in [0, MAX_PAIRS, EXACT_PAIRS, u64::MAX] {
                assert_eq!(admitted(&more, exact), (4_002_000, false));
            }
        }
    }

    #[test]
    fn no_side_has_more_pairs_than_all_profiles_together() {
        let some = snapshot(3, 2, 4);
        let pairs = Side::ALL.map(|side| Field::new(&some, side, EXACT_PAIRS).pairs());
        assert_eq!((pairs, pairs_at_most(&some)), ([12, 12], 20));
    }
}
