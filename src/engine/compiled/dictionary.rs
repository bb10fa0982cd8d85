//! Words as small numbers: sectors, places and free words, each in its own numbering.
//!
//! Invariant: a code, once given, never changes; a clone shares all entries until one of the two learns a new word.
//! Read next: [`super::startup`].

use super::super::words::{Country, Sector};
use std::{collections::HashMap, sync::Arc};

/// The number of a leaf or parent, below [`Dictionary::SECTORS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SectorCode(pub u16);

/// The number of a city within its country.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place(pub u32);

/// The number of a tag, language, organisation, investor type, need or offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Word(pub u32);

/// A sector and its parent; a parent is its own parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SectorPair {
    pub own: SectorCode,
    pub parent: SectorCode,
}

impl SectorPair {
    /// Whether the sector names a leaf.
    pub fn is_leaf(self) -> bool {
        self.own != self.parent
    }

    /// Whether the sector itself or its parent is in a sorted set.
    pub fn is_in(self, set: &[SectorCode]) -> bool {
        set.binary_search(&self.own).is_ok() || set.binary_search(&self.parent).is_ok()
    }
}

/// Everything that has been given a number.
#[derive(Clone, Debug, Default)]
pub struct Dictionary {
    sectors: Numbering,
    pairs: Arc<Vec<SectorPair>>,
    cities: Arc<HashMap<Country, HashMap<String, Place>>>,
    homes: Arc<Vec<Country>>,
    startup_homes: Vec<Country>,
    words: Numbering,
    /// What startups need.
    pub needs: Vocabulary,
    /// What startups speak.
    pub languages: Vocabulary,
    /// Whom startups want to meet.
    pub kinds: Vocabulary,
}

/// The first words of a kind that profiles used, one bit each; all later ones share the last bit.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary(Vec<Word>);

impl Vocabulary {
    const OWN_BITS: usize = 15;

    /// Gives words bits, as long as there are any.
    pub fn learn(&mut self, words: impl IntoIterator<Item = Word>) {
        for word in words {
            if self.0.len() < Self::OWN_BITS && !self.0.contains(&word) {
                self.0.push(word);
            }
        }
    }

    /// The bit of a word.
    pub fn bit(&self, word: Word) -> u32 {
        self.0.iter().position(|known| *known == word).unwrap_or(Self::OWN_BITS) as u32
    }

    /// The bits of words.
    pub fn bits(&self, words: impl Iterator<Item = Word>) -> u16 {
        words.fold(0, |bits, word| bits | 1 << self.bit(word))
    }
}

impl Dictionary {
    /// How many sectors get a number; the greatest 16 bits stay free, for they stand for none in a record.
    pub const SECTORS: usize = u16::MAX as usize;

    /// The numbers of a sector and its parent, given now where they are new; none once all numbers are given, so that a
    /// sector without one counts as unknown and is never taken for another.
    pub fn sector(&mut self, sector: &Sector) -> Option<SectorPair> {
        if let Some(SectorCode(known)) = self.find_sector(sector) {
            return self.pairs.get(usize::from(known)).copied();
        }
        let parent = self.sector_number(sector.parent(), None)?;
        if sector.is_leaf() { self.sector_number(sector.as_str(), Some(parent.own)) } else { Some(parent) }
    }

    fn sector_number(&mut self, text: &str, parent: Option<SectorCode>) -> Option<SectorPair> {
        if self.sectors.find(text).is_none() && self.pairs.len() >= Self::SECTORS {
            return None;
        }
        let own = SectorCode(u16::try_from(self.sectors.number(text)).ok()?);
        let pair = SectorPair { own, parent: parent.unwrap_or(own) };
        if usize::from(own.0) == self.pairs.len() {
            Arc::make_mut(&mut self.pairs).push(pair);
        }
        Some(pair)
    }

    /// The number of a city in a country.
    pub fn place(&mut self, country: Country, city: &str) -> Place {
        if let Some(known) = self.cities.get(&country).and_then(|cities| cities.get(city)) {
            return *known;
        }
        let place = Place(self.homes.len() as u32);
        Arc::make_mut(&mut self.homes).push(country);
        Arc::make_mut(&mut self.cities).entry(country).or_default().insert(city.to_owned(), place);
        place
    }

    /// The country of a city's number.
    pub fn home_of(&self, place: Place) -> Option<Country> {
        self.homes.get(place.0 as usize).copied()
    }

    /// Takes note of a country that a startup comes from.
    pub fn learn_home(&mut self, home: Country) {
        if !self.startup_homes.contains(&home) {
            self.startup_homes.push(home);
        }
    }

    /// Every country that a startup comes from, and perhaps some that none comes from any more.
    pub fn startup_homes(&self) -> &[Country] {
        &self.startup_homes
    }

    /// The number of a free word.
    pub fn word(&mut self, text: &str) -> Word {
        Word(self.words.number(text))
    }

    /// The numbers of free words, sorted.
    pub fn words<'a>(&mut self, texts: impl IntoIterator<Item = &'a String>) -> Box<[Word]> {
        let mut words: Vec<Word> = texts.into_iter().map(|text| self.word(text)).collect();
        words.sort_unstable();
        words.into()
    }

    /// Every sector with its parent, in the order of the numbers.
    pub fn sectors(&self) -> &[SectorPair] {
        &self.pairs
    }

    /// The number of a sector text, if it has one.
    fn find_sector(&self, sector: &Sector) -> Option<SectorCode> {
        self.sectors.find(sector.as_str()).and_then(|code| u16::try_from(code).ok()).map(SectorCode)
    }

    /// The number of a free word, if it has one.
    pub fn find_word(&self, text: &str) -> Option<Word> {
        self.words.find(text).map(Word)
    }

    /// The text of a sector's number.
    pub fn sector_text(&self, code: SectorCode) -> &str {
        self.sectors.texts.get(code.0 as usize).map_or("", String::as_str)
    }

    /// The text of a free word's number.
    pub fn text(&self, word: Word) -> &str {
        self.words.texts.get(word.0 as usize).map_or("", String::as_str)
    }
}

#[derive(Clone, Debug, Default)]
struct Numbering {
    numbers: Arc<HashMap<String, u32>>,
    texts: Arc<Vec<String>>,
}

impl Numbering {
    fn find(&self, text: &str) -> Option<u32> {
        self.numbers.get(text).copied()
    }

    fn number(&mut self, text: &str) -> u32 {
        self.find(text).unwrap_or_else(|| {
            let number = self.texts.len() as u32;
            Arc::make_mut(&mut self.numbers).insert(text.to_owned(), number);
            Arc::make_mut(&mut self.texts).push(text.to_owned());
            number
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clone_keeps_its_numbers_when_the_other_learns() {
        let mut first = Dictionary::default();
        let ai = first.word("ai");
        let before = first.clone();
        assert_ne!(first.word("grid"), ai);
        assert_eq!((before.find_word("ai"), before.find_word("grid")), (Some(ai), None));
        assert_eq!(first.text(ai), "ai");
    }

    #[test]
    fn a_parent_is_its_own_parent() {
        let mut dictionary = Dictionary::default();
        let mut number = |text| dictionary.sector(&Sector::parse(text).expect("a sector")).expect("a number");
        let (leaf, parent) = (number("ict.ai"), number("ict"));
        assert!(leaf.is_leaf() && !parent.is_leaf());
        assert_eq!(leaf.parent, parent.own);
        assert!(leaf.is_in(&[parent.own]) && !parent.is_in(&[leaf.own]));
    }

    #[test]
    fn a_sector_that_comes_after_the_last_number_is_unknown_and_no_other() {
        let mut dictionary = Dictionary::default();
        let mut number = |text: &str| dictionary.sector(&Sector::parse(text).expect("a sector"));
        // A parent and its leaf each time: the last number is that of a parent, and its leaf finds none left.
        let pairs: Vec<_> = (0..40_000).map(|n| number(&format!("p{n}.leaf"))).collect();
        let numbered = Dictionary::SECTORS / 2;
        assert!(pairs[..numbered].iter().all(Option::is_some));
        assert!(pairs[numbered..].iter().all(Option::is_none));
        let last = number(&format!("p{numbered}")).expect("the last number");
        assert_eq!((usize::from(last.own.0) + 1, last.parent), (Dictionary::SECTORS, last.own));
        assert_eq!(["p39999", "p39999.leaf", "p0.other"].map(&mut number), [None; 3]);
        assert_eq!(number("p0.leaf"), pairs[0]);
        assert_eq!(number("p7"), pairs[7].map(|pair| SectorPair { own: pair.parent, ..pair }));
        let distinct: std::collections::BTreeSet<_> = pairs.iter().flatten().map(|pair| pair.own).collect();
        assert_eq!(distinct.len(), numbered);
        assert_eq!(dictionary.sectors().len(), Dictionary::SECTORS);
        assert_eq!(dictionary.sector_text(last.own), format!("p{numbered}"));
    }
}
