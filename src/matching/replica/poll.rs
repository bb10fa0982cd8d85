//! Looking at the event log again and again, on a thread of its own.
//!
//! Invariant: a commit of this process is looked for at once, those of other nodes within [`QUIET`]; between two looks
//! there is always a pause. The log is asked rather than listened to: a `NOTIFY` in every write would make PostgreSQL
//! commit them one after the other, and the driver hears of one only by asking too.
//! Read next: [`super::follow`].

use super::follow::Follower;
use crate::kernel::{
    error::{Error, Result},
    time::{Clock, Timestamp},
};
use std::{sync::Arc, thread::JoinHandle, time::Duration};
use tokio::sync::Notify;

/// The pause after a look that found something.
const BUSY: Duration = Duration::from_millis(20);
/// The longest pause; each look that finds nothing doubles it up to this.
const QUIET: Duration = Duration::from_millis(50);
/// The pause after a look that failed.
const FAILED: Duration = Duration::from_millis(500);

impl Follower {
    /// Follows on a thread of its own, woken by every commit of this process, until the result is dropped.
    pub fn start(mut self, clock: Clock) -> Result<Following> {
        let stop = Arc::new(Notify::new());
        let (db, stopped) = (self.database().clone(), Arc::clone(&stop));
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_time().build().map_err(Error::internal)?;
        let follow = move || {
            runtime.block_on(async {
                let mut pause = BUSY;
                loop {
                    let woken = db.committed();
                    pause = match self.look(clock.now()) {
                        Ok(Found::More) => continue,
                        Ok(Found::Something) => BUSY,
                        Ok(Found::Nothing) => (pause * 2).min(QUIET),
                        Err(e) => {
                            tracing::warn!(error = %e, cause = ?e.cause, "the log could not be followed; trying again");
                            FAILED
                        }
                    };
                    tokio::select! {
                        () = woken => {}
                        () = tokio::time::sleep(pause) => {}
                        () = stopped.notified() => break,
                    }
                }
            });
        };
        let thread =
            std::thread::Builder::new().name("feed".to_owned()).spawn(follow).map_err(Error::internal)?;
        Ok(Following { stop, thread: Some(thread) })
    }

    fn look(&mut self, now: Timestamp) -> Result<Found> {
        if self.is_current(now)? {
            return Ok(Found::Nothing);
        }
        Ok(if self.step(now)? { Found::More } else { Found::Something })
    }
}

/// The result of a look at the log.
enum Found {
    More,
    Something,
    Nothing,
}

/// The thread that follows; dropping it waits for the step that is under way.
pub struct Following {
    stop: Arc<Notify>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Following {
    fn drop(&mut self) {
        self.stop.notify_one();
        if let Some(thread) = self.thread.take() {
            let _panicked = thread.join();
        }
    }
}
