//! The greatest total against its own prices, against every choice there is, and against the walk.
//!
//! Invariant: a proof reads the prices and what is held, and nothing of how they were found. Read next: [`super`].

use super::super::tests::any_market;
use super::super::walk::{Lists, Mode, Rules, recommend};
use super::*;
use proptest::prelude::*;
use std::convert::Infallible;

fn optimum(market: &Market<'_>, pairs: &[Candidate]) -> Flow {
    let mut pairs = pairs.to_vec();
    pairs.sort_unstable_by_key(|p| (Reverse((p.score, p.confidence)), p.item, p.owner));
    Flow::optimum(market, &pairs, &mut || Ok::<_, Infallible>(())).expect("an optimum")
}

fn lists(market: &Market<'_>, mode: Mode, pairs: &[Candidate]) -> Lists {
    recommend(market, mode, pairs.to_vec(), &mut || Ok::<_, Infallible>(())).expect("lists")
}

/// What is wrong with the prices as a proof: every condition of complementary slackness, one by one.
fn unproven(flow: &Flow) -> Option<String> {
    let mut appearances = vec![0; flow.prices.len()];
    for (owner, rent) in flow.rents.iter().enumerate() {
        let own = &flow.arcs[flow.own(owner)];
        let taken = own.iter().filter(|arc| arc.held).count();
        if *rent < 0 || taken > flow.places || (*rent > 0 && taken < flow.places) {
            return Some(format!("owner {owner}: {taken} places, rent {rent}"));
        }
        for arc in own {
            let worth = arc.weight - rent - flow.prices[arc.item as usize];
            appearances[arc.item as usize] += usize::from(arc.held);
            if (arc.held && worth < 0) || (!arc.held && worth > 0) {
                return Some(format!("owner {owner}: {arc:?} is worth {worth}"));
            }
        }
    }
    let wrong = |(n, price): (&usize, &i64)| *price < 0 || *n > flow.cap || (*price > 0 && *n < flow.cap);
    let at = appearances.iter().zip(&flow.prices).position(wrong)?;
    Some(format!("item {at}: {} appearances at the price {}", appearances[at], flow.prices[at]))
}

fn total(flow: &Flow) -> i64 {
    flow.arcs.iter().filter(|arc| arc.held).map(|arc| arc.weight).sum()
}

/// The best weight of all choices of arcs, each tried.
fn exhaustive(flow: &Flow) -> i64 {
    let owners: Vec<usize> = (0..flow.rents.len()).flat_map(|o| flow.own(o).map(move |_| o)).collect();
    let admitted = |choice: u32| {
        let (mut places, mut appearances) = (vec![0; flow.rents.len()], vec![0; flow.prices.len()]);
        let mut sum = 0;
        for (at, arc) in flow.arcs.iter().enumerate().filter(|(at, _)| choice & (1 << at) != 0) {
            places[owners[at]] += 1;
            appearances[arc.item as usize] += 1;
            sum += arc.weight;
        }
        let fits = places.iter().all(|n| *n <= flow.places) && appearances.iter().all(|n| *n <= flow.cap);
        fits.then_some(sum)
    };
    (0..1 << flow.arcs.len()).filter_map(admitted).max().unwrap_or_default()
}

/// A market of up to three by four, every pair of which may be chosen or not.
fn tiny_market() -> impl Strategy<Value = (usize, usize, u32, u32, Vec<Candidate>)> {
    (1..4usize, 1..5usize, 1..3u32, 1..3u32).prop_flat_map(|(owners, items, places, cap)| {
        let cells = prop::collection::vec((0..6u32, 0..2u32), owners * items);
        cells.prop_map(move |cells| {
            let pair = |(at, (score, confidence)): (usize, (u32, u32))| {
                let (item, owner) = ((at % items) as u32, (at / items) as u32);
                Candidate { score, confidence, item, owner }
            };
            (owners, items, places, cap, cells.into_iter().enumerate().map(pair).collect())
        })
    })
}

/// A market in which everybody wants much the same: what all think of an item, and a little of one's own.
fn crowded_market() -> impl Strategy<Value = (usize, usize, u32, u32, Vec<Candidate>)> {
    let sizes = (2..16usize, 2..24usize, 1..6u32, 1..5u32, 1..2_000u32);
    sizes.prop_flat_map(|(owners, items, places, cap, taste)| {
        let worth = prop::collection::vec(0..1_000_000u32, items);
        let own = prop::collection::vec(prop::option::weighted(0.9, 0..1_000u32), owners * items);
        (worth, own).prop_map(move |(worth, own)| {
            let pair = |(at, own): (usize, &Option<u32>)| {
                let (item, owner) = ((at % items) as u32, (at / items) as u32);
                Some(Candidate { score: worth[at % items] + (*own)? * taste / 2, confidence: 0, item, owner })
            };
            let pairs = own.iter().enumerate().filter_map(pair).collect();
            (owners, items, places, cap, pairs)
        })
    })
}

proptest! {
    #[test]
    fn the_prices_prove_the_total_of_any_market((owners, parents, places, cap, pairs) in any_market()) {
        let market = Market { owners, parents: &parents, rules: Rules { places, cap } };
        let flow = optimum(&market, &pairs);
        prop_assert_eq!(unproven(&flow), None);
        prop_assert_eq!(flow.bound(), lists(&market, Mode::Max, &pairs).report.score);
    }

    #[test]
    fn a_crowded_market_is_proven_and_never_worse_than_the_walk(
        (owners, items, places, cap, pairs) in crowded_market(),
    ) {
        let market = Market { owners, parents: &vec![None; items], rules: Rules { places, cap } };
        let flow = optimum(&market, &pairs);
        prop_assert_eq!(unproven(&flow), None);
        let (stable, max) = (lists(&market, Mode::Stable, &pairs).report, lists(&market, Mode::Max, &pairs).report);
        prop_assert_eq!(max.bound, Some(max.score));
        prop_assert!(stable.score <= max.score && 2 * stable.score >= max.score && max.score <= max.score_uncapped);
        prop_assert!(max.most_appearances <= u64::from(cap).max(1));
    }

    #[test]
    fn no_choice_of_a_tiny_market_is_better((owners, items, places, cap, pairs) in tiny_market()) {
        let market = Market { owners, parents: &vec![None; items], rules: Rules { places, cap } };
        let flow = optimum(&market, &pairs);
        prop_assert_eq!(total(&flow), exhaustive(&flow));
    }

    #[test]
    fn a_weight_is_decided_by_the_score_first((owners, parents, places, cap, pairs) in any_market()) {
        let flow = optimum(&Market { owners, parents: &parents, rules: Rules { places, cap } }, &pairs);
        let rest: i64 = flow.arcs.iter().filter(|arc| arc.held).map(|arc| arc.weight % flow.unit).sum();
        prop_assert!(rest < flow.unit);
        prop_assert!(flow.arcs.iter().all(|arc| arc.weight > 0));
    }
}

#[test]
fn whoever_watches_can_end_it() {
    let pair = |owner| Candidate { score: 5, confidence: 0, item: 0, owner };
    let market = Market { owners: 3, parents: &[None], rules: Rules { places: 1, cap: 1 } };
    let mut asked = 0;
    let ended = Flow::optimum(&market, &[pair(0), pair(1), pair(2)], &mut || {
        asked += 1;
        if asked == 2 { Err("stop") } else { Ok(()) }
    });
    assert_eq!((ended.err(), asked), (Some("stop"), 2));
}
