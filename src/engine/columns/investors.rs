//! All investors of a snapshot, in blocks whose columns answer a startup: for every code of a feature one byte an investor.
//!
//! A startup has one home, one stage, a few sectors: its query reads those columns and no others. They hold what is
//! published; the whole thesis decides the gates when a pair is scored.
//!
//! Invariant: a column says of an investor at least as much good as is true, also of codes that were learned after it.
//! Read next: [`super::reach`], which searches them.

use super::super::arithmetic::{NEUTRAL, certainty};
use super::super::compiled::{Dictionary, InvestorRow, Place, Tables};
use super::super::factors::{Direct, Tabled, Views, co_investors, place, stage};
use super::super::reciprocal::Weights;
use super::super::snapshot::InvestorEntry;
use super::super::weights::{INVESTOR_FACTORS, Overrides, STARTUP_FACTORS};
use super::super::words::Country;
use super::codes::{self, NO_AMOUNT, NONE, OTHER, STAGE_ROUNDS};
use super::slots::{Column, ROWS, Slots};
use super::sorted::Sorted;
use super::startups::{Address, shortened};
use super::worth::Worth;
use std::sync::Arc;

/// Weights of one factor, times 64, one an investor.
pub type WeightColumn = [u16; ROWS];

/// What is read of 256 investors; the first index is the startup's code.
#[derive(Clone, Debug)]
pub struct InvestorColumns {
    /// Points, points by the deals alone, and the part of the essential multiplier in 255ths, by sector.
    pub sectors: Vec<[Column; 3]>,
    /// Points and the part of the essential multiplier, by stage and round.
    pub stage_rounds: Vec<[Column; 2]>,
    /// Points by the deals alone, by round; the last for an unknown one.
    pub rounds: Vec<Column>,
    /// Points by half-octave of smallest cheque and of target.
    pub amounts: Vec<[Column; 2]>,
    /// Points by home.
    pub countries: Vec<Column>,
    /// Points of answers.
    pub responsive: Column,
    /// 255 where there are tags.
    pub tags: Column,
    /// Home.
    pub home: Column,
    /// The markets besides home; [`OTHER`] in the third where there are more.
    pub markets: [Column; 3],
    /// The greatest confidence of country, of the record and of answers.
    pub known: [Column; 3],
    /// The other markets that are opened; [`OTHER`] in the third where there are more.
    pub opened: [Column; 3],
    /// How far home and each of the others are opened, two bits each.
    pub access: Column,
    /// Forms of cooperation; all where nothing is stated.
    pub models: Column,
    /// Languages, low and high bits of the vocabulary.
    pub languages: [Column; 2],
    /// The time zone.
    pub zone: Column,
    /// 1 languages stated, 2 an interpreter, 4 organisations.
    pub speaks: Column,
    /// Offers, low and high bits of the vocabulary of needs; all where nothing is stated.
    pub offers: [Column; 2],
    /// The bit of the type in the vocabulary.
    pub kind: Column,
    /// Default weights of the investor's side.
    pub investor_weights: [WeightColumn; INVESTOR_FACTORS],
    /// Default weights of the startup's side.
    pub startup_weights: [WeightColumn; STARTUP_FACTORS],
}

/// Two hundred and fifty-six investors.
#[derive(Clone, Debug)]
pub struct InvestorBlock {
    /// Those that may appear in a startup's list.
    pub live: Slots,
    /// What is read of each.
    pub columns: Box<InvestorColumns>,
    entries: Vec<Option<InvestorEntry>>,
}

impl InvestorBlock {
    fn empty() -> Self {
        Self {
            live: Slots::default(),
            columns: Box::new(InvestorColumns::empty()),
            entries: vec![None; ROWS],
        }
    }

    /// The investor of a slot.
    pub fn entry(&self, slot: u8) -> Option<&InvestorEntry> {
        self.entries[usize::from(slot)].as_ref()
    }

    fn put(&mut self, slot: u8, entry: Option<InvestorEntry>, tables: &Tables, words: &Dictionary) {
        self.live.take(slot);
        if let Some(published) = entry.as_ref().and_then(|entry| entry.published.as_deref()) {
            self.columns.put(usize::from(slot), published, tables, words);
            if entry.as_ref().is_some_and(|entry| entry.thesis.profile.active) {
                self.live.add(slot);
            }
        }
        self.entries[usize::from(slot)] = entry;
    }
}

impl InvestorColumns {
    fn bytes(&self) -> usize {
        let wide =
            size_of_val(&*self.sectors) + size_of_val(&*self.stage_rounds) + size_of_val(&*self.rounds);
        size_of::<Self>() + wide + size_of_val(&*self.amounts) + size_of_val(&*self.countries)
    }

    fn empty() -> Self {
        let none = [0; ROWS];
        Self {
            sectors: vec![[none; 3]; 256],
            stage_rounds: vec![[none; 2]; STAGE_ROUNDS],
            rounds: vec![none; 17],
            amounts: vec![[none; 2]; usize::from(NO_AMOUNT) + 1],
            countries: vec![none; 256],
            responsive: none,
            tags: none,
            home: none,
            markets: [[NONE; ROWS]; 3],
            known: [none; 3],
            opened: [[NONE; ROWS]; 3],
            access: none,
            models: none,
            languages: [none; 2],
            zone: none,
            speaks: none,
            offers: [none; 2],
            kind: none,
            investor_weights: [[0; ROWS]; INVESTOR_FACTORS],
            startup_weights: [[0; ROWS]; STARTUP_FACTORS],
        }
    }

    fn put(&mut self, at: usize, i: &InvestorRow, tables: &Tables, words: &Dictionary) {
        let views = Tabled::fill(Direct { investor: i, tables }, words.sectors(), Country::all());
        let worth = Worth { i, views: &views };
        let (main, _) = worth.sectors(words);
        let known = words.sectors().len();
        for code in 0..256 {
            let later = code < usize::from(NONE) && code >= known || code == usize::from(OTHER);
            let of = |column: &Column| if later { u8::MAX } else { column[code] };
            self.sectors[code][0][at] = of(&main.points).min(250);
            self.sectors[code][1][at] = of(&main.revealed).min(250);
            self.sectors[code][2][at] = of(&main.essential);
        }
        for code in 0..STAGE_ROUNDS {
            let (stated, round) = codes::of_stage_round(code as u8);
            let distance = stage::distance(stated, i);
            let revealed = round.map(|round| views.round(round));
            self.stage_rounds[code][0][at] = stage::rate(distance, revealed, i).points;
            self.stage_rounds[code][1][at] = worth.essential_stage(distance, round);
        }
        for (round, column) in self.rounds.iter_mut().enumerate() {
            column[at] = if round < 16 { views.round(round as u8) } else { NEUTRAL };
        }
        let (cheque, target) = worth.amounts();
        for (bucket, [of_cheque, of_target]) in self.amounts.iter_mut().enumerate() {
            (of_cheque[at], of_target[at]) = (cheque[bucket], target[bucket]);
        }
        self.countries.iter_mut().for_each(|column| column[at] = 0);
        for home in Country::all() {
            let best = &mut self.countries[usize::from(codes::country(home))][at];
            *best = views.country(home).points.max(*best);
        }
        self.put_bytes(at, i, words);
        self.put_weights(at, i);
    }

    fn put_bytes(&mut self, at: usize, i: &InvestorRow, words: &Dictionary) {
        let p = &i.profile;
        self.responsive[at] = i.responsive.points;
        self.tags[at] = if i.tags.is_empty() { 0 } else { u8::MAX };
        self.home[at] = codes::country(p.home);
        self.access[at] = i.access_to(p.home) as u8;
        self.opened.iter_mut().for_each(|column| column[at] = NONE);
        let others = p.access.keys().filter(|market| **market != p.home && i.access_to(**market) > 0);
        for (k, market) in others.enumerate() {
            self.opened[k.min(2)][at] = if k > 2 { OTHER } else { codes::country(*market) };
            self.access[at] |= if k > 2 { 3 << 6 } else { (i.access_to(*market) as u8) << (2 * k + 2) };
        }
        self.markets.iter_mut().for_each(|column| column[at] = NONE);
        for (k, market) in p.markets.iter().filter(|market| **market != p.home).enumerate() {
            self.markets[k.min(2)][at] = if k > 2 { OTHER } else { codes::country(*market) };
        }
        let e = &i.evidence;
        let known = [certainty(e.with_home, 40), certainty(e.deals, 2), i.responsive.confidence];
        for (column, known) in self.known.iter_mut().zip(known) {
            column[at] = known;
        }
        self.models[at] = p.models.map_or(u8::MAX, |models| models.bits());
        let spoken = i.languages.iter().flatten().map(|(word, _)| *word);
        [self.languages[0][at], self.languages[1][at]] = words.languages.bits(spoken).to_le_bytes();
        self.zone[at] = codes::zone(p.time_zone.map(|zone| zone.get()));
        let speaks = [i.languages.is_some(), p.interpreter, !i.organisations.is_empty()];
        self.speaks[at] = speaks.iter().enumerate().fold(0, |code, (bit, is)| code | u8::from(*is) << bit);
        let offers = i.offers.as_ref().map_or(u16::MAX, |o| words.needs.bits(o.iter().copied()));
        [self.offers[0][at], self.offers[1][at]] = offers.to_le_bytes();
        self.kind[at] = words.kinds.bit(i.kind) as u8;
    }

    fn put_weights(&mut self, at: usize, i: &InvestorRow) {
        let weights = Weights::before(i, &Overrides::default(), &Overrides::default());
        for (column, weight) in self.investor_weights.iter_mut().zip(weights.investor) {
            column[at] = weight * 64;
        }
        for (column, weight) in self.startup_weights.iter_mut().zip(weights.startup) {
            column[at] = weight * 64;
        }
    }
}

/// All investors.
#[derive(Clone, Debug, Default)]
pub struct Investors {
    blocks: Vec<Arc<InvestorBlock>>,
    free: Vec<Address>,
    by_id: Sorted<u64, Address>,
    /// Investors by city, with the points that they give to it.
    by_city: Sorted<(u32, Address), u8>,
    /// Investors by those that were in deals beside them, with what the common deals are worth.
    by_tie: Sorted<(u32, Address), u8>,
}

impl Investors {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    /// How many bytes the columns take, without the theses beside them.
    pub fn bytes(&self) -> usize {
        self.blocks.iter().map(|block| block.columns.bytes()).sum()
    }

    /// The blocks by number.
    pub fn blocks(&self) -> &[Arc<InvestorBlock>] {
        &self.blocks
    }

    /// An investor.
    pub fn get(&self, id: u64) -> Option<&InvestorEntry> {
        let address = self.by_id.get(&id)?;
        self.blocks[address.block()].entry(address.slot())
    }

    /// All investors, by their permanent integers.
    pub fn iter(&self) -> impl Iterator<Item = (u64, &InvestorEntry)> {
        let entry = |address: &Address| self.blocks[address.block()].entry(address.slot());
        self.by_id.iter().filter_map(move |(id, address)| Some((*id, entry(address)?)))
    }

    /// Investors with a deal in this city or at home in it, by address, each with the points that it gives to the city.
    pub fn in_city(&self, place: u32) -> impl Iterator<Item = (Address, u8)> {
        under(&self.by_city, place)
    }

    /// Investors that were in deals beside this one, by address, each with what the common deals are worth, and a few others.
    pub fn beside(&self, backer: u64) -> impl Iterator<Item = (Address, u8)> {
        under(&self.by_tie, shortened(backer))
    }

    /// Takes in an investor that is new or revised.
    pub fn put(&mut self, id: u64, entry: InvestorEntry, tables: &Tables, words: &Dictionary) {
        self.remove(id, tables, words);
        if self.free.is_empty() {
            let number = self.blocks.len();
            self.blocks.push(Arc::new(InvestorBlock::empty()));
            self.free.extend((0..=u8::MAX).rev().map(|slot| Address::new(number, slot)));
        }
        let Some(address) = self.free.pop() else { return };
        self.by_id.insert(id, address);
        if let Some(row) = &entry.published {
            for place in cities(row) {
                let home = words.home_of(place).unwrap_or(Country::UNKNOWN);
                let points = place::city(row, tables, home, Some(place)).points;
                self.by_city.insert((place.0, address), points);
            }
            for (tie, deals) in ties(row) {
                let (key, worth) = ((tie, address), co_investors::tied(deals));
                let known = self.by_tie.get(&key).copied().unwrap_or(0);
                self.by_tie.insert(key, worth.max(known));
            }
        }
        Arc::make_mut(&mut self.blocks[address.block()]).put(address.slot(), Some(entry), tables, words);
    }

    /// Takes an investor out.
    pub fn remove(&mut self, id: u64, tables: &Tables, words: &Dictionary) {
        let Some(address) = self.by_id.remove(&id) else { return };
        let entry = self.blocks[address.block()].entry(address.slot());
        if let Some(row) = entry.and_then(|entry| entry.published.clone()) {
            for place in cities(&row) {
                self.by_city.remove(&(place.0, address));
            }
            for (tie, _) in ties(&row) {
                self.by_tie.remove(&(tie, address));
            }
        }
        Arc::make_mut(&mut self.blocks[address.block()]).put(address.slot(), None, tables, words);
        self.free.push(address);
    }
}

fn under<V: Copy>(index: &Sorted<(u32, Address), V>, key: u32) -> impl Iterator<Item = (Address, V)> {
    let entries = index.entries_from((key, Address::FIRST)).take_while(move |entry| entry.0.0 == key);
    entries.map(|(key, value)| (key.1, *value))
}

fn cities(row: &InvestorRow) -> impl Iterator<Item = Place> {
    row.evidence.cities.iter().map(|(place, _)| place)
}

/// Fellow investors with the number of common deals.
fn ties(row: &InvestorRow) -> impl Iterator<Item = (u32, u64)> {
    row.evidence.ties.iter().map(|(other, deals)| (shortened(other), deals))
}
