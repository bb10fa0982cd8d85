//! Sets of up to 256 things: the rows of a block, or the codes that occur in it.
//!
//! Invariant: four words, one bit each.
//! Read next: [`super::block`].

/// Rows of a block.
pub const ROWS: usize = 256;

/// One byte a row, or one byte a code.
pub type Column = [u8; ROWS];

/// Rows of a block, or codes, one bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Slots(pub [u64; ROWS / 64]);

impl Slots {
    /// Whether the slot is in the set.
    #[inline(always)]
    pub fn has(&self, slot: u8) -> bool {
        self.0[usize::from(slot) / 64] >> (slot % 64) & 1 != 0
    }

    /// Adds a slot.
    pub fn add(&mut self, slot: u8) {
        self.0[usize::from(slot) / 64] |= 1 << (slot % 64);
    }

    /// Takes a slot out.
    pub fn take(&mut self, slot: u8) {
        self.0[usize::from(slot) / 64] &= !(1 << (slot % 64));
    }

    /// How many slots are in the set.
    #[inline(always)]
    pub fn count(&self) -> u32 {
        let [a, b, c, d] = self.0;
        a.count_ones() + b.count_ones() + c.count_ones() + d.count_ones()
    }

    /// Whether no slot is in the set.
    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.0 == [0; ROWS / 64]
    }

    /// The slots that are in both sets.
    pub fn and(self, other: Self) -> Self {
        Self(std::array::from_fn(|at| self.0[at] & other.0[at]))
    }

    /// The slots in their order.
    pub fn iter(self) -> impl Iterator<Item = u8> {
        self.0.into_iter().enumerate().flat_map(|(at, word)| {
            let mut left = word;
            std::iter::from_fn(move || {
                let bit = (left != 0).then(|| left.trailing_zeros())?;
                left &= left - 1;
                Some((at * 64) as u8 + bit as u8)
            })
        })
    }

    /// The first slot that is not in the set.
    pub fn first_free(&self) -> Option<u8> {
        let at = self.0.iter().position(|word| *word != u64::MAX)?;
        Some((at * 64) as u8 + self.0[at].trailing_ones() as u8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_gives_back_what_was_added_in_order() {
        let mut slots = Slots::default();
        assert!(slots.is_empty() && slots.first_free() == Some(0));
        for slot in [200, 0, 63, 64, 255] {
            slots.add(slot);
        }
        assert_eq!(slots.iter().collect::<Vec<_>>(), [0, 63, 64, 200, 255]);
        assert_eq!(
            (slots.count(), slots.has(64), slots.has(65), slots.first_free()),
            (5, true, false, Some(1))
        );
        slots.take(63);
        assert!(!slots.has(63));
        assert_eq!(Slots([u64::MAX; 4]).first_free(), None);
        assert_eq!(slots.and(Slots([1, 0, 0, 0])), Slots([1, 0, 0, 0]));
    }
}
