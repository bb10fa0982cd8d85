//! The cache of first pages: lists that were asked for of late, with the rows that were told of them.
//!
//! Invariant: what is answered from here is what a search and a new explanation would answer: a list is brought up to date
//! before it is used, and a row of it stays only as long as neither side has changed.
//! Read next: [`crate::engine::cache`], which does that, and [`crate::matching::lists::rank`], which asks.

use super::meters::Lists;
use crate::engine::cache::{CachedList, CachedRow, Current, DEPTH};
use crate::kernel::shown::{Shown, Written};
use moka::{policy::EvictionPolicy, sync::Cache};
use std::sync::Arc;

/// A row of a list as it was written for its audience.
pub type Row = Shown<Written>;

/// The most lists of a side in its cache: with all its rows told, a list takes about 50 kB.
const LISTS: u64 = 1_000;

/// The cache of one side's lists, by the permanent integer of who asks.
pub struct ListCache(Cache<u64, Arc<CachedList<Row>>>);

impl Default for ListCache {
    fn default() -> Self {
        Self(Cache::builder().max_capacity(LISTS).eviction_policy(EvictionPolicy::lru()).build())
    }
}

impl ListCache {
    /// Reach of the cache: true for as many rows as a cached list is known down to.
    pub fn reaches(k: usize) -> bool {
        k <= DEPTH
    }

    /// The first `k` rows of a list, brought up to date or found anew by `current`; `None` where that finds no list.
    pub fn rows(
        &self,
        asking: u64,
        k: usize,
        meters: &Lists,
        current: impl FnOnce(Option<&Arc<CachedList<Row>>>) -> Option<Current<Row>>,
    ) -> Option<Vec<Arc<CachedRow<Row>>>> {
        let cached = self.0.get(&asking);
        let list = meters.measure(|| {
            let (list, work) = current(cached.as_ref())?;
            meters.cached.add(u64::from(work.is_none()));
            Some((list, work.unwrap_or_default()))
        })?;
        if cached.is_none_or(|cached| list.supersedes(&cached)) {
            self.0.insert(asking, Arc::clone(&list));
        }
        Some(list.rows().iter().take(k).cloned().collect())
    }
}
