//! The commands.

pub mod offline;
pub mod rank;
pub mod score;
