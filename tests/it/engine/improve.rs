//! What would help: every step of every golden pair against the reference, plans, markets, gaps and theses.
//!
//! The golden steps were made with the `actions` of the reference, each scored by it, for every line of the golden pairs:
//! code, label, change of the score, confidence and closed gates after it, in the reference's order.
//! Invariant: what a step is said to bring is the difference of two scores that are asked for apart.
//! Read next: `src/engine/improve/mod.rs`.

use super::golden::fixture;
use super::population::{self, Dice, country, whole};
use serde_json::{Value, json};
use springboard::engine::improve::catalogue::Step;
use springboard::engine::improve::counterfactual::{PLAN, Prospect, Trial};
use springboard::engine::improve::gap::{GapPart, TARGET, gap};
use springboard::engine::improve::reach::{BEST, LIST, Reach, market_prospect};
use springboard::engine::improve::thesis::{Criterion, Verdict, check};
use springboard::engine::profile::{Investor, InvestorKey, Startup, StartupKey, World, parse};
use springboard::engine::words::{Country, ReferenceKind, Regulatory};
use springboard::engine::{
    Changes, Factor, Filters, Gate, Hit, InvestorFactor, Listing, Overrides, Query, Snapshot, StartupFactor,
};
use std::collections::{BTreeSet, HashSet};

fn profiles(line: &str) -> (Startup, Investor) {
    let pair: Value = serde_json::from_str(line).expect("a line is JSON");
    let part = |key: &str| pair[key].to_string();
    (parse(&part("startup")).expect("a startup"), parse(&part("investor")).expect("an investor"))
}

/// Compares every step of every pair of a file; answers how many there were.
fn compare(world: &str, pairs: &str, steps: &str) -> usize {
    let world: World = parse(&fixture(world)).expect("a world");
    let (pairs, steps) = (fixture(pairs), fixture(steps));
    assert_eq!(pairs.lines().count(), steps.lines().count());
    let mut compared = 0;
    for (pair, expected) in pairs.lines().zip(steps.lines()) {
        let (startup, investor) = profiles(pair);
        let mut trial = Trial::new(&world, investor);
        let now = trial.explain(&startup);
        let tried = trial.every(&startup, &now);
        let got: Vec<Value> = tried
            .iter()
            .map(|(i, copy)| {
                let gates: Vec<&str> = trial.explain(copy).gates.iter().map(Gate::code).collect();
                json!([i.step.code(), i.step.label(now.market), i.gain, i.confidence, gates])
            })
            .collect();
        compared += got.len();
        let expected: Vec<Value> = serde_json::from_str(expected).expect("a line is JSON");
        assert_eq!(got, expected, "{pair}");
    }
    compared
}

#[test]
fn every_step_of_every_pair_equals_the_reference() {
    assert!(compare("world.json", "pairs.ndjson", "pairs.steps.ndjson") >= 4_000);
    assert!(compare("stories.world.json", "stories.ndjson", "stories.steps.ndjson") >= 140);
}

fn story(name: &str) -> Prospect {
    let world: World = parse(&fixture("stories.world.json")).expect("a world");
    let stories = fixture("stories.ndjson");
    let line = stories.lines().find(|line| line.contains(&format!("\"name\":\"{name}"))).expect("a story");
    let pair: Value = serde_json::from_str(line).expect("JSON");
    let part = |key: &str| pair[key].to_string();
    let (startup, investor) =
        (parse(&part("startup")).expect("a startup"), parse(&part("investor")).expect("an investor"));
    Trial::new(&world, investor).prospect(&startup)
}

#[test]
fn who_has_references_at_home_only_is_told_what_people_who_did_it_say() {
    let prospect = story("1b");
    let first: Vec<Step> = prospect.steps.iter().map(|i| i.step).take(3).collect();
    let reference = |kind| Step::Reference(kind);
    assert_eq!(
        first,
        [ReferenceKind::LocalEntity, ReferenceKind::Customer, ReferenceKind::Pilot].map(reference)
    );
    assert!(prospect.steps.iter().all(|i| i.gain > 0 && i.opens.is_empty()));
}

#[test]
fn a_step_that_opens_a_gate_says_which() {
    let opens = |name: &str, gate: Gate| -> Vec<Step> {
        let steps = story(name).steps;
        steps.into_iter().filter(|i| i.opens == [gate]).map(|i| i.step).collect()
    };
    let reference = |kind| Step::Reference(kind);
    assert_eq!(
        opens("1f", Gate::NoLocalReference),
        [ReferenceKind::LocalEntity, ReferenceKind::Customer, ReferenceKind::Pilot].map(reference)
    );
    assert_eq!(opens("2d", Gate::Milestone), [Step::Regulation]);
}

#[test]
fn verifying_is_offered_where_it_opens_a_gate_even_if_it_adds_nothing() {
    let (world, market) = (World { today: 20_000, ..World::default() }, population::country("CN"));
    let startup: Startup =
        parse(r#"{"id":1,"home":"RU","refs":[{"country":"CN","kind":"media","day":1,"verified":false}]}"#)
            .expect("a startup");
    let mut investor: Investor =
        parse(r#"{"id":1,"type":"vc","home":"CN","markets":["CN"],"local_ref":"require"}"#)
            .expect("an investor");
    investor.weights =
        Overrides::parse([("local_refs", 0), ("readiness", 0), ("comms", 0)]).expect("weights");
    let prospect = Trial::new(&world, investor).prospect(&startup);
    let verification = prospect.steps.iter().find(|i| i.step == Step::Verification).expect("it is offered");
    assert_eq!((verification.gain, verification.opens.as_slice()), (0, &[Gate::NoLocalReference][..]));
    assert_eq!(prospect.now.market, market);
}

#[test]
fn a_step_that_closes_a_gate_is_not_offered() {
    let world = World { today: 20_000, ..World::default() };
    let startup: Startup = parse(r#"{"id":1,"home":"RU"}"#).expect("a startup");
    let investor: Investor =
        parse(r#"{"id":1,"type":"vc","home":"CN","markets":["CN"],"min_regulatory":"approved"}"#)
            .expect("an investor");
    let mut trial = Trial::new(&world, investor);
    let now = trial.explain(&startup);
    let every = trial.every(&startup, &now);
    let (filing, _) = every.iter().find(|(i, _)| i.step == Step::Regulation).expect("it was tried");
    assert!(filing.gain > 0 && filing.closes == [Gate::Milestone]);
    assert!(trial.prospect(&startup).steps.iter().all(|i| i.step != Step::Regulation));
}

#[test]
fn a_plan_takes_the_best_step_each_time_and_its_gains_add_up() {
    let (world, pairs) = (parse::<World>(&fixture("world.json")).expect("a world"), fixture("pairs.ndjson"));
    let mut longest = 0;
    for line in pairs.lines().take(150) {
        let (mut startup, investor) = profiles(line);
        let mut trial = Trial::new(&world, investor);
        let prospect = trial.prospect(&startup);
        assert_eq!(prospect.plan.first(), prospect.steps.first());
        let mut score = prospect.now.outcome.score() as i64;
        for taken in &prospect.plan {
            startup = taken.step.on(&startup, prospect.now.market, world.today).expect("it can be taken");
            score += taken.gain;
            let after = trial.explain(&startup).outcome;
            assert_eq!((after.score() as i64, after.confidence), (score, taken.confidence));
        }
        let steps: HashSet<Step> = prospect.plan.iter().map(|i| i.step).collect();
        assert_eq!(steps.len(), prospect.plan.len());
        longest = longest.max(prospect.plan.len());
    }
    assert_eq!(longest, PLAN);
}

/// A hundred startups, forty investors of which half have private weights and exclusions.
fn crowd(dice: &mut Dice) -> (Snapshot, Vec<Startup>, Vec<Listing>) {
    let (mut changes, mut startups, mut listings) = (Changes::default(), Vec::new(), Vec::new());
    for id in 0..100 {
        startups.push(population::startup(dice, id));
        changes.put_startup(startups[id as usize].clone());
    }
    for id in 0..40 {
        let thesis = population::investor(dice, id);
        let published = Investor {
            weights: Overrides::default(),
            blocks: BTreeSet::new(),
            only_homes: BTreeSet::new(),
            exclude_homes: BTreeSet::new(),
            exclude_sectors: BTreeSet::new(),
            ..thesis.clone()
        };
        let listing = Listing { thesis, published: dice.chance(90).then_some(published) };
        listings.push(listing.clone());
        changes.put_investor(listing);
    }
    (Snapshot::new(population::world(dice)).with(changes), startups, listings)
}

/// The reach of a step, worked out pair by pair.
fn plainly(
    snapshot: &Snapshot,
    startup: &Startup,
    listings: &[Listing],
    market: Country,
    step: Step,
) -> Option<Reach> {
    let copy = step.on(startup, market, snapshot.world().today)?;
    let mut changes = Changes::default();
    changes.put_startup(copy);
    let next = snapshot.with(changes);
    let filters = Filters { markets: BTreeSet::from([market]), ..Filters::default() };
    let query: Query<StartupFactor> = Query { filters, ..Query::top(BEST) };
    let best = |s: &Snapshot| s.investors_for(startup.id, &query).expect("the startup is there").hits;
    let score = |s: &Snapshot, id| {
        let e = s.explain_to_startup(startup.id, InvestorKey(id), None).expect("it may be seen");
        (
            e.gates.is_empty(),
            Hit { id: startup.id.0, score: e.outcome.score(), confidence: e.outcome.confidence },
        )
    };
    let stands = |s: &Snapshot, id: u64| {
        let published = listings[id as usize].published.clone().expect("it is published");
        let mut changes = Changes::default();
        changes.put_investor(Listing::open(published));
        let all = s.with(changes).startups_for(InvestorKey(id), &Query::top(LIST)).expect("it is there").hits;
        all.iter().any(|hit| hit.id == startup.id.0)
    };
    let gain = |id| score(&next, id).1.score as i64 - score(snapshot, id).1.score as i64;
    let now = best(snapshot);
    if !now.iter().all(|hit| score(&next, hit.id).0) {
        return None;
    }
    let mut reach = Reach { step, gain: now.iter().map(|hit| gain(hit.id)).sum(), entered: 0, opened: 0 };
    for hit in best(&next) {
        reach.opened += u32::from(!score(snapshot, hit.id).0);
        reach.entered += u32::from(stands(&next, hit.id) && !stands(snapshot, hit.id));
    }
    Some(reach)
}

#[test]
fn what_a_step_reaches_in_a_market_is_what_every_pair_says() {
    let mut dice = Dice::new(31);
    let (mut helped, mut entered, mut opened) = (0, 0, 0);
    for _ in 0..6 {
        let (snapshot, startups, listings) = crowd(&mut dice);
        for startup in startups.iter().filter(|s| s.active).take(8) {
            let market = dice.country();
            let prospect = market_prospect(&snapshot, startup, market, None);
            for step in Step::ALL {
                let helps = |r: &Reach| r.gain >= 0 && (r.gain > 0 || r.entered > 0 || r.opened > 0);
                let expected = plainly(&snapshot, startup, &listings, market, *step).filter(helps);
                let got = prospect.steps.iter().find(|r| r.step == *step);
                assert_eq!(got, expected.as_ref());
                helped += expected.iter().count();
                entered += expected.as_ref().map_or(0, |r| r.entered);
                opened += expected.as_ref().map_or(0, |r| r.opened);
            }
            assert!(prospect.steps.is_sorted_by_key(|r| std::cmp::Reverse(r.gain)));
        }
    }
    assert!(helped > 100 && entered > 10 && opened > 5, "{helped} {entered} {opened}");
}

#[test]
fn a_step_that_closes_a_gate_before_one_of_the_best_is_not_advised() {
    let (home, market) = (country("KR"), country("CN"));
    let startup =
        Startup { targets: Some([(market, whole(3))].into()), ..Startup::bare(StartupKey(1), home) };
    let mut changes = Changes::default();
    changes.put_startup(startup.clone());
    for id in 0..2 {
        let bare = Investor::bare(InvestorKey(id), "vc", market);
        let least = (id == 1).then_some(Regulatory::Approved);
        changes.put_investor(Listing::open(Investor { min_regulatory: least, ..bare }));
    }
    let steps = |snapshot: &Snapshot| market_prospect(snapshot, &startup, market, None).steps;
    let demanding = Snapshot::new(World::default()).with(changes);
    let gone = Changes { investors: [(InvestorKey(1), None)].into(), ..Changes::default() };
    let files = |reach: &Reach| reach.step == Step::Regulation;
    assert!(steps(&demanding.with(gone)).iter().any(files), "it helps where nobody demands more");
    assert!(!steps(&demanding).iter().any(files), "it closes the gate that an unknown level leaves open");
}

#[test]
fn private_marks_of_investors_change_nothing_of_what_a_startup_is_told() {
    let mut dice = Dice::new(32);
    let (snapshot, startups, listings) = crowd(&mut dice);
    let startup = startups.iter().find(|s| s.active && s.targets.is_some()).expect("an active one");
    let others: BTreeSet<u64> =
        startups.iter().map(|s| s.id.0).filter(|id| *id != startup.id.0).take(60).collect();
    let mut changes = Changes::default();
    for listing in listings {
        let mut thesis = listing.thesis.clone();
        thesis.weights = dice.weights::<InvestorFactor>();
        thesis.blocks.extend(&others);
        changes.put_investor(Listing { thesis, ..listing });
    }
    let marked = snapshot.with(changes);
    for market in startup.targets.iter().flatten().map(|(market, _)| *market) {
        let (before, after) = (
            market_prospect(&snapshot, startup, market, None),
            market_prospect(&marked, startup, market, None),
        );
        assert_eq!((before.investors, before.gap, before.steps), (after.investors, after.gap, after.steps));
    }
}

#[test]
fn the_gap_is_the_distance_to_the_target_by_what_it_weighs() {
    let prospect = story("1b");
    let weights = prospect.now.weights.investor.map(u64::from);
    let lines = gap(&prospect.now, &weights, TARGET);
    assert_eq!(lines.len(), 12);
    assert!(lines.is_sorted_by_key(|line| std::cmp::Reverse(line.weight * line.deficit)));
    let references = lines[0];
    assert_eq!((references.part, references.value, references.stated), (GapPart::References, 0, true));
    assert_eq!(
        (references.deficit, references.weight),
        (TARGET, 1_000 * weights[InvestorFactor::LocalReferences.index()])
    );
    let technology = lines.iter().find(|line| line.part == GapPart::Maturity(0)).expect("a scale");
    assert_eq!((technology.value, technology.deficit), (875_000, 0));
    let silent = story("1d");
    let lines = gap(&silent.now, &weights, TARGET);
    let references = lines.iter().find(|line| line.part == GapPart::References).expect("references");
    assert_eq!((references.value, references.stated, references.deficit), (100_000, false, 600_000));
}

#[test]
fn a_market_without_investors_has_a_gap_and_no_steps() {
    let startup: Startup = parse(r#"{"id":1,"home":"RU"}"#).expect("a startup");
    let mut changes = Changes::default();
    changes.put_startup(startup.clone());
    let snapshot = Snapshot::new(World::default()).with(changes);
    let prospect = market_prospect(&snapshot, &startup, population::country("CN"), None);
    assert_eq!((prospect.investors, prospect.gap.len(), prospect.steps.len()), (0, 12, 0));
    assert_eq!(snapshot.published(InvestorKey(1)), None);
    assert!(snapshot.startup(StartupKey(1)).is_some());
}

fn thesis(json: &str) -> Investor {
    let head = r#"{"id":1,"type":"vc","home":"CN","markets":["CN"]"#;
    parse(&format!("{head}{json}}}")).expect("an investor")
}

#[test]
fn a_thesis_is_held_against_its_deals_criterion_by_criterion() {
    let investor = thesis(
        r#","focus":{"ict":3,"bio.drugs":1},"stages":[2,3],"ticket":[1000000,2000000],"hard_stages":[3,3],
        "exclude_homes":["FR"],"exclude_sectors":["space"],"portfolio":[
        {"sectors":["ict.ai"],"round":2,"amount":1000000,"home":"CN"},
        {"sectors":["ict"],"round":3,"amount":1500000,"home":"FR"},
        {"sectors":["bio","space.launch"],"round":5,"amount":90000000,"home":"ZZ"},
        {"round":9},
        {"sectors":["mfg.a","ict.ai"],"round":3}]"#,
    );
    let checked = check(&investor);
    let counts = |c| {
        checked
            .checks
            .iter()
            .find(|k| k.criterion == c)
            .map(|k| (k.within, k.outside, k.unknown, k.verdict()))
    };
    assert_eq!(checked.deals, 5);
    assert_eq!(counts(Criterion::Focus), Some((3, 1, 1, Verdict::PartlyAgrees)));
    assert_eq!(counts(Criterion::Stages), Some((3, 1, 1, Verdict::PartlyAgrees)));
    assert_eq!(counts(Criterion::HardStages), Some((2, 2, 1, Verdict::PartlyAgrees)));
    assert_eq!(counts(Criterion::Ticket), Some((2, 1, 2, Verdict::PartlyAgrees)));
    assert_eq!(counts(Criterion::Homes), Some((1, 1, 3, Verdict::PartlyAgrees)));
    assert_eq!(counts(Criterion::ExcludedSectors), Some((3, 1, 1, Verdict::PartlyAgrees)));
    let without: Vec<&str> = checked.without_deals.iter().map(|s| s.as_str()).collect();
    assert_eq!(without, ["bio.drugs"]);
    let outside: Vec<(&str, u64)> = checked.outside_focus.iter().map(|(s, n)| (s.as_str(), *n)).collect();
    assert_eq!(outside, [("bio", 1), ("space", 1)]);
}

#[test]
fn what_a_thesis_does_not_state_and_what_deals_do_not_tell_is_said() {
    let verdicts =
        |json: &str| check(&thesis(json)).checks.iter().map(|c| c.verdict()).collect::<BTreeSet<_>>();
    let set = |verdict: Verdict| BTreeSet::from([verdict]);
    assert_eq!(verdicts(r#","portfolio":[{"sectors":["ict"],"round":1}]"#), set(Verdict::NotStated));
    let generalist =
        check(&thesis(r#","generalist":true,"portfolio":[{"sectors":["ict"]},{"sectors":["bio"]}]"#));
    assert_eq!(generalist.checks[0].verdict(), Verdict::Agrees);
    assert!(generalist.outside_focus.is_empty());
    let stated = check(&thesis(r#","focus":{"ict":1},"stages":[1,2]"#));
    assert_eq!(stated.checks[0].verdict(), Verdict::NoEvidence);
    assert_eq!(stated.checks[1].verdict(), Verdict::NoEvidence);
    let differs = check(&thesis(
        r#","focus":{"ict":1},"portfolio":[{"sectors":["bio"]},{"sectors":["mfg"]},{"sectors":["ict.ai"]}]"#,
    ));
    assert_eq!(differs.checks[0].verdict(), Verdict::Differs);
}
