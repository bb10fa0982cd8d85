//! Stored replies to requests that carried an `Idempotency-Key`.
//!
//! Invariant: a reply is stored in the transaction of its effect, so there is one effect per key.
//! Read next: [`super::context`].

use super::reply::Reply;
use crate::db::{Conn, schema::idempotency_keys, try_lock, violates};
use crate::kernel::{
    error::{Code, Error, Result},
    time::Timestamp,
};
use diesel::prelude::*;

/// The request whose reply is stored.
#[derive(Clone, Debug)]
pub(super) struct Key {
    /// Caller, method and path.
    pub(super) scope: String,
    /// The key that the client chose.
    pub(super) key: String,
    /// What was asked for.
    pub(super) fingerprint: String,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = idempotency_keys)]
struct Row {
    fingerprint: String,
    status: i32,
    headers: String,
    body: String,
}

/// The stored reply to this key, if there is one.
pub(super) fn find(conn: &mut Conn, key: &Key) -> Result<Option<Reply>> {
    let row: Option<Row> = idempotency_keys::table
        .find((&key.scope, &key.key))
        .select(Row::as_select())
        .first(conn)
        .optional()?;
    let Some(row) = row else { return Ok(None) };
    if row.fingerprint != key.fingerprint {
        let detail = "the key was used for a request with another path, query or body";
        return Err(Error::new(Code::IdempotencyKeyReused, detail));
    }
    let reply = Reply {
        status: u16::try_from(row.status).map_err(Error::internal)?,
        headers: serde_json::from_str(&row.headers).map_err(Error::internal)?,
        body: (!row.body.is_empty()).then_some(row.body),
        secret: false,
    };
    Ok(Some(reply.header("idempotent-replayed", "true")))
}

/// Takes the key until the transaction ends; a second request with it is refused at once.
pub(super) fn take(conn: &mut Conn, key: &Key, now: Timestamp) -> Result<()> {
    let progress =
        || Error::new(Code::IdempotencyInProgress, "the same request is being carried out").retry_after(1);
    if !try_lock(conn, &format!("{} {}", key.scope, key.key))? {
        return Err(progress());
    }
    let row = (
        idempotency_keys::scope.eq(&key.scope),
        idempotency_keys::key.eq(&key.key),
        idempotency_keys::fingerprint.eq(&key.fingerprint),
        idempotency_keys::status.eq(0),
        idempotency_keys::headers.eq("[]"),
        idempotency_keys::body.eq(""),
        idempotency_keys::created_at.eq(now.micros()),
    );
    let taken = diesel::insert_into(idempotency_keys::table).values(row).execute(conn).map_err(Error::from);
    taken.map(|_| ()).map_err(|e| {
        if violates(&e, "idempotency_keys", "") {
            return progress();
        }
        e
    })
}

/// Stores the reply under its key.
pub(super) fn keep(conn: &mut Conn, key: &Key, reply: &Reply) -> Result<()> {
    if reply.secret {
        diesel::delete(idempotency_keys::table.find((&key.scope, &key.key))).execute(conn)?;
        return Ok(());
    }
    diesel::update(idempotency_keys::table.find((&key.scope, &key.key)))
        .set((
            idempotency_keys::status.eq(i32::from(reply.status)),
            idempotency_keys::headers.eq(serde_json::to_string(&reply.headers).map_err(Error::internal)?),
            idempotency_keys::body.eq(reply.body.as_deref().unwrap_or_default()),
        ))
        .execute(conn)?;
    Ok(())
}

/// Removes replies stored before `before` and returns how many.
pub fn prune(conn: &mut Conn, before: Timestamp) -> Result<usize> {
    let old = idempotency_keys::table.filter(idempotency_keys::created_at.lt(before.micros()));
    Ok(diesel::delete(old).execute(conn)?)
}
