//! Asking for a run, and looking at runs.
//!
//! Invariant: at most one run is under way, and none that would go on for hours. Read next: [`super::job`].

use super::job::KIND;
use super::model::{RecommendationMode, Run, RunState};
use super::store;
use crate::accounts::organisations::may_approve;
use crate::db::Conn;
use crate::engine::lists::MAX_PAIRS;
use crate::events::{self, Act, Event, Kind, Subject};
use crate::identity::Principal;
use crate::jobs::{self, NewJob};
use crate::kernel::{
    error::{Code, Error, Result},
    ids::RecommendationRunId,
    page::{Limit, Rows},
};
use serde_json::json;

/// Queues a run over everything up to now. Emits `recommendation_run.started`.
///
/// Refuses with `forbidden` whoever is neither an admin nor of an entitled organiser, with `invalid_state` and the id of the
/// run while one is under way, and with a fault of `/mode` where there are too many pairs for it; how many there are is counted before.
pub fn start(
    conn: &mut Conn,
    act: &Act,
    by: &Principal,
    mode: RecommendationMode,
    pairs: Option<u64>,
) -> Result<Run> {
    demand_entitled(by)?;
    if let Some(run) = store::under_way(conn)? {
        let ended = [RunState::Finished, RunState::Failed].map(RunState::as_str);
        let refused = Error::state(run.state.as_str(), &ended, "a run is under way; wait until it has ended");
        return Err(refused.member("run", run.id.to_string().into()));
    }
    demand_few(mode, pairs)?;
    let id = RecommendationRunId::new(act.at);
    let revision = events::revision(conn)?;
    let job = NewJob { kind: KIND, input: json!({"run": id}), alone: true };
    let number = jobs::enqueue(conn, &job, act.at)?;
    store::insert(conn, number, id, (mode, revision))?;
    events::emit(conn, act, Event::new(Kind::RecommendationRunStarted, Subject::new(id, number)))?;
    store::find(conn, id)?.ok_or_else(|| Error::internal("a run that was just queued is gone"))
}

/// A run, for those who may start one.
pub fn find(conn: &mut Conn, by: &Principal, id: RecommendationRunId) -> Result<Run> {
    demand_entitled(by)?;
    store::find(conn, id)?.ok_or_else(Error::not_found)
}

/// A page of all runs, newest first, for those who may start one.
pub fn page(
    conn: &mut Conn,
    by: &Principal,
    (limit, before): (Limit, Option<i64>),
) -> Result<Rows<Run, i64>> {
    demand_entitled(by)?;
    let rows = store::newest(conn, before.unwrap_or(i64::MAX), limit.rows() + 1)?;
    Ok(Rows::cut(rows, limit, |run| run.number))
}

/// Where nothing is loaded yet nothing is known of the pairs, and whoever carries the run out counts them.
fn demand_few(mode: RecommendationMode, pairs: Option<u64>) -> Result<()> {
    match (mode, pairs) {
        (RecommendationMode::Max, Some(pairs)) if pairs > MAX_PAIRS => {
            Err(Error::field("/mode", "out_of_range", mode.too_many(pairs)))
        }
        _ => Ok(()),
    }
}

fn demand_entitled(by: &Principal) -> Result<()> {
    if may_approve(by) {
        return Ok(());
    }
    Err(Error::new(Code::Forbidden, "only admins and entitled organisers run recommendations"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_greatest_total_is_refused_above_its_bound_and_stable_lists_are_not() {
        for mode in RecommendationMode::ALL {
            assert!(demand_few(mode, None).is_ok());
            assert!(demand_few(mode, Some(4_000_000)).is_ok());
        }
        assert!(demand_few(RecommendationMode::Stable, Some(u64::MAX)).is_ok());
        for pairs in [4_000_001, 20_000_000, 20_000_001, u64::MAX] {
            let refused = demand_few(RecommendationMode::Max, Some(pairs)).expect_err("too many");
            assert_eq!((refused.code, refused.fields.len()), (Code::ValidationFailed, 1));
            assert_eq!(
                refused.fields[0].detail,
                format!("max is for up to 4000000 pairs, and there are {pairs}; ask for stable lists")
            );
        }
    }
}
