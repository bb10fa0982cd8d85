//! Personal data of stored replies.
//!
//! Invariant: the body of a reply is encrypted under a key that only the client has, so an export can say no more than
//! that there is one. Replies to visitors name nobody. Read next: [`super::store`].

use super::store::{self, KEPT};
use crate::db::{Conn, DataSubject, Kept, PersonalData, PersonalTable};
use crate::kernel::{error::Result, time::Timestamp};
use serde_json::{Value, json};

/// Replies stored for a person's requests with an `Idempotency-Key`.
pub struct Replies;

impl PersonalData for Replies {
    fn name(&self) -> &'static str {
        "stored_replies"
    }

    fn tables(&self) -> &'static [PersonalTable] {
        &[PersonalTable {
            name: "idempotency_keys",
            columns: &["scope", "key", "fingerprint", "headers", "body"],
            found_by: "scope",
            kept: Kept::After(KEPT, "created_at"),
            rule: "http::prune_replies",
        }]
    }

    fn export(&self, conn: &mut Conn, person: &DataSubject) -> Result<Value> {
        let all = store::of_person(conn, person.id)?;
        let reply = |(request, status, at): &(String, i32, i64)| json!({"request": request, "status": status, "at": Timestamp::from_micros(*at)});
        Ok(all.iter().map(reply).collect())
    }

    fn erase(&self, conn: &mut Conn, person: &DataSubject, _: Timestamp) -> Result<()> {
        store::remove_of_person(conn, person.id)
    }
}
