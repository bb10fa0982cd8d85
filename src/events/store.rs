//! Writing events and following them.
//!
//! Invariant: [`emit`] is the only writer. On PostgreSQL a revision may become visible after a higher one; a follower
//! that respects [`horizon`] never skips one. Read next: `matching::feed`.

use super::model::{Act, Event};
use crate::db::{Conn, schema::events};
use crate::kernel::{
    error::{Error, Result},
    ids::EventId,
};
use diesel::dsl::max;
use diesel::prelude::*;
use diesel::sql_types::Text;
use std::collections::BTreeSet;

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

/// Which transactions had written events and had not ended: what a follower needs to know whether a gap may still be
/// filled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Horizon {
    writers: BTreeSet<String>,
}

impl Horizon {
    /// Whether every transaction that was running at this horizon is over at the later one.
    ///
    /// A follower that saw revisions up to R at this horizon, or before, may then take all up to R as settled, after
    /// reading once more.
    pub fn passed_by(&self, later: &Horizon) -> bool {
        self.writers.is_disjoint(&later.writers)
    }
}

#[derive(QueryableByName)]
struct Writer {
    #[diesel(sql_type = Text)]
    id: String,
}

/// The present horizon. SQLite has one writer, so nothing is ever in flight there; on PostgreSQL a transaction locks
/// the table before its event gets a revision and until it ends.
pub fn horizon(conn: &mut Conn) -> Result<Horizon> {
    match conn {
        Conn::Sqlite(_) => Ok(Horizon::default()),
        Conn::Pg(c) => {
            let sql = "SELECT virtualtransaction AS id FROM pg_locks \
                       WHERE relation = 'events'::regclass AND mode = 'RowExclusiveLock' AND granted \
                       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
            let rows: Vec<Writer> = diesel::sql_query(sql).load(c)?;
            Ok(Horizon { writers: rows.into_iter().map(|row| row.id).collect() })
        }
    }
}
