//! Rows of invitations; the address lies in a table of its own.
//!
//! Invariant: an address is stored nowhere but in `invitations_private`, from where it can be removed alone.
//! Read next: [`super::model`].

use super::model::{Invitation, InvitationState};
use crate::accounts::people::Email;
use crate::db::{
    Conn,
    schema::{invitations, invitations_private, organisations, people},
};
use crate::identity::Role;
use crate::kernel::{
    error::{Error, Result},
    ids::InvitationId,
    time::Timestamp,
};
use diesel::prelude::*;

#[derive(Queryable, Selectable)]
#[diesel(table_name = invitations)]
struct Row {
    id: i64,
    public_id: String,
    organisation_id: i64,
    role: String,
    state: String,
    created_at: i64,
    expires_at: i64,
}

type Joined = (Row, (String, String), String, (Option<String>, Option<String>));

fn parse((row, (organisation, name), invited_by, (email, email_folded)): Joined) -> Result<Invitation> {
    let word = |what: &str| Error::internal(format!("invitation {} has an unknown {what}", row.id));
    Ok(Invitation {
        number: row.id,
        id: row.public_id.parse().map_err(Error::internal)?,
        organisation_number: row.organisation_id,
        organisation: organisation.parse().map_err(Error::internal)?,
        organisation_name: name,
        invited_by: invited_by.parse().map_err(Error::internal)?,
        role: Role::parse(&row.role).ok_or_else(|| word("role"))?,
        email,
        email_folded,
        created_at: Timestamp::from_micros(row.created_at),
        expires_at: Timestamp::from_micros(row.expires_at),
        state: InvitationState::parse(&row.state).ok_or_else(|| word("state"))?,
    })
}

/// The rows of invitations, ready for a filter.
macro_rules! invitations {
    () => {
        invitations::table
            .inner_join(organisations::table)
            .inner_join(people::table.on(people::id.eq(invitations::invited_by)))
            .left_join(invitations_private::table.on(invitations_private::invitation_id.eq(invitations::id)))
            .select((
                Row::as_select(),
                (organisations::public_id, organisations::name),
                people::public_id,
                (invitations_private::email.nullable(), invitations_private::email_folded.nullable()),
            ))
    };
}

/// The invitation with that permanent number.
pub fn by_number(conn: &mut Conn, number: i64) -> Result<Option<Invitation>> {
    let found = invitations!().filter(invitations::id.eq(number));
    found.first::<Joined>(conn).optional()?.map(parse).transpose()
}

/// The invitation with that public id.
pub(super) fn by_id(conn: &mut Conn, id: InvitationId) -> Result<Option<Invitation>> {
    let found = invitations!().filter(invitations::public_id.eq(id.to_string()));
    found.first::<Joined>(conn).optional()?.map(parse).transpose()
}

/// The invitations of an organisation by number after `after`, at most `limit`.
pub(super) fn of_organisation(
    conn: &mut Conn,
    organisation_number: i64,
    after: i64,
    limit: usize,
) -> Result<Vec<Invitation>> {
    let of = invitations::organisation_id.eq(organisation_number).and(invitations::id.gt(after));
    let rows = invitations!().filter(of).order(invitations::id).limit(limit as i64);
    rows.load::<Joined>(conn)?.into_iter().map(parse).collect()
}

/// Whether an address has an invitation of this organisation that waits for an answer.
pub(super) fn is_open(
    conn: &mut Conn,
    organisation_number: i64,
    email_folded: &str,
    now: Timestamp,
) -> Result<bool> {
    let found = invitations::table
        .inner_join(invitations_private::table.on(invitations_private::invitation_id.eq(invitations::id)))
        .filter(invitations::organisation_id.eq(organisation_number))
        .filter(invitations::state.eq(InvitationState::Pending.as_str()))
        .filter(invitations::expires_at.gt(now.micros()))
        .filter(invitations_private::email_folded.eq(email_folded));
    Ok(found.count().get_result::<i64>(conn)? > 0)
}

/// How many invitations an organisation sent after `since`.
pub(super) fn sent_since(conn: &mut Conn, organisation_number: i64, since: Timestamp) -> Result<i64> {
    let sent = invitations::table
        .filter(invitations::organisation_id.eq(organisation_number))
        .filter(invitations::created_at.gt(since.micros()));
    Ok(sent.count().get_result(conn)?)
}

/// What a new row holds.
pub(super) struct Insert<'a> {
    pub(super) id: InvitationId,
    pub(super) organisation: i64,
    pub(super) by: i64,
    pub(super) role: Role,
    pub(super) email: &'a Email,
    pub(super) expires_at: Timestamp,
}

/// Adds an invitation and returns its permanent number.
pub(super) fn insert(conn: &mut Conn, new: &Insert<'_>, at: Timestamp) -> Result<i64> {
    let row = (
        invitations::public_id.eq(new.id.to_string()),
        invitations::organisation_id.eq(new.organisation),
        invitations::invited_by.eq(new.by),
        invitations::role.eq(new.role.as_str()),
        invitations::state.eq(InvitationState::Pending.as_str()),
        invitations::created_at.eq(at.micros()),
        invitations::expires_at.eq(new.expires_at.micros()),
    );
    let number: i64 =
        diesel::insert_into(invitations::table).values(row).returning(invitations::id).get_result(conn)?;
    let private = (
        invitations_private::invitation_id.eq(number),
        invitations_private::email.eq(new.email.as_str()),
        invitations_private::email_folded.eq(new.email.folded()),
    );
    diesel::insert_into(invitations_private::table).values(private).execute(conn)?;
    Ok(number)
}

/// Stores where an invitation stands.
pub(super) fn set_state(conn: &mut Conn, invitation: &Invitation, state: InvitationState) -> Result<()> {
    let row = invitations::table.find(invitation.number);
    diesel::update(row).set(invitations::state.eq(state.as_str())).execute(conn)?;
    Ok(())
}

/// Removes the addresses of invitations that ended before `before`, and returns how many.
pub fn prune(conn: &mut Conn, before: Timestamp) -> Result<usize> {
    let old = invitations::table.filter(invitations::expires_at.lt(before.micros())).select(invitations::id);
    let private = invitations_private::table.filter(invitations_private::invitation_id.eq_any(old));
    Ok(diesel::delete(private).execute(conn)?)
}

/// The invitations to an address, the oldest first.
pub fn to(conn: &mut Conn, email_folded: &str) -> Result<Vec<Invitation>> {
    let found = invitations!().filter(invitations_private::email_folded.eq(email_folded));
    found.order(invitations::id).load::<Joined>(conn)?.into_iter().map(parse).collect()
}

/// Removes an address from all invitations to it, which nobody can accept any more.
pub fn remove_addresses(conn: &mut Conn, email_folded: &str) -> Result<()> {
    let private = invitations_private::table.filter(invitations_private::email_folded.eq(email_folded));
    diesel::delete(private).execute(conn)?;
    Ok(())
}
