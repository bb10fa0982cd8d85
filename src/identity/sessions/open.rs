//! Opening, listing and ending sessions.
//!
//! Invariant: an ended session stays ended, and its end is an event. Read next: [`mod@super::refresh`], [`super::store`].

use super::store;
use crate::db::Conn;
use crate::events::{self, Act, Event, Kind, Subject};
use crate::identity::{Keys, Principal};
use crate::kernel::{
    error::{Error, Result},
    ids::{PersonId, SessionId},
    page::{Limit, Rows},
    time::Timestamp,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::{RngCore, rngs::OsRng};
use sha2::{Digest, Sha256};
use std::time::Duration;

/// How long a session lasts at most.
const SESSION_LIFE: Duration = Duration::from_secs(30 * 24 * 3600);

/// A session as its owner sees it.
#[derive(Clone)]
pub struct Session {
    /// The permanent number.
    pub number: i64,
    /// The public id.
    pub id: SessionId,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When it was last refreshed.
    pub used_at: Timestamp,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
}

/// A secret that gets the next access token, once; it has no `Debug`, so it cannot be logged.
pub struct RefreshToken(String);

impl RefreshToken {
    fn make() -> Self {
        let mut bytes = [0u8; 32];
        OsRng.fill_bytes(&mut bytes);
        Self(format!("sbr_{}", URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// The token of a text.
    pub fn new(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The token as it is sent.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    pub(super) fn hash(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(self.0.as_bytes()))
    }
}

/// A session and the two tokens that belong to it.
pub struct Opened {
    /// The session.
    pub session: Session,
    /// Goes with each call.
    pub access: String,
    /// Gets the next two.
    pub refresh: RefreshToken,
}

/// Opens a session for a person, named by permanent number and public id, whose password was proven. Emits
/// `session.opened`.
pub fn open(conn: &mut Conn, act: &Act, keys: &Keys, (person, id): (i64, PersonId)) -> Result<Opened> {
    let session = SessionId::new(act.at);
    let expires_at = act.at.plus(SESSION_LIFE);
    let number = store::insert(conn, session, person, act.at, expires_at)?;
    let act = act.by(id);
    events::emit(conn, &act, Event::new(Kind::SessionOpened, Subject::new(session, number)))?;
    let session = Session { number, id: session, created_at: act.at, used_at: act.at, expires_at };
    tickets(conn, keys, session, id, act.at)
}

/// The access token and the refresh token that belong to a session.
pub(super) fn tickets(
    conn: &mut Conn,
    keys: &Keys,
    session: Session,
    person: PersonId,
    now: Timestamp,
) -> Result<Opened> {
    let refresh = RefreshToken::make();
    store::insert_token(conn, &refresh.hash(), session.number, now)?;
    let access = keys.sign(conn, person, session.id, now)?;
    Ok(Opened { session, access, refresh })
}

/// Ends one session of the caller.
pub fn end(conn: &mut Conn, act: &Act, by: &Principal, id: SessionId) -> Result<()> {
    let number = store::number(conn, id, by.number, act.at)?.ok_or_else(Error::not_found)?;
    close(conn, act, id, number)
}

fn close(conn: &mut Conn, act: &Act, id: SessionId, number: i64) -> Result<()> {
    if store::end(conn, number, act.at)? {
        events::emit(conn, act, Event::new(Kind::SessionClosed, Subject::new(id, number)))?;
    }
    Ok(())
}

/// Ends every session of a person, but for the one to be kept.
pub fn end_all(conn: &mut Conn, act: &Act, person: i64, keep: Option<SessionId>) -> Result<()> {
    for (number, id) in store::of_person(conn, person, act.at)? {
        if Some(id) != keep {
            close(conn, act, id, number)?;
        }
    }
    Ok(())
}

/// The sessions of the caller that stand, the newest first.
pub fn list(
    conn: &mut Conn,
    by: &Principal,
    now: Timestamp,
    (limit, after): (Limit, Option<i64>),
) -> Result<Rows<Session, i64>> {
    let rows = store::page(conn, by.number, now, after, limit.rows() as i64 + 1)?;
    Ok(Rows::cut(rows, limit, |session| session.number))
}
