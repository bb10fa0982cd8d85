//! Springboard: cross-border startup–investor matchmaking as a service.
//!
//! Invariant: the database is the truth, the event log the only way out of a transaction, the ranking engine a replica.
//! The modules below are listed in the order to read them in; ARCHITECTURE.md is the map.

pub mod kernel;

pub mod engine;

pub mod db;
pub mod events;
pub mod jobs;

pub mod identity;

pub mod http;

pub mod reference;

pub mod accounts;

pub mod profiles;

pub mod matching;

pub mod notices;

pub mod program;

pub mod cli;
pub mod demo;
pub mod population;
