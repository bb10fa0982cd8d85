//! Which revisions of the log are in the snapshot.
//!
//! Invariant: a revision counts as settled only if the log was read up to it after everybody who could still write below
//! it had ended; where a read was cut off, that is no further than its last row, and never as far as one that is held back.
//! Read next: [`super::follow`].

use std::collections::BTreeSet;
use std::sync::Arc;

/// The revisions taken up so far.
#[derive(Default)]
pub(super) struct Taken {
    settled: i64,
    beyond: Arc<BTreeSet<i64>>,
    ended: i64,
    held: BTreeSet<i64>,
}

/// What one read of the log brought.
pub(super) struct Rows<'a> {
    /// The revision up to which nothing was missing before.
    pub floor: i64,
    /// The revisions after it that were not taken up before.
    pub new: &'a [i64],
    /// The last row, if there may be more behind it.
    pub cut_at: Option<i64>,
}

impl Taken {
    /// The revision up to which nothing can be missing.
    pub(super) fn settled(&self) -> i64 {
        self.settled
    }

    /// The revisions after [`Taken::settled`].
    pub(super) fn beyond(&self) -> Arc<BTreeSet<i64>> {
        Arc::clone(&self.beyond)
    }

    /// Those of [`Taken::beyond`] whose effect is in the snapshot too.
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

    /// Takes up what was read, and after that read whatever writers have `ended` below.
    pub(super) fn take(&mut self, rows: &Rows, ended: Option<i64>) {
        self.ended = self.ended.max(ended.unwrap_or_default());
        let beyond = Arc::make_mut(&mut self.beyond);
        beyond.extend(rows.new);
        let read = rows.floor.max(rows.cut_at.unwrap_or(i64::MAX).min(self.ended));
        let before_held = self.held.first().map_or(i64::MAX, |held| held - 1);
        self.settled = self.settled.max(read.min(before_held));
        *beyond = beyond.split_off(&(self.settled + 1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(new: &[i64], cut_at: Option<i64>) -> Rows<'_> {
        Rows { floor: 0, new, cut_at }
    }

    #[test]
    fn a_read_that_was_cut_off_settles_nothing_behind_its_last_row() {
        let mut taken = Taken::default();
        taken.take(&rows(&[1, 2], Some(2)), None);
        assert_eq!((taken.settled(), taken.last()), (0, 2));
        taken.take(&rows(&[3, 4], Some(4)), Some(9));
        assert_eq!((taken.settled(), taken.last()), (4, 4));
        taken.take(&rows(&[5, 9, 11], None), None);
        assert_eq!((taken.settled(), taken.last()), (9, 11));
        assert_eq!(taken.beyond().iter().copied().collect::<Vec<_>>(), [11]);
    }

    #[test]
    fn what_is_held_is_not_shown_and_nothing_after_it_is_settled() {
        let mut taken = Taken::default();
        taken.hold(&[3].into());
        taken.take(&rows(&[1, 2, 3, 4], None), Some(4));
        assert_eq!((taken.settled(), taken.last()), (2, 4));
        assert_eq!(*taken.shown(), [4].into());
        assert_eq!(*taken.beyond(), [3, 4].into(), "seen, and not to be read again");
        taken.take(&rows(&[], None), Some(4));
        assert_eq!((taken.settled(), *taken.shown() == [4].into()), (2, true));
        taken.release(&[3].into());
        taken.take(&rows(&[], None), Some(4));
        assert_eq!((taken.settled(), taken.last(), taken.shown().len()), (4, 4, 0));
    }

    #[test]
    fn what_a_full_load_found_settled_stays_settled() {
        let mut taken = Taken::default();
        taken.take(&Rows { floor: 7, new: &[8], cut_at: None }, None);
        taken.take(&rows(&[], None), Some(5));
        assert_eq!((taken.settled(), taken.last()), (7, 8));
    }
}
