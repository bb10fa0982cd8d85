//! The parts that the service shares, each a documented field; there are no globals.
//!
//! Invariant: everything here is immutable or synchronises itself. Read next: [`crate::startup`], which builds it.

use crate::accounts::{Keys, MailTokens, passwords::Passwords};
use crate::config::Settings;
use crate::db::Db;
use crate::http::{metrics::Requests, operations::Operations, validate::Validators};
use crate::kernel::{page::CursorKey, time::Clock};
use crate::notices::Notices;
use crate::reference::Catalogue;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

/// The shared parts.
pub struct AppState {
    /// The database.
    pub db: Db,
    /// The only clock.
    pub clock: Clock,
    /// The settings.
    pub settings: Settings,
    /// The key that seals cursors.
    pub cursors: CursorKey,
    /// The keys that sign and verify access tokens.
    pub keys: Arc<Keys>,
    /// The snapshot that match queries read.
    pub live: Arc<crate::matching::Replica>,
    /// What passwords need: hashing in turns, the rules, the counters of failures.
    pub passwords: Arc<Passwords>,
    /// Makes and recognises the tokens of mails.
    pub mail_tokens: MailTokens,
    /// The mails.
    pub notices: Notices,
    /// The shipped reference data.
    pub reference: Arc<Catalogue>,
    /// The validators of request bodies.
    pub validators: Arc<Validators>,
    /// What the OpenAPI document says of the operations.
    pub operations: Operations,
    /// What is counted of requests.
    pub requests: Requests,
    /// Whether the service is shutting down: it is not ready any more.
    pub stopping: AtomicBool,
    /// Whether the time is over in which others notice that it is shutting down: it refuses writes.
    pub closing: AtomicBool,
}

impl AppState {
    /// Whether the service is shutting down.
    pub fn draining(&self) -> bool {
        self.stopping.load(Ordering::SeqCst)
    }

    /// Whether writes are refused because the service ends.
    pub fn closed(&self) -> bool {
        self.closing.load(Ordering::SeqCst)
    }
}
