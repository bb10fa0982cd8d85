//! A stated thesis against the recorded deals, criterion by criterion.
//!
//! Invariant: counts only; a deal that does not say what a criterion asks for is counted as unknown.
//! Read next: [`super::super::propose()`], which derives a thesis from the same deals.

use super::super::arithmetic::bucket;
use super::super::profile::{Deal, Investor, Span};
use super::super::words::{Sector, Stage};
use std::collections::{BTreeMap, BTreeSet};

/// A part of a thesis that deals can bear out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Criterion {
    /// The sectors it looks for.
    Focus,
    /// The stages it looks for.
    Stages,
    /// The tickets it writes.
    Ticket,
    /// The only stages it wants to be shown.
    HardStages,
    /// The homes it wants to be shown.
    Homes,
    /// The sectors it does not want to be shown.
    ExcludedSectors,
}

impl Criterion {
    /// Every criterion, in order.
    pub const ALL: &'static [Self] =
        &[Self::Focus, Self::Stages, Self::Ticket, Self::HardStages, Self::Homes, Self::ExcludedSectors];

    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Focus => "focus",
            Self::Stages => "stages",
            Self::Ticket => "ticket",
            Self::HardStages => "hard_stages",
            Self::Homes => "homes",
            Self::ExcludedSectors => "excluded_sectors",
        }
    }
}

/// How well the deals bear out a criterion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// The thesis does not state it.
    NotStated,
    /// No recorded deal tells.
    NoEvidence,
    /// At least four of five deals lie within.
    Agrees,
    /// At least half of them do.
    PartlyAgrees,
    /// Fewer do.
    Differs,
}

impl Verdict {
    /// Every verdict.
    pub const ALL: &'static [Self] =
        &[Self::NotStated, Self::NoEvidence, Self::Agrees, Self::PartlyAgrees, Self::Differs];

    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotStated => "not_stated",
            Self::NoEvidence => "no_evidence",
            Self::Agrees => "agrees",
            Self::PartlyAgrees => "partly_agrees",
            Self::Differs => "differs",
        }
    }
}

/// A criterion with its counts of deals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Check {
    /// The criterion.
    pub criterion: Criterion,
    /// Whether the thesis states it.
    pub stated: bool,
    /// Deals within what it states.
    pub within: u64,
    /// Deals outside it.
    pub outside: u64,
    /// Deals that do not tell.
    pub unknown: u64,
}

impl Check {
    /// How well the deals bear it out.
    pub fn verdict(&self) -> Verdict {
        let known = self.within + self.outside;
        match (self.stated, known) {
            (false, _) => Verdict::NotStated,
            (true, 0) => Verdict::NoEvidence,
            _ if self.within * 5 >= known * 4 => Verdict::Agrees,
            _ if self.within * 2 >= known => Verdict::PartlyAgrees,
            _ => Verdict::Differs,
        }
    }
}

/// A thesis held against its deals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThesisCheck {
    /// How many deals are recorded.
    pub deals: u64,
    /// Every criterion, in order.
    pub checks: Vec<Check>,
    /// Sectors of the focus in which there is no deal.
    pub without_deals: BTreeSet<Sector>,
    /// Sector parents outside the focus with their deals; nothing for a generalist.
    pub outside_focus: BTreeMap<Sector, u64>,
}

/// Holds a thesis against its deals.
pub fn check(investor: &Investor) -> ThesisCheck {
    let deals = &investor.portfolio;
    let checks = Criterion::ALL.iter().map(|criterion| one(*criterion, investor)).collect();
    let met = |sector: &&Sector| deals.iter().any(|deal| deal.sectors.iter().any(|s| lies_in(s, sector)));
    let mut outside = BTreeMap::new();
    for deal in deals.iter().filter(|deal| focused(investor, deal) == Some(false)) {
        let parents: BTreeSet<Sector> = deal.sectors.iter().map(Sector::to_parent).collect();
        parents.into_iter().for_each(|parent| *outside.entry(parent).or_default() += 1);
    }
    ThesisCheck {
        deals: deals.len() as u64,
        checks,
        without_deals: investor.focus.keys().filter(|sector| !met(sector)).cloned().collect(),
        outside_focus: outside,
    }
}

fn one(criterion: Criterion, investor: &Investor) -> Check {
    let stated = match criterion {
        Criterion::Focus => investor.generalist || !investor.focus.is_empty(),
        Criterion::Stages => investor.stages.is_some(),
        Criterion::Ticket => investor.ticket.is_some(),
        Criterion::HardStages => investor.hard_stages.is_some(),
        Criterion::Homes => !investor.only_homes.is_empty() || !investor.exclude_homes.is_empty(),
        Criterion::ExcludedSectors => !investor.exclude_sectors.is_empty(),
    };
    let mut check = Check { criterion, stated, within: 0, outside: 0, unknown: 0 };
    for deal in investor.portfolio.iter().filter(|_| stated) {
        match within(criterion, investor, deal) {
            Some(true) => check.within += 1,
            Some(false) => check.outside += 1,
            None => check.unknown += 1,
        }
    }
    check
}

/// Whether a deal lies within what a criterion states; nothing where the deal does not tell.
fn within(criterion: Criterion, investor: &Investor, deal: &Deal) -> Option<bool> {
    match criterion {
        Criterion::Focus => focused(investor, deal),
        Criterion::Stages => staged(investor.stages, deal),
        Criterion::HardStages => staged(investor.hard_stages, deal),
        Criterion::Ticket => {
            let (ticket, amount) = (investor.ticket?, Some(deal.amount).filter(|amount| *amount > 0)?);
            Some((bucket(ticket.lo())..=bucket(ticket.hi())).contains(&bucket(amount)))
        }
        Criterion::Homes => deal.known_home().map(|home| {
            let only = &investor.only_homes;
            !investor.exclude_homes.contains(&home) && (only.is_empty() || only.contains(&home))
        }),
        Criterion::ExcludedSectors => (!deal.sectors.is_empty()).then(|| {
            let excluded = |sector| investor.exclude_sectors.iter().any(|e| lies_in(sector, e));
            !deal.sectors.iter().any(excluded)
        }),
    }
}

fn focused(investor: &Investor, deal: &Deal) -> Option<bool> {
    let in_focus = |sector| investor.generalist || investor.focus.keys().any(|f| lies_in(sector, f));
    (!deal.sectors.is_empty()).then(|| deal.sectors.iter().any(in_focus))
}

fn staged(range: Option<Span<Stage>>, deal: &Deal) -> Option<bool> {
    let stage = Stage::new(deal.round?.get().into()).ok()?;
    range.map(|range| range.contains(stage))
}

/// Whether a sector is the wanted one or a leaf of it; who names only the parent is met by the leaf's parent.
fn lies_in(sector: &Sector, wanted: &Sector) -> bool {
    sector == wanted || (!wanted.is_leaf() && sector.parent() == wanted.as_str())
}
