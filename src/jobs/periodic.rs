//! Small tasks that a node repeats: each a function that is called when it is due.
//!
//! Invariant: a task may run on any number of nodes at once and be cut off anywhere; one that fails is due again at the
//! next step, and keeps no other from its turn. Read next: [`super::repeating`].

use crate::kernel::{
    error::{Error, Result},
    time::Timestamp,
};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    time::Duration,
};

/// The pause between two turns of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Every {
    /// No pause: at every step.
    Step,
    /// A span of time since the turn before.
    Span(Duration),
    /// One turn a day, in UTC.
    Day,
}

/// A task and when it was done last.
pub struct Periodic {
    name: &'static str,
    every: Every,
    run: Box<dyn FnMut(Timestamp) -> Result<()> + Send>,
    last: Option<Timestamp>,
}

impl Periodic {
    /// A task of that name; it is due at the first step.
    pub fn new(
        name: &'static str,
        every: Every,
        run: impl FnMut(Timestamp) -> Result<()> + Send + 'static,
    ) -> Self {
        Self { name, every, run: Box::new(run), last: None }
    }

    /// One turn, if it is due.
    ///
    /// # Errors
    /// The failure of the task, which is in the log already.
    pub fn step(&mut self, now: Timestamp) -> Result<()> {
        let due = self.last.is_none_or(|last| match self.every {
            Every::Step => true,
            Every::Span(span) => last.plus(span) <= now,
            Every::Day => last.day() != now.day(),
        });
        if due {
            alone(self.name, || (self.run)(now))?;
            self.last = Some(now);
        }
        Ok(())
    }
}

/// Runs a task so that its panic is an error, and logs how it failed.
///
/// # Errors
/// The task's own, and `internal_error` for a panic.
pub fn alone(task: &'static str, step: impl FnOnce() -> Result<()>) -> Result<()> {
    let done =
        catch_unwind(AssertUnwindSafe(step)).unwrap_or_else(|_| Err(Error::internal("a task panicked")));
    if let Err(e) = &done {
        tracing::warn!(task, error = %e, cause = ?e.cause, "a task failed; it is tried again");
    }
    done
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    fn counted(every: Every) -> (Periodic, Arc<AtomicUsize>) {
        let count = Arc::new(AtomicUsize::new(0));
        let turns = Arc::clone(&count);
        let run = move |_| match turns.fetch_add(1, Ordering::SeqCst) {
            0 => Err(Error::internal("the first fails")),
            1 => panic!("the second panics"),
            _ => Ok(()),
        };
        (Periodic::new("counted", every, run), count)
    }

    #[test]
    fn a_task_is_due_until_it_is_done_and_then_after_its_pause() {
        let noon: Timestamp = "2026-11-22T12:00:00Z".parse().expect("instant");
        let (hour, day) = (Duration::from_secs(3_600), Duration::from_secs(86_400));
        let early = Duration::from_micros(hour.as_micros() as u64 - 1);
        let cases = [
            (Every::Step, [(Duration::ZERO, 4), (Duration::ZERO, 5), (Duration::ZERO, 6)]),
            (Every::Span(hour), [(early, 3), (hour, 4), (hour, 4)]),
            (Every::Day, [(hour * 11, 3), (hour * 12, 4), (day, 4)]),
        ];
        for (every, steps) in cases {
            let (mut task, count) = counted(every);
            let done: Vec<bool> = (0..3).map(|_| task.step(noon).is_ok()).collect();
            assert_eq!(done, [false, false, true], "{every:?}");
            for (after, turns) in steps {
                task.step(noon.plus(after)).expect("a turn");
                assert_eq!(count.load(Ordering::SeqCst), turns, "{every:?} after {after:?}");
            }
        }
    }
}
