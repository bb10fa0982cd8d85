//! The demo world: fictional startups and investors to try the service with.
//!
//! `seeds/demo/` (lines of JSON, built in) → [`data`] → [`symbols`] (days and ids) → [`load`] (one transaction through the
//! verbs of the features) → the event `demo.loaded`, which is the mark.
//!
//! Invariant: the demo world is loaded whole, once, and only into a database that holds nothing else.
//! Read next: `load`, then `seeds/demo/SOURCES.md`.

mod data;
mod load;
mod symbols;

pub use load::{Demo, PASSWORD, VERSION, ensure, logins};
