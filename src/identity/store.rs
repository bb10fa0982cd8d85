//! The principal behind verified claims, read in one query.
//!
//! Invariant: rights are read anew for each request, so a role, a state or a session that is gone is gone at once.
//! Read next: [`super::principal`].

use super::{Claims, Membership, OrganisationKind, OrganisationState, PersonState, Principal, Role};
use crate::db::{
    Conn,
    schema::{memberships, organisations, people, sessions},
};
use crate::kernel::{
    error::{Code, Error, Result},
    time::Timestamp,
};
use diesel::prelude::*;

/// The person and the session of a token, the same in each of its rows.
type Standing = (i64, String, bool, Option<i64>, Option<i64>);
/// One membership; `None` in the only row of a person without any.
type Place = Option<(i64, String, String, String, bool, String)>;

/// The principal behind verified claims, as the database stands now.
///
/// # Errors
/// `invalid_token` without such a session or after its end, `account_suspended` for a suspended person.
pub fn authenticate(conn: &mut Conn, claims: &Claims, now: Timestamp) -> Result<Principal> {
    let revoked = || Error::new(Code::InvalidToken, "the session has ended; sign in again");
    let rows = rows(conn, claims, now)?;
    let Some(((number, state, admin, verified_at, ended_at), _)) = rows.first() else {
        return Err(revoked());
    };
    if PersonState::parse(state) != PersonState::Active {
        return Err(Error::new(Code::AccountSuspended, "an administrator suspended this account"));
    }
    if ended_at.is_some() {
        return Err(revoked());
    }
    let (number, admin, verified) = (*number, *admin, verified_at.is_some());
    let memberships = rows.into_iter().filter_map(|(_, place)| membership(place).transpose());
    Ok(Principal {
        number,
        id: claims.person,
        session: claims.session,
        admin,
        verified,
        memberships: memberships.collect::<Result<_>>()?,
    })
}

/// A row for each membership of the person, the oldest first; at least one where the session exists.
fn rows(conn: &mut Conn, claims: &Claims, now: Timestamp) -> Result<Vec<(Standing, Place)>> {
    let places = memberships::table.inner_join(organisations::table);
    Ok(sessions::table
        .inner_join(people::table.left_join(places))
        .filter(sessions::public_id.eq(claims.session.to_string()))
        .filter(people::public_id.eq(claims.person.to_string()))
        .filter(sessions::expires_at.gt(now.micros()))
        .order(memberships::id)
        .select((
            (people::id, people::state, people::admin, people::verified_at, sessions::ended_at),
            (
                organisations::id,
                organisations::public_id,
                organisations::kind,
                organisations::state,
                organisations::approver,
                memberships::role,
            )
                .nullable(),
        ))
        .load(conn)?)
}

fn membership(place: Place) -> Result<Option<Membership>> {
    let Some((number, id, kind, state, approver, role)) = place else { return Ok(None) };
    let odd = |what: &str| Error::internal(format!("{what} in the database has an unknown word"));
    Ok(Some(Membership {
        organisation_number: number,
        organisation: id.parse().map_err(Error::internal)?,
        kind: OrganisationKind::parse(&kind).ok_or_else(|| odd("the kind of an organisation"))?,
        state: OrganisationState::parse(&state).ok_or_else(|| odd("the state of an organisation"))?,
        approver,
        role: Role::parse(&role).ok_or_else(|| odd("the role of a membership"))?,
    }))
}
