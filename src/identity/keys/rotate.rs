//! Making and retiring signing keys.
//!
//! Invariant: a key is published before it signs, and stays published until no token of it can be valid.
//! Read next: [`super::store`].

use super::{LEEWAY, TOKEN_LIFE, store};
use crate::db::Conn;
use crate::events::{self, Act, Event, Kind, Subject};
use crate::kernel::{error::Result, time::Timestamp};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use ed25519_dalek::SigningKey;
use rand::rngs::OsRng;
use sha2::{Digest, Sha256};
use std::time::Duration;

/// A signing key without its secret.
#[derive(Clone, Debug)]
pub struct KeyReport {
    /// The id of the key: the RFC 7638 thumbprint of its public half.
    pub kid: String,
    /// When it was made and published.
    pub created_at: Timestamp,
    /// From when on it signs.
    pub active_at: Timestamp,
    /// From when on nothing it signed is accepted.
    pub retired_at: Option<Timestamp>,
}

impl KeyReport {
    /// The word for where the key stands.
    pub fn state(&self, now: Timestamp) -> &'static str {
        match self.retired_at {
            Some(at) if at <= now => "retired",
            Some(_) => "retiring",
            None if self.active_at > now => "published",
            None => "signing",
        }
    }
}

fn make(now: Timestamp, active_at: Timestamp) -> store::Row {
    let key = SigningKey::generate(&mut OsRng);
    let x = URL_SAFE_NO_PAD.encode(key.verifying_key().as_bytes());
    let canonical = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#);
    store::Row {
        kid: URL_SAFE_NO_PAD.encode(Sha256::digest(canonical)),
        secret: STANDARD.encode(key.to_bytes()),
        public: x,
        created_at: now.micros(),
        activated_at: active_at.micros(),
        retired_at: None,
    }
}

/// Makes the first key of a database.
pub(super) fn first(conn: &mut Conn, now: Timestamp) -> Result<()> {
    insert(conn, &Act::system(now, "first-start"), make(now, now)).map(|_| ())
}

/// Publishes a new key that signs after `delay`, and retires the others once their last token has expired.
pub fn rotate(conn: &mut Conn, act: &Act, delay: Duration) -> Result<String> {
    let active_at = act.at.plus(delay);
    store::retire(conn, active_at.plus(TOKEN_LIFE).plus(LEEWAY))?;
    insert(conn, act, make(act.at, active_at))
}

/// Makes a new key that signs at once, and ends the others at once.
pub fn revoke(conn: &mut Conn, act: &Act) -> Result<String> {
    store::end(conn, act.at)?;
    insert(conn, act, make(act.at, act.at))
}

fn insert(conn: &mut Conn, act: &Act, row: store::Row) -> Result<String> {
    let kid = row.kid.clone();
    store::insert(conn, row)?;
    let event = Event::new(Kind::SigningKeyRotated, Subject::new(&kid, 0));
    events::emit(conn, act, event)?;
    Ok(kid)
}

/// Every key there ever was, the newest last.
pub fn list(conn: &mut Conn) -> Result<Vec<KeyReport>> {
    let report = |row: store::Row| KeyReport {
        kid: row.kid,
        created_at: Timestamp::from_micros(row.created_at),
        active_at: Timestamp::from_micros(row.activated_at),
        retired_at: row.retired_at.map(Timestamp::from_micros),
    };
    Ok(store::all(conn)?.into_iter().map(report).collect())
}
