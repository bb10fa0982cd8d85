//! Threads that step again and again until they are told to stop.
//!
//! Invariant: whoever drops a [`Repeating`] waits for the step that is under way, which hears of it by [`Stopping`].
//! Read next: [`super::runner`].

use crate::kernel::error::{Error, Result};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread::{self, JoinHandle},
    time::Duration,
};

/// The pause between two steps.
const PAUSE: Duration = Duration::from_secs(1);
/// The pause after a step that failed.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(10);

/// A flag that a thread reads while it works, shared by its copies.
#[derive(Clone, Debug, Default)]
pub struct Stopping(Arc<AtomicBool>);

impl Stopping {
    /// Asks for the end of the work.
    pub fn ask(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// The state of the flag: true once the end was asked for.
    pub fn is_asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Work that is done in steps, each of which says itself in the log how it failed.
pub trait Repeated: Send + 'static {
    /// One step, without waiting.
    ///
    /// # Errors
    /// A failure that makes the pause to the next step longer.
    fn step(&mut self) -> Result<()>;

    /// Effects of the end, after the last step.
    fn end(&mut self) {}
}

/// A thread that repeats; dropping it waits for the step that is under way.
pub struct Repeating {
    stopping: Stopping,
    stop: Option<mpsc::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Repeating {
    /// A thread of that name over some work; `stopping` is the flag that the work reads.
    ///
    /// # Errors
    /// The system's, where it gives no thread.
    pub fn start(name: &str, mut work: impl Repeated, stopping: Stopping) -> Result<Self> {
        let (stop, stopped) = mpsc::channel::<()>();
        let thread = thread::Builder::new().name(name.to_owned()).spawn(move || {
            let mut pause = PAUSE;
            while stopped.recv_timeout(pause) == Err(mpsc::RecvTimeoutError::Timeout) {
                pause = work.step().map_or(PAUSE_AFTER_FAILURE, |()| PAUSE);
            }
            work.end();
        });
        Ok(Self { stopping, stop: Some(stop), thread: Some(thread.map_err(Error::internal)?) })
    }
}

impl Drop for Repeating {
    fn drop(&mut self) {
        self.stopping.ask();
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _panicked = thread.join();
        }
    }
}
