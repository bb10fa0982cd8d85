//! Investors: thesis and limits, recorded deals, and a thesis proposed from them.
//!
//! Invariant: nothing proposed takes effect before its owner writes it. Read next: [`facts`].

pub mod facts;
pub mod portfolio;

pub use facts::InvestorFacts;
pub use portfolio::{Deal, Portfolio};
