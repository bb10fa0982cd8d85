//! One writer thread for SQLite, with group commit.
//!
//! Invariant: verbs that wait at the same time share one durable commit; each runs in a savepoint of its own, so a
//! failing one undoes only itself; nobody is answered before the commit. The queue has an end and waiting in it too:
//! whoever comes to a full one, or has waited for longer than the timeout, is refused with a 503.
//! Read next: [`super::connection`].

use super::connection::Conn;
use super::errors::locked;
use super::handle::Work;
use crate::kernel::error::{Code, Error, Result};
use diesel::Connection;
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::mpsc::{self, Receiver, SyncSender, TrySendError},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

/// The most verbs that share one commit.
const GROUP: usize = 256;
/// How long a group that is smaller than the one before waits for the callers that have just been answered.
const PATIENCE: Duration = Duration::from_micros(200);
/// The most verbs that wait.
const QUEUE: usize = 1_024;

/// Says how a verb ended once the commit is known.
pub(super) type Answer = Box<dyn FnOnce(Result<()>) + Send>;

/// What a verb left: how to answer, and whether the transaction around it may be lost.
struct Ran {
    answer: Answer,
    suspect: bool,
}

/// A verb that waits; whoever dropped it without running it has refused it.
struct Job {
    since: Instant,
    run: Box<dyn FnOnce(&mut Conn) -> Ran + Send>,
}

/// The queue of verbs and the thread that carries them out.
pub(super) struct Writer {
    queue: Option<SyncSender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread; `open` makes its connection, again after a failure. No verb waits for longer than `timeout`
    /// and one attempt to lock the file.
    pub(super) fn start(open: impl Fn() -> Result<Conn> + Send + 'static, timeout: Duration) -> Result<Self> {
        let (queue, jobs) = mpsc::sync_channel(QUEUE);
        let conn = open()?;
        let thread = thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || run(conn, &Waiting { jobs, timeout }, open))
            .map_err(Error::internal)?;
        Ok(Self { queue: Some(queue), thread: Some(thread) })
    }

    /// Queues a verb, unless too many wait; `tell` hears how it ended after the commit, or is dropped if the commit was
    /// lost or the verb waited for too long.
    pub(super) fn submit(&self, verb: Work, tell: Answer) -> Result<()> {
        let run = Box::new(move |conn: &mut Conn| {
            let result = conn.transaction(|conn| guarded(conn, verb));
            let suspect = result.as_ref().is_err_and(|e| e.code.status() >= 500);
            let answer: Answer = Box::new(move |committed| tell(committed.and(result)));
            Ran { answer, suspect }
        });
        let job = Job { since: Instant::now(), run };
        match self.queue.as_ref().map(|queue| queue.try_send(job)) {
            Some(Err(TrySendError::Full(_))) => {
                Err(Error::new(Code::Unavailable, "too many writes wait; try again").retry_after(1))
            }
            _ => Ok(()),
        }
    }
}

/// The verbs that wait, without those that have waited for too long.
struct Waiting {
    jobs: Receiver<Job>,
    timeout: Duration,
}

impl Waiting {
    fn fresh(&self, job: &Job) -> bool {
        job.since.elapsed() < self.timeout
    }

    /// The next verb, waited for.
    fn next(&self) -> Option<Job> {
        self.jobs.iter().find(|job| self.fresh(job))
    }

    /// The next verb, if one waits already.
    fn at_once(&self) -> Option<Job> {
        self.jobs.try_iter().find(|job| self.fresh(job))
    }

    /// The next verb, if one comes before that instant.
    fn until(&self, end: Instant) -> Option<Job> {
        let left = end.saturating_duration_since(Instant::now());
        self.jobs.recv_timeout(left).ok().filter(|job| self.fresh(job))
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.queue.take());
        if let Some(thread) = self.thread.take() {
            let _panicked = thread.join();
        }
    }
}

/// Runs a verb and turns a panic into an error, so that the savepoint around it is rolled back; savepoints that the
/// panic left open are rolled back here, otherwise a later commit would only close the innermost of them.
pub(super) fn guarded<T>(conn: &mut Conn, verb: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
    let depth = conn.depth();
    catch_unwind(AssertUnwindSafe(|| verb(conn))).unwrap_or_else(|_| {
        while conn.depth() > depth && conn.rollback().is_ok() {}
        // The hook has logged where; what a panic says may hold data of a request.
        Err(Error::internal("a verb panicked"))
    })
}

fn run(mut conn: Conn, waiting: &Waiting, open: impl Fn() -> Result<Conn>) {
    let mut usual = 1;
    while let Some(first) = waiting.next() {
        let answers = match conn.begin_write() {
            Ok(()) => group(&mut conn, first, waiting, usual),
            Err(e) => {
                tracing::error!(error = %e, "the writer could not begin a transaction");
                // Its caller hears a 503; so do, at the next turn, all who have waited for as long.
                drop(first);
                if !locked(&e) {
                    reopen(&mut conn, &open);
                }
                continue;
            }
        };
        usual = answers.len();
        let committed = conn.commit();
        if let Err(e) = &committed {
            tracing::error!(error = %e, "a group of writes was not committed");
            let _already_over = conn.rollback();
            reopen(&mut conn, &open);
        }
        for answer in answers {
            answer(match &committed {
                Ok(()) => Ok(()),
                Err(e) => Err(Error::new(Code::DatabaseUnavailable, "nothing was stored; try again")
                    .retry_after(1)
                    .because(e.to_string())),
            });
        }
    }
}

/// Runs verbs until none waits; as many callers as were answered last are likely to come again at once, and are worth a
/// moment, because a commit costs more. A caller that is alone never waits.
fn group(conn: &mut Conn, first: Job, waiting: &Waiting, usual: usize) -> Vec<Answer> {
    let mut answers = Vec::with_capacity(GROUP);
    let mut next = Some(first);
    let end = Instant::now() + PATIENCE;
    while let Some(job) = next {
        let ran = (job.run)(conn);
        answers.push(ran.answer);
        // A failure of the database may have ended the transaction; nothing more may run in it.
        next = if ran.suspect || answers.len() == GROUP {
            None
        } else {
            waiting.at_once().or_else(|| (answers.len() < usual).then(|| waiting.until(end)).flatten())
        };
    }
    answers
}

fn reopen(conn: &mut Conn, open: &impl Fn() -> Result<Conn>) {
    match open() {
        Ok(fresh) => *conn = fresh,
        Err(e) => tracing::error!(error = %e, "the writer could not reopen the database"),
    }
}
