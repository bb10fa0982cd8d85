//! Request bodies: read within the limit, parsed strictly, compared with their schema, decoded.
//!
//! Invariant: the limits of size and time are enforced before the body is held in memory. Read next: [`super::json`], [`super::validate`].

use super::{edge::Edge, json, validate::Validators};
use crate::kernel::error::{Code, Error, Result};
use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header};
use futures_util::{StreamExt, future::LocalBoxFuture};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::{borrow::Cow, marker::PhantomData, sync::Arc, time::Duration};
use utoipa::ToSchema;

const JSON: &str = "application/json";

/// A body of the type that the operation describes.
pub struct Body<T> {
    /// The decoded body.
    pub value: T,
    pub(super) digest: [u8; 32],
}

/// A CSV file as a body.
pub struct Csv(Body<String>);

impl Csv {
    /// The text as a verb takes it.
    pub fn into_body(self) -> Body<String> {
        self.0
    }
}

/// A body of the type that the operation describes; where there is none, the default of the type.
pub struct Offered<T>(Body<T>);

impl<T> Offered<T> {
    /// The body as a verb takes it.
    pub fn into_body(self) -> Body<T> {
        self.0
    }
}

/// No body at all.
pub struct Empty {
    pub(super) digest: [u8; 32],
}

/// A body that a stored reply may belong to.
pub trait Digested {
    /// Its digest.
    fn digest(&self) -> &[u8; 32];
}

impl<T> Digested for Body<T> {
    fn digest(&self) -> &[u8; 32] {
        &self.digest
    }
}

impl Digested for Empty {
    fn digest(&self) -> &[u8; 32] {
        &self.digest
    }
}

/// A JSON merge patch (RFC 7396) of a `T`; `null` removes.
pub struct MergePatch<T> {
    patch: Value,
    validators: Arc<Validators>,
    of: PhantomData<fn() -> T>,
}

/// A merge patch on its way into a verb.
pub struct Merging<T> {
    patch: Value,
    validators: Arc<Validators>,
    of: PhantomData<fn() -> T>,
}

impl<T: Serialize + DeserializeOwned + ToSchema> Merging<T> {
    /// The current value with the patch applied, checked like a whole body.
    pub fn apply(&self, current: &T) -> Result<T> {
        let mut value = serde_json::to_value(current).map_err(Error::internal)?;
        merge(&mut value, &self.patch);
        self.validators.check(&T::name(), &value)?;
        json::decode(value)
    }
}

impl<T> MergePatch<T> {
    /// The patch as the verb takes it.
    pub fn into_merging(self) -> Merging<T> {
        Merging { patch: self.patch, validators: self.validators, of: PhantomData }
    }
}

fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(serde_json::Map::new());
    }
    if let Value::Object(object) = target {
        for (key, value) in patch {
            if value.is_null() {
                object.shift_remove(key);
            } else {
                merge(object.entry(key.clone()).or_insert(Value::Null), value);
            }
        }
    }
}

impl<T: DeserializeOwned + ToSchema + 'static> FromRequest for Body<T> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let received = received(req.clone(), payload.take(), T::name());
        Box::pin(async move {
            let Received { value, digest } = received.await?;
            Ok(Self { value: json::decode(value)?, digest })
        })
    }
}

/// A body that is what its schema says.
struct Received {
    value: Value,
    digest: [u8; 32],
}

impl Received {
    fn new(req: &HttpRequest, bytes: &[u8], schema: &str) -> Result<Self> {
        let value = json::parse(bytes)?;
        let validators = &Edge::of(req)?.validators;
        validators.check(schema, &value)?;
        let digest = digest(bytes, &value, validators.passwords(schema));
        Ok(Self { value, digest })
    }
}

async fn received(req: HttpRequest, payload: Payload, schema: Cow<'static, str>) -> Result<Received> {
    media(&req, &[JSON])?;
    let bytes = read(&req, payload).await?;
    Received::new(&req, &bytes, &schema)
}

impl<T: DeserializeOwned + Default + ToSchema + 'static> FromRequest for Offered<T> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, payload) = (req.clone(), payload.take());
        Box::pin(async move {
            let bytes = read(&req, payload).await?;
            if bytes.is_empty() {
                return Ok(Self(Body { value: T::default(), digest: Sha256::digest(&bytes).into() }));
            }
            media(&req, &[JSON])?;
            let Received { value, digest } = Received::new(&req, &bytes, &T::name())?;
            Ok(Self(Body { value: json::decode(value)?, digest }))
        })
    }
}

impl FromRequest for Csv {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, payload) = (req.clone(), payload.take());
        Box::pin(async move {
            media(&req, &["text/csv"])?;
            let bytes = read(&req, payload).await?;
            let digest = Sha256::digest(&bytes).into();
            let value = String::from_utf8(bytes).ok().filter(|text| !text.contains('\0'));
            let value = value.ok_or_else(|| Error::field("", "invalid_value", "is not text in UTF-8"))?;
            Ok(Self(Body { value, digest }))
        })
    }
}

/// The digest of a body, under which a reply may be stored; a password is left out, because a fast hash of one could
/// be tried against every password there is.
fn digest<'a>(bytes: &[u8], value: &Value, passwords: impl Iterator<Item = &'a str>) -> [u8; 32] {
    let mut passwords = passwords.peekable();
    if passwords.peek().is_none() {
        return Sha256::digest(bytes).into();
    }
    let mut rest = value.clone();
    if let Some(object) = rest.as_object_mut() {
        passwords.for_each(|name| drop(object.shift_remove(name)));
    }
    Sha256::digest(rest.to_string()).into()
}

impl<T: ToSchema + 'static> FromRequest for MergePatch<T> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, payload) = (req.clone(), payload.take());
        Box::pin(async move {
            media(&req, &["application/json", "application/merge-patch+json"])?;
            let bytes = read(&req, payload).await?;
            let patch = json::parse(&bytes)?;
            if !patch.is_object() {
                return Err(Error::field("", "invalid_type", "a merge patch is an object"));
            }
            let validators = Edge::of(&req)?.validators.clone();
            validators.check_removals(&T::name(), &patch)?;
            Ok(Self { patch, validators, of: PhantomData })
        })
    }
}

impl FromRequest for Empty {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, payload) = (req.clone(), payload.take());
        Box::pin(async move {
            let bytes = read(&req, payload).await?;
            if !bytes.is_empty() {
                media(&req, &["application/json"])?;
                if !json::parse(&bytes)?.as_object().is_some_and(serde_json::Map::is_empty) {
                    return Err(Error::field("", "unknown_field", "this operation takes no body"));
                }
            }
            Ok(Self { digest: Sha256::digest(&bytes).into() })
        })
    }
}

fn media(req: &HttpRequest, accepted: &[&str]) -> Result<()> {
    let refused = |what: &str| Error::new(Code::UnsupportedMediaType, format!("send {what}"));
    if req.headers().get_all(header::CONTENT_ENCODING).any(|encoding| encoding != "identity") {
        return Err(refused("the body without a content encoding"));
    }
    if req.headers().get_all(header::CONTENT_TYPE).count() > 1 {
        return Err(refused("one Content-Type"));
    }
    let value = req.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let mut parts = value.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default().to_ascii_lowercase();
    let charset = parts.find_map(|p| p.to_ascii_lowercase().strip_prefix("charset=").map(str::to_owned));
    let utf8 = charset.is_none_or(|c| c.trim_matches('"') == "utf-8");
    if accepted.contains(&essence.as_str()) && utf8 { Ok(()) } else { Err(refused(&accepted.join(" or "))) }
}

/// How long a body may take to arrive.
const PATIENCE: Duration = Duration::from_secs(30);

async fn read(req: &HttpRequest, payload: Payload) -> Result<Vec<u8>> {
    let late = || {
        Error::new(Code::RequestTimeout, format!("a body has to arrive in {} seconds", PATIENCE.as_secs()))
    };
    tokio::time::timeout(PATIENCE, collect(req, payload)).await.map_err(|_| late())?
}

async fn collect(req: &HttpRequest, mut payload: Payload) -> Result<Vec<u8>> {
    let limit = Edge::of(req)?.limits.body;
    let large = || {
        Error::new(Code::PayloadTooLarge, format!("a body has at most {limit} bytes"))
            .member("limit", limit.into())
    };
    let declared =
        req.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
    if declared.is_some_and(|n| n > limit as u64) {
        return Err(large());
    }
    let mut bytes = Vec::with_capacity(declared.unwrap_or(0).min(limit as u64) as usize);
    while let Some(chunk) = payload.next().await {
        let chunk = chunk
            .map_err(|e| Error::new(Code::MalformedJson, "the body ended early").because(e.to_string()))?;
        if bytes.len() + chunk.len() > limit {
            return Err(large());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_digest_says_nothing_of_a_password() {
        let of = |password: &str| {
            let value = json!({"email": "ann@example.org", "password": password});
            digest(value.to_string().as_bytes(), &value, ["password"].into_iter())
        };
        assert_eq!(of("one"), of("two"));
        let plain = json!({"email": "ann@example.org", "password": "one"}).to_string();
        assert_ne!(of("one"), <[u8; 32]>::from(Sha256::digest(plain)));
    }

    #[test]
    fn a_merge_patch_follows_rfc_7396() {
        for (mut target, patch, merged) in [
            (json!({"a": "b"}), json!({"a": "c"}), json!({"a": "c"})),
            (json!({"a": "b", "b": "c"}), json!({"a": null}), json!({"b": "c"})),
            (json!({"a": {"b": "c"}}), json!({"a": {"b": "d", "c": null}}), json!({"a": {"b": "d"}})),
            (json!({"a": [{"b": "c"}]}), json!({"a": [1]}), json!({"a": [1]})),
            (json!({}), json!({"a": {"bb": {"ccc": null}}}), json!({"a": {"bb": {}}})),
        ] {
            merge(&mut target, &patch);
            assert_eq!(target, merged);
        }
    }
}
