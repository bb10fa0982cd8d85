//! Asking for a run, and looking at one.
//!
//! Invariant: at most one run is under way. Read next: [`super::runner`].

use super::model::{Run, RunState};
use super::store;
use crate::accounts::{Principal, organisations::may_approve};
use crate::db::Conn;
use crate::events::{self, Act, Event, Kind, Subject};
use crate::kernel::{
    error::{Code, Error, Result},
    ids::RecommendationRunId,
};

/// Queues a run over everything up to now. Emits `recommendation_run.started`.
///
/// Refuses with `forbidden` whoever is neither an admin nor of an entitled organiser, and with `invalid_state` while a run
/// is under way.
pub fn start(conn: &mut Conn, act: &Act, by: &Principal) -> Result<Run> {
    demand_entitled(by)?;
    if let Some(run) = store::under_way(conn)? {
        let ended = [RunState::Finished, RunState::Failed].map(RunState::as_str);
        let refused = Error::state(run.state.as_str(), &ended, "a run is under way; wait until it has ended");
        return Err(refused);
    }
    let id = RecommendationRunId::new(act.at);
    let revision = events::revision(conn)?;
    let number = store::insert(conn, id, revision, act.at)?;
    events::emit(conn, act, Event::new(Kind::RecommendationRunStarted, Subject::new(id, number)))?;
    store::find(conn, id)?.ok_or_else(|| Error::internal("a run that was just queued is gone"))
}

/// A run, for those who may start one.
pub fn find(conn: &mut Conn, by: &Principal, id: RecommendationRunId) -> Result<Run> {
    demand_entitled(by)?;
    store::find(conn, id)?.ok_or_else(Error::not_found)
}

fn demand_entitled(by: &Principal) -> Result<()> {
    if may_approve(by) {
        return Ok(());
    }
    Err(Error::new(Code::Forbidden, "only admins and entitled organisers run recommendations"))
}
