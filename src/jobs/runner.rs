//! Carrying jobs out, one at a time, on a thread of their own.
//!
//! Invariant: an attempt that is not the current one any more hears so at its next heartbeat and writes nothing after it.
//! A job whose node stays silent is begun anew by another, at the latest after a restart. Read next: [`super::model`].

use super::model::{Execution, GIVEN_UP, INTERNAL_ERROR, Job, Problem};
use super::repeating::{Repeated, Repeating, Stopping};
use super::store::{self, Beat, End};
use crate::db::{Conn, Db};
use crate::kernel::{
    error::{Error, Result},
    time::{Clock, Timestamp},
};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::Duration,
};

/// The time between two heartbeats, and the longest until a running job hears that it was cancelled.
pub const BEAT: Duration = Duration::from_secs(5);
/// The silence after which another node begins a job anew.
pub const SILENCE: Duration = Duration::from_secs(120);
/// The most attempts at a job.
pub const ATTEMPTS: i64 = 3;

/// The reason why an attempt ended before its end.
#[derive(Debug)]
pub enum Cut {
    /// Somebody asked for the end of the job.
    Cancelled,
    /// Another node has taken the job.
    Lost,
    /// The node is stopping.
    Stopping,
    /// The feature's own reason, for which the job fails.
    Failed(Problem),
    /// A fault of ours, for which the job fails with its cause in the log.
    Error(Error),
}

impl From<Error> for Cut {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

/// The jobs of one node.
pub struct Runner {
    db: Db,
    clock: Clock,
    jobs: Vec<Arc<dyn Job>>,
    stopping: Stopping,
}

impl Runner {
    /// A runner for these kinds of jobs.
    pub fn new(db: Db, clock: Clock, jobs: Vec<Arc<dyn Job>>) -> Self {
        Self { db, clock, jobs, stopping: Stopping::default() }
    }

    /// The flag by which the attempt that is under way hears that the node stops.
    pub fn stopping(&self) -> Stopping {
        self.stopping.clone()
    }

    /// One job is carried out, if one is due and this node ready for it; true if it was brought to an end.
    ///
    /// # Errors
    /// A refusal of the database; what a job fails of is its problem instead.
    pub fn step(&self) -> Result<bool> {
        let now = self.clock.now();
        let kinds: Vec<&str> = self.jobs.iter().map(|job| job.kind()).collect();
        let due = self.db.read_now(|conn| store::due(conn, &kinds, now.minus(SILENCE)))?;
        let mut failed = None;
        for execution in due {
            let Some(job) = self.jobs.iter().find(|job| job.kind() == execution.kind) else { continue };
            match self.turn(Arc::clone(job), execution, now) {
                Ok(None) => {}
                Ok(Some(ended)) => return Ok(ended),
                // A job that cannot be looked at, begun or ended keeps no other from its turn.
                Err(e) => failed = Some(e),
            }
        }
        failed.map_or(Ok(false), Err)
    }

    /// The turn of a job that is due: whether it was brought to an end; `None` where it had no turn, because this node is not
    /// ready for it or another one was first.
    fn turn(&self, job: Arc<dyn Job>, execution: Execution, now: Timestamp) -> Result<Option<bool>> {
        if execution.cancel_requested {
            return self.end(job, execution, End::Cancelled).map(Some);
        }
        if execution.attempts >= ATTEMPTS {
            let detail = format!("begun {ATTEMPTS} times, and each time its node fell silent");
            return self.end(job, execution, End::Failed(Problem::new(GIVEN_UP, detail))).map(Some);
        }
        if !self.db.read_now(|conn| job.is_ready(conn, &execution))? {
            return Ok(None);
        }
        let (begun, node) = (Arc::clone(&job), self.db.node().to_owned());
        let begun = self.db.write_now(move |conn| {
            let Some(execution) = store::begin(conn, &execution, &node, now)? else { return Ok(None) };
            begun.begin(conn, &execution).map(|()| Some(execution))
        })?;
        begun.map(|execution| self.attempt(job, execution)).transpose()
    }

    /// Carries an attempt out that has begun.
    fn attempt(&self, job: Arc<dyn Job>, execution: Execution) -> Result<bool> {
        let mut context = Context::new(self, &execution);
        let made = catch_unwind(AssertUnwindSafe(|| job.run(&mut context)));
        match made.unwrap_or_else(|_| Err(Cut::Error(Error::internal("a job panicked")))) {
            Ok(result) => self.end(job, execution, End::Succeeded(result)),
            Err(Cut::Lost) => Ok(false),
            Err(Cut::Stopping) => {
                self.db.write_now(move |conn| store::give_back(conn, &execution))?;
                Ok(false)
            }
            Err(Cut::Cancelled) => self.end(job, execution, End::Cancelled),
            Err(Cut::Failed(problem)) => {
                let (kind, input, detail) = (&execution.kind, &execution.input, &problem.detail);
                tracing::warn!(job = %execution.id, kind, %input, "a job has failed: {detail}");
                self.end(job, execution, End::Failed(problem))
            }
            Err(Cut::Error(error)) => {
                let (kind, input) = (&execution.kind, &execution.input);
                tracing::error!(job = %execution.id, kind, %input, error = %error, cause = ?error.cause, "a job failed");
                let detail = "see the log of the node under the id of the job";
                self.end(job, execution, End::Failed(Problem::new(INTERNAL_ERROR, detail)))
            }
        }
    }

    /// Ends a job, unless another node has taken it; true if this one ended it.
    fn end(&self, job: Arc<dyn Job>, execution: Execution, end: End) -> Result<bool> {
        let now = self.clock.now();
        self.db.write_now(move |conn| {
            let Some(ended) = store::end(conn, &execution, &end, now)? else { return Ok(false) };
            job.end(conn, &ended, now).map(|()| true)
        })
    }

    /// Jobs are looked for on a thread of its own until the result is dropped, which gives back the one under way.
    ///
    /// # Errors
    /// The system's, where it gives no thread.
    pub fn start(self) -> Result<Repeating> {
        let stopping = self.stopping();
        Repeating::start("jobs", self, stopping)
    }
}

impl Repeated for Runner {
    fn step(&mut self) -> Result<()> {
        let looked = Runner::step(self);
        if let Err(e) = &looked {
            tracing::warn!(error = %e, cause = ?e.cause, "jobs could not be looked for; trying again");
        }
        looked.map(drop)
    }
}

/// The attempt that a job works for: its input, its heartbeat, and the writes under its lease.
pub struct Context<'a> {
    runner: &'a Runner,
    execution: &'a Execution,
    progress: (i64, i64),
    beat_at: Timestamp,
}

impl<'a> Context<'a> {
    fn new(runner: &'a Runner, execution: &'a Execution) -> Self {
        Self { runner, execution, progress: (0, 0), beat_at: runner.clock.now() }
    }

    /// The job as it stood when the attempt began.
    pub fn execution(&self) -> &'a Execution {
        self.execution
    }

    /// The database, for reads; what a job writes goes through [`Context::write`].
    pub fn db(&self) -> &'a Db {
        &self.runner.db
    }

    /// Progress: `done` of `total` units, told to the database every [`BEAT`].
    ///
    /// # Errors
    /// A [`Cut`] where the attempt is to end here.
    pub fn progress(&mut self, done: usize, total: usize) -> Result<(), Cut> {
        let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        self.progress = (count(done), count(total));
        self.go_on()
    }

    /// A sign of life between two steps of the progress.
    ///
    /// # Errors
    /// A [`Cut`] where the attempt is to end here.
    pub fn go_on(&mut self) -> Result<(), Cut> {
        if self.runner.stopping.is_asked() {
            return Err(Cut::Stopping);
        }
        if self.beat_at.plus(BEAT) <= self.runner.clock.now() { self.beat() } else { Ok(()) }
    }

    /// A heartbeat with the latest progress, whenever the last one was.
    ///
    /// # Errors
    /// A [`Cut`] where the attempt is to end here.
    pub fn beat(&mut self) -> Result<(), Cut> {
        self.write(|_| Ok(()))
    }

    /// One transaction under the lease, which is a heartbeat too.
    ///
    /// # Errors
    /// A refusal of the verb, and a [`Cut`] without anything written where the attempt is to end here.
    pub fn write<T: Send + 'static>(
        &mut self,
        verb: impl FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    ) -> Result<T, Cut> {
        let (execution, progress, now) = (self.execution.clone(), self.progress, self.runner.clock.now());
        self.beat_at = now;
        self.runner.db.write_now(move |conn| match store::beat(conn, &execution, progress, now)? {
            Beat::Current => verb(conn).map(Ok),
            Beat::Cancelled => Ok(Err(Cut::Cancelled)),
            Beat::Lost => Ok(Err(Cut::Lost)),
        })?
    }
}
