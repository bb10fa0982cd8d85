//! Time on the processor, and what a series of times comes to.
//!
//! Invariant: times are nanoseconds in whole numbers; a query's time is that of the thread, not of the machine's other guests.
//! Read next: [`super::lists`].

use rustix::time::{ClockId, clock_gettime};
use std::hint::black_box;
use std::time::Instant;

/// Nanoseconds this thread has been on a processor.
pub fn on_cpu() -> u64 {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    now.tv_sec as u64 * 1_000_000_000 + now.tv_nsec as u64
}

/// How long something took.
#[derive(Clone, Copy)]
pub struct Time {
    /// On the processor.
    pub cpu: u64,
    /// By the wall.
    pub wall: u64,
}

/// Runs it once.
pub fn once<T>(run: impl FnOnce() -> T) -> (T, Time) {
    let (wall, cpu) = (Instant::now(), on_cpu());
    let value = black_box(run());
    (value, Time { cpu: on_cpu() - cpu, wall: wall.elapsed().as_nanos() as u64 })
}

/// Runs it so many times and keeps the shortest time of each kind.
pub fn best_of<T>(times: usize, mut run: impl FnMut() -> T) -> (T, Time) {
    let (mut value, mut best) = once(&mut run);
    for _ in 1..times {
        let (next, time) = once(&mut run);
        value = next;
        best = Time { cpu: best.cpu.min(time.cpu), wall: best.wall.min(time.wall) };
    }
    (value, best)
}

/// Many times of one kind of work.
#[derive(Clone, Default)]
pub struct Series(Vec<u64>);

impl Series {
    pub fn push(&mut self, nanoseconds: u64) {
        self.0.push(nanoseconds);
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn total(&self) -> u64 {
        self.0.iter().sum()
    }

    pub fn mean(&self) -> u64 {
        self.total() / self.0.len().max(1) as u64
    }

    /// The time that so many of a hundred do not exceed.
    pub fn percentile(&self, percent: usize) -> u64 {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let at = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
        sorted.get(at).copied().unwrap_or(0)
    }
}

impl Extend<u64> for Series {
    fn extend<I: IntoIterator<Item = u64>>(&mut self, times: I) {
        self.0.extend(times);
    }
}

/// Milliseconds with three digits.
pub fn ms(nanoseconds: u64) -> String {
    format!("{}.{:03}", nanoseconds / 1_000_000, nanoseconds / 1_000 % 1_000)
}

/// How many times `whole` contains `part`, with two digits.
pub fn times(whole: u64, part: u64) -> String {
    let hundredths = u128::from(whole) * 100 / u128::from(part.max(1));
    format!("{}.{:02} ×", hundredths / 100, hundredths % 100)
}

/// A share in per cent with two digits.
pub fn percent(part: u64, whole: u64) -> String {
    let hundredths = u128::from(part) * 10_000 / u128::from(whole.max(1));
    format!("{}.{:02} %", hundredths / 100, hundredths % 100)
}

/// So many a second, in millions.
pub fn millions_a_second(count: u64, nanoseconds: u64) -> String {
    format!("{} M/s", u128::from(count) * 1_000 / u128::from(nanoseconds.max(1)))
}

/// Empties the caches by writing over more than they hold.
pub fn flush(ballast: &mut Vec<u64>) {
    const WORDS: usize = 96 << 17;
    ballast.resize(WORDS, 0);
    for (k, word) in ballast.iter_mut().enumerate() {
        *word = word.wrapping_add(k as u64);
    }
    black_box(&ballast);
}
