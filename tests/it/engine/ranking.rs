//! The engine against the oracle: random populations, filters, cursors, ties, weights, updates, both directions.
//!
//! Invariant: a list is right only if its numbers, scores and confidences are the oracle's, in its order.
//! Read next: [`super::oracle`]; `benches/ranking` compares the same at size.

use super::oracle::Oracle;
use super::population::{Dice, country, investor, sector, startup, texts, whole, world};
use crate::harness::times;
use proptest::prelude::*;
use springboard::engine::profile::{Investor, InvestorKey, Span, Startup, StartupKey, World};
use springboard::engine::words::{CooperationModel, Country};
use springboard::engine::{
    Changes, Factor, Filters, Hit, InvestorFactor, Listing, Overrides, Page, Query, Snapshot, StartupFactor,
};

/// A world with profiles, and what investors have published.
pub struct Population {
    pub world: World,
    pub startups: Vec<Startup>,
    pub listings: Vec<Listing>,
}

impl Population {
    fn new(dice: &mut Dice) -> Self {
        let (startups, investors) = (dice.below(14), dice.below(8));
        Self {
            world: world(dice),
            startups: (0..startups).map(|id| startup(dice, id)).collect(),
            listings: (0..investors).map(|id| listing(dice, id)).collect(),
        }
    }

    pub fn snapshot(&self) -> Snapshot {
        let mut changes = Changes::default();
        self.startups.iter().for_each(|s| changes.put_startup(s.clone()));
        self.listings.iter().for_each(|l| changes.put_investor(l.clone()));
        Snapshot::new(self.world.clone()).with(changes)
    }

    fn oracle<'a>(&'a self, s: &'a Startup, i: &'a Investor) -> Oracle<'a> {
        Oracle { world: &self.world, s, i }
    }

    /// What the engine should answer to an investor.
    pub fn startups_for(&self, i: &Investor, query: &Query<InvestorFactor>) -> Page {
        let own = query.weights.as_ref().unwrap_or(&i.weights);
        let hits = self.startups.iter().filter_map(|s| {
            let verdict = self.oracle(s, i).verdict_with(own, &s.weights);
            let met = verdict.closed.is_empty() && startup_meets(&query.filters, s, verdict.market);
            met.then_some(Hit {
                id: s.id.0,
                score: verdict.score as u64,
                confidence: verdict.confidence as u32,
            })
        });
        page(hits.collect(), query)
    }

    /// What the engine should answer to a startup.
    pub fn investors_for(&self, s: &Startup, query: &Query<StartupFactor>) -> Page {
        let own = query.weights.as_ref().unwrap_or(&s.weights);
        let hits = self.listings.iter().filter_map(|listing| {
            let published = listing.published.as_ref()?;
            let verdict = self.oracle(s, published).verdict_with(&Overrides::default(), own);
            let open = self.oracle(s, &listing.thesis).verdict().closed.is_empty();
            let met = open && investor_meets(&query.filters, published, verdict.market);
            met.then_some(Hit {
                id: published.id.0,
                score: verdict.score as u64,
                confidence: verdict.confidence as u32,
            })
        });
        page(hits.collect(), query)
    }
}

pub fn listing(dice: &mut Dice, id: u64) -> Listing {
    let thesis = investor(dice, id);
    match dice.below(4) {
        0 => Listing { thesis, published: None },
        1 => Listing { thesis, published: Some(investor(dice, id)) },
        _ => Listing::open(thesis),
    }
}

/// Sorts everything and cuts the page out.
fn page<F: Factor>(mut hits: Vec<Hit>, query: &Query<F>) -> Page {
    let f = &query.filters;
    hits.retain(|hit| {
        hit.score >= f.min_score && hit.confidence >= f.min_confidence && !query.exclude.contains(&hit.id)
    });
    hits.sort_by(|a, b| b.score.cmp(&a.score).then(b.confidence.cmp(&a.confidence)).then(a.id.cmp(&b.id)));
    if let Some(key) = query.after {
        hits.retain(|h| {
            h.score < key.score
                || h.score == key.score && h.confidence < key.confidence
                || h.score == key.score && h.confidence == key.confidence && h.id > key.id
        });
    }
    hits.truncate(query.k);
    Page { hits }
}

fn met<T: Ord>(asked: &std::collections::BTreeSet<T>, stated: &[&T]) -> bool {
    asked.is_empty() || asked.iter().any(|a| stated.contains(&a))
}

fn startup_meets(f: &Filters, s: &Startup, market: Country) -> bool {
    let sectors: Vec<_> = s.sector.iter().chain(&s.further_sectors).collect();
    let needs: Vec<_> = s.needs.iter().flatten().collect();
    let languages: Vec<_> = s.languages.iter().flat_map(|l| l.keys()).collect();
    let in_sector = |asked: &str| sectors.iter().any(|s| s.as_str() == asked || s.parent() == asked);
    met(&f.markets, &[&market])
        && met(&f.homes, &[&s.home])
        && (f.sectors.is_empty() || f.sectors.iter().any(|asked| in_sector(asked.as_str())))
        && f.stages.is_none_or(|range| s.stage.is_some_and(|x| range.lo() <= x && x <= range.hi()))
        && f.ask
            .is_none_or(|range| s.ask.is_some_and(|ask| range.lo() <= ask.target && ask.target <= range.hi()))
        && met(&f.needs, &needs)
        && (f.models.is_empty()
            || s.models.is_some_and(|m| m.iter().any(|m| f.models.iter().any(|a| a == m))))
        && met(&f.languages, &languages)
}

fn investor_meets(f: &Filters, i: &Investor, market: Country) -> bool {
    let offers: Vec<_> = i.offers.iter().flatten().collect();
    let languages: Vec<_> = i.languages.iter().flat_map(|l| l.keys()).collect();
    let looks_at = |asked: &str| {
        let below = |s: &str| s.split('.').next() == Some(asked);
        let parent = asked.split('.').next().unwrap_or(asked);
        i.generalist
            || i.focus.keys().any(|s| s.as_str() == asked || s.as_str() == parent || below(s.as_str()))
    };
    met(&f.markets, &[&market])
        && met(&f.homes, &[&i.home])
        && (f.sectors.is_empty() || f.sectors.iter().any(|asked| looks_at(asked.as_str())))
        && f.stages.is_none_or(|range| i.stages.is_some_and(|x| range.lo() <= x.hi() && x.lo() <= range.hi()))
        && f.ask.is_none_or(|range| i.ticket.is_some_and(|x| range.lo() <= x.hi() && x.lo() <= range.hi()))
        && met(&f.needs, &offers)
        && (f.models.is_empty()
            || i.models.is_some_and(|m| m.iter().any(|m| f.models.iter().any(|a| a == m))))
        && met(&f.languages, &languages)
        && met(&f.types, &[&i.kind])
}

/// One or two filters, now and then with a word that nobody uses.
fn filters(dice: &mut Dice) -> Filters {
    let mut f = Filters::default();
    for _ in 0..dice.below(3) {
        match dice.below(11) {
            0 => f.markets = [dice.country(), dice.country()].into(),
            1 => f.homes = [dice.country(), country("XX")].into(),
            2 => f.sectors = dice.sectors(2),
            3 => f.stages = Span::new(whole(2), whole(dice.between(2, 7))).ok(),
            4 => f.ask = Span::new(50_000, 10_000 << dice.below(14).max(3)).ok(),
            5 => f.needs = texts([dice.pick(&["bizdev", "capital", "unheard of"])]),
            6 => f.models = [dice.pick(CooperationModel::ALL)].into_iter().collect(),
            7 => f.languages = texts([dice.pick(&["en", "zh", "unheard of"])]),
            8 => f.types = texts([dice.pick(&["vc", "angel", "unheard of"])]),
            9 => f.min_score = dice.below(600_000_000),
            _ => f.min_confidence = dice.below(200_000) as u32,
        }
    }
    f
}

pub fn query<F: Factor>(dice: &mut Dice) -> Query<F> {
    Query {
        k: dice.pick(&[0, 1, 2, 5, 1_000_000]),
        after: dice.chance(30).then(|| Hit {
            id: dice.below(12),
            score: dice.below(600_000_000),
            confidence: dice.below(250_000) as u32,
        }),
        filters: filters(dice),
        weights: dice.chance(30).then(|| dice.weights()),
        exclude: (0..dice.below(3)).map(|_| dice.below(12)).collect(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: times("PROPTEST_CASES", 6), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn lists_over_many_blocks_are_the_oracles_also_after_changes(seed: u64) {
        let dice = &mut Dice::new(seed);
        let mut population = Population {
            world: world(dice),
            startups: (0..700).map(|id| startup(dice, id)).collect(),
            listings: (0..4).map(|id| listing(dice, id)).collect(),
        };
        let mut snapshot = population.snapshot();
        for round in 0..2 {
            for listing in &population.listings {
                let query = Query { k: dice.pick(&[1, 5, 50]), ..query(dice) };
                let page = snapshot.startups_for(listing.thesis.id, &query);
                prop_assert_eq!(page, Some(population.startups_for(&listing.thesis, &query)), "{} {:?}", round, query);
            }
            for _ in 0..300 {
                let id = dice.below(1_000);
                population.startups.retain(|s| s.id.0 != id);
                let revised = dice.chance(80).then(|| startup(dice, id));
                population.startups.extend(revised.clone());
                snapshot = snapshot.with(Changes { startups: [(StartupKey(id), revised)].into(), ..Changes::default() });
            }
            prop_assert_eq!(snapshot.len().0, population.startups.len());
        }
    }

    #[test]
    fn lists_over_blocks_behind_the_first_are_the_oracles(seed: u64) {
        let dice = &mut Dice::new(seed);
        let population = Population {
            world: world(dice),
            startups: (0..3_000).map(|id| startup(dice, id)).collect(),
            listings: (0..4).map(|id| listing(dice, id)).collect(),
        };
        let snapshot = population.snapshot();
        let mut further = 0;
        for listing in &population.listings {
            for query in [Query::top(20), Query::top(2_000), Query { k: 50, ..query(dice) }] {
                let (page, work) = snapshot.search(listing.thesis.id, &query).expect("the investor is there");
                further += work.blocks.saturating_sub(4);
                let (middle, last) = (page.hits.len() / 2, page.hits.last().copied());
                prop_assert_eq!(&page, &population.startups_for(&listing.thesis, &query), "{:?}", query);
                for after in [page.hits.get(middle).copied(), last].into_iter().flatten() {
                    let next = Query { after: Some(after), ..query.clone() };
                    let page = snapshot.startups_for(listing.thesis.id, &next);
                    prop_assert_eq!(page, Some(population.startups_for(&listing.thesis, &next)), "{:?}", next);
                }
            }
        }
        prop_assert!(further > 0, "every list was found in the first blocks");
    }

    #[test]
    fn lists_of_hundreds_of_investors_are_the_oracles_also_after_changes(seed: u64) {
        let dice = &mut Dice::new(seed);
        let mut population = Population {
            world: world(dice),
            startups: (0..4).map(|id| startup(dice, id)).collect(),
            listings: (0..400).map(|id| listing(dice, id)).collect(),
        };
        let mut snapshot = population.snapshot();
        for round in 0..2 {
            for s in &population.startups {
                let query = Query { k: dice.pick(&[1, 5, 50]), ..query(dice) };
                let page = snapshot.investors_for(s.id, &query);
                prop_assert_eq!(page, Some(population.investors_for(s, &query)), "{} {:?}", round, query);
            }
            for _ in 0..60 {
                let id = dice.below(500);
                population.listings.retain(|l| l.thesis.id.0 != id);
                let revised = dice.chance(80).then(|| listing(dice, id));
                population.listings.extend(revised.clone());
                snapshot = snapshot.with(Changes { investors: [(InvestorKey(id), revised)].into(), ..Changes::default() });
            }
            prop_assert_eq!(snapshot.len().1, population.listings.len());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: times("PROPTEST_CASES", 128), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_investors_list_is_the_oracles(seed: u64) {
        let dice = &mut Dice::new(seed);
        let population = Population::new(dice);
        let snapshot = population.snapshot();
        for listing in &population.listings {
            let query = query(dice);
            let page = snapshot.startups_for(listing.thesis.id, &query);
            prop_assert_eq!(page, Some(population.startups_for(&listing.thesis, &query)), "{:?}", query);
        }
    }

    #[test]
    fn a_startups_list_is_the_oracles_on_what_is_published(seed: u64) {
        let dice = &mut Dice::new(seed);
        let population = Population::new(dice);
        let snapshot = population.snapshot();
        for startup in &population.startups {
            let query = query(dice);
            let page = snapshot.investors_for(startup.id, &query);
            prop_assert_eq!(page, Some(population.investors_for(startup, &query)), "{:?}", query);
        }
    }

    #[test]
    fn every_explanation_is_the_oracles(seed: u64) {
        let dice = &mut Dice::new(seed);
        let population = Population::new(dice);
        let snapshot = population.snapshot();
        for (s, listing) in population.startups.iter().flat_map(|s| population.listings.iter().map(move |l| (s, l))) {
            let explained = snapshot.explain_to_investor(listing.thesis.id, s.id, None).expect("both are there");
            let verdict = population.oracle(s, &listing.thesis).verdict();
            let pairs = |ratings: &[springboard::engine::Rating]| -> Vec<(i128, i128)> {
                ratings.iter().map(|r| (r.points.into(), r.confidence.into())).collect()
            };
            prop_assert_eq!(explained.market, verdict.market);
            prop_assert_eq!(explained.gates.iter().map(|g| g.code()).collect::<Vec<_>>(), verdict.closed);
            prop_assert_eq!(explained.unknown_gates.iter().map(|g| g.code()).collect::<Vec<_>>(), verdict.unknown);
            prop_assert_eq!(pairs(&explained.investor_factors), verdict.investor);
            prop_assert_eq!(pairs(&explained.startup_factors), verdict.startup);
            prop_assert_eq!(i128::from(explained.outcome.essential), verdict.essential);
            prop_assert_eq!(i128::from(explained.outcome.confidence), verdict.confidence);
            prop_assert_eq!(i128::from(explained.outcome.score()), verdict.score);
            prop_assert_eq!(explained.ledger.sum(), explained.outcome.score());
            if s.weights.is_empty() {
                prop_assert_eq!(snapshot.weights_of_investor(listing.thesis.id, None), Some(explained.weights));
            }
        }
    }

    #[test]
    fn pages_follow_each_other_without_gap_or_repetition_also_among_equals(seed: u64, size in 1..4usize) {
        let dice = &mut Dice::new(seed);
        let mut population = Population::new(dice);
        for twin in population.startups.clone() {
            population.startups.push(Startup { id: StartupKey(twin.id.0 + 100), ..twin });
        }
        let snapshot = population.snapshot();
        for listing in &population.listings {
            let whole = snapshot.startups_for(listing.thesis.id, &Query::top(1_000)).expect("it is there");
            let (mut query, mut joined) = (Query::top(size), Vec::new());
            for _ in 0..=whole.hits.len() {
                let page = snapshot.startups_for(listing.thesis.id, &query).expect("it is there");
                query.after = page.hits.last().copied().or(query.after);
                joined.extend(page.hits);
            }
            prop_assert_eq!(&joined, &whole.hits);
        }
    }

    #[test]
    fn a_snapshot_changed_step_by_step_is_one_built_at_once(seed: u64) {
        let dice = &mut Dice::new(seed);
        let (before, after) = (Population::new(dice), Population::new(dice));
        let mut snapshot = before.snapshot().in_world(after.world.clone());
        for s in &before.startups {
            snapshot = snapshot.with(Changes { startups: [(s.id, None)].into(), ..Changes::default() });
        }
        for listing in &before.listings {
            let gone = [(listing.thesis.id, None)].into();
            snapshot = snapshot.with(Changes { investors: gone, ..Changes::default() });
        }
        prop_assert!(snapshot.is_empty());
        for s in after.startups.iter().rev() {
            let startups = [(s.id, Some(s.clone()))].into();
            snapshot = snapshot.with(Changes { startups, ..Changes::default() });
        }
        for listing in after.listings.iter().rev() {
            let investors = [(listing.thesis.id, Some(listing.clone()))].into();
            snapshot = snapshot.with(Changes { investors, ..Changes::default() });
        }
        assert_same_lists(&snapshot, &after.snapshot(), &after);
    }

    #[test]
    fn what_is_open_ranks_the_same_from_both_sides(seed: u64) {
        let dice = &mut Dice::new(seed);
        let mut population = Population::new(dice);
        for listing in &mut population.listings {
            listing.thesis.weights = Overrides::default();
            *listing = Listing::open(listing.thesis.clone());
        }
        let snapshot = population.snapshot();
        let mut from_investors = Vec::new();
        for listing in &population.listings {
            let page = snapshot.startups_for(listing.thesis.id, &Query::top(100)).expect("it is there");
            from_investors.extend(page.hits.iter().map(|h| (h.id, listing.thesis.id.0, h.score, h.confidence)));
        }
        let mut from_startups = Vec::new();
        for s in &population.startups {
            let page = snapshot.investors_for(s.id, &Query::top(100)).expect("it is there");
            from_startups.extend(page.hits.iter().map(|h| (s.id.0, h.id, h.score, h.confidence)));
        }
        from_investors.sort_unstable();
        from_startups.sort_unstable();
        prop_assert_eq!(from_investors, from_startups);
    }

    #[test]
    fn a_startup_is_shown_nothing_that_only_the_whole_thesis_decides(seed: u64) {
        let dice = &mut Dice::new(seed);
        let population = Population::new(dice);
        let snapshot = population.snapshot();
        for (s, listing) in population.startups.iter().flat_map(|s| population.listings.iter().map(move |l| (s, l))) {
            let explained = snapshot.explain_to_startup(s.id, listing.thesis.id, None);
            let Some(published) = &listing.published else {
                prop_assert!(explained.is_none());
                continue;
            };
            let public = population.oracle(s, published).verdict_with(&Overrides::default(), &s.weights);
            let closed = population.oracle(s, &listing.thesis).verdict().closed;
            prop_assert_eq!(explained.is_none(), closed.iter().any(|code| !public.closed.contains(code)));
            if let Some(explained) = explained {
                prop_assert_eq!(i128::from(explained.outcome.score()), public.score);
                prop_assert_eq!(explained.gates.iter().map(|g| g.code()).collect::<Vec<_>>(), public.closed);
            }
        }
    }
}

fn assert_same_lists(one: &Snapshot, other: &Snapshot, population: &Population) {
    assert_eq!(one.len(), other.len());
    for listing in &population.listings {
        let query = Query::top(100);
        assert_eq!(
            one.startups_for(listing.thesis.id, &query),
            other.startups_for(listing.thesis.id, &query)
        );
    }
    for s in &population.startups {
        let query = Query::top(100);
        assert_eq!(one.investors_for(s.id, &query), other.investors_for(s.id, &query));
    }
}

#[test]
fn a_sector_filter_finds_focus_above_and_below_it() {
    let found = |focus: &str, asked: &str| {
        let mut thesis = Investor::bare(InvestorKey(2), "vc", country("CN"));
        thesis.focus.insert(sector(focus), whole(2));
        let mut changes = Changes::default();
        changes.put_startup(Startup::bare(StartupKey(1), country("RU")));
        changes.put_investor(Listing::open(thesis));
        let snapshot = Snapshot::new(World::default()).with(changes);
        let filters = Filters { sectors: [sector(asked)].into(), ..Filters::default() };
        let query = Query { filters, ..Query::top(1) };
        snapshot.investors_for(StartupKey(1), &query).expect("it is there").hits.len() == 1
    };
    assert!(found("ict.ai", "ict.ai") && found("ict.ai", "ict") && found("ict", "ict"));
    assert!(found("ict", "ict.ai"), "also a leaf that no profile names");
    assert!(!found("ict.ai", "bio") && !found("ict.ai", "ict.speech"));
}

#[test]
fn a_startups_weights_are_named_as_before_an_investor_without_deals() {
    let own = Overrides::parse([("access", 1_000), ("ticket", 0)]).expect("weights that can be used");
    let mut changes = Changes::default();
    changes.put_startup(Startup::bare(StartupKey(1), country("RU")));
    changes.put_investor(Listing::open(Investor::bare(InvestorKey(2), "vc", country("CN"))));
    let snapshot = Snapshot::new(World::default()).with(changes);
    let explained =
        snapshot.explain_to_startup(StartupKey(1), InvestorKey(2), Some(&own)).expect("both are there");
    assert_eq!(snapshot.weights_of_startup(StartupKey(1), Some(&own)), Some(explained.weights));
    assert_eq!(explained.weights.startup, [613, 0, 104, 80, 74, 49, 43, 37]);
}

#[test]
fn asking_for_somebody_who_is_not_there_answers_nothing() {
    let snapshot = Population::new(&mut Dice::new(7)).snapshot();
    assert_eq!(snapshot.startups_for(InvestorKey(999), &Query::top(5)), None);
    assert_eq!(snapshot.investors_for(StartupKey(999), &Query::top(5)), None);
    assert!(snapshot.explain_to_investor(InvestorKey(999), StartupKey(0), None).is_none());
}
