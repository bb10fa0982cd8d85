//! The scorer that the benchmark measures the engine against: it says what the engine says, so that it cannot rot.
//!
//! Invariant: `benches/ranking/oracle` is frozen; where it and the engine differ, one of the two is wrong.
//! Read next: `benches/ranking/main.rs`.

#[path = "../../../benches/ranking/both.rs"]
mod both;
#[path = "../../../benches/ranking/oracle/mod.rs"]
mod oracle;
#[path = "../../../benches/ranking/strange.rs"]
mod strange;

use super::population::{Dice, startup, world};
use super::ranking::{listing, query};
use both::{Both, give};
use oracle::Oracle;
use proptest::prelude::*;
use springboard::engine::{Changes, Snapshot};

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_frozen_scorer_answers_as_the_engine_does(seed: u64) {
        let dice = &mut Dice::new(seed);
        let (world, mut changes) = (world(dice), Changes::default());
        (0..20).for_each(|id| changes.put_startup(startup(dice, id)));
        (0..10).for_each(|id| changes.put_investor(listing(dice, id)));
        let mut oracle = Oracle::new(&world);
        give(&mut oracle, &changes);
        let snapshot = Snapshot::new(world).with(changes.clone());
        for key in changes.investors.keys() {
            let query = query(dice);
            let page = snapshot.startups_for(*key, &query);
            prop_assert_eq!(page.map(|page| page.hits), oracle.startups_for(*key, &query), "{:?}", query);
        }
        for key in changes.startups.keys() {
            let query = query(dice);
            let page = snapshot.investors_for(*key, &query);
            prop_assert_eq!(page.map(|page| page.hits), oracle.investors_for(*key, &query), "{:?}", query);
        }
    }
}

#[test]
fn the_frozen_scorer_answers_as_the_engine_does_while_a_made_up_population_changes() {
    let mut both = Both::new(5, 600, 120);
    let mut hits = 0;
    for round in 0..40 {
        for _ in 0..3 {
            let (ours, theirs) = both.an_investors();
            assert_eq!(ours, theirs, "an investor's list of round {round}");
            hits += ours.len();
        }
        let (ours, theirs) = both.a_startups();
        assert_eq!(ours, theirs, "a startup's list of round {round}");
        hits += ours.len();
        both.change(25);
    }
    assert!(hits > 1_000, "lists were long enough to say something: {hits}");
}
