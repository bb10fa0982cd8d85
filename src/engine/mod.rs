//! The pure matching engine: score version mm-2, explained to the last unit.
//!
//! ```text
//! JSON or values ── parse ──> profile::{Startup, Investor, World}           what is known
//!                  compile ─> Snapshot: rows with codes, deals counted      what is scored
//!                             Startups, Investors: columns of these rows    what most of them are passed over by
//! Query ──> Plan ──> search: bounds of blocks, of rows ──> Scorer ──> TopK ──> Page     what is best
//!                    Pair ──> Ratings ──> Outcome ──> Ledger, Explanation   and why
//! ```
//!
//! | to … | call | notes |
//! | --- | --- | --- |
//! | hold everything | [`Snapshot::new`], then [`Snapshot::with`] | immutable; the next one shares every unchanged row, so readers keep an `Arc<Snapshot>` and never wait |
//! | move to another day or world | [`Snapshot::in_world`] | compiles every row anew |
//! | rank for an investor | [`Snapshot::startups_for`] | by its whole thesis, its own weights or those of the [`Query`] |
//! | rank for a startup | [`Snapshot::investors_for`] | scored by what is published ([`Listing::published`]) under default weights of the investor; the whole thesis ([`Listing::thesis`]) decides the gates |
//! | cache a list | [`Snapshot::cached_startups_for`], [`Snapshot::cached_investors_for`] | the next time only who has changed since is scored |
//! | turn the page | [`Query::after`] | the last [`Hit`] of the page before; it need not exist any more |
//! | explain | [`Snapshot::explain_to_investor`], [`Snapshot::explain_to_startup`] | numbers and facts, never sentences; the second answers nothing where only the whole thesis closes a gate |
//! | explain a pair outside a snapshot | [`Assessor`] | the same numbers |
//! | take weights from a person | [`Overrides::parse`] | [`WeightsError`] is typed; what is parsed can always be used |
//! | name the weights of an answer | [`Snapshot::weights_of_investor`], [`Snapshot::weights_of_startup`], [`weight_bytes`] | what to hash |
//! | count the world anew | [`rebuild()`] | the next `flows` and `base` from all portfolios |
//! | say what would help a pair, or in a market | [`improve::counterfactual::Trial`], [`improve::reach::market_prospect`] | each step tried on a copy and scored again |
//! | make everybody's lists at once, under caps | [`lists::Field`], [`lists::recommend`] | pairs in any order and from any threads, the same lists; [`lists::Mode`]: stable, or the greatest total |
//! | hold a thesis against its deals | [`improve::thesis::check`] | counts, criterion by criterion |
//! | propose a thesis | [`propose()`] | focus, stages and ticket from one portfolio, never strict |
//!
//! A published investor must hold nothing private: blocks, weights, hard switches that are not published. The
//! engine compares nothing else of the two views than that they belong together.
//!
//! Invariant: integers only; no clock (the day is [`profile::World::today`]), no database, no network, no threads, no
//! randomness. The same inputs give the same bytes, whatever the order of sets and deals.
//!
//! Read next: [`profile`] for the inputs, `factors::pair` for the score, `snapshot` for the questions, `columns` for the
//! search of either side.
//!
//! ```
//! use springboard::engine::profile::{Investor, InvestorKey, Startup, World, parse};
//! use springboard::engine::{Changes, Listing, Query, Snapshot};
//!
//! let world: World = parse(r#"{"today": 20000}"#)?;
//! let startup: Startup = parse(r#"{"id": 1, "home": "RU", "sector": "ict.ai", "stage": 3}"#)?;
//! let investor: Investor = parse(r#"{"id": 7, "type": "vc", "home": "CN", "markets": ["CN"], "focus": {"ict": 3}}"#)?;
//!
//! let mut changes = Changes::default();
//! changes.put_startup(startup);
//! changes.put_investor(Listing::open(investor));
//! let snapshot = Snapshot::new(world).with(changes);
//!
//! let page = snapshot.startups_for(InvestorKey(7), &Query::top(20)).expect("the investor is there");
//! assert_eq!(page.hits[0].id, 1);
//! # Ok::<(), springboard::engine::profile::InvalidInput>(())
//! ```

mod arithmetic;
mod assess;
pub mod cache;
mod columns;
mod compiled;
mod explain;
mod factors;
mod filter;
mod gates;
pub mod improve;
mod ledger;
pub mod lists;
mod plan;
pub mod profile;
mod propose;
mod query;
mod rebuild;
mod recent;
mod reciprocal;
mod scorer;
mod snapshot;
mod top_k;
mod weights;
pub mod words;

pub use arithmetic::{NEUTRAL, Part, bucket};
pub use assess::Assessor;
pub use columns::Work;
pub use compiled::evidence::Tally;
pub use explain::{Depth, Explanation, Facts};
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
pub use ledger::{Ledger, Line};
pub use propose::{Proposal, ProposedFocus, propose};
pub use query::{Filters, Hit, Page, Query};
pub use rebuild::{Rebuilt, rebuild};
pub use reciprocal::{Outcome, Weights};
pub use snapshot::{Changes, Explainer, Listing, Snapshot};
pub use weights::{
    Factor, INVESTOR_FACTORS, InvestorFactor, Overrides, STARTUP_FACTORS, StartupFactor, WeightsError,
    weight_bytes,
};

/// The version of the score: any change of a table or a formula is a new one.
pub const SCORE_VERSION: &str = "mm-2";
