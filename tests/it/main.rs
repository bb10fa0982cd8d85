//! The one test binary: folders mirror the features, `harness` runs the real application.
//!
//! Invariant: whatever speaks HTTP runs on SQLite and on PostgreSQL (`both!`). Read next: [`harness`].
#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot go on ends there")]

#[macro_use]
mod harness;

mod accounts;
mod canaries;
mod commands;
mod db;
mod demo;
mod engine;
mod events;
mod faults;
mod followers;
mod http;
mod jobs;
mod matching;
mod matrix;
mod metrics;
mod nodes;
mod notices;
mod openapi;
mod organisations;
mod packaging;
mod personal;
mod profiles;
mod reference;
mod schema;
mod structure;
mod visibility;
