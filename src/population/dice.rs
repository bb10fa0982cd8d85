//! Deterministic choices in whole numbers: splitmix64, weighted picks, Zipf tables and bell-shaped noise.
//!
//! Invariant: a sequence of choices depends on nothing but what [`Dice::of`] was given.
//! Read next: [`super::places`].

const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// A source of choices.
pub(super) struct Dice(u64);

/// What the choices are for; each has a sequence of its own for every profile.
#[derive(Clone, Copy)]
pub(super) enum Stream {
    World,
    Startup,
    Investor,
    InvestorHome,
}

fn mixed(state: u64) -> u64 {
    let z = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl Dice {
    /// The choices of the `k`-th profile of a stream.
    pub(super) fn of(seed: u64, stream: Stream, k: u64) -> Self {
        let stream = mixed(seed.wrapping_add(STEP).wrapping_add((stream as u64) << 32));
        Self(mixed(stream ^ mixed(k.wrapping_add(STEP))))
    }

    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        mixed(self.0)
    }

    /// A number below `n`; 0 where `n` is 0.
    pub(super) fn below(&mut self, n: u64) -> u64 {
        ((u128::from(self.roll()) * u128::from(n)) >> 64) as u64
    }

    /// A place in a list of `n`.
    pub(super) fn index(&mut self, n: usize) -> usize {
        self.below(n as u64) as usize
    }

    /// A number from `lo` to `hi`, both included.
    pub(super) fn between(&mut self, lo: i64, hi: i64) -> i64 {
        lo + self.below((hi - lo + 1) as u64) as i64
    }

    /// Whether something of this likelihood happens.
    pub(super) fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// A place in a list, each as likely as its weight.
    pub(super) fn weighted(&mut self, weights: &[u64]) -> usize {
        let mut left = self.below(weights.iter().sum());
        for (place, weight) in weights.iter().enumerate() {
            match left.checked_sub(*weight) {
                Some(rest) => left = rest,
                None => return place,
            }
        }
        0
    }

    /// A number around 0, as the sum of six even ones: a bell with a deviation of about `0.7 · reach`.
    pub(super) fn bell(&mut self, reach: i64) -> i64 {
        (0..6).map(|_| self.between(-reach, reach)).sum::<i64>() / 2
    }

    /// A value that is known in four of five cases.
    pub(super) fn known<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.chance(80).then(|| make(self))
    }

    /// An amount around `median`: its logarithm is bell-shaped with a deviation of about an octave.
    pub(super) fn around(&mut self, median: u64) -> u64 {
        let sixteenths = self.bell(23) + 16 * 8;
        let (octave, fraction) = (sixteenths.max(0) / 16, (sixteenths.max(0) % 16) as usize);
        let grown = ((u128::from(median) * u128::from(SIXTEENTH[fraction])) << octave) >> (8 + 16);
        rounded(grown as u64)
    }
}

/// `2^(n/16) · 65,536`.
const SIXTEENTH: [u64; 16] = [
    65_536, 68_438, 71_468, 74_632, 77_936, 81_386, 84_990, 88_752, 92_682, 96_785, 101_070, 105_545,
    110_218, 115_098, 120_194, 125_515,
];

/// Two digits that count, as people name amounts.
fn rounded(amount: u64) -> u64 {
    let unit = 10_u64.pow(amount.max(1).ilog10().saturating_sub(1));
    amount / unit * unit
}

/// Places of which the first is the most likely: the `r`-th weighs `1 / (r + shift)`.
pub(super) struct Zipf(Vec<u64>);

impl Zipf {
    /// A table of `n` places.
    pub(super) fn new(n: usize, shift: u64) -> Self {
        let weights = (0..n as u64).map(|r| (1 << 32) / (r + shift.max(1)));
        Self(
            weights
                .scan(0, |sum, weight| {
                    *sum += weight;
                    Some(*sum)
                })
                .collect(),
        )
    }

    /// A place; 0 of an empty table.
    pub(super) fn pick(&self, dice: &mut Dice) -> usize {
        let at = dice.below(self.0.last().copied().unwrap_or(0));
        self.0.partition_point(|sum| *sum <= at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_places_of_a_table_are_the_likeliest() {
        let (table, mut dice) = (Zipf::new(10, 1), Dice::of(1, Stream::World, 0));
        let mut counts = [0; 10];
        (0..29_290).for_each(|_| counts[table.pick(&mut dice)] += 1);
        assert!((9_700..10_300).contains(&counts[0]), "{counts:?}");
        assert!((850..1_150).contains(&counts[9]), "{counts:?}");
    }

    #[test]
    fn amounts_stay_around_their_median() {
        let mut dice = Dice::of(1, Stream::World, 0);
        let amounts: Vec<u64> = (0..10_000).map(|_| dice.around(1_000_000)).collect();
        let share = |f: fn(&u64) -> bool| amounts.iter().filter(|a| f(a)).count();
        assert!((4_700..5_300).contains(&share(|a| *a < 1_000_000)));
        assert!((6_000..7_500).contains(&share(|a| (500_000..2_000_000).contains(a))));
    }

    #[test]
    fn weights_decide_how_often_a_place_comes() {
        let mut dice = Dice::of(1, Stream::World, 0);
        let first = (0..10_000).filter(|_| dice.weighted(&[3, 0, 1]) == 0).count();
        assert!((7_200..7_800).contains(&first));
    }
}
