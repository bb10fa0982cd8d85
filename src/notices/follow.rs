//! Finds the events that call for a mail.
//!
//! Invariant: an event is queued in the transaction in which the position moves past it, so no mail is forgotten and none
//! queued twice; queueing sends nothing. Read next: [`crate::events::follow`].

use super::{compose, store};
use crate::db::Conn;
use crate::events::{Entry, Subscriber};
use crate::kernel::{error::Result, time::Timestamp};

/// The subscriber that queues a mail for each event that calls for one.
pub(super) struct Queueing;

impl Subscriber for Queueing {
    fn name(&self) -> &'static str {
        "mail"
    }

    fn handle(&self, conn: &mut Conn, entries: &[Entry], now: Timestamp) -> Result<()> {
        let calls = entries.iter().filter(|entry| compose::calls_for_mail(entry));
        let events: Vec<i64> = calls.map(|entry| entry.revision).collect();
        store::queue(conn, &events, now)
    }
}
