//! What happened: the one append-only log that is the only way out of a transaction.
//!
//! Invariant: an event is written in the transaction of its change and never changed; it names people by id only,
//! so that erasing a person never rewrites it. A revision is the number of an event.
//! Read next: [`model`] for the kinds, [`store`] for writing, [`follow`] for following.

pub mod follow;
pub mod model;
mod seal;
mod store;

pub use follow::{Follower, LEASE, Settling, Subscriber};
pub use model::{Act, Event, Kind, Subject};
pub use seal::{Sealing, seal, verify};
pub use store::{Entry, Horizon, after, emit, horizon, latest, of_subject, revision, sealed};
