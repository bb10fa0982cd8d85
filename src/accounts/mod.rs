//! People, organisations, memberships and sessions: who somebody is and what they may do.
//!
//! Invariant: an access token is believed only as far as the session and the person behind it still stand in the
//! database at this request. Read next: [`model`].

mod keys;
pub mod model;
mod store;

pub use keys::{Claims, Keys};
pub use model::{Acting, Membership, OrganisationKind, OrganisationState, Principal, Role};
pub use store::authenticate;
