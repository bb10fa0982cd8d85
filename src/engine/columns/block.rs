//! Two hundred and fifty-six startups: their records, and one byte of each in every column.
//!
//! Invariant: a row keeps its slot for as long as it is in the block; a column says of a row at least as much good as is true.
//! Read next: [`super::bounds`], which gives every code its worth, and [`super::scan`].

use super::super::arithmetic::POINTS;
use super::super::compiled::{Dictionary, List, StartupRow};
use super::codes::{self, NO_AMOUNT, NONE, OTHER};
use super::kernel;
use super::slots::{Column, ROWS, Slots};
use super::stated::{contacts, known};

/// The columns that every candidate is read in.
#[derive(Clone, Debug)]
pub struct Columns {
    /// The home.
    pub home: Column,
    /// The main sector.
    pub sector: Column,
    /// The further sectors; none where the main one is unknown, since they then do not count.
    pub further: [Column; 4],
    /// Stage and round.
    pub stage_round: Column,
    /// The half-octave of the smallest cheque.
    pub cheque: Column,
    /// The half-octave of the target.
    pub target: Column,
    /// Points of the six scales.
    pub maturity: Column,
    /// Points of the pitch.
    pub pitch: Column,
    /// The greatest points of references in any market.
    pub references: Column,
    /// The greatest points of readiness in any market.
    pub readiness: Column,
    /// Forms of cooperation, one bit each; all of them where nothing is stated.
    pub models: Column,
    /// The first three targets; [`OTHER`] for the third where there are more.
    pub targets: [Column; 3],
    /// How much each of the targets is wanted, two bits each.
    pub interest: Column,
    /// The city.
    pub city: Column,
    /// The time zone.
    pub zone: Column,
    /// See [`super::stated::contacts`].
    pub contacts: Column,
    /// The languages, low and high bits of the vocabulary.
    pub languages: [Column; 2],
    /// The needs, likewise.
    pub needs: [Column; 2],
    /// What one need is worth in points; 0 where none is stated.
    pub need: Column,
    /// The types of investor it wants, low and high bits of the vocabulary.
    pub kinds: [Column; 2],
    /// See [`super::stated::known`].
    pub known: Column,
    /// 1 where the startup weighs the factors itself.
    pub weighs: Column,
}

impl Columns {
    /// Columns of rows that say nothing.
    pub fn empty() -> Self {
        Self {
            home: [NONE; ROWS],
            sector: [NONE; ROWS],
            further: [[NONE; ROWS]; 4],
            stage_round: [0; ROWS],
            cheque: [NO_AMOUNT; ROWS],
            target: [NO_AMOUNT; ROWS],
            maturity: [0; ROWS],
            pitch: [0; ROWS],
            references: [0; ROWS],
            readiness: [0; ROWS],
            models: [0; ROWS],
            targets: [[NONE; ROWS]; 3],
            interest: [0; ROWS],
            city: [NONE; ROWS],
            zone: [NONE; ROWS],
            contacts: [0; ROWS],
            languages: [[0; ROWS]; 2],
            needs: [[0; ROWS]; 2],
            need: [0; ROWS],
            kinds: [[0; ROWS]; 2],
            known: [0; ROWS],
            weighs: [0; ROWS],
        }
    }

    /// Fills every column with whatever comes.
    #[cfg(test)]
    #[cfg(all(target_arch = "x86_64", not(feature = "portable")))]
    pub fn fill_with(&mut self, next: &mut impl FnMut() -> u8) {
        let single = [
            &mut self.home,
            &mut self.sector,
            &mut self.stage_round,
            &mut self.cheque,
            &mut self.target,
            &mut self.maturity,
            &mut self.pitch,
            &mut self.references,
            &mut self.readiness,
            &mut self.models,
            &mut self.interest,
            &mut self.city,
            &mut self.zone,
            &mut self.contacts,
            &mut self.need,
            &mut self.known,
            &mut self.weighs,
        ];
        let several = self.further.iter_mut().chain(&mut self.targets).chain(&mut self.languages);
        let several = several.chain(&mut self.needs).chain(&mut self.kinds);
        single.into_iter().chain(several).for_each(|column| column.fill_with(&mut *next));
    }

    fn put(&mut self, slot: u8, row: &StartupRow<'_>, words: &Dictionary) {
        let at = usize::from(slot);
        let (references, readiness, contact) = row.standings.greatest();
        self.home[at] = codes::country(row.home);
        self.sector[at] = row.sector.map_or(NONE, |s| codes::sector(s.own));
        for (further, sector) in self.further.iter_mut().zip(row.further_sectors.iter()) {
            further[at] = if row.sector.is_some() { codes::sector(sector.own) } else { NONE };
        }
        self.stage_round[at] = codes::stage_round(row.stage, row.round);
        (self.cheque[at], self.target[at]) = row.ask.unwrap_or((NO_AMOUNT, NO_AMOUNT));
        self.maturity[at] = row.maturity.points;
        self.pitch[at] = row.pitch.points;
        self.references[at] = references;
        self.readiness[at] = readiness;
        self.models[at] = row.models.map_or(u8::MAX, |models| models.bits());
        let targets = row.targets.into_iter().flat_map(List::iter);
        for (k, (target, level)) in targets.enumerate() {
            self.targets[k.min(2)][at] = if k > 2 { OTHER } else { codes::country(target) };
            self.interest[at] |= if k > 2 { 3 << 4 } else { level << (2 * k) };
        }
        if self.targets[0][at] == NONE {
            self.interest[at] = 1;
        }
        self.city[at] = codes::city(row.place);
        self.zone[at] = codes::zone(row.time_zone);
        self.contacts[at] = contacts::code(row, contact);
        let put = |columns: &mut [Column; 2], bits: u16| {
            [columns[0][at], columns[1][at]] = bits.to_le_bytes();
        };
        let languages = row.languages.into_iter().flat_map(List::iter).map(|spoken| spoken.0);
        put(&mut self.languages, words.languages.bits(languages));
        put(&mut self.needs, words.needs.bits(row.needs.into_iter().flat_map(List::iter)));
        put(&mut self.kinds, words.kinds.bits(row.types.into_iter().flat_map(List::iter)));
        let needs = row.needs.map_or(0, List::len);
        self.need[at] = if needs == 0 { 0 } else { usize::from(POINTS).div_ceil(needs).min(250) as u8 };
        self.known[at] = known::code(row);
        self.weighs[at] = u8::from(row.weights().is_some());
    }
}

/// What occurs in a block at all.
#[derive(Clone, Copy, Debug, Default)]
pub struct Summary {
    /// The rows that take part.
    pub live: Slots,
    /// The homes, by code.
    pub homes: Slots,
    /// The main sectors, by code.
    pub sectors: Slots,
    /// The further sectors, by code.
    pub further: Slots,
    /// The combinations of stage and round, by code.
    pub stage_rounds: Slots,
    /// The half-octaves of smallest cheques.
    pub cheques: Slots,
    /// The half-octaves of targets.
    pub targets: Slots,
    /// The greatest points of maturity, pitch, references and readiness.
    pub greatest: [u8; 4],
    /// Whether a startup weighs the factors itself.
    pub weighs: bool,
    /// How many columns of further sectors are in use.
    pub further_columns: u8,
}

impl Summary {
    fn of(columns: &Columns, live: Slots) -> Self {
        let mut summary = Self { live, ..Self::default() };
        for at in live.iter().map(usize::from) {
            let c = columns;
            summary.homes.add(c.home[at]);
            summary.sectors.add(c.sector[at]);
            for (k, further) in c.further.iter().enumerate().filter(|(_, f)| f[at] != NONE) {
                summary.further.add(further[at]);
                summary.further_columns = summary.further_columns.max(k as u8 + 1);
            }
            summary.stage_rounds.add(c.stage_round[at]);
            summary.cheques.add(c.cheque[at]);
            summary.targets.add(c.target[at]);
            let bytes = [c.maturity[at], c.pitch[at], c.references[at], c.readiness[at]];
            summary.greatest = std::array::from_fn(|k| summary.greatest[k].max(bytes[k]));
            summary.weighs |= c.weighs[at] != 0;
        }
        summary
    }
}

/// A startup on its way into a block.
#[derive(Clone, Copy, Debug)]
pub struct Incoming<'a> {
    /// Its record.
    pub record: &'a [u32],
    /// Its profile in few bytes.
    pub profile: &'a [u8],
}

/// Two hundred and fifty-six startups.
#[derive(Clone, Debug)]
pub struct Block {
    /// What is read of every row.
    pub columns: Columns,
    used: Slots,
    starts: [u32; ROWS],
    records: Box<[u32]>,
    ends: [u32; ROWS],
    profiles: Box<[u8]>,
}

impl Block {
    /// A block of rows with their slots, which rise.
    pub fn of<'a>(
        rows: impl Iterator<Item = (u8, Incoming<'a>)> + Clone,
        words: &Dictionary,
    ) -> (Self, Summary) {
        let lengths = rows.clone().map(|(_, incoming)| (incoming.record.len(), incoming.profile.len()));
        let sums = lengths.fold((0, 0), |sums, one| (sums.0 + one.0, sums.1 + one.1));
        let (mut records, mut profiles) = (Vec::with_capacity(sums.0), Vec::with_capacity(sums.1));
        let (mut live, mut used, mut columns) = (Slots::default(), Slots::default(), Columns::empty());
        let (mut starts, mut ends) = ([0; ROWS], [0; ROWS]);
        for (slot, incoming) in rows {
            let row = StartupRow::read(incoming.record);
            columns.put(slot, &row, words);
            used.add(slot);
            if row.active {
                live.add(slot);
            }
            starts[usize::from(slot)] = records.len() as u32;
            records.extend_from_slice(incoming.record);
            profiles.extend_from_slice(incoming.profile);
            ends[usize::from(slot)] = profiles.len() as u32;
        }
        let summary = Summary::of(&columns, live);
        let (records, profiles) = (records.into(), profiles.into());
        (Self { columns, used, starts, records, ends, profiles }, summary)
    }

    /// This block with one slot filled anew or emptied.
    #[must_use]
    pub fn with(&self, slot: u8, incoming: Option<Incoming<'_>>, words: &Dictionary) -> (Self, Summary) {
        let slots = (0..=u8::MAX).filter(|s| *s == slot || self.used.has(*s));
        let rows = slots.filter_map(|s| Some((s, if s == slot { incoming? } else { self.incoming(s)? })));
        Self::of(rows, words)
    }

    /// The row of a slot.
    pub fn row(&self, slot: u8) -> Option<StartupRow<'_>> {
        self.used.has(slot).then(|| StartupRow::read(self.record(slot)))
    }

    /// Asks for the record of a slot before it is read.
    pub fn fetch(&self, slot: u8) {
        if let Some(words) = self.record(slot).first_chunk::<32>() {
            kernel::fetch(words);
        }
    }

    /// The rows with their slots.
    pub fn rows(&self) -> impl Iterator<Item = (u8, StartupRow<'_>)> {
        self.used.iter().map(|slot| (slot, StartupRow::read(self.record(slot))))
    }

    /// Record and profile of a slot.
    pub fn incoming(&self, slot: u8) -> Option<Incoming<'_>> {
        if !self.used.has(slot) {
            return None;
        }
        let record = self.record(slot);
        let before = (0..slot).rev().find(|s| self.used.has(*s));
        let start = before.map_or(0, |s| self.ends[usize::from(s)] as usize);
        let profile = &self.profiles[start..self.ends[usize::from(slot)] as usize];
        Some(Incoming { record: &record[..StartupRow::length(record)], profile })
    }

    /// A slot that holds no row.
    pub fn free(&self) -> Option<u8> {
        self.used.first_free()
    }

    /// How many bytes columns and records take, and how many the profiles.
    pub fn bytes(&self) -> (usize, usize) {
        let texts = self.profiles.len() + size_of_val(&self.ends);
        (size_of::<Self>() - size_of_val(&self.ends) + size_of_val(&*self.records), texts)
    }

    fn record(&self, slot: u8) -> &[u32] {
        &self.records[self.starts[usize::from(slot)] as usize..]
    }
}
