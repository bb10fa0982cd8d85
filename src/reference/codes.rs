//! Codes of the shipped tables as types: a value of such a type is in its table.
//!
//! Invariant: nothing but a code of the table parses, and the schema of the type lists exactly these codes.
//! Read next: `catalogue.rs`.

use super::shipped::{TableName, codes};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{borrow::Cow, fmt, str::FromStr};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};

/// A text that is not a code of its table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a code of {}", .0.as_str())]
pub struct UnknownCode(pub TableName);

fn schema<'a>(what: &str, example: &str, words: impl Iterator<Item = &'a str>) -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some(what))
        .enum_values(Some(words))
        .examples([serde_json::Value::from(example)])
        .into()
}

macro_rules! code_types {
    ($($name:ident, $table:ident, $what:literal, $example:literal, $keep:expr;)*) => { $(
        #[doc = $what]
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(&'static str);

        impl $name {
            /// The code as it stands in the table and on the wire.
            pub fn as_str(&self) -> &'static str {
                self.0
            }

            /// Every code of this type, in the order of the table.
            pub fn all() -> impl Iterator<Item = Self> {
                let keep: fn(&str) -> bool = $keep;
                codes(TableName::$table).iter().map(String::as_str).filter(move |c| keep(c)).map(Self)
            }
        }

        impl FromStr for $name {
            type Err = UnknownCode;

            fn from_str(text: &str) -> Result<Self, UnknownCode> {
                Self::all().find(|c| c.0 == text).ok_or(UnknownCode(TableName::$table))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.0)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                Cow::<str>::deserialize(d)?.parse().map_err(de::Error::custom)
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                schema($what, $example, Self::all().map(|c| c.0))
            }
        }

        impl utoipa::ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($name))
            }
        }
    )* };
}

code_types! {
    SectorCode, Sectors, "A sector: a leaf as ict.ai, or a parent as ict.", "ict", |_| true;
    SectorLeaf, Sectors, "A leaf of the sectors.", "ict.ai", |c| c.contains('.');
    TechnologyCode, Technologies, "A technology that cuts across the sectors.", "ai", |_| true;
    StageCode, Stages, "How far a startup is.", "seed", |_| true;
    RoundCode, Rounds, "What is being raised, or what a past deal was.", "seed", |c| !c.starts_with("reserved_");
    CooperationModel, CooperationModels, "A form in which two sides work together.", "equity", |_| true;
    InstrumentCode, Instruments, "How money or rights change hands.", "convertible_note", |_| true;
    NeedCode, Needs, "What a startup needs or an investor offers, other than money.", "market", |_| true;
    ReferenceKind, ReferenceKinds, "What speaks for a startup in a country.", "pilot", |_| true;
    RegulatoryLevel, RegulatoryLevels, "How far approval has come in a market.", "filed", |_| true;
    IpLevel, IpLevels, "How far intellectual property is protected in a market.", "filed", |_| true;
    InvestorKind, InvestorKinds, "Who invests.", "vc", |_| true;
    AcceleratorStatus, AcceleratorStatuses, "How far a startup has come in an export programme.", "graduated", |_| true;
    RevenueBand, RevenueBands, "Annual revenue.", "under_1m", |_| true;
    LanguageTag, Languages, "A BCP 47 language tag.", "en", |_| true;
    ZoneName, TimeZones, "An IANA time zone.", "Europe/Paris", |_| true;
}

/// A country of ISO 3166-1, by its alpha-2 code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CountryCode([u8; 2]);

impl CountryCode {
    /// The two letters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("ZZ")
    }

    /// The two letters as bytes.
    pub fn bytes(self) -> [u8; 2] {
        self.0
    }
}

impl FromStr for CountryCode {
    type Err = UnknownCode;

    fn from_str(text: &str) -> Result<Self, UnknownCode> {
        match text.as_bytes() {
            &[a, b] if codes(TableName::Countries).binary_search_by(|c| c.as_str().cmp(text)).is_ok() => {
                Ok(Self([a, b]))
            }
            _ => Err(UnknownCode(TableName::Countries)),
        }
    }
}

impl fmt::Display for CountryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for CountryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for CountryCode {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for CountryCode {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Cow::<str>::deserialize(d)?.parse().map_err(de::Error::custom)
    }
}

impl utoipa::PartialSchema for CountryCode {
    fn schema() -> RefOr<Schema> {
        let all = codes(TableName::Countries).iter().map(String::as_str);
        schema("An ISO 3166-1 alpha-2 country code.", "FR", all)
    }
}

impl utoipa::ToSchema for CountryCode {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("CountryCode")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_code_is_two_capital_letters_of_iso_3166() {
        assert_eq!("FR".parse::<CountryCode>().map(|c| c.to_string()), Ok("FR".to_owned()));
        for text in ["fr", "F", "FRA", "F1", "É", "ZZ", "XK", ""] {
            assert_eq!(text.parse::<CountryCode>(), Err(UnknownCode(TableName::Countries)), "{text}");
        }
        assert!(codes(TableName::Countries).is_sorted());
    }

    #[test]
    fn only_codes_of_the_table_parse() {
        assert_eq!("ict.ai".parse::<SectorLeaf>().map(|c| c.as_str()), Ok("ict.ai"));
        assert_eq!("ict".parse::<SectorLeaf>(), Err(UnknownCode(TableName::Sectors)));
        assert!("ict".parse::<SectorCode>().is_ok());
        assert!("reserved_13".parse::<RoundCode>().is_err() && "code".parse::<NeedCode>().is_err());
        assert_eq!((StageCode::all().count(), RoundCode::all().count()), (8, 13));
        assert_eq!(serde_json::from_str::<LanguageTag>("\"zh-Hans\"").ok(), "zh-Hans".parse().ok());
        assert!(serde_json::from_str::<LanguageTag>("\"zh-XX\"").is_err());
    }
}
