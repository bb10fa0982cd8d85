//! Personal data of mails: that they were sent.
//!
//! Invariant: a delivery names an event and no address; name and address are looked up when the mail is composed, so
//! whoever is erased gets none. Mails that are files (without an SMTP server) are the operator's outbox, not kept here.
//! Read next: [`crate::db::PersonalData`].

use super::store;
use crate::db::{Conn, DataSubject, Kept, PersonalData, PersonalTable};
use crate::events::{self, Entry};
use crate::kernel::{error::Result, time::Timestamp};
use serde_json::{Value, json};

/// Deliveries of mails about what happened to a person.
pub struct Mails;

fn about(conn: &mut Conn, person: &DataSubject) -> Result<Vec<Entry>> {
    events::of_subject(conn, &person.id.to_string(), i64::MAX)
}

fn numbers(entries: &[Entry]) -> Vec<i64> {
    entries.iter().map(|entry| entry.revision).collect()
}

impl PersonalData for Mails {
    fn name(&self) -> &'static str {
        "mails"
    }

    fn tables(&self) -> &'static [PersonalTable] {
        &[PersonalTable {
            name: "mail_deliveries",
            columns: &["state", "attempts", "next_at"],
            found_by: "event_id",
            kept: Kept::WhileUsed,
            rule: "erasure of the person whom the event is about",
        }]
    }

    fn export(&self, conn: &mut Conn, person: &DataSubject) -> Result<Value> {
        let entries = about(conn, person)?;
        let states = store::states(conn, &numbers(&entries))?;
        let mail = |entry: &Entry| {
            let state = states.get(&entry.revision)?;
            Some(json!({"event": entry.kind, "at": Timestamp::from_micros(entry.at), "state": state}))
        };
        Ok(entries.iter().filter_map(mail).collect())
    }

    fn erase(&self, conn: &mut Conn, person: &DataSubject, _: Timestamp) -> Result<()> {
        let entries = about(conn, person)?;
        store::remove(conn, &numbers(&entries))
    }
}
