//! Startups: facts, what others have verified and calibrated, and the door for those who rank them.
//!
//! Invariant: what is verified or calibrated is never among the facts. Read next: [`facts`].

pub mod facts;

pub use facts::StartupFacts;
