//! Public identities: a prefix that tells the kind, and a time-sortable UUIDv7 in 26 Crockford base32 characters.
//!
//! Invariant: text → id → text is the identity; anything that is not exactly an id of the kind is refused.
//! Ids are not secrets. Read next: `http::query::Path`, where a malformed id becomes a 404.

use super::time::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{borrow::Cow, fmt, str::FromStr};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};
use uuid::{NoContext, Uuid};

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A text that is not an id of the kind asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an id of the form {0}_…")]
pub struct InvalidId(pub &'static str);

fn encode(id: Uuid, prefix: &str) -> String {
    let mut bits = id.as_u128();
    let mut text = [b'0'; 26];
    for slot in text.iter_mut().rev() {
        *slot = ALPHABET[(bits & 31) as usize];
        bits >>= 5;
    }
    let mut out = String::with_capacity(prefix.len() + 27);
    out.push_str(prefix);
    out.push('_');
    out.extend(text.iter().map(|b| char::from(*b)));
    out
}

fn decode(text: &str, prefix: &'static str) -> Result<Uuid, InvalidId> {
    let invalid = InvalidId(prefix);
    let digits = text.strip_prefix(prefix).and_then(|t| t.strip_prefix('_')).ok_or(invalid)?.as_bytes();
    if digits.len() != 26 || digits[0] > b'7' {
        return Err(invalid);
    }
    let mut bits = 0u128;
    for digit in digits {
        let value = ALPHABET.iter().position(|a| a == digit).ok_or(invalid)?;
        bits = (bits << 5) | value as u128;
    }
    Ok(Uuid::from_u128(bits))
}

fn schema(prefix: &str, what: &str) -> RefOr<Schema> {
    let example = encode(Uuid::from_u128(0x0193_4c1e_7a00_7000_8000_0000_0000_0001), prefix);
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some(what))
        .pattern(Some(format!("^{prefix}_[0-7][0-9a-hjkmnp-tv-z]{{25}}$")))
        .examples([serde_json::Value::from(example)])
        .into()
}

macro_rules! ids {
    ($($name:ident, $prefix:literal, $what:literal;)*) => { $(
        #[doc = concat!("The public id of ", $what, ", written `", $prefix, "_…`.")]
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// The prefix of this kind of id, without the underscore.
            pub const PREFIX: &'static str = $prefix;

            /// A new id that sorts by `at` (to the millisecond).
            pub fn new(at: Timestamp) -> Self {
                let (seconds, nanos) = at.parts();
                Self(Uuid::new_v7(uuid::Timestamp::from_unix(NoContext, seconds, nanos)))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&encode(self.0, $prefix))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                decode(text, $prefix).map(Self)
            }
        }

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
                schema($prefix, concat!("The id of ", $what, "."))
            }
        }

        impl utoipa::ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($name))
            }
        }
    )* };
}

ids! {
    OrganisationId, "org", "an organisation";
    PersonId, "usr", "a person";
    SessionId, "ses", "a session";
    MembershipId, "mem", "a membership";
    InvitationId, "inv", "an invitation to an organisation";
    StartupId, "stp", "a startup";
    InvestorId, "ivr", "an investor";
    ClaimId, "clm", "a claim on an imported profile";
    EventId, "evt", "an event";
    NodeId, "nod", "a running process";
    JobId, "job", "a job";
    WorldId, "wld", "a version of the world tables";
    RecommendationRunId, "rrn", "a recommendation run";
    RankingId, "rnk", "a saved ranking";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_survives_the_way_through_text() {
        let id = StartupId::new(Timestamp::from_micros(1_700_000_000_000_000));
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(id.to_string().len(), 30);
    }

    #[test]
    fn ids_sort_by_the_time_they_were_made() {
        let older = StartupId::new(Timestamp::from_micros(1_700_000_000_000_000));
        let newer = StartupId::new(Timestamp::from_micros(1_700_000_000_002_000));
        assert!(older < newer);
        assert!(older.to_string() < newer.to_string());
    }

    #[test]
    fn refuses_what_is_not_exactly_an_id_of_the_kind() {
        let id = StartupId::new(Timestamp::from_micros(0)).to_string();
        for text in
            ["", "stp_", "stp", &id.to_uppercase(), &id[..29], &format!("{id}0"), &id.replace("stp", "ivr")]
        {
            assert_eq!(text.parse::<StartupId>(), Err(InvalidId("stp")), "{text}");
        }
        assert!("stp_zzzzzzzzzzzzzzzzzzzzzzzzzz".parse::<StartupId>().is_err());
    }
}
