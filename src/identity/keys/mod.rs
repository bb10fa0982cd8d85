//! Access tokens (RFC 9068): EdDSA keys, signing and verification.
//!
//! Invariant: one algorithm, keys only from the database, and each claim checked by itself against the clock that is
//! passed in. A node that meets an unknown key looks into the database, at most once a second.
//! Read next: [`store`] for the rows, [`super::store`] for what a token is worth.

mod provider;
mod rotate;
mod store;

pub use rotate::{KeyReport, list, revoke, rotate};

use crate::db::{Conn, Db};
use crate::kernel::{
    error::{Code, Error, Result},
    ids::{PersonId, SessionId},
    time::Timestamp,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use ed25519_dalek::SigningKey;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use std::{
    sync::{PoisonError, RwLock, RwLockReadGuard},
    time::Duration,
};

/// How long an access token lives.
pub const TOKEN_LIFE: Duration = Duration::from_secs(600);
/// How far the clock of the node that signed a token may be ahead; its end is the one that it names.
const LEEWAY: Duration = Duration::from_secs(30);
/// The age at which the keys in memory are read again.
const FRESH: Duration = Duration::from_secs(5);
/// The age below which an unknown key is not looked for in the database.
const PATIENCE: Duration = Duration::from_secs(1);
/// Who issues and who accepts tokens when no public address is set.
const ISSUER: &str = "urn:springboard";
/// What the tokens are for.
const AUDIENCE: &str = "urn:springboard:api";

/// What a verified token claims.
#[derive(Clone, Debug)]
pub struct Claims {
    /// The person.
    pub person: PersonId,
    /// The session.
    pub session: SessionId,
}

/// The claims as they stand in a token.
#[derive(Serialize, Deserialize)]
struct Wire {
    iss: String,
    sub: String,
    aud: String,
    exp: i64,
    iat: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    nbf: Option<i64>,
    jti: String,
    sid: String,
}

/// One key, ready for use.
struct Key {
    kid: String,
    x: String,
    active_at: Timestamp,
    retired_at: Option<Timestamp>,
    encoding: EncodingKey,
    decoding: DecodingKey,
}

impl Key {
    fn read(row: store::Row) -> Result<Self> {
        let seed: [u8; 32] = STANDARD
            .decode(&row.secret)
            .ok()
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or_else(|| Error::internal(format!("the signing key {} cannot be read", row.kid)))?;
        let signing = SigningKey::from_bytes(&seed);
        Ok(Self {
            encoding: provider::encoding(&signing),
            decoding: provider::decoding(&signing.verifying_key()),
            kid: row.kid,
            x: row.public,
            active_at: Timestamp::from_micros(row.activated_at),
            retired_at: row.retired_at.map(Timestamp::from_micros),
        })
    }

    fn retired(&self, now: Timestamp) -> bool {
        self.retired_at.is_some_and(|at| at <= now)
    }
}

struct Cache {
    keys: Vec<Key>,
    read_at: Timestamp,
}

/// The signing keys, as this node last read them.
pub struct Keys {
    issuer: String,
    cache: RwLock<Cache>,
    reading: tokio::sync::Mutex<()>,
}

/// Why a token was not accepted at once.
enum Refusal {
    UnknownKey,
    Final(Error),
}

fn invalid(what: &str) -> Refusal {
    Refusal::Final(Error::new(Code::InvalidToken, what))
}

impl Keys {
    /// The keys of the database, the first one made at the first start.
    pub fn load(db: &Db, public_url: Option<&str>, now: Timestamp) -> Result<Self> {
        provider::install();
        let keys = db.write_now(move |conn| {
            if store::all(conn)?.is_empty() {
                rotate::first(conn, now)?;
            }
            read(conn)
        })?;
        let cache = RwLock::new(Cache { keys, read_at: now });
        let issuer = public_url.unwrap_or(ISSUER).trim_end_matches('/').to_owned();
        Ok(Self { issuer, cache, reading: tokio::sync::Mutex::new(()) })
    }

    /// What a token claims, if it is one of ours and still valid.
    pub async fn verify(&self, db: &Db, token: &str, now: Timestamp) -> Result<Claims> {
        if self.older_than(FRESH, now) {
            self.read_again(db, FRESH, now).await?;
        }
        match self.check(token, now) {
            Ok(claims) => Ok(claims),
            Err(Refusal::Final(error)) => Err(error),
            Err(Refusal::UnknownKey) => {
                self.read_again(db, PATIENCE, now).await?;
                self.check(token, now).map_err(|refusal| match refusal {
                    Refusal::Final(error) => error,
                    Refusal::UnknownKey => Error::new(Code::InvalidToken, "the key of the token is not ours"),
                })
            }
        }
    }

    /// A token for that session of that person.
    pub fn sign(
        &self,
        conn: &mut Conn,
        person: PersonId,
        session: SessionId,
        now: Timestamp,
    ) -> Result<String> {
        if self.older_than(FRESH, now) {
            self.put(read(conn)?, now);
        }
        let cache = self.cached();
        let usable = cache.keys.iter().filter(|k| k.active_at <= now && !k.retired(now));
        let key = usable.max_by_key(|k| (k.active_at, &k.kid));
        let key =
            key.ok_or_else(|| Error::internal("there is no signing key; run `springboard keys rotate`"))?;
        let header = Header {
            typ: Some("at+jwt".to_owned()),
            kid: Some(key.kid.clone()),
            ..Header::new(Algorithm::EdDSA)
        };
        let claims = Wire {
            iss: self.issuer.clone(),
            sub: person.to_string(),
            aud: AUDIENCE.to_owned(),
            exp: seconds(now.plus(TOKEN_LIFE)),
            iat: seconds(now),
            nbf: None,
            jti: uuid::Uuid::now_v7().simple().to_string(),
            sid: session.to_string(),
        };
        jsonwebtoken::encode(&header, &claims, &key.encoding).map_err(Error::internal)
    }

    /// Key id and public point of every key that is not retired.
    pub async fn published(&self, db: &Db, now: Timestamp) -> Result<Vec<(String, String)>> {
        if self.older_than(FRESH, now) {
            self.read_again(db, FRESH, now).await?;
        }
        let cache = self.cached();
        let live = cache.keys.iter().filter(|k| !k.retired(now));
        Ok(live.map(|k| (k.kid.clone(), k.x.clone())).collect())
    }

    fn cached(&self) -> RwLockReadGuard<'_, Cache> {
        self.cache.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self, keys: Vec<Key>, now: Timestamp) {
        *self.cache.write().unwrap_or_else(PoisonError::into_inner) = Cache { keys, read_at: now };
    }

    /// Whether the keys were read longer ago than `age`; a clock that jumped back counts as long ago.
    fn older_than(&self, age: Duration, now: Timestamp) -> bool {
        let read_at = self.cached().read_at;
        now < read_at || read_at.plus(age) <= now
    }

    async fn read_again(&self, db: &Db, age: Duration, now: Timestamp) -> Result<()> {
        let _one_at_a_time = self.reading.lock().await;
        if self.older_than(age, now) {
            let keys = db.read(read).await?;
            self.put(keys, now);
        }
        Ok(())
    }

    fn check(&self, token: &str, now: Timestamp) -> Result<Claims, Refusal> {
        let header =
            jsonwebtoken::decode_header(token).map_err(|_| invalid("this is not an access token"))?;
        if header.alg != Algorithm::EdDSA {
            return Err(invalid("the token is not signed with EdDSA"));
        }
        let kind = header.typ.as_deref().unwrap_or_default().to_ascii_lowercase();
        if (kind != "at+jwt" && kind != "application/at+jwt") || header.crit.is_some() {
            return Err(invalid("the token is not an access token"));
        }
        let kid = header.kid.ok_or_else(|| invalid("the token names no key"))?;
        let wire = {
            let cache = self.cached();
            let key = cache.keys.iter().find(|k| k.kid == kid).ok_or(Refusal::UnknownKey)?;
            if key.retired(now) {
                return Err(invalid("the key of the token is retired"));
            }
            jsonwebtoken::decode::<Wire>(token, &key.decoding, &signature_only())
                .map_err(|_| invalid("the token was altered, or lacks a claim"))?
                .claims
        };
        self.claims(&wire, now)
    }

    fn claims(&self, wire: &Wire, now: Timestamp) -> Result<Claims, Refusal> {
        if wire.iss != self.issuer {
            return Err(invalid("the token was issued by somebody else"));
        }
        if wire.aud != AUDIENCE {
            return Err(invalid("the token is meant for somebody else"));
        }
        if wire.exp <= seconds(now) {
            return Err(Refusal::Final(Error::new(
                Code::TokenExpired,
                "get a new one with the refresh token",
            )));
        }
        if wire.nbf.is_some_and(|at| at > seconds(now.plus(LEEWAY))) || wire.iat > seconds(now.plus(LEEWAY)) {
            return Err(invalid("the token is not valid yet"));
        }
        let person = wire.sub.parse().map_err(|_| invalid("the token names no person"))?;
        let session = wire.sid.parse().map_err(|_| invalid("the token names no session"))?;
        Ok(Claims { person, session })
    }
}

/// The signature is the library's to check, with one algorithm; the claims are ours.
fn signature_only() -> Validation {
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    validation
}

fn seconds(at: Timestamp) -> i64 {
    at.micros().div_euclid(1_000_000)
}

fn read(conn: &mut Conn) -> Result<Vec<Key>> {
    store::all(conn)?.into_iter().map(Key::read).collect()
}
