//! Rows of events and of their seals.
//!
//! Invariant: [`emit`] is the only writer. On PostgreSQL a revision may become visible after a higher one; a follower
//! that respects [`horizon`] never skips one. Read next: [`super::follow`].

use super::model::{Act, Event, Kind};
use crate::db::{
    Conn,
    schema::{event_seals, events},
    writers,
};
use crate::kernel::{
    error::{Error, Result},
    ids::EventId,
};
use diesel::dsl::max;
use diesel::prelude::*;
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
    let revision = diesel::insert_into(events::table).values(row).returning(events::id).get_result(conn)?;
    act.note(revision);
    Ok(revision)
}

/// The highest revision that this connection sees; 0 for an empty log.
pub fn revision(conn: &mut Conn) -> Result<i64> {
    Ok(events::table.select(max(events::id)).first::<Option<i64>>(conn)?.unwrap_or(0))
}

/// The events after a revision that this connection sees, in order, at most `limit`.
pub fn after(conn: &mut Conn, revision: i64, limit: i64) -> Result<Vec<Entry>> {
    Ok(events::table.filter(events::id.gt(revision)).order(events::id).limit(limit).load(conn)?)
}

/// The latest events of these kinds after `since` that this connection sees, newest first, at most `limit`.
pub fn latest(conn: &mut Conn, kinds: &[Kind], since: i64, limit: i64) -> Result<Vec<Entry>> {
    let words: Vec<&str> = kinds.iter().map(|kind| kind.as_str()).collect();
    let found = events::table.filter(events::id.gt(since)).filter(events::kind.eq_any(words));
    Ok(found.order(events::id.desc()).limit(limit).load(conn)?)
}

/// The revision up to which the log is sealed: nothing can appear below it any more.
pub fn sealed(conn: &mut Conn) -> Result<i64> {
    last_seal(conn).map(|(revision, _)| revision)
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
    #[cfg(test)]
    pub(super) fn of(writers: &[&str]) -> Self {
        Self { writers: writers.iter().map(|name| (*name).to_owned()).collect() }
    }

    /// Whether no transaction was writing events.
    pub fn is_quiet(&self) -> bool {
        self.writers.is_empty()
    }

    /// Whether every transaction that was running at this horizon is over at the later one.
    ///
    /// A follower that saw revisions up to R at this horizon, or before, may then take all up to R as settled, after
    /// reading once more.
    pub fn passed_by(&self, later: &Horizon) -> bool {
        self.writers.is_disjoint(&later.writers)
    }
}

/// The present horizon. On PostgreSQL a transaction locks the table before its event gets a revision and until it ends;
/// SQLite has one writer, so nothing is ever in flight there.
pub fn horizon(conn: &mut Conn) -> Result<Horizon> {
    Ok(Horizon { writers: writers(conn, "events")? })
}

/// The revision up to which the log is sealed, with its seal; 0 for a log without seals.
pub(super) fn last_seal(conn: &mut Conn) -> Result<(i64, String)> {
    let last = event_seals::table.order(event_seals::event_id.desc()).first(conn).optional()?;
    Ok(last.unwrap_or_default())
}

/// Writes the seal of an event.
pub(super) fn add_seal(conn: &mut Conn, revision: i64, hash: &str) -> Result<()> {
    let row = (event_seals::event_id.eq(revision), event_seals::hash.eq(hash));
    diesel::insert_into(event_seals::table).values(row).execute(conn)?;
    Ok(())
}

/// The seals after a revision, in order, at most `limit`.
pub(super) fn seals(conn: &mut Conn, revision: i64, limit: i64) -> Result<Vec<(i64, String)>> {
    let later = event_seals::table.filter(event_seals::event_id.gt(revision));
    Ok(later.order(event_seals::event_id).limit(limit).load(conn)?)
}
