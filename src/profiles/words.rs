//! The small values that facts are made of: cleaned texts, levels, and a few words of their own.
//!
//! Invariant: a value of such a type is within its bounds, because nothing else parses; its schema says the same.
//! Read next: [`super::common`].

use crate::kernel::{money::Currency, text};
use crate::reference::Catalogue;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{borrow::Cow, fmt, str::FromStr, sync::LazyLock};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, SchemaFormat, Type};

/// A text or number that is not what its type allows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidValue(String);

macro_rules! texts {
    ($($name:ident, $format:literal, $clean:expr, $max:literal, $what:literal, $example:literal;)*) => { $(
        #[doc = $what]
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The cleaned text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = InvalidValue;

            fn from_str(text: &str) -> Result<Self, InvalidValue> {
                let clean: fn(&str, usize) -> Result<String, InvalidValue> = $clean;
                clean(text, $max).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(&self.0)
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
                    .description(Some($what))
                    .format(Some(SchemaFormat::Custom($format.to_owned())))
                    .min_length(Some(1))
                    .max_length(Some($max))
                    .examples([serde_json::Value::from($example)])
                    .into()
            }
        }

        impl utoipa::ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($name))
            }
        }
    )* };
}

texts! {
    Name, "line", line, 120, "What a company or institution is called.", "Lumen Photonics";
    OneLiner, "line", line, 200, "What it does, in one sentence.", "Single-photon cameras for quality control";
    Description, "paragraphs", paragraphs, 8000, "What it does, in paragraphs.", "We build cameras that see single photons.";
    Line, "line", line, 200, "One line of text.", "Pilot line";
    Note, "paragraphs", paragraphs, 2000, "A few paragraphs of text.", "Two thirds go into the pilot line.";
    CityName, "line", line, 100, "A city, as written locally or in English.", "Novosibirsk";
    ExternalId, "line", line, 100, "What the organisation's own systems call this.", "crm-4711";
    ReferenceKey, "key", key, 32, "What tells one reference from another; made for you where you give none.", "pilot-cn";
    WebAddress, "web-address", web_address, 500, "A web address that begins with https:// or http://.", "https://lumen.example/";
    EmailAddress, "email-address", email, 254, "An e-mail address.", "office@lumen.example";
    PhoneNumber, "phone", phone, 16, "A telephone number in E.164 form.", "+33123456789";
}

fn line(text: &str, max: usize) -> Result<String, InvalidValue> {
    text::line(text, max).map_err(|e| InvalidValue(e.to_string()))
}

fn paragraphs(text: &str, max: usize) -> Result<String, InvalidValue> {
    text::paragraphs(text, max).map_err(|e| InvalidValue(e.to_string()))
}

fn refuse<T>(what: &str) -> Result<T, InvalidValue> {
    Err(InvalidValue(format!("is not {what}")))
}

fn key(text: &str, max: usize) -> Result<String, InvalidValue> {
    let plain = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_');
    if plain && (1..=max).contains(&text.len()) { Ok(text.to_owned()) } else { refuse(KEY) }
}

fn web_address(text: &str, max: usize) -> Result<String, InvalidValue> {
    let text = line(text, max)?;
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let host = rest.map(|r| r.split(['/', '?', '#']).next().unwrap_or_default());
    let blank = text.chars().any(|c| c.is_whitespace() || matches!(c, '"' | '<' | '>' | '\\' | '`'));
    match host {
        Some(h) if !blank && !h.contains('@') && h.split(':').next().is_some_and(|n| n.contains('.')) => {
            Ok(text)
        }
        _ => refuse(WEB_ADDRESS),
    }
}

fn email(text: &str, max: usize) -> Result<String, InvalidValue> {
    let text = line(text, max)?;
    let plain =
        |s: &str| !s.is_empty() && s.chars().all(|c| !c.is_whitespace() && !"<>()[],;:\\\"@".contains(c));
    match text.split_once('@') {
        Some((local, domain)) if plain(local) && plain(domain) && domain.contains('.') => Ok(text),
        _ => refuse(EMAIL),
    }
}

fn phone(text: &str, max: usize) -> Result<String, InvalidValue> {
    let digits = text.strip_prefix('+').unwrap_or_default();
    let plain = digits.len() >= 6 && text.len() <= max && digits.bytes().all(|b| b.is_ascii_digit());
    if plain && !digits.starts_with('0') { Ok(text.to_owned()) } else { refuse(PHONE) }
}

const KEY: &str = "1 to 32 small letters, digits, hyphens and underscores";
const WEB_ADDRESS: &str = "a web address that begins with https:// or http://, without a user name or blanks";
const EMAIL: &str = "an e-mail address, as office@lumen.example";
const PHONE: &str = "a telephone number in E.164 form, as +33123456789";

static CATALOGUE: LazyLock<Option<Catalogue>> = LazyLock::new(|| Catalogue::shipped().ok());

fn is_current_currency(text: &str) -> bool {
    let code = text.parse::<Currency>().ok();
    code.zip(CATALOGUE.as_ref()).and_then(|(c, k)| k.currency(c)).is_some_and(|facts| facts.active)
}

/// A format of a schema: its name, what a value has to be, and the check.
pub type Format = (&'static str, &'static str, fn(&str) -> bool);

/// The formats that the schemas of profiles use, for the validators of request bodies.
pub const FORMATS: [Format; 7] = [
    ("line", "one line of text without control or invisible characters", |t| line(t, usize::MAX).is_ok()),
    ("paragraphs", "text without control or invisible characters", |t| paragraphs(t, usize::MAX).is_ok()),
    ("key", KEY, |t| key(t, usize::MAX).is_ok()),
    ("web-address", WEB_ADDRESS, |t| web_address(t, usize::MAX).is_ok()),
    ("email-address", EMAIL, |t| email(t, usize::MAX).is_ok()),
    ("phone", PHONE, |t| phone(t, usize::MAX).is_ok()),
    ("currency", "a currency of ISO 4217 that is in use", is_current_currency),
];

macro_rules! numbers {
    ($($name:ident, $inner:ty, $least:literal, $most:literal, $what:literal, $example:literal;)*) => { $(
        #[doc = $what]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        pub struct $name($inner);

        impl $name {
            /// The number.
            pub fn get(self) -> $inner {
                self.0
            }
        }

        impl TryFrom<$inner> for $name {
            type Error = InvalidValue;

            fn try_from(n: $inner) -> Result<Self, InvalidValue> {
                if ($least..=$most).contains(&n) { Ok(Self(n)) } else { refuse(concat!("from ", $least, " to ", $most)) }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                <$inner>::deserialize(d)?.try_into().map_err(de::Error::custom)
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new()
                    .schema_type(Type::Integer)
                    .description(Some($what))
                    .minimum(Some($least))
                    .maximum(Some($most))
                    .examples([serde_json::Value::from($example)])
                    .into()
            }
        }

        impl utoipa::ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($name))
            }
        }
    )* };
}

numbers! {
    Level, u8, 1, 3, "How much: 1 little, 2 middling, 3 much.", 2;
    Fluency, u8, 1, 3, "How well: 1 basic, 2 working, 3 fluent.", 3;
    AccessLevel, u8, 0, 3, "How far an investor opens a market: 0 not at all, 3 fully.", 2;
    MaturityLevel, u8, 1, 9, "A level of a readiness scale.", 5;
    Weight, u16, 0, 1000, "The raw weight of a factor; the weights of a side are scaled to sum to 1000.", 150;
    OfferCount, u32, 0, 1_000_000, "How many offers partners in a market have made.", 2;
    TeamSize, u32, 1, 1_000_000, "How many people work there.", 12;
    Year, u16, 1800, 2100, "A year.", 2021;
    Ppm, u32, 0, 1_000_000, "Millionths.", 620_000;
    Judges, u32, 1, 10_000, "How many judges scored.", 7;
}

/// How a text came about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Written in this language.
    #[default]
    Original,
    /// Translated by a person.
    Human,
    /// Translated by a machine.
    Machine,
}

/// What an investor asks of references in its market.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LocalReference {
    /// Nothing.
    #[default]
    None,
    /// They count twice.
    Prefer,
    /// Without a verified one there is no match.
    Require,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cleaned_and_bounded() {
        assert_eq!(" Lumen ".parse::<Name>().map(|n| n.to_string()), Ok("Lumen".to_owned()));
        assert!("".parse::<Name>().is_err() && "a\u{202e}b".parse::<Name>().is_err());
        assert!("x".repeat(121).parse::<Name>().is_err());
        assert!("two\nlines".parse::<Name>().is_err() && "two\nlines".parse::<Description>().is_ok());
    }

    #[test]
    fn only_plain_web_addresses_pass() {
        for good in ["https://a.example", "http://a.example:8080/b?c#d", "https://пример.example/"] {
            assert!(good.parse::<WebAddress>().is_ok(), "{good}");
        }
        let bad = [
            "ftp://a.example",
            "javascript:alert(1)",
            "https://",
            "https://localhost/",
            "https://u@a.example",
            "https://a.example/\"onload",
            "https://a b.example",
            "a.example",
        ];
        for bad in bad {
            assert!(bad.parse::<WebAddress>().is_err(), "{bad}");
        }
    }

    #[test]
    fn contact_values_have_their_form() {
        assert!(
            "a@b.example".parse::<EmailAddress>().is_ok() && "a@b@c.example".parse::<EmailAddress>().is_err()
        );
        assert!(
            "+33123456789".parse::<PhoneNumber>().is_ok() && "0331234567".parse::<PhoneNumber>().is_err()
        );
        assert!("pilot-cn".parse::<ReferenceKey>().is_ok() && "Pilot".parse::<ReferenceKey>().is_err());
    }

    #[test]
    fn numbers_stay_in_their_range() {
        assert!(serde_json::from_str::<Level>("0").is_err() && serde_json::from_str::<Level>("3").is_ok());
        assert!(serde_json::from_str::<Weight>("1001").is_err() && AccessLevel::try_from(0).is_ok());
    }

    #[test]
    fn only_currencies_in_use_pass() {
        assert!(is_current_currency("EUR") && !is_current_currency("DEM") && !is_current_currency("eur"));
    }
}
