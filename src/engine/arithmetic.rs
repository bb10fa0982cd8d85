//! The integer arithmetic of score version mm-2: parts per million, points, mixes, decay and lifts.
//!
//! Invariant: no floating point, every division is a floor, and no input of the documented range overflows.
//! Read next: [`super::factors`], which is written in these terms.

/// One, in parts per million: the scale inside a component.
pub const ONE: u64 = 1_000_000;
/// The greatest points and the greatest confidence of a component.
pub const POINTS: u8 = 250;
/// One, in units of 10⁻⁹: the scale of shares in evidence and of scores.
pub const BILLION: u64 = 1_000_000_000;
/// The points of evidence that says nothing: as common here as everywhere.
pub const NEUTRAL: u8 = 100;

/// `floor(a · b / c)` for products below 2⁶⁴.
pub const fn mul_div(a: u64, b: u64, c: u64) -> u64 {
    a * b / c
}

/// Narrows a value known to be at most [`POINTS`]; anything greater would be cut to it.
pub const fn byte(value: u64) -> u8 {
    if value > POINTS as u64 { POINTS } else { value as u8 }
}

/// Parts per million as points, rounded half up.
pub const fn points(ppm: u64) -> u8 {
    byte((ppm + 2_000) / 4_000)
}

/// A part of a mixed component: its weight, its value and how far it is known, all in parts per million.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// The part's share of the component; the shares of one component sum to a million.
    pub weight: u64,
    /// The value, or the sceptical prior where nothing is known.
    pub value: u64,
    /// A million where the value is known, 0 where it is the prior.
    pub known: u64,
}

impl Part {
    /// A part that is stated where `value` is, and otherwise stands at `prior` with no confidence.
    pub fn stated(weight: u64, value: Option<u64>, prior: u64) -> Self {
        match value {
            Some(value) => Self { weight, value, known: ONE },
            None => Self { weight, value: prior, known: 0 },
        }
    }
}

/// Points and confidence of a component made of weighted parts: summed first, floored once.
pub fn mix(parts: &[Part]) -> (u8, u8) {
    let sum = |of: fn(&Part) -> u64| points(parts.iter().map(|p| p.weight * of(p)).sum::<u64>() / ONE);
    (sum(|p| p.value), sum(|p| p.known))
}

/// Several pieces of evidence for one thing, strongest first, each closing a part of what is still open.
pub fn noisy_or(mut pieces: Vec<u64>) -> u64 {
    pieces.sort_unstable_by(|a, b| b.cmp(a));
    ONE - pieces.iter().fold(ONE, |open, &piece| mul_div(open, ONE - piece, ONE))
}

/// What a fact of this age in days still counts: all of it up to a year, a quarter from five years on.
pub fn decay(age: u64) -> u64 {
    match age {
        0..=365 => ONE,
        366..1_825 => ONE - mul_div(750_000, age - 365, 1_460),
        _ => 250_000,
    }
}

/// Days from `day` to `today`; a day still to come has age 0.
pub fn age(today: i32, day: i32) -> u64 {
    u64::try_from(i64::from(today) - i64::from(day)).unwrap_or(0)
}

const FRACTION: [u64; 32] = [
    0, 1, 2, 3, 4, 5, 5, 6, 7, 8, 8, 9, 10, 10, 11, 11, 12, 13, 13, 14, 14, 15, 15, 16, 16, 17, 17, 18, 18,
    19, 19, 20,
];

/// About `20 · log2(x)`, monotone; 0 counts as 1.
pub const fn log20(x: u64) -> u64 {
    let x = if x == 0 { 1 } else { x };
    let bit = x.ilog2();
    let below = if bit >= 5 { x >> (bit - 5) } else { x << (5 - bit) } & 31;
    20 * bit as u64 + FRACTION[below as usize]
}

/// How much commoner `share` is than `usual`: [`NEUTRAL`] at equal, 20 points a doubling.
pub fn lift(share: u64, usual: u64) -> u8 {
    byte((u64::from(NEUTRAL) + log20(share)).saturating_sub(log20(usual)))
}

/// The half-octave of an amount in US dollars, 0 to 127.
pub fn bucket(usd: u64) -> u8 {
    let usd = usd.max(1);
    let bit = usd.ilog2();
    let upper_half = u128::from(usd) * u128::from(usd) >= 1 << (2 * bit + 1);
    (2 * bit + u32::from(upper_half)).min(127) as u8
}

/// What is declared and what `deals` recorded deals reveal: one declaration counts like two deals.
pub fn blend(declared: u8, revealed: u8, deals: u64) -> u8 {
    byte((2 * u64::from(declared) + deals * u64::from(revealed)) / (2 + deals))
}

/// The confidence that `seen` observations give where `pseudo` stand for knowing nothing.
pub fn certainty(seen: u64, pseudo: u64) -> u8 {
    byte(mul_div(u64::from(POINTS), seen, seen + pseudo))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_logarithm_follows_its_table_at_the_edges() {
        for (fraction, points) in FRACTION.iter().enumerate() {
            assert_eq!(log20((32 + fraction as u64) << 20), 500 + points, "at {fraction} of 32");
        }
        assert_eq!(
            [0, 1, 2, 3, 4, 1_000_000_000, 1 << 63, u64::MAX].map(log20),
            [0, 0, 20, 32, 40, 598, 1_260, 1_280]
        );
        for bit in 1..64u32 {
            let power = 1u64 << bit;
            assert_eq!(log20(power), 20 * u64::from(bit));
            assert!(log20(power - 1) <= log20(power) && log20(power) <= log20(power + 1));
        }
    }

    #[test]
    fn half_octaves_meet_at_the_square_root_of_two() {
        assert_eq!([0, 1, 2, 3, 1_024, 1 << 20, u64::MAX].map(bucket), [0, 0, 2, 3, 20, 40, 127]);
        assert_eq!([1_448, 1_449].map(bucket), [20, 21]);
    }

    #[test]
    fn facts_fade_from_a_year_to_five() {
        assert_eq!(
            [0, 365, 366, 1_824, 1_825, u64::MAX].map(decay),
            [ONE, ONE, 999_487, 250_514, 250_000, 250_000]
        );
        assert_eq!(age(100, 200), 0);
        assert_eq!(age(i32::MAX, i32::MIN), u64::from(u32::MAX));
    }

    #[test]
    fn a_lift_is_neutral_at_equal_and_stays_within_a_byte() {
        assert_eq!(lift(5, 5), NEUTRAL);
        assert_eq!(lift(BILLION, 1), POINTS);
        assert_eq!(lift(1, BILLION), 0);
        assert_eq!(lift(4_000_000, 1_000_000), NEUTRAL + 40);
    }

    #[test]
    fn counts_at_the_limit_do_not_overflow() {
        assert_eq!(blend(250, 250, u64::from(u32::MAX)), 250);
        assert_eq!(certainty(u64::from(u32::MAX), 40), 249);
    }
}
