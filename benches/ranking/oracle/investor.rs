//! An investor as numbers, its deals counted into arrays.
//!
//! Invariant: counts are what the deals say, not what a score makes of them.
//! Read next: [`super::factors`].

use super::codes::{Codes, Trade};
use super::sums::half_octave;
use springboard::engine::profile::{Deal, Investor, Span};
use springboard::engine::words::{Country, LocalReference, Sector, Stage};
use springboard::engine::{InvestorFactor, Overrides};
use std::collections::BTreeSet;

/// Deals counted by every feature; the own city counts as one more deal there.
pub struct Evidence {
    pub deals: u64,
    pub with_home: u64,
    pub with_round: u64,
    pub with_leaf: u64,
    pub with_sector: u64,
    pub with_amount: u64,
    countries: Vec<u32>,
    with_city: Vec<u32>,
    /// Deals by leaf and by parent.
    trades: Vec<u32>,
    pub rounds: [u32; 16],
    pub amounts: [u32; 128],
    places: Vec<(u32, u32)>,
    ties: Vec<(u32, u32)>,
}

fn bump(counts: &mut Vec<u32>, code: u16) {
    let at = usize::from(code);
    if counts.len() <= at {
        counts.resize(at + 1, 0);
    }
    counts[at] += 1;
}

/// Sorted pairs of code and count.
fn counted(mut codes: Vec<u32>) -> Vec<(u32, u32)> {
    codes.sort_unstable();
    codes.chunk_by(|a, b| a == b).map(|run| (run[0], run.len() as u32)).collect()
}

fn of(counts: &[(u32, u32)], code: u32) -> u64 {
    counts.binary_search_by_key(&code, |entry| entry.0).map_or(0, |at| counts[at].1.into())
}

impl Evidence {
    fn count(i: &Investor, codes: &mut Codes) -> Self {
        let mut e = Self {
            deals: i.portfolio.len() as u64,
            with_home: 0,
            with_round: 0,
            with_leaf: 0,
            with_sector: 0,
            with_amount: 0,
            countries: Vec::new(),
            with_city: Vec::new(),
            trades: Vec::new(),
            rounds: [0; 16],
            amounts: [0; 128],
            places: Vec::new(),
            ties: Vec::new(),
        };
        let (mut places, mut ties) = (Vec::new(), Vec::new());
        for deal in &i.portfolio {
            e.count_deal(deal, codes);
            places.extend(deal.known_city().map(|(home, city)| e.city(home, city, codes)));
            ties.extend(deal.with.iter().map(|other| codes.investor(*other)));
        }
        let own = i.city.as_deref().filter(|city| !city.is_empty() && i.home.is_known());
        places.extend(own.map(|city| e.city(i.home, city, codes)));
        (e.places, e.ties) = (counted(places), counted(ties));
        e
    }

    fn city(&mut self, home: Country, city: &str, codes: &mut Codes) -> u32 {
        let home = codes.country(home);
        bump(&mut self.with_city, home);
        codes.place(home, city)
    }

    fn count_deal(&mut self, deal: &Deal, codes: &mut Codes) {
        if let Some(home) = deal.known_home() {
            self.with_home += 1;
            bump(&mut self.countries, codes.country(home));
        }
        if let Some(round) = deal.round {
            self.with_round += 1;
            self.rounds[round.amount() as usize] += 1;
        }
        if deal.amount > 0 {
            self.with_amount += 1;
            self.amounts[usize::from(half_octave(deal.amount))] += 1;
        }
        let trades: Vec<Trade> = deal.sectors.iter().map(|sector| codes.trade(sector)).collect();
        let leaves = trades.iter().filter(|trade| trade.is_leaf()).map(|trade| trade.own);
        let parents: BTreeSet<u16> = trades.iter().map(|trade| trade.parent).collect();
        self.with_sector += u64::from(!trades.is_empty());
        self.with_leaf += u64::from(trades.iter().any(|trade| trade.is_leaf()));
        leaves.chain(parents).for_each(|code| bump(&mut self.trades, code));
    }

    pub fn in_country(&self, country: u16) -> u64 {
        self.countries.get(usize::from(country)).map_or(0, |n| u64::from(*n))
    }

    pub fn with_city_in(&self, country: u16) -> u64 {
        self.with_city.get(usize::from(country)).map_or(0, |n| u64::from(*n))
    }

    /// Deals in a leaf or a parent.
    pub fn in_trade(&self, trade: u16) -> u64 {
        self.trades.get(usize::from(trade)).map_or(0, |n| u64::from(*n))
    }

    pub fn in_place(&self, place: u32) -> u64 {
        of(&self.places, place)
    }

    pub fn beside(&self, investor: u32) -> u64 {
        of(&self.ties, investor)
    }
}

/// What a pair needs of an investor.
pub struct InvestorRow {
    pub id: u64,
    pub evidence: Evidence,
    pub kind: u32,
    pub home: u16,
    pub active: bool,
    pub generalist: bool,
    pub strict: bool,
    pub interpreter: bool,
    pub hard_ticket: bool,
    pub hard_models: bool,
    pub only_targets: bool,
    pub local_ref: LocalReference,
    pub markets: Vec<u16>,
    pub access: Vec<(u16, u8)>,
    pub focus: Vec<(Trade, u8)>,
    pub tags: Vec<u32>,
    pub stages: Option<(u8, u8)>,
    pub hard_stages: Option<(u8, u8)>,
    pub ticket: Option<(u64, u64)>,
    pub ticket_octaves: Option<(u8, u8)>,
    pub languages: Option<Vec<(u32, u8)>>,
    pub time_zone: Option<i16>,
    pub organisations: Vec<u32>,
    pub models: Option<u8>,
    pub offers: Option<Vec<u32>>,
    pub asked: u32,
    pub answered: u32,
    pub updated: Option<i32>,
    pub only_homes: Vec<u16>,
    pub exclude_homes: Vec<u16>,
    pub exclude_sectors: Vec<u16>,
    pub min_regulatory: Option<u64>,
    pub blocks: Vec<u64>,
    pub own_weights: Overrides<InvestorFactor>,
}

fn ends(span: Span<Stage>) -> (u8, u8) {
    (span.lo().amount() as u8, span.hi().amount() as u8)
}

impl InvestorRow {
    pub fn read(i: &Investor, codes: &mut Codes) -> Self {
        let words = |set: &BTreeSet<String>, codes: &mut Codes| set.iter().map(|w| codes.word(w)).collect();
        let countries =
            |set: &BTreeSet<Country>, codes: &mut Codes| set.iter().map(|c| codes.country(*c)).collect();
        let sector = |sector: &Sector, codes: &mut Codes| codes.trade(sector);
        Self {
            id: i.id.0,
            evidence: Evidence::count(i, codes),
            kind: codes.word(&i.kind),
            home: codes.country(i.home),
            active: i.active,
            generalist: i.generalist,
            strict: i.strict,
            interpreter: i.interpreter,
            hard_ticket: i.hard_ticket,
            hard_models: i.hard_models,
            only_targets: i.only_targets,
            local_ref: i.local_ref,
            markets: countries(&i.markets, codes),
            access: i.access.iter().map(|(c, a)| (codes.country(*c), a.amount() as u8)).collect(),
            focus: i.focus.iter().map(|(s, l)| (sector(s, codes), l.amount() as u8)).collect(),
            tags: words(&i.tags, codes),
            stages: i.stages.map(ends),
            hard_stages: i.hard_stages.map(ends),
            ticket: i.ticket.map(|t| (t.lo(), t.hi())),
            ticket_octaves: i.ticket.map(|t| (half_octave(t.lo()), half_octave(t.hi()))),
            languages: (i.languages.as_ref())
                .map(|list| list.iter().map(|(w, l)| (codes.word(w), l.amount() as u8)).collect()),
            time_zone: i.time_zone.map(|minutes| minutes.get() as i16),
            organisations: words(&i.organisations, codes),
            models: i.models.map(|set| set.iter().fold(0, |set, model| set | 1 << model as u8)),
            offers: i.offers.as_ref().map(|set| words(set, codes)),
            asked: i.asked,
            answered: i.answered,
            updated: i.updated,
            only_homes: countries(&i.only_homes, codes),
            exclude_homes: countries(&i.exclude_homes, codes),
            exclude_sectors: i.exclude_sectors.iter().map(|s| sector(s, codes).own).collect(),
            min_regulatory: i.min_regulatory.map(|level| level.worth()),
            blocks: i.blocks.iter().copied().collect(),
            own_weights: i.weights.clone(),
        }
    }

    /// How far it opens a market.
    pub fn opens(&self, market: u16) -> u32 {
        match self.access.iter().find(|(country, _)| *country == market) {
            Some((_, level)) => u32::from(*level),
            None => 3 * u32::from(market == self.home),
        }
    }

    /// The level of its focus on a leaf or parent, 0 for none.
    pub fn focus_on(&self, code: u16) -> usize {
        self.focus.iter().find(|(trade, _)| trade.own == code).map_or(0, |(_, level)| usize::from(*level))
    }

    pub fn has_sector_thesis(&self) -> bool {
        self.generalist || !self.focus.is_empty() || self.evidence.with_sector > 0
    }
}
