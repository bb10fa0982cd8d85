//! Pitch: what juries said, calibrated across judges, fading with time.
//!
//! Invariant: depends on the startup and the day alone.
//! Read next: [`super::cooperation`].

use super::super::arithmetic::{ONE, age, decay, mul_div, points};
use super::super::profile::Pitch;
use super::Rating;

const PRIOR: u64 = 450_000;

/// Points and confidence of the factor.
pub fn rate(pitch: Option<&Pitch>, today: i32) -> Rating {
    let Some(pitch) = pitch else { return Rating::prior(points(PRIOR)) };
    let (fading, judges) = (decay(age(today, pitch.day)), u64::from(pitch.judges));
    let above = i64::from(pitch.calibrated.get()) - PRIOR as i64;
    let value = PRIOR as i64 + (above * fading as i64).div_euclid(ONE as i64);
    Rating { points: points(value.unsigned_abs()), confidence: points(mul_div(fading, judges, judges + 3)) }
}

#[cfg(test)]
mod tests {
    use super::super::super::words::Ppm;
    use super::*;

    fn pitch(calibrated: i64, judges: u32, day: i32) -> Pitch {
        Pitch { calibrated: Ppm::new(calibrated).expect("parts per million"), judges, day }
    }

    #[test]
    fn the_worst_pitch_reaches_zero_and_fades_towards_the_prior() {
        assert_eq!(rate(Some(&pitch(0, 3, 0)), 0), Rating { points: 0, confidence: 125 });
        assert_eq!(rate(Some(&pitch(0, 3, 0)), 3_000), Rating { points: 84, confidence: 31 });
        assert_eq!(
            rate(Some(&pitch(449_999, 3, 0)), 400).points,
            112,
            "what lies below the prior is floored as well"
        );
        assert_eq!(rate(None, 0), Rating { points: 113, confidence: 0 });
    }

    #[test]
    fn judges_beyond_number_do_not_overflow() {
        assert_eq!(rate(Some(&pitch(1_000_000, u32::MAX, i32::MAX)), i32::MIN), Rating::known(250));
    }
}
