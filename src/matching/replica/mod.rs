//! The replica: the profiles of the database as a snapshot in memory that match queries read.
//!
//! ```text
//! poll (again and again) ──> follow (what the log brings) ──> changes: which profiles to read again
//!                              │                              applied: which revisions are in the snapshot
//!                              │ rebuild: another day, corridor, world table or rate, on a thread of its own
//!                              ▼ inputs: profiles as the engine's structs · cards: profiles as lists show them
//!                            view (published, waited for) <── cache (first pages that were asked for)
//! ```
//!
//! Invariant: a view is immutable and holds all events up to its settled revision. Read next: [`view`], [`follow`].

mod applied;
pub mod cache;
pub mod cards;
mod changes;
mod follow;
pub mod inputs;
pub mod meters;
mod poll;
mod rebuild;
pub mod view;

pub use follow::Follower;
pub use poll::Following;
pub use view::{Replica, View};
