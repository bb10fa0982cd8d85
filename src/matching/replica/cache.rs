//! Lists that were asked for of late, kept with the rows that were told of them.
//!
//! Invariant: what is answered from here is what a search and a new explanation would answer: a list is brought up to date
//! before it is used, and a row of it is kept only as long as neither side has changed.
//! Read next: [`crate::engine::kept`], which does that, and [`crate::matching::lists::rank`], which asks.

use super::meters::Lists;
use crate::engine::kept::{Current, DEPTH, KeptList, KeptRow};
use crate::kernel::shown::{Shown, Written};
use moka::{policy::EvictionPolicy, sync::Cache};
use std::sync::Arc;

/// A row of a list as it was written for members.
pub type Row = Shown<Written>;

/// How many lists of a side are kept: with all their rows told, each takes about 50 kB.
const LISTS: u64 = 1_000;

/// The lists of one side, by the permanent integer of who asks.
pub struct KeptLists(Cache<u64, Arc<KeptList<Row>>>);

impl Default for KeptLists {
    fn default() -> Self {
        Self(Cache::builder().max_capacity(LISTS).eviction_policy(EvictionPolicy::lru()).build())
    }
}

impl KeptLists {
    /// Whether so many rows can be told from a kept list.
    pub fn reach(k: usize) -> bool {
        k <= DEPTH
    }

    /// The first `k` rows of a list, brought up to date or found anew.
    pub fn rows(
        &self,
        asking: u64,
        k: usize,
        meters: &Lists,
        current: impl FnOnce(Option<&Arc<KeptList<Row>>>) -> Option<Current<Row>>,
    ) -> Option<Vec<Arc<KeptRow<Row>>>> {
        let kept = self.0.get(&asking);
        let list = meters.measure(|| {
            let (list, work) = current(kept.as_ref())?;
            meters.kept.add(u64::from(work.is_none()));
            Some((list, work.unwrap_or_default()))
        })?;
        if kept.is_none_or(|kept| list.supersedes(&kept)) {
            self.0.insert(asking, Arc::clone(&list));
        }
        Some(list.rows().iter().take(k).cloned().collect())
    }
}
