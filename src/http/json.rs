//! Reading JSON strictly.
//!
//! Invariant: a value that comes out has no duplicate keys, no fractions, no NUL, at most 128 levels and at most
//! [`MAX_NODES`] values; every number is a 64-bit integer. Read next: [`super::validate`], which compares it with the schema.

use crate::kernel::error::{Code, Error, FieldError, Result};
use serde::de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::{cell::Cell, fmt};

/// Marks errors of the value, as opposed to those of the syntax.
const VALUE: &str = "value: ";
const DUPLICATE: &str = "duplicate key ";
/// The most values of a body, those inside of others included.
pub const MAX_NODES: usize = 10_000;

/// Parses a body, or says where it is not what a body may be.
pub fn parse(bytes: &[u8]) -> Result<Value> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let mut track = serde_path_to_error::Track::new();
    let tracked = serde_path_to_error::Deserializer::new(&mut reader, &mut track);
    let left = Cell::new(MAX_NODES);
    let parsed = Strict(&left).deserialize(tracked).and_then(|value| reader.end().map(|()| value));
    parsed.map_err(|e| refusal(&e, &track.path()))
}

fn refusal(error: &serde_json::Error, path: &serde_path_to_error::Path) -> Error {
    let text = error.to_string();
    let pointer = pointer(path);
    if let Some((_, rest)) = text.split_once(VALUE) {
        let detail = rest.split(" at line ").next().unwrap_or(rest);
        return Error::field(pointer, "invalid_value", detail);
    }
    if text.contains("number out of range") {
        return Error::field(pointer, "out_of_range", "is not a 64-bit integer");
    }
    let at = format!("line {}, column {}", error.line(), error.column());
    let what = match text.split_once(DUPLICATE) {
        Some(_) => format!("an object has the same key twice, at {at}"),
        None => format!("not well-formed JSON, at {at}"),
    };
    Error::new(Code::MalformedJson, what)
}

/// A path as a JSON Pointer.
pub fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter().fold(String::new(), |mut out, segment| {
        match segment {
            Segment::Seq { index } => out.push_str(&format!("/{index}")),
            Segment::Map { key } => out.push_str(&format!("/{}", escape(key))),
            Segment::Enum { variant } => out.push_str(&format!("/{}", escape(variant))),
            Segment::Unknown => {}
        }
        out
    })
}

/// A key as a token of a JSON Pointer.
pub fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// Turns a value that passed its schema into `T`; sentences of our own types are passed on, those of serde, which quote
/// the value, are not.
pub fn decode<T: serde::de::DeserializeOwned>(value: Value) -> Result<T> {
    serde_path_to_error::deserialize(value).map_err(|e| undecodable(e.path(), e.inner()))
}

fn undecodable(path: &serde_path_to_error::Path, error: &serde_json::Error) -> Error {
    const QUOTING: [&str; 4] = ["invalid type: ", "invalid value: ", "unknown variant ", "invalid length "];
    let (at, text) = (pointer(path), error.to_string());
    let missing = text.strip_prefix("missing field `").and_then(|rest| rest.split('`').next());
    let quotes = QUOTING.iter().any(|start| text.starts_with(start));
    Error::invalid(vec![match missing {
        Some(name) => FieldError::at(format!("{at}/{}", escape(name)), "required", "is required"),
        None if quotes => FieldError::at(at, "invalid_value", "is not valid here"),
        None => FieldError::at(at, "invalid_value", text),
    }])
}

/// Reads a value as long as some are left.
#[derive(Clone, Copy)]
struct Strict<'a>(&'a Cell<usize>);

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, d: D) -> Result<Value, D::Error> {
        let Some(left) = self.0.get().checked_sub(1) else {
            return Err(D::Error::custom(format!("{VALUE}is one of more than {MAX_NODES} values")));
        };
        self.0.set(left);
        d.deserialize_any(self)
    }
}

fn text<E: serde::de::Error>(s: &str) -> Result<(), E> {
    if s.contains('\0') { Err(E::custom(format!("{VALUE}contains U+0000"))) } else { Ok(()) }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, v: bool) -> Result<Value, E> {
        Ok(Value::Bool(v))
    }

    fn visit_i64<E>(self, v: i64) -> Result<Value, E> {
        Ok(Value::from(v))
    }

    fn visit_u64<E: serde::de::Error>(self, v: u64) -> Result<Value, E> {
        i64::try_from(v).map(Value::from).map_err(|_| E::custom(format!("{VALUE}is not a 64-bit integer")))
    }

    fn visit_f64<E: serde::de::Error>(self, _: f64) -> Result<Value, E> {
        Err(E::custom(format!(
            "{VALUE}is not a 64-bit integer written without fraction, exponent or minus zero"
        )))
    }

    fn visit_str<E: serde::de::Error>(self, v: &str) -> Result<Value, E> {
        text(v)?;
        Ok(Value::from(v))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(self)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            text(&key)?;
            if object.contains_key(&key) {
                return Err(A::Error::custom(DUPLICATE));
            }
            object.insert(key, map.next_value_seed(self)?);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(body: &str) -> Code {
        parse(body.as_bytes()).expect_err(body).code
    }

    #[test]
    fn broken_or_ambiguous_documents_are_malformed() {
        let deep = "[".repeat(129) + &"]".repeat(129);
        for body in ["", "{", "{} {}", r#"{"a":1,"a":2}"#, r#""\ud800""#, "NaN", &deep, &"[".repeat(10_000)] {
            assert_eq!(code(body), Code::MalformedJson, "{:.20}", body);
        }
        assert_eq!(parse(b"\"\xff\"").expect_err("utf-8").code, Code::MalformedJson);
    }

    #[test]
    fn numbers_are_integers_and_errors_name_their_place() {
        for body in ["[1e400]", "[-0]", "[1.5]", "[9223372036854775808]", "[-9223372036854775809]"] {
            let error = parse(body.as_bytes()).expect_err(body);
            assert_eq!(error.code, Code::ValidationFailed, "{body}");
            assert_eq!(error.fields[0].at, crate::kernel::error::At::Pointer("/0".into()), "{body}");
        }
        assert_eq!(parse(b"[9223372036854775807, -1]").ok(), Some(serde_json::json!([i64::MAX, -1])));
    }

    #[test]
    fn a_body_has_at_most_ten_thousand_values() {
        let list = |n: usize| format!("[{}1]", "1,".repeat(n - 2));
        assert!(parse(list(MAX_NODES).as_bytes()).is_ok());
        assert_eq!(code(&list(MAX_NODES + 1)), Code::ValidationFailed);
        let keys: Vec<String> = (0..MAX_NODES).map(|n| format!("\"k{n}\":1")).collect();
        assert_eq!(code(&format!("{{{}}}", keys.join(","))), Code::ValidationFailed);
    }

    #[test]
    fn no_text_holds_nul() {
        let error = parse(br#"{"a":{"b/c":["\u0000"]}}"#).expect_err("nul");
        assert_eq!(error.fields[0].at, crate::kernel::error::At::Pointer("/a/b~1c/0".into()));
    }
}
