//! Asking for a run, and looking at one.
//!
//! Invariant: at most one run is under way, and none that would go on for hours. Read next: [`super::runner`].

use super::model::{RecommendationMode, Run, RunState};
use super::store;
use crate::accounts::{Principal, organisations::may_approve};
use crate::db::Conn;
use crate::events::{self, Act, Event, Kind, Subject};
use crate::kernel::{
    error::{Code, Error, Result},
    ids::RecommendationRunId,
};
use crate::matching::engine::Snapshot;
use crate::matching::engine::lists::{EXACT_PAIRS, Field, MAX_PAIRS, Side};
use crate::matching::live::View;

/// Queues a run over everything up to now. Emits `recommendation_run.started`.
///
/// Refuses with `forbidden` whoever is neither an admin nor of an entitled organiser, with `invalid_state` while a run is
/// under way, and with a fault of `/mode` where there are too many pairs for it in the view.
pub fn start(
    conn: &mut Conn,
    act: &Act,
    by: &Principal,
    mode: RecommendationMode,
    view: Option<&View>,
) -> Result<Run> {
    demand_entitled(by)?;
    if let Some(run) = store::under_way(conn)? {
        let ended = [RunState::Finished, RunState::Failed].map(RunState::as_str);
        let refused = Error::state(run.state.as_str(), &ended, "a run is under way; wait until it has ended");
        return Err(refused);
    }
    view.map_or(Ok(()), |view| demand_few(mode, &view.snapshot))?;
    let id = RecommendationRunId::new(act.at);
    let revision = events::revision(conn)?;
    let number = store::insert(conn, id, mode, revision, act.at)?;
    events::emit(conn, act, Event::new(Kind::RecommendationRunStarted, Subject::new(id, number)))?;
    store::find(conn, id)?.ok_or_else(|| Error::internal("a run that was just queued is gone"))
}

/// A run, for those who may start one.
pub fn find(conn: &mut Conn, by: &Principal, id: RecommendationRunId) -> Result<Run> {
    demand_entitled(by)?;
    store::find(conn, id)?.ok_or_else(Error::not_found)
}

fn demand_few(mode: RecommendationMode, snapshot: &Snapshot) -> Result<()> {
    if mode == RecommendationMode::Stable {
        return Ok(());
    }
    let fields = Side::ALL.map(|side| Field::new(snapshot, side, EXACT_PAIRS));
    match fields.iter().find(|field| !field.admits(mode.engine())) {
        None => Ok(()),
        Some(field) => {
            let (mode, pairs) = (mode.as_str(), field.pairs());
            let detail =
                format!("{mode} is for up to {MAX_PAIRS} pairs, and there are {pairs}; ask for stable lists");
            Err(Error::field("/mode", "out_of_range", detail))
        }
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
    use crate::matching::engine::profile::{Investor, Startup, World, parse};
    use crate::matching::engine::{Changes, Listing};

    fn snapshot(startups: u64, investors: u64) -> Snapshot {
        let mut changes = Changes::default();
        for id in 0..startups {
            let startup: Startup = parse(&format!(r#"{{"id":{id},"home":"RU"}}"#)).expect("a startup");
            changes.put_startup(startup);
        }
        for id in 0..investors {
            let json = format!(r#"{{"id":{id},"type":"vc","home":"CN","markets":["CN"]}}"#);
            let investor: Investor = parse(&json).expect("an investor");
            changes.put_investor(Listing::open(investor));
        }
        Snapshot::new(parse::<World>(r#"{"today":0}"#).expect("a world")).with(changes)
    }

    #[test]
    fn the_greatest_total_is_refused_above_its_bound_and_stable_lists_are_not() {
        let (most, more) = (snapshot(2_000, 2_000), snapshot(2_001, 2_000));
        for mode in RecommendationMode::ALL {
            assert!(demand_few(mode, &most).is_ok());
        }
        assert!(demand_few(RecommendationMode::Stable, &more).is_ok());
        let refused = demand_few(RecommendationMode::Max, &more).expect_err("too many");
        assert_eq!((refused.code, refused.fields.len()), (Code::ValidationFailed, 1));
        assert_eq!(
            refused.fields[0].detail,
            "max is for up to 4000000 pairs, and there are 4002000; ask for stable lists"
        );
    }
}
