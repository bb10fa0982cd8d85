//! Few long runs, one at a time on a node, and the small tasks that a node repeats.
//!
//! ```text
//! queued ──begin──▶ running ──run returns──▶ succeeded
//!   ▲                │ │ └─its problem, an error, a panic, or silent ATTEMPTS times──▶ failed
//!   └──node stops────┘ └─cancel_requested──▶ cancelled (a queued one at once)
//! ```
//!
//! Features implement [`Job`] and `program` hands them to the [`Runner`]; a feature queues with [`enqueue`] in the
//! transaction of its verb. What takes moments and is repeated is a [`Periodic`] task instead.
//!
//! Invariant: no transaction is open while a job computes, and whatever it writes is written under its lease: a node that
//! was given up changes nothing any more. Nothing here knows a feature.
//! Read next: [`model`], [`runner`], [`periodic`].

pub mod model;
pub mod periodic;
mod repeating;
pub mod runner;
mod store;

pub use model::{Execution, Job, JobState, NewJob, Problem};
pub use periodic::{Every, Periodic, alone};
pub use repeating::{Repeated, Repeating, Stopping};
pub use runner::{ATTEMPTS, BEAT, Context, Cut, Runner, SILENCE};
pub use store::{by_number, by_numbers, cancel, enqueue, newest, under_way};
