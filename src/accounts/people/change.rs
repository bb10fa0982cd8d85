//! Changing and resetting the password.
//!
//! Invariant: a new password ends every other session; a reset token works once, for its person, for half an hour, and
//! only until the next is asked for. Read next: [`mod@super::suspend`].

use super::model::{Email, Person};
use super::sign_up::{link, no_such_token, open, tell, verified};
use super::store;
use crate::accounts::mail_tokens::{MailTokens, Purpose};
use crate::db::Conn;
use crate::events::{self, Act, Event, Kind, Subject};
use crate::identity::Principal;
use crate::identity::sessions;
use crate::kernel::{
    error::{Code, Error, Result},
    time::Timestamp,
};
use std::time::Duration;

/// How long a reset token can be used.
pub(super) const RESET_LIFE: Duration = Duration::from_secs(30 * 60);

/// Puts the new hash in the place of the one that was proven, and ends the other sessions.
pub fn change_password(conn: &mut Conn, act: &Act, by: &Principal, old: &str, new: &str) -> Result<()> {
    if !store::rehash(conn, by.number, old, new)? {
        return Err(Error::new(Code::ReauthenticationRequired, "the password was changed just now"));
    }
    store::void(conn, by.number, Purpose::Reset, act.at)?;
    sessions::end_all(conn, act, by.number, Some(by.session))?;
    changed(conn, act, Subject::new(by.id, by.number))
}

fn changed(conn: &mut Conn, act: &Act, subject: Subject) -> Result<()> {
    events::emit(conn, act, Event::new(Kind::PersonPasswordChanged, subject)).map(|_| ())
}

/// Mails a reset token to whoever has the address; earlier ones are void.
pub fn request_reset(conn: &mut Conn, act: &Act, email: &Email) -> Result<()> {
    let Some(person) = store::by_email(conn, email)? else {
        let nobody = Event::new(Kind::PersonResetRequested, Subject::new("nobody", 0));
        return events::emit(conn, act, nobody).map(|_| ());
    };
    let row = link(conn, person.number, Purpose::Reset, None, act.at)?;
    if let Some(row) = row {
        store::void_but(conn, person.number, Purpose::Reset, row, act.at)?;
    }
    tell(conn, act, Kind::PersonResetRequested, (person.id, person.number), row)
}

/// The person that a reset token belongs to, if it can still be used.
pub fn reset_subject(conn: &mut Conn, tokens: &MailTokens, token: &str, now: Timestamp) -> Result<Person> {
    let (_, mailed) = open(conn, tokens, Purpose::Reset, token, now)?;
    store::addressee(conn, mailed.person)?.ok_or_else(no_such_token)
}

/// Sets a new password by a reset token, which also proves the address, and ends every session.
pub fn confirm_reset(conn: &mut Conn, act: &Act, tokens: &MailTokens, token: &str, hash: &str) -> Result<()> {
    let (row, mailed) = open(conn, tokens, Purpose::Reset, token, act.at)?;
    let person = store::addressee(conn, mailed.person)?.ok_or_else(no_such_token)?;
    if !store::use_token(conn, row, act.at)? {
        return Err(no_such_token());
    }
    set_password(conn, act, &person, hash)?;
    verified(conn, act, &person)
}

/// Sets a password without asking for the old one, and ends every session.
pub fn set_password(conn: &mut Conn, act: &Act, person: &Person, hash: &str) -> Result<()> {
    store::set_hash(conn, person.number, hash)?;
    store::void(conn, person.number, Purpose::Verification, act.at)?;
    store::void(conn, person.number, Purpose::Reset, act.at)?;
    sessions::end_all(conn, act, person.number, None)?;
    changed(conn, act, Subject::new(person.id, person.number))
}
