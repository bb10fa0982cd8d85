//! When a revision is settled: nothing can appear at or below it any more.
//!
//! Invariant: a mark is settled once every transaction that was writing when it was set has ended, and no mark takes the
//! place of one that is not. Read next: [`crate::events::horizon`].

use crate::events::Horizon;

/// The mark of one follower: how far it saw, and who was writing then.
#[derive(Debug, Default)]
pub struct Settling {
    mark: Option<(i64, Horizon)>,
}

impl Settling {
    /// Looks at the end of the log and at those who are writing, both of one snapshot, and gives the revision that has
    /// settled since the look before. Whoever follows the log reads once more before it relies on that.
    pub fn look(&mut self, end: i64, horizon: Horizon) -> Option<i64> {
        let settled = match &self.mark {
            Some((_, then)) if !then.passed_by(&horizon) => return None,
            Some((seen, _)) => Some(*seen),
            None => None,
        };
        self.mark = Some((end, horizon));
        settled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_seen_settles_once_those_who_were_writing_have_ended() {
        let writing = |names: &[&str]| Horizon::of(names);
        let mut settling = Settling::default();
        assert_eq!(settling.look(7, writing(&["a", "b"])), None);
        assert_eq!(settling.look(9, writing(&["b", "c"])), None);
        assert_eq!(settling.look(11, writing(&["c"])), Some(7));
        assert_eq!(settling.look(12, writing(&[])), Some(11));
    }
}
