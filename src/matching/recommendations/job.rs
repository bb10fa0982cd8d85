//! The job that makes everybody's lists.
//!
//! Invariant: no transaction is open while pairs are scored, and nobody waits for a run: requests and the follower go on
//! beside it. Lists of a run that has not finished are removed with its end.
//! Read next: [`super::store`], [`crate::engine::lists`].

use super::model::{Run, RunOutcome, SideReport, StoredList};
use super::store;
use crate::db::Conn;
use crate::engine::SCORE_VERSION;
use crate::engine::lists::{EXACT_PAIRS, Field, Side};
use crate::events::{self, Act, Event, Kind, Subject};
use crate::jobs::{Context, Cut, Execution, Job, JobState};
use crate::kernel::{
    error::{Error, Result},
    time::Timestamp,
};
use crate::matching::replica::view::{Replica, View};
use serde_json::Value;
use std::sync::Arc;

/// The kind of these jobs.
pub(super) const KIND: &str = "recommend";
/// The most lists that one transaction stores.
const BATCH: usize = 500;

/// Recommendation runs as jobs.
pub struct Recommend {
    replica: Arc<Replica>,
}

impl Recommend {
    /// Runs over what the snapshots of this node hold.
    pub fn new(replica: Arc<Replica>) -> Self {
        Self { replica }
    }

    /// The snapshot of a run; `None` until this node has seen all that the run is to include.
    fn view(&self, run: &Run) -> Option<Arc<View>> {
        self.replica.view().filter(|view| view.settled >= run.started_revision)
    }
}

impl Job for Recommend {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn is_ready(&self, conn: &mut Conn, execution: &Execution) -> Result<bool> {
        Ok(self.view(&store::of(conn, execution)?).is_some())
    }

    fn begin(&self, conn: &mut Conn, execution: &Execution) -> Result<()> {
        store::remove_lists(conn, execution.number)
    }

    fn run(&self, context: &mut Context<'_>) -> Result<Value, Cut> {
        let run = context.db().read_now(|conn| store::of(conn, context.execution()))?;
        let view = self.view(&run).ok_or_else(|| Error::internal("a run was begun before its snapshot"))?;
        Ok(serde_json::to_value(carry_out(context, &run, &view)?).map_err(Error::internal)?)
    }

    fn end(&self, conn: &mut Conn, execution: &Execution, now: Timestamp) -> Result<()> {
        let run = store::of(conn, execution)?;
        let kind = if execution.state == JobState::Succeeded {
            store::remove_other_lists(conn, run.number)?;
            Kind::RecommendationRunFinished
        } else {
            store::remove_lists(conn, run.number)?;
            Kind::RecommendationRunFailed
        };
        let act = Act::system(now, "recommend");
        events::emit(conn, &act, Event::new(kind, Subject::new(run.id, run.number)))?;
        Ok(())
    }
}

fn carry_out(context: &mut Context<'_>, run: &Run, view: &View) -> Result<RunOutcome, Cut> {
    let fields = Side::ALL.map(|side| Field::new(&view.snapshot, side, EXACT_PAIRS));
    let total = fields.iter().map(|field| field.owners().len()).sum();
    let (mut reports, mut done, mode) = (Vec::new(), 0, run.mode.engine());
    if let Some(field) = fields.iter().find(|field| !field.admits(mode)) {
        return Err(Cut::Failed(run.mode.outgrown(field.pairs())));
    }
    for field in &fields {
        let mut pairs = Vec::new();
        for owner in 0..field.owners().len() {
            pairs.append(&mut field.candidates(owner));
            done += 1;
            context.progress(done, total)?;
        }
        let lists = field.lists(mode, pairs, &mut || context.go_on())?;
        context.beat()?;
        let stored = field.owners().iter().zip(&lists.lists);
        let stored: Vec<(u64, StoredList)> =
            stored.map(|(owner, list)| (*owner, StoredList::new(list, field.items()))).collect();
        for batch in stored.chunks(BATCH) {
            let (number, batch) = (run.number, batch.to_vec());
            context.write(move |conn| store::put(conn, number, &batch))?;
        }
        reports.push(SideReport::new(field, &lists.report));
    }
    Ok(outcome(view, reports))
}

fn outcome(view: &View, reports: Vec<SideReport>) -> RunOutcome {
    RunOutcome {
        score_version: SCORE_VERSION.to_owned(),
        as_of: view.as_of,
        revision: view.revision,
        corridor_revision: view.corridor_revision,
        world: view.world,
        reference_version: view.reference_version.clone(),
        reports,
    }
}
