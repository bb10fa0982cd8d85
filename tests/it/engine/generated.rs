//! The made-up population: the same for the same seed, readable, and skewed as its documentation says.
//!
//! Invariant: shares are compared on enough profiles that chance moves them by far less than the tolerance.

use springboard::engine::profile::{Deal, Investor, InvestorKey, Startup, World, parse};
use springboard::engine::words::{Country, Sector};
use springboard::engine::{Changes, Listing, Query, Snapshot};
use springboard::population::{BACKERS, Population};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

fn startups(n: u64) -> Vec<Startup> {
    let population = Population::new(7, n, 0);
    (0..n).map(|k| population.startup(k)).collect()
}

fn investors(n: u64) -> Vec<Investor> {
    let population = Population::new(7, 0, n);
    (0..n).map(|k| population.investor(k)).collect()
}

/// How many of a thousand do so.
fn share<T>(of: &[T], does: impl Fn(&T) -> bool) -> usize {
    of.iter().filter(|x| does(x)).count() * 1_000 / of.len().max(1)
}

/// A mean in thousandths.
fn mean<T>(of: &[T], amount: impl Fn(&T) -> usize) -> usize {
    of.iter().map(amount).sum::<usize>() * 1_000 / of.len().max(1)
}

fn assert_near(what: &str, got: usize, expected: usize, tolerance: usize) {
    assert!(got.abs_diff(expected) <= tolerance, "{what}: {got}, not {expected} ± {tolerance}");
}

#[test]
fn a_profile_depends_on_the_seed_and_its_number_alone() {
    let (small, large, other) =
        (Population::new(7, 10, 10), Population::new(7, 1 << 40, 3), Population::new(8, 10, 10));
    assert_eq!(small.world(), large.world());
    for k in [0, 5, 9] {
        assert_eq!(small.startup(k), large.startup(k));
        assert_eq!(small.investor(k), large.investor(k));
        assert_ne!(small.startup(k), other.startup(k));
        assert_ne!(small.investor(k), other.investor(k));
    }
}

#[test]
fn every_generated_profile_is_read_back_the_same() {
    fn same<T: serde::Serialize + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug>(value: &T) {
        let text = serde_json::to_string(value).expect("a profile is JSON");
        assert_eq!(parse::<T>(&text).as_ref(), Ok(value));
    }
    startups(2_000).iter().for_each(same);
    investors(500).iter().for_each(same);
    same::<World>(&Population::new(7, 0, 0).world());
}

#[test]
fn startups_are_skewed_as_documented() {
    let all = startups(20_000);
    for (what, got) in [
        ("city", share(&all, |s| s.city.is_some())),
        ("ask", share(&all, |s| s.ask.is_some())),
        ("backers", share(&all, |s| s.backers.is_some())),
        ("needs", share(&all, |s| s.needs.is_some())),
        ("languages", share(&all, |s| s.languages.is_some())),
    ] {
        assert_near(what, got, 800, 15);
    }
    assert_near("sector", share(&all, |s| s.sector.is_some()), 970, 10);
    assert_near("stage", share(&all, |s| s.stage.is_some()), 970, 10);
    assert_near("backers", mean(&all, |s| s.backers.as_ref().map_or(0, Vec::len)), 1_000, 60);
    assert_near("reference", share(&all, |s| s.references.as_ref().is_some_and(|r| !r.is_empty())), 190, 15);
    assert_near("record", share(&all, |s| s.accelerators.as_ref().is_some_and(|a| !a.is_empty())), 250, 15);
    let said: Vec<&Startup> = all.iter().filter(|s| s.targets.is_some()).collect();
    let targets = |s: &&Startup| s.targets.as_ref().map_or(0, BTreeMap::len);
    assert!(said.iter().all(|s| (1..=3).contains(&targets(s))));
    let home = share(&said, |s| s.targets.as_ref().is_some_and(|t| t.contains_key(&s.home)));
    assert_near("home among the targets", home, 650, 15);
    let further: Vec<(&Sector, &Sector)> = all
        .iter()
        .filter_map(|s| Some((s.sector.as_ref()?, s)))
        .flat_map(|(sector, s)| s.further_sectors.iter().map(move |f| (sector, f)))
        .collect();
    assert_near("same parent", share(&further, |(a, b)| a.parent() == b.parent()), 710, 40);
}

#[test]
fn few_homes_sectors_and_cities_are_common_and_many_are_rare() {
    let all = startups(20_000);
    let (mut homes, mut leaves) = (BTreeMap::<Country, usize>::new(), BTreeMap::<&Sector, usize>::new());
    let mut cities = BTreeSet::new();
    for s in &all {
        *homes.entry(s.home).or_default() += 1;
        s.sector.iter().for_each(|leaf| *leaves.entry(leaf).or_default() += 1);
        cities.extend(s.city.iter());
    }
    assert_eq!(homes.len(), 60);
    assert_near("commonest home", homes.values().max().copied().unwrap_or(0) / 20, 214, 20);
    assert!((150..=255).contains(&leaves.len()), "{} leaves", leaves.len());
    assert!((1_500..1_800).contains(&cities.len()), "{} cities", cities.len());
}

#[test]
fn maturity_ask_and_readiness_rise_with_the_stage_and_with_an_accelerator() {
    let all = startups(20_000);
    let at = |lo: i32, hi: i32| -> Vec<&Startup> {
        all.iter().filter(|s| s.stage.is_some_and(|stage| (lo..=hi).contains(&stage.get()))).collect()
    };
    let (early, late) = (at(0, 1), at(4, 7));
    let trl = |s: &&Startup| s.maturity.as_ref().and_then(|m| m.trl).map_or(0, |l| l.get() as usize);
    assert!(mean(&late, trl) > mean(&early, trl) + 2_000);
    let millions = |s: &&Startup| s.ask.map_or(0, |ask| (ask.target / 1_000_000) as usize);
    assert!(mean(&late, millions) > 10 * mean(&early, millions));
    let helped: Vec<(&Startup, Country)> = all
        .iter()
        .flat_map(|s| s.accelerators.iter().flatten().map(move |a| (s, a.target)))
        .filter(|(s, market)| *market != s.home)
        .collect();
    let localised = share(&helped, |(s, m)| s.localised.as_ref().is_some_and(|l| l.contains(m)));
    let pairs: Vec<(&Startup, Country)> = all
        .iter()
        .flat_map(|s| s.targets.iter().flatten().map(move |(c, _)| (s, *c)))
        .filter(|(s, m)| *m != s.home && s.accelerators.as_ref().is_some_and(Vec::is_empty))
        .collect();
    let alone = share(&pairs, |(s, m)| s.localised.as_ref().is_some_and(|l| l.contains(m)));
    assert!(localised > 2 * alone, "{localised} {alone}");
}

#[test]
fn investors_are_as_documented() {
    let all = investors(4_000);
    assert_near("deals", mean(&all, |i| i.portfolio.len()), 20_400, 400);
    assert!(all.iter().all(|i| (12..=29).contains(&i.portfolio.len()) && i.weights.is_empty()));
    assert_near("not strict", share(&all, |i| !i.strict), 150, 20);
    let deals: Vec<(&Investor, &Deal)> =
        all.iter().flat_map(|i| i.portfolio.iter().map(move |d| (i, d))).collect();
    let at_home = share(&deals, |(i, d)| d.home == Some(i.home));
    assert!((500..750).contains(&at_home), "{at_home}");
    assert!(deals.iter().all(|(_, d)| d.with.iter().all(|with| *with < BACKERS)));
    let (broad, ordinary): (Vec<_>, Vec<_>) = all.iter().partition(|i| Population::is_broad(i.id.0));
    let gated = |i: &&Investor| {
        i.only_targets
            || i.hard_ticket
            || i.hard_models
            || i.hard_stages.is_some()
            || !i.exclude_homes.is_empty()
            || !i.exclude_sectors.is_empty()
    };
    assert!(!broad.iter().any(gated));
    for (what, expected, got) in [
        ("only targets", 600, share(&ordinary, |i| i.only_targets)),
        ("stages", 600, share(&ordinary, |i| i.hard_stages.is_some())),
        ("ticket", 500, share(&ordinary, |i| i.hard_ticket)),
        ("sectors", 500, share(&ordinary, |i| !i.exclude_sectors.is_empty())),
        ("homes", 390, share(&ordinary, |i| !i.exclude_homes.is_empty())),
        ("models", 300, share(&ordinary, |i| i.hard_models)),
    ] {
        assert_near(what, got, expected, 30);
    }
}

#[test]
fn a_third_of_the_startups_pass_an_ordinary_investor_and_nearly_all_a_broad_one() {
    let snapshot = Population::new(7, 1_000, 800).snapshot();
    let open =
        |k| snapshot.startups_for(InvestorKey(k), &Query::top(1_000)).map_or(0, |page| page.hits.len());
    let (broad, ordinary): (Vec<u64>, Vec<u64>) = (0..800).partition(|k| Population::is_broad(*k));
    assert_near("broad", mean(&broad, |k| open(*k)) / 1_000, 970, 15);
    assert_near("ordinary", mean(&ordinary, |k| open(*k)) / 1_000, 345, 35);
}

fn generate(out: &Path) -> BTreeMap<&'static str, Vec<u8>> {
    let arguments = ["generate", "--startups", "9000", "--investors", "11", "--seed", "3", "--out"];
    let status = Command::new(env!("CARGO_BIN_EXE_springboard")).args(arguments).arg(out).status();
    assert!(status.expect("the command starts").success());
    let files = ["world.json", "startups.ndjson", "investors.ndjson"];
    files.map(|name| (name, std::fs::read(out.join(name)).expect("a file"))).into()
}

#[test]
fn a_file_that_is_there_is_overwritten_only_if_asked() {
    let folder = tempfile::tempdir().expect("a folder");
    let mine = folder.path().join("investors.ndjson");
    std::fs::write(&mine, "mine").expect("a file can be written");
    let run = |more: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_springboard"));
        let output =
            command.args(["generate", "--startups", "1", "--investors", "1", "--out"]).arg(folder.path());
        output.args(more).output().expect("the command starts")
    };
    let refused = run(&[]);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(2), "{said}");
    assert!(said.ends_with("investors.ndjson is there already; --force overwrites it\n"), "{said}");
    assert!(!folder.path().join("world.json").exists());
    assert_eq!(std::fs::read(&mine).expect("a file"), b"mine");
    assert!(run(&["--force"]).status.success());
    assert_ne!(std::fs::read(&mine).expect("a file"), b"mine");
}

#[test]
fn the_command_writes_the_same_bytes_again_and_rank_reads_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = generate(&folder.path().join("a"));
    assert_eq!(files, generate(&folder.path().join("b")));
    let text = |name: &str| String::from_utf8_lossy(&files[name]).into_owned();
    let world: World = parse(&text("world.json")).expect("a world");
    let mut changes = Changes::default();
    let population = Population::new(3, 9_000, 11);
    for (k, line) in text("startups.ndjson").lines().enumerate() {
        let startup: Startup = parse(line).expect("a startup");
        assert_eq!(startup.id.0, k as u64);
        if k % 1_000 == 0 {
            assert_eq!(startup, population.startup(k as u64));
        }
        changes.put_startup(startup);
    }
    for line in text("investors.ndjson").lines() {
        changes.put_investor(Listing::open(parse(line).expect("an investor")));
    }
    let snapshot = Snapshot::new(world).with(changes);
    assert_eq!(snapshot.len(), (9_000, 11));
    let page = snapshot.startups_for(InvestorKey(1), &Query::top(50)).expect("the investor is there");
    assert_eq!(page.hits.len(), 50);
}
