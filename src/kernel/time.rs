//! Instants, days and the clock.
//!
//! Invariant: an instant is a whole number of microseconds UTC, so both databases give back what was stored.
//! Read next: `http::edge`, which holds the only clock of a running service.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{
    borrow::Cow,
    fmt,
    str::FromStr,
    sync::Arc,
    sync::atomic::{AtomicI64, Ordering},
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use utoipa::openapi::{KnownFormat, ObjectBuilder, RefOr, Schema, SchemaFormat, Type};

/// Microseconds of a day.
pub const DAY: i64 = 86_400_000_000;
const MAX: i64 = 253_402_300_799_999_999;
const MIN: i64 = -62_135_596_800_000_000;

/// An instant: microseconds since 1970-01-01T00:00:00Z, from year 1 to 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// A text that is not an RFC 3339 instant with an offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an RFC 3339 instant with an offset, as 2026-11-22T09:30:00Z")]
pub struct InvalidTimestamp;

impl Timestamp {
    /// The instant that many microseconds after 1970, clamped to the years 1 to 9999.
    pub fn from_micros(micros: i64) -> Self {
        Self(micros.clamp(MIN, MAX))
    }

    /// Microseconds since 1970.
    pub fn micros(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970, never negative, and the nanoseconds beyond.
    pub fn parts(self) -> (u64, u32) {
        let micros = self.0.max(0) as u64;
        (micros / 1_000_000, (micros % 1_000_000) as u32 * 1000)
    }

    /// The day this instant lies in.
    pub fn day(self) -> Day {
        Day(self.0.div_euclid(DAY) as i32)
    }

    /// The instant that much later.
    #[must_use]
    pub fn plus(self, span: Duration) -> Self {
        Self::from_micros(self.0.saturating_add(i64::try_from(span.as_micros()).unwrap_or(i64::MAX)))
    }

    /// The instant that much earlier.
    #[must_use]
    pub fn minus(self, span: Duration) -> Self {
        Self::from_micros(self.0.saturating_sub(i64::try_from(span.as_micros()).unwrap_or(i64::MAX)))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let day = jiff::civil::date(1970, 1, 1) + jiff::Span::new().days(self.0.div_euclid(DAY));
        let rest = self.0.rem_euclid(DAY);
        let (s, us) = (rest / 1_000_000, rest % 1_000_000);
        write!(f, "{day}T{:02}:{:02}:{:02}.{us:06}Z", s / 3600, s / 60 % 60, s % 60)
    }
}

impl FromStr for Timestamp {
    type Err = InvalidTimestamp;

    fn from_str(text: &str) -> Result<Self, InvalidTimestamp> {
        let at: jiff::Timestamp = text.parse().map_err(|_| InvalidTimestamp)?;
        let micros = at.as_microsecond();
        if (MIN..=MAX).contains(&micros) { Ok(Self(micros)) } else { Err(InvalidTimestamp) }
    }
}

/// A day: days since 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i32);

/// A text that is not a date of the form YYYY-MM-DD.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a date of the form YYYY-MM-DD")]
pub struct InvalidDay;

impl Day {
    /// The day that many days after 1970-01-01.
    pub fn from_number(days: i32) -> Self {
        Self(days.clamp(-719_162, 2_932_896))
    }

    /// Days since 1970-01-01.
    pub fn number(self) -> i32 {
        self.0
    }

    /// The year it lies in.
    pub fn year(self) -> i16 {
        (jiff::civil::date(1970, 1, 1) + jiff::Span::new().days(i64::from(self.0))).year()
    }

    /// The next day, which it is already somewhere east of here.
    #[must_use]
    pub fn next(self) -> Self {
        Self::from_number(self.0.saturating_add(1))
    }

    /// Midnight UTC, at which this day begins.
    pub fn start(self) -> Timestamp {
        Timestamp(i64::from(self.0) * DAY)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let day = jiff::civil::date(1970, 1, 1) + jiff::Span::new().days(i64::from(self.0));
        write!(f, "{day}")
    }
}

impl FromStr for Day {
    type Err = InvalidDay;

    fn from_str(text: &str) -> Result<Self, InvalidDay> {
        if text.len() != 10 {
            return Err(InvalidDay);
        }
        let date: jiff::civil::Date = text.parse().map_err(|_| InvalidDay)?;
        let span = date.since((jiff::Unit::Day, jiff::civil::date(1970, 1, 1))).map_err(|_| InvalidDay)?;
        if date.year() < 1 { Err(InvalidDay) } else { Ok(Self(span.get_days())) }
    }
}

macro_rules! wire_text {
    ($name:ident, $format:ident, $what:literal, $example:literal) => {
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                Cow::<str>::deserialize(d)?.parse().map_err(de::Error::custom)
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new()
                    .schema_type(Type::String)
                    .format(Some(SchemaFormat::KnownFormat(KnownFormat::$format)))
                    .description(Some($what))
                    .examples([serde_json::Value::from($example)])
                    .into()
            }
        }

        impl utoipa::ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($name))
            }
        }
    };
}

wire_text!(
    Timestamp,
    DateTime,
    "An instant, RFC 3339 in UTC with microseconds.",
    "2026-11-22T09:30:00.000000Z"
);
wire_text!(Day, Date, "A date.", "2026-11-22");

/// Where the time comes from: the machine, or a value that tests move.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    /// The clock of the machine.
    #[default]
    System,
    /// A clock that stands still until it is moved.
    Fixed(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at `at`.
    pub fn fixed(at: Timestamp) -> Self {
        Self::Fixed(Arc::new(AtomicI64::new(at.0)))
    }

    /// The present instant, to the microsecond.
    #[expect(clippy::disallowed_methods, reason = "this is the one home of the machine's clock")]
    pub fn now(&self) -> Timestamp {
        match self {
            Self::Fixed(at) => Timestamp(at.load(Ordering::SeqCst)),
            Self::System => {
                let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                Timestamp::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
            }
        }
    }

    /// Moves a fixed clock forward; the machine's clock stays as it is.
    pub fn advance(&self, span: Duration) {
        if let Self::Fixed(at) = self {
            at.store(self.now().plus(span).0, Ordering::SeqCst);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_written_with_six_digits_and_z() {
        let at: Timestamp = "2026-11-22T12:30:00.5+03:00".parse().expect("instant");
        assert_eq!(at.to_string(), "2026-11-22T09:30:00.500000Z");
        assert_eq!(at.to_string().parse(), Ok(at));
    }

    #[test]
    fn an_instant_without_offset_is_refused() {
        for text in ["2026-11-22T12:30:00", "2026-11-22", "now", "", "10000-01-01T00:00:00Z"] {
            assert_eq!(text.parse::<Timestamp>(), Err(InvalidTimestamp), "{text}");
        }
    }

    #[test]
    fn days_count_from_1970() {
        assert_eq!("1970-01-02".parse::<Day>().map(Day::number), Ok(1));
        assert_eq!("1969-12-31".parse::<Day>().map(Day::number), Ok(-1));
        assert_eq!(Day::from_number(20_000).to_string(), "2024-10-04");
        assert_eq!("2026-02-30".parse::<Day>(), Err(InvalidDay));
        assert_eq!(Day::from_number(-1).start().day().number(), -1);
    }
}
