//! The caller behind a verified token.
//!
//! Invariant: what somebody may do is read at each call, so a role, a state or a session that is gone is gone at once.
//! Read next: [`super::model`].

use super::principal::{Membership, OrganisationKind, OrganisationState, Role};
use super::{Claims, Principal};
use crate::db::{
    Conn,
    schema::{memberships, organisations, people, sessions},
};
use crate::kernel::{
    error::{Code, Error, Result},
    time::Timestamp,
};
use diesel::prelude::*;

type Standing = (i64, String, bool, Option<i64>, Option<i64>);
type Place = (i64, String, String, String, bool, String);

/// The caller behind verified claims, as the database stands now.
///
/// No such session, or one that ended: 401. A suspended person: 403.
pub fn authenticate(conn: &mut Conn, claims: &Claims, now: Timestamp) -> Result<Principal> {
    let revoked = || Error::new(Code::InvalidToken, "the session has ended; sign in again");
    let row: Option<Standing> = sessions::table
        .inner_join(people::table)
        .filter(sessions::public_id.eq(claims.session.to_string()))
        .filter(people::public_id.eq(claims.person.to_string()))
        .filter(sessions::expires_at.gt(now.micros()))
        .select((people::id, people::state, people::admin, people::verified_at, sessions::ended_at))
        .get_result(conn)
        .optional()?;
    let (number, state, admin, verified_at, ended_at) = row.ok_or_else(revoked)?;
    if state != "active" {
        return Err(Error::new(Code::AccountSuspended, "an administrator suspended this account"));
    }
    if ended_at.is_some() {
        return Err(revoked());
    }
    Ok(Principal {
        number,
        id: claims.person,
        session: claims.session,
        admin,
        verified: verified_at.is_some(),
        memberships: memberships_of(conn, number)?,
    })
}

fn memberships_of(conn: &mut Conn, person: i64) -> Result<Vec<Membership>> {
    let rows: Vec<Place> = memberships::table
        .inner_join(organisations::table)
        .filter(memberships::person_id.eq(person))
        .order(memberships::id)
        .select((
            organisations::id,
            organisations::public_id,
            organisations::kind,
            organisations::state,
            organisations::approver,
            memberships::role,
        ))
        .load(conn)?;
    rows.into_iter().map(membership).collect()
}

fn membership((number, id, kind, state, approver, role): Place) -> Result<Membership> {
    let odd = |what: &str| Error::internal(format!("{what} in the database has an unknown word"));
    Ok(Membership {
        organisation_number: number,
        organisation: id.parse().map_err(Error::internal)?,
        kind: OrganisationKind::parse(&kind).ok_or_else(|| odd("the kind of an organisation"))?,
        state: OrganisationState::parse(&state).ok_or_else(|| odd("the state of an organisation"))?,
        approver,
        role: Role::parse(&role).ok_or_else(|| odd("the role of a membership"))?,
    })
}
