//! An investor ready to be scored.
//!
//! Invariant: deals are counted once, here, and nowhere else.
//! Read next: [`super::evidence`].

use super::super::arithmetic::bucket;
use super::super::factors::{self, Rating};
use super::super::profile::Investor;
use super::super::words::{Country, Level};
use super::{Dictionary, Evidence, List, SectorCode, Tables, Word};
use std::{collections::BTreeMap, sync::Arc};

/// A compiled investor.
#[derive(Clone, Debug)]
pub struct InvestorRow {
    /// What it was compiled from.
    pub profile: Arc<Investor>,
    /// What its deals amount to.
    pub evidence: Evidence,
    /// What kind of investor it is.
    pub kind: Word,
    /// Its focus by number, sorted, with levels.
    pub focus: Box<[(SectorCode, u8)]>,
    /// Its tags, sorted.
    pub tags: Box<[Word]>,
    /// The half-octaves of its ticket.
    pub ticket: Option<(u8, u8)>,
    /// Its languages by number, with levels.
    pub languages: Option<Box<[(Word, u8)]>>,
    /// The organisations it is connected with, sorted.
    pub organisations: Box<[Word]>,
    /// What it offers, sorted.
    pub offers: Option<Box<[Word]>>,
    /// The sectors not to be shown, sorted.
    pub exclude_sectors: Box<[SectorCode]>,
    /// Points and confidence of its answers.
    pub responsive: Rating,
}

impl InvestorRow {
    /// Compiles a profile and counts its deals.
    pub fn compile(profile: Arc<Investor>, tables: &Tables, dictionary: &mut Dictionary) -> Self {
        let p = &*profile;
        let mut focus: Vec<_> = p
            .focus
            .iter()
            .filter_map(|(sector, level)| Some((dictionary.sector(sector)?.own, level.amount() as u8)))
            .collect();
        focus.sort_unstable();
        let mut excluded: Vec<_> =
            p.exclude_sectors.iter().filter_map(|s| Some(dictionary.sector(s)?.own)).collect();
        excluded.sort_unstable();
        let spoken = p.languages.as_ref().map(|spoken| languages(spoken, dictionary));
        let offers = p.offers.as_ref().map(|offers| dictionary.words(offers));
        let kind = dictionary.word(&p.kind);
        dictionary.languages.learn(spoken.iter().flatten().map(|(word, _)| *word));
        dictionary.needs.learn(offers.iter().flatten().copied());
        dictionary.kinds.learn(std::iter::once(kind));
        Self {
            evidence: Evidence::count(p, dictionary),
            kind,
            focus: focus.into(),
            tags: dictionary.words(&p.tags),
            ticket: p.ticket.map(|ticket| (bucket(ticket.lo()), bucket(ticket.hi()))),
            languages: spoken,
            organisations: dictionary.words(&p.organisations),
            offers,
            exclude_sectors: excluded.into(),
            responsive: factors::responsive::rate(p, tables.today),
            profile,
        }
    }

    /// Its permanent integer.
    pub fn id(&self) -> u64 {
        self.profile.id.0
    }

    /// Whether anything says which sectors it looks at.
    pub fn has_sector_thesis(&self) -> bool {
        self.profile.generalist || !self.focus.is_empty() || self.evidence.with_sector > 0
    }

    /// The level of a focus on a leaf or parent, 0 for none.
    pub fn focus_on(&self, sector: SectorCode) -> u8 {
        self.focus.binary_search_by_key(&sector, |f| f.0).map_or(0, |at| self.focus[at].1)
    }

    /// How far it opens a market, 0 to 3.
    pub fn access_to(&self, market: Country) -> u64 {
        let stated = self.profile.access.get(&market).map(|a| a.amount());
        stated.unwrap_or(if market == self.profile.home { 3 } else { 0 })
    }

    /// The market of the pair: of its own markets the one that the startup wants most, or else its home.
    pub fn market_for(&self, targets: Option<List<'_, (Country, u8)>>) -> Country {
        let wanted = targets
            .into_iter()
            .flat_map(List::iter)
            .filter(|(market, _)| self.profile.markets.contains(market));
        let most = wanted.max_by_key(|(market, level)| (*level, std::cmp::Reverse(*market)));
        most.map_or(self.profile.home, |(market, _)| market)
    }
}

/// Languages by number, sorted, with levels.
pub fn languages(spoken: &BTreeMap<String, Level>, dictionary: &mut Dictionary) -> Box<[(Word, u8)]> {
    let mut levels: Vec<_> =
        spoken.iter().map(|(language, level)| (dictionary.word(language), level.amount() as u8)).collect();
    levels.sort_unstable();
    levels.into()
}
