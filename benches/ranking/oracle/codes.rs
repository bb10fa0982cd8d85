//! Words as small numbers, given once when a profile is read.
//!
//! Invariant: the same word has the same number for the life of an oracle.
//! Read next: [`super::startup`].

use springboard::engine::words::{Country, Sector};
use std::collections::HashMap;

/// What stands for "not said" where a number is stored in place.
pub const UNKNOWN: u16 = u16::MAX;

/// A leaf or parent, and the parent above it; a parent is its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trade {
    pub own: u16,
    pub parent: u16,
}

impl Trade {
    pub const UNKNOWN: Self = Self { own: UNKNOWN, parent: UNKNOWN };

    pub fn is_leaf(self) -> bool {
        self.own != self.parent
    }

    pub fn is_in(self, set: &[u16]) -> bool {
        set.iter().any(|x| *x == self.own || *x == self.parent)
    }
}

/// Every word that has been given a number.
#[derive(Clone, Default)]
pub struct Codes {
    countries: HashMap<Country, u16>,
    trades: HashMap<String, Trade>,
    places: HashMap<u16, HashMap<String, u32>>,
    place_count: u32,
    words: HashMap<String, u32>,
    investors: HashMap<u64, u32>,
}

impl Codes {
    pub fn country(&mut self, country: Country) -> u16 {
        let next = self.countries.len() as u16;
        *self.countries.entry(country).or_insert(next)
    }

    pub fn trade(&mut self, sector: &Sector) -> Trade {
        if let Some(known) = self.trades.get(sector.as_str()) {
            return *known;
        }
        let parent = match self.trades.get(sector.parent()) {
            Some(known) => known.own,
            None => self.number_trade(sector.parent(), None),
        };
        if sector.is_leaf() {
            self.number_trade(sector.as_str(), Some(parent));
        }
        self.trades[sector.as_str()]
    }

    fn number_trade(&mut self, text: &str, parent: Option<u16>) -> u16 {
        let own = u16::try_from(self.trades.len()).expect("fewer than 65,536 sectors");
        self.trades.insert(text.to_owned(), Trade { own, parent: parent.unwrap_or(own) });
        own
    }

    pub fn place(&mut self, country: u16, city: &str) -> u32 {
        let cities = self.places.entry(country).or_default();
        if let Some(known) = cities.get(city) {
            return *known;
        }
        let place = self.place_count;
        self.place_count += 1;
        cities.insert(city.to_owned(), place);
        place
    }

    pub fn word(&mut self, text: &str) -> u32 {
        if let Some(known) = self.words.get(text) {
            return *known;
        }
        let word = self.words.len() as u32;
        self.words.insert(text.to_owned(), word);
        word
    }

    /// An investor that others name as a backer or partner.
    pub fn investor(&mut self, id: u64) -> u32 {
        let next = self.investors.len() as u32;
        *self.investors.entry(id).or_insert(next)
    }

    pub fn known_country(&self, country: Country) -> Option<u16> {
        self.countries.get(&country).copied()
    }

    pub fn known_trade(&self, text: &str) -> Option<u16> {
        self.trades.get(text).map(|trade| trade.own)
    }

    pub fn known_word(&self, text: &str) -> Option<u32> {
        self.words.get(text).copied()
    }
}
