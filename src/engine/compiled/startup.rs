//! A startup ready to be scored: one run of words, and the row that reads it.
//!
//! Invariant: holds nothing that depends on an investor, and nothing but words: a row is read where its record lies.
//! Read next: [`super::packed`] for the lists, [`super::standing`] for what depends on a market.

use super::super::arithmetic::bucket;
use super::super::factors::{self, Rating};
use super::super::profile::{Ask, Startup};
use super::super::weights::{Factor, Overrides, StartupFactor};
use super::super::words::{CooperationModels, Country, Level};
use super::packed::{List, Packed, pack_ratings, unpack_ratings};
use super::{Dictionary, Place, SectorPair, Standings, Tables, Word, standing};
use std::{collections::BTreeMap, ops::Range};

const FIXED: usize = 9;
const LISTS: usize = 14;
const LENGTHS: usize = LISTS.div_ceil(4);
/// A length that does not fit a byte stands before the list in a word of its own.
const LONG: u8 = u8::MAX;
const NOTHING: u32 = u32::MAX;

/// A bit of the third word.
mod flag {
    pub const ACTIVE: u32 = 1;
    pub const INTERPRETER: u32 = 1 << 1;
    pub const REFERENCES: u32 = 1 << 2;
    pub const MODELS: u32 = 1 << 3;
    pub const TIME_ZONE: u32 = 1 << 4;
    pub const ASK: u32 = 1 << 5;
    pub const STAGE_SHIFT: u32 = 8;
    pub const ROUND_SHIFT: u32 = 12;
    /// The first of the bits that say whether a list is known.
    pub const KNOWN_SHIFT: u32 = 18;
}

/// The lists in the order in which they lie in a record.
#[derive(Clone, Copy)]
enum Part {
    Tags,
    Languages,
    Organisations,
    Needs,
    Types,
    Targets,
    Backers,
    Further,
    ExcludedTypes,
    Markets,
    Regions,
    Blocks,
    Weights,
    Amounts,
}

/// A startup as words.
#[derive(Clone, Debug)]
pub struct Record(Box<[u32]>);

/// A startup as scoring reads it.
#[derive(Clone, Copy, Debug)]
pub struct StartupRow<'a> {
    /// Its permanent integer.
    pub id: u64,
    /// Whether it takes part.
    pub active: bool,
    /// Whether it brings an interpreter.
    pub interpreter: bool,
    /// Where it comes from.
    pub home: Country,
    /// Its main sector.
    pub sector: Option<SectorPair>,
    /// Its further sectors.
    pub further_sectors: List<'a, SectorPair>,
    /// Its city, where home and city are known.
    pub place: Option<Place>,
    /// Its tags, sorted.
    pub tags: Option<List<'a, Word>>,
    /// Its stage.
    pub stage: Option<i32>,
    /// What it raises, or else its stage.
    pub round: Option<u8>,
    /// The half-octaves of smallest cheque and target.
    pub ask: Option<(u8, u8)>,
    /// Smallest cheque and target in US dollars.
    pub amounts: Option<Ask>,
    /// The first four of those who are in already, most active first.
    pub backers: Option<List<'a, u64>>,
    /// The markets it wants, sorted, with levels.
    pub targets: Option<List<'a, (Country, u8)>>,
    /// Its languages by number, sorted, with levels.
    pub languages: Option<List<'a, (Word, u8)>>,
    /// Minutes from UTC.
    pub time_zone: Option<i32>,
    /// The organisations of its contacts, sorted.
    pub organisations: Option<List<'a, Word>>,
    /// The forms of cooperation it accepts.
    pub models: Option<CooperationModels>,
    /// Its needs, sorted.
    pub needs: Option<List<'a, Word>>,
    /// The types of investor it wants, sorted.
    pub types: Option<List<'a, Word>>,
    /// The types of investor it never wants to meet, sorted.
    pub exclude_types: List<'a, Word>,
    /// The investors it never wants to meet, sorted.
    pub blocks: List<'a, u64>,
    /// Whether it says anything of references.
    pub references_known: bool,
    /// Where it stands in each market.
    pub standings: Standings<'a>,
    /// Points and confidence of its six scales.
    pub maturity: Rating,
    /// Points and confidence of its pitch.
    pub pitch: Rating,
    weights: List<'a, (StartupFactor, u16)>,
}

impl Packed for (StartupFactor, u16) {
    const WORDS: usize = 1;

    fn pack(self, to: &mut Vec<u32>) {
        to.push((self.0.index() as u32) << 16 | u32::from(self.1));
    }

    fn unpack(words: &[u32]) -> Self {
        (StartupFactor::TABLE[(words[0] >> 16) as usize].0, words[0] as u16)
    }
}

impl Record {
    /// Compiles a profile.
    pub fn compile(p: &Startup, tables: &Tables, dictionary: &mut Dictionary) -> Self {
        let mut words = Vec::new();
        Self::append(p, tables, dictionary, &mut words);
        Self(words.into())
    }

    /// Compiles a profile behind other records.
    pub fn append(p: &Startup, tables: &Tables, dictionary: &mut Dictionary, to: &mut Vec<u32>) {
        let mut w = Writer::new(to);
        lists(p, tables, dictionary, &mut w);
        dictionary.learn_home(p.home);
        let city = p.city.as_deref().filter(|city| !city.is_empty() && p.home.is_known());
        let round = p.round.map(|r| r.get()).or(p.stage.map(|s| s.get()));
        let one_more = |value: Option<i32>| value.map_or(0, |v| v as u32 + 1);
        let models = p.models.unwrap_or_default();
        let (cheque, target) = p.ask.map_or((0, 0), |ask| (bucket(ask.cheque), bucket(ask.target)));
        let [tz, tz_high] = (p.time_zone.map_or(0, |tz| tz.get()) as i16).to_le_bytes();
        let maturity = factors::maturity::rate(p.maturity.as_ref());
        let stated = [
            (flag::ACTIVE, p.active),
            (flag::INTERPRETER, p.interpreter),
            (flag::REFERENCES, p.references.is_some()),
            (flag::MODELS, p.models.is_some()),
            (flag::TIME_ZONE, p.time_zone.is_some()),
            (flag::ASK, p.ask.is_some()),
        ];
        let numbers = (one_more(p.stage.map(|s| s.get())) << flag::STAGE_SHIFT)
            | (one_more(round) << flag::ROUND_SHIFT)
            | (w.known << flag::KNOWN_SHIFT);
        let flags = stated.into_iter().filter(|(_, is)| *is).fold(numbers, |flags, (bit, _)| flags | bit);
        let elsewhere = standing::standing(p, None, standing::is_regulated(p, tables), tables);
        let mut sector = Vec::with_capacity(1);
        p.sector.iter().filter_map(|s| dictionary.sector(s)).for_each(|pair| pair.pack(&mut sector));
        w.finish([
            p.id.0 as u32,
            (p.id.0 >> 32) as u32,
            flags,
            u32::from(p.home.letters()) | u32::from(models.bits()) << 16,
            pack_ratings(maturity, factors::pitch::rate(p.pitch.as_ref(), tables.today)),
            sector.first().copied().unwrap_or(NOTHING),
            city.map_or(NOTHING, |city| dictionary.place(p.home, city).0),
            u32::from_le_bytes([tz, tz_high, cheque, target]),
            pack_ratings(elsewhere.references, elsewhere.readiness),
        ]);
    }

    /// The words.
    pub fn words(&self) -> &[u32] {
        &self.0
    }

    /// The row.
    pub fn row(&self) -> StartupRow<'_> {
        StartupRow::read(&self.0)
    }
}

fn lists(p: &Startup, tables: &Tables, dictionary: &mut Dictionary, w: &mut Writer<'_>) {
    w.words(Part::Tags, p.tags.as_ref(), dictionary);
    let spoken = p.languages.as_ref();
    let spoken = w.optional(Part::Languages, spoken.map(|spoken| languages(spoken, dictionary)), true);
    dictionary.languages.learn(w.values::<(Word, u8)>(spoken).map(|(language, _)| language));
    let organisations = p.contacts.as_ref().map(|cs| cs.iter().map(|c| &c.organisation));
    w.words(Part::Organisations, organisations, dictionary);
    let needs = w.words(Part::Needs, p.needs.as_ref(), dictionary);
    dictionary.needs.learn(w.values(needs));
    let types = w.words(Part::Types, p.types.as_ref(), dictionary);
    dictionary.kinds.learn(w.values(types));
    let targets = p.targets.as_ref().map(|t| t.iter().map(|(c, level)| (*c, level.amount() as u8)));
    w.optional(Part::Targets, targets, false);
    let backers = p.backers.as_deref().map(|b| factors::co_investors::counted(b).iter().copied());
    w.optional(Part::Backers, backers, false);
    w.list(Part::Further, p.further_sectors.iter().filter_map(|s| dictionary.sector(s)), false);
    w.list(Part::ExcludedTypes, p.exclude_types.iter().map(|kind| dictionary.word(kind)), true);
    let (markets, regions) = standing::work_out(p, tables);
    w.list(Part::Markets, markets, false);
    w.list(Part::Regions, regions, false);
    w.list(Part::Blocks, p.blocks.iter().copied(), false);
    w.list(Part::Weights, p.weights.iter(), false);
    w.list(Part::Amounts, p.ask.iter().flat_map(|ask| [ask.cheque, ask.target]), false);
}

fn languages(
    spoken: &BTreeMap<String, Level>,
    dictionary: &mut Dictionary,
) -> impl Iterator<Item = (Word, u8)> {
    spoken.iter().map(|(language, level)| (dictionary.word(language), level.amount() as u8))
}

/// A record in the making: the words before the lists are filled in at the end.
struct Writer<'a> {
    known: u32,
    lengths: [u8; LENGTHS * 4],
    start: usize,
    to: &'a mut Vec<u32>,
}

impl<'a> Writer<'a> {
    fn new(to: &'a mut Vec<u32>) -> Self {
        let start = to.len();
        to.extend([0; FIXED + LENGTHS]);
        Self { known: 0, lengths: [0; LENGTHS * 4], start, to }
    }

    /// Words of texts, sorted.
    fn words<'t>(
        &mut self,
        part: Part,
        texts: Option<impl IntoIterator<Item = &'t String>>,
        dictionary: &mut Dictionary,
    ) -> Range<usize> {
        self.optional(part, texts.map(|texts| texts.into_iter().map(|text| dictionary.word(text))), true)
    }

    fn optional<T: Packed>(
        &mut self,
        part: Part,
        values: Option<impl IntoIterator<Item = T>>,
        sorted: bool,
    ) -> Range<usize> {
        self.known |= u32::from(values.is_some()) << part as u32;
        self.list(part, values.into_iter().flatten(), sorted)
    }

    /// Values of one word each can be sorted: packed, they order as they do themselves.
    fn list<T: Packed>(
        &mut self,
        part: Part,
        values: impl IntoIterator<Item = T>,
        sorted: bool,
    ) -> Range<usize> {
        let start = self.to.len();
        values.into_iter().for_each(|value| value.pack(self.to));
        if sorted && T::WORDS == 1 {
            self.to[start..].sort_unstable();
        }
        let length = self.to.len() - start;
        self.lengths[part as usize] = u8::try_from(length).unwrap_or(LONG);
        if self.lengths[part as usize] == LONG {
            self.to.insert(start, length as u32);
        }
        self.to.len() - length..self.to.len()
    }

    /// The values that were written there.
    fn values<'b, T: Packed + 'b>(&'b self, written: Range<usize>) -> impl Iterator<Item = T> + 'b {
        List::over(&self.to[written]).iter()
    }

    fn finish(self, fixed: [u32; FIXED]) {
        let lengths = self.lengths.as_chunks::<4>().0.iter().map(|four| u32::from_le_bytes(*four));
        let head = self.to[self.start..].iter_mut();
        head.zip(fixed.into_iter().chain(lengths)).for_each(|(word, value)| *word = value);
    }
}

impl<'a> StartupRow<'a> {
    /// Reads a record from the start of these words.
    pub fn read(words: &'a [u32]) -> Self {
        let (fixed, rest) = words.split_at(FIXED);
        let (lengths, rest) = rest.split_at(LENGTHS);
        let mut rest = rest;
        let lists: [&[u32]; LISTS] = std::array::from_fn(|part| {
            let mut length = usize::from(lengths[part / 4].to_le_bytes()[part % 4]);
            if length == usize::from(LONG) {
                length = rest[0] as usize;
                rest = &rest[1..];
            }
            let (list, after) = rest.split_at(length);
            rest = after;
            list
        });
        Self::assemble(fixed, &lists)
    }

    fn assemble(fixed: &[u32], lists: &[&'a [u32]; LISTS]) -> Self {
        let flags = fixed[2];
        let has = |bit: u32| flags & bit != 0;
        let list = |part: Part| lists[part as usize];
        let known = |part: Part| has(1 << (flag::KNOWN_SHIFT + part as u32)).then(|| lists[part as usize]);
        let one_less = |shift: u32, bits: u32| ((flags >> shift) & ((1 << bits) - 1)).checked_sub(1);
        let (maturity, pitch) = unpack_ratings(fixed[4]);
        let [tz, tz_high, cheque, target] = fixed[7].to_le_bytes();
        let home = Country::from_letters(fixed[3] as u16);
        let dollars = List::<u64>::over(list(Part::Amounts));
        Self {
            id: u64::unpack(fixed),
            active: has(flag::ACTIVE),
            interpreter: has(flag::INTERPRETER),
            home,
            sector: (fixed[5] != NOTHING).then(|| SectorPair::unpack(&fixed[5..])),
            further_sectors: List::over(list(Part::Further)),
            place: (fixed[6] != NOTHING).then_some(Place(fixed[6])),
            tags: known(Part::Tags).map(List::over),
            stage: one_less(flag::STAGE_SHIFT, 4).map(|stage| stage as i32),
            round: one_less(flag::ROUND_SHIFT, 5).map(|round| round as u8),
            ask: has(flag::ASK).then_some((cheque, target)),
            amounts: dollars.get(0).zip(dollars.get(1)).map(Ask::from),
            backers: known(Part::Backers).map(List::over),
            targets: known(Part::Targets).map(List::over),
            languages: known(Part::Languages).map(List::over),
            time_zone: has(flag::TIME_ZONE).then(|| i16::from_le_bytes([tz, tz_high]).into()),
            organisations: known(Part::Organisations).map(List::over),
            models: has(flag::MODELS).then(|| CooperationModels::from_bits((fixed[3] >> 16) as u8)),
            needs: known(Part::Needs).map(List::over),
            types: known(Part::Types).map(List::over),
            exclude_types: List::over(list(Part::ExcludedTypes)),
            blocks: List::over(list(Part::Blocks)),
            references_known: has(flag::REFERENCES),
            standings: Standings::new(
                List::over(list(Part::Markets)),
                List::over(list(Part::Regions)),
                unpack_ratings(fixed[8]),
            ),
            maturity,
            pitch,
            weights: List::over(list(Part::Weights)),
        }
    }

    /// Its own weights; none for the defaults.
    pub fn weights(&self) -> Option<Overrides<StartupFactor>> {
        (!self.weights.is_empty()).then(|| self.weights.iter().collect())
    }
}

impl StartupRow<'_> {
    /// How many words the record at the start of these takes.
    pub fn length(words: &[u32]) -> usize {
        let lengths = words[FIXED..FIXED + LENGTHS].iter().flat_map(|four| four.to_le_bytes());
        lengths.take(LISTS).fold(FIXED + LENGTHS, |end, length| {
            if length == LONG { end + 1 + words[end] as usize } else { end + usize::from(length) }
        })
    }
}
