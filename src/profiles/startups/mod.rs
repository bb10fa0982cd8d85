//! Startups: facts, what others have verified and calibrated, and the door for those who rank them.
//!
//! Invariant: what is verified or calibrated is never among the facts. Read next: [`facts`].

pub mod api;
mod assess;
mod assessment;
pub mod facts;
mod index;
mod wire;

pub use assess::assess;
pub use assessment::{Assessed, Assessment, Pitch};
pub use facts::{Ask, Reference, StartupFacts};
pub use index::FACETS;
pub use wire::StartupRevision;
