//! Revising the facts of a profile, its contact, and what lists find it by.
//!
//! Invariant: a change of facts is a new revision, and no change is none; contact data is in no revision and no event.
//! Read next: [`super::publish`].

use super::common::Contact;
use super::kind::Kind;
use super::model::{Profile, State, changed};
use super::publish::demand_complete;
use super::register::{index, sound};
use super::store::{self, parts};
use crate::db::Conn;
use crate::events::{Act, Event, Subject, emit};
use crate::identity::Acting;
use crate::kernel::error::{Error, Result};
use crate::reference::Catalogue;

/// Revises the facts as `change` says.
pub fn revise<K: Kind>(
    conn: &mut Conn,
    act: &Act,
    acting: &Acting,
    catalogue: &Catalogue,
    profile: &Profile<K>,
    change: impl FnOnce(&Profile<K>) -> Result<K::Facts>,
) -> Result<Profile<K>> {
    let place = (acting.organisation_number, act.at.day());
    let facts = sound(conn, place, Some(&profile.facts), change(profile)?)?;
    let changed = changed(&profile.facts, &facts);
    if changed.is_empty() {
        return Ok(profile.clone());
    }
    if profile.state == State::Published {
        demand_complete(&facts)?;
    }
    add_revision(conn, act, acting, profile, &facts, &changed)?;
    index(conn, catalogue, profile.number, &facts, act.at.day())?;
    reload(conn, profile)
}

/// Adds a revision with these facts and says so in the log.
pub(super) fn add_revision<K: Kind>(
    conn: &mut Conn,
    act: &Act,
    acting: &Acting,
    profile: &Profile<K>,
    facts: &K::Facts,
    changed: &[String],
) -> Result<i64> {
    let (number, revision) = (profile.number, profile.revision + 1);
    let facts = store::storable(facts)?;
    let new = store::Revision { number, revision, facts, changed, at: act.at, person: act.person };
    store::add_revision(conn, &new)?;
    let event = Event::new(K::EVENTS.revised, Subject::new(profile.id, number));
    let event = event.with("revision", revision).with("changed", changed.to_vec());
    emit(conn, &act.on_behalf_of(acting.organisation), event)?;
    Ok(revision)
}

/// The profile as it stands after a change.
pub(super) fn reload<K: Kind>(conn: &mut Conn, profile: &Profile<K>) -> Result<Profile<K>> {
    let found = store::load::<K>(conn, &[profile.number])?.pop();
    found.ok_or_else(|| Error::internal("a profile vanished"))
}

/// Replaces the contact of a profile; nothing removes it.
pub fn set_contact<K: Kind>(
    conn: &mut Conn,
    act: &Act,
    acting: &Acting,
    profile: &Profile<K>,
    contact: Option<&Contact>,
) -> Result<Profile<K>> {
    parts::set_contact(conn, profile.number, contact)?;
    store::touch(conn, profile.number, act.at)?;
    let event = Event::new(K::EVENTS.contact_changed, Subject::new(profile.id, profile.number));
    emit(conn, &act.on_behalf_of(acting.organisation), event.with("present", contact.is_some()))?;
    reload(conn, profile)
}
