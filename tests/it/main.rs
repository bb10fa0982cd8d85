//! The one test binary.

mod engine;
