//! Which revisions of the log are in the snapshot.
//!
//! Invariant: a revision counts as settled only if the log was read up to it after everybody who could still write below
//! it had ended; where a read was cut off, that is no further than its last row. Read next: [`super::feed`].

use std::collections::BTreeSet;
use std::sync::Arc;

/// The revisions taken up so far.
#[derive(Default)]
pub(super) struct Taken {
    settled: i64,
    beyond: Arc<BTreeSet<i64>>,
    ended: i64,
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

    /// The highest of all.
    pub(super) fn last(&self) -> i64 {
        self.beyond.last().copied().unwrap_or(self.settled)
    }

    /// Takes up what was read, and after that read whatever writers have `ended` below.
    pub(super) fn take(&mut self, rows: &Rows, ended: Option<i64>) {
        self.ended = self.ended.max(ended.unwrap_or_default());
        let beyond = Arc::make_mut(&mut self.beyond);
        beyond.extend(rows.new);
        self.settled = self.settled.max(rows.floor).max(rows.cut_at.unwrap_or(i64::MAX).min(self.ended));
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
    fn what_a_full_load_found_settled_stays_settled() {
        let mut taken = Taken::default();
        taken.take(&Rows { floor: 7, new: &[8], cut_at: None }, None);
        taken.take(&rows(&[], None), Some(5));
        assert_eq!((taken.settled(), taken.last()), (7, 8));
    }
}
