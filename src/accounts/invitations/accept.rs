//! The invited person accepts and becomes a member.
//!
//! Invariant: a token that is not good for this person says nothing about the invitation it may belong to.
//! Read next: [`super::model`].

use super::model::{Invitation, InvitationState};
use super::store;
use crate::accounts::mail_tokens::{MailTokens, Purpose};
use crate::accounts::memberships::{Member, admit, is_member};
use crate::accounts::organisations::{self, organisation};
use crate::accounts::people::{self, Email};
use crate::db::Conn;
use crate::events::Act;
use crate::identity::{OrganisationState, Principal};
use crate::kernel::error::{Code, Error, FieldError, Result};

fn no_such_token() -> Error {
    let detail = "the token is wrong, or not for the address of this account";
    let field = FieldError::at("/token", "invalid_token", detail);
    Error { fields: vec![field], ..Error::new(Code::InvalidParameter, detail) }
}

/// The invitation of a token, if its address is the one that this person has confirmed.
fn open(conn: &mut Conn, by: &Principal, tokens: &MailTokens, token: &str) -> Result<Invitation> {
    let number = MailTokens::row(token).ok_or_else(no_such_token)?;
    let invitation = store::by_number(conn, number)?.ok_or_else(no_such_token)?;
    let person = people::find(conn, by.id)?.ok_or_else(Error::not_found)?;
    let own = Email::parse(&person.email).map(|e| e.folded().to_owned());
    let genuine = tokens.is_token(token, Purpose::Invitation, number, invitation.created_at)?;
    if genuine && own.is_some() && own == invitation.email_folded {
        Ok(invitation)
    } else {
        Err(no_such_token())
    }
}

/// Makes the invited person a member. Emits `membership.changed` with the invitation.
pub(super) fn accept(
    conn: &mut Conn,
    act: &Act,
    by: &Principal,
    tokens: &MailTokens,
    token: &str,
) -> Result<Member> {
    if !by.verified {
        let detail = "confirm your e-mail address before you accept an invitation";
        return Err(Error::new(Code::EmailNotVerified, detail));
    }
    let number = open(conn, by, tokens, token)?.organisation_number;
    organisations::lock(conn, number)?;
    let invitation = open(conn, by, tokens, token)?;
    invitation.demand_pending(act.at)?;
    let organisation = organisation(conn, number)?.ok_or_else(Error::not_found)?;
    if organisation.state == OrganisationState::Suspended {
        return Err(Error::new(Code::AccountSuspended, "the organisation is suspended"));
    }
    if is_member(conn, number, invitation.email_folded.as_deref().unwrap_or_default())? {
        return Err(Error::new(Code::Duplicate, "you are a member already"));
    }
    store::set_state(conn, &invitation, InvitationState::Accepted)?;
    admit(conn, act, &organisation, by.number, (invitation.role, Some(invitation.id)))
}
