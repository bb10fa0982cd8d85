//! Lists where there are more words than the columns have codes for: needs, types, languages, sectors, countries.
//!
//! Invariant: what has no code of its own is bounded by what stands for all such, and scored as everything else.
//! Read next: [`super::ranking`], whose populations these are.

use super::population::{Dice, country, startup, whole, world};
use super::ranking::{Population, listing};
use crate::harness::times;
use proptest::prelude::*;
use springboard::engine::profile::{Investor, InvestorKey, Pitch, Startup, StartupKey};
use springboard::engine::words::Sector;
use springboard::engine::{Listing, Query};
use std::collections::BTreeSet;

/// Up to `most` of so many words of a kind.
fn words(dice: &mut Dice, kind: &str, of: u64, most: u64) -> BTreeSet<String> {
    (0..=dice.below(most)).map(|_| format!("{kind}{:03}", dice.below(of))).collect()
}

fn sectors(dice: &mut Dice, most: u64) -> BTreeSet<Sector> {
    let sector = |dice: &mut Dice| format!("p{}.l{:03}", dice.below(40), dice.below(300));
    (0..=dice.below(most)).map(|_| Sector::parse(&sector(dice)).expect("a sector")).collect()
}

fn wide_startup(dice: &mut Dice, id: u64) -> Startup {
    let far = [b'A' + dice.below(26) as u8, b'A' + dice.below(26) as u8];
    let home = country(std::str::from_utf8(&far).expect("letters"));
    Startup {
        home: if dice.chance(50) { home } else { country("KR") },
        sector: sectors(dice, 1).pop_first(),
        needs: Some(words(dice, "need", 40, 24)),
        types: Some(words(dice, "type", 40, 6)),
        ..startup(dice, id)
    }
}

fn wide_listing(dice: &mut Dice, id: u64) -> Listing {
    let listing = listing(dice, id);
    let thesis = Investor { offers: Some(words(dice, "need", 40, 40)), ..listing.thesis };
    Listing { published: listing.published.is_some().then(|| thesis.clone()), thesis }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: times("PROPTEST_CASES", 6), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn lists_are_the_oracles_with_more_words_than_there_are_codes(seed: u64) {
        let dice = &mut Dice::new(seed);
        let population = Population {
            world: world(dice),
            startups: (0..600).map(|id| wide_startup(dice, id)).collect(),
            listings: (0..300).map(|id| wide_listing(dice, id)).collect(),
        };
        let snapshot = population.snapshot();
        for listing in population.listings.iter().take(4) {
            for query in [Query::top(1), Query::top(10)] {
                let page = snapshot.startups_for(listing.thesis.id, &query);
                prop_assert_eq!(page, Some(population.startups_for(&listing.thesis, &query)), "{:?}", query);
            }
        }
        for s in population.startups.iter().take(4) {
            for query in [Query::top(1), Query::top(10)] {
                let page = snapshot.investors_for(s.id, &query);
                prop_assert_eq!(page, Some(population.investors_for(s, &query)), "{:?}", query);
            }
        }
    }
}

#[test]
fn a_startup_whose_many_needs_are_all_met_is_first() {
    let dice = &mut Dice::new(7);
    let world = world(dice);
    let bare = |id| Startup::bare(StartupKey(id), country("KR"));
    let needs = |range: std::ops::Range<u64>| Some(range.map(|n| format!("need{n:03}")).collect());
    let teaching = (0..15).map(|id| Startup { needs: needs(id..id + 1), active: false, ..bare(id) });
    let pitch = |points| Some(Pitch { calibrated: whole(points), judges: 5, day: world.today });
    let one = (15..55).map(|id| Startup { needs: needs(0..1), pitch: pitch(500_000), ..bare(id) });
    let many = Startup { needs: needs(20..40), pitch: pitch(520_000), ..bare(99) };
    let thesis = Investor { offers: needs(0..40), ..Investor::bare(InvestorKey(0), "vc", country("KR")) };
    let startups = teaching.chain(one).chain([many]).collect();
    let population = Population { world, startups, listings: vec![Listing::open(thesis.clone())] };
    let page = population.snapshot().startups_for(thesis.id, &Query::top(1));
    assert_eq!(page.as_ref().map(|page| page.hits[0].id), Some(99));
    assert_eq!(page, Some(population.startups_for(&thesis, &Query::top(1))));
}
