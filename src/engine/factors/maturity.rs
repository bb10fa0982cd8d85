//! Maturity: six scales of readiness from 1 to 9.
//!
//! Invariant: depends on the startup alone.
//! Read next: [`super::pitch`].

use super::super::arithmetic::{ONE, Part, mul_div};
use super::super::profile::MaturityLevels;
use super::Rating;

const SHARES: [u64; 6] = [166_667, 166_667, 166_667, 166_667, 166_666, 166_666];
const PRIOR: u64 = 350_000;

/// Points and confidence of the factor.
pub fn rate(levels: Option<&MaturityLevels>) -> Rating {
    let levels = levels.map_or([None; 6], MaturityLevels::all);
    let parts: [Part; 6] = std::array::from_fn(|k| {
        let value = levels[k].map(|level| mul_div(ONE, level.amount() - 1, 8));
        Part::stated(SHARES[k], value, PRIOR)
    });
    Rating::mixed(&parts)
}
