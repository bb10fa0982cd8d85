//! Carrying runs out, on a thread of their own.
//!
//! Invariant: no transaction is open while pairs are scored, and nobody waits for a run: requests and the follower go on
//! beside it. A run whose node stays silent is begun anew by another, at the latest after a restart.
//! Read next: [`super::store`], [`crate::engine::lists`].

use super::model::{Run, RunFailure, RunFailureCode, RunOutcome, SideReport, StoredList};
use super::store;
use crate::db::{Conn, Db};
use crate::engine::SCORE_VERSION;
use crate::engine::lists::{EXACT_PAIRS, Field, Side};
use crate::events::{self, Act, Event, Kind, Subject};
use crate::kernel::{
    error::{Error, Result},
    time::{Clock, Timestamp},
};
use crate::matching::replica::view::{Replica, View};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread::{self, JoinHandle},
    time::Duration,
};

/// How often a node says that it still works on a run.
const BEAT: Duration = Duration::from_secs(5);
/// After how long a silence another node begins the run anew.
const SILENCE: Duration = Duration::from_secs(120);
/// How many times a run is begun at most.
const ATTEMPTS: i64 = 3;
/// How many lists one transaction stores.
const BATCH: usize = 500;
/// The pause between two looks for a run.
const PAUSE: Duration = Duration::from_secs(1);

/// Carries out runs for one node.
pub struct Runner {
    db: Db,
    live: Arc<Replica>,
    clock: Clock,
    stopping: Arc<AtomicBool>,
}

/// Why an attempt ended before its end.
enum Cut {
    /// The node is stopping.
    Stopped,
    /// Another node has taken the run.
    Lost,
    /// There have come to be too many pairs for its mode: so many.
    Outgrown(u64),
    /// Something failed.
    Failed(Error),
}

impl From<Error> for Cut {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl Runner {
    /// A runner over the shared parts of a service.
    pub fn new(db: Db, live: Arc<Replica>, clock: Clock) -> Self {
        Self { db, live, clock, stopping: Arc::default() }
    }

    /// Carries out the run that is due, if there is one and this node has seen all that it is to include; true if it
    /// was brought to an end.
    pub fn step(&self) -> Result<bool> {
        let now = self.clock.now();
        let Some(run) = self.db.read_now(store::under_way)?.filter(|run| due(run, now)) else {
            return Ok(false);
        };
        if run.attempts >= ATTEMPTS {
            let detail = format!("begun {ATTEMPTS} times, and each time its node fell silent");
            return self.end(run, Err(RunFailure::new(RunFailureCode::GivenUp, detail)));
        }
        let Some(view) = self.live.view().filter(|view| view.settled >= run.started_revision) else {
            return Ok(false);
        };
        let begun = run.clone();
        if !self.db.write_now(move |conn| store::begin(conn, &begun, now))? {
            return Ok(false);
        }
        let run = Run { attempts: run.attempts + 1, ..run };
        let made = catch_unwind(AssertUnwindSafe(|| self.carry_out(&run, &view)));
        match made.unwrap_or_else(|_| Err(Cut::Failed(Error::internal("a run panicked")))) {
            Ok(outcome) => self.end(run, Ok(outcome)),
            Err(Cut::Lost) => Ok(false),
            Err(Cut::Stopped) => {
                self.db.write_now(move |conn| store::give_back(conn, &run))?;
                Ok(false)
            }
            Err(Cut::Outgrown(pairs)) => {
                let detail = run.mode.too_many(pairs);
                tracing::warn!(run = %run.id, pairs, "a recommendation run has outgrown its mode: {detail}");
                self.end(run, Err(RunFailure::new(RunFailureCode::TooManyPairs, detail)))
            }
            Err(Cut::Failed(error)) => {
                tracing::error!(run = %run.id, error = %error, cause = ?error.cause, "a recommendation run failed");
                let detail = "see the log of the node under the id of the run";
                self.end(run, Err(RunFailure::new(RunFailureCode::InternalError, detail)))
            }
        }
    }

    fn carry_out(&self, run: &Run, view: &View) -> std::result::Result<RunOutcome, Cut> {
        let fields = Side::ALL.map(|side| Field::new(&view.snapshot, side, EXACT_PAIRS));
        let total = fields.iter().map(|field| field.owners().len()).sum();
        let mut progress = Progress { runner: self, run, done: 0, total, beat_at: self.clock.now() };
        let (mut reports, mode) = (Vec::new(), run.mode.engine());
        if let Some(field) = fields.iter().find(|field| !field.admits(mode)) {
            return Err(Cut::Outgrown(field.pairs()));
        }
        for field in &fields {
            let mut pairs = Vec::new();
            for owner in 0..field.owners().len() {
                pairs.append(&mut field.candidates(owner));
                progress.note()?;
            }
            let lists = field.lists(mode, pairs, &mut || progress.go_on())?;
            progress.beat()?;
            let stored = field.owners().iter().zip(&lists.lists);
            let stored: Vec<(u64, StoredList)> =
                stored.map(|(owner, list)| (*owner, StoredList::new(list, field.items()))).collect();
            for batch in stored.chunks(BATCH) {
                let (run, batch) = (run.clone(), batch.to_vec());
                self.db.write_now(move |conn| store::put(conn, &run, &batch))?;
                progress.beat()?;
            }
            reports.push(SideReport::new(field, &lists.report));
        }
        Ok(outcome(view, reports))
    }

    /// Ends a run, with lists or with the reason why there are none.
    fn end(&self, run: Run, made: Result<RunOutcome, RunFailure>) -> Result<bool> {
        let at = self.clock.now();
        self.db.write_now(move |conn| end(conn, &run, made.as_ref(), at))
    }

    /// Looks for runs on a thread of its own until the result is dropped.
    pub fn start(self) -> Result<Running> {
        let (stop, stopped) = mpsc::channel::<()>();
        let stopping = Arc::clone(&self.stopping);
        let thread = thread::Builder::new().name("recommendations".to_owned()).spawn(move || {
            while stopped.recv_timeout(PAUSE) == Err(mpsc::RecvTimeoutError::Timeout) {
                if let Err(e) = self.step() {
                    tracing::warn!(error = %e, cause = ?e.cause, "runs could not be looked for; trying again");
                }
            }
        });
        Ok(Running { stopping, stop: Some(stop), thread: Some(thread.map_err(Error::internal)?) })
    }
}

/// Whether a run waits for a node: nobody has begun it, or its node has been silent for long.
fn due(run: &Run, now: Timestamp) -> bool {
    use super::model::RunState::{Queued, Running};
    match run.state {
        Queued => true,
        Running => run.beat_at.is_none_or(|at| at.plus(SILENCE) <= now),
        _ => false,
    }
}

fn end(conn: &mut Conn, run: &Run, made: Result<&RunOutcome, &RunFailure>, at: Timestamp) -> Result<bool> {
    if !store::end(conn, run, made, at)? {
        return Ok(false);
    }
    let kind = match made {
        Ok(_) => Kind::RecommendationRunFinished,
        Err(_) => Kind::RecommendationRunFailed,
    };
    let act = Act::system(at, "recommend");
    events::emit(conn, &act, Event::new(kind, Subject::new(run.id, run.number)))?;
    Ok(true)
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

/// How far an attempt is, told to the database every few seconds.
struct Progress<'a> {
    runner: &'a Runner,
    run: &'a Run,
    done: usize,
    total: usize,
    beat_at: Timestamp,
}

impl Progress<'_> {
    fn note(&mut self) -> std::result::Result<(), Cut> {
        self.done += 1;
        self.go_on()
    }

    /// Says every few seconds that the attempt is worked on, as long as it may be.
    fn go_on(&mut self) -> std::result::Result<(), Cut> {
        if self.runner.stopping.load(Ordering::Relaxed) {
            return Err(Cut::Stopped);
        }
        if self.beat_at.plus(BEAT) <= self.runner.clock.now() { self.beat() } else { Ok(()) }
    }

    fn beat(&mut self) -> std::result::Result<(), Cut> {
        let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let (run, done, total) = (self.run.clone(), count(self.done), count(self.total));
        let at = self.runner.clock.now();
        self.beat_at = at;
        if self.runner.db.write_now(move |conn| store::beat(conn, &run, done, total, at))? {
            Ok(())
        } else {
            Err(Cut::Lost)
        }
    }
}

/// The thread that carries out runs; dropping it gives back the run that is under way.
pub struct Running {
    stopping: Arc<AtomicBool>,
    stop: Option<mpsc::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::Relaxed);
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _panicked = thread.join();
        }
    }
}
