//! Responsive: whether the investor answers, and how fresh its profile is.
//!
//! Invariant: depends on the investor and the day alone.
//! Read next: [`super::views`].

use super::super::arithmetic::{ONE, Part, age, mul_div};
use super::super::profile::Investor;
use super::Rating;

const STALE: u64 = 300_000;

/// What is known of answers and freshness.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResponsiveFacts {
    /// How many requests it was sent.
    pub asked: u32,
    /// How many it answered.
    pub answered: u32,
    /// How many days ago a person confirmed the facts.
    pub confirmed: Option<u64>,
}

impl ResponsiveFacts {
    /// What is known on a day.
    pub fn of(profile: &Investor, today: i32) -> Self {
        let answered = profile.answered.min(profile.asked);
        Self { asked: profile.asked, answered, confirmed: profile.updated.map(|day| age(today, day)) }
    }
}

/// Points and confidence of the factor.
pub fn rate(profile: &Investor, today: i32) -> Rating {
    let facts = ResponsiveFacts::of(profile, today);
    let (asked, answered) = (u64::from(facts.asked), u64::from(facts.answered));
    let answers = Part {
        weight: 750_000,
        value: mul_div(ONE, 2 * answered + 3, 2 * asked + 6),
        known: mul_div(ONE, asked, asked + 3),
    };
    Rating::mixed(&[answers, Part::stated(250_000, facts.confirmed.map(freshness), STALE)])
}

fn freshness(days: u64) -> u64 {
    match days {
        0..=30 => ONE,
        31..365 => ONE - mul_div(700_000, days - 30, 335),
        _ => STALE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_is_fresh_for_thirty_days_and_stale_after_a_year() {
        assert_eq!(
            [0, 30, 31, 364, 365, u64::MAX].map(freshness),
            [ONE, ONE, 997_911, 302_090, STALE, STALE]
        );
    }
}
