//! Somebody registers an organisation and becomes its owner.
//!
//! Invariant: an organisation that a person registered has an owner from its first revision on; it waits for approval
//! unless the operator lets everybody in. Read next: [`super::approve`].

use super::model::{Organisation, OrganisationName, Website};
use super::store::{self, Insert};
use crate::accounts::memberships::{admit, owned};
use crate::db::Conn;
use crate::events::{self, Act, Event, Kind, Subject};
use crate::identity::{OrganisationKind, OrganisationState, Principal, Role};
use crate::kernel::{
    error::{Code, Error, Result},
    ids::OrganisationId,
};
use crate::reference::CountryCode;

/// The most organisations that one person owns.
const OWNED: i64 = 20;

/// What is said of a new organisation.
#[derive(Clone, Debug)]
pub struct NewOrganisation {
    /// What it is.
    pub kind: OrganisationKind,
    /// Its name.
    pub name: OrganisationName,
    /// Where it has its seat.
    pub country: Option<CountryCode>,
    /// Where its own pages are.
    pub website: Option<Website>,
    /// Whether it is let in at once.
    pub approved: bool,
    /// Whether it belongs to the demo world.
    pub demo: bool,
}

/// Registers an organisation for a person with a confirmed address. Emits what [`create_organisation`] emits.
pub(super) fn register(
    conn: &mut Conn,
    act: &Act,
    by: &Principal,
    new: NewOrganisation,
) -> Result<Organisation> {
    if !by.verified {
        let detail = "confirm your e-mail address before you register an organisation";
        return Err(Error::new(Code::EmailNotVerified, detail));
    }
    if owned(conn, by.number)? >= OWNED {
        return Err(Error::new(Code::Conflict, format!("a person owns at most {OWNED} organisations")));
    }
    create_organisation(conn, act, Some(by.number), new)
}

/// Makes an organisation, with an owner if there is one already: for registration, imports and the demo world.
///
/// Emits `organisation.registered`, then `organisation.approved` and `membership.changed` where they apply.
pub fn create_organisation(
    conn: &mut Conn,
    act: &Act,
    owner: Option<i64>,
    new: NewOrganisation,
) -> Result<Organisation> {
    let state = if new.approved { OrganisationState::Approved } else { OrganisationState::Pending };
    let id = OrganisationId::new(act.at);
    let row = Insert {
        id,
        kind: new.kind,
        state,
        name: &new.name,
        country: new.country,
        website: new.website.as_ref().map(Website::as_str),
        demo: new.demo,
        approved_at: new.approved.then_some(act.at),
        at: act.at,
    };
    let number = store::insert(conn, &row)?;
    let act = act.on_behalf_of(id);
    let registered = Event::new(Kind::OrganisationRegistered, Subject::new(id, number));
    events::emit(conn, &act, registered.with("kind", new.kind.as_str()).with("state", state.as_str()))?;
    if new.approved {
        let approved = Event::new(Kind::OrganisationApproved, Subject::new(id, number));
        events::emit(conn, &act, approved.with("automatic", true))?;
    }
    let organisation = store::by_number(conn, number)?.ok_or_else(Error::not_found)?;
    if let Some(person) = owner {
        admit(conn, &act, &organisation, person, (Role::Owner, None))?;
    }
    Ok(organisation)
}
