//! An owner invites somebody by address, or takes an invitation back.
//!
//! Invariant: whether the address belongs to an account changes nothing but for a member of the same organisation, whom
//! the owner can see anyway; an organisation cannot be used to flood people with mails. Read next: [`super::accept`].

use super::model::{Invitation, InvitationState};
use super::store;
use crate::accounts::memberships::{govern, is_member};
use crate::accounts::organisations::{Organisation, organisation_by_id};
use crate::accounts::people::Email;
use crate::db::Conn;
use crate::events::{self, Act, Event, Kind, Subject};
use crate::identity::{OrganisationState, Principal, Role};
use crate::kernel::{
    error::{Code, Error, Result},
    ids::{InvitationId, OrganisationId},
    time::Timestamp,
};
use std::time::Duration;

const LIFETIME: Duration = Duration::from_secs(14 * 24 * 3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// How many invitations an organisation sends in 24 hours.
fn daily(state: OrganisationState) -> i64 {
    if state == OrganisationState::Approved { 50 } else { 5 }
}

/// Invites whoever has the address. Emits `invitation.sent`, from which the mail follows.
pub(super) fn invite(
    conn: &mut Conn,
    act: &Act,
    by: &Principal,
    id: OrganisationId,
    (email, role): (&Email, Role),
) -> Result<Invitation> {
    let organisation = organisation_by_id(conn, id)?.ok_or_else(Error::not_found)?;
    govern(conn, by, organisation.number)?;
    allow(conn, &organisation, email, act.at)?;
    let id = InvitationId::new(act.at);
    let expires_at = act.at.plus(LIFETIME);
    let new = store::Insert { id, organisation: organisation.number, by: by.number, role, email, expires_at };
    let number = store::insert(conn, &new, act.at)?;
    let event = Event::new(Kind::InvitationSent, Subject::new(id, number)).with("role", role.as_str());
    events::emit(conn, &act.on_behalf_of(organisation.id), event)?;
    store::by_number(conn, number)?.ok_or_else(Error::not_found)
}

fn allow(conn: &mut Conn, organisation: &Organisation, email: &Email, now: Timestamp) -> Result<()> {
    if is_member(conn, organisation.number, email.folded())? {
        return Err(Error::new(Code::Duplicate, "somebody with this address is a member already"));
    }
    if store::is_open(conn, organisation.number, email.folded(), now)? {
        let detail = "this address has an invitation that waits for an answer; withdraw it first";
        return Err(Error::new(Code::Duplicate, detail));
    }
    let most = daily(organisation.state);
    if store::sent_since(conn, organisation.number, now.minus(DAY))? >= most {
        let detail = format!("the organisation sends at most {most} invitations in 24 hours");
        return Err(Error::new(Code::RateLimited, detail).retry_after(3600));
    }
    Ok(())
}

/// Takes an invitation back. Emits `invitation.withdrawn`.
pub(super) fn withdraw(conn: &mut Conn, act: &Act, by: &Principal, id: InvitationId) -> Result<()> {
    let number = store::by_id(conn, id)?.ok_or_else(Error::not_found)?.organisation_number;
    govern(conn, by, number)?;
    let current = store::by_id(conn, id)?.ok_or_else(Error::not_found)?;
    current.demand_pending(act.at)?;
    store::set_state(conn, &current, InvitationState::Withdrawn)?;
    let event = Event::new(Kind::InvitationWithdrawn, Subject::new(id, current.number));
    events::emit(conn, &act.on_behalf_of(current.organisation), event).map(|_| ())
}
