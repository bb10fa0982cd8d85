//! People: sign-up, confirmation of the address, passwords, suspension.
//!
//! Invariant: what names a person lies in `people_private`; events carry the id. Sign-up and reset answer the same for
//! a known and an unknown address, the mail alone differs. An address belongs to whoever follows the link sent to it:
//! confirming it puts the password of *that* sign-up in force.
//!
//! ```text
//! (sign up) ─▶ active, unconfirmed ──confirm──▶ active ◀──let in── suspended
//!                       └───────────────suspend──┴──────────────────────▲
//! ```
//!
//! Read next: [`mod@sign_up`], [`change`].

pub mod api;
mod change;
mod model;
mod sign_up;
mod store;
mod suspend;

pub use api::routes;
pub use change::{change_password, confirm_reset, request_reset, reset_subject, set_password};
pub use model::{Email, Login, Person, PersonName};
pub use sign_up::{confirm_email, create_admin, create_verified_person, sign_up};
pub use store::{addressee, addressee_login, by_email, find, login, mailed_at, prune, rehash};
pub(super) use store::{all_mailed, data_subject, make_nameless};
pub use suspend::{lift, rename, set_admin, suspend};
