//! Signing up and confirming the address.
//!
//! Invariant: nothing that the caller sees depends on whether the address is known. Read next: [`super::change`].

use super::model::{Email, Person, PersonName};
use super::store::{self, NewPerson};
use crate::accounts::mail_tokens::{MailTokens, Purpose};
use crate::db::Conn;
use crate::events::{self, Act, Event, Kind, Subject};
use crate::identity::sessions;
use crate::kernel::{
    error::{Code, Error, FieldError, Result},
    ids::PersonId,
    time::Timestamp,
};
use std::time::Duration;

const LINK_LIFE: Duration = Duration::from_secs(3 * 24 * 3600);
const HOUR: Duration = Duration::from_secs(3600);
/// The most mails of one kind to one person in an hour.
const MAILS: i64 = 5;

/// Signs somebody up, or writes to whoever has the address already.
pub fn sign_up(
    conn: &mut Conn,
    act: &Act,
    email: &Email,
    name: Option<&PersonName>,
    password_hash: &str,
) -> Result<()> {
    let new = NewPerson { email, name, password_hash, admin: false, verified: false };
    if let Some((number, id)) = store::insert(conn, &new, act.at)? {
        let row = link(conn, number, Purpose::Verification, Some(password_hash), act.at)?;
        return tell(conn, act, Kind::PersonSignedUp, (id, number), row);
    }
    let Some(known) = store::by_email(conn, email)? else { return Ok(()) };
    let row = match known.verified_at {
        None => link(conn, known.number, Purpose::Verification, Some(password_hash), act.at)?,
        Some(_) => link(conn, known.number, Purpose::Reminder, None, act.at)?,
    };
    tell(conn, act, Kind::PersonSignedUpAgain, (known.id, known.number), row)
}

/// The row of a new link, unless there were too many already.
pub(super) fn link(
    conn: &mut Conn,
    number: i64,
    purpose: Purpose,
    password_hash: Option<&str>,
    now: Timestamp,
) -> Result<Option<i64>> {
    if store::mailed_since(conn, number, purpose, now.minus(HOUR))? >= MAILS {
        return Ok(None);
    }
    let life = if purpose == Purpose::Reset { super::change::RESET_LIFE } else { LINK_LIFE };
    store::mail(conn, number, purpose, password_hash, (now, life)).map(Some)
}

/// Emits the one event that follows whatever was asked for, with the row of the mail if there is to be one: whoever
/// watches the revision of the log learns nothing of an address.
pub(super) fn tell(
    conn: &mut Conn,
    act: &Act,
    kind: Kind,
    (id, number): (PersonId, i64),
    row: Option<i64>,
) -> Result<()> {
    let event = Event::new(kind, Subject::new(id, number));
    let event = match row {
        Some(row) => event.with("mail", row),
        None => event,
    };
    events::emit(conn, act, event).map(|_| ())
}

/// The refusal of a mailed token that is wrong, used, replaced or expired.
pub(super) fn no_such_token() -> Error {
    let detail = "the token is wrong, expired or used already; ask for a new one";
    let field = FieldError::at("/token", "invalid_token", detail);
    Error { fields: vec![field], ..Error::new(Code::InvalidParameter, detail) }
}

/// The row and content of a mailed token that can still be used.
pub(super) fn open(
    conn: &mut Conn,
    tokens: &MailTokens,
    purpose: Purpose,
    token: &str,
    now: Timestamp,
) -> Result<(i64, store::Mailed)> {
    let row = MailTokens::row(token).ok_or_else(no_such_token)?;
    let mailed = store::mailed(conn, row, purpose, now)?.ok_or_else(no_such_token)?;
    if tokens.is_token(token, purpose, row, mailed.created_at)? {
        Ok((row, mailed))
    } else {
        Err(no_such_token())
    }
}

/// Confirms an address: the password of this sign-up is in force from now on, other sign-ups are void.
pub fn confirm_email(conn: &mut Conn, act: &Act, tokens: &MailTokens, token: &str) -> Result<()> {
    let (row, mailed) = open(conn, tokens, Purpose::Verification, token, act.at)?;
    let person = store::addressee(conn, mailed.person)?.ok_or_else(no_such_token)?;
    if !store::use_token(conn, row, act.at)? {
        return Err(no_such_token());
    }
    store::void(conn, person.number, Purpose::Verification, act.at)?;
    if let Some(hash) = &mailed.password_hash
        && store::set_hash(conn, person.number, hash)?
    {
        sessions::end_all(conn, act, person.number, None)?;
    }
    verified(conn, act, &person)
}

/// Marks the address as confirmed, if it is not.
pub(super) fn verified(conn: &mut Conn, act: &Act, person: &Person) -> Result<()> {
    if store::set_verified(conn, person.number, act.at)? {
        events::emit(conn, act, Event::new(Kind::PersonVerified, Subject::new(person.id, person.number)))?;
    }
    Ok(())
}

/// Makes a person whose address counts as confirmed: for commands and the demo world.
pub fn create_verified_person(
    conn: &mut Conn,
    act: &Act,
    email: &Email,
    name: Option<&PersonName>,
    password_hash: &str,
) -> Result<(i64, PersonId)> {
    create(conn, act, &NewPerson { email, name, password_hash, admin: false, verified: true })
}

/// Makes a platform admin.
pub fn create_admin(
    conn: &mut Conn,
    act: &Act,
    email: &Email,
    name: Option<&PersonName>,
    password_hash: &str,
) -> Result<(i64, PersonId)> {
    let made = create(conn, act, &NewPerson { email, name, password_hash, admin: true, verified: true })?;
    let event = Event::new(Kind::PersonAdminChanged, Subject::new(made.1, made.0)).with("admin", true);
    events::emit(conn, act, event)?;
    Ok(made)
}

fn create(conn: &mut Conn, act: &Act, new: &NewPerson<'_>) -> Result<(i64, PersonId)> {
    let made = store::insert(conn, new, act.at)?;
    let (number, id) =
        made.ok_or_else(|| Error::new(Code::Duplicate, "somebody has this address already"))?;
    events::emit(conn, act, Event::new(Kind::PersonSignedUp, Subject::new(id, number)))?;
    events::emit(conn, act, Event::new(Kind::PersonVerified, Subject::new(id, number)))?;
    Ok((number, id))
}
