//! Who changed in the last steps from snapshot to snapshot.
//!
//! Invariant: after a step that is not known any more nothing is said to have stayed the same. Read next: [`super::cache`].

use std::sync::Arc;

/// How many changes of one side are remembered: scoring as many anew costs about as much as a search.
const LAST: usize = 1_024;

/// Changes of both sides since a snapshot without profiles.
#[derive(Clone, Debug, Default)]
pub struct Recent {
    /// The step that made this snapshot.
    pub step: u64,
    /// The startups.
    pub startups: Changed,
    /// The investors.
    pub investors: Changed,
}

/// Changes of one side.
#[derive(Clone, Debug, Default)]
pub struct Changed {
    /// The step after which every change is known.
    known: u64,
    /// Steps and permanent integers, the steps rising.
    last: Arc<[(u64, u64)]>,
}

impl Recent {
    /// After one more step, in which these changed.
    pub fn then(
        &self,
        startups: impl ExactSizeIterator<Item = u64>,
        investors: impl ExactSizeIterator<Item = u64>,
    ) -> Self {
        let step = self.step + 1;
        Self {
            step,
            startups: self.startups.then(step, startups),
            investors: self.investors.then(step, investors),
        }
    }

    /// After one more step, in which all startups may have changed.
    pub fn refilled(&self) -> Self {
        let step = self.step + 1;
        Self {
            step,
            startups: Changed { known: step, ..Changed::default() },
            investors: self.investors.clone(),
        }
    }
}

impl Changed {
    fn then(&self, step: u64, ids: impl ExactSizeIterator<Item = u64>) -> Self {
        if ids.len() > LAST {
            return Self { known: step, last: Arc::default() };
        }
        if ids.len() == 0 {
            return self.clone();
        }
        let over = (self.last.len() + ids.len()).saturating_sub(LAST);
        let (forgotten, kept) = self.last.split_at(over);
        let known = forgotten.last().map_or(self.known, |last| last.0);
        Self { known, last: kept.iter().copied().chain(ids.map(|id| (step, id))).collect() }
    }

    /// Who changed after a step, some perhaps twice; nothing where that is not known any more.
    pub fn since(&self, step: u64) -> Option<impl ExactSizeIterator<Item = u64> + Clone> {
        let later = self.last.partition_point(|change| change.0 <= step);
        (step >= self.known).then(|| self.last[later..].iter().map(|change| change.1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_told_as_long_as_all_of_them_are_known() {
        let told = |recent: &Recent, step| recent.startups.since(step).map(Iterator::collect::<Vec<_>>);
        let start = Recent::default();
        let first = start.then([7].into_iter(), [].into_iter());
        let second = first.then([8, 9].into_iter(), [1].into_iter());
        assert_eq!((told(&second, 0), told(&second, 1)), (Some(vec![7, 8, 9]), Some(vec![8, 9])));
        assert_eq!((told(&second, 2), told(&first, 0)), (Some(vec![]), Some(vec![7])));
        let full = second.then((0..LAST as u64 - 2).collect::<Vec<_>>().into_iter(), [].into_iter());
        assert_eq!(told(&full, 0), None, "the first one is forgotten");
        assert_eq!(told(&full, 1).map(|ids| ids.len()), Some(LAST));
        let flood = full.then((0..LAST as u64 + 1).collect::<Vec<_>>().into_iter(), [].into_iter());
        assert_eq!((told(&flood, 3), told(&flood, 4)), (None, Some(vec![])));
        assert_eq!(flood.investors.since(1).map(Iterator::collect::<Vec<_>>), Some(vec![1]));
    }
}
