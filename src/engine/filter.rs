//! Filters compiled against a snapshot's words.
//!
//! Invariant: a word that the snapshot does not know is met by nobody; it does not switch its filter off.
//! Read next: [`super::plan`].

use super::compiled::{Dictionary, InvestorRow, List, SectorCode, StartupRow, Word};
use super::profile::Span;
use super::query::Filters;
use super::words::{Country, Sector, Stage};
use std::collections::BTreeSet;

/// Filters whose words are numbers.
#[derive(Clone, Debug)]
pub struct Filter<'a> {
    stated: &'a Filters,
    /// The sectors that are asked for, and the leaves below them.
    sectors: Vec<SectorCode>,
    /// Those, and the parents above them: a focus on a parent covers its leaves.
    focus: Vec<SectorCode>,
    needs: Vec<Word>,
    languages: Vec<Word>,
    types: Vec<Word>,
}

impl<'a> Filter<'a> {
    /// Looks every word up.
    pub fn compile(stated: &'a Filters, dictionary: &Dictionary) -> Self {
        let words =
            |texts: &BTreeSet<String>| texts.iter().filter_map(|text| dictionary.find_word(text)).collect();
        let sectors = |met: fn(&Sector, &str, &str) -> bool| {
            let any = |own: &str, parent: &str| stated.sectors.iter().any(|asked| met(asked, own, parent));
            let known = dictionary.sectors().iter();
            let met = known.filter(|s| any(dictionary.sector_text(s.own), dictionary.sector_text(s.parent)));
            met.map(|s| s.own).collect()
        };
        Self {
            stated,
            sectors: sectors(|asked, own, parent| asked.as_str() == own || asked.as_str() == parent),
            focus: sectors(|asked, own, parent| {
                asked.as_str() == own || asked.as_str() == parent || asked.parent() == own
            }),
            needs: words(&stated.needs),
            languages: words(&stated.languages),
            types: words(&stated.types),
        }
    }

    /// Whether a startup in the market of the pair meets every filter.
    pub fn admits_startup(&self, row: &StartupRow<'_>, market: Country) -> bool {
        let f = self.stated;
        let mut sectors = row.sector.into_iter().chain(row.further_sectors.iter());
        unset_or(f.markets.is_empty(), || f.markets.contains(&market))
            && unset_or(f.homes.is_empty(), || f.homes.contains(&row.home))
            && unset_or(f.sectors.is_empty(), || sectors.any(|s| self.sectors.contains(&s.own)))
            && f.stages.is_none_or(|range| row.stage.is_some_and(|stage| within(range, stage)))
            && f.ask.is_none_or(|range| row.amounts.is_some_and(|ask| range.contains(ask.target)))
            && unset_or(f.needs.is_empty(), || any(&self.needs, row.needs.into_iter().flat_map(List::iter)))
            && unset_or(f.models.is_empty(), || row.models.is_some_and(|m| !m.common(f.models).is_empty()))
            && unset_or(f.languages.is_empty(), || {
                self.speaks(row.languages.into_iter().flat_map(List::iter))
            })
    }

    /// Whether an investor in the market of the pair meets every filter.
    pub fn admits_investor(&self, row: &InvestorRow, market: Country) -> bool {
        let (f, p) = (self.stated, &row.profile);
        let in_sector = || p.generalist || row.focus.iter().any(|(focus, _)| self.focus.contains(focus));
        unset_or(f.markets.is_empty(), || f.markets.contains(&market))
            && unset_or(f.homes.is_empty(), || f.homes.contains(&p.home))
            && unset_or(f.sectors.is_empty(), in_sector)
            && f.stages.is_none_or(|range| p.stages.is_some_and(|stages| range.overlaps(stages)))
            && f.ask.is_none_or(|range| p.ticket.is_some_and(|ticket| range.overlaps(ticket)))
            && unset_or(f.needs.is_empty(), || any(&self.needs, row.offers.iter().flatten().copied()))
            && unset_or(f.models.is_empty(), || p.models.is_some_and(|m| !m.common(f.models).is_empty()))
            && unset_or(f.languages.is_empty(), || self.speaks(row.languages.iter().flatten().copied()))
            && unset_or(f.types.is_empty(), || self.types.contains(&row.kind))
    }

    /// Whether score and confidence are high enough.
    pub fn admits(&self, score: u64, confidence: u32) -> bool {
        score >= self.stated.min_score && confidence >= self.stated.min_confidence
    }

    /// The filters as they were asked for.
    pub fn stated(&self) -> &'a Filters {
        self.stated
    }

    /// The least score that is asked for.
    pub fn least_score(&self) -> u64 {
        self.stated.min_score
    }

    /// The languages that are asked for; nothing where none is.
    pub fn languages(&self) -> Option<&[Word]> {
        (!self.stated.languages.is_empty()).then_some(&*self.languages)
    }

    /// The needs that are asked for; nothing where none is.
    pub fn needs(&self) -> Option<&[Word]> {
        (!self.stated.needs.is_empty()).then_some(&*self.needs)
    }

    fn speaks(&self, mut languages: impl Iterator<Item = (Word, u8)>) -> bool {
        languages.any(|(word, _)| self.languages.contains(&word))
    }
}

fn unset_or(unset: bool, met: impl FnOnce() -> bool) -> bool {
    unset || met()
}

/// Whether a stage lies in a range.
pub fn within(range: Span<Stage>, stage: i32) -> bool {
    range.lo().get() <= stage && stage <= range.hi().get()
}

fn any(asked: &[Word], mut stated: impl Iterator<Item = Word>) -> bool {
    stated.any(|word| asked.contains(&word))
}
