//! Stored replies to requests that carried an `Idempotency-Key`.
//!
//! Invariant: a reply is stored in the transaction of its effect, so there is one effect per key. Its body, which may
//! hold names, addresses and tokens, is encrypted under the client's key, and of that key only a digest is stored: without the
//! client nobody can read it. Read next: [`super::context`].

use super::reply::Reply;
use crate::db::{Conn, schema::idempotency_keys, try_lock, violates};
use crate::kernel::{
    cipher::Cipher,
    error::{Code, Error, Result},
    ids::PersonId,
    time::Timestamp,
    visibility::Audience,
};
use diesel::prelude::*;
use sha2::{Digest, Sha256};
use std::time::Duration;

/// The time that stored replies are kept.
pub const KEPT: Duration = Duration::from_secs(24 * 3_600);

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

impl Key {
    /// What stands in the table for the key.
    fn digest(&self) -> String {
        Sha256::digest(&self.key).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn cipher(&self) -> Result<Cipher> {
        Cipher::new(self.key.as_bytes(), &format!("stored reply {}", self.scope))
    }

    fn seal(&self, body: Option<&str>) -> Result<String> {
        body.map_or(Ok(String::new()), |body| self.cipher()?.seal(body.as_bytes()))
    }

    fn open(&self, stored: &str) -> Result<Option<String>> {
        if stored.is_empty() {
            return Ok(None);
        }
        let bytes = self.cipher()?.open(stored);
        let bytes = bytes.ok_or_else(|| Error::internal("a stored reply does not open"))?;
        String::from_utf8(bytes).map(Some).map_err(Error::internal)
    }
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
        .find((&key.scope, key.digest()))
        .select(Row::as_select())
        .get_result(conn)
        .optional()?;
    let Some(row) = row else { return Ok(None) };
    if row.fingerprint != key.fingerprint {
        let detail = "the key was used for a request with another path, query or body";
        return Err(Error::new(Code::IdempotencyKeyReused, detail));
    }
    let reply = Reply {
        status: u16::try_from(row.status).map_err(Error::internal)?,
        headers: serde_json::from_str(&row.headers).map_err(Error::internal)?,
        body: key.open(&row.body)?,
        // What is stored has its ETag already.
        audience: Audience::EVERYBODY,
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
        idempotency_keys::key.eq(key.digest()),
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

/// Gives a taken key back: the request was refused, and what was kept of it is no reply.
pub(super) fn give_back(conn: &mut Conn, key: &Key) -> Result<()> {
    diesel::delete(idempotency_keys::table.find((&key.scope, key.digest()))).execute(conn)?;
    Ok(())
}

/// Stores the reply under its key.
pub(super) fn keep(conn: &mut Conn, key: &Key, reply: &Reply) -> Result<()> {
    diesel::update(idempotency_keys::table.find((&key.scope, key.digest())))
        .set((
            idempotency_keys::status.eq(i32::from(reply.status)),
            idempotency_keys::headers.eq(serde_json::to_string(&reply.headers).map_err(Error::internal)?),
            idempotency_keys::body.eq(key.seal(reply.body.as_deref())?),
        ))
        .execute(conn)?;
    Ok(())
}

/// Removes the replies that have been kept for longer than [`KEPT`], and returns how many.
///
/// # Errors
/// A refusal of the database.
pub fn prune(conn: &mut Conn, now: Timestamp) -> Result<usize> {
    let before = now.minus(KEPT).micros();
    let old = idempotency_keys::table.filter(idempotency_keys::created_at.lt(before));
    Ok(diesel::delete(old).execute(conn)?)
}

/// The scopes of a person's requests, as a pattern: the id and whatever follows it. An underscore stands for any one
/// character; in its place an id has one anyway.
fn scopes(person: PersonId) -> String {
    format!("{person} %")
}

/// The replies stored for a person, the oldest first: method and path of the request, the status, and when.
pub(super) fn of_person(conn: &mut Conn, person: PersonId) -> Result<Vec<(String, i32, i64)>> {
    let found = idempotency_keys::table.filter(idempotency_keys::scope.like(scopes(person)));
    let columns = (idempotency_keys::scope, idempotency_keys::status, idempotency_keys::created_at);
    let rows: Vec<(String, i32, i64)> =
        found.order(idempotency_keys::created_at).select(columns).load(conn)?;
    let request = |scope: String| scope.split_once(' ').map(|(_, request)| request.to_owned());
    Ok(rows.into_iter().map(|(scope, status, at)| (request(scope).unwrap_or_default(), status, at)).collect())
}

/// Removes the replies stored for a person.
pub(super) fn remove_of_person(conn: &mut Conn, person: PersonId) -> Result<()> {
    diesel::delete(idempotency_keys::table.filter(idempotency_keys::scope.like(scopes(person))))
        .execute(conn)?;
    Ok(())
}
