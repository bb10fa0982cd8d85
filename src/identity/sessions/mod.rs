//! Sessions: opened for a proven person, refreshed by single-use tokens, ended by sign-out, revocation or reuse.
//!
//! ```text
//! (proof) ─▶ open ──sign out, revoke, new password, suspension, reuse──▶ ended
//!              └─30 days─▶ expired
//! ```
//!
//! Invariant: a refresh token works once; a second use ends its session. Read next: [`mod@open`], [`mod@refresh`].

mod open;
mod refresh;
mod store;

pub use open::{Opened, RefreshToken, Session, end, end_all, list, open};
pub use refresh::refresh;
pub use store::{KEPT, prune};
pub(super) use store::{all_of, remove_all};
