//! An owner changes what an organisation says of itself.
//!
//! Invariant: the version that the owner read is the one that is changed, or nothing happens; state and kind are never
//! changed here. Read next: [`super::approve`].

use super::model::{Organisation, OrganisationName, Website};
use super::store;
use crate::db::Conn;
use crate::events::{self, Act, Event, Kind, Subject};
use crate::identity::Acting;
use crate::kernel::error::{Error, Result};
use crate::reference::CountryCode;

/// What an organisation says of itself.
#[derive(Clone, Debug)]
pub struct Revision {
    /// Its name.
    pub name: OrganisationName,
    /// Where it has its seat.
    pub country: Option<CountryCode>,
    /// Where its own pages are.
    pub website: Option<Website>,
}

/// Changes name, country and website; `revise` is given the locked organisation, and refuses what was read before.
///
/// The same again changes nothing. Emits `organisation.revised` with the names of the fields.
pub(super) fn revise(
    conn: &mut Conn,
    act: &Act,
    acting: &Acting,
    revise: impl FnOnce(&Organisation) -> Result<Revision>,
) -> Result<Organisation> {
    store::lock(conn, acting.organisation_number)?;
    let current = store::by_number(conn, acting.organisation_number)?.ok_or_else(Error::not_found)?;
    let revision = revise(&current)?;
    let next = Organisation {
        name: revision.name.as_str().to_owned(),
        country: revision.country,
        website: revision.website.map(|w| w.as_str().to_owned()),
        ..current.clone()
    };
    let fields = [
        ("name", next.name != current.name),
        ("country", next.country != current.country),
        ("website", next.website != current.website),
    ];
    let changed: Vec<&str> = fields.iter().filter(|(_, differs)| *differs).map(|(name, _)| *name).collect();
    if changed.is_empty() {
        return Ok(current);
    }
    store::update(conn, &next, act.at)?;
    let event = Event::new(Kind::OrganisationRevised, Subject::new(next.id, next.number));
    events::emit(conn, &act.on_behalf_of(next.id), event.with("changed", changed))?;
    store::by_number(conn, next.number)?.ok_or_else(Error::not_found)
}
