//! Memberships: who belongs to an organisation, and in which role.
//!
//! Invariant: an organisation that has an owner keeps one, whatever happens at the same time: each change of members holds
//! the lock of the organisation and looks again. Reading order: `model`, `change`, `store`, `wire`, `api`.

mod api;
mod change;
mod model;
mod store;
mod wire;

pub use api::routes;
pub(super) use change::{admit, govern};
pub use model::Member;
pub use store::stewards;
pub(super) use store::{is_member, of_person, owned, remove_all};
pub(super) use wire::MemberView;
