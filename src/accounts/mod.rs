//! People, organisations, memberships and sessions: who somebody is and what they may do.
//!
//! Invariant: an access token is believed only as far as the session and the person behind it still stand in the
//! database at this request. Read next: [`model`].

mod keys;
pub mod memberships;
pub mod model;
pub mod organisations;
mod store;

pub use keys::{Claims, Keys};
pub use model::{Acting, Membership, OrganisationKind, OrganisationState, Principal, Role};
pub use organisations::{NewOrganisation, Organisation, OrganisationName, Website};
pub use organisations::{create_organisation, organisation, organisation_by_id};
pub use store::authenticate;
