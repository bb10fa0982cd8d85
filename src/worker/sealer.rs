//! The job that extends the hash chain over the event log.
//!
//! Invariant: an event is sealed only after every transaction that could still put an event before it is over.
//! Read next: `crate::events::Settling`.

use crate::db::Db;
use crate::events::{self, Settling};
use crate::kernel::error::{Code, Result};

/// What the sealer saw at its last step.
#[derive(Default)]
pub(super) struct Sealer {
    settling: Settling,
    sealed: i64,
}

impl Sealer {
    /// Seals what has settled since the step before.
    pub(super) fn step(&mut self, db: &Db) -> Result<()> {
        let (revision, horizon) =
            db.read_now(|conn| Ok((events::revision(conn)?, events::horizon(conn)?)))?;
        let settled = self.settling.look(revision, horizon);
        settled.map_or(Ok(()), |settled| self.seal(db, settled))
    }

    fn seal(&mut self, db: &Db, settled: i64) -> Result<()> {
        while self.sealed < settled {
            match db.write_now(move |conn| events::seal(conn, settled)) {
                Ok(0) => self.sealed = settled,
                Ok(sealed) => tracing::debug!(sealed, "events sealed"),
                // Another node sealed the same events at the same time; its seals are the same.
                Err(e) if e.code == Code::Conflict => return Ok(()),
                Err(e) => return Err(e),
            }
        }
        Ok(())
    }
}
