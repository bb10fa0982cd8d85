//! Writing events and following them.
//!
//! Invariant: [`emit`] is the only writer. On PostgreSQL a revision may become visible after a higher one; a follower
//! that respects [`horizon`] never skips one. Read next: `matching::feed`.

use super::model::{Act, Event};
use crate::db::{Conn, schema::events};
use crate::kernel::{
    error::{Error, Result},
    ids::EventId,
    time::Timestamp,
};
use diesel::dsl::max;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

#[derive(Insertable)]
#[diesel(table_name = events)]
struct NewRow {
    public_id: String,
    at: i64,
    kind: &'static str,
    subject: String,
    subject_number: i64,
    person: Option<String>,
    organisation: Option<String>,
    request: String,
    data: String,
}

/// An event as it stands in the log.
#[derive(Clone, Debug, Queryable)]
pub struct Entry {
    /// The revision: the number of this event.
    pub revision: i64,
    /// The public id.
    pub id: String,
    /// When, in microseconds since 1970.
    pub at: i64,
    /// The word of the kind.
    pub kind: String,
    /// The public id of the subject.
    pub subject: String,
    /// The permanent number of the subject.
    pub subject_number: i64,
    /// Who acted.
    pub person: Option<String>,
    /// On whose behalf.
    pub organisation: Option<String>,
    /// The request id, command or job.
    pub request: String,
    /// Ids, states and names of changed fields, as JSON.
    pub data: String,
}

/// Appends an event in the running transaction and returns its revision.
pub fn emit(conn: &mut Conn, act: &Act, event: Event) -> Result<i64> {
    let row = NewRow {
        public_id: EventId::new(act.at).to_string(),
        at: act.at.micros(),
        kind: event.kind.as_str(),
        subject: event.subject.id,
        subject_number: event.subject.number,
        person: act.person.map(|p| p.to_string()),
        organisation: act.organisation.map(|o| o.to_string()),
        request: act.request.clone(),
        data: serde_json::to_string(&event.data).map_err(Error::internal)?,
    };
    Ok(diesel::insert_into(events::table).values(row).returning(events::id).get_result(conn)?)
}

/// The highest revision that this connection sees; 0 for an empty log.
pub fn revision(conn: &mut Conn) -> Result<i64> {
    Ok(events::table.select(max(events::id)).first::<Option<i64>>(conn)?.unwrap_or(0))
}

/// The events after a revision that this connection sees, in order, at most `limit`.
pub fn after(conn: &mut Conn, revision: i64, limit: i64) -> Result<Vec<Entry>> {
    Ok(events::table.filter(events::id.gt(revision)).order(events::id).limit(limit).load(conn)?)
}

/// The last event that this connection sees.
pub fn last(conn: &mut Conn) -> Result<Option<Entry>> {
    Ok(events::table.order(events::id.desc()).first(conn).optional()?)
}

/// The events about one subject, oldest first, at most `limit`.
pub fn of_subject(conn: &mut Conn, subject: &str, limit: i64) -> Result<Vec<Entry>> {
    Ok(events::table.filter(events::subject.eq(subject)).order(events::id).limit(limit).load(conn)?)
}

/// Which transactions were running: what a follower needs to know whether a gap may still be filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Horizon {
    /// The oldest transaction that was still running.
    pub oldest: i64,
    /// The transaction that would have been next.
    pub next: i64,
}

#[derive(QueryableByName)]
struct HorizonRow {
    #[diesel(sql_type = BigInt)]
    oldest: i64,
    #[diesel(sql_type = BigInt)]
    next: i64,
}

/// The horizon of this connection's snapshot. SQLite has one writer, so nothing is ever in flight there.
///
/// A follower that saw revisions up to R at a horizon h may take all up to R as settled as soon as a later horizon
/// has `oldest >= h.next`, after reading once more.
pub fn horizon(conn: &mut Conn, now: Timestamp) -> Result<Horizon> {
    match conn {
        Conn::Sqlite(_) => Ok(Horizon { oldest: now.micros(), next: now.micros() }),
        Conn::Pg(c) => {
            let sql = "SELECT pg_snapshot_xmin(s)::text::bigint AS oldest, pg_snapshot_xmax(s)::text::bigint AS next \
                       FROM pg_current_snapshot() s";
            let row: HorizonRow = diesel::sql_query(sql).get_result(c)?;
            Ok(Horizon { oldest: row.oldest, next: row.next })
        }
    }
}
