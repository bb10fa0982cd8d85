//! Invitations: an owner writes to an address, whoever has it becomes a member.
//!
//! ```text
//! pending ──accept──▶ accepted
//!    ├────withdraw──▶ withdrawn
//!    └──(14 days)───▶ expired
//! ```
//!
//! Invariant: the answer to an invitation does not depend on whether anybody has an account with the address; only a person
//! who confirmed that very address can accept. Reading order: `model`, `invite`, `accept`, `store`, `wire`, `api`.

mod accept;
mod api;
mod invite;
mod model;
mod store;
mod wire;

pub use api::routes;
pub use model::{Invitation, InvitationState};
pub use store::by_number as invitation;
pub(super) use store::{prune, remove_addresses, to};
