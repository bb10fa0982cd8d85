//! The matching engine against its reference: golden vectors, stories, an oracle and properties.
//!
//! Invariant: what the golden files expect was said by the executable reference, never by the engine.
//! Read next: [`golden`], then [`oracle`] and [`ranking`].

mod cache;
mod frozen;
mod generated;
mod golden;
mod improve;
mod offline;
mod oracle;
mod population;
mod properties;
mod ranking;
mod stories;
mod vocabulary;
