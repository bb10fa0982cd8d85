//! Codes in files of profiles that are in no table of the reference data.
//!
//! Invariant: such a code is told, never refused: data to measure with may speak of sectors of its own, which then match
//! themselves alone. Read next: [`super::offline`].

use crate::engine::profile::{Investor, Startup};
use crate::engine::words::{Country, Sector};
use crate::reference::{CountryCode, SectorCode};
use std::collections::HashSet;
use std::fmt::Display;
use std::path::Path;

/// How many of them are named.
const NAMED: usize = 5;

/// A profile whose codes can be looked up.
pub trait Coded {
    /// Its countries, each with the field that names it.
    fn countries(&self) -> impl Iterator<Item = (&'static str, Country)>;
    /// Its sectors, each with the field that names it.
    fn sectors(&self) -> impl Iterator<Item = (&'static str, &Sector)>;
}

fn each<'a, T: 'a>(
    field: &'static str,
    all: impl IntoIterator<Item = T> + 'a,
) -> impl Iterator<Item = (&'static str, T)> + 'a {
    all.into_iter().map(move |one| (field, one))
}

impl Coded for Startup {
    fn countries(&self) -> impl Iterator<Item = (&'static str, Country)> {
        each("home", Some(self.home).filter(|home| home.is_known()))
            .chain(each("targets", self.targets.iter().flatten().map(|(c, _)| *c)))
            .chain(each("refs", self.references.iter().flatten().map(|r| r.country)))
            .chain(each("accel", self.accelerators.iter().flatten().map(|a| a.target)))
            .chain(each("regulatory", self.regulatory.iter().flatten().map(|(c, _)| *c)))
            .chain(each("ip", self.protection.iter().flatten().map(|(c, _)| *c)))
            .chain(each("localised", self.localised.iter().flatten().copied()))
            .chain(each("offers", self.offers.iter().flatten().map(|(c, _)| *c)))
            .chain(each("bridges", self.contacts.iter().flatten().map(|c| c.country)))
    }

    fn sectors(&self) -> impl Iterator<Item = (&'static str, &Sector)> {
        each("sector", &self.sector).chain(each("sectors2", &self.further_sectors))
    }
}

impl Coded for Investor {
    fn countries(&self) -> impl Iterator<Item = (&'static str, Country)> {
        each("home", Some(self.home).filter(|home| home.is_known()))
            .chain(each("markets", self.markets.iter().copied()))
            .chain(each("access", self.access.keys().copied()))
            .chain(each("only_homes", self.only_homes.iter().copied()))
            .chain(each("exclude_homes", self.exclude_homes.iter().copied()))
            .chain(each("portfolio", self.portfolio.iter().filter_map(|deal| deal.known_home())))
    }

    fn sectors(&self) -> impl Iterator<Item = (&'static str, &Sector)> {
        each("focus", self.focus.keys())
            .chain(each("exclude_sectors", &self.exclude_sectors))
            .chain(each("portfolio", self.portfolio.iter().flat_map(|deal| &deal.sectors)))
    }
}

/// The codes of one file or stream that are in no table.
pub struct Unknown {
    countries: Vec<bool>,
    sectors: HashSet<&'static str>,
    codes: HashSet<String>,
    first: Vec<String>,
}

impl Unknown {
    /// None yet.
    pub fn new() -> Self {
        let known = |country: Country| country.as_str().parse::<CountryCode>().is_ok();
        Self {
            countries: Country::all().map(known).collect(),
            sectors: SectorCode::all().map(|sector| sector.as_str()).collect(),
            codes: HashSet::new(),
            first: Vec::new(),
        }
    }

    /// Looks up the codes of a profile; `whose` comes before the names of its fields.
    pub fn note(&mut self, line: usize, whose: &str, profile: &impl Coded) {
        for (field, country) in profile.countries() {
            if !self.countries.get(country.code()).copied().unwrap_or_default() {
                self.add(line, whose, field, &country);
            }
        }
        for (field, sector) in profile.sectors() {
            if !self.sectors.contains(sector.as_str()) {
                self.add(line, whose, field, &sector.as_str());
            }
        }
    }

    fn add(&mut self, line: usize, whose: &str, field: &str, code: &dyn Display) {
        if self.codes.insert(code.to_string()) && self.first.len() < NAMED {
            self.first.push(format!("line {line}: {whose}{field} {code}"));
        }
    }

    /// Says on standard error how many there are and names the first.
    pub fn warn(&self, path: &Path) {
        if let Some(said) = self.said() {
            eprintln!("springboard: {}: {said}", path.display());
        }
    }

    fn said(&self) -> Option<String> {
        let (count, first) = (self.codes.len(), self.first.join(", "));
        match count {
            0 => None,
            1 => Some(format!("a code is not in the reference data and matches only itself: {first}")),
            _ if count <= NAMED => Some(format!(
                "{count} codes are not in the reference data and match only themselves: {first}"
            )),
            _ => Some(format!(
                "{count} codes are not in the reference data and match only themselves; the first are {first}"
            )),
        }
    }
}
