//! A startup of the population: what it does, where it comes from, how far it is.
//!
//! Invariant: ask, maturity and what it has in its markets follow the stage. Read next: [`super::export`].

use super::dice::{Dice, Stream};
use super::places::Place;
use super::trades::{self, median_round};
use super::{Population, TODAY};
use crate::engine::profile::{Ask, MaturityLevels, Pitch, Startup, StartupKey};
use crate::engine::words::{Country, Level, Sector, Whole};
use std::collections::{BTreeMap, BTreeSet};

/// How many of a thousand startups are at each stage.
const STAGES: [u64; 8] = [80, 200, 280, 200, 120, 60, 40, 20];

/// What the fields of a startup are drawn from.
pub(super) struct Outline<'a> {
    pub(super) home: &'a Place,
    pub(super) parent: usize,
    pub(super) stage: i64,
    /// From −2 to 2; better ones are further than their stage.
    pub(super) quality: i64,
    pub(super) targets: Vec<&'a Place>,
}

impl Population {
    /// The `k`-th startup; depends on the seed and `k` alone.
    pub fn startup(&self, k: u64) -> Startup {
        let mut dice = Dice::of(self.seed, Stream::Startup, k);
        let outline = self.outline(&mut dice);
        let bare = Startup::bare(StartupKey(k), outline.home.country);
        let trade = self.trade(&mut dice, &outline, bare);
        let market = self.market_side(&mut dice, &outline, trade);
        self.wishes(&mut dice, &outline, market)
    }

    fn outline(&self, dice: &mut Dice) -> Outline<'_> {
        let home = self.places.pick(dice);
        let parent = self.trades.parent(dice, home);
        let (stage, quality) = (dice.weighted(&STAGES) as i64, dice.bell(1).clamp(-2, 2));
        let mut targets = if dice.chance(65) { vec![home] } else { Vec::new() };
        let count = 1 + dice.weighted(&[40, 35, 25]);
        for _ in 0..8 {
            if targets.len() >= count {
                break;
            }
            let next = self.places.near(dice, home.region);
            if !targets.iter().chain([&home]).any(|t| t.country == next.country) {
                targets.push(next);
            }
        }
        Outline { home, parent, stage, quality, targets }
    }

    fn trade(&self, dice: &mut Dice, outline: &Outline<'_>, bare: Startup) -> Startup {
        let stage = outline.stage;
        let leaf = self.trades.leaf(dice, outline.parent);
        Startup {
            active: dice.chance(98),
            city: dice.known(|d| outline.home.city(d)),
            further_sectors: self.further_sectors(dice, outline.parent, &leaf),
            sector: dice.chance(97).then_some(leaf),
            tags: dice.known(|d| self.trades.technologies(d, outline.parent)),
            stage: dice.chance(97).then(|| Whole::nearest(stage)),
            round: dice.chance(25).then(|| Whole::nearest(trades::round(dice, stage))),
            ask: dice.known(|d| ask(d, stage)),
            backers: dice.known(|d| self.backers(d, outline)),
            maturity: dice.known(|d| maturity(d, outline)),
            updated: dice.known(|d| TODAY - d.between(0, 500) as i32),
            ..bare
        }
    }

    /// Up to three further sectors, seven of ten under the same parent.
    fn further_sectors(&self, dice: &mut Dice, parent: usize, main: &Sector) -> BTreeSet<Sector> {
        let count = dice.weighted(&[40, 30, 20, 10]);
        let one =
            |_| if dice.chance(70) { self.trades.leaf(dice, parent) } else { self.trades.any_leaf(dice) };
        (0..count).map(one).filter(|leaf| leaf != main).collect()
    }

    /// Up to four backers, more at later stages; three of five come from the same country.
    fn backers(&self, dice: &mut Dice, outline: &Outline<'_>) -> Vec<u64> {
        let likelihood = (11 + 8 * outline.stage).unsigned_abs();
        let count = (0..4).filter(|_| dice.chance(likelihood)).count();
        let mut backers = Vec::with_capacity(count);
        for _ in 0..count {
            let backer = self.backer(dice, outline.home.country, 60);
            if !backers.contains(&backer) {
                backers.push(backer);
            }
        }
        backers
    }

    fn wishes(&self, dice: &mut Dice, outline: &Outline<'_>, bare: Startup) -> Startup {
        Startup {
            languages: dice.known(|d| languages(d, outline)),
            time_zone: dice.known(|d| time_zone(d, outline.home)),
            interpreter: dice.chance(12),
            models: dice.known(trades::models),
            needs: dice.known(|d| self.trades.support(d, 4)),
            types: dice.known(|d| self.trades.kinds(d)),
            pitch: dice.chance(20).then(|| pitch(dice, outline.quality)),
            blocks: if dice.chance(1) {
                BTreeSet::from([dice.below(super::BACKERS)])
            } else {
                BTreeSet::new()
            },
            exclude_types: if dice.chance(1) {
                BTreeSet::from([self.trades.kind(dice).to_owned()])
            } else {
                BTreeSet::new()
            },
            ..bare
        }
    }
}

fn ask(dice: &mut Dice, stage: i64) -> Ask {
    let target = dice.around(median_round(stage));
    Ask { cheque: target / dice.between(4, 20).unsigned_abs(), target }
}

fn maturity(dice: &mut Dice, outline: &Outline<'_>) -> MaturityLevels {
    let centre = 2 + outline.stage + outline.quality;
    let mut level = || dice.chance(90).then(|| Whole::nearest(centre + dice.between(-2, 2)));
    MaturityLevels { trl: level(), crl: level(), brl: level(), iprl: level(), tmrl: level(), frl: level() }
}

/// The language of the country, mostly English, now and then that of a target.
fn languages(dice: &mut Dice, outline: &Outline<'_>) -> BTreeMap<String, Level> {
    let mut spoken = BTreeMap::new();
    if dice.chance(75) {
        spoken.insert("en".to_owned(), Whole::nearest(1 + dice.weighted(&[20, 50, 30]) as i64));
    }
    if let Some(target) = outline.targets.last().filter(|_| dice.chance(20)) {
        spoken.insert(target.language.to_owned(), Whole::nearest(dice.between(1, 3)));
    }
    spoken.insert(outline.home.language.to_owned(), Whole::nearest(3));
    spoken
}

/// The time of the country; large ones have more than one.
pub(super) fn time_zone(dice: &mut Dice, home: &Place) -> Whole<-720, 840> {
    const LARGE: [&str; 6] = ["AU", "BR", "CA", "KZ", "RU", "US"];
    let off = if LARGE.contains(&home.country.as_str()) { 60 * dice.between(-2, 2) } else { 0 };
    Whole::nearest(home.minutes + off)
}

fn pitch(dice: &mut Dice, quality: i64) -> Pitch {
    let calibrated = 500_000 + 80_000 * quality + dice.bell(80_000);
    let judges = dice.between(2, 9) as u32;
    Pitch { calibrated: Whole::nearest(calibrated), judges, day: TODAY - dice.between(0, 1_500) as i32 }
}

/// The countries of places with something for each that has it.
pub(super) fn by_country<T>(
    targets: &[&Place],
    mut make: impl FnMut(&Place) -> Option<T>,
) -> BTreeMap<Country, T> {
    targets.iter().filter_map(|place| Some((place.country, make(place)?))).collect()
}
