//! A value as one viewer sees it, on its way out.
//!
//! Invariant: a [`Shown`] is made of a [`Visible`] value and an [`Audience`] and gives neither value nor field back: it can
//! only be written, and a field whose class the audience may not see, or that has none, is passed over as it is written.
//! Read next: `crate::http::reply` and `crate::notices`, which take nothing else.

use super::error::{self, Result as Outcome};
use super::visibility::{Audience, Visible};
use serde::Serialize;
use serde::ser::{Error, Impossible, SerializeMap, SerializeStruct, Serializer};
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Map, Value};
use std::fmt;
use std::sync::Arc;

/// A value with only the fields that its audience sees.
#[derive(Clone)]
pub struct Shown<T> {
    value: T,
    audience: Audience,
}

/// The text of a value that was written for its audience: cheap to clone, and written again as it is.
#[derive(Clone)]
pub struct Written(Arc<RawValue>);

impl<T> Shown<T> {
    /// The audience that the value is filtered for.
    pub fn audience(&self) -> Audience {
        self.audience
    }
}

impl<T: Serialize + Visible> Shown<T> {
    /// A value for an audience.
    pub fn new(value: T, audience: Audience) -> Self {
        Self { value, audience }
    }

    /// The same value written once, to be kept.
    pub fn written(&self) -> Outcome<Shown<Written>> {
        let text = to_raw_value(self).map_err(error::Error::internal)?;
        Ok(Shown { value: Written(text.into()), audience: self.audience })
    }

    /// The fields that the audience sees, for a template that picks some of them.
    pub fn fields(&self) -> Outcome<Map<String, Value>> {
        match serde_json::to_value(self).map_err(error::Error::internal)? {
            Value::Object(fields) => Ok(fields),
            _ => Err(error::Error::internal("a visible value is an object")),
        }
    }
}

impl<T: Serialize + Visible> Serialize for Shown<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let seen =
            |name: &str| T::FIELDS.iter().any(|(field, class)| *field == name && self.audience.sees(*class));
        self.value.serialize(Sieve { to, seen })
    }
}

impl Serialize for Shown<Written> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.value.0.serialize(to)
    }
}

/// Says for whom, and not what: a log line shows no field.
impl<T> fmt::Debug for Shown<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shown").field("audience", &self.audience).finish_non_exhaustive()
    }
}

/// Writes an object without its unseen fields; whatever is not an object is refused.
struct Sieve<S, F> {
    to: S,
    seen: F,
}

/// The object that is being written.
struct Object<M, F> {
    to: M,
    seen: F,
    name: Option<String>,
}

fn no_object<E: Error>() -> E {
    E::custom("a visible value is an object")
}

macro_rules! refused {
    ($($method:ident($($argument:ty),*) -> $kind:ident;)*) => {$(
        fn $method(self $(, _: $argument)*) -> Result<Self::$kind, Self::Error> {
            Err(no_object())
        }
    )*};
}

impl<S: Serializer, F: Fn(&str) -> bool> Serializer for Sieve<S, F> {
    type Ok = S::Ok;
    type Error = S::Error;
    type SerializeSeq = Impossible<S::Ok, S::Error>;
    type SerializeTuple = Impossible<S::Ok, S::Error>;
    type SerializeTupleStruct = Impossible<S::Ok, S::Error>;
    type SerializeTupleVariant = Impossible<S::Ok, S::Error>;
    type SerializeMap = Object<S::SerializeMap, F>;
    type SerializeStruct = Object<S::SerializeMap, F>;
    type SerializeStructVariant = Impossible<S::Ok, S::Error>;

    refused! {
        serialize_bool(bool) -> Ok;
        serialize_i8(i8) -> Ok;
        serialize_i16(i16) -> Ok;
        serialize_i32(i32) -> Ok;
        serialize_i64(i64) -> Ok;
        serialize_u8(u8) -> Ok;
        serialize_u16(u16) -> Ok;
        serialize_u32(u32) -> Ok;
        serialize_u64(u64) -> Ok;
        serialize_f32(f32) -> Ok;
        serialize_f64(f64) -> Ok;
        serialize_char(char) -> Ok;
        serialize_str(&str) -> Ok;
        serialize_bytes(&[u8]) -> Ok;
        serialize_none() -> Ok;
        serialize_unit() -> Ok;
        serialize_unit_struct(&'static str) -> Ok;
        serialize_unit_variant(&'static str, u32, &'static str) -> Ok;
        serialize_seq(Option<usize>) -> SerializeSeq;
        serialize_tuple(usize) -> SerializeTuple;
        serialize_tuple_struct(&'static str, usize) -> SerializeTupleStruct;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> SerializeTupleVariant;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> SerializeStructVariant;
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<S::Ok, S::Error> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<S::Ok, S::Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<S::Ok, S::Error> {
        Err(no_object())
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, S::Error> {
        Ok(Object { to: self.to.serialize_map(None)?, seen: self.seen, name: None })
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeStruct, S::Error> {
        self.serialize_map(None)
    }
}

impl<M: SerializeMap, F: Fn(&str) -> bool> SerializeStruct for Object<M, F> {
    type Ok = M::Ok;
    type Error = M::Error;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), M::Error> {
        if (self.seen)(name) { self.to.serialize_entry(name, value) } else { Ok(()) }
    }

    fn end(self) -> Result<M::Ok, M::Error> {
        self.to.end()
    }
}

/// For structs with flattened parts, which are written as maps.
impl<M: SerializeMap, F: Fn(&str) -> bool> SerializeMap for Object<M, F> {
    type Ok = M::Ok;
    type Error = M::Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), M::Error> {
        let key = serde_json::to_value(key).map_err(M::Error::custom)?;
        self.name = key.as_str().filter(|name| (self.seen)(name)).map(str::to_owned);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), M::Error> {
        match self.name.take() {
            Some(name) => self.to.serialize_entry(&name, value),
            None => Ok(()),
        }
    }

    fn end(self) -> Result<M::Ok, M::Error> {
        self.to.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::visibility::{Capability, Class};
    use serde_json::{json, to_value};

    #[derive(Serialize)]
    struct Inner {
        phone: &'static str,
        unheard: &'static str,
    }

    #[derive(Serialize)]
    struct Thing {
        name: &'static str,
        undeclared: &'static str,
        #[serde(flatten)]
        inner: Inner,
    }

    impl Visible for Thing {
        const FIELDS: &'static [(&'static str, Class)] =
            &[("name", Class::Public), ("phone", Class::Matched), ("unheard", Class::Nobody)];
    }

    #[derive(Serialize)]
    struct Number(u8);

    impl Visible for Number {
        const FIELDS: &'static [(&'static str, Class)] = &[];
    }

    fn thing(audience: Audience) -> Shown<Thing> {
        let inner = Inner { phone: "+1", unheard: "y" };
        Shown::new(Thing { name: "a", undeclared: "x", inner }, audience)
    }

    #[test]
    fn a_body_holds_only_what_its_audience_may_see_in_every_form() {
        let member = Audience::EVERYBODY.with(Capability::Member);
        for (audience, expected) in [
            (member, json!({"name": "a"})),
            (member.with(Capability::Matched), json!({"name": "a", "phone": "+1"})),
            (Audience::EVERYBODY.with(Capability::Owner), json!({"name": "a", "phone": "+1"})),
        ] {
            let shown = thing(audience);
            assert_eq!(to_value(&shown).expect("an object"), expected);
            assert_eq!(to_value(shown.written().expect("written")).expect("an object"), expected);
            assert_eq!(Value::Object(shown.fields().expect("fields")), expected);
            assert_eq!(shown.written().expect("written").audience(), audience);
            assert!(!format!("{shown:?}").contains("+1"));
        }
    }

    #[test]
    fn what_is_no_object_is_not_written() {
        let number = Shown::new(Number(3), Audience::EVERYBODY.with(Capability::Owner));
        assert!(to_value(&number).is_err() && number.written().is_err() && number.fields().is_err());
    }
}
