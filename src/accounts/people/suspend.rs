//! Suspending people, letting them in again, making them admins, and what they are called.
//!
//! Invariant: a suspended person is refused at the next call, whatever token they hold. Read next: [`super::model`].

use super::model::{Person, PersonName};
use super::store;
use crate::db::Conn;
use crate::events::{self, Act, Event, Kind, Subject};
use crate::identity::{PersonState, sessions};
use crate::kernel::error::{Code, Error, Result};

/// Keeps a person out and ends their sessions.
pub fn suspend(conn: &mut Conn, act: &Act, person: &Person) -> Result<()> {
    if act.person == Some(person.id) {
        return Err(Error::new(Code::Conflict, "nobody suspends themselves"));
    }
    turn(conn, act, person, PersonState::Suspended)?;
    sessions::end_all(conn, act, person.number, None)
}

/// Lets a suspended person in again.
pub fn lift(conn: &mut Conn, act: &Act, person: &Person) -> Result<()> {
    turn(conn, act, person, PersonState::Active)
}

fn turn(conn: &mut Conn, act: &Act, person: &Person, state: PersonState) -> Result<()> {
    if !store::set_state(conn, person.number, state)? {
        let other = if state == PersonState::Active { "suspended" } else { "active" };
        return Err(Error::state(
            state.as_str(),
            &[other],
            format!("the person is {} already", state.as_str()),
        ));
    }
    let kind = if state == PersonState::Active { Kind::PersonRestored } else { Kind::PersonSuspended };
    let event = Event::new(kind, Subject::new(person.id, person.number));
    events::emit(conn, act, event.with("state", state.as_str())).map(|_| ())
}

/// Makes a person a platform admin, or no longer one; it holds from the next call on.
pub fn set_admin(conn: &mut Conn, act: &Act, person: &Person, admin: bool) -> Result<()> {
    if !store::set_admin(conn, person.number, admin)? {
        let already = if admin { "an admin already" } else { "no admin" };
        return Err(Error::new(Code::Conflict, format!("the person is {already}")));
    }
    let event = Event::new(Kind::PersonAdminChanged, Subject::new(person.id, person.number));
    events::emit(conn, act, event.with("admin", admin)).map(|_| ())
}

/// Changes what a person is called.
pub fn rename(conn: &mut Conn, act: &Act, person: &Person, name: Option<&PersonName>) -> Result<()> {
    if person.name.as_deref() == name.map(PersonName::as_str) {
        return Ok(());
    }
    if !store::set_name(conn, person, name)? {
        return Err(Error::new(Code::PreconditionFailed, "it was changed since you read it; read it again"));
    }
    let event = Event::new(Kind::PersonRevised, Subject::new(person.id, person.number));
    events::emit(conn, act, event.with("fields", vec!["name"])).map(|_| ())
}
