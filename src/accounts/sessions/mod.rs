//! Sessions: signing in, staying signed in, signing out.
//!
//! Invariant: a session is one family of refresh tokens, of which exactly one can be used; whoever brings an older one
//! ends the family. An access token is worth what its session is worth at that moment.
//!
//! ```text
//! (sign in) ─▶ open ──sign out, revoke, new password, suspension, reuse──▶ ended
//!               └─30 days─▶ expired
//! ```
//!
//! Read next: [`mod@prove`], [`mod@open`].

pub mod api;
mod open;
mod prove;
mod store;

pub use api::routes;
pub use open::{Opened, RefreshToken, Session, end, end_all, list, open, refresh};
pub use prove::{Proof, prove, reprove};
pub use store::prune;
