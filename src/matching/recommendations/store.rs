//! Rows of runs and of their lists.
//!
//! Invariant: whoever changes a run that is under way names the attempt it works for, so a node that was given up
//! changes nothing. Read next: [`super::model`].

use super::model::{RecommendationMode, Run, RunFailure, RunOutcome, RunState, StoredList};
use crate::db::schema::{recommendation_lists as lists, recommendation_runs as runs};
use crate::db::{Conn, each};
use crate::kernel::{
    error::{Error, Result},
    ids::RecommendationRunId,
    time::Timestamp,
};
use diesel::prelude::*;

/// The row of a run, if it is under way and the attempt is the current one.
macro_rules! attempt {
    ($run:expr) => {
        runs::table
            .filter(runs::id.eq($run.number))
            .filter(runs::attempts.eq($run.attempts))
            .filter(runs::ended_at.is_null())
    };
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = runs)]
struct Row {
    id: i64,
    public_id: String,
    state: String,
    started_revision: i64,
    attempts: i64,
    done: i64,
    total: i64,
    outcome: Option<String>,
    created_at: i64,
    beat_at: Option<i64>,
    ended_at: Option<i64>,
    mode: String,
    failure: Option<String>,
}

fn read<T: serde::de::DeserializeOwned>(json: Option<String>) -> Result<Option<T>> {
    json.map(|text| serde_json::from_str(&text).map_err(Error::internal)).transpose()
}

fn model(row: Row) -> Result<Run> {
    Ok(Run {
        number: row.id,
        id: row.public_id.parse().map_err(Error::internal)?,
        state: RunState::parse(&row.state).ok_or_else(|| Error::internal("an unknown state of a run"))?,
        mode: RecommendationMode::parse(&row.mode)
            .ok_or_else(|| Error::internal("an unknown mode of a run"))?,
        started_revision: row.started_revision,
        attempts: row.attempts,
        done: row.done,
        total: row.total,
        outcome: read(row.outcome)?,
        failure: read(row.failure)?,
        created_at: Timestamp::from_micros(row.created_at),
        beat_at: row.beat_at.map(Timestamp::from_micros),
        ended_at: row.ended_at.map(Timestamp::from_micros),
    })
}

/// Stores a queued run and returns its number.
pub fn insert(
    conn: &mut Conn,
    id: RecommendationRunId,
    mode: RecommendationMode,
    revision: i64,
    at: Timestamp,
) -> Result<i64> {
    let row = (
        runs::public_id.eq(id.to_string()),
        runs::state.eq(RunState::Queued.as_str()),
        runs::mode.eq(mode.as_str()),
        runs::started_revision.eq(revision),
        runs::attempts.eq(0),
        runs::done.eq(0),
        runs::total.eq(0),
        runs::created_at.eq(at.micros()),
    );
    Ok(diesel::insert_into(runs::table).values(row).returning(runs::id).get_result(conn)?)
}

/// The run of a public id.
pub fn find(conn: &mut Conn, id: RecommendationRunId) -> Result<Option<Run>> {
    let row = runs::table.filter(runs::public_id.eq(id.to_string())).select(Row::as_select());
    row.get_result(conn).optional()?.map(model).transpose()
}

/// The runs before a number, newest first, at most `limit`.
pub fn newest(conn: &mut Conn, before: i64, limit: usize) -> Result<Vec<Run>> {
    let rows: Vec<Row> = runs::table
        .filter(runs::id.lt(before))
        .order(runs::id.desc())
        .limit(i64::try_from(limit).unwrap_or(i64::MAX))
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(model).collect()
}

/// The run that is under way.
pub fn under_way(conn: &mut Conn) -> Result<Option<Run>> {
    let row = runs::table.filter(runs::ended_at.is_null()).select(Row::as_select());
    row.get_result(conn).optional()?.map(model).transpose()
}

/// The latest finished run.
pub fn latest(conn: &mut Conn) -> Result<Option<Run>> {
    let finished = runs::table.filter(runs::state.eq(RunState::Finished.as_str()));
    let row = finished.order(runs::id.desc()).select(Row::as_select());
    row.first(conn).optional()?.map(model).transpose()
}

/// Begins the next attempt at a run, unless another node has; false if so.
pub fn begin(conn: &mut Conn, run: &Run, at: Timestamp) -> Result<bool> {
    let set = (
        runs::state.eq(RunState::Running.as_str()),
        runs::attempts.eq(run.attempts + 1),
        runs::done.eq(0),
        runs::total.eq(0),
        runs::beat_at.eq(at.micros()),
    );
    let begun = diesel::update(attempt!(run)).set(set).execute(conn)? == 1;
    if begun {
        diesel::delete(lists::table.filter(lists::run_id.eq(run.number))).execute(conn)?;
    }
    Ok(begun)
}

/// Says how far an attempt is; false where it is not the current one any more.
pub fn beat(conn: &mut Conn, run: &Run, done: i64, total: i64, at: Timestamp) -> Result<bool> {
    let set = (runs::done.eq(done), runs::total.eq(total), runs::beat_at.eq(at.micros()));
    Ok(diesel::update(attempt!(run)).set(set).execute(conn)? == 1)
}

/// Gives an attempt back, for any node to begin anew.
pub fn give_back(conn: &mut Conn, run: &Run) -> Result<()> {
    let set = (runs::state.eq(RunState::Queued.as_str()), runs::attempts.eq(run.attempts - 1));
    diesel::update(attempt!(run)).set(set).execute(conn)?;
    Ok(())
}

/// Ends a run; false where the attempt is not the current one any more.
pub fn end(
    conn: &mut Conn,
    run: &Run,
    made: Result<&RunOutcome, &RunFailure>,
    at: Timestamp,
) -> Result<bool> {
    let state = if made.is_ok() { RunState::Finished } else { RunState::Failed };
    let outcome = made.ok().map(serde_json::to_string).transpose().map_err(Error::internal)?;
    let failure = made.err().map(serde_json::to_string).transpose().map_err(Error::internal)?;
    let set = (
        runs::state.eq(state.as_str()),
        runs::outcome.eq(outcome),
        runs::failure.eq(failure),
        runs::ended_at.eq(Some(at.micros())),
    );
    let ended = diesel::update(attempt!(run)).set(set).execute(conn)? == 1;
    if ended {
        match state {
            RunState::Finished => {
                diesel::delete(lists::table.filter(lists::run_id.ne(run.number))).execute(conn)?
            }
            _ => diesel::delete(lists::table.filter(lists::run_id.eq(run.number))).execute(conn)?,
        };
    }
    Ok(ended)
}

/// Stores lists of a run by the numbers of their owners.
pub fn put(conn: &mut Conn, run: &Run, all: &[(u64, StoredList)]) -> Result<()> {
    let row = |(owner, list): &(u64, StoredList)| {
        let text = serde_json::to_string(list).map_err(Error::internal)?;
        let owner = i64::try_from(*owner).map_err(Error::internal)?;
        Ok((lists::run_id.eq(run.number), lists::profile_id.eq(owner), lists::list.eq(text)))
    };
    let rows: Vec<_> = all.iter().map(row).collect::<Result<_>>()?;
    each!(conn, c => diesel::insert_into(lists::table).values(&rows).execute(c))?;
    Ok(())
}

/// The list of a profile in a run.
pub fn list(conn: &mut Conn, run: &Run, owner: i64) -> Result<Option<StoredList>> {
    let row = lists::table.filter(lists::run_id.eq(run.number)).filter(lists::profile_id.eq(owner));
    let text: Option<String> = row.select(lists::list).get_result(conn).optional()?;
    read(text)
}
