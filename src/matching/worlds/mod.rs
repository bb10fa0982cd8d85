//! Versions of the world tables `flows` and `base`, counted from the recorded portfolios.
//!
//! `draft → active → retired`: a rebuild makes a draft, an admin activates it, and the one that was active retires.
//!
//! Invariant: at most one version is active, versions never change, and without an active one every lift is neutral.
//! Reading order: [`model`], `rebuild`, `activate`, `store`, `api`.

mod activate;
pub mod api;
pub mod model;
mod rebuild;
mod store;

pub use activate::activate;
pub use model::{WorldState, WorldTables, WorldVersion};
pub use rebuild::{Counted, count, keep, rebuild};
pub use store::{active, find, newest};
