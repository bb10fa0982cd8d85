//! Investors: thesis and limits, recorded deals, and a thesis proposed from them.
//!
//! Invariant: nothing proposed takes effect before its owner writes it. Read next: [`facts`].

pub mod api;
pub mod facts;
mod index;
pub mod portfolio;
mod wire;

pub use facts::{InvestorFacts, Stages, Ticket};
pub use index::{EVERY_SECTOR, FACETS};
pub use portfolio::{Deal, Portfolio};
pub use wire::InvestorRevision;
