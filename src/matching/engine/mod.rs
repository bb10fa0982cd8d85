//! The pure matching engine: score version mm-2, explained to the last unit.
//!
//! ```text
//! JSON or values ── parse ──> profile::{Startup, Investor, World}          what is known
//!                  compile ──> Snapshot (rows with codes, deals counted)    what is scored
//! Query ──> Plan ──> Scorer ──> TopK ──> Page                               what is best
//!                    Pair ──> Ratings ──> Outcome ──> Ledger, Explanation   and why
//! ```
//!
//! A [`Snapshot`] is immutable; [`Snapshot::with`] makes the next one and shares every unchanged row, so readers hold
//! an `Arc<Snapshot>` and never wait. [`Snapshot::startups_for`] ranks by an investor's whole thesis;
//! [`Snapshot::investors_for`] ranks by what investors have published, while their whole thesis decides the gates.
//! Pages follow each other by [`Query::after`]. [`Explanation`] carries numbers and facts, never sentences.
//!
//! Invariant: integers only; no clock (the day is [`World::today`]), no database, no network, no threads, no
//! randomness. The same inputs give the same bytes, whatever the order of sets and deals.
//!
//! Read next: [`profile`], then [`factors`], [`reciprocal`], [`ledger`], [`snapshot`].

mod arithmetic;
mod assess;
mod compiled;
mod explain;
mod factors;
mod filter;
mod gates;
mod ledger;
mod plan;
pub mod profile;
mod propose;
mod query;
mod rebuild;
mod reciprocal;
mod scorer;
mod snapshot;
mod top_k;
mod weights;
pub mod words;

pub use arithmetic::{POINTS, Part, bucket};
pub use assess::Assessor;
pub use compiled::evidence::Tally;
pub use explain::{Explanation, Facts};
pub use factors::Rating;
pub use factors::access::AccessFacts;
pub use factors::co_investors::CoInvestorFacts;
pub use factors::comms::{Bridge, CommonLanguage, CommunicationFacts};
pub use factors::cooperation::CooperationFacts;
pub use factors::corridor::CorridorFacts;
pub use factors::place::{CityFacts, CountryFacts};
pub use factors::readiness::ReadinessPart;
pub use factors::references::{CountedReference, Whereabouts};
pub use factors::responsive::ResponsiveFacts;
pub use factors::sector::SectorFacts;
pub use factors::stage::StageFacts;
pub use factors::ticket::TicketFacts;
pub use factors::track::TrackFacts;
pub use gates::{Gate, GateSet};
pub use ledger::Ledger;
pub use propose::{Proposal, ProposedFocus, propose};
pub use query::{Filters, Hit, Page, Query};
pub use rebuild::{Rebuilt, rebuild};
pub use reciprocal::{Outcome, Weights};
pub use snapshot::{Changes, Listing, Snapshot};
pub use weights::{
    Factor, INVESTOR_FACTORS, InvestorFactor, Overrides, STARTUP_FACTORS, StartupFactor, WeightsError,
    startup_weights, weight_bytes,
};

/// The version of the score: any change of a table or a formula is a new one.
pub const SCORE_VERSION: &str = "mm-2";
