//! What a node does beside answering requests: jobs, each one function call, stepped by one thread.
//!
//! Invariant: a job may run on any number of nodes at once and be cut off anywhere; tests call [`Worker::step`] and
//! never wait. Read next: [`crate::events::follow`].

use crate::accounts;
use crate::events::{Act, Follower, Sealing};
use crate::http::prune_replies;
use crate::kernel::{
    error::{Error, Result},
    time::{Day, Timestamp},
};
use crate::profiles::{remind_stale, reprice};
use crate::program::state::Parts;
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, mpsc},
    thread::{self, JoinHandle},
    time::Duration,
};

/// How long stored replies are kept, and whatever has expired.
const KEPT: Duration = Duration::from_secs(24 * 3600);
/// The pause between two removals of what is over.
const PRUNE_EVERY: Duration = Duration::from_secs(600);
/// The pause between two reminders of profiles that nobody has confirmed for long.
const REMIND_EVERY: Duration = Duration::from_secs(3600);
/// The pause between two steps.
const PAUSE: Duration = Duration::from_secs(1);
/// The pause after a step that failed.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(10);

/// The jobs of one node, and what they remember from step to step.
pub struct Worker {
    parts: Parts,
    followers: Vec<Arc<Follower>>,
    pruned_at: Option<Timestamp>,
    reminded_at: Option<Timestamp>,
    repriced_on: Option<Day>,
}

impl Worker {
    /// Jobs over the shared parts of a service.
    pub fn new(parts: Parts) -> Self {
        let followers = vec![Arc::new(Follower::new(Sealing)), parts.notices.queueing()];
        Self { parts, followers, pruned_at: None, reminded_at: None, repriced_on: None }
    }

    /// Does one step of every job that is due; a job that fails or panics keeps no other from its step.
    pub fn step(&mut self) -> Result<()> {
        let now = self.parts.edge.clock.now();
        let followed = self
            .followers
            .iter()
            .map(|follower| alone(follower.name(), || follower.step(&self.parts.edge.db, now).map(drop)));
        let followed = followed.fold(Ok(()), Result::and);
        let delivered = alone("deliver", || self.parts.notices.send_due(&self.parts.edge.clock).map(drop));
        let pruned = alone("prune", || self.prune(now));
        let reminded = alone("remind", || self.remind(now));
        let repriced = alone("reprice", || self.reprice(now.day()));
        followed.and(delivered).and(pruned).and(reminded).and(repriced)
    }

    /// Once a day: from today on another rate may hold.
    fn reprice(&mut self, today: Day) -> Result<()> {
        if self.repriced_on == Some(today) {
            return Ok(());
        }
        let repriced = reprice(&self.parts.edge.db, &self.parts.catalogue, today)?;
        if repriced > 0 {
            tracing::info!(repriced, "amounts of profiles were converted at the rates of today");
        }
        self.repriced_on = Some(today);
        Ok(())
    }

    fn remind(&mut self, now: Timestamp) -> Result<()> {
        if self.reminded_at.is_some_and(|at| at.plus(REMIND_EVERY) > now) {
            return Ok(());
        }
        let act = Act::system(now, "remind");
        let reminded = self.parts.edge.db.write_now(move |conn| remind_stale(conn, &act))?;
        if reminded > 0 {
            tracing::info!(reminded, "profiles are about to become stale; their owners are told");
        }
        self.reminded_at = Some(now);
        Ok(())
    }

    fn prune(&mut self, now: Timestamp) -> Result<()> {
        if self.pruned_at.is_some_and(|at| at.plus(PRUNE_EVERY) > now) {
            return Ok(());
        }
        let removed = self.parts.edge.db.write_now(move |conn| {
            let before = now.minus(KEPT);
            Ok(prune_replies(conn, before)? + accounts::prune(conn, before)?)
        })?;
        if removed > 0 {
            tracing::info!(removed, "what is over was removed");
        }
        self.pruned_at = Some(now);
        Ok(())
    }

    /// Steps on a thread of its own until the result is dropped.
    pub fn start(mut self) -> Result<Running> {
        let (stop, stopped) = mpsc::channel::<()>();
        let thread = thread::Builder::new().name("worker".to_owned()).spawn(move || {
            let mut pause = PAUSE;
            while stopped.recv_timeout(pause) == Err(mpsc::RecvTimeoutError::Timeout) {
                pause = match self.step() {
                    Ok(()) => PAUSE,
                    Err(_) => PAUSE_AFTER_FAILURE,
                };
            }
            for follower in &self.followers {
                let _free = alone(follower.name(), || follower.release(&self.parts.edge.db));
            }
        });
        Ok(Running { stop: Some(stop), thread: Some(thread.map_err(Error::internal)?) })
    }
}

/// Runs a job and logs how it failed.
fn alone(job: &'static str, step: impl FnOnce() -> Result<()>) -> Result<()> {
    let done =
        catch_unwind(AssertUnwindSafe(step)).unwrap_or_else(|_| Err(Error::internal("a job panicked")));
    if let Err(e) = &done {
        tracing::warn!(job, error = %e, cause = ?e.cause, "a job failed; it is tried again");
    }
    done
}

/// The thread of the jobs; dropping it waits for the step that is under way.
pub struct Running {
    stop: Option<mpsc::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _panicked = thread.join();
        }
    }
}
