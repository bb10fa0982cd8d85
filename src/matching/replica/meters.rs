//! Meters of the queries and of the snapshot that they read.
//!
//! Invariant: whoever counts waits for nobody. Read next: `crate::program::metrics`, which shows it.

use crate::engine::Work;
use crate::kernel::meter::{Counter, Histogram};

/// The counts of one process since its start.
#[derive(Debug, Default)]
pub struct Meters {
    /// Lists of startups.
    pub startups: Lists,
    /// Lists of investors.
    pub investors: Lists,
    /// Queries refused because the snapshot did not include their revision in time.
    pub late: Counter,
    /// Snapshots that were put in place.
    pub snapshots: Counter,
}

/// Meters of the lists of one side.
#[derive(Debug, Default)]
pub struct Lists {
    /// Spans of ranking.
    pub spans: Histogram,
    /// Lists that were cached, and told without a search.
    pub cached: Counter,
    /// Blocks whose columns were read.
    pub blocks: Counter,
    /// Profiles that were scored in full.
    pub rows: Counter,
}

impl Lists {
    /// Does one search and counts what it cost.
    pub fn measure<T>(&self, search: impl FnOnce() -> Option<(T, Work)>) -> Option<T> {
        let (found, work) = self.spans.time(search)?;
        self.blocks.add(work.blocks);
        self.rows.add(work.rows);
        Some(found)
    }
}
