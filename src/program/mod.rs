//! The program: settings in, a running service out.
//!
//! ```text
//! config ──> startup (migrate, load, bind) ──> routes (every feature once) ──> serve, drain
//!                ├─> state: the parts that handlers and jobs share
//!                └─> background: followers of the log, periodic tasks, jobs
//! ```
//!
//! Invariant: everything may be named here, and nothing else names the program except `cli`. Read next: [`startup`], [`routes`].

pub mod background;
pub mod config;
mod drain;
pub mod health;
mod listen;
pub mod metrics;
pub mod personal;
pub mod routes;
pub mod startup;
pub mod state;
pub mod telemetry;
