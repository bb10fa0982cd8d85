//! Random worlds, startups and investors for the engine's tests: small vocabularies, so that pairs have much in common.
//!
//! Invariant: the same seed makes the same population.

use springboard::engine::profile::{
    AcceleratorRecord, Ask, Base, Contact, Corridor, Deal, Flow, Investor, InvestorKey, MaturityLevels,
    Pitch, Reference, Span, Startup, StartupKey, World,
};
use springboard::engine::words::{
    AcceleratorStatus, CooperationModel, CooperationModels, Country, LocalReference, Protection,
    ReferenceKind, Regulatory, Sector, Whole,
};
use springboard::engine::{Factor, Overrides};
use std::collections::{BTreeMap, BTreeSet};

pub const TODAY: i32 = 20_000;
const COUNTRIES: [&str; 7] = ["AE", "CN", "FR", "GB", "KZ", "RU", "SG"];
const SECTORS: [&str; 8] =
    ["bio", "bio.devices", "bio.drugs", "energy.grid", "ict", "ict.ai", "ict.speech", "mfg.robots"];
const CITIES: [&str; 3] = ["first", "second", "third"];
const TAGS: [&str; 6] = ["ai", "grid", "laser", "nlp", "quantum", "vision"];
const LANGUAGES: [&str; 4] = ["en", "fr", "ru", "zh"];
const ORGANISATIONS: [&str; 3] = ["alumni", "chamber", "network"];
const SUPPORT: [&str; 5] = ["bizdev", "capital", "market", "regulatory", "talent"];
const TYPES: [&str; 3] = ["angel", "corporate", "vc"];

/// A number of a bounded type.
pub fn whole<const LO: i32, const HI: i32>(value: i64) -> Whole<LO, HI> {
    Whole::new(value).expect("a value in range")
}

/// A country by its code.
pub fn country(code: &str) -> Country {
    Country::parse(code).expect("a country")
}

/// A sector by its text.
pub fn sector(text: &str) -> Sector {
    Sector::parse(text).expect("a sector")
}

/// Texts as a set.
pub fn texts<'a>(list: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    list.into_iter().map(str::to_owned).collect()
}

/// A source of random choices (splitmix64).
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: u64) -> u64 {
        self.roll() % n
    }

    pub fn between(&mut self, lo: i64, hi: i64) -> i64 {
        lo + self.below((hi - lo + 1) as u64) as i64
    }

    pub fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u64) as usize]
    }

    /// Up to `most` elements, none twice.
    pub fn some<T: Copy>(&mut self, from: &[T], most: u64) -> Vec<T> {
        let mut left = from.to_vec();
        let count = self.below(most + 1).min(from.len() as u64);
        (0..count).map(|_| left.swap_remove(self.below(left.len() as u64) as usize)).collect()
    }

    fn small<const LO: i32, const HI: i32>(&mut self) -> Whole<LO, HI> {
        whole(self.between(LO.into(), HI.into()))
    }

    fn maybe<T>(&mut self, percent: u64, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        let value = make(self);
        self.chance(percent).then_some(value)
    }

    fn set(&mut self, from: &[&str], most: u64) -> BTreeSet<String> {
        texts(self.some(from, most))
    }

    pub fn country(&mut self) -> Country {
        country(self.pick(&COUNTRIES))
    }

    fn countries(&mut self, most: u64) -> BTreeSet<Country> {
        self.some(&COUNTRIES, most).into_iter().map(country).collect()
    }

    fn by_country<T>(&mut self, most: u64, mut make: impl FnMut(&mut Self) -> T) -> BTreeMap<Country, T> {
        let countries = self.countries(most);
        countries.into_iter().map(|c| (c, make(self))).collect()
    }

    pub fn sector(&mut self) -> Sector {
        sector(self.pick(&SECTORS))
    }

    pub fn sectors(&mut self, most: u64) -> BTreeSet<Sector> {
        self.some(&SECTORS, most).into_iter().map(sector).collect()
    }

    fn languages(&mut self) -> BTreeMap<String, Whole<1, 3>> {
        self.set(&LANGUAGES, 3).into_iter().map(|language| (language, self.small())).collect()
    }

    fn models(&mut self) -> CooperationModels {
        self.some(CooperationModel::ALL, 4).into_iter().collect()
    }

    /// An amount in dollars, now and then at the very limit.
    fn dollars(&mut self) -> u64 {
        match self.below(40) {
            0 => u64::MAX,
            1 => 0,
            _ => 10_000 << self.below(14),
        }
    }

    fn day(&mut self) -> i32 {
        match self.below(40) {
            0 => i32::MIN,
            1 => i32::MAX,
            _ => TODAY - self.between(-5, 2_500) as i32,
        }
    }

    /// Own weights of some factors, zeros and greatest ones among them.
    pub fn weights<F: Factor>(&mut self) -> Overrides<F> {
        let names: Vec<&str> = F::TABLE.iter().map(|row| row.0.name()).collect();
        let some = self.some(&names, names.len() as u64 - 1);
        let weights: Vec<(&str, u64)> =
            some.into_iter().map(|name| (name, self.pick(&[0, 1, 10, 500, 1_000]))).collect();
        Overrides::parse(weights).expect("weights that can be used")
    }
}

/// A world with tables of every kind, some entries missing.
pub fn world(dice: &mut Dice) -> World {
    let mut corridors = Vec::new();
    let mut flows = Vec::new();
    for home in COUNTRIES.map(country) {
        for market in COUNTRIES.map(country) {
            if dice.chance(50) {
                corridors.push(corridor(dice, home, market));
            }
            if dice.chance(50) {
                let deals = if dice.chance(3) { u32::MAX } else { dice.below(500) as u32 };
                flows.push(Flow { home, market, deals });
            }
        }
    }
    World {
        today: TODAY,
        regulated: texts(["bio"]),
        regions: dice.by_country(6, |d| d.pick(&["east", "west"]).to_owned()),
        corridors,
        flows,
        base: base(dice),
    }
}

fn corridor(dice: &mut Dice, home: Country, market: Country) -> Corridor {
    Corridor {
        home,
        market,
        regulation: dice.maybe(80, Dice::small),
        protection: dice.maybe(80, Dice::small),
        treaty: dice.maybe(80, Dice::small),
        culture: dice.maybe(80, Dice::small),
        favoured: if dice.chance(50) { dice.models() } else { CooperationModels::default() },
        prohibited: dice.chance(3),
        prohibited_sectors: if dice.chance(20) { dice.sectors(2) } else { BTreeSet::new() },
    }
}

fn base(dice: &mut Dice) -> Base {
    Base {
        home: dice.by_country(6, Dice::small),
        sector: dice.sectors(7).into_iter().map(|s| (s, dice.small())).collect(),
        round: (0..13).map(|round| (whole(round), dice.small())).collect(),
        ticket: (20..60).map(|bucket| (whole(bucket), dice.small())).collect(),
        city: dice.by_country(5, |d| d.set(&CITIES, 3).into_iter().map(|city| (city, d.small())).collect()),
    }
}

/// A startup of which each field is known with a likelihood of its own.
pub fn startup(dice: &mut Dice, id: u64) -> Startup {
    let known = dice.pick(&[0, 50, 90, 100]);
    let home = if dice.chance(4) { Country::UNKNOWN } else { dice.country() };
    Startup {
        active: !dice.chance(3),
        city: dice.maybe(known, |d| d.pick(&["first", "second", "third", ""]).to_owned()),
        sector: dice.maybe(known, Dice::sector),
        further_sectors: dice.sectors(4),
        tags: dice.maybe(known, |d| d.set(&TAGS, 4)),
        stage: dice.maybe(known, Dice::small),
        round: dice.maybe(known / 4, Dice::small),
        ask: dice.maybe(known, |d| Ask { cheque: d.dollars(), target: d.dollars() }),
        backers: dice.maybe(known, |d| (0..d.below(7)).map(|_| d.below(12)).collect()),
        targets: dice.maybe(known, |d| d.by_country(4, Dice::small)),
        references: dice.maybe(known, |d| (0..d.below(5)).map(|_| reference(d)).collect()),
        accelerators: dice.maybe(known, |d| (0..d.below(3)).map(|_| accelerator(d)).collect()),
        regulatory: dice.maybe(known, |d| d.by_country(4, |d| d.pick(Regulatory::ALL))),
        protection: dice.maybe(known, |d| d.by_country(4, |d| d.pick(Protection::ALL))),
        localised: dice.maybe(known, |d| d.countries(3)),
        offers: dice.maybe(known, |d| d.by_country(3, |d| d.below(5) as u32)),
        languages: dice.maybe(known, Dice::languages),
        time_zone: dice.maybe(known, Dice::small),
        interpreter: dice.chance(20),
        contacts: dice.maybe(known, |d| (0..d.below(3)).map(|_| contact(d)).collect()),
        models: dice.maybe(known, Dice::models),
        maturity: dice.maybe(known, maturity),
        needs: dice.maybe(known, |d| d.set(&SUPPORT, 4)),
        types: dice.maybe(known, |d| d.set(&TYPES, 3)),
        pitch: dice.maybe(known, |d| Pitch {
            calibrated: d.small(),
            judges: d.below(9) as u32,
            day: d.day(),
        }),
        updated: dice.maybe(known, Dice::day),
        blocks: (0..u64::from(dice.chance(10))).map(|_| dice.below(12)).collect(),
        exclude_types: if dice.chance(8) { dice.set(&TYPES, 1) } else { BTreeSet::new() },
        weights: if dice.chance(20) { dice.weights() } else { Overrides::default() },
        ..Startup::bare(StartupKey(id), home)
    }
}

fn reference(dice: &mut Dice) -> Reference {
    let (country, kind) = (dice.country(), dice.pick(ReferenceKind::ALL));
    Reference { country, kind, day: dice.day(), verified: dice.chance(50) }
}

fn accelerator(dice: &mut Dice) -> AcceleratorRecord {
    AcceleratorRecord { target: dice.country(), status: dice.pick(AcceleratorStatus::ALL) }
}

fn contact(dice: &mut Dice) -> Contact {
    let organisation = dice.pick(&ORGANISATIONS).to_owned();
    Contact { organisation, country: dice.country(), strength: dice.small() }
}

fn maturity(dice: &mut Dice) -> MaturityLevels {
    let mut level = || dice.maybe(70, Dice::small);
    MaturityLevels { trl: level(), crl: level(), brl: level(), iprl: level(), tmrl: level(), frl: level() }
}

/// An investor of which each field is known with a likelihood of its own.
pub fn investor(dice: &mut Dice, id: u64) -> Investor {
    let known = dice.pick(&[0, 50, 90, 100]);
    let home = if dice.chance(4) { Country::UNKNOWN } else { dice.country() };
    let kind = dice.pick(&TYPES);
    let bare = Investor::bare(InvestorKey(id), kind, home);
    let asked = dice.pick(&[0, 1, 5, 40, u32::MAX]);
    Investor {
        markets: Some(dice.countries(3))
            .filter(|m| !m.is_empty() && dice.chance(50))
            .unwrap_or(bare.markets.clone()),
        active: !dice.chance(3),
        city: dice.maybe(known, |d| d.pick(&CITIES).to_owned()),
        generalist: dice.chance(10),
        focus: if dice.chance(known) { focus(dice) } else { BTreeMap::new() },
        strict: dice.chance(70),
        tags: if dice.chance(known) { dice.set(&TAGS, 4) } else { BTreeSet::new() },
        stages: dice.maybe(known, stages),
        ticket: dice.maybe(known, dollars),
        languages: dice.maybe(known, Dice::languages),
        time_zone: dice.maybe(known, Dice::small),
        interpreter: dice.chance(10),
        organisations: dice.set(&ORGANISATIONS, 1),
        models: dice.maybe(known, Dice::models),
        access: dice.by_country(3, Dice::small),
        offers: dice.maybe(known, |d| d.set(&SUPPORT, 5)),
        portfolio: (0..dice.pick(&[0, 0, 1, 3, 10, 30])).map(|_| deal(dice)).collect(),
        asked,
        answered: dice.below(u64::from(asked) + 1) as u32,
        updated: dice.maybe(known, Dice::day),
        weights: if dice.chance(20) { dice.weights() } else { Overrides::default() },
        ..limits(dice, bare)
    }
}

/// Hard switches, each seldom set.
fn limits(dice: &mut Dice, bare: Investor) -> Investor {
    Investor {
        hard_stages: dice.maybe(12, stages),
        hard_ticket: dice.chance(12),
        hard_models: dice.chance(10),
        only_targets: dice.chance(10),
        only_homes: if dice.chance(8) { dice.countries(5) } else { BTreeSet::new() },
        exclude_homes: if dice.chance(10) { dice.countries(2) } else { BTreeSet::new() },
        exclude_sectors: if dice.chance(12) { dice.sectors(2) } else { BTreeSet::new() },
        min_regulatory: dice.maybe(8, |d| d.pick(Regulatory::ALL)),
        local_ref: dice.pick(&[
            LocalReference::None,
            LocalReference::None,
            LocalReference::Prefer,
            LocalReference::Require,
        ]),
        blocks: (0..u64::from(dice.chance(10))).map(|_| dice.below(12)).collect(),
        ..bare
    }
}

fn focus(dice: &mut Dice) -> BTreeMap<Sector, Whole<1, 3>> {
    dice.sectors(4).into_iter().map(|s| (s, dice.small())).collect()
}

fn stages(dice: &mut Dice) -> Span<Whole<0, 7>> {
    let lo = dice.between(0, 7);
    Span::new(whole(lo), whole(dice.between(lo, 7))).expect("ends in order")
}

fn dollars(dice: &mut Dice) -> Span<u64> {
    let (a, b) = (dice.dollars(), dice.dollars());
    Span::new(a.min(b), a.max(b)).expect("ends in order")
}

/// A recorded deal of which each field may be unknown.
pub fn deal(dice: &mut Dice) -> Deal {
    Deal {
        home: dice.maybe(85, |d| if d.chance(5) { Country::UNKNOWN } else { d.country() }),
        city: dice.maybe(85, |d| d.pick(&CITIES).to_owned()),
        sectors: dice.sectors(3),
        round: dice.maybe(85, Dice::small),
        amount: dice.dollars(),
        with: (0..dice.below(4)).map(|_| dice.below(12)).collect(),
    }
}
