//! Cached lists against lists that are searched for, while profiles of both sides change.
//!
//! Invariant: the beginning of a cached list is that of a search, and what was told of a row is what would be told now.
//! Read next: [`super::ranking`], whose populations these are.

use super::population::{Dice, startup, world};
use super::ranking::{Population, listing};
use crate::harness::times;
use proptest::prelude::*;
use springboard::engine::cache::{CachedList, Current, DEPTH};
use springboard::engine::profile::{InvestorKey, StartupKey};
use springboard::engine::{Changes, Depth, Explanation, Hit, Query, Snapshot};
use std::collections::HashMap;
use std::sync::Arc;

/// Lists of one side with what was told of their rows, and how many of them were told without a search.
#[derive(Default)]
struct Cache {
    lists: HashMap<u64, Arc<CachedList<String>>>,
    spared: usize,
    told: usize,
}

impl Cache {
    fn check(
        &mut self,
        (asking, k): (u64, usize),
        current: impl Fn(Option<&Arc<CachedList<String>>>) -> Option<Current<String>>,
        searched: Option<Vec<Hit>>,
        explain: impl Fn(u64) -> Option<Explanation>,
    ) {
        let found = current(self.lists.get(&asking));
        assert_eq!(found.is_some(), searched.is_some());
        let (Some((list, work)), Some(searched)) = (found, searched) else { return };
        let hits: Vec<Hit> = list.rows().iter().take(k).map(|row| row.hit).collect();
        assert_eq!(hits, searched);
        self.spared += usize::from(work.is_none());
        for row in &list.rows()[..hits.len()] {
            let now = format!("{:?}", explain(row.hit.id));
            self.told += usize::from(row.told.get().is_some());
            assert_eq!(row.told.get_or_init(|| now.clone()), &now);
        }
        self.lists.insert(asking, list);
    }
}

/// Revises, adds or takes away a few of both sides.
fn changes(dice: &mut Dice) -> Changes {
    let mut changes = Changes::default();
    for _ in 0..dice.below(4) {
        let id = dice.below(320);
        let revised = dice.chance(85).then(|| startup(dice, id));
        changes.startups.insert(StartupKey(id), revised);
    }
    if dice.chance(20) {
        let id = dice.below(70);
        let revised = dice.chance(85).then(|| listing(dice, id));
        changes.investors.insert(InvestorKey(id), revised);
    }
    changes
}

fn compare(snapshot: &Snapshot, dice: &mut Dice, startups: &mut Cache, investors: &mut Cache) {
    for id in 0..4 {
        let (k, key) = (dice.pick(&[1, 5, 21, DEPTH]), InvestorKey(id));
        startups.check(
            (id, k),
            |cached| snapshot.cached_startups_for(key, k, cached),
            snapshot.startups_for(key, &Query::top(k)).map(|page| page.hits),
            |of| snapshot.explainer(key, None)?.explain(StartupKey(of), Depth::Best(5)),
        );
        let key = StartupKey(id);
        investors.check(
            (id, k),
            |cached| snapshot.cached_investors_for(key, k, cached),
            snapshot.investors_for(key, &Query::top(k)).map(|page| page.hits),
            |of| snapshot.tell_startup(key, InvestorKey(of), None, Depth::Best(5)),
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: times("PROPTEST_CASES", 6), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_cached_list_is_the_one_that_a_search_finds(seed: u64) {
        let dice = &mut Dice::new(seed);
        let population = Population {
            world: world(dice),
            startups: (0..300).map(|id| startup(dice, id)).collect(),
            listings: (0..60).map(|id| listing(dice, id)).collect(),
        };
        let mut snapshot = population.snapshot();
        let (mut startups, mut investors) = (Cache::default(), Cache::default());
        for round in 0..40 {
            compare(&snapshot, dice, &mut startups, &mut investors);
            let next = snapshot.with(changes(dice));
            if round % 13 == 12 {
                compare(&next, dice, &mut startups, &mut investors);
                compare(&snapshot, dice, &mut startups, &mut investors);
            }
            snapshot = next;
            if round == 30 {
                let mut world = snapshot.world().clone();
                world.today += 400;
                snapshot = snapshot.in_world(world);
            }
        }
        prop_assert!(startups.spared > 60 && investors.spared > 60, "{} {}", startups.spared, investors.spared);
        prop_assert!(startups.told > 100 && investors.told > 100, "{} {}", startups.told, investors.told);
    }
}
