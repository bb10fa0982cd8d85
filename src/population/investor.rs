//! An investor of the population: its thesis, its limits and some twenty deals that follow from both.
//!
//! Invariant: even ones are ordinary and have gates, odd ones are broad and have none.
//! Read next: [`super::world`].

use super::dice::{Dice, Stream};
use super::places::Place;
use super::startup::time_zone;
use super::trades::{self, median_round};
use super::{ORGANISATIONS, Population, TODAY};
use crate::engine::profile::{Deal, Investor, InvestorKey, Span};
use crate::engine::words::{Country, Level, Sector, Whole};
use std::collections::{BTreeMap, BTreeSet};

/// How many of a thousand investors begin at each stage.
const FIRST_STAGE: [u64; 8] = [120, 240, 280, 180, 100, 50, 25, 5];

/// What the fields of an investor are drawn from.
struct Outline<'a> {
    home: &'a Place,
    /// A country besides its home where it likes to invest.
    abroad: &'a Place,
    parents: Vec<usize>,
    stages: (i64, i64),
}

impl Population {
    /// Whether the `k`-th investor is broad, that is without gates; every other one is.
    pub fn is_broad(k: u64) -> bool {
        k % 2 == 1
    }

    /// Where the `k`-th investor comes from.
    pub(super) fn home_of_investor(seed: u64, places: &super::places::Places, k: u64) -> &Place {
        places.pick(&mut Dice::of(seed, Stream::InvestorHome, k))
    }

    /// The `k`-th investor; depends on the seed and `k` alone.
    pub fn investor(&self, k: u64) -> Investor {
        let mut dice = Dice::of(self.seed, Stream::Investor, k);
        let home = Self::home_of_investor(self.seed, &self.places, k);
        let first = dice.weighted(&FIRST_STAGE) as i64;
        let parents = (0..dice.between(1, 3)).map(|_| self.trades.parent(&mut dice, home)).collect();
        let stages = (first, (first + dice.between(1, 3)).min(7));
        let outline = Outline { home, abroad: self.places.near(&mut dice, home.region), parents, stages };
        let bare = Investor::bare(InvestorKey(k), self.trades.kind(&mut dice), home.country);
        let thesis = self.thesis(&mut dice, &outline, bare);
        let known = self.terms(&mut dice, &outline, thesis);
        let portfolio = (0..dice.between(12, 29)).map(|_| self.deal(&mut dice, &outline)).collect();
        let known = Investor { portfolio, ..known };
        if Self::is_broad(k) { known } else { self.limits(&mut dice, &outline, known) }
    }

    fn thesis(&self, dice: &mut Dice, outline: &Outline<'_>, bare: Investor) -> Investor {
        let (lo, hi) = outline.stages;
        let ticket = (median_round(lo) / dice.between(3, 10).unsigned_abs(), median_round(hi) * 2);
        let generalist = dice.chance(8);
        Investor {
            markets: self.markets(dice, outline),
            city: dice.known(|d| outline.home.city(d)),
            generalist,
            focus: if dice.known(|_| ()).is_some() { self.focus(dice, outline) } else { BTreeMap::new() },
            strict: !dice.chance(15),
            tags: dice.known(|d| self.trades.technologies(d, outline.parents[0])).unwrap_or_default(),
            stages: dice.known(|_| Span::new(Whole::nearest(lo), Whole::nearest(hi)).ok()).flatten(),
            ticket: dice.known(|_| Span::new(ticket.0, ticket.1).ok()).flatten(),
            ..bare
        }
    }

    /// Its home and, for every second, one or two more.
    fn markets(&self, dice: &mut Dice, outline: &Outline<'_>) -> BTreeSet<Country> {
        let more = dice.weighted(&[50, 30, 20]);
        let others = (0..more).map(|_| self.places.near(dice, outline.home.region).country);
        let mut markets: BTreeSet<Country> = others.collect();
        markets.insert(outline.home.country);
        markets
    }

    /// Its parents or leaves of them.
    fn focus(&self, dice: &mut Dice, outline: &Outline<'_>) -> BTreeMap<Sector, Level> {
        let mut one = |parent: &usize| {
            let leaf = self.trades.leaf(dice, *parent);
            let sector = if dice.chance(45) { leaf.to_parent() } else { leaf };
            (sector, Whole::nearest(dice.between(1, 3)))
        };
        let mut focus: BTreeMap<_, _> = outline.parents.iter().map(&mut one).collect();
        focus.extend(outline.parents.first().map(one));
        focus
    }

    fn terms(&self, dice: &mut Dice, outline: &Outline<'_>, bare: Investor) -> Investor {
        let asked = dice.between(0, 40) as u32;
        let mut network = || format!("network-{:02}", dice.below(ORGANISATIONS));
        let organisations = BTreeSet::from([network(), network()]);
        let abroad = outline.abroad.country;
        Investor {
            languages: dice.known(|d| languages(d, outline.home)),
            time_zone: dice.known(|d| time_zone(d, outline.home)),
            interpreter: dice.chance(10),
            organisations: if dice.chance(20) { organisations } else { BTreeSet::new() },
            models: dice.known(trades::models),
            access: dice
                .known(|d| {
                    BTreeMap::from([
                        (abroad, Whole::nearest(d.between(1, 2))),
                        (outline.home.country, Whole::nearest(3)),
                    ])
                })
                .unwrap_or_default(),
            offers: dice.known(|d| self.trades.support(d, 5)),
            asked,
            answered: dice.below(u64::from(asked) + 1) as u32,
            updated: dice.known(|d| TODAY - d.between(0, 500) as i32),
            ..bare
        }
    }

    /// A deal that follows the home, the sectors and the stages of the investor, but not always.
    fn deal(&self, dice: &mut Dice, outline: &Outline<'_>) -> Deal {
        let place = match dice.weighted(&[55, 20, 25]) {
            0 => outline.home,
            1 => outline.abroad,
            _ => self.places.pick(dice),
        };
        let parent = if dice.chance(75) {
            outline.parents[dice.index(outline.parents.len())]
        } else {
            self.trades.parent(dice, place)
        };
        let (lo, hi) = outline.stages;
        let stage = (dice.between(lo, hi) + dice.weighted(&[80, 20]) as i64).clamp(0, 7);
        let mut sectors = BTreeSet::from([self.trades.leaf(dice, parent)]);
        if dice.chance(25) {
            sectors.insert(self.trades.leaf(dice, parent));
        }
        let with = (0..dice.weighted(&[25, 30, 25, 20])).map(|_| self.backer(dice, place.country, 50));
        Deal {
            with: with.collect(),
            home: dice.chance(95).then_some(place.country),
            city: dice.chance(90).then(|| place.city(dice)),
            sectors: if dice.chance(97) { sectors } else { BTreeSet::new() },
            round: dice.chance(95).then(|| Whole::nearest(trades::round(dice, stage))),
            amount: if dice.chance(88) { dice.around(median_round(stage)) } else { 0 },
        }
    }

    /// The gates of an ordinary investor.
    fn limits(&self, dice: &mut Dice, outline: &Outline<'_>, known: Investor) -> Investor {
        let (lo, hi) = outline.stages;
        let stages = Span::new(Whole::nearest(lo), Whole::nearest(hi)).ok();
        Investor {
            only_targets: dice.chance(60),
            hard_stages: stages.filter(|_| dice.chance(60)),
            hard_ticket: dice.chance(50),
            exclude_sectors: if dice.chance(50) { self.excluded_sectors(dice) } else { BTreeSet::new() },
            exclude_homes: if dice.chance(40) { self.excluded_homes(dice, outline) } else { BTreeSet::new() },
            hard_models: dice.chance(30),
            ..known
        }
    }

    fn excluded_sectors(&self, dice: &mut Dice) -> BTreeSet<Sector> {
        let count = dice.between(1, 3);
        let one = |_| {
            let leaf = self.trades.any_leaf(dice);
            if dice.chance(50) { leaf.to_parent() } else { leaf }
        };
        (0..count).map(one).collect()
    }

    fn excluded_homes(&self, dice: &mut Dice, outline: &Outline<'_>) -> BTreeSet<Country> {
        let count = dice.between(1, 3);
        let homes = (0..count).map(|_| self.places.pick(dice).country);
        homes.filter(|home| *home != outline.home.country).collect()
    }
}

fn languages(dice: &mut Dice, home: &Place) -> BTreeMap<String, Level> {
    let mut spoken = BTreeMap::new();
    if dice.chance(85) {
        spoken.insert("en".to_owned(), Whole::nearest(dice.between(2, 3)));
    }
    spoken.insert(home.language.to_owned(), Whole::nearest(3));
    spoken
}
