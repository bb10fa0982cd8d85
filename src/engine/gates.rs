//! Gates: hard conditions, all evaluated, none short-circuited.
//!
//! Invariant: what is unknown never closes a gate; a gate that is asked for and cannot be answered is listed as unknown.
//! Read next: [`super::reciprocal`]; a closed gate does not stop the score from being computed.

use super::compiled::{CorridorRow, InvestorRow, StartupRow};
use super::factors::Pair;
use super::filter::within;
use super::words::{LocalReference, Regulatory};
use std::fmt;

macro_rules! gates {
    ($($variant:ident = $code:literal: $what:literal),+ $(,)?) => {
        /// A hard condition.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Gate { $(#[doc = $what] $variant),+ }

        impl Gate {
            /// Every gate, in the order of the codes.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The gate's code on the wire.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }
        }
    };
}

gates! {
    StartupInactive = "G01_STARTUP_INACTIVE": "The startup does not take part.",
    InvestorInactive = "G02_INVESTOR_INACTIVE": "The investor does not take part.",
    Blocked = "G03_BLOCKED": "One of the two blocks the other.",
    CorridorProhibited = "G04_CORRIDOR_PROHIBITED": "The operator prohibits the corridor, or this sector in it.",
    SectorExcluded = "G05_SECTOR_EXCLUDED": "The investor excludes the sector.",
    HomeExcluded = "G06_HOME_EXCLUDED": "The investor excludes the home.",
    Stage = "G07_STAGE": "The stage lies outside the investor's hard range.",
    Ticket = "G08_TICKET": "Ask and ticket do not overlap.",
    Cooperation = "G09_MODE": "There is no common form of cooperation.",
    TypeExcluded = "G10_TYPE_EXCLUDED": "The startup excludes the investor's type.",
    NoLocalReference = "G11_NO_LOCAL_REFERENCE": "The investor requires a verified reference in the market.",
    MarketNotTargeted = "G12_MARKET_NOT_TARGETED": "The startup targets none of the investor's markets.",
    Milestone = "G13_MILESTONE": "The regulatory level in the market is too low.",
}

/// A set of gates.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct GateSet(u16);

impl GateSet {
    /// Whether no gate is in the set.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether the gate is in the set.
    pub fn contains(self, gate: Gate) -> bool {
        self.0 & 1 << gate as u16 != 0
    }

    /// The gates of the set, in the order of the codes.
    pub fn iter(self) -> impl Iterator<Item = Gate> {
        Gate::ALL.iter().copied().filter(move |gate| self.contains(*gate))
    }

    fn insert(&mut self, gate: Gate) {
        self.0 |= 1 << gate as u16;
    }
}

impl fmt::Debug for GateSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(Gate::code)).finish()
    }
}

/// The answer to one gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    /// Not asked, or asked and satisfied.
    Open,
    /// Asked and not satisfied.
    Closed,
    /// Asked, but the input is not known.
    Unknown,
}

impl Answer {
    fn closed_if(closed: bool) -> Self {
        if closed { Self::Closed } else { Self::Open }
    }

    /// The answer to a question that is asked; `None` where its input is not known.
    fn to(asked: bool, closed: impl FnOnce() -> Option<bool>) -> Self {
        if asked { closed().map_or(Self::Unknown, Self::closed_if) } else { Self::Open }
    }
}

/// The gates that are closed, and those that are asked for but cannot be answered.
pub fn evaluate(pair: &Pair<'_>) -> (GateSet, GateSet) {
    let (s, i) = (&pair.startup, pair.investor);
    let answers = [
        Answer::closed_if(!s.active),
        Answer::closed_if(!i.profile.active),
        Answer::closed_if(s.blocks.iter().any(|id| id == i.id()) || i.profile.blocks.contains(&s.id)),
        corridor(s, pair.corridor),
        sector(s, i),
        home(s, i),
        stage(s, i),
        ticket(s, i),
        cooperation(s, i),
        Answer::closed_if(s.exclude_types.iter().any(|kind| kind == i.kind)),
        local_reference(pair),
        market(s, i),
        milestone(i.profile.min_regulatory, pair.standing.regulatory),
    ];
    let (mut closed, mut unknown) = (GateSet::default(), GateSet::default());
    for (gate, answer) in Gate::ALL.iter().zip(answers) {
        match answer {
            Answer::Open => {}
            Answer::Closed => closed.insert(*gate),
            Answer::Unknown => unknown.insert(*gate),
        }
    }
    (closed, unknown)
}

fn corridor(s: &StartupRow<'_>, corridor: Option<&CorridorRow>) -> Answer {
    let Some(corridor) = corridor else { return Answer::Open };
    if corridor.stated.prohibited {
        return Answer::Closed;
    }
    let prohibited = &corridor.prohibited_sectors;
    Answer::to(!prohibited.is_empty(), || s.sector.map(|sector| sector.is_in(prohibited)))
}

fn sector(s: &StartupRow<'_>, i: &InvestorRow) -> Answer {
    Answer::to(!i.exclude_sectors.is_empty(), || s.sector.map(|sector| sector.is_in(&i.exclude_sectors)))
}

fn home(s: &StartupRow<'_>, i: &InvestorRow) -> Answer {
    let (only, excluded, home) = (&i.profile.only_homes, &i.profile.exclude_homes, s.home);
    Answer::to(!only.is_empty() || !excluded.is_empty(), || {
        home.is_known().then(|| excluded.contains(&home) || !only.is_empty() && !only.contains(&home))
    })
}

fn stage(s: &StartupRow<'_>, i: &InvestorRow) -> Answer {
    i.profile
        .hard_stages
        .map_or(Answer::Open, |range| Answer::to(true, || s.stage.map(|stage| !within(range, stage))))
}

fn ticket(s: &StartupRow<'_>, i: &InvestorRow) -> Answer {
    Answer::to(i.profile.hard_ticket, || {
        let (ask, ticket) = (s.amounts?, i.profile.ticket?);
        Some(ticket.lo() > ask.target || ticket.hi() < ask.cheque)
    })
}

fn cooperation(s: &StartupRow<'_>, i: &InvestorRow) -> Answer {
    Answer::to(i.profile.hard_models, || Some(s.models?.common(i.profile.models?).is_empty()))
}

fn local_reference(pair: &Pair<'_>) -> Answer {
    Answer::to(pair.investor.profile.local_ref == LocalReference::Require, || {
        pair.startup.references_known.then_some(!pair.standing.verified_reference)
    })
}

fn market(s: &StartupRow<'_>, i: &InvestorRow) -> Answer {
    Answer::to(i.profile.only_targets, || {
        let targets = s.targets.filter(|targets| !targets.is_empty())?;
        Some(!targets.iter().any(|(target, _)| i.profile.markets.contains(&target)))
    })
}

fn milestone(least: Option<Regulatory>, level: Option<Regulatory>) -> Answer {
    least.map_or(Answer::Open, |least| Answer::to(true, || level.map(|level| level.worth() < least.worth())))
}
