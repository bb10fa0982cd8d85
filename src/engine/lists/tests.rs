//! The lists against a naive matching, and the rules one by one.
//!
//! Invariant: what is expected is found by proposals and refusals, another way than the walk.
//! Read next: [`super::walk`].

use super::*;
use proptest::prelude::*;

const MODES: [Mode; 2] = [Mode::Stable, Mode::Max];

/// The lists of a mode, with nothing that ends their making.
fn made(mode: Mode, market: &Market<'_>, pairs: Vec<Candidate>) -> Lists {
    super::recommend(market, mode, pairs, &mut || Ok::<_, std::convert::Infallible>(())).expect("lists")
}

/// The stable lists.
fn recommend(market: &Market<'_>, pairs: Vec<Candidate>) -> Lists {
    made(Mode::Stable, market, pairs)
}

fn market(owners: usize, parents: &[Option<u32>], places: u32, cap: u32) -> Market<'_> {
    Market { owners, parents, rules: Rules { places, cap } }
}

fn pair(score: u32, item: u32, owner: u32) -> Candidate {
    Candidate { score, confidence: 0, item, owner }
}

fn items(list: &List) -> Vec<u32> {
    list.places.iter().map(|place| place.item).collect()
}

/// Any market: a score and a confidence for each pair, of few values so that ties are common.
pub(super) fn any_market() -> impl Strategy<Value = (usize, Vec<Option<u32>>, u32, u32, Vec<Candidate>)> {
    (1..6usize, 1..7usize, 1..4u32, 1..4u32).prop_flat_map(|(owners, items, places, cap)| {
        let cell = prop::option::weighted(0.8, (0..5u32, 0..3u32));
        let parents = prop::collection::vec(prop::option::of(0..3u32), items);
        let cells = prop::collection::vec(cell, owners * items);
        (parents, cells).prop_map(move |(parents, cells)| {
            let candidate = |(at, cell): (usize, Option<(u32, u32)>)| {
                let (score, confidence) = cell?;
                let (item, owner) = ((at % items) as u32, (at / items) as u32);
                Some(Candidate { score: score * 15_000_000, confidence, item, owner })
            };
            let pairs = cells.into_iter().enumerate().filter_map(candidate).collect();
            (owners, parents, places, cap, pairs)
        })
    })
}

fn better(a: &Candidate, b: &Candidate) -> bool {
    let key = |c: &Candidate| (std::cmp::Reverse((c.score, c.confidence)), c.item, c.owner);
    key(a) < key(b)
}

/// Deferred acceptance: owners propose from their best on, an item holds the best so many of those who asked.
fn deferred(owners: usize, places: u32, cap: u32, pairs: &[Candidate]) -> Vec<Vec<u32>> {
    let mut wishes: Vec<Vec<Candidate>> = (0..owners)
        .map(|owner| pairs.iter().filter(|p| p.owner as usize == owner).copied().collect())
        .collect();
    for wishes in &mut wishes {
        wishes.sort_by(
            |a, b| if better(a, b) { std::cmp::Ordering::Greater } else { std::cmp::Ordering::Less },
        );
    }
    let mut held: Vec<Candidate> = Vec::new();
    loop {
        let short = |owner: &usize| {
            let has = held.iter().filter(|c| c.owner as usize == *owner).count();
            has < places as usize && !wishes[*owner].is_empty()
        };
        let Some(owner) = (0..owners).find(short) else { break };
        let Some(asked) = wishes[owner].pop() else { break };
        held.push(asked);
        let rivals: Vec<Candidate> = held.iter().filter(|c| c.item == asked.item).copied().collect();
        if rivals.len() > cap as usize {
            let worst = rivals.iter().fold(rivals[0], |w, c| if better(&w, c) { *c } else { w });
            held.retain(|c| *c != worst);
        }
    }
    let of = |owner: usize| {
        let mut own: Vec<u32> = held.iter().filter(|c| c.owner as usize == owner).map(|c| c.item).collect();
        own.sort_unstable();
        own
    };
    (0..owners).map(of).collect()
}

proptest! {
    #[test]
    fn the_walk_finds_the_one_stable_matching((owners, parents, places, cap, pairs) in any_market()) {
        let made = recommend(&market(owners, &parents, places, cap), pairs.clone());
        let sorted = |list: &List| { let mut own = items(list); own.sort_unstable(); own };
        let lists: Vec<Vec<u32>> = made.lists.iter().map(sorted).collect();
        prop_assert_eq!(lists, deferred(owners, places, cap, &pairs));
    }

    #[test]
    fn no_cap_is_exceeded_and_every_displacement_is_true(
        (owners, parents, places, cap, pairs) in any_market(), mode in prop::sample::select(&MODES[..]),
    ) {
        let made = made(mode, &market(owners, &parents, places, cap), pairs.clone());
        prop_assert_eq!(made.report.mode, mode);
        for item in 0..parents.len() as u32 {
            let count = made.lists.iter().filter(|list| items(list).contains(&item)).count();
            prop_assert!(count <= cap as usize);
            let found = made.lists.iter().filter(|list| list.discovery.is_some_and(|p| p.item == item)).count();
            prop_assert!(found <= usize::from(count == 0));
        }
        for (owner, list) in made.lists.iter().enumerate() {
            prop_assert!(list.places.len() <= places as usize);
            let own: Vec<&Candidate> = pairs.iter().filter(|p| p.owner as usize == owner).collect();
            let numbered = |item: u32| {
                let it = own.iter().find(|p| p.item == item).expect("a pair");
                1 + own.iter().filter(|p| better(p, it)).count() as u32
            };
            for place in &list.places {
                prop_assert_eq!(place.number, Some(numbered(place.item)));
            }
            for out in &list.displaced {
                prop_assert_eq!((out.number, out.appearances), (numbered(out.item), cap));
                prop_assert!(out.number <= places && !items(list).contains(&out.item));
                let least = if mode == Mode::Stable { out.score } else { 0 };
                let at_least = |l: &&List| l.places.iter().any(|p| p.item == out.item && p.score >= least);
                prop_assert_eq!(made.lists.iter().filter(at_least).count(), cap as usize);
            }
        }
    }

    #[test]
    fn the_order_of_the_input_changes_nothing((owners, parents, places, cap, pairs) in any_market(), seed in any::<u64>()) {
        let mut shuffled = pairs.clone();
        shuffled.sort_by_key(|p| (u64::from(p.item) * 7 + u64::from(p.owner) + 1).wrapping_mul(seed | 1));
        let market = market(owners, &parents, places, cap);
        for mode in MODES {
            prop_assert_eq!(made(mode, &market, pairs.clone()), made(mode, &market, shuffled.clone()));
        }
    }

    #[test]
    fn the_discovery_places_go_as_told(
        (owners, parents, places, cap, pairs) in any_market(), mode in prop::sample::select(&MODES[..]),
    ) {
        let made = made(mode, &market(owners, &parents, places, cap), pairs.clone());
        let absent = |item: &u32| !made.lists.iter().any(|list| items(list).contains(item));
        let mut left: Vec<u32> = (0..parents.len() as u32).filter(absent).collect();
        let mut free = vec![true; owners];
        let mut expected = vec![None; owners];
        let best = |item: u32, free: &[bool]| {
            let open = pairs.iter().filter(|p| p.item == item && free[p.owner as usize]);
            open.fold(None, |b: Option<Candidate>, p| b.filter(|b| better(b, p)).or(Some(*p)))
        };
        let all = vec![true; owners];
        left.retain(|item| best(*item, &all).is_some());
        left.sort_by(|a, b| match (best(*a, &all), best(*b, &all)) {
            (Some(a), Some(b)) if better(&a, &b) => std::cmp::Ordering::Less,
            _ => std::cmp::Ordering::Greater,
        });
        for item in left {
            if let Some(pair) = best(item, &free) {
                free[pair.owner as usize] = false;
                expected[pair.owner as usize] = Some(item);
            }
        }
        let got: Vec<Option<u32>> = made.lists.iter().map(|l| l.discovery.map(|p| p.item)).collect();
        prop_assert_eq!(got, expected);
    }

    #[test]
    fn the_order_of_a_list_takes_the_best_after_its_penalty(
        (owners, parents, places, cap, pairs) in any_market(), mode in prop::sample::select(&MODES[..]),
    ) {
        for list in made(mode, &market(owners, &parents, places, cap), pairs).lists {
            let parent = |place: &Place| parents[place.item as usize];
            let worth = |before: &[Place], place: &Place| {
                let same = before.iter().filter(|p| parent(p).is_some() && parent(p) == parent(place)).count();
                (i64::from(place.score) - 20_000_000 * same as i64, place.confidence, std::cmp::Reverse(place.item))
            };
            for (at, place) in list.places.iter().enumerate() {
                let (before, rest) = list.places.split_at(at);
                let chosen = worth(before, place);
                prop_assert_eq!(i64::from(place.score) - i64::from(place.penalty), chosen.0);
                prop_assert!(rest.iter().all(|other| worth(before, other) <= chosen));
            }
        }
    }
}

#[test]
fn three_hundred_investors_over_eight_hundred_startups_have_a_cap_of_twelve() {
    assert_eq!(Rules::of(300, 800), Rules { places: 10, cap: 12 });
    assert_eq!(Rules::of(1, 1_000).cap, 1);
    assert_eq!(Rules::of(0, 5).cap, 1);
    assert_eq!(Rules::of(5, 0).cap, 150);
}

#[test]
fn a_displaced_one_is_told_its_number_and_the_lists_that_it_is_in() {
    let pairs = vec![pair(900, 0, 0), pair(800, 0, 1), pair(700, 1, 1), pair(600, 2, 1)];
    let made = recommend(&market(2, &[None; 3], 2, 1), pairs);
    assert_eq!((items(&made.lists[0]), items(&made.lists[1])), (vec![0], vec![1, 2]));
    let out = Displaced { item: 0, score: 800, confidence: 0, number: 1, appearances: 1 };
    assert_eq!(made.lists[1].displaced, vec![out]);
    let report = made.report;
    assert_eq!((report.score_uncapped, report.score, report.loss), (900 + 800 + 700, 900 + 700 + 600, 200));
    assert_eq!((report.displaced, report.covered, report.coverage_ppm), (1, 3, 1_000_000));
    assert_eq!(report.exposure, 1_000_000 * 2 + 630_929);
}

#[test]
fn the_greatest_total_takes_the_second_best_of_one_for_the_best_of_another() {
    let pairs = vec![pair(100, 0, 0), pair(90, 1, 0), pair(95, 0, 1), pair(10, 1, 1)];
    let market = market(2, &[None; 2], 1, 1);
    let (stable, max) = (recommend(&market, pairs.clone()), made(Mode::Max, &market, pairs));
    assert_eq!((items(&stable.lists[0]), items(&stable.lists[1])), (vec![0], vec![1]));
    assert_eq!((items(&max.lists[0]), items(&max.lists[1])), (vec![1], vec![0]));
    let out = Displaced { item: 0, score: 100, confidence: 0, number: 1, appearances: 1 };
    assert_eq!((max.lists[0].displaced.clone(), max.lists[1].displaced.clone()), (vec![out], vec![]));
    assert_eq!((max.report.score, max.report.bound, max.report.loss), (185, Some(185), 10));
    assert_eq!((stable.report.score, stable.report.bound, stable.report.loss), (110, None, 85));
}

#[test]
fn equal_totals_are_decided_by_the_numbers_in_the_owners_own_order() {
    let pairs = vec![pair(50, 0, 0), pair(50, 1, 0), pair(50, 2, 0), pair(0, 3, 0)];
    let all = made(Mode::Max, &market(1, &[None; 4], 2, 1), pairs.clone());
    assert_eq!(items(&all.lists[0]), vec![0, 1]);
    assert_eq!(items(&made(Mode::Max, &market(1, &[None; 4], 4, 1), pairs).lists[0]), vec![0, 1, 2, 3]);
}

#[test]
fn who_is_in_no_list_gets_the_extra_place_of_the_best_owner_that_is_free() {
    let pairs = vec![pair(900, 0, 0), pair(50, 1, 0), pair(40, 2, 0), pair(30, 2, 1), pair(800, 0, 1)];
    let made = recommend(&market(2, &[None; 3], 1, 2), pairs);
    assert_eq!((items(&made.lists[0]), items(&made.lists[1])), (vec![0], vec![0]));
    let found: Vec<Option<u32>> = made.lists.iter().map(|l| l.discovery.map(|p| p.item)).collect();
    assert_eq!(found, vec![Some(1), Some(2)]);
    assert_eq!((made.report.taken, made.report.discoveries, made.report.most_appearances), (2, 2, 2));
    assert_eq!((made.report.most_to_fair_ppm, made.report.gini_appearances_ppm), (1_500_000, 166_666));
}

#[test]
fn a_second_of_a_sector_comes_after_a_first_that_is_nearly_as_good() {
    let pairs =
        vec![pair(100_000_000, 0, 0), pair(95_000_000, 1, 0), pair(80_000_000, 2, 0), pair(60_000_000, 3, 0)];
    let made = recommend(&market(1, &[Some(4), Some(4), Some(9), None], 4, 1), pairs);
    assert_eq!(items(&made.lists[0]), vec![0, 2, 1, 3]);
    assert_eq!(made.lists[0].places.iter().map(|p| p.penalty).collect::<Vec<_>>(), vec![0, 0, 20_000_000, 0]);
}

#[test]
fn nobody_at_all_is_a_report_of_zeros() {
    let made = recommend(&market(0, &[], 10, 1), Vec::new());
    assert_eq!(made.report, Report { places: 10, cap: 1, ..Report::default() });
}
