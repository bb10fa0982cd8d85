//! Matching: who suits whom, and why.
//!
//! Invariant: what ranks is the pure [`engine`]; everything around it only feeds it and shows what it says.
//! Read next: [`engine`].

pub mod engine;
