//! The public halves of the signing keys.
//!
//! Invariant: a secret half has no way into a reply. Read next: [`super`].

use crate::http::Routes;
use crate::http::{Cx, Reply, Visitor, context::Answer};
use crate::kernel::visibility::{Audience, Class, Visible};
use actix_web::get;
use serde::Serialize;
use utoipa::ToSchema;

/// A public key (RFC 7517, RFC 8037).
#[derive(Serialize, ToSchema)]
pub struct PublicKey {
    /// The kind of key.
    #[schema(example = "OKP")]
    kty: &'static str,
    /// The curve.
    #[schema(example = "Ed25519")]
    crv: &'static str,
    /// What the key is for: signatures.
    #[serde(rename = "use")]
    #[schema(example = "sig")]
    usage: &'static str,
    /// The algorithm.
    #[schema(example = "EdDSA")]
    alg: &'static str,
    /// The id of the key.
    #[schema(example = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k")]
    kid: String,
    /// The public point, base64url.
    #[schema(example = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")]
    x: String,
}

impl Visible for PublicKey {
    const FIELDS: &'static [(&'static str, Class)] = &[
        ("kty", Class::Public),
        ("crv", Class::Public),
        ("use", Class::Public),
        ("alg", Class::Public),
        ("kid", Class::Public),
        ("x", Class::Public),
    ];
}

/// The keys that sign access tokens (RFC 7517).
#[derive(Serialize, ToSchema)]
pub struct KeySet {
    /// Every key whose tokens may still be valid.
    keys: Vec<PublicKey>,
}

impl Visible for KeySet {
    const FIELDS: &'static [(&'static str, Class)] = &[("keys", Class::Public)];
}

/// Read the keys that sign access tokens
#[utoipa::path(tag = "sessions", operation_id = "read_signing_keys", security(()), responses(
    (status = 200, description = "The public keys.", body = KeySet)))]
#[get("/.well-known/jwks.json")]
pub async fn read_signing_keys(cx: Cx<Visitor>) -> Answer {
    let published = cx.edge.keys.published(&cx.edge.db, cx.now).await?;
    let key = |(kid, x)| PublicKey { kty: "OKP", crv: "Ed25519", usage: "sig", alg: "EdDSA", kid, x };
    let set = KeySet { keys: published.into_iter().map(key).collect() };
    let reply = Reply::ok(&set, Audience::Public)?.header("cache-control", "public, max-age=300");
    cx.answer(reply).await
}

/// Registers the operations of this file.
pub fn routes(config: &mut Routes) {
    config.service(read_signing_keys);
}
