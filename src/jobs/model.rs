//! A job: what features implement, and how one stands.
//!
//! Invariant: a job that has ended never changes. Read next: [`super::runner`].

use super::runner::{Context, Cut};
use crate::db::Conn;
use crate::kernel::{error::Result, ids::JobId, time::Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The code of a problem: the nodes that began the job fell silent, as often as a job is begun.
pub const GIVEN_UP: &str = "given_up";
/// The code of a problem: a fault of ours, whose cause is in the log.
pub const INTERNAL_ERROR: &str = "internal_error";

/// A kind of long run, implemented by a feature.
pub trait Job: Send + Sync + 'static {
    /// The word of this kind in the database; it never changes once released.
    fn kind(&self) -> &'static str;

    /// Whether this node can begin the job now; one that cannot leaves it to the others, or to a later look.
    ///
    /// # Errors
    /// A refusal of the database.
    fn is_ready(&self, _conn: &mut Conn, _execution: &Execution) -> Result<bool> {
        Ok(true)
    }

    /// Effects of the beginning of an attempt, in its transaction: what an attempt before has left is removed here.
    ///
    /// # Errors
    /// A failure that keeps the attempt from beginning.
    fn begin(&self, _conn: &mut Conn, _execution: &Execution) -> Result<()> {
        Ok(())
    }

    /// The computation, outside of any transaction, and its result. It notes its progress often, at most a second apart.
    ///
    /// # Errors
    /// The reason why the attempt has no result; one from `context` is passed on as it is.
    fn run(&self, context: &mut Context<'_>) -> Result<Value, Cut>;

    /// Effects of the end, in its transaction; `execution` stands as it does from now on. A job that has not succeeded
    /// removes here what its attempts have stored.
    ///
    /// # Errors
    /// A failure that keeps the job from ending; it is then taken up again after [`super::SILENCE`].
    fn end(&self, conn: &mut Conn, execution: &Execution, now: Timestamp) -> Result<()>;
}

/// The state of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobState {
    /// Nobody works on it.
    Queued,
    /// A node works on it.
    Running,
    /// It has a result.
    Succeeded,
    /// It has a problem instead.
    Failed,
    /// Somebody asked for its end.
    Cancelled,
}

impl JobState {
    const ALL: [Self; 5] = [Self::Queued, Self::Running, Self::Succeeded, Self::Failed, Self::Cancelled];

    /// The word in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state of a word of the database; `None` for an unknown one.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// The reason why a job has no result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The reason, for a program.
    pub code: String,
    /// The reason, for a person.
    pub detail: String,
}

impl Problem {
    /// A problem of a code with its sentence.
    pub fn new(code: &str, detail: impl Into<String>) -> Self {
        Self { code: code.to_owned(), detail: detail.into() }
    }
}

/// A job to be queued.
#[derive(Clone, Debug)]
pub struct NewJob {
    /// The kind.
    pub kind: &'static str,
    /// Ids and options for the feature, as JSON without personal data: the log shows them beside a failure.
    pub input: Value,
    /// Whether at most one job of the kind may be under way; a second one is refused.
    pub alone: bool,
}

/// A job as it stands.
#[derive(Clone, Debug)]
pub struct Execution {
    /// The permanent number.
    pub number: i64,
    /// The public id.
    pub id: JobId,
    /// The kind.
    pub kind: String,
    /// Ids and options for the feature.
    pub input: Value,
    /// The state.
    pub state: JobState,
    /// Whether somebody has asked for its end.
    pub cancel_requested: bool,
    /// Attempts that were begun and not given back, from 0 to [`super::ATTEMPTS`].
    pub attempts: i64,
    /// The node that works on it, or worked on it last; `None` if nobody has, or it was given back.
    pub holder: Option<String>,
    /// The last heartbeat; `None` until an attempt has begun.
    pub beat_at: Option<Timestamp>,
    /// Progress in units of the feature's choice, from 0 to `total`.
    pub done: i64,
    /// Units in all; 0 until the first progress.
    pub total: i64,
    /// The result; `None` unless it has succeeded.
    pub result: Option<Value>,
    /// The problem; `None` unless it has failed.
    pub problem: Option<Problem>,
    /// The instant at which it was queued.
    pub created_at: Timestamp,
    /// The beginning of its first attempt; `None` until then.
    pub started_at: Option<Timestamp>,
    /// The end; `None` while it is under way.
    pub ended_at: Option<Timestamp>,
}
