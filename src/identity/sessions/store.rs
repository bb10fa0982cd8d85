//! Rows of sessions and refresh tokens.
//!
//! Invariant: a refresh token is stored as its SHA-256 only. Read next: [`mod@super::open`].

use super::open::Session;
use crate::db::{
    Conn,
    schema::{people, refresh_tokens, sessions},
};
use crate::identity::PersonState;
use crate::kernel::{
    error::{Error, Result},
    ids::{PersonId, SessionId},
    time::Timestamp,
};
use diesel::prelude::*;
use std::time::Duration;

/// The time that sessions are kept after they have expired.
pub const KEPT: Duration = Duration::from_secs(24 * 3_600);

type Row = (i64, String, i64, i64, i64);

fn session((number, id, created_at, used_at, expires_at): Row) -> Result<Session> {
    Ok(Session {
        number,
        id: id.parse().map_err(Error::internal)?,
        created_at: Timestamp::from_micros(created_at),
        used_at: Timestamp::from_micros(used_at),
        expires_at: Timestamp::from_micros(expires_at),
    })
}

pub(super) fn insert(
    conn: &mut Conn,
    id: SessionId,
    person: i64,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<i64> {
    let row = (
        sessions::public_id.eq(id.to_string()),
        sessions::person_id.eq(person),
        sessions::created_at.eq(now.micros()),
        sessions::used_at.eq(now.micros()),
        sessions::expires_at.eq(expires_at.micros()),
    );
    Ok(diesel::insert_into(sessions::table).values(row).returning(sessions::id).get_result(conn)?)
}

pub(super) fn insert_token(conn: &mut Conn, hash: &str, session: i64, now: Timestamp) -> Result<()> {
    let row = (
        refresh_tokens::hash.eq(hash),
        refresh_tokens::session_id.eq(session),
        refresh_tokens::created_at.eq(now.micros()),
    );
    diesel::insert_into(refresh_tokens::table).values(row).execute(conn)?;
    Ok(())
}

/// The session of a refresh token, and who it belongs to.
pub(super) struct Found {
    pub(super) session: Session,
    pub(super) ended: bool,
    pub(super) person: PersonId,
    pub(super) state: PersonState,
}

pub(super) fn of_token(conn: &mut Conn, hash: &str) -> Result<Option<Found>> {
    let row: Option<(Row, Option<i64>, String, String)> = refresh_tokens::table
        .inner_join(sessions::table.inner_join(people::table))
        .filter(refresh_tokens::hash.eq(hash))
        .select((
            (
                sessions::id,
                sessions::public_id,
                sessions::created_at,
                sessions::used_at,
                sessions::expires_at,
            ),
            sessions::ended_at,
            people::public_id,
            people::state,
        ))
        .get_result(conn)
        .optional()?;
    let found = |(row, ended_at, person, state): (Row, Option<i64>, String, String)| {
        Ok(Found {
            session: session(row)?,
            ended: ended_at.is_some(),
            person: person.parse().map_err(Error::internal)?,
            state: PersonState::parse(&state),
        })
    };
    row.map(found).transpose()
}

/// Uses a refresh token, and says whether that was the first time.
pub(super) fn use_token(conn: &mut Conn, hash: &str, now: Timestamp) -> Result<bool> {
    let place = refresh_tokens::table.find(hash).filter(refresh_tokens::used_at.is_null());
    Ok(diesel::update(place).set(refresh_tokens::used_at.eq(now.micros())).execute(conn)? == 1)
}

pub(super) fn touch(conn: &mut Conn, number: i64, now: Timestamp) -> Result<()> {
    diesel::update(sessions::table.find(number)).set(sessions::used_at.eq(now.micros())).execute(conn)?;
    Ok(())
}

/// Ends a session, and says whether it stood until now.
pub(super) fn end(conn: &mut Conn, number: i64, now: Timestamp) -> Result<bool> {
    let place = sessions::table.find(number).filter(sessions::ended_at.is_null());
    Ok(diesel::update(place).set(sessions::ended_at.eq(now.micros())).execute(conn)? == 1)
}

/// The number of a standing session of that person.
pub(super) fn number(conn: &mut Conn, id: SessionId, person: i64, now: Timestamp) -> Result<Option<i64>> {
    Ok(sessions::table
        .filter(sessions::public_id.eq(id.to_string()))
        .filter(sessions::person_id.eq(person))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::expires_at.gt(now.micros()))
        .select(sessions::id)
        .get_result(conn)
        .optional()?)
}

/// The standing sessions of a person.
pub(super) fn of_person(conn: &mut Conn, person: i64, now: Timestamp) -> Result<Vec<(i64, SessionId)>> {
    let rows: Vec<(i64, String)> = sessions::table
        .filter(sessions::person_id.eq(person))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::expires_at.gt(now.micros()))
        .select((sessions::id, sessions::public_id))
        .order(sessions::id)
        .load(conn)?;
    rows.into_iter().map(|(n, id)| Ok((n, id.parse().map_err(Error::internal)?))).collect()
}

/// The standing sessions of a person before a number, the newest first.
pub(super) fn page(
    conn: &mut Conn,
    person: i64,
    now: Timestamp,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Session>> {
    let rows: Vec<Row> = sessions::table
        .filter(sessions::person_id.eq(person))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::expires_at.gt(now.micros()))
        .filter(sessions::id.lt(before.unwrap_or(i64::MAX)))
        .order(sessions::id.desc())
        .limit(limit)
        .select((
            sessions::id,
            sessions::public_id,
            sessions::created_at,
            sessions::used_at,
            sessions::expires_at,
        ))
        .load(conn)?;
    rows.into_iter().map(session).collect()
}

/// Removes sessions, with their tokens, that expired before `before`.
pub fn prune(conn: &mut Conn, before: Timestamp) -> Result<usize> {
    let old = sessions::table.filter(sessions::expires_at.lt(before.micros()));
    Ok(diesel::delete(old).execute(conn)?)
}

/// All sessions of a person, the oldest first, each with its end; `None` if it was not ended.
pub fn all_of(conn: &mut Conn, person: i64) -> Result<Vec<(Session, Option<Timestamp>)>> {
    let columns = (
        (sessions::id, sessions::public_id, sessions::created_at, sessions::used_at, sessions::expires_at),
        sessions::ended_at,
    );
    let found = sessions::table.filter(sessions::person_id.eq(person)).order(sessions::id).select(columns);
    let rows: Vec<(Row, Option<i64>)> = found.load(conn)?;
    let one = |(row, ended): (Row, Option<i64>)| Ok((session(row)?, ended.map(Timestamp::from_micros)));
    rows.into_iter().map(one).collect()
}

/// Removes all sessions of a person, with their tokens.
pub fn remove_all(conn: &mut Conn, person: i64) -> Result<()> {
    diesel::delete(sessions::table.filter(sessions::person_id.eq(person))).execute(conn)?;
    Ok(())
}
