//! People, organisations, memberships and sessions: who somebody is and what they may do.
//!
//! Invariant: an access token is believed only as far as the session and the person behind it still stand in the
//! database at this request. Read next: [`model`], [`people`], [`sessions`].

pub mod invitations;
pub mod keys;
mod mail_tokens;
pub mod memberships;
pub mod model;
pub mod organisations;
pub mod passwords;
pub mod people;
pub mod sessions;
mod store;

pub use keys::{Claims, Keys};
pub use mail_tokens::{MailTokens, Purpose};
pub use model::{Acting, Membership, OrganisationKind, OrganisationState, Principal, Role};
pub use organisations::{NewOrganisation, Organisation, OrganisationName, Website};
pub use organisations::{create_organisation, organisation, organisation_by_id};
pub use people::{Email, PersonName, create_verified_person};
pub use store::authenticate;

use crate::db::Conn;
use crate::kernel::{error::Result, time::Timestamp};

/// Removes mailed tokens, sessions and the addresses of invitations that expired before `before`, and says how many.
pub fn prune(conn: &mut Conn, before: Timestamp) -> Result<usize> {
    let invitations = invitations::prune(conn, before)?;
    Ok(people::prune(conn, before)? + sessions::prune(conn, before)? + invitations)
}
