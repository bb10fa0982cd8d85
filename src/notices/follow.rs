//! Finds the events that call for a mail.
//!
//! Invariant: the position moves only over settled revisions, so an event that becomes visible late is still found;
//! an event between position and end of the log is queued once. Read next: `crate::events::Settling`.

use super::{compose, store};
use crate::db::Db;
use crate::events::{self, Settling};
use crate::kernel::{error::Result, time::Timestamp};
use std::collections::BTreeSet;

const BATCH: i64 = 500;
/// How far the position in memory runs ahead of the stored one.
const AHEAD: i64 = 1_000;

/// How far this node has come.
#[derive(Default)]
pub(super) struct Follower {
    position: Option<i64>,
    stored: i64,
    settling: Settling,
    queued: BTreeSet<i64>,
}

impl Follower {
    /// Queues the mails of new events.
    pub(super) fn step(&mut self, db: &Db, now: Timestamp) -> Result<()> {
        let position = match self.position {
            Some(position) => position,
            None => {
                self.stored = db.read_now(store::position)?;
                self.stored
            }
        };
        self.position = Some(position);
        let (end, horizon) = db.read_now(|conn| Ok((events::revision(conn)?, events::horizon(conn)?)))?;
        if end <= position {
            return Ok(());
        }
        let settled = self.settling.look(end, horizon);
        self.queue(db, position, now)?;
        self.advance(db, settled.unwrap_or(position).max(position))
    }

    fn queue(&mut self, db: &Db, position: i64, now: Timestamp) -> Result<()> {
        let mut from = position;
        loop {
            let entries = db.read_now(|conn| events::after(conn, from, BATCH))?;
            let full = entries.len() as i64 == BATCH;
            from = entries.last().map_or(from, |e| e.revision);
            let new =
                entries.iter().filter(|e| compose::calls_for_mail(e) && !self.queued.contains(&e.revision));
            let new: Vec<i64> = new.map(|e| e.revision).collect();
            if !new.is_empty() {
                let rows = new.clone();
                db.write_now(move |conn| store::queue(conn, &rows, now))?;
                self.queued.extend(new);
            }
            if !full {
                return Ok(());
            }
        }
    }

    fn advance(&mut self, db: &Db, position: i64) -> Result<()> {
        self.position = Some(position);
        self.queued = self.queued.split_off(&(position + 1));
        if position >= self.stored + AHEAD {
            db.write_now(move |conn| store::set_position(conn, position))?;
            self.stored = position;
        }
        Ok(())
    }
}
