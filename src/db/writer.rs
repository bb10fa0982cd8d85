//! One writer thread for SQLite, with group commit.
//!
//! Invariant: verbs that wait at the same time share one durable commit; each runs in a savepoint of its own, so a
//! failing one undoes only itself; nobody is answered before the commit. Read next: [`super::connection`].

use super::connection::Conn;
use crate::kernel::error::{Code, Error, Result};
use diesel::Connection;
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::mpsc::{self, Receiver, Sender},
    thread::{self, JoinHandle},
};

/// The most verbs that share one commit.
const GROUP: usize = 256;

/// Says how a verb ended once the commit is known.
type Answer = Box<dyn FnOnce(Result<()>) + Send>;

/// What a verb left: how to answer, and whether the transaction around it may be lost.
struct Ran {
    answer: Answer,
    suspect: bool,
}

type Job = Box<dyn FnOnce(&mut Conn) -> Ran + Send>;

/// The queue of verbs and the thread that carries them out.
pub(super) struct Writer {
    queue: Option<Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread; `open` makes its connection, again after a failure.
    pub(super) fn start(open: impl Fn() -> Result<Conn> + Send + 'static) -> Result<Self> {
        let (queue, jobs) = mpsc::channel();
        let conn = open()?;
        let thread = thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || run(conn, &jobs, open))
            .map_err(Error::internal)?;
        Ok(Self { queue: Some(queue), thread: Some(thread) })
    }

    /// Queues a verb; `tell` hears how it ended after the commit, or is dropped if the commit was lost.
    pub(super) fn submit<T: Send + 'static>(
        &self,
        verb: impl FnOnce(&mut Conn) -> Result<T> + Send + 'static,
        tell: impl FnOnce(Result<T>) + Send + 'static,
    ) {
        let job: Job = Box::new(move |conn| {
            let result = conn.transaction(|conn| guarded(conn, verb));
            let suspect = result.as_ref().is_err_and(|e| e.code.status() >= 500);
            let answer: Answer = Box::new(move |committed| tell(committed.and(result)));
            Ran { answer, suspect }
        });
        if let Some(queue) = &self.queue {
            let _stopped = queue.send(job);
        }
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
    catch_unwind(AssertUnwindSafe(|| verb(conn))).unwrap_or_else(|panic| {
        while conn.depth() > depth && conn.rollback().is_ok() {}
        let what = panic.downcast_ref::<&str>().map(|s| (*s).to_owned());
        let what = what.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
        Err(Error::internal(format!("a verb panicked: {what}")))
    })
}

fn run(mut conn: Conn, jobs: &Receiver<Job>, open: impl Fn() -> Result<Conn>) {
    while let Ok(first) = jobs.recv() {
        let answers = match conn.begin_write() {
            Ok(()) => group(&mut conn, first, jobs),
            Err(e) => {
                tracing::error!(error = %e, "the writer could not begin a transaction");
                // The caller hears that its answer is lost, which is a 503.
                drop(first);
                reopen(&mut conn, &open);
                continue;
            }
        };
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

fn group(conn: &mut Conn, first: Job, jobs: &Receiver<Job>) -> Vec<Answer> {
    let mut answers = Vec::with_capacity(GROUP);
    let mut next = Some(first);
    while let Some(job) = next {
        let ran = job(conn);
        answers.push(ran.answer);
        // A failure of the database may have ended the transaction; nothing more may run in it.
        next = if ran.suspect || answers.len() == GROUP { None } else { jobs.try_recv().ok() };
    }
    answers
}

fn reopen(conn: &mut Conn, open: &impl Fn() -> Result<Conn>) {
    match open() {
        Ok(fresh) => *conn = fresh,
        Err(e) => tracing::error!(error = %e, "the writer could not reopen the database"),
    }
}
