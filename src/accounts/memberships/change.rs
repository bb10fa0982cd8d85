//! Somebody becomes a member, gets another role, or leaves.
//!
//! Invariant: the last owner of an organisation stays one; who decides is an owner at the moment of the change, not only at
//! that of the request. Read next: [`super::store`].

use super::model::Member;
use super::store;
use crate::accounts::organisations::{self, Organisation};
use crate::db::Conn;
use crate::events::{self, Act, Event, Kind, Subject};
use crate::identity::{Principal, Role};
use crate::kernel::{
    error::{Code, Error, Result},
    ids::{InvitationId, MembershipId},
};

/// Makes a person a member, by an invitation or without, and without asking who decides. Emits `membership.changed`.
pub(in crate::accounts) fn admit(
    conn: &mut Conn,
    act: &Act,
    organisation: &Organisation,
    person_number: i64,
    (role, invitation): (Role, Option<InvitationId>),
) -> Result<Member> {
    let id = MembershipId::new(act.at);
    store::insert(conn, id, organisation.number, person_number, role, act.at)?;
    let member = store::by_id(conn, id)?.ok_or_else(Error::not_found)?;
    changed(conn, act, &member, invitation)?;
    Ok(member)
}

fn changed(conn: &mut Conn, act: &Act, member: &Member, invitation: Option<InvitationId>) -> Result<()> {
    let event = about(Kind::MembershipChanged, member).with("role", member.role.as_str());
    let event = match invitation {
        Some(id) => event.with("invitation", id.to_string()),
        None => event,
    };
    events::emit(conn, &act.on_behalf_of(member.organisation), event).map(|_| ())
}

fn about(kind: Kind, member: &Member) -> Event {
    Event::new(kind, Subject::new(member.id, member.number)).with("person", member.person.to_string())
}

/// Locks an organisation for somebody who may manage its members: an owner of it, or an admin.
pub(in crate::accounts) fn govern(conn: &mut Conn, by: &Principal, organisation_number: i64) -> Result<()> {
    if by.admin {
        return organisations::lock(conn, organisation_number);
    }
    by.acting(organisation_number, Role::Owner)?;
    organisations::lock(conn, organisation_number)?;
    match store::role(conn, organisation_number, by.number)? {
        Some(Role::Owner) => Ok(()),
        Some(_) => Err(Error::new(Code::Forbidden, "you are no owner of the organisation any more")),
        None => Err(Error::not_found()),
    }
}

fn find(conn: &mut Conn, by: &Principal, id: MembershipId) -> Result<Member> {
    let member = store::by_id(conn, id)?.ok_or_else(Error::not_found)?;
    if by.admin || by.belongs_to(member.organisation_number) { Ok(member) } else { Err(Error::not_found()) }
}

/// A membership for somebody of the same organisation, or for an admin.
pub(super) fn read(conn: &mut Conn, by: &Principal, id: MembershipId) -> Result<Member> {
    let member = find(conn, by, id)?;
    if !by.admin {
        by.acting(member.organisation_number, Role::Viewer)?;
    }
    Ok(member)
}

/// Gives a member another role; `role` is given the locked membership, and refuses if another one was read.
///
/// The same role again changes nothing. Emits `membership.changed`.
pub(super) fn change_role(
    conn: &mut Conn,
    act: &Act,
    by: &Principal,
    id: MembershipId,
    role: impl FnOnce(&Member) -> Result<Role>,
) -> Result<Member> {
    let organisation = find(conn, by, id)?.organisation_number;
    govern(conn, by, organisation)?;
    let current = find(conn, by, id)?;
    let role = role(&current)?;
    if role == current.role {
        return Ok(current);
    }
    keep_an_owner(conn, &current)?;
    store::set_role(conn, &current, role)?;
    let member = find(conn, by, id)?;
    changed(conn, act, &member, None)?;
    Ok(member)
}

/// Ends a membership: an owner's decision, or the member's own. Emits `membership.ended`.
pub(super) fn end(conn: &mut Conn, act: &Act, by: &Principal, id: MembershipId) -> Result<()> {
    let member = find(conn, by, id)?;
    if member.person_number == by.number {
        organisations::lock(conn, member.organisation_number)?;
    } else {
        govern(conn, by, member.organisation_number)?;
    }
    let current = find(conn, by, id)?;
    keep_an_owner(conn, &current)?;
    store::delete(conn, &current)?;
    let event = about(Kind::MembershipEnded, &current).with("role", current.role.as_str());
    events::emit(conn, &act.on_behalf_of(current.organisation), event).map(|_| ())
}

fn keep_an_owner(conn: &mut Conn, member: &Member) -> Result<()> {
    if member.role == Role::Owner && store::owners(conn, member.organisation_number)? == 1 {
        let detail = "this is the last owner; make somebody else an owner first";
        return Err(Error::new(Code::Conflict, detail));
    }
    Ok(())
}
