//! The reports of what would help a startup: before one investor, and in a market.
//!
//! Invariant: a report holds what was computed, codes and numbers; sentences are worded by whoever sends it.
//! Read next: [`super::wire`].

use crate::engine::improve::{counterfactual::Prospect, gap::GapLine, reach::MarketProspect};
use crate::engine::words::Country;
use crate::matching::lists::model::Basis;
use crate::matching::replica::cards::InvestorCard;

/// A report on a startup before one investor.
pub(super) struct PairReport {
    /// The investor.
    pub investor: InvestorCard,
    /// The home of the startup.
    pub home: Country,
    /// The pair as it is, and the steps that help.
    pub prospect: Prospect,
    /// The readiness gap in the market of the pair, the most important line first.
    pub gap: Vec<GapLine>,
    /// The basis of the report.
    pub basis: Basis,
}

/// A report on a startup in a market.
pub(super) struct MarketReport {
    /// The market.
    pub market: Country,
    /// The home of the startup.
    pub home: Country,
    /// Where it stands there, and the steps that help.
    pub prospect: MarketProspect,
    /// The basis of the report.
    pub basis: Basis,
}
