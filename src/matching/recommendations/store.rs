//! Rows of runs and of their lists; how a run stands is read from its job, which has the same number.
//!
//! Invariant: lists are stored under the lease of the job only, so a node that was given up stores none.
//! Read next: [`super::model`].

use super::job::KIND;
use super::model::{RecommendationMode, Run, RunFailure, RunState, StoredList};
use crate::db::schema::{recommendation_lists as lists, recommendation_runs as runs};
use crate::db::{Conn, each};
use crate::jobs::{self, Execution, JobState};
use crate::kernel::{
    error::{Error, Result},
    ids::RecommendationRunId,
};
use diesel::prelude::*;
use std::collections::HashMap;

#[derive(Queryable, Selectable)]
#[diesel(table_name = runs)]
struct Row {
    id: i64,
    public_id: String,
    started_revision: i64,
    mode: String,
}

fn model(row: Row, execution: &Execution) -> Result<Run> {
    let outcome = execution.result.clone().map(serde_json::from_value);
    Ok(Run {
        number: row.id,
        id: row.public_id.parse().map_err(Error::internal)?,
        state: RunState::of(execution.state),
        mode: RecommendationMode::parse(&row.mode)
            .ok_or_else(|| Error::internal("an unknown mode of a run"))?,
        started_revision: row.started_revision,
        done: execution.done,
        total: execution.total,
        outcome: outcome.transpose().map_err(Error::internal)?,
        failure: RunFailure::of(execution),
        created_at: execution.created_at,
        ended_at: execution.ended_at,
    })
}

/// The row of a run whose job has that number.
pub fn insert(
    conn: &mut Conn,
    number: i64,
    id: RecommendationRunId,
    (mode, revision): (RecommendationMode, i64),
) -> Result<()> {
    let row = (
        runs::id.eq(number),
        runs::public_id.eq(id.to_string()),
        runs::mode.eq(mode.as_str()),
        runs::started_revision.eq(revision),
    );
    diesel::insert_into(runs::table).values(row).execute(conn)?;
    Ok(())
}

/// The run of a public id.
pub fn find(conn: &mut Conn, id: RecommendationRunId) -> Result<Option<Run>> {
    let row = runs::table.filter(runs::public_id.eq(id.to_string())).select(Row::as_select());
    let Some(row) = row.get_result(conn).optional()? else { return Ok(None) };
    let execution = jobs::by_number(conn, row.id)?;
    let execution = execution.ok_or_else(|| Error::internal("a run without its job"))?;
    model(row, &execution).map(Some)
}

/// The run of a job.
pub fn of(conn: &mut Conn, execution: &Execution) -> Result<Run> {
    model(runs::table.find(execution.number).select(Row::as_select()).get_result(conn)?, execution)
}

/// The runs before a number, newest first, at most `limit`.
pub fn newest(conn: &mut Conn, before: i64, limit: usize) -> Result<Vec<Run>> {
    let rows: Vec<Row> = runs::table
        .filter(runs::id.lt(before))
        .order(runs::id.desc())
        .limit(i64::try_from(limit).unwrap_or(i64::MAX))
        .select(Row::as_select())
        .load(conn)?;
    let numbers: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let executions = jobs::by_numbers(conn, &numbers)?;
    let executions: HashMap<i64, Execution> = executions.into_iter().map(|job| (job.number, job)).collect();
    let run = |row: Row| {
        let execution = executions.get(&row.id);
        model(row, execution.ok_or_else(|| Error::internal("a run without its job"))?)
    };
    rows.into_iter().map(run).collect()
}

/// The run that is under way.
pub fn under_way(conn: &mut Conn) -> Result<Option<Run>> {
    jobs::under_way(conn, KIND)?.map(|execution| of(conn, &execution)).transpose()
}

/// The latest finished run.
pub fn latest(conn: &mut Conn) -> Result<Option<Run>> {
    jobs::newest(conn, KIND, JobState::Succeeded)?.map(|execution| of(conn, &execution)).transpose()
}

/// Removes the lists of a run.
pub fn remove_lists(conn: &mut Conn, number: i64) -> Result<()> {
    diesel::delete(lists::table.filter(lists::run_id.eq(number))).execute(conn)?;
    Ok(())
}

/// Removes the lists of all other runs.
pub fn remove_other_lists(conn: &mut Conn, number: i64) -> Result<()> {
    diesel::delete(lists::table.filter(lists::run_id.ne(number))).execute(conn)?;
    Ok(())
}

/// Stores lists of a run by the numbers of their owners.
pub fn put(conn: &mut Conn, run: i64, all: &[(u64, StoredList)]) -> Result<()> {
    let row = |(owner, list): &(u64, StoredList)| {
        let text = serde_json::to_string(list).map_err(Error::internal)?;
        let owner = i64::try_from(*owner).map_err(Error::internal)?;
        Ok((lists::run_id.eq(run), lists::profile_id.eq(owner), lists::list.eq(text)))
    };
    let rows: Vec<_> = all.iter().map(row).collect::<Result<_>>()?;
    each!(conn, c => diesel::insert_into(lists::table).values(&rows).execute(c))?;
    Ok(())
}

/// The list of a profile in a run.
pub fn list(conn: &mut Conn, run: &Run, owner: i64) -> Result<Option<StoredList>> {
    let row = lists::table.filter(lists::run_id.eq(run.number)).filter(lists::profile_id.eq(owner));
    let text: Option<String> = row.select(lists::list).get_result(conn).optional()?;
    text.map(|text| serde_json::from_str(&text).map_err(Error::internal)).transpose()
}
