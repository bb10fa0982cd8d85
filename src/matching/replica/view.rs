//! The snapshot that queries read, and how long they wait for it.
//!
//! Invariant: a query never sees less than what this process had committed when the query arrived, except what touches every
//! profile and takes longer than the follower waits for it; nor less than the revision it asks for. It waits at most two
//! seconds, and not at all for what nobody has written. Read next: [`super::follow`].

use super::cache::ListCache;
use super::cards::{Cards, InvestorCard, StartupCard};
use super::meters::Meters;
use crate::db::Db;
use crate::engine::Snapshot;
use crate::events;
use crate::kernel::{
    error::{Code, Error, Result},
    ids::WorldId,
    time::Day,
};
use crate::reference::Catalogue;
use std::{
    collections::BTreeSet,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::sync::watch;

const PATIENCE: Duration = Duration::from_secs(2);

/// A snapshot and what it was made of.
#[derive(Clone)]
pub struct View {
    /// The profiles and the world.
    pub snapshot: Arc<Snapshot>,
    /// The startups in it, as lists show them.
    pub startups: Cards<StartupCard>,
    /// The investors in it, as lists show them.
    pub investors: Cards<InvestorCard>,
    /// The highest revision in it.
    pub revision: i64,
    /// The revision below which nothing can be missing.
    pub settled: i64,
    /// Revisions above [`View::settled`] that are in it.
    pub beyond: Arc<BTreeSet<i64>>,
    /// The last revision after which the ranking was another one, and the last such one that appeared late, behind it.
    pub changed: (i64, i64),
    /// The day that scores are of.
    pub as_of: Day,
    /// The version of the corridor table.
    pub corridor_revision: i64,
    /// The version of the world tables; `None` in a new installation, where every lift is neutral.
    pub world: Option<WorldId>,
    /// The version of the reference data.
    pub reference_version: String,
    /// The number of commits that this process had made before it was read.
    pub commits: u64,
}

impl View {
    /// Coverage: true for a revision that is in the view; up to [`View::settled`] every one is.
    pub fn covers(&self, revision: i64) -> bool {
        revision <= self.settled || self.beyond.contains(&revision)
    }
}

/// The current view, shared by the readers and the follower.
pub struct Replica {
    /// The meters of the replica and of the queries that read it.
    pub meters: Arc<Meters>,
    /// The reference data that sentences and parameters name.
    pub catalogue: Arc<Catalogue>,
    /// The cache of the lists of startups that investors asked for of late.
    pub startup_lists: ListCache,
    /// The cache of the lists of investors that startups asked for of late.
    pub investor_lists: ListCache,
    view: RwLock<Option<Arc<View>>>,
    changed: watch::Sender<u64>,
    began: Instant,
    looked: AtomicU64,
}

impl Replica {
    /// A replica that holds nothing yet.
    pub fn new(catalogue: Arc<Catalogue>) -> Self {
        Self {
            meters: Arc::default(),
            catalogue,
            startup_lists: ListCache::default(),
            investor_lists: ListCache::default(),
            view: RwLock::new(None),
            changed: watch::channel(0).0,
            began: Instant::now(),
            looked: AtomicU64::new(0),
        }
    }

    /// The current view; `None` before the first load.
    pub fn view(&self) -> Option<Arc<View>> {
        self.view.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts a newer view in place and wakes whoever waits.
    pub fn publish(&self, view: View) {
        *self.view.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(view));
        self.meters.snapshots.add(1);
        self.looked();
        self.changed.send_modify(|n| *n += 1);
    }

    /// Notes that the log was looked at and the view holds what was there.
    pub(super) fn looked(&self) {
        self.looked.store(self.began.elapsed().as_micros() as u64, Ordering::Relaxed);
    }

    /// The age of the view: the time since it was last found to hold all that could be seen in the log.
    pub fn age(&self) -> Duration {
        self.began.elapsed().saturating_sub(Duration::from_micros(self.looked.load(Ordering::Relaxed)))
    }

    /// Refuses a revision that nobody has written: there is nothing to wait for.
    async fn committed(&self, db: &Db, min_revision: Option<i64>) -> Result<()> {
        let Some(asked) = min_revision else { return Ok(()) };
        if self.view().is_some_and(|view| view.covers(asked)) || asked <= db.read(events::revision).await? {
            return Ok(());
        }
        Err(Error::parameter("min_revision", "min_revision is later than every write"))
    }

    /// A view that covers what this process has committed and `min_revision`; 503 after two seconds.
    pub async fn at(&self, db: &Db, min_revision: Option<i64>) -> Result<Arc<View>> {
        self.committed(db, min_revision).await?;
        let commits = db.commits();
        let mut changes = self.changed.subscribe();
        let good = |view: &View| view.commits >= commits && min_revision.is_none_or(|r| view.covers(r));
        let wait = async {
            loop {
                if let Some(view) = self.view().filter(|v| good(v)) {
                    return Ok(view);
                }
                changes.changed().await.map_err(Error::internal)?;
            }
        };
        tokio::time::timeout(PATIENCE, wait).await.unwrap_or_else(|_| {
            self.meters.late.add(1);
            Err(behind())
        })
    }
}

fn behind() -> Error {
    Error::new(Code::Unavailable, "the matches do not include that revision yet; try again").retry_after(1)
}
