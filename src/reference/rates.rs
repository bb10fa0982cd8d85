//! Dated exchange rates and the conversion to whole US dollars.
//!
//! Invariant: integers throughout; a conversion rounds down, and without a rate it says so instead of guessing.
//! Read next: `import_rates.rs`, how an operator brings real rates.

use crate::kernel::{money::Currency, money::Money, time::Day};
use std::{collections::BTreeMap, fmt, str::FromStr};

const MAX_DIGITS: usize = 18;

/// US dollars for one unit of a currency: a positive decimal number of at most 18 digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UsdRate {
    mantissa: u64,
    decimals: u8,
}

/// A text that is not a rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is not a positive decimal number of at most 18 digits, as 1.0842")]
pub struct InvalidRate;

impl UsdRate {
    /// The rate of the dollar itself.
    pub const ONE: Self = Self { mantissa: 1, decimals: 0 };

    /// Whole dollars that an amount of minor units is worth, rounded down; nothing if that is beyond `u64`.
    pub fn whole_dollars(self, amount: u64, minor_units: u8) -> Option<u64> {
        let scale = 10u128.checked_pow(u32::from(self.decimals) + u32::from(minor_units))?;
        u64::try_from(u128::from(amount) * u128::from(self.mantissa) / scale).ok()
    }
}

impl FromStr for UsdRate {
    type Err = InvalidRate;

    fn from_str(text: &str) -> Result<Self, InvalidRate> {
        let (whole, fraction) = match text.split_once('.') {
            Some((_, "")) => return Err(InvalidRate),
            Some(parts) => parts,
            None => (text, ""),
        };
        let digits = [whole, fraction].concat();
        let plain =
            !whole.is_empty() && digits.len() <= MAX_DIGITS && digits.bytes().all(|b| b.is_ascii_digit());
        let leading = whole.len() > 1 && whole.starts_with('0');
        let mantissa = digits.parse().map_err(|_| InvalidRate)?;
        if !plain || leading || mantissa == 0 {
            return Err(InvalidRate);
        }
        Ok(Self { mantissa, decimals: fraction.len() as u8 })
    }
}

impl fmt::Display for UsdRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let places = usize::from(self.decimals);
        let digits = format!("{:0>width$}", self.mantissa, width = places + 1);
        let (whole, fraction) = digits.split_at(digits.len() - places);
        f.write_str(whole)?;
        if places > 0 { write!(f, ".{fraction}") } else { Ok(()) }
    }
}

/// Where a rate comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RateStatus {
    /// Shipped for trying the service; not a quotation.
    Example,
    /// Brought by the operator.
    Imported,
}

impl RateStatus {
    /// The word on the wire and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Example => "example",
            Self::Imported => "imported",
        }
    }
}

impl FromStr for RateStatus {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::Example, Self::Imported].into_iter().find(|s| s.as_str() == text).ok_or(())
    }
}

/// The rate of a currency from a day on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DatedRate {
    /// The currency.
    pub currency: Currency,
    /// The day from which it holds.
    pub on: Day,
    /// US dollars for one unit.
    pub rate: UsdRate,
    /// Where it comes from.
    pub status: RateStatus,
    /// The revision of this day's rate, from 1.
    pub revision: i32,
}

/// All rates in force.
#[derive(Clone, Debug, Default)]
pub struct Rates(BTreeMap<(Currency, Day), DatedRate>);

impl Rates {
    /// The latest rate of a currency that is not after `as_of`. A rate brought by an operator makes the
    /// examples of that currency count no more.
    pub fn latest(&self, currency: Currency, as_of: Day) -> Option<DatedRate> {
        let first = (currency, Day::from_number(i32::MIN));
        let known = || self.0.range(first..=(currency, as_of)).rev().map(|(_, rate)| *rate);
        known().find(|r| r.status == RateStatus::Imported).or_else(|| known().next())
    }

    /// The rate that was given for exactly this day.
    pub fn on(&self, currency: Currency, day: Day) -> Option<DatedRate> {
        self.0.get(&(currency, day)).copied()
    }

    /// All rates, by currency and day.
    pub fn iter(&self) -> impl Iterator<Item = &DatedRate> {
        self.0.values()
    }

    /// What money is worth in whole US dollars on a day, rounded down; nothing when no rate is known.
    pub fn usd_floor(&self, money: Money, minor_units: u8, as_of: Day) -> Option<u64> {
        let rate = match money.currency {
            Currency::USD => UsdRate::ONE,
            other => self.latest(other, as_of)?.rate,
        };
        rate.whole_dollars(u64::try_from(money.amount).ok()?, minor_units)
    }
}

impl FromIterator<DatedRate> for Rates {
    fn from_iter<T: IntoIterator<Item = DatedRate>>(rates: T) -> Self {
        let mut table = BTreeMap::new();
        for rate in rates {
            let place = table.entry((rate.currency, rate.on)).or_insert(rate);
            if rate.revision > place.revision {
                *place = rate;
            }
        }
        Self(table)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rate(on: &str, text: &str, status: RateStatus, revision: i32) -> DatedRate {
        let currency = "EUR".parse().expect("currency");
        DatedRate {
            currency,
            on: on.parse().expect("day"),
            rate: text.parse().expect("rate"),
            status,
            revision,
        }
    }

    fn euros(amount: i64) -> Money {
        Money { amount, currency: "EUR".parse().expect("currency") }
    }

    #[test]
    fn a_conversion_rounds_down_at_the_latest_rate_not_after_the_day() {
        let rates: Rates = [
            rate("2026-01-01", "1.0842", RateStatus::Imported, 1),
            rate("2026-02-01", "1.2", RateStatus::Imported, 1),
        ]
        .into_iter()
        .collect();
        let on = |day: &str, cents| rates.usd_floor(euros(cents), 2, day.parse().expect("day"));
        assert_eq!(on("2026-01-31", 99_99), Some(108));
        assert_eq!(on("2026-02-01", 99_99), Some(119));
        assert_eq!(on("2025-12-31", 99_99), None, "no rate means unknown");
    }

    #[test]
    fn dollars_need_no_rate_and_zero_decimals_no_division() {
        let day = "2026-01-01".parse().expect("day");
        let money = Money { amount: 1_999, currency: Currency::USD };
        assert_eq!(Rates::default().usd_floor(money, 2, day), Some(19));
        assert_eq!(
            "0.00639".parse::<UsdRate>().ok().and_then(|r| r.whole_dollars(1_000_000, 0)),
            Some(6_390)
        );
    }

    #[test]
    fn a_later_revision_of_the_same_day_counts() {
        let one = rate("2026-01-01", "1.1", RateStatus::Imported, 1);
        let two = rate("2026-01-01", "1.3", RateStatus::Imported, 2);
        for order in [[one, two], [two, one]] {
            let rates: Rates = order.into_iter().collect();
            assert_eq!(rates.latest(one.currency, one.on), Some(two));
        }
    }

    #[test]
    fn examples_count_only_where_no_imported_rate_is_known() {
        let example = rate("2026-01-01", "1.1", RateStatus::Example, 1);
        let imported = rate("2025-06-01", "1.3", RateStatus::Imported, 1);
        let rates: Rates = [example, imported].into_iter().collect();
        let on = |day: &str| rates.latest(example.currency, day.parse().expect("day"));
        assert_eq!(on("2026-03-01"), Some(imported));
        assert_eq!(on("2025-01-01"), None);
    }

    #[test]
    fn refuses_what_is_not_a_positive_decimal() {
        for text in
            ["", "0", "0.0", "-1", "+1", "1.", ".5", "1e3", "01", "1,2", "1.2.3", "1234567890.1234567890"]
        {
            assert_eq!(text.parse::<UsdRate>(), Err(InvalidRate), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_rate_survives_the_way_through_text(mantissa in 1u64..1_000_000_000_000, decimals in 0u8..18) {
            let rate = UsdRate { mantissa, decimals: decimals.min(17) };
            let text = rate.to_string();
            if text.len() <= 19 {
                prop_assert_eq!(text.parse(), Ok(rate));
            }
        }

        #[test]
        fn the_greatest_amounts_do_not_overflow(amount in 0u64..=9_007_199_254_740_991, units in 0u8..=4) {
            let greatest = UsdRate { mantissa: 999_999_999_999_999_999, decimals: 0 };
            let least = UsdRate { mantissa: 1, decimals: 18 };
            prop_assert_eq!(least.whole_dollars(amount, units), Some(0).filter(|_| amount < 10u64.pow(18)));
            let _ = greatest.whole_dollars(amount, units);
        }
    }
}
