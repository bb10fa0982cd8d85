//! The integer arithmetic of the score, as SCORING has it.
//!
//! Invariant: every division is a floor and nothing is looked up that depends on a query.
//! Read next: [`super::factors`].

pub const ONE: u64 = 1_000_000;
pub const BILLION: u64 = 1_000_000_000;

/// Points and confidence of a factor, 0 to 250 each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rating(pub u32, pub u32);

pub fn points(ppm: u64) -> u32 {
    ((ppm + 2_000) / 4_000) as u32
}

/// Weighted parts: weight, value if it is stated, value if not.
pub fn mix<const N: usize>(parts: [(u64, Option<u64>, u64); N]) -> Rating {
    let (mut value, mut known) = (0, 0);
    for (weight, stated, prior) in parts {
        value += weight * stated.unwrap_or(prior);
        known += if stated.is_some() { weight } else { 0 };
    }
    Rating(points(value / ONE), points(known))
}

pub fn log20(x: u64) -> u64 {
    const FRACTION: [u8; 32] = [
        0, 1, 2, 3, 4, 5, 5, 6, 7, 8, 8, 9, 10, 10, 11, 11, 12, 13, 13, 14, 14, 15, 15, 16, 16, 17, 17, 18,
        18, 19, 19, 20,
    ];
    let x = x.max(1);
    let bit = x.ilog2();
    let below = if bit >= 5 { x >> (bit - 5) } else { x << (5 - bit) } & 31;
    u64::from(20 * bit) + u64::from(FRACTION[below as usize])
}

pub fn lift(share: u64, usual: u64) -> u32 {
    (100 + log20(share)).saturating_sub(log20(usual)).min(250) as u32
}

/// The lift of `deals` of `of`, where `pseudo` more are assumed to follow the share `prior`.
pub fn lift_of(deals: u64, of: u64, pseudo: u64, prior: u64, usual: u64) -> u32 {
    lift((deals * BILLION + pseudo * prior) / (of + pseudo), usual)
}

pub fn blend(declared: u32, revealed: u32, deals: u64) -> u32 {
    ((2 * u64::from(declared) + deals * u64::from(revealed)) / (2 + deals)) as u32
}

pub fn certainty(seen: u64, pseudo: u64) -> u32 {
    (250 * seen / (seen + pseudo)) as u32
}

pub fn age(today: i32, day: i32) -> u64 {
    (i64::from(today) - i64::from(day)).max(0) as u64
}

pub fn decay(age: u64) -> u64 {
    match age {
        0..=365 => ONE,
        366..1_825 => ONE - 750_000 * (age - 365) / 1_460,
        _ => 250_000,
    }
}

/// The half-octave of an amount.
pub fn half_octave(usd: u64) -> u8 {
    let usd = u128::from(usd.max(1));
    let square = usd * usd;
    (square.ilog2()).min(127) as u8
}
