//! Personal data of accounts: people, what was mailed to them, invitations to their address, and where they belong.
//!
//! Invariant: whoever is erased stays as a nameless row of `people`, suspended and without a confirmed address, because
//! events, revisions and invitations refer to its id. Whether somebody may be erased is not decided here: the verb that
//! does it sees to it first that no organisation loses its last owner. Read next: [`crate::db::PersonalData`].

use super::{KEPT, invitations, memberships, people};
use crate::db::{Conn, DataSubject, Kept, PersonalData, PersonalTable};
use crate::kernel::{error::Result, ids::PersonId, time::Timestamp};
use serde_json::{Value, json};

/// Accounts and what belongs to them.
pub struct Accounts;

/// The person of a public id, as exports and erasures need it; `None` if there never was one.
///
/// # Errors
/// A refusal of the database.
pub fn data_subject(conn: &mut Conn, id: PersonId) -> Result<Option<DataSubject>> {
    people::data_subject(conn, id)
}

const WHILE: Kept = Kept::WhileUsed;

impl PersonalData for Accounts {
    fn name(&self) -> &'static str {
        "account"
    }

    fn tables(&self) -> &'static [PersonalTable] {
        &[
            PersonalTable {
                name: "people",
                columns: &["state", "admin", "verified_at", "created_at"],
                found_by: "id",
                kept: WHILE,
                rule: "erasure leaves id and time of creation, suspended and without a confirmed address",
            },
            PersonalTable {
                name: "people_private",
                columns: &["email", "email_folded", "name", "password_hash"],
                found_by: "person_id",
                kept: WHILE,
                rule: "erasure",
            },
            PersonalTable {
                name: "mailed_tokens",
                columns: &["purpose", "password_hash", "created_at", "expires_at", "used_at"],
                found_by: "person_id",
                kept: Kept::After(KEPT, "expires_at"),
                rule: "accounts::prune; the password hash goes when the token is used or void",
            },
            PersonalTable {
                name: "invitations_private",
                columns: &["email", "email_folded"],
                found_by: "email_folded",
                kept: Kept::After(KEPT, "expires_at of the invitation"),
                rule: "accounts::prune",
            },
            PersonalTable {
                name: "memberships",
                columns: &["organisation_id", "role", "created_at"],
                found_by: "person_id",
                kept: WHILE,
                rule: "the member leaves or is removed, or erasure",
            },
        ]
    }

    fn export(&self, conn: &mut Conn, person: &DataSubject) -> Result<Value> {
        let Some(account) = people::find(conn, person.id)? else { return Ok(Value::Null) };
        let mailed = people::all_mailed(conn, person.number)?;
        let mailed = mailed.iter().map(|(purpose, created_at, expires_at)| {
            json!({"purpose": purpose, "created_at": created_at, "expires_at": expires_at})
        });
        let invited = match &person.address {
            Some(address) => invitations::to(conn, address)?,
            None => Vec::new(),
        };
        let invited = invited.iter().map(|invitation| {
            json!({"id": invitation.id, "organisation": invitation.organisation, "email": invitation.email,
                "role": invitation.role.as_str(), "created_at": invitation.created_at})
        });
        let belongs = memberships::of_person(conn, person.number)?;
        let belongs = belongs.iter().map(|member| {
            json!({"id": member.id, "organisation": member.organisation, "role": member.role.as_str(),
                "created_at": member.created_at})
        });
        Ok(json!({
            "id": account.id, "email": account.email, "name": account.name, "state": account.state.as_str(),
            "admin": account.admin, "verified_at": account.verified_at, "created_at": account.created_at,
            "mailed_tokens": mailed.collect::<Value>(), "invitations": invited.collect::<Value>(),
            "memberships": belongs.collect::<Value>(),
        }))
    }

    fn erase(&self, conn: &mut Conn, person: &DataSubject, _: Timestamp) -> Result<()> {
        if let Some(address) = &person.address {
            invitations::remove_addresses(conn, address)?;
        }
        memberships::remove_all(conn, person.number)?;
        people::make_nameless(conn, person.number)
    }
}
