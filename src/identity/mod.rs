//! Identity: signing keys, access tokens, sessions, and the principal behind a verified token.
//!
//! ```text
//! Authorization header ──keys::verify──> Claims ──authenticate (one query)──> Principal ──acting──> Acting
//! ```
//!
//! Invariant: an access token is believed only as far as the session and the person behind it still stand in the
//! database at this request. Read next: [`principal`], [`audience`], [`sessions`], [`keys`].

pub mod audience;
pub mod keys;
mod personal;
pub mod principal;
pub mod secrets;
pub mod sessions;
mod store;

pub use keys::{Claims, Keys};
pub use personal::Sessions;
pub use principal::{Acting, Membership, OrganisationKind, OrganisationState, PersonState, Principal, Role};
pub use store::authenticate;
