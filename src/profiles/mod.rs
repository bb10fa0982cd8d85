//! Startups and investors: what they say of themselves, and what others have verified of it.
//!
//! ```text
//! draft ── publish ──> published ── withdraw ──> withdrawn
//!                          ^───────── publish ───────┘
//! ```
//!
//! Both kinds are one machinery over two types of facts: `register`, `revise`, `publish`, … are generic over `Kind`.
//!
//! Invariant: absent means unknown and empty means known to be none, from the request to the score; the owner writes facts,
//! and never what is verified or calibrated. Every revision of the facts is kept; contact data is in no revision.
//! Reading order: `words`, `common`, `startups::facts`, `investors::facts`, `kind`, then the verbs, `store`, and `api`.

pub mod access;
pub mod api;
pub mod browse;
pub mod claim;
pub mod common;
pub mod investors;
pub mod kind;
pub mod model;
mod personal;
pub mod publish;
mod ranked;
pub mod register;
mod reprice;
pub mod revise;
pub mod startups;
mod store;
pub mod tokens;
mod upkeep;
pub mod wire;
pub mod words;

pub use access::find;
pub use investors::InvestorFacts;
pub use kind::{Investors, Kind, Startups};
pub use model::{Profile, State};
pub use personal::Contacts;
pub use publish::remind_stale;
pub use ranked::{RankedInvestor, RankedStartup, numbers_of_organisation, ranked_investors, ranked_startups};
pub use register::{Making, create};
pub use reprice::reprice;
pub use startups::StartupFacts;
pub use store::{Place, load as by_numbers, place};
pub use upkeep::upkeep;
pub use words::FORMATS;
