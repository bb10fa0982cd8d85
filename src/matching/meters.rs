//! What is counted of the queries and of the snapshot they read.
//!
//! Invariant: whoever counts waits for nobody. Read next: `crate::http::metrics`, which shows it.

use super::engine::Work;
use crate::kernel::meter::{Counter, Histogram};

/// The counts of one process since its start.
#[derive(Debug, Default)]
pub struct Meters {
    /// How long lists of startups took to rank.
    pub startups: Histogram,
    /// How long lists of investors took to rank.
    pub investors: Histogram,
    /// Blocks whose columns were read.
    pub blocks: Counter,
    /// Startups that were scored in full.
    pub rows: Counter,
    /// Queries refused because the snapshot did not include their revision in time.
    pub late: Counter,
    /// Snapshots that were put in place.
    pub snapshots: Counter,
}

impl Meters {
    /// Counts what a search looked at.
    pub fn worked(&self, work: Work) {
        self.blocks.add(work.blocks);
        self.rows.add(work.rows);
    }
}
