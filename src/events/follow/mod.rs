//! Following the log, in two forms.
//!
//! | form | who steps | position | example |
//! | --- | --- | --- | --- |
//! | on each node | every node, with [`Settling`] | in memory | the matching replica |
//! | on one node | a [`Follower`], under a lease | stored, in the transaction of the effect | mails, seals |
//!
//! Invariant: no follower passes an event by. A position moves over settled revisions only, below which nothing can
//! appear any more; what becomes visible late is therefore still ahead of it. Read next: [`follower`], [`settling`].

mod follower;
mod settling;
mod store;

pub use follower::{Follower, LEASE, Subscriber};
pub use settling::Settling;
