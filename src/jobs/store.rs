//! Rows of jobs.
//!
//! Invariant: whoever changes a job that is under way names the attempt and the node it works for, so a node that was
//! given up changes nothing. Read next: [`super::model`].

use super::model::{Execution, JobState, NewJob, Problem};
use crate::db::{Conn, MAX_BINDS, schema::jobs};
use crate::kernel::{
    error::{Error, Result},
    ids::JobId,
    time::Timestamp,
};
use diesel::prelude::*;
use serde_json::Value;

/// Changes the row of a job as long as its attempt and its holder are those that were read; false if they are not.
macro_rules! change {
    ($conn:expr, $execution:expr, $set:expr) => {{
        let place = jobs::table
            .filter(jobs::id.eq($execution.number))
            .filter(jobs::attempts.eq($execution.attempts))
            .filter(jobs::ended_at.is_null());
        let changed = match &$execution.holder {
            Some(holder) => diesel::update(place.filter(jobs::holder.eq(holder))).set($set).execute($conn)?,
            None => diesel::update(place.filter(jobs::holder.is_null())).set($set).execute($conn)?,
        };
        changed == 1
    }};
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = jobs)]
struct Row {
    id: i64,
    public_id: String,
    kind: String,
    input: String,
    state: String,
    cancel_requested: bool,
    attempts: i64,
    holder: Option<String>,
    beat_at: Option<i64>,
    done: i64,
    total: i64,
    result: Option<String>,
    problem: Option<String>,
    created_at: i64,
    started_at: Option<i64>,
    ended_at: Option<i64>,
}

fn model(row: Row) -> Result<Execution> {
    let at = Timestamp::from_micros;
    Ok(Execution {
        number: row.id,
        id: row.public_id.parse().map_err(Error::internal)?,
        kind: row.kind,
        input: serde_json::from_str(&row.input).map_err(Error::internal)?,
        state: JobState::parse(&row.state).ok_or_else(|| Error::internal("an unknown state of a job"))?,
        cancel_requested: row.cancel_requested,
        attempts: row.attempts,
        holder: row.holder,
        beat_at: row.beat_at.map(at),
        done: row.done,
        total: row.total,
        result: read(row.result)?,
        problem: read(row.problem)?,
        created_at: at(row.created_at),
        started_at: row.started_at.map(at),
        ended_at: row.ended_at.map(at),
    })
}

fn read<T: serde::de::DeserializeOwned>(json: Option<String>) -> Result<Option<T>> {
    json.map(|text| serde_json::from_str(&text).map_err(Error::internal)).transpose()
}

/// Queues a job in the running transaction and returns its number.
///
/// # Errors
/// `conflict` where the kind allows one job at a time and one is under way.
pub fn enqueue(conn: &mut Conn, new: &NewJob, at: Timestamp) -> Result<i64> {
    let row = (
        jobs::public_id.eq(JobId::new(at).to_string()),
        jobs::kind.eq(new.kind),
        jobs::alone.eq(new.alone.then_some(new.kind)),
        jobs::input.eq(new.input.to_string()),
        jobs::state.eq(JobState::Queued.as_str()),
        jobs::cancel_requested.eq(false),
        jobs::attempts.eq(0),
        jobs::done.eq(0),
        jobs::total.eq(0),
        jobs::created_at.eq(at.micros()),
    );
    Ok(diesel::insert_into(jobs::table).values(row).returning(jobs::id).get_result(conn)?)
}

/// Asks for the end of a job; false if it has ended. A queued one ends at the next look of a node, a running one at its
/// next heartbeat.
///
/// # Errors
/// A refusal of the database.
pub fn cancel(conn: &mut Conn, number: i64) -> Result<bool> {
    let place = jobs::table.filter(jobs::id.eq(number)).filter(jobs::ended_at.is_null());
    Ok(diesel::update(place).set(jobs::cancel_requested.eq(true)).execute(conn)? == 1)
}

/// The job of a number; `None` if there is none.
///
/// # Errors
/// A refusal of the database.
pub fn by_number(conn: &mut Conn, number: i64) -> Result<Option<Execution>> {
    let row = jobs::table.find(number).select(Row::as_select()).get_result(conn).optional()?;
    row.map(model).transpose()
}

/// The jobs of these numbers, newest first.
///
/// # Errors
/// A refusal of the database.
pub fn by_numbers(conn: &mut Conn, numbers: &[i64]) -> Result<Vec<Execution>> {
    let mut all = Vec::with_capacity(numbers.len());
    for chunk in numbers.chunks(MAX_BINDS) {
        let found = jobs::table.filter(jobs::id.eq_any(chunk)).select(Row::as_select());
        for row in found.load::<Row>(conn)? {
            all.push(model(row)?);
        }
    }
    all.sort_by_key(|execution| std::cmp::Reverse(execution.number));
    Ok(all)
}

/// The oldest job of a kind that is under way; `None` if none is.
///
/// # Errors
/// A refusal of the database.
pub fn under_way(conn: &mut Conn, kind: &str) -> Result<Option<Execution>> {
    let found = jobs::table.filter(jobs::kind.eq(kind)).filter(jobs::ended_at.is_null());
    let row = found.order(jobs::id).select(Row::as_select()).first(conn).optional()?;
    row.map(model).transpose()
}

/// The newest job of a kind in a state; `None` if there is none.
///
/// # Errors
/// A refusal of the database.
pub fn newest(conn: &mut Conn, kind: &str, state: JobState) -> Result<Option<Execution>> {
    let found = jobs::table.filter(jobs::kind.eq(kind)).filter(jobs::state.eq(state.as_str()));
    let row = found.order(jobs::id.desc()).select(Row::as_select()).first(conn).optional()?;
    row.map(model).transpose()
}

/// The jobs of these kinds that wait for a node, oldest first: queued, or without a heartbeat since `silent_since`.
pub(super) fn due(conn: &mut Conn, kinds: &[&str], silent_since: Timestamp) -> Result<Vec<Execution>> {
    let silent = jobs::beat_at.is_null().or(jobs::beat_at.le(silent_since.micros()));
    let waits = jobs::state.eq(JobState::Queued.as_str()).or(silent.assume_not_null());
    let found = jobs::table.filter(jobs::ended_at.is_null()).filter(jobs::kind.eq_any(kinds)).filter(waits);
    let rows = found.order(jobs::id).select(Row::as_select()).load::<Row>(conn)?;
    rows.into_iter().map(model).collect()
}

/// Begins the next attempt for a node, and gives the job as it stands then; `None` if another node was faster.
pub(super) fn begin(
    conn: &mut Conn,
    execution: &Execution,
    node: &str,
    now: Timestamp,
) -> Result<Option<Execution>> {
    let set = (
        jobs::state.eq(JobState::Running.as_str()),
        jobs::attempts.eq(execution.attempts + 1),
        jobs::holder.eq(node),
        jobs::beat_at.eq(now.micros()),
        jobs::done.eq(0),
        jobs::total.eq(0),
        jobs::started_at.eq(execution.started_at.unwrap_or(now).micros()),
    );
    if change!(conn, execution, set) { by_number(conn, execution.number) } else { Ok(None) }
}

/// The answer to a heartbeat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Beat {
    Current,
    Cancelled,
    Lost,
}

/// A heartbeat of an attempt, with how far it is.
pub(super) fn beat(
    conn: &mut Conn,
    execution: &Execution,
    (done, total): (i64, i64),
    now: Timestamp,
) -> Result<Beat> {
    let set = (jobs::done.eq(done), jobs::total.eq(total), jobs::beat_at.eq(now.micros()));
    if !change!(conn, execution, set) {
        return Ok(Beat::Lost);
    }
    let cancelled = jobs::table.find(execution.number).select(jobs::cancel_requested).get_result(conn)?;
    Ok(if cancelled { Beat::Cancelled } else { Beat::Current })
}

/// Gives an attempt back, for any node to begin anew; it does not count.
pub(super) fn give_back(conn: &mut Conn, execution: &Execution) -> Result<()> {
    let set = (
        jobs::state.eq(JobState::Queued.as_str()),
        jobs::attempts.eq(execution.attempts - 1),
        jobs::holder.eq(None::<String>),
    );
    let _unless_lost = change!(conn, execution, set);
    Ok(())
}

/// The outcome of a job.
#[derive(Clone, Debug)]
pub(super) enum End {
    Succeeded(Value),
    Failed(Problem),
    Cancelled,
}

/// Ends a job, and gives it as it stands from now on; `None` where the attempt is not the current one any more.
pub(super) fn end(
    conn: &mut Conn,
    execution: &Execution,
    end: &End,
    now: Timestamp,
) -> Result<Option<Execution>> {
    let (state, result, problem) = match end {
        End::Succeeded(result) => (JobState::Succeeded, Some(result.to_string()), None),
        End::Failed(problem) => (JobState::Failed, None, Some(problem)),
        End::Cancelled => (JobState::Cancelled, None, None),
    };
    let problem = problem.map(serde_json::to_string).transpose().map_err(Error::internal)?;
    let set = (
        jobs::state.eq(state.as_str()),
        jobs::result.eq(result),
        jobs::problem.eq(problem),
        jobs::ended_at.eq(now.micros()),
    );
    if change!(conn, execution, set) { by_number(conn, execution.number) } else { Ok(None) }
}
