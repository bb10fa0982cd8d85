//! Compact serialisation of signed tokens (RFC 7515) with the one algorithm that is used here, EdDSA over Ed25519 (RFC 8037).
//!
//! Invariant: claims leave [`Unverified`] only through [`Unverified::verify`], against a key that the caller chose.
//! Read next: [`super`], which chooses the key and checks the claims.

use crate::kernel::error::{Error, Result};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

/// Name of the algorithm in a header.
pub(super) const ALGORITHM: &str = "EdDSA";

/// Header of a token, as far as it is looked at.
#[derive(Debug, Deserialize)]
pub(super) struct Header {
    /// The algorithm that the token says it is signed with.
    pub alg: String,
    /// The kind of the token; `None` where it says none.
    pub typ: Option<String>,
    /// The id of the key; `None` where it names none.
    pub kid: Option<String>,
    /// What a reader would have to understand besides; `None` in all tokens of ours.
    pub crit: Option<Value>,
}

/// Token whose header has been read and whose signature has not been checked.
pub(super) struct Unverified<'a> {
    /// The header, which nobody vouches for yet.
    pub header: Header,
    signed: &'a str,
    claims: &'a str,
    signature: &'a str,
}

impl<'a> Unverified<'a> {
    /// Token of three parts with a header that can be read; `None` for anything else.
    pub(super) fn read(token: &'a str) -> Option<Self> {
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.').filter(|(_, claims)| !claims.contains('.'))?;
        Some(Self { header: decoded(header)?, signed, claims, signature })
    }

    /// Claims of the token; `None` where the key did not sign it so, or they cannot be read.
    pub(super) fn verify<T: DeserializeOwned>(&self, key: &VerifyingKey) -> Option<T> {
        let signature = Signature::from_slice(&URL_SAFE_NO_PAD.decode(self.signature).ok()?).ok()?;
        key.verify_strict(self.signed.as_bytes(), &signature).ok()?;
        decoded(self.claims)
    }
}

fn decoded<T: DeserializeOwned>(part: &str) -> Option<T> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

/// Token of that kind with the claims, signed with the key of that id.
///
/// # Errors
/// `internal_error` where the claims cannot be written.
pub(super) fn sign(kind: &str, kid: &str, claims: &impl Serialize, key: &SigningKey) -> Result<String> {
    let header = json!({"typ": kind, "alg": ALGORITHM, "kid": kid}).to_string();
    let claims = serde_json::to_vec(claims).map_err(Error::internal)?;
    let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
    let signature = URL_SAFE_NO_PAD.encode(key.sign(signed.as_bytes()).to_bytes());
    Ok(format!("{signed}.{signature}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> SigningKey {
        SigningKey::from_bytes(&[7; 32])
    }

    #[test]
    fn the_example_of_rfc_8037_is_verified() {
        let x = URL_SAFE_NO_PAD.decode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo").expect("base64");
        let public = VerifyingKey::from_bytes(&x.try_into().expect("32 bytes")).expect("a point");
        let token = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
        let read = Unverified::read(token).expect("three parts");
        assert_eq!((read.header.alg.as_str(), read.header.kid.as_deref()), (ALGORITHM, None));
        let signature = Signature::from_slice(&URL_SAFE_NO_PAD.decode(read.signature).expect("base64"));
        public.verify_strict(read.signed.as_bytes(), &signature.expect("64 bytes")).expect("verified");
        assert_eq!(read.verify::<Value>(&public), None, "its payload is no JSON");
    }

    #[test]
    fn claims_come_back_from_their_key_and_from_no_other() {
        let token = sign("at+jwt", "k1", &json!({"sub": "ann"}), &key()).expect("signed");
        let read = Unverified::read(&token).expect("read");
        assert_eq!((read.header.typ.as_deref(), read.header.kid.as_deref()), (Some("at+jwt"), Some("k1")));
        assert_eq!(read.verify(&key().verifying_key()), Some(json!({"sub": "ann"})));
        let other = SigningKey::from_bytes(&[8; 32]);
        assert_eq!(read.verify::<Value>(&other.verifying_key()), None);
    }

    #[test]
    fn a_token_that_was_altered_anywhere_is_none() {
        let token = sign("at+jwt", "k1", &json!({"sub": "ann"}), &key()).expect("signed");
        for at in 0..token.len() {
            let other = if token.as_bytes()[at] == b'A' { "B" } else { "A" };
            let altered = format!("{}{other}{}", &token[..at], &token[at + 1..]);
            let claims = Unverified::read(&altered).and_then(|t| t.verify::<Value>(&key().verifying_key()));
            assert_eq!(claims, None, "{altered}");
        }
        for altered in [format!("{token}."), format!("{token}="), format!(".{token}"), token.replace('.', "")]
        {
            let claims = Unverified::read(&altered).and_then(|t| t.verify::<Value>(&key().verifying_key()));
            assert_eq!(claims, None, "{altered}");
        }
    }
}
