//! Accounts: people, organisations, memberships, invitations and passwords; the verbs and the API over [`crate::identity`].
//!
//! Invariant: texts that name people lie in `people_private` and `invitations_private` and nowhere else.
//! Read next: [`people`], [`organisations`], [`sessions`].

pub mod invitations;
pub mod keys;
mod mail_tokens;
pub mod memberships;
pub mod organisations;
pub mod passwords;
pub mod people;
mod personal;
pub mod sessions;

pub use mail_tokens::{MailTokens, Purpose};
pub use organisations::{NewOrganisation, Organisation, OrganisationName, Website};
pub use organisations::{create_organisation, organisation, organisation_by_id};
pub use people::{Email, PersonName, create_verified_person};
pub use personal::{Accounts, data_subject};

use crate::db::{Conn, Db};
use crate::identity::{self, sessions::KEPT};
use crate::jobs::{Every, Periodic};
use crate::kernel::{error::Result, time::Timestamp};
use std::time::Duration;

/// The pause between two removals.
const PRUNE_EVERY: Duration = Duration::from_secs(600);

/// The tasks of this feature: what expired a day ago is removed.
pub fn upkeep(db: &Db) -> Vec<Periodic> {
    let db = db.clone();
    let expired = move |now: Timestamp| {
        let removed = db.write_now(move |conn| prune(conn, now.minus(KEPT)))?;
        if removed > 0 {
            tracing::info!(removed, "what has expired was removed");
        }
        Ok(())
    };
    vec![Periodic::new("expired", Every::Span(PRUNE_EVERY), expired)]
}

/// Removes mailed tokens, sessions and the addresses of invitations that expired before `before`, and says how many.
pub fn prune(conn: &mut Conn, before: Timestamp) -> Result<usize> {
    let invitations = invitations::prune(conn, before)?;
    Ok(people::prune(conn, before)? + identity::sessions::prune(conn, before)? + invitations)
}
