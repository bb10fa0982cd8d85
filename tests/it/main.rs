//! The one test binary; the folders mirror what they test.

#![expect(clippy::expect_used, reason = "a test that cannot go on ends there")]

mod engine;
