//! Following the log on one node at a time, with a stored position.
//!
//! ```text
//! free ──a node finds settled events──▶ held ──each batch renews──▶ held
//!  ▲                                     │
//!  └──the node stops, or is silent for LEASE──┘
//! ```
//!
//! Invariant: lease, effect and position are one transaction, so every event is handled once as far as the database goes,
//! whenever a node dies. A follower with nothing to do writes nothing. Read next: [`super::settling`].

use super::{Settling, store};
use crate::db::{Conn, Db};
use crate::events::{Entry, after, horizon, revision};
use crate::kernel::{error::Result, time::Timestamp};
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

/// The time after which another node may take over from a silent one.
pub const LEASE: Duration = Duration::from_secs(15);
/// The most entries that one transaction handles.
const BATCH: i64 = 500;

/// Effects of events that happen on one node at a time.
pub trait Subscriber: Send + Sync + 'static {
    /// The name under which the position is stored; it never changes once released.
    fn name(&self) -> &'static str;

    /// Handles entries of the log, in order and without a gap, in the transaction in which the position moves past them.
    ///
    /// # Errors
    /// A failure that keeps the position where it is; the same entries come again at the next step.
    fn handle(&self, conn: &mut Conn, entries: &[Entry], now: Timestamp) -> Result<()>;
}

/// The steps of one subscriber on one node.
pub struct Follower {
    subscriber: Arc<dyn Subscriber>,
    seen: Mutex<Seen>,
}

/// The part of the log that this node has seen.
#[derive(Default)]
struct Seen {
    settling: Settling,
    settled: i64,
}

impl Follower {
    /// A follower that has seen nothing of the log yet.
    pub fn new(subscriber: impl Subscriber) -> Self {
        Self { subscriber: Arc::new(subscriber), seen: Mutex::default() }
    }

    /// The name under which the position is stored.
    pub fn name(&self) -> &'static str {
        self.subscriber.name()
    }

    /// Handles everything that has settled, unless another node holds the lease, and says how many entries that were.
    ///
    /// # Errors
    /// A refusal of the subscriber or the database; what was handled before stays handled.
    pub fn step(&self, db: &Db, now: Timestamp) -> Result<usize> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let name = self.name();
        let (standing, end, writing) =
            db.read_now(|conn| Ok((store::standing(conn, name)?, revision(conn)?, horizon(conn)?)))?;
        if end <= standing.revision || standing.is_held_by_another(db.node(), now) {
            return Ok(0);
        }
        // With nobody writing, everything up to the end is visible to whoever reads after this.
        let quiet = writing.is_quiet().then_some(end);
        let settled = seen.settling.look(end, writing);
        seen.settled = quiet.or(settled).map_or(seen.settled, |revision| revision.max(seen.settled));
        let (mut position, mut handled) = (standing.revision, 0);
        while position < seen.settled {
            let Some((next, count)) = self.batch(db, seen.settled, now)? else { break };
            (position, handled) = (next, handled + count);
        }
        Ok(handled)
    }

    /// Gives the lease back, so that another node need not wait for its end.
    ///
    /// # Errors
    /// A refusal of the database; the lease then ends by itself.
    pub fn release(&self, db: &Db) -> Result<()> {
        let name = self.name();
        if db.read_now(|conn| store::standing(conn, name))?.is_held(db.node()) {
            let node = db.node().to_owned();
            db.write_now(move |conn| store::release(conn, name, &node))?;
        }
        Ok(())
    }

    /// Handles the next entries in one transaction; the new position and how many they were, `None` without the lease.
    fn batch(&self, db: &Db, settled: i64, now: Timestamp) -> Result<Option<(i64, usize)>> {
        let (subscriber, node) = (Arc::clone(&self.subscriber), db.node().to_owned());
        db.write_now(move |conn| {
            let name = subscriber.name();
            let Some(position) = store::take(conn, name, &node, (now, now.plus(LEASE)))? else {
                return Ok(None);
            };
            let mut entries = after(conn, position, BATCH)?;
            let full = entries.len() as i64 == BATCH;
            entries.retain(|entry| entry.revision <= settled);
            let last = entries.last().map(|entry| entry.revision).filter(|_| full);
            if !entries.is_empty() {
                subscriber.handle(conn, &entries, now)?;
            }
            let next = last.unwrap_or(settled).max(position);
            store::advance(conn, name, next)?;
            Ok(Some((next, entries.len())))
        })
    }
}
