//! What holds for every pair: order does not matter, improvements do not hurt, silence does not pay.
//!
//! Invariant: a property relates results to each other and repeats no table of the score; `PROPTEST_CASES` makes more examples.
//! Read next: [`super::ranking`].

use super::golden::fixture;
use super::population::{Dice, country, deal, investor, startup, whole, world};
use crate::harness::times;
use proptest::prelude::*;
use serde_json::Value;
use springboard::engine::profile::{
    AcceleratorRecord, Ask, Contact, Deal, Investor, MaturityLevels, Pitch, Reference, Startup, World, parse,
};
use springboard::engine::words::{
    AcceleratorStatus, CooperationModel, LocalReference, Protection, ReferenceKind, Regulatory, Sector,
};
use springboard::engine::{
    Assessor, Changes, Explanation, Factor, InvestorFactor, Listing, Overrides, Query, Snapshot,
    StartupFactor, bucket,
};

fn explain(world: &World, startup: &Startup, investor: &Investor) -> Explanation {
    Assessor::new(world).explain(startup.clone(), investor.clone())
}

/// Everything comparable of an explanation.
fn numbers(e: &Explanation) -> impl PartialEq + std::fmt::Debug + use<> {
    let lines: Vec<_> = e.ledger.lines().collect();
    (e.market, e.gates, e.unknown_gates, e.outcome, e.investor_factors, e.startup_factors, lines)
}

/// Own weights that leave one factor alone.
fn only<F: Factor>(factor: F) -> Overrides<F> {
    let weights = F::TABLE.iter().map(|row| (row.0.name(), if row.0 == factor { 1_000 } else { 0 }));
    Overrides::parse(weights).expect("one weight is above 0")
}

/// Writes every list of a profile backwards, and every set twice over.
fn rewritten(profile: &mut Value) {
    const SETS: [&str; 13] = [
        "tags",
        "localised",
        "modes",
        "needs",
        "types",
        "blocks",
        "exclude_types",
        "bridges",
        "offers",
        "only_homes",
        "exclude_homes",
        "exclude_sectors",
        "markets",
    ];
    const LISTS: [&str; 4] = ["refs", "accel", "portfolio", "sectors2"];
    for (key, value) in profile.as_object_mut().expect("a profile is an object") {
        let Some(list) = value.as_array_mut() else { continue };
        if SETS.contains(&key.as_str()) {
            list.extend(list.clone());
        }
        if SETS.contains(&key.as_str()) || LISTS.contains(&key.as_str()) {
            list.reverse();
        }
    }
}

#[test]
fn the_order_of_sets_and_deals_and_repetitions_in_sets_change_nothing() {
    let world: World = parse(&fixture("world.json")).expect("the world is well formed");
    for line in fixture("pairs.ndjson").lines() {
        let mut pair: Value = serde_json::from_str(line).expect("a line is JSON");
        let explained = |pair: &Value| {
            let startup: Startup = parse(&pair["startup"].to_string()).expect("a startup");
            let investor: Investor = parse(&pair["investor"].to_string()).expect("an investor");
            explain(&world, &startup, &investor)
        };
        let before = explained(&pair);
        rewritten(&mut pair["startup"]);
        rewritten(&mut pair["investor"]);
        assert_eq!(numbers(&before), numbers(&explained(&pair)));
    }
}

/// Steps that are real improvements of facts the startup has stated, towards the market of the pair.
fn improvements(dice: &mut Dice, s: &Startup, i: &Investor, world: &World) -> Vec<(&'static str, Startup)> {
    let market = explain(world, s, i).market;
    let mut steps = Vec::new();
    let mut step = |name, change: &dyn Fn(&mut Startup)| {
        let mut next = s.clone();
        change(&mut next);
        steps.push((name, next));
    };
    let kind = dice.pick(ReferenceKind::ALL);
    let day = world.today - dice.below(3_000) as i32;
    step("a reference", &|s| {
        s.references
            .iter_mut()
            .for_each(|r| r.push(Reference { country: market, kind, day, verified: true }));
    });
    step("verification", &|s| s.references.iter_mut().flatten().for_each(|r| r.verified = true));
    step("freshness", &|s| s.references.iter_mut().flatten().for_each(|r| r.day = r.day.max(world.today)));
    step("an accelerator", &|s| {
        let record = AcceleratorRecord { target: market, status: AcceleratorStatus::Active };
        s.accelerators.iter_mut().for_each(|list| list.push(record.clone()));
    });
    step("approval", &|s| {
        s.regulatory
            .iter_mut()
            .flatten()
            .for_each(|(c, l)| *l = if *c == market { Regulatory::Approved } else { *l });
    });
    step("protection", &|s| {
        s.protection
            .iter_mut()
            .flatten()
            .for_each(|(c, l)| *l = if *c == market { Protection::Granted } else { *l });
    });
    step("localisation", &|s| s.localised.iter_mut().for_each(|l| _ = l.insert(market)));
    step("an offer", &|s| s.offers.iter_mut().for_each(|o| *o.entry(market).or_insert(0) += 1));
    step("fluency", &|s| s.languages.iter_mut().flatten().for_each(|(_, level)| *level = whole(3)));
    step("an interpreter", &|s| s.interpreter = true);
    step("a contact", &|s| {
        let contact = Contact { organisation: "chamber".to_owned(), country: market, strength: whole(3) };
        s.contacts.iter_mut().for_each(|list| list.push(contact.clone()));
    });
    step("maturity", &|s| {
        s.maturity.iter_mut().for_each(|m| m.trl = m.trl.map(|l| whole(i64::from(l.get() + 1).min(9))));
    });
    step("a pitch", &|s| s.pitch.iter_mut().for_each(|p| p.calibrated = whole(1_000_000)));
    step("a wanted type", &|s| s.types.iter_mut().for_each(|t| _ = t.insert(i.kind.clone())));
    step("a common tag", &|s| s.tags.iter_mut().for_each(|t| t.extend(i.tags.iter().next().cloned())));
    steps
}

/// A field and how to state something typical in it.
type Typical = (&'static str, fn(&mut Startup, &Investor, &World));

/// Something typical to state where a field was empty, no better than what such firms usually have.
const TYPICAL: [Typical; 13] = [
    ("tags", |s, i, _| s.tags = Some(i.tags.iter().take(1).cloned().collect())),
    ("refs", |s, i, w| {
        let reference =
            Reference { country: i.home, kind: ReferenceKind::Pilot, day: w.today - 700, verified: false };
        s.references = Some(vec![reference]);
    }),
    ("accel", |s, i, _| {
        let record = AcceleratorRecord { target: i.home, status: AcceleratorStatus::Applied };
        s.accelerators = Some(vec![record]);
    }),
    ("regulatory", |s, i, _| s.regulatory = Some([(i.home, Regulatory::Planned)].into())),
    ("ip", |s, i, _| s.protection = Some([(i.home, Protection::Filed)].into())),
    ("localised", |s, i, _| s.localised = Some([i.home].into())),
    ("offers", |s, i, _| s.offers = Some([(i.home, 1)].into())),
    ("langs", |s, i, _| {
        s.languages = i.languages.as_ref().map(|l| l.keys().map(|k| (k.clone(), whole(3))).collect());
    }),
    ("tz", |s, i, _| s.time_zone = i.time_zone),
    ("bridges", |s, i, _| {
        let contact = Contact { organisation: "club".to_owned(), country: i.home, strength: whole(1) };
        s.contacts = Some(vec![contact]);
    }),
    ("modes", |s, i, _| s.models = i.models.or(Some([CooperationModel::Equity].into_iter().collect()))),
    ("irl", |s, _, _| {
        let level = Some(whole(5));
        s.maturity =
            Some(MaturityLevels { trl: level, crl: level, brl: level, iprl: level, tmrl: level, frl: level });
    }),
    ("pitch", |s, _, w| s.pitch = Some(Pitch { calibrated: whole(500_000), judges: 5, day: w.today })),
];

/// Replaces one deal's feature by the startup's own.
fn alike(dice: &mut Dice, s: &Startup, deal: &mut Deal) -> InvestorFactor {
    match dice.below(5) {
        0 => {
            deal.home = deal.home.map(|_| s.home);
            InvestorFactor::Country
        }
        1 => {
            let city = deal.city.is_some() && deal.home == Some(s.home);
            deal.city = if city { s.city.clone() } else { deal.city.clone() };
            InvestorFactor::City
        }
        2 => {
            deal.round = deal.round.map(|known| s.round.unwrap_or(known));
            InvestorFactor::Stage
        }
        3 => {
            deal.amount =
                if deal.amount > 0 { s.ask.map_or(deal.amount, |ask| ask.target.max(1)) } else { 0 };
            InvestorFactor::Ticket
        }
        _ => {
            deal.with.extend(s.backers.iter().flatten());
            InvestorFactor::CoInvestors
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: times("PROPTEST_CASES", 300), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_back_the_same(seed: u64) {
        let dice = &mut Dice::new(seed);
        let (world, s, i) = (world(dice), startup(dice, 1), investor(dice, 2));
        prop_assert_eq!(parse(&serde_json::to_string(&world)?), Ok(world));
        prop_assert_eq!(parse(&serde_json::to_string(&s)?), Ok(s));
        prop_assert_eq!(parse(&serde_json::to_string(&i)?), Ok(i));
    }

    #[test]
    fn the_ledger_sums_to_the_score_for_any_weights(seed: u64) {
        let dice = &mut Dice::new(seed);
        let world = world(dice);
        let (mut s, mut i) = (startup(dice, 1), investor(dice, 2));
        (s.weights, i.weights) = (dice.weights(), dice.weights());
        let e = explain(&world, &s, &i);
        prop_assert_eq!(e.ledger.lines().map(|(_, line)| line).sum::<i64>(), e.outcome.score() as i64);
        prop_assert_eq!(e.ledger.lines().count(), 23);
        prop_assert_eq!(e.weights.investor.iter().sum::<u16>(), 1_000);
        prop_assert_eq!(e.weights.startup.iter().sum::<u16>(), 1_000);
    }

    #[test]
    fn a_factor_that_alone_weighs_is_the_whole_utility(seed: u64) {
        let dice = &mut Dice::new(seed);
        let world = world(dice);
        let (mut s, mut i) = (startup(dice, 1), investor(dice, 2));
        let (theirs, ours) = (dice.pick(InvestorFactor::TABLE).0, dice.pick(StartupFactor::TABLE).0);
        (i.weights, s.weights) = (only(theirs), only(ours));
        let e = explain(&world, &s, &i);
        prop_assert_eq!(e.weights.investor[theirs.index()], 1_000);
        prop_assert_eq!(e.outcome.investor_utility, 1_000 * u64::from(e.investor_factors[theirs.index()].points));
        prop_assert_eq!(e.outcome.startup_utility, 1_000 * u64::from(e.startup_factors[ours.index()].points));
        let (a, b) = (e.ledger.investor[theirs.index()], e.ledger.startup[ours.index()]);
        prop_assert!(e.outcome.before == 0 || a + b == e.outcome.before);
    }

    #[test]
    fn no_improvement_of_a_stated_fact_lowers_the_score(seed: u64) {
        let dice = &mut Dice::new(seed);
        let world = world(dice);
        let (s, i) = (startup(dice, 1), investor(dice, 2));
        let before = explain(&world, &s, &i);
        for (name, better) in improvements(dice, &s, &i, &world) {
            let after = explain(&world, &better, &i);
            prop_assert!(after.outcome.score() >= before.outcome.score(), "{}", name);
        }
    }

    #[test]
    fn stating_something_typical_never_scores_below_silence(seed: u64) {
        let dice = &mut Dice::new(seed);
        let world = world(dice);
        let (mut s, mut i) = (startup(dice, 1), investor(dice, 2));
        i.markets = [i.home].into();
        i.tags.insert("ai".to_owned());
        i.models = i.models.map(|_| [CooperationModel::Debt].into_iter().collect());
        i.languages.iter_mut().for_each(|spoken| _ = spoken.insert("en".to_owned(), whole(2)));
        (s.targets, s.interpreter) = (None, false);
        for (name, state) in TYPICAL {
            let (mut silent, mut stated) = (s.clone(), s.clone());
            for (field, clear) in CLEAR {
                if field == name {
                    clear(&mut silent);
                    clear(&mut stated);
                }
            }
            state(&mut stated, &i, &world);
            let score = |s: &Startup| explain(&world, s, &i).outcome.score();
            prop_assert!(score(&stated) >= score(&silent), "{}", name);
        }
    }

    #[test]
    fn a_deal_more_like_the_startup_never_lowers_the_factor_it_is_like_it_in(seed: u64) {
        let dice = &mut Dice::new(seed);
        let world = world(dice);
        let (s, mut i) = (startup(dice, 1), investor(dice, 2));
        i.portfolio.push(deal(dice));
        let mut next = i.clone();
        let at = dice.below(next.portfolio.len() as u64) as usize;
        let factor = alike(dice, &s, &mut next.portfolio[at]);
        let points = |i: &Investor| explain(&world, &s, i).investor_factors[factor.index()].points;
        prop_assert!(points(&next) >= points(&i), "{:?}", factor);
    }

    #[test]
    fn a_deal_in_the_startups_leaf_never_lowers_the_sector(seed: u64) {
        let dice = &mut Dice::new(seed);
        let world = world(dice);
        let (mut s, mut i) = (startup(dice, 1), investor(dice, 2));
        let leaf = Sector::parse("ict.ai").expect("a leaf");
        (s.sector, s.further_sectors) = (Some(leaf.clone()), [].into());
        i.portfolio.push(Deal { sectors: [Sector::parse("mfg.robots").expect("a leaf")].into(), ..deal(dice) });
        let mut next = i.clone();
        next.portfolio.last_mut().expect("there is one").sectors = [leaf].into();
        let points = |i: &Investor| explain(&world, &s, i).investor_factors[0].points;
        prop_assert!(points(&next) >= points(&i));
    }

    #[test]
    fn a_score_never_changes_when_somebody_else_comes(seed: u64) {
        let dice = &mut Dice::new(seed);
        let mut changes = Changes::default();
        let world = world(dice);
        (0..6).for_each(|id| changes.put_startup(startup(dice, id)));
        let investors: Vec<Investor> = (0..3).map(|id| investor(dice, id)).collect();
        investors.iter().for_each(|i| changes.put_investor(Listing::open(i.clone())));
        let before = Snapshot::new(world).with(changes);
        let mut more = Changes::default();
        (100..106).for_each(|id| more.put_startup(startup(dice, id)));
        (100..103).for_each(|id| more.put_investor(Listing::open(investor(dice, id))));
        let after = before.with(more);
        for i in &investors {
            let all = |snapshot: &Snapshot| snapshot.startups_for(i.id, &Query::top(100)).expect("it is there").hits;
            let mut still = all(&after);
            still.retain(|hit| hit.id < 100);
            prop_assert_eq!(still, all(&before));
        }
    }

    #[test]
    fn a_half_octave_holds_what_the_square_says(usd: u64) {
        let (bucket, square) = (u32::from(bucket(usd)), u128::from(usd.max(1)).pow(2));
        prop_assert!(square >= 1 << bucket && (bucket == 127 || square < 1 << (bucket + 1)));
    }
}

/// A field and how to leave it out.
type Clear = (&'static str, fn(&mut Startup));

const CLEAR: [Clear; 13] = [
    ("tags", |s| s.tags = None),
    ("refs", |s| s.references = None),
    ("accel", |s| s.accelerators = None),
    ("regulatory", |s| s.regulatory = None),
    ("ip", |s| s.protection = None),
    ("localised", |s| s.localised = None),
    ("offers", |s| s.offers = None),
    ("langs", |s| s.languages = None),
    ("tz", |s| s.time_zone = None),
    ("bridges", |s| s.contacts = None),
    ("modes", |s| s.models = None),
    ("irl", |s| s.maturity = None),
    ("pitch", |s| s.pitch = None),
];

#[test]
fn greatest_and_smallest_inputs_stay_in_range() {
    let dice = &mut Dice::new(1);
    let world = World { today: i32::MIN, ..world(dice) };
    let s = Startup {
        ask: Some(Ask { cheque: u64::MAX, target: u64::MAX }),
        backers: Some(vec![u64::MAX; 6]),
        pitch: Some(Pitch { calibrated: whole(0), judges: u32::MAX, day: i32::MAX }),
        ..Startup::bare(springboard::engine::profile::StartupKey(u64::MAX), country("CN"))
    };
    let i = Investor {
        asked: u32::MAX,
        answered: u32::MAX,
        updated: Some(i32::MAX),
        local_ref: LocalReference::Require,
        portfolio: vec![Deal { amount: u64::MAX, with: [u64::MAX].into(), ..deal(dice) }; 2_000],
        ..investor(dice, u64::MAX)
    };
    let e = explain(&world, &s, &i);
    assert!(e.outcome.score() <= 1_000_000_000 && e.outcome.confidence <= 250_000);
}
