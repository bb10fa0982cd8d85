//! Personal data of sessions.
//!
//! Invariant: whoever is erased is signed out everywhere: without the row of a session neither its refresh tokens nor an
//! access token is believed. Read next: [`crate::db::PersonalData`].

use super::sessions::{self, KEPT};
use crate::db::{Conn, DataSubject, Kept, PersonalData, PersonalTable};
use crate::kernel::{error::Result, time::Timestamp};
use serde_json::{Value, json};

/// Sessions and their refresh tokens.
pub struct Sessions;

impl PersonalData for Sessions {
    fn name(&self) -> &'static str {
        "sessions"
    }

    fn tables(&self) -> &'static [PersonalTable] {
        const RULE: &str = "accounts::prune, with the session";
        &[
            PersonalTable {
                name: "sessions",
                columns: &["created_at", "used_at", "expires_at", "ended_at"],
                found_by: "person_id",
                kept: Kept::After(KEPT, "expires_at"),
                rule: "accounts::prune",
            },
            PersonalTable {
                name: "refresh_tokens",
                columns: &["hash", "created_at", "used_at"],
                found_by: "session_id",
                kept: Kept::After(KEPT, "expires_at of the session"),
                rule: RULE,
            },
        ]
    }

    fn export(&self, conn: &mut Conn, person: &DataSubject) -> Result<Value> {
        let all = sessions::all_of(conn, person.number)?;
        let session = |(session, ended_at): &(sessions::Session, Option<Timestamp>)| {
            json!({"id": session.id, "created_at": session.created_at, "used_at": session.used_at,
                "expires_at": session.expires_at, "ended_at": ended_at})
        };
        Ok(all.iter().map(session).collect())
    }

    fn erase(&self, conn: &mut Conn, person: &DataSubject, _: Timestamp) -> Result<()> {
        sessions::remove_all(conn, person.number)
    }
}
