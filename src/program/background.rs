//! What a node does beside answering requests: followers of the log, periodic tasks, and jobs.
//!
//! | what | from | thread |
//! | --- | --- | --- |
//! | followers, each on one node at a time | `events` (seals), `notices` (mails) | `upkeep` |
//! | periodic tasks, on every node | `http`, `accounts`, `profiles`, `notices` | `upkeep` |
//! | jobs, each on one node | `matching` (recommendation runs) | `jobs` |
//!
//! Invariant: the lists of this file are all there is; tests call [`Background::step`] and never wait.
//! Read next: [`crate::events::follow`], [`crate::jobs`].

use super::state::Parts;
use crate::accounts;
use crate::db::Db;
use crate::events::{Follower, Sealing};
use crate::http::prune_replies;
use crate::jobs::{Every, Job, Periodic, Repeated, Repeating, Runner, Stopping, alone};
use crate::kernel::{
    error::Result,
    time::{Clock, Timestamp},
};
use crate::matching::recommendations::Recommend;
use crate::profiles;
use std::{sync::Arc, time::Duration};

/// The pause between two removals of stored replies.
const PRUNE_EVERY: Duration = Duration::from_secs(600);

/// Everything that a node does beside answering requests.
pub struct Background {
    upkeep: Upkeep,
    runner: Runner,
}

impl Background {
    /// Followers, tasks and jobs over the shared parts of a service.
    pub fn new(parts: &Parts) -> Self {
        let edge = &parts.edge;
        let upkeep = Upkeep {
            db: edge.db.clone(),
            clock: edge.clock.clone(),
            followers: followers(parts),
            tasks: tasks(parts),
        };
        Self { upkeep, runner: Runner::new(edge.db.clone(), edge.clock.clone(), jobs(parts)) }
    }

    /// One step of every follower, of every task that is due, and of the jobs, without waiting; what fails or panics
    /// keeps no other from its step.
    ///
    /// # Errors
    /// The first of those that there were.
    pub fn step(&mut self) -> Result<()> {
        self.upkeep.step().and(self.runner.step().map(drop))
    }

    /// Steps on threads of their own until the result is dropped.
    ///
    /// # Errors
    /// The system's, where it gives no thread.
    pub fn start(self) -> Result<[Repeating; 2]> {
        let upkeep = Repeating::start("upkeep", self.upkeep, Stopping::default())?;
        // Dropped in this order: the job hears of the end at once, and not after the mails that are being sent.
        Ok([self.runner.start()?, upkeep])
    }
}

/// The followers that step on one node at a time.
fn followers(parts: &Parts) -> Vec<Arc<Follower>> {
    vec![Arc::new(Follower::new(Sealing)), parts.notices.queueing()]
}

/// The tasks of every node, in the order of their turns.
fn tasks(parts: &Parts) -> Vec<Periodic> {
    let edge = &parts.edge;
    let notices = parts.notices.clone().into_inner();
    let mut tasks = vec![notices.sending(edge.clock.clone()), replies(&edge.db)];
    tasks.extend(accounts::upkeep(&edge.db));
    tasks.extend(profiles::upkeep(&edge.db, parts.catalogue.clone().into_inner()));
    tasks
}

/// The kinds of jobs.
fn jobs(parts: &Parts) -> Vec<Arc<dyn Job>> {
    vec![Arc::new(Recommend::new(parts.replica.clone().into_inner()))]
}

/// The task that removes stored replies.
fn replies(db: &Db) -> Periodic {
    let db = db.clone();
    Periodic::new("replies", Every::Span(PRUNE_EVERY), move |now: Timestamp| {
        let removed = db.write_now(move |conn| prune_replies(conn, now))?;
        if removed > 0 {
            tracing::info!(removed, "stored replies were removed");
        }
        Ok(())
    })
}

/// The followers and the tasks of a node.
struct Upkeep {
    db: Db,
    clock: Clock,
    followers: Vec<Arc<Follower>>,
    tasks: Vec<Periodic>,
}

impl Repeated for Upkeep {
    fn step(&mut self) -> Result<()> {
        let now = self.clock.now();
        let mut done = Ok(());
        for follower in &self.followers {
            done = done.and(alone(follower.name(), || follower.step(&self.db, now).map(drop)));
        }
        for task in &mut self.tasks {
            done = done.and(task.step(now));
        }
        done
    }

    fn end(&mut self) {
        for follower in &self.followers {
            let _it_ends_by_itself = alone(follower.name(), || follower.release(&self.db));
        }
    }
}
