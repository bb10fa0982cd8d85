//! The kernel for newer processors, chosen when the program runs. The only module with `unsafe`.
//!
//! Two things make it faster: the arithmetic is compiled for wider registers, and with AVX-512 VBMI sixty-four codes are looked
//! up at once (`vpermi2b`); it is asked for columns before they are read. What is unsafe: calling a function compiled for
//! features, which is done only where the processor has just been asked for exactly these; reading and writing arrays of
//! known length as registers; and asking for memory early, which reads nothing.
//!
//! Invariant: every path gives the bits of the portable one. Read next: [`super::kernel`].

#![expect(
    unsafe_code,
    reason = "calls of functions for detected features, and loads and stores of whole arrays"
)]

use super::kernel::{Lookup, Portable, Task};
use super::slots::{Column, ROWS};
use std::arch::x86_64::{
    __m512i, _MM_HINT_T1, _mm_prefetch, _mm512_loadu_si512, _mm512_mask_blend_epi8, _mm512_movepi8_mask,
    _mm512_permutex2var_epi8, _mm512_storeu_si512,
};

/// What a processor can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Path {
    /// Whatever any processor can.
    Portable,
    /// AVX2.
    Avx2,
    /// AVX-512 with VBMI.
    Vbmi,
}

impl Path {
    /// The paths that this processor can take, the fastest last.
    #[cfg(test)]
    pub fn all() -> Vec<Self> {
        [Self::Portable, Self::Avx2, Self::Vbmi].into_iter().filter(|path| path.is_there()).collect()
    }

    /// The fastest path of this processor.
    pub fn best() -> Self {
        [Self::Vbmi, Self::Avx2].into_iter().find(|path| path.is_there()).unwrap_or(Self::Portable)
    }

    fn is_there(self) -> bool {
        match self {
            Self::Portable => true,
            Self::Avx2 => is_x86_feature_detected!("avx2") && is_x86_feature_detected!("popcnt"),
            Self::Vbmi => {
                is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx512bw")
                    && is_x86_feature_detected!("avx512vl")
                    && is_x86_feature_detected!("avx512dq")
                    && is_x86_feature_detected!("avx512vbmi")
                    && is_x86_feature_detected!("popcnt")
            }
        }
    }

    /// Runs a task on this path; on the portable one where the processor cannot take it.
    pub fn run<T: Task>(self, task: T) -> T::Answer {
        match self {
            // SAFETY: the processor has just been asked for every feature that the function is compiled for.
            Self::Avx2 if self.is_there() => unsafe { avx2(task) },
            // SAFETY: as above.
            Self::Vbmi if self.is_there() => unsafe { vbmi(task) },
            _ => task.on::<Portable>(),
        }
    }
}

#[target_feature(enable = "avx2,popcnt")]
fn avx2<T: Task>(task: T) -> T::Answer {
    task.on::<Portable>()
}

#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq,avx512vbmi,popcnt")]
fn vbmi<T: Task>(task: T) -> T::Answer {
    task.on::<Vbmi>()
}

/// Asks for the lines of a value, but for a last one that it may begin in the midst of.
#[inline]
pub fn fetch<T>(soon: &T) {
    let start = std::ptr::from_ref(soon).cast::<i8>();
    for line in (0..size_of::<T>()).step_by(64) {
        // SAFETY: asking for a line reads nothing that the program sees; the lines are those of a value that is there.
        unsafe { _mm_prefetch::<_MM_HINT_T1>(start.add(line)) };
    }
}

/// Sixty-four codes at once; only ever used by [`vbmi`].
struct Vbmi;

impl Lookup for Vbmi {
    #[inline(always)]
    fn lookup(codes: &Column, table: &Column) -> Column {
        let mut found = [0; ROWS];
        // SAFETY: only called where the features are there.
        unsafe { look_up(codes, table, &mut found) };
        found
    }
}

/// A function of its own, so that the instructions it is made of are compiled for the features.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq,avx512vbmi")]
fn look_up(codes: &Column, table: &Column, found: &mut Column) {
    let (codes, found) = (codes.as_ptr().cast::<__m512i>(), found.as_mut_ptr().cast::<__m512i>());
    let table = table.as_ptr().cast::<__m512i>();
    // SAFETY: four times 64 bytes are the whole of each array.
    unsafe {
        let [a, b] = [_mm512_loadu_si512(table), _mm512_loadu_si512(table.add(1))];
        let [c, d] = [_mm512_loadu_si512(table.add(2)), _mm512_loadu_si512(table.add(3))];
        for k in 0..4 {
            let codes = _mm512_loadu_si512(codes.add(k));
            let low = _mm512_permutex2var_epi8(a, codes, b);
            let high = _mm512_permutex2var_epi8(c, codes, d);
            let value = _mm512_mask_blend_epi8(_mm512_movepi8_mask(codes), low, high);
            _mm512_storeu_si512(found.add(k), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::block::{Columns, Summary};
    use super::super::bounds::Bounds;
    use super::super::compile::tests::bounds;
    use super::super::kernel::{Heights, Kept, Rows};
    use super::super::slots::Slots;
    use super::*;

    #[test]
    fn every_path_gives_the_bits_of_the_portable_one() {
        let mut state = 1u64;
        let mut noise = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 56) as u8
        };
        let bounds = bounds();
        let mut some = 0;
        for round in 0..200u64 {
            let mut columns = Columns::empty();
            columns.fill_with(&mut noise);
            let summary =
                Summary { further_columns: (round % 5) as u8, weighs: round % 3 == 0, ..Summary::default() };
            let tied = Slots([round * 77, 0, round << 40, 1]);
            let rows = Rows { columns: &columns, summary: &summary, tied };
            let threshold = Bounds::threshold(round * 4_000_000);
            let task = Kept { rows, bounds: &bounds, threshold };
            let expected = Path::Portable.run(task);
            some += usize::from(!expected.is_empty() && expected.count() < 256);
            let heights = Heights { rows, bounds: &bounds };
            let standing = Path::Portable.run(heights);
            for path in Path::all() {
                assert_eq!(path.run(task), expected, "{path:?} in round {round}");
                assert_eq!(path.run(heights), standing, "{path:?} in round {round}");
            }
            let (open, heights) = standing;
            for slot in 0..=255 {
                let stays = open.has(slot) && heights[usize::from(slot)] >= threshold;
                assert_eq!(expected.has(slot), stays, "slot {slot} in round {round}");
            }
        }
        assert!(some > 20, "{some} rounds drop some rows and keep others");
    }
}
