//! The cryptography behind `jsonwebtoken`: EdDSA over Ed25519 (RFC 8037), the one algorithm of our tokens.
//!
//! Invariant: a token of any other algorithm finds no signer and no verifier. The library's own provider brings RSA and the
//! NIST curves, which nothing here may use and which take longer to compile than everything else of a token.
//! Read next: [`super`], which chooses keys and checks claims.

use ed25519_dalek::{Signature, Signer, SigningKey, Verifier, VerifyingKey, ed25519::Error as Refused};
use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{ErrorKind, Result};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};

static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: signer,
    verifier_factory: verifier,
    key_utils: KeyUtils::new_unimplemented(),
};

/// Installs the provider for this process; a second call changes nothing.
pub(super) fn install() {
    let _installed_before = PROVIDER.install_default();
}

/// The encoding key of a seed, whose 32 bytes the library holds as they are and this provider reads back.
pub(super) fn encoding(key: &SigningKey) -> EncodingKey {
    EncodingKey::from_ed_der(key.as_bytes())
}

/// The decoding key of a public point of 32 bytes.
pub(super) fn decoding(key: &VerifyingKey) -> DecodingKey {
    DecodingKey::from_ed_der(key.as_bytes())
}

struct Ed25519Signer(SigningKey);

impl Signer<Vec<u8>> for Ed25519Signer {
    fn try_sign(&self, message: &[u8]) -> std::result::Result<Vec<u8>, Refused> {
        Ok(self.0.try_sign(message)?.to_bytes().to_vec())
    }
}

impl JwtSigner for Ed25519Signer {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDSA
    }
}

struct Ed25519Verifier(VerifyingKey);

impl Verifier<Vec<u8>> for Ed25519Verifier {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> std::result::Result<(), Refused> {
        // Strict: a signature by a point of small order is refused, which the plain check would let pass.
        self.0.verify_strict(message, &Signature::from_slice(signature)?)
    }
}

impl JwtVerifier for Ed25519Verifier {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDSA
    }
}

fn only_eddsa(algorithm: &Algorithm) -> Result<()> {
    if *algorithm == Algorithm::EdDSA { Ok(()) } else { Err(ErrorKind::InvalidAlgorithm.into()) }
}

fn signer(algorithm: &Algorithm, key: &EncodingKey) -> Result<Box<dyn JwtSigner>> {
    only_eddsa(algorithm)?;
    let seed = key.as_bytes().try_into().map_err(|_| ErrorKind::InvalidEddsaKey)?;
    Ok(Box::new(Ed25519Signer(SigningKey::from_bytes(seed))))
}

fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>> {
    only_eddsa(algorithm)?;
    let point = key.try_get_as_bytes()?.try_into().map_err(|_| ErrorKind::InvalidEddsaKey)?;
    let point = VerifyingKey::from_bytes(point).map_err(|_| ErrorKind::InvalidEddsaKey)?;
    Ok(Box::new(Ed25519Verifier(point)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    use jsonwebtoken::{Header, Validation, crypto, decode, encode};
    use serde_json::{Value, json};

    #[test]
    fn the_example_of_rfc_8037_is_signed_and_verified() {
        install();
        let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).expect("base64").try_into().expect("32 bytes");
        let key = SigningKey::from_bytes(&bytes("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"));
        let public = VerifyingKey::from_bytes(&bytes("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"));
        let message = b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
        let signature =
            "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
        let signed = crypto::sign(message, &encoding(&key), Algorithm::EdDSA).expect("signed");
        assert_eq!(signed, signature);
        let public = decoding(&public.expect("a point"));
        assert!(crypto::verify(signature, message, &public, Algorithm::EdDSA).expect("read"));
        assert!(!crypto::verify(signature, b"another", &public, Algorithm::EdDSA).expect("read"));
    }

    #[test]
    fn a_token_that_was_altered_anywhere_or_names_another_algorithm_is_refused() {
        install();
        let key = SigningKey::from_bytes(&[7; 32]);
        let claims = json!({"sub": "ann"});
        let token = encode(&Header::new(Algorithm::EdDSA), &claims, &encoding(&key)).expect("signed");
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        let public = decoding(&key.verifying_key());
        let read = |token: &str| decode::<Value>(token, &public, &validation).ok().map(|t| t.claims);
        assert_eq!(read(&token), Some(claims));
        for at in 0..token.len() {
            let other = if token.as_bytes()[at] == b'A' { "B" } else { "A" };
            assert_eq!(read(&format!("{}{other}{}", &token[..at], &token[at + 1..])), None, "{at}");
        }
        for algorithm in [Algorithm::HS256, Algorithm::RS256, Algorithm::ES256] {
            assert!(crypto::sign(b"x", &encoding(&key), algorithm).is_err(), "{algorithm:?}");
            assert!(crypto::verify("AA", b"x", &public, algorithm).is_err(), "{algorithm:?}");
        }
    }
}
