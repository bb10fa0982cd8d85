//! Investors: thesis and limits, recorded deals, and a thesis proposed from them.
//!
//! Invariant: nothing proposed takes effect before its owner writes it. Read next: [`facts`].

pub mod api;
pub mod facts;
mod index;
pub mod portfolio;
pub mod record;
mod upload;
mod wire;

pub use facts::{InvestorFacts, Stages, Ticket};
pub use index::{EVERY_SECTOR, FACETS};
pub use portfolio::{Deal, MOST_DEALS, Portfolio};
pub use record::record;
pub use upload::read_deals;
pub use wire::InvestorRevision;
