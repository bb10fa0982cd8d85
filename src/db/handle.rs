//! The database as the rest of the service sees it: [`Db::read`] and [`Db::write`].
//!
//! Invariant: only these two know threads; a verb is a synchronous function over `&mut Conn`.
//! Read next: [`super::writer`].

use super::connection::{Conn, Manager, Session};
use super::files;
use super::target::{Kind, Target};
use super::writer::{Writer, guarded};
use crate::kernel::{
    error::{Code, Error, Result},
    ids::NodeId,
    time::Clock,
};
use diesel::r2d2::{Pool, PooledConnection};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc,
    },
    time::Duration,
};
use tokio::sync::{Notify, Semaphore, oneshot};

/// How the database is used.
#[derive(Clone, Debug)]
pub struct Options {
    /// Connections of the pool.
    pub connections: u32,
    /// How long anything waits for a connection, for its turn, and then for a lock.
    pub timeout: Duration,
    /// Whether an acknowledged write survives a power failure on SQLite.
    pub synchronous_full: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { connections: 8, timeout: Duration::from_secs(5), synchronous_full: true }
    }
}

/// A database, cheap to clone.
#[derive(Clone)]
pub struct Db {
    shared: Arc<Shared>,
}

struct Shared {
    target: Target,
    node: String,
    pool: Pool<Manager>,
    turns: Arc<Semaphore>,
    timeout: Duration,
    writer: Option<Writer>,
    count: Arc<Count>,
}

/// The writes of this process that have been committed, and who waits for the next one.
#[derive(Default)]
struct Count {
    commits: AtomicU64,
    committed: Notify,
    writing: AtomicU64,
}

impl Count {
    fn note<T>(&self, result: Result<T>) -> Result<T> {
        if result.is_ok() {
            self.commits.fetch_add(1, Ordering::SeqCst);
            self.committed.notify_waiters();
        }
        result
    }
}

/// Counts a write for as long as somebody waits for it.
struct Writing<'a>(&'a AtomicU64);

impl<'a> Writing<'a> {
    fn new(count: &'a AtomicU64) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Db {
    /// Connects; the schema is not looked at (that is [`mod@super::migrate`]'s).
    pub fn connect(target: &Target, options: &Options) -> Result<Self> {
        if let Target::Sqlite(path) = target {
            files::prepare(path)?;
        }
        let session = |read_only| Session {
            timeout: options.timeout,
            synchronous_full: options.synchronous_full,
            read_only,
        };
        let writer = match target.kind() {
            Kind::Postgres => None,
            Kind::Sqlite => {
                let (target, session) = (target.clone(), session(false));
                let open =
                    move || Conn::open(&target, &session).map_err(|e| unavailable(target.unopened(&e)));
                Some(Writer::start(open, options.timeout)?)
            }
        };
        let pool = Pool::builder()
            .max_size(options.connections)
            .min_idle(Some(1))
            .connection_timeout(options.timeout)
            .test_on_check_out(target.kind() == Kind::Postgres)
            .build(Manager { target: target.clone(), session: session(target.kind() == Kind::Sqlite) })
            .map_err(|e| unavailable(format!("cannot connect to {target}: {e}")))?;
        let turns = Arc::new(Semaphore::new(options.connections as usize));
        let node = NodeId::new(Clock::System.now()).to_string();
        let (target, timeout, count) = (target.clone(), options.timeout, Arc::default());
        Ok(Self { shared: Arc::new(Shared { target, node, pool, turns, timeout, writer, count }) })
    }

    /// Which of the two databases this is.
    pub fn kind(&self) -> Kind {
        self.shared.target.kind()
    }

    /// The name under which this process holds leases; each connecting makes another one.
    pub fn node(&self) -> &str {
        &self.shared.node
    }

    /// Runs `read` on one snapshot of the data.
    pub async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (work, left) = erased(read);
        self.pooled(Box::new(move |conn| conn.snapshot(|conn| guarded(conn, work)))).await?;
        value(left)
    }

    /// Runs a verb in one transaction and returns after its durable commit.
    pub async fn write<T: Send + 'static>(
        &self,
        verb: impl FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (work, left) = erased(verb);
        self.carry_out(work).await?;
        value(left)
    }

    async fn carry_out(&self, verb: Work) -> Result<()> {
        let _writing = Writing::new(&self.shared.count.writing);
        // Counted where it is committed: whoever waits for the answer may have gone away by then.
        let count = Arc::clone(&self.shared.count);
        match &self.shared.writer {
            Some(writer) => {
                let (tell, hear) = oneshot::channel();
                match writer.submit(verb, Box::new(move |result| drop(tell.send(count.note(result))))) {
                    Ok(()) => hear.await.unwrap_or_else(|_| Err(lost())),
                    Err(full) => Err(full),
                }
            }
            None => self.pooled(Box::new(move |conn| count.note(transaction(conn, verb)))).await,
        }
    }

    /// How many writes of this process have been committed; a read that begins later sees all of them.
    pub fn commits(&self) -> u64 {
        self.shared.count.commits.load(Ordering::SeqCst)
    }

    /// How many writes of this process are neither committed nor refused yet.
    pub fn writing(&self) -> u64 {
        self.shared.count.writing.load(Ordering::Relaxed)
    }

    /// How many connections the pool holds, and how many of them are idle.
    pub fn connections(&self) -> (u32, u32) {
        let state = self.shared.pool.state();
        (state.connections, state.idle_connections)
    }

    /// Runs a verb in one transaction on the calling thread: for the command line and for start-up.
    pub fn write_now<T: Send + 'static>(
        &self,
        verb: impl FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (work, left) = erased(verb);
        self.carry_out_now(work)?;
        value(left)
    }

    fn carry_out_now(&self, verb: Work) -> Result<()> {
        let _writing = Writing::new(&self.shared.count.writing);
        let count = Arc::clone(&self.shared.count);
        match &self.shared.writer {
            Some(writer) => {
                let (tell, hear) = mpsc::sync_channel(1);
                let told = Box::new(move |result| drop(tell.send(count.note(result))));
                writer.submit(verb, told).and_then(|()| hear.recv().unwrap_or_else(|_| Err(lost())))
            }
            None => count.note(connection(&self.shared).and_then(|mut conn| transaction(&mut conn, verb))),
        }
    }

    /// Reads one snapshot on the calling thread: for the command line, start-up and background threads.
    pub fn read_now<T>(&self, read: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
        connection(&self.shared)?.snapshot(|conn| guarded(conn, read))
    }

    /// Completes when a write of this process has been committed after the call.
    pub fn committed(&self) -> impl Future<Output = ()> + '_ {
        self.shared.count.committed.notified()
    }

    async fn pooled(&self, work: Work) -> Result<()> {
        let shared = self.shared.clone();
        let turn = tokio::time::timeout(shared.timeout, shared.turns.clone().acquire_owned()).await;
        let turn = turn.map_err(|_| busy())?.map_err(Error::internal)?;
        let done = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work(&mut *connection(&shared)?)
        });
        done.await.map_err(Error::internal)?
    }
}

/// Work without the type of what it comes to: there are many verbs, and threads, turns and commits are compiled once.
pub(super) type Work = Box<dyn FnOnce(&mut Conn) -> Result<()> + Send>;

/// Work that leaves its value to be taken once it has been done.
fn erased<T: Send + 'static>(
    work: impl FnOnce(&mut Conn) -> Result<T> + Send + 'static,
) -> (Work, oneshot::Receiver<T>) {
    let (leave, left) = oneshot::channel();
    // Nobody takes the value where the caller has gone away.
    (Box::new(move |conn| work(conn).map(|value| drop(leave.send(value)))), left)
}

/// The value of work that was done.
fn value<T>(mut left: oneshot::Receiver<T>) -> Result<T> {
    left.try_recv().map_err(|_| lost())
}

fn connection(shared: &Shared) -> Result<PooledConnection<Manager>> {
    shared.pool.get().map_err(|e| busy().because(e))
}

fn transaction(conn: &mut Conn, verb: Work) -> Result<()> {
    conn.begin_write()?;
    match guarded(conn, verb) {
        Ok(()) => conn.commit().map_err(Error::from),
        Err(error) => {
            conn.rollback()?;
            Err(error)
        }
    }
}

fn unavailable(detail: String) -> Error {
    Error::new(Code::DatabaseUnavailable, detail).retry_after(1)
}

fn busy() -> Error {
    unavailable("the database is not available just now; try again".to_owned())
}

fn lost() -> Error {
    unavailable("nothing was stored; try again".to_owned())
}
