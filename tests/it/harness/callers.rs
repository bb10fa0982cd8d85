//! The kinds of callers, made through the public API.
//!
//! Invariant: authority is visible in the first word of a test: `app.anon()`, `app.person("ann")`.
//! Read next: [`super::client`].

use super::{Client, TestApp};

impl TestApp {
    /// A visitor without a token.
    pub fn anon(&self) -> Client {
        Client::new(&self.base)
    }
}
