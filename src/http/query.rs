//! Path and query parameters.
//!
//! Invariant: an unknown, repeated or malformed parameter is refused by name; a malformed id in a path is a 404.
//! Read next: [`super::context::Cx::paging`].

use super::parameters::unknown;
use crate::kernel::error::{Error, Result};
use actix_web::{FromRequest, HttpRequest, dev::Payload};
use serde::de::DeserializeOwned;
use std::{
    collections::HashSet,
    future::{Ready, ready},
};

/// The parameters of a path.
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Path<T> {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let parsed = actix_web::web::Path::<T>::extract(req).into_inner();
        ready(parsed.map(|p| Self(p.into_inner())).map_err(|_| Error::not_found()))
    }
}

/// The parameters of a query; `T` denies unknown fields.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Query<T> {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(parse(req.query_string()).map(Self))
    }
}

/// The pairs of a query, each name once, without U+0000.
pub(super) fn pairs(query: &str) -> Result<Vec<(String, String)>> {
    let pairs: Vec<(String, String)> =
        serde_urlencoded::from_str(query).map_err(|_| Error::parameter("", "the query cannot be read"))?;
    let mut names = HashSet::new();
    for (name, value) in &pairs {
        if !names.insert(name) {
            return Err(Error::parameter(name, format!("{name} is given twice")));
        }
        if value.contains('\0') || name.contains('\0') || value.contains('\u{FFFD}') {
            return Err(Error::parameter(name, "the value is not valid text"));
        }
    }
    Ok(pairs)
}

fn parse<T: DeserializeOwned>(query: &str) -> Result<T> {
    let pairs = pairs(query)?;
    let deserializer = serde_urlencoded::Deserializer::new(form(query));
    serde_path_to_error::deserialize(deserializer).map_err(|e| {
        let text = e.inner().to_string();
        if let Some(rest) = text.strip_prefix("unknown field `") {
            return unknown(rest.split('`').next().unwrap_or_default());
        }
        let path = e.path().to_string();
        let name = pairs.iter().find(|(name, _)| *name == path).map_or("", |(name, _)| name);
        Error::parameter(name, format!("{name} has a value it may not have"))
    })
}

fn form(query: &str) -> form_urlencoded::Parse<'_> {
    form_urlencoded::parse(query.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::error::Code;
    use serde::Deserialize;

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Q {
        limit: Option<u32>,
        q: Option<String>,
    }

    #[test]
    fn reads_each_parameter_once() {
        assert_eq!(
            parse::<Q>("limit=5&q=a+b%C3%A9").ok(),
            Some(Q { limit: Some(5), q: Some("a bé".into()) })
        );
        assert_eq!(parse::<Q>("").ok(), Some(Q { limit: None, q: None }));
    }

    #[test]
    fn refuses_unknown_repeated_and_malformed_parameters_by_name() {
        let refused = |q: &str| {
            let e = parse::<Q>(q).expect_err(q);
            (e.code, format!("{:?}", e.fields[0].at))
        };
        let at = |name: &str| format!("{:?}", crate::kernel::error::At::Parameter(name.into()));
        assert_eq!(refused("limt=5"), (Code::UnknownParameter, at("limt")));
        assert_eq!(refused("limit=1&limit=100"), (Code::InvalidParameter, at("limit")));
        for q in ["limit=-1", "limit=9e9", "limit=1.5", "limit="] {
            assert_eq!(refused(q), (Code::InvalidParameter, at("limit")), "{q}");
        }
        assert_eq!(refused("q=%00").0, Code::InvalidParameter);
        assert_eq!(refused("q=%ff").0, Code::InvalidParameter);
    }
}
