//! The parsed inputs of the engine: startups, investors and the world, as JSON or as values.
//!
//! Invariant: absent is unknown and empty is known to be none; the two are different values everywhere.
//! What is written is read back the same. Read next: [`Startup`], [`Investor`], [`World`].

mod dense;
mod investor;
mod startup;
mod world;

pub use investor::{Deal, Investor, InvestorKey};
pub use startup::{AcceleratorRecord, Ask, Contact, MaturityLevels, Pitch, Reference, Startup, StartupKey};
pub use world::{Base, Corridor, Flow, World};

use super::words::InvalidWord;
use serde::de::{DeserializeOwned, Deserializer, Error, MapAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use std::{collections::BTreeMap, fmt, marker::PhantomData};

/// A JSON text that is not the input asked for: where in it, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{reason}", label(.field))]
pub struct InvalidInput {
    /// The path of the field, such as `startup.refs[2].kind`; empty for the whole.
    pub field: String,
    /// The reason why it is refused.
    pub reason: String,
}

/// Parses one JSON text; an error names the field.
///
/// # Errors
/// Text that is not JSON, an unknown key, an unknown word or a value out of its range.
pub fn parse<T: DeserializeOwned>(json: &str) -> Result<T, InvalidInput> {
    let mut reader = serde_json::Deserializer::from_str(json);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|e| invalid(&e))?;
    reader.end().map_err(|e| InvalidInput { field: String::new(), reason: reason(&e) })?;
    Ok(value)
}

fn invalid(error: &serde_path_to_error::Error<serde_json::Error>) -> InvalidInput {
    let field = if error.path().iter().next().is_some() { error.path().to_string() } else { String::new() };
    InvalidInput { field, reason: reason(error.inner()) }
}

/// The reason of an error. Its place is the field, and where the text is no JSON the line and the column; of a text of one line
/// the column alone, as the line is known to whoever handed it in.
fn reason(error: &serde_json::Error) -> String {
    let (line, column, said) = (error.line(), error.column(), error.to_string());
    let reason = said.strip_suffix(&format!(" at line {line} column {column}")).unwrap_or(&said);
    match line {
        _ if error.is_data() => reason.to_owned(),
        1 => format!("{reason} (column {column})"),
        _ => format!("{reason} (line {line}, column {column})"),
    }
}

fn label(field: &str) -> String {
    if field.is_empty() { String::new() } else { format!("{field}: ") }
}

/// Two ends, the lower first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span<T> {
    lo: T,
    hi: T,
}

impl<T: Copy + PartialOrd + fmt::Debug> Span<T> {
    /// Takes both ends.
    ///
    /// # Errors
    /// A lower end above the upper one.
    pub fn new(lo: T, hi: T) -> Result<Self, InvalidWord> {
        if lo <= hi {
            Ok(Self { lo, hi })
        } else {
            Err(InvalidWord::new("the lower end is above the upper one"))
        }
    }

    /// The lower end.
    pub fn lo(self) -> T {
        self.lo
    }

    /// The upper end.
    pub fn hi(self) -> T {
        self.hi
    }

    /// Membership: true for a value between the ends, both included.
    pub fn contains(self, value: T) -> bool {
        self.lo <= value && value <= self.hi
    }

    /// Overlap: true where the two spans have a value in common.
    pub fn overlaps(self, other: Self) -> bool {
        self.lo <= other.hi && other.lo <= self.hi
    }
}

impl<T: Serialize> Serialize for Span<T> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        (&self.lo, &self.hi).serialize(s)
    }
}

impl<'de, T: Copy + PartialOrd + fmt::Debug + Deserialize<'de>> Deserialize<'de> for Span<T> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let (lo, hi) = <(T, T)>::deserialize(d)?;
        Self::new(lo, hi).map_err(D::Error::custom)
    }
}

/// Reads a field that is there; `null` is then not the same as absent and refused.
fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(d: D) -> Result<Option<T>, D::Error> {
    T::deserialize(d).map(Some)
}

/// Reads an object whose keys are all different.
fn unique<'de, D, K, V>(d: D) -> Result<BTreeMap<K, V>, D::Error>
where
    D: Deserializer<'de>,
    K: Deserialize<'de> + Ord,
    V: Deserialize<'de>,
{
    d.deserialize_map(UniqueKeys(PhantomData))
}

/// Reads an object that is there and whose keys are all different.
fn present_unique<'de, D, K, V>(d: D) -> Result<Option<BTreeMap<K, V>>, D::Error>
where
    D: Deserializer<'de>,
    K: Deserialize<'de> + Ord,
    V: Deserialize<'de>,
{
    unique(d).map(Some)
}

struct UniqueKeys<K, V>(PhantomData<(K, V)>);

impl<'de, K: Deserialize<'de> + Ord, V: Deserialize<'de>> Visitor<'de> for UniqueKeys<K, V> {
    type Value = BTreeMap<K, V>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
        let mut map = BTreeMap::new();
        while let Some((key, value)) = access.next_entry()? {
            if map.insert(key, value).is_some() {
                return Err(A::Error::custom("a key occurs twice"));
            }
        }
        Ok(map)
    }
}

/// The value of a switch of which the JSON says nothing.
fn yes() -> bool {
    true
}
