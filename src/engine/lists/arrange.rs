//! The order inside a list: every further one of a sector parent comes later.
//!
//! Invariant: nobody enters or leaves a list here, and the best of a list stays first. Read next: [`super::report`].

use super::walk::Place;
use std::cmp::Reverse;

/// What each one before it with the same sector parent takes off, for the order alone.
pub const PENALTY: u32 = 20_000_000;

/// Orders a list: next comes who has the most after its penalty, then the greater confidence, then the smaller id.
/// Who has no known sector parent pays nothing.
pub fn arrange(places: &mut [Place], parents: &[Option<u32>]) {
    let parent = |place: &Place| parents[place.item as usize];
    for at in 0..places.len() {
        let (placed, rest) = places.split_at_mut(at);
        for place in rest.iter_mut() {
            let same = placed.iter().filter(|p| parent(p).is_some() && parent(p) == parent(place)).count();
            place.penalty = PENALTY.saturating_mul(u32::try_from(same).unwrap_or(u32::MAX));
        }
        let worth = |place: &Place| i64::from(place.score) - i64::from(place.penalty);
        let order = |place: &Place| (Reverse(worth(place)), Reverse(place.confidence), place.item);
        let best = (0..rest.len()).min_by_key(|n| order(&rest[*n])).unwrap_or_default();
        // What stays behind keeps its order; it is looked at anew anyway.
        rest[..=best].rotate_right(1);
    }
}
