//! Admins and entitled organisers let organisations in; admins suspend them, restore them and entitle organisers.
//!
//! Invariant: every change of state is one of [`Transition`] made on the locked row; the reason of a suspension is never
//! in an event. Nobody approves an organisation of their own but an admin. Read next: [`super::model`].

use super::model::{Organisation, Transition, may_approve, not_an_approver};
use super::store;
use crate::db::Conn;
use crate::events::{self, Act, Event, Kind, Subject};
use crate::identity::{OrganisationKind, OrganisationState, Principal};
use crate::kernel::{
    error::{Code, Error, Result},
    ids::OrganisationId,
};

fn locked(conn: &mut Conn, id: OrganisationId) -> Result<Organisation> {
    let number = store::by_id(conn, id)?.ok_or_else(Error::not_found)?.number;
    store::lock(conn, number)?;
    store::by_number(conn, number)?.ok_or_else(Error::not_found)
}

fn keep(conn: &mut Conn, act: &Act, next: &Organisation, event: Event) -> Result<Organisation> {
    store::update(conn, next, act.at)?;
    events::emit(conn, act, event)?;
    store::by_number(conn, next.number)?.ok_or_else(Error::not_found)
}

fn event(kind: Kind, organisation: &Organisation) -> Event {
    Event::new(kind, Subject::new(organisation.id, organisation.number))
}

/// Lets an organisation in. Emits `organisation.approved`.
pub(super) fn approve(
    conn: &mut Conn,
    act: &Act,
    by: &Principal,
    id: OrganisationId,
) -> Result<Organisation> {
    let current = locked(conn, id)?;
    current.seen_by(Some(by))?;
    if !may_approve(by) {
        return Err(not_an_approver());
    }
    if !by.admin && by.belongs_to(current.number) {
        return Err(Error::new(Code::Forbidden, "somebody else has to approve your own organisation"));
    }
    let state = current.after(Transition::Approve)?;
    let next = Organisation { state, approved_at: Some(act.at), ..current };
    keep(conn, act, &next, event(Kind::OrganisationApproved, &next).with("automatic", false))
}

/// Suspends an organisation. Emits `organisation.suspended`.
pub(super) fn suspend(
    conn: &mut Conn,
    act: &Act,
    id: OrganisationId,
    reason: String,
) -> Result<Organisation> {
    let current = locked(conn, id)?;
    let state = current.after(Transition::Suspend)?;
    let next = Organisation { state, suspension_reason: Some(reason), ..current };
    keep(conn, act, &next, event(Kind::OrganisationSuspended, &next).with("state", state.as_str()))
}

/// Ends a suspension: the organisation stands where it stood before. Emits `organisation.restored` with that state.
pub(super) fn restore(conn: &mut Conn, act: &Act, id: OrganisationId) -> Result<Organisation> {
    let current = locked(conn, id)?;
    let state = current.after(Transition::Restore)?;
    let next = Organisation { state, suspension_reason: None, ..current };
    keep(conn, act, &next, event(Kind::OrganisationRestored, &next).with("state", state.as_str()))
}

/// Entitles an approved organiser to approve others, or ends that. Emits `organisation.revised`.
pub fn entitle(
    conn: &mut Conn,
    act: &Act,
    id: OrganisationId,
    approver: bool,
    demand: impl FnOnce(i64) -> Result<()>,
) -> Result<Organisation> {
    let current = locked(conn, id)?;
    demand(current.version)?;
    let organiser = current.kind == OrganisationKind::Organiser;
    if approver && !(organiser && current.state == OrganisationState::Approved) {
        return Err(Error::new(Code::Conflict, "only an approved organiser can approve others"));
    }
    if approver == current.approver {
        return Ok(current);
    }
    let next = Organisation { approver, ..current };
    keep(conn, act, &next, event(Kind::OrganisationRevised, &next).with("changed", vec!["approver"]))
}
