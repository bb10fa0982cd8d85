//! The filters of a query by code.
//!
//! Invariant: a word without a code is met by nobody; it does not switch its filter off.
//! Read next: [`super`].

use super::Pair;
use super::codes::{Codes, Trade};
use super::startup::{List, NOT_SAID, unpacked};
use springboard::engine::Filters;
use springboard::engine::words::Sector;

/// Filters whose words are numbers; a filter that is not set is nothing.
pub struct Filter<'a> {
    stated: &'a Filters,
    any: bool,
    markets: Option<Vec<u16>>,
    homes: Option<Vec<u16>>,
    /// Each sector that is asked for, and the parent above it.
    sectors: Option<Vec<(Option<u16>, Option<u16>)>>,
    needs: Option<Vec<u32>>,
    languages: Option<Vec<u32>>,
    types: Option<Vec<u32>>,
    models: u8,
}

/// The codes of a set that is not empty.
fn set<'s, T: 's, C>(
    stated: impl IntoIterator<Item = &'s T, IntoIter: ExactSizeIterator>,
    code: impl Fn(&'s T) -> Option<C>,
) -> Option<Vec<C>> {
    let stated = stated.into_iter();
    (stated.len() > 0).then(|| stated.filter_map(code).collect())
}

impl<'a> Filter<'a> {
    pub fn of(f: &'a Filters, codes: &Codes) -> Self {
        let unlimited = Filters { min_score: 0, min_confidence: 0, ..f.clone() };
        let sector = |s: &Sector| Some((codes.known_trade(s.as_str()), codes.known_trade(s.parent())));
        Self {
            stated: f,
            any: unlimited != Filters::default(),
            markets: set(&f.markets, |c| codes.known_country(*c)),
            homes: set(&f.homes, |c| codes.known_country(*c)),
            sectors: set(&f.sectors, sector),
            needs: set(&f.needs, |w| codes.known_word(w)),
            languages: set(&f.languages, |w| codes.known_word(w)),
            types: set(&f.types, |w| codes.known_word(w)),
            models: f.models.iter().fold(0, |set, model| set | 1 << model as u8),
        }
    }

    /// Whether score and confidence are high enough.
    pub fn admits(&self, score: u64, confidence: u32) -> bool {
        score >= self.stated.min_score && confidence >= self.stated.min_confidence
    }

    /// Whether the startup of the pair meets every filter.
    pub fn admits_startup(&self, pair: &Pair<'_>) -> bool {
        let s = pair.s;
        let said = |list, of: &Vec<u32>| pair.list(list).iter().any(|word| of.contains(word));
        let languages = pair.list(List::Languages);
        let asked = |trade: Trade| {
            let asks = |own: Option<u16>| own == Some(trade.own) || own == Some(trade.parent);
            self.sectors.iter().flatten().any(|(own, _)| asks(*own))
        };
        let stage = i64::from(s.stage);
        !self.any
            || self.markets.as_ref().is_none_or(|of| of.contains(&pair.market))
                && self.homes.as_ref().is_none_or(|of| of.contains(&s.home))
                && (self.sectors.is_none() || s.has_sector() && asked(s.sector) || s.further().any(asked))
                && self.stated.stages.is_none_or(|range| {
                    s.stage != NOT_SAID
                        && i64::from(range.lo().get()) <= stage
                        && stage <= i64::from(range.hi().get())
                })
                && self.stated.ask.is_none_or(|range| s.asks() && range.contains(s.target))
                && self.needs.as_ref().is_none_or(|of| said(List::Needs, of))
                && (self.stated.models.is_empty() || s.models.is_some_and(|ours| ours & self.models != 0))
                && self
                    .languages
                    .as_ref()
                    .is_none_or(|of| languages.iter().any(|entry| of.contains(&unpacked(*entry).0)))
    }

    /// Whether the investor of the pair meets every filter.
    pub fn admits_investor(&self, pair: &Pair<'_>) -> bool {
        let i = pair.i;
        let looks_at = |(own, parent): &(Option<u16>, Option<u16>)| {
            i.focus.iter().any(|(trade, _)| {
                let trade = (Some(trade.own), Some(trade.parent));
                *own == trade.0 || *own == trade.1 || *parent == trade.0
            })
        };
        let overlaps = |(lo, hi): (u8, u8)| {
            let stages = self.stated.stages;
            stages.is_none_or(|range| {
                range.lo().amount() <= u64::from(hi) && u64::from(lo) <= range.hi().amount()
            })
        };
        !self.any
            || self.markets.as_ref().is_none_or(|of| of.contains(&pair.market))
                && self.homes.as_ref().is_none_or(|of| of.contains(&i.home))
                && self.sectors.as_ref().is_none_or(|of| i.generalist || of.iter().any(looks_at))
                && (self.stated.stages.is_none() || i.stages.is_some_and(overlaps))
                && self
                    .stated
                    .ask
                    .is_none_or(|range| i.ticket.is_some_and(|(lo, hi)| range.lo() <= hi && lo <= range.hi()))
                && self.needs.as_ref().is_none_or(|of| i.offers.iter().flatten().any(|w| of.contains(w)))
                && (self.stated.models.is_empty() || i.models.is_some_and(|theirs| theirs & self.models != 0))
                && self
                    .languages
                    .as_ref()
                    .is_none_or(|of| i.languages.iter().flatten().any(|(word, _)| of.contains(word)))
                && self.types.as_ref().is_none_or(|of| of.contains(&i.kind))
    }
}
