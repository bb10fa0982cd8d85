//! x
#![warn(missing_docs)]
pub mod db;
pub mod events;
pub mod kernel;
