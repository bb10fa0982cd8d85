//! Gates and filters as tables: which codes may pass.
//!
//! Invariant: a code is closed only where every startup with it is; what cannot be told from one byte is left to the pair.
//! Read next: [`super::kernel`], which drops the rows.

use super::super::arithmetic::bucket;
use super::super::filter::within;
use super::super::words::Country;
use super::bounds::Feature;
use super::codes::{self, NO_AMOUNT, NONE, OTHER};
use super::compile::Compile;
use super::slots::Column;
use super::worth::table;

impl Compile<'_> {
    /// Gates and filters that one column decides.
    pub fn open(&self) -> Vec<(Feature, Column)> {
        let (p, f) = (&self.i.profile, self.plan.common.filter.stated());
        let mut open = Vec::new();
        let mut add = |feature, asked: bool, passes: &dyn Fn(u8) -> bool| {
            if asked {
                let code = |code: usize| if passes(code as u8) { u8::MAX } else { 0 };
                open.push((feature, std::array::from_fn(code)));
            }
        };
        let asked = !p.exclude_homes.is_empty() || !p.only_homes.is_empty() || !f.homes.is_empty();
        let homes = self.open_homes();
        add(Feature::Home, asked, &|code| homes[usize::from(code)]);
        let excluded = |code: u8| {
            code < NONE
                && self
                    .plan
                    .common
                    .dictionary
                    .sectors()
                    .get(usize::from(code))
                    .is_some_and(|s| s.is_in(&self.i.exclude_sectors))
        };
        add(Feature::Sector, !self.i.exclude_sectors.is_empty(), &|code| !excluded(code));
        add(Feature::StageRound, p.hard_stages.is_some() || f.stages.is_some(), &|code| {
            let stage = codes::of_stage_round(code).0;
            p.hard_stages.is_none_or(|range| stage.is_none_or(|stage| within(range, stage)))
                && f.stages.is_none_or(|range| stage.is_some_and(|stage| within(range, stage)))
        });
        let ticket = self.i.ticket.filter(|_| p.hard_ticket);
        let asked = f.ask.map(|ask| (bucket(ask.lo()), bucket(ask.hi())));
        add(Feature::Cheque, ticket.is_some(), &|code| {
            code == NO_AMOUNT || ticket.is_none_or(|(_, hi)| code <= hi)
        });
        add(Feature::Target, ticket.is_some() || asked.is_some(), &|code| {
            (code == NO_AMOUNT || ticket.is_none_or(|(lo, _)| code >= lo))
                && asked.is_none_or(|(lo, hi)| code != NO_AMOUNT && lo <= code && code <= hi)
        });
        let hard = p.models.filter(|_| p.hard_models).map(|models| models.bits());
        let wanted = (!f.models.is_empty()).then(|| f.models.bits());
        add(Feature::Models, hard.is_some() || wanted.is_some(), &|code| {
            hard.is_none_or(|bits| code == u8::MAX || code & bits != 0)
                && wanted.is_none_or(|bits| code & bits != 0)
        });
        open
    }

    fn open_homes(&self) -> [bool; 256] {
        let (p, f) = (&self.i.profile, self.plan.common.filter.stated());
        let mut homes = [false; 256];
        for home in Country::all() {
            let out =
                p.exclude_homes.contains(&home) || !p.only_homes.is_empty() && !p.only_homes.contains(&home);
            let asked = f.homes.is_empty() || f.homes.contains(&home);
            homes[usize::from(codes::country(home))] |= !(out && home.is_known()) && asked;
        }
        homes
    }

    /// Filters that two columns decide.
    pub fn either(&self) -> Vec<([Feature; 2], [Column; 2])> {
        let words = &self.plan.common.dictionary;
        let halves =
            |bits: u16| bits.to_le_bytes().map(|half| table(|code| if code & half != 0 { 255 } else { 0 }));
        let languages = self.plan.common.filter.languages();
        let needs = self.plan.common.filter.needs();
        let languages = languages.map(|asked| {
            let features = [Feature::Languages(0), Feature::Languages(1)];
            (features, halves(words.languages.bits(asked.iter().copied())))
        });
        let needs = needs.map(|asked| {
            ([Feature::Needs(0), Feature::Needs(1)], halves(words.needs.bits(asked.iter().copied())))
        });
        languages.into_iter().chain(needs).collect()
    }

    /// Whether a target opens a market of the investor that the filter allows.
    pub fn markets(&self) -> Option<[Column; 2]> {
        let (p, f) = (&self.i.profile, self.plan.common.filter.stated());
        let at_home = f.markets.is_empty() || f.markets.contains(&p.home);
        if at_home && !p.only_targets {
            return None;
        }
        let mut any = [0; 256];
        for market in p.markets.iter().filter(|m| f.markets.is_empty() || f.markets.contains(m)) {
            any[usize::from(codes::country(*market))] = u8::MAX;
        }
        // Targets that have no code of their own may be any; without targets the pair meets at the investor's home.
        any[usize::from(OTHER)] = u8::MAX;
        let mut first = any;
        first[usize::from(NONE)] = if at_home { u8::MAX } else { 0 };
        Some([first, any])
    }
}
