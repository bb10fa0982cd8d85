//! Exchanging a refresh token for the next two tokens.
//!
//! Invariant: a refresh token is used by one conditional update, so of two who bring it one gets the next; the other
//! one brings a used token, which ends the session. Read next: [`mod@super::open`].

use super::open::{Opened, RefreshToken, Session, tickets};
use super::store;
use crate::db::Conn;
use crate::events::{self, Act, Event, Kind, Subject};
use crate::identity::{Keys, PersonState};
use crate::kernel::error::{Code, Error, Result};

fn no_such_token() -> Error {
    Error::new(Code::InvalidToken, "the refresh token is wrong, expired or revoked; sign in again")
}

/// Exchanges a refresh token for the next two tokens.
///
/// The inner refusal comes with an effect that has to be kept: the end of a session whose token came twice.
pub fn refresh(conn: &mut Conn, act: &Act, keys: &Keys, token: &RefreshToken) -> Result<Result<Opened>> {
    let Some(found) = store::of_token(conn, &token.hash())? else { return Ok(Err(no_such_token())) };
    let act = act.by(found.person);
    if found.ended || found.session.expires_at <= act.at || found.state == PersonState::Suspended {
        return Ok(Err(no_such_token()));
    }
    if !store::use_token(conn, &token.hash(), act.at)? {
        store::end(conn, found.session.number, act.at)?;
        let subject = Subject::new(found.session.id, found.session.number);
        events::emit(conn, &act, Event::new(Kind::SessionReuseDetected, subject))?;
        return Ok(Err(no_such_token()));
    }
    store::touch(conn, found.session.number, act.at)?;
    let session = Session { used_at: act.at, ..found.session };
    tickets(conn, keys, session, found.person, act.at).map(Ok)
}
