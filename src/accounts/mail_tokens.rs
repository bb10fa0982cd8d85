//! The tokens that mails carry: derived from a row when the mail is written, never stored.
//!
//! Invariant: a token names its row and is a MAC over purpose, row and time, so it cannot be guessed, moved to another
//! purpose, or read from the tables of a backup that lacks the secret. Read next: [`super::people`].

use crate::db::Db;
use crate::identity::secrets;
use crate::kernel::{
    error::{Error, Result},
    time::Timestamp,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use sha2::Sha256;

/// What a mailed token is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Confirms an e-mail address.
    Verification,
    /// Sets a new password.
    Reset,
    /// Nothing: the mail only tells that there is an account already.
    Reminder,
    /// Accepts an invitation to an organisation.
    Invitation,
}

impl Purpose {
    /// The word in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Verification => "verification",
            Self::Reset => "reset",
            Self::Reminder => "reminder",
            Self::Invitation => "invitation",
        }
    }
}

/// The secret behind the tokens, the same on every node.
#[derive(Clone)]
pub struct MailTokens([u8; 32]);

impl MailTokens {
    /// The secret of the database, made at the first start.
    pub fn load(db: &Db) -> Result<Self> {
        db.write_now(|conn| secrets::shared(conn, "mail_token")).map(Self)
    }

    fn mac(&self, purpose: Purpose, row: i64, created_at: Timestamp) -> Result<Hmac<Sha256>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).map_err(Error::internal)?;
        mac.update(purpose.as_str().as_bytes());
        mac.update(&[0]);
        mac.update(&row.to_be_bytes());
        mac.update(&created_at.micros().to_be_bytes());
        Ok(mac)
    }

    /// The token of a row.
    pub fn token(&self, purpose: Purpose, row: i64, created_at: Timestamp) -> Result<String> {
        let mut bytes = row.to_be_bytes().to_vec();
        bytes.extend_from_slice(&self.mac(purpose, row, created_at)?.finalize().into_bytes());
        Ok(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// The row that a text claims to be the token of.
    pub fn row(text: &str) -> Option<i64> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok().filter(|b| b.len() == 40)?;
        bytes[..8].try_into().ok().map(i64::from_be_bytes)
    }

    /// Whether the text is the token of that row, compared in constant time.
    pub fn is_token(&self, text: &str, purpose: Purpose, row: i64, created_at: Timestamp) -> Result<bool> {
        let Ok(bytes) = URL_SAFE_NO_PAD.decode(text) else { return Ok(false) };
        let mac = self.mac(purpose, row, created_at)?;
        Ok(bytes.get(8..).is_some_and(|tag| mac.verify_slice(tag).is_ok()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_bound_to_its_row_purpose_time_and_secret() {
        let (ours, other) = (MailTokens([1; 32]), MailTokens([2; 32]));
        let (at, later) = (Timestamp::from_micros(5), Timestamp::from_micros(6));
        let token = ours.token(Purpose::Reset, 7, at).expect("token");
        assert_eq!(MailTokens::row(&token), Some(7));
        let is = |tokens: &MailTokens, purpose, row, at| {
            tokens.is_token(&token, purpose, row, at).expect("compared")
        };
        assert!(is(&ours, Purpose::Reset, 7, at));
        assert!(!is(&ours, Purpose::Verification, 7, at));
        assert!(!is(&ours, Purpose::Reset, 8, at));
        assert!(!is(&ours, Purpose::Reset, 7, later));
        assert!(!is(&other, Purpose::Reset, 7, at));
    }

    #[test]
    fn texts_that_are_no_tokens_name_no_row() {
        for text in ["", "x", "ééé", &"A".repeat(53), &"A".repeat(55)] {
            assert_eq!(MailTokens::row(text), None, "{text}");
        }
    }
}
