//! A startup as one record of numbers, its lists in a run of one shared pool.
//!
//! Invariant: nothing of a score is worked out here; amounts stand as half-octaves and words as codes.
//! Read next: [`super::factors`].

use super::codes::{Codes, Trade, UNKNOWN};
use super::sums::half_octave;
use springboard::engine::profile::{Reference, Startup};
use springboard::engine::words::{Country, Level};
use springboard::engine::{Overrides, StartupFactor};
use std::collections::{BTreeMap, BTreeSet};

/// What stands for "not said" where a small number is stored in place.
pub const NOT_SAID: u8 = u8::MAX;

/// The lists of a startup, in the order in which they lie in the pool.
#[derive(Clone, Copy)]
#[repr(usize)]
pub enum List {
    /// A country, and how much it is wanted.
    Targets,
    /// Codes of words.
    Tags,
    /// Codes of words.
    Needs,
    /// Codes of words.
    Types,
    /// Codes of words.
    ExcludedTypes,
    /// A word and how well it is spoken.
    Languages,
    /// Codes of investors, at most four.
    Backers,
    /// A country with kind and verification, then the day.
    References,
    /// A country and the standing.
    Accelerators,
    /// A country and the level.
    Regulatory,
    /// A country and the level.
    Protection,
    /// A country.
    Localised,
    /// A country and how many, at most three.
    Offers,
    /// A country and the strength, then the organisation.
    Contacts,
}

const LISTS: usize = List::Contacts as usize + 1;

/// What a pair needs of a startup.
pub struct StartupRow {
    pub id: u64,
    pub cheque: u64,
    pub target: u64,
    start: u32,
    ends: [u16; LISTS],
    said: u16,
    pub place: u32,
    pub pitch_day: i32,
    pub pitch_judges: u32,
    /// The calibrated value; nothing where there is none.
    pub pitch: Option<u32>,
    pub home: u16,
    pub sector: Trade,
    pub further: [Trade; 4],
    pub time_zone: Option<i16>,
    pub active: bool,
    pub home_known: bool,
    pub interpreter: bool,
    pub stage: u8,
    pub round: u8,
    pub cheque_octave: u8,
    pub target_octave: u8,
    pub models: Option<u8>,
    pub maturity: [u8; 6],
    pub blocks: Option<Box<[u64]>>,
    pub own_weights: Option<Box<Overrides<StartupFactor>>>,
}

/// Two small numbers in one, the country or word in the upper bits.
pub fn packed(code: u32, value: u32) -> u32 {
    code << 8 | value
}

/// What was packed.
pub fn unpacked(both: u32) -> (u32, u32) {
    (both >> 8, both & 255)
}

impl StartupRow {
    /// Reads a profile and puts its lists at the end of the pool.
    pub fn read(s: &Startup, codes: &mut Codes, pool: &mut Vec<u32>) -> Self {
        let home = codes.country(s.home);
        let city = s.city.as_deref().filter(|city| !city.is_empty() && s.home.is_known());
        let mut further = [Trade::UNKNOWN; 4];
        for (place, sector) in further.iter_mut().zip(&s.further_sectors) {
            *place = codes.trade(sector);
        }
        let (start, ends, said) = lists(s, codes, pool);
        let stage = s.stage.map_or(NOT_SAID, |x| x.amount() as u8);
        let levels = s.maturity.as_ref().map_or([None; 6], |m| m.all());
        Self {
            id: s.id.0,
            cheque: s.ask.map_or(0, |ask| ask.cheque),
            target: s.ask.map_or(0, |ask| ask.target),
            start,
            ends,
            said,
            place: city.map_or(u32::MAX, |city| codes.place(home, city)),
            pitch_day: s.pitch.map_or(0, |p| p.day),
            pitch_judges: s.pitch.map_or(0, |p| p.judges),
            pitch: s.pitch.map(|p| p.calibrated.amount() as u32),
            home,
            sector: s.sector.as_ref().map_or(Trade::UNKNOWN, |x| codes.trade(x)),
            further,
            time_zone: s.time_zone.map(|minutes| minutes.get() as i16),
            active: s.active,
            home_known: s.home.is_known(),
            interpreter: s.interpreter,
            stage,
            round: s.round.map_or(stage, |x| x.amount() as u8),
            cheque_octave: s.ask.map_or(NOT_SAID, |ask| half_octave(ask.cheque)),
            target_octave: s.ask.map_or(NOT_SAID, |ask| half_octave(ask.target)),
            models: s.models.map(|set| set.iter().fold(0, |set, model| set | 1 << model as u8)),
            maturity: levels.map(|level| level.map_or(0, |x| x.amount() as u8)),
            blocks: some(s.blocks.iter().copied().collect()),
            own_weights: Some(&s.weights).filter(|w| !w.is_empty()).map(|w| Box::new(w.clone())),
        }
    }

    /// A list; empty where it is not said.
    pub fn list<'a>(&self, list: List, pool: &'a [u32]) -> &'a [u32] {
        let from = if list as usize == 0 { 0 } else { self.ends[list as usize - 1] };
        let start = self.start as usize;
        &pool[start + usize::from(from)..start + usize::from(self.ends[list as usize])]
    }

    /// Whether the profile says anything of a list.
    pub fn says(&self, list: List) -> bool {
        self.said & 1 << list as u16 != 0
    }

    pub fn asks(&self) -> bool {
        self.target_octave != NOT_SAID
    }

    pub fn has_sector(&self) -> bool {
        self.sector.own != UNKNOWN
    }

    /// Its further sectors.
    pub fn further(&self) -> impl Iterator<Item = Trade> {
        self.further.iter().copied().take_while(|trade| trade.own != UNKNOWN)
    }
}

fn some(list: Vec<u64>) -> Option<Box<[u64]>> {
    (!list.is_empty()).then(|| list.into())
}

/// Where the lists begin, where each ends, and which of them are said.
fn lists(s: &Startup, codes: &mut Codes, pool: &mut Vec<u32>) -> (u32, [u16; LISTS], u16) {
    let start = pool.len();
    let all = [
        s.targets.as_ref().map(|list| by_level(list, codes)),
        s.tags.as_ref().map(|list| words(list, codes)),
        s.needs.as_ref().map(|list| words(list, codes)),
        s.types.as_ref().map(|list| words(list, codes)),
        Some(words(&s.exclude_types, codes)),
        s.languages
            .as_ref()
            .map(|list| list.iter().map(|(w, l)| packed(codes.word(w), l.amount() as u32)).collect()),
        s.backers.as_ref().map(|list| list.iter().take(4).map(|b| codes.investor(*b)).collect()),
        s.references.as_ref().map(|list| list.iter().flat_map(|r| reference(r, codes)).collect()),
        s.accelerators.as_ref().map(|list| {
            list.iter().map(|a| packed(codes.country(a.target).into(), a.status as u32)).collect()
        }),
        s.regulatory.as_ref().map(|list| by_country(list, |level| *level as u32, codes)),
        s.protection.as_ref().map(|list| by_country(list, |level| *level as u32, codes)),
        s.localised.as_ref().map(|list| list.iter().map(|c| codes.country(*c).into()).collect()),
        s.offers.as_ref().map(|list| by_country(list, |count| *count.min(&3), codes)),
        s.contacts.as_ref().map(|list| {
            list.iter()
                .flat_map(|c| {
                    let country = codes.country(c.country).into();
                    [packed(country, c.strength.amount() as u32), codes.word(&c.organisation)]
                })
                .collect()
        }),
    ];
    let (mut ends, mut said) = ([0; LISTS], 0);
    for (k, list) in all.into_iter().enumerate() {
        said |= u16::from(list.is_some()) << k;
        pool.extend(list.unwrap_or_default());
        ends[k] = u16::try_from(pool.len() - start).expect("fewer than 65,536 entries");
    }
    (u32::try_from(start).expect("a pool of 2³² numbers"), ends, said)
}

fn words(list: &BTreeSet<String>, codes: &mut Codes) -> Vec<u32> {
    list.iter().map(|text| codes.word(text)).collect()
}

fn by_level(list: &BTreeMap<Country, Level>, codes: &mut Codes) -> Vec<u32> {
    by_country(list, |level| level.amount() as u32, codes)
}

fn by_country<T>(list: &BTreeMap<Country, T>, value: impl Fn(&T) -> u32, codes: &mut Codes) -> Vec<u32> {
    list.iter().map(|(country, x)| packed(codes.country(*country).into(), value(x))).collect()
}

fn reference(r: &Reference, codes: &mut Codes) -> [u32; 2] {
    let kind = (r.kind as u32) << 1 | u32::from(r.verified);
    [packed(codes.country(r.country).into(), kind), r.day as u32]
}
