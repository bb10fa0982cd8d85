//! Bytes that nobody but the holder of a secret can read or change: ChaCha20-Poly1305 under a derived key.
//!
//! Invariant: each pair of secret and context has a key of its own, so what was sealed in one context opens in no
//! other, and random nonces suffice. Read next: [`super::page`], where a cursor is sealed for its query and caller.

use super::error::{Error, Result};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use rand::{RngCore, rngs::OsRng};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use sha2::Sha256;

/// Seals and opens in one context.
pub struct Cipher(LessSafeKey);

impl Cipher {
    /// The cipher of a secret in a context.
    pub fn new(secret: &[u8], context: &str) -> Result<Self> {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret).map_err(Error::internal)?;
        mac.update(context.as_bytes());
        let key = UnboundKey::new(&CHACHA20_POLY1305, &mac.finalize().into_bytes());
        key.map(|key| Self(LessSafeKey::new(key))).map_err(|_| Error::internal("a key has not 32 bytes"))
    }

    /// The bytes as text that is safe in a URL; never the same twice.
    pub fn seal(&self, bytes: &[u8]) -> Result<String> {
        let mut nonce = [0; NONCE_LEN];
        OsRng.fill_bytes(&mut nonce);
        let mut sealed = bytes.to_vec();
        let unique = Nonce::assume_unique_for_key(nonce);
        let tag = self.0.seal_in_place_separate_tag(unique, Aad::empty(), &mut sealed);
        let tag = tag.map_err(|_| Error::internal("too much to be sealed"))?;
        Ok(URL_SAFE_NO_PAD.encode([&nonce, &sealed[..], tag.as_ref()].concat()))
    }

    /// The bytes of a sealed text, unless it was changed or sealed elsewhere.
    pub fn open(&self, text: &str) -> Option<Vec<u8>> {
        let mut bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (nonce, sealed) = bytes.split_at_mut_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        self.0.open_in_place(nonce, Aad::empty(), sealed).ok().map(|opened| opened.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cipher(secret: &[u8], context: &str) -> Cipher {
        Cipher::new(secret, context).expect("cipher")
    }

    #[test]
    fn what_was_sealed_opens_only_under_its_secret_and_in_its_context() {
        let text = cipher(b"s", "c").seal(b"canary").expect("sealed");
        assert_eq!(cipher(b"s", "c").open(&text).as_deref(), Some(&b"canary"[..]));
        assert!(cipher(b"t", "c").open(&text).is_none() && cipher(b"s", "d").open(&text).is_none());
        assert!(cipher(b"s", "c").open("").is_none() && cipher(b"s", "c").open(&text[..20]).is_none());
    }

    #[test]
    fn a_sealed_text_shows_nothing_and_is_never_the_same_twice() {
        let seal = || cipher(b"s", "c").seal(b"canary").expect("sealed");
        let bytes = URL_SAFE_NO_PAD.decode(seal()).expect("base64");
        assert!(!bytes.windows(6).any(|w| w == b"canary"));
        assert_ne!(seal(), seal());
    }

    #[test]
    fn a_sealed_text_with_any_bit_changed_does_not_open() {
        let cipher = cipher(b"s", "c");
        let bytes = URL_SAFE_NO_PAD.decode(cipher.seal(b"canary").expect("sealed")).expect("base64");
        for at in 0..bytes.len() * 8 {
            let mut changed = bytes.clone();
            changed[at / 8] ^= 1 << (at % 8);
            assert!(cipher.open(&URL_SAFE_NO_PAD.encode(changed)).is_none(), "bit {at}");
        }
    }
}
