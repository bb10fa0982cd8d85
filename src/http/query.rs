//! Path and query parameters.
//!
//! Invariant: an unknown, repeated or malformed parameter is refused by name; a malformed id in a path is a 404.
//! Read next: [`super::context::Cx::paging`].

use crate::kernel::error::{Code, Error, FieldError, Result};
use actix_web::{FromRequest, HttpRequest, dev::Payload};
use serde::{Deserialize, de::DeserializeOwned};
use std::{
    collections::HashSet,
    future::{Ready, ready},
};
use utoipa::IntoParams;

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

/// How much of a list, and from where on.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// How many, 1 to 100; more counts as 100.
    #[param(minimum = 1, default = 20, example = 20)]
    pub limit: Option<u32>,
    /// Where to go on: `next_cursor` of the page before.
    pub cursor: Option<String>,
}

/// The pairs of a query, each name once, without U+0000.
pub(super) fn pairs(query: &str) -> Result<Vec<(String, String)>> {
    let pairs: Vec<(String, String)> =
        serde_urlencoded::from_str(query).map_err(|_| Error::parameter("", "the query cannot be read"))?;
    let faults = faults(&pairs, |_| false);
    if faults.is_empty() { Ok(pairs) } else { Err(refusal(faults)) }
}

/// Refuses a query that cannot be read, and names that are not known: all at once.
pub(super) fn known(query: &str, known: &[String]) -> Result<()> {
    known_with_lists(query, known, |_| false)
}

/// The same, where some parameters take several values.
pub(super) fn known_with_lists(
    query: &str,
    known: &[String],
    takes_list: impl Fn(&str) -> bool,
) -> Result<()> {
    let pairs: Vec<(String, String)> =
        serde_urlencoded::from_str(query).map_err(|_| Error::parameter("", "the query cannot be read"))?;
    let mut faults = faults(&pairs, takes_list);
    for (name, _) in pairs.iter().filter(|(name, _)| !known.contains(name)) {
        let more = unknown(name).fields.into_iter().filter(|f| !faults.contains(f));
        let more: Vec<_> = more.collect();
        faults.extend(more);
    }
    if faults.is_empty() { Ok(()) } else { Err(refusal(faults)) }
}

fn faults(pairs: &[(String, String)], takes_list: impl Fn(&str) -> bool) -> Vec<FieldError> {
    let mut names = HashSet::new();
    let mut faults = Vec::new();
    for (name, value) in pairs {
        if !names.insert(name) {
            let instead =
                if takes_list(name) { "; several values are written with commas between them" } else { "" };
            faults.push(FieldError::parameter(name, "invalid", format!("{name} is given twice{instead}")));
        }
        if value.contains('\0') || name.contains('\0') || value.contains('\u{FFFD}') {
            faults.push(FieldError::parameter(name, "invalid", "the value is not valid text"));
        }
    }
    faults.dedup();
    faults
}

fn refusal(fields: Vec<FieldError>) -> Error {
    let unknown = fields.iter().all(|f| f.code == "unknown_parameter");
    let code = if unknown { Code::UnknownParameter } else { Code::InvalidParameter };
    let detail = match fields.as_slice() {
        [_] if unknown => "the operation has no such parameter".to_owned(),
        [one] => one.detail.clone(),
        several => format!("{} parameters are not valid", several.len()),
    };
    Error { fields, ..Error::new(code, detail) }
}

pub(super) fn unknown(name: &str) -> Error {
    let mut error = Error::new(Code::UnknownParameter, "the operation has no such parameter");
    error.fields.push(FieldError::parameter(name, "unknown_parameter", "there is no such parameter"));
    error
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
        let at_once = known("a=%00&limit=1&limit=2&b=1", &["limit".into()]).expect_err("refused");
        assert_eq!((at_once.code, at_once.fields.len()), (Code::InvalidParameter, 4));
        assert_eq!(known("b=1", &[]).expect_err("refused").code, Code::UnknownParameter);
        assert_eq!(refused("q=%00").0, Code::InvalidParameter);
        assert_eq!(refused("q=%ff").0, Code::InvalidParameter);
    }
}
