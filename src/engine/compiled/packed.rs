//! Values packed into 32-bit words, and lists of them that are read where they lie.
//!
//! Invariant: what is packed is unpacked the same; a list borrows its words and copies nothing.
//! Read next: [`super::startup`], which is made of such lists.

use super::super::factors::Rating;
use super::super::words::Country;
use super::{SectorCode, SectorPair, Word};
use std::marker::PhantomData;

/// A value of a fixed number of words.
pub trait Packed: Copy {
    /// How many words it takes.
    const WORDS: usize;

    /// Appends the value.
    fn pack(self, to: &mut Vec<u32>);

    /// Reads the value back from [`Packed::WORDS`] words.
    fn unpack(words: &[u32]) -> Self;
}

/// A list of packed values.
#[derive(Debug)]
pub struct List<'a, T> {
    words: &'a [u32],
    of: PhantomData<T>,
}

impl<T> Clone for List<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for List<'_, T> {}

impl<'a, T: Packed + 'a> List<'a, T> {
    /// The list that these words hold.
    pub fn over(words: &'a [u32]) -> Self {
        Self { words, of: PhantomData }
    }

    /// How many values there are.
    pub fn len(self) -> usize {
        self.words.len() / T::WORDS
    }

    /// Whether there is no value.
    pub fn is_empty(self) -> bool {
        self.words.is_empty()
    }

    /// The values in their order.
    pub fn iter(self) -> impl ExactSizeIterator<Item = T> + Clone + 'a {
        self.words.chunks_exact(T::WORDS).map(T::unpack)
    }

    /// The value at a place in the list.
    pub fn get(self, at: usize) -> Option<T> {
        self.words.get(at * T::WORDS..(at + 1) * T::WORDS).map(T::unpack)
    }
}

impl Packed for Word {
    const WORDS: usize = 1;

    fn pack(self, to: &mut Vec<u32>) {
        to.push(self.0);
    }

    fn unpack(words: &[u32]) -> Self {
        Self(words[0])
    }
}

impl Packed for u64 {
    const WORDS: usize = 2;

    fn pack(self, to: &mut Vec<u32>) {
        to.extend([self as u32, (self >> 32) as u32]);
    }

    fn unpack(words: &[u32]) -> Self {
        Self::from(words[0]) | Self::from(words[1]) << 32
    }
}

impl Packed for SectorPair {
    const WORDS: usize = 1;

    fn pack(self, to: &mut Vec<u32>) {
        to.push(u32::from(self.own.0) | u32::from(self.parent.0) << 16);
    }

    fn unpack(words: &[u32]) -> Self {
        Self { own: SectorCode(words[0] as u16), parent: SectorCode((words[0] >> 16) as u16) }
    }
}

/// A country with a small number: a target with its level, a language likewise.
impl Packed for (Country, u8) {
    const WORDS: usize = 1;

    fn pack(self, to: &mut Vec<u32>) {
        to.push(u32::from(self.0.letters()) | u32::from(self.1) << 16);
    }

    fn unpack(words: &[u32]) -> Self {
        (Country::from_letters(words[0] as u16), (words[0] >> 16) as u8)
    }
}

impl Packed for (Word, u8) {
    const WORDS: usize = 1;

    fn pack(self, to: &mut Vec<u32>) {
        to.push(self.0.0 << 2 | u32::from(self.1));
    }

    fn unpack(words: &[u32]) -> Self {
        (Word(words[0] >> 2), (words[0] & 3) as u8)
    }
}

/// Two ratings in one word.
pub fn pack_ratings(first: Rating, second: Rating) -> u32 {
    u32::from_le_bytes([first.points, first.confidence, second.points, second.confidence])
}

/// The two ratings of one word.
pub fn unpack_ratings(word: u32) -> (Rating, Rating) {
    let [first, first_known, second, second_known] = word.to_le_bytes();
    (Rating { points: first, confidence: first_known }, Rating { points: second, confidence: second_known })
}
