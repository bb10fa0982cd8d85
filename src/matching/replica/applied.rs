//! The applied revisions: those of the log that are in the snapshot.
//!
//! Invariant: a revision counts as settled only if the log was read up to it after everybody who could still write below
//! it had ended; where a read was cut off, that is no further than its last row, and never as far as one that is held back.
//! Read next: [`super::follow`].

use std::collections::BTreeSet;
use std::sync::Arc;

/// The revisions applied so far.
#[derive(Default)]
pub(super) struct Applied {
    settled: i64,
    beyond: Arc<BTreeSet<i64>>,
    ended: i64,
    held: BTreeSet<i64>,
}

/// A batch of the log, as one read brought it.
pub(super) struct LogBatch<'a> {
    /// The revision up to which nothing was missing before.
    pub floor: i64,
    /// The revisions after it that were not applied before.
    pub new: &'a [i64],
    /// The last row, if there may be more behind it.
    pub cut_at: Option<i64>,
}

impl Applied {
    /// The revision up to which nothing can be missing.
    pub(super) fn settled(&self) -> i64 {
        self.settled
    }

    /// The revisions after [`Applied::settled`].
    pub(super) fn beyond(&self) -> Arc<BTreeSet<i64>> {
        Arc::clone(&self.beyond)
    }

    /// Those of [`Applied::beyond`] whose effect is in the snapshot too.
    pub(super) fn shown(&self) -> Arc<BTreeSet<i64>> {
        if self.held.is_empty() {
            return self.beyond();
        }
        Arc::new(self.beyond.difference(&self.held).copied().collect())
    }

    /// Holds revisions back whose effect is not in the snapshot yet: nothing from the first of them on is settled.
    pub(super) fn hold(&mut self, revisions: &BTreeSet<i64>) {
        self.held.extend(revisions);
    }

    /// Lets go of revisions whose effect is in the snapshot now.
    pub(super) fn release(&mut self, revisions: &BTreeSet<i64>) {
        self.held.retain(|revision| !revisions.contains(revision));
    }

    /// The highest of all whose effect is in the snapshot.
    pub(super) fn last(&self) -> i64 {
        self.beyond.iter().rev().find(|r| !self.held.contains(r)).copied().unwrap_or(self.settled)
    }

    /// Applies a batch that was read; `ended` is the revision below which every writer had ended before the read, `None` where
    /// that is not known.
    pub(super) fn apply(&mut self, batch: &LogBatch, ended: Option<i64>) {
        self.ended = self.ended.max(ended.unwrap_or_default());
        let beyond = Arc::make_mut(&mut self.beyond);
        beyond.extend(batch.new);
        let read = batch.floor.max(batch.cut_at.unwrap_or(i64::MAX).min(self.ended));
        let before_held = self.held.first().map_or(i64::MAX, |held| held - 1);
        self.settled = self.settled.max(read.min(before_held));
        *beyond = beyond.split_off(&(self.settled + 1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(new: &[i64], cut_at: Option<i64>) -> LogBatch<'_> {
        LogBatch { floor: 0, new, cut_at }
    }

    #[test]
    fn a_read_that_was_cut_off_settles_nothing_behind_its_last_row() {
        let mut applied = Applied::default();
        applied.apply(&batch(&[1, 2], Some(2)), None);
        assert_eq!((applied.settled(), applied.last()), (0, 2));
        applied.apply(&batch(&[3, 4], Some(4)), Some(9));
        assert_eq!((applied.settled(), applied.last()), (4, 4));
        applied.apply(&batch(&[5, 9, 11], None), None);
        assert_eq!((applied.settled(), applied.last()), (9, 11));
        assert_eq!(applied.beyond().iter().copied().collect::<Vec<_>>(), [11]);
    }

    #[test]
    fn what_is_held_is_not_shown_and_nothing_after_it_is_settled() {
        let mut applied = Applied::default();
        applied.hold(&[3].into());
        applied.apply(&batch(&[1, 2, 3, 4], None), Some(4));
        assert_eq!((applied.settled(), applied.last()), (2, 4));
        assert_eq!(*applied.shown(), [4].into());
        assert_eq!(*applied.beyond(), [3, 4].into(), "seen, and not to be read again");
        applied.apply(&batch(&[], None), Some(4));
        assert_eq!((applied.settled(), *applied.shown() == [4].into()), (2, true));
        applied.release(&[3].into());
        applied.apply(&batch(&[], None), Some(4));
        assert_eq!((applied.settled(), applied.last(), applied.shown().len()), (4, 4, 0));
    }

    #[test]
    fn what_a_full_load_found_settled_stays_settled() {
        let mut applied = Applied::default();
        applied.apply(&LogBatch { floor: 7, new: &[8], cut_at: None }, None);
        applied.apply(&batch(&[], None), Some(5));
        assert_eq!((applied.settled(), applied.last()), (7, 8));
    }
}
