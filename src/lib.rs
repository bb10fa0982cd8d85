//! Springboard: cross-border startup–investor matchmaking.
#![deny(missing_docs)]

pub mod cli;
pub mod matching;
