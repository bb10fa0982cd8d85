//! Registering a profile: a draft with the first revision of its facts.
//!
//! Invariant: an external id is unique among the profiles of its kind within an organisation.
//! Read next: [`super::revise`].

use super::access::check_references;
use super::common::Facts;
use super::kind::{Index, Indexed, Kind};
use super::model::{Profile, known};
use super::store;
use crate::db::{Conn, violates};
use crate::events::{Act, Event, Subject, emit};
use crate::identity::{Acting, OrganisationKind};
use crate::kernel::{
    error::{Code, Error, Result},
    time::Day,
};
use crate::reference::{self, Catalogue};

/// Registers a profile as a draft.
pub fn register<K: Kind>(
    conn: &mut Conn,
    act: &Act,
    acting: &Acting,
    catalogue: &Catalogue,
    facts: K::Facts,
) -> Result<Profile<K>> {
    let claimable = host::<K>(acting)?;
    create(conn, act, acting, catalogue, facts, Making { demo: false, claimable })
}

/// How a profile is made.
#[derive(Clone, Copy, Debug, Default)]
pub struct Making {
    /// Whether it belongs to the demo world.
    pub demo: bool,
    /// Whether it may be claimed.
    pub claimable: bool,
}

/// Whether an organisation makes the profile for somebody else; refused if it can make none.
fn host<K: Kind>(acting: &Acting) -> Result<bool> {
    match acting.kind {
        Some(kind) if kind == K::HOST => Ok(false),
        Some(OrganisationKind::Organiser | OrganisationKind::Bridge) => Ok(true),
        _ => {
            let detail =
                format!("only organisations of the kind {}, organiser or bridge have one", K::HOST.as_str());
            Err(Error::field("/organisation", "wrong_kind", detail))
        }
    }
}

/// Registers a profile as a draft, made as `making` says: for seeds and imports, and for [`register`].
pub fn create<K: Kind>(
    conn: &mut Conn,
    act: &Act,
    acting: &Acting,
    catalogue: &Catalogue,
    facts: K::Facts,
    making: Making,
) -> Result<Profile<K>> {
    let facts = sound(conn, (acting.organisation_number, act.at.day()), None, facts)?;
    let (organisation, at) = (acting.organisation_number, act.at);
    let (id, Making { demo, claimable }) = (K::new_id(at), making);
    let number = store::insert::<K>(conn, &store::Insert { id, organisation, demo, claimable, at })?;
    let revision = store::Revision {
        number,
        revision: 1,
        facts: store::storable(&facts)?,
        changed: &known(&facts),
        at,
        person: act.person,
    };
    store::add_revision(conn, &revision)?;
    index(conn, catalogue, number, &facts, at.day())?;
    let event = Event::new(K::EVENTS.registered, Subject::new(id, number)).with("revision", 1);
    emit(conn, &act.on_behalf_of(acting.organisation), event)?;
    store::load::<K>(conn, &[number])?.pop().ok_or_else(|| Error::internal("the new profile is not there"))
}

/// Facts of an organisation that hold together today and refer only to what is there, as they are to be stored.
pub(super) fn sound<F: Facts + Indexed>(
    conn: &mut Conn,
    (organisation, today): (i64, Day),
    before: Option<&F>,
    facts: F,
) -> Result<F> {
    let faults = facts.faults(today);
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let known = before.map(Indexed::refers).unwrap_or_default();
    check_references(conn, organisation, &known, &facts.refers())?;
    Ok(facts.settled(before))
}

/// Makes a profile findable by its facts.
pub(super) fn index<F: Indexed>(
    conn: &mut Conn,
    catalogue: &Catalogue,
    number: i64,
    facts: &F,
    today: Day,
) -> Result<()> {
    let index = facts.index(catalogue);
    let dollars = dollars(conn, catalogue, &index, today)?;
    store::set_index(conn, number, &index, dollars).map_err(|e| {
        if violates(&e, "profiles", "external_id") {
            Error::new(Code::Duplicate, "the organisation has another profile with this external id")
                .because(e)
        } else {
            e
        }
    })
}

/// The amounts of an index in whole US dollars; nothing where no rate is known.
fn dollars(conn: &mut Conn, catalogue: &Catalogue, index: &Index, today: Day) -> Result<store::Dollars> {
    index.dollars(|money| reference::usd_floor(conn, catalogue, money, today))
}
