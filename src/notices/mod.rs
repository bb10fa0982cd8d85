//! Mails, fed from the event log.
//!
//! Invariant: no feature knows of this module; a mail follows from an event, is composed when it is sent, and is sent at
//! least once and by one node at a time. Its id is that of the event, so a second copy is known as one.
//!
//! ```text
//! (event) ─▶ due ──sent──▶ sent
//!             │ ├─nobody to write to, or the token is void──▶ dropped
//!             └─┴─8 failures──▶ failed
//! ```
//!
//! Read next: [`compose`], [`transport`].

mod compose;
mod follow;
pub mod mailbox;
mod personal;
mod store;
mod templates;
mod transport;

pub use compose::Letter;
pub use personal::Mails;
pub use transport::{MailOptions, Transport};

use crate::accounts::MailTokens;
use crate::db::Db;
use crate::events::Follower;
use crate::jobs::{Every, Periodic};
use crate::kernel::{
    error::Result,
    time::{Clock, Timestamp},
};
use compose::Composer;
use follow::Queueing;
use std::{
    net::SocketAddr,
    sync::{Arc, OnceLock},
    time::Duration,
};

/// The most attempts to send a mail.
const ATTEMPTS: i32 = 8;
/// The most mails sent in one step.
const BATCH: i64 = 20;
/// The pause after the first failure; it doubles with each further one.
const PAUSE: Duration = Duration::from_secs(60);

/// The mails of one node.
pub struct Notices {
    db: Db,
    transport: Transport,
    tokens: MailTokens,
    public_url: OnceLock<String>,
    queueing: Arc<Follower>,
}

impl Notices {
    /// Mails as the options say: by SMTP, or as files.
    pub fn new(db: Db, tokens: MailTokens, options: &MailOptions) -> Result<Self> {
        let public_url = OnceLock::new();
        if let Some(url) = &options.public_url {
            let _first = public_url.set(url.trim_end_matches('/').to_owned());
        }
        let transport = Transport::new(options)?;
        Ok(Self { db, transport, tokens, public_url, queueing: Arc::new(Follower::new(Queueing)) })
    }

    /// Says where the service listens; links lead there unless a public address is set.
    pub fn reached_at(&self, address: SocketAddr) {
        let _set_by_the_operator = self.public_url.set(format!("http://{address}"));
    }

    /// The follower that queues the mails that events call for.
    pub fn queueing(&self) -> Arc<Follower> {
        Arc::clone(&self.queueing)
    }

    /// The task that sends what is due, at every step.
    pub fn sending(self: Arc<Self>, clock: Clock) -> Periodic {
        Periodic::new("mails", Every::Step, move |_| self.send_due(&clock).map(drop))
    }

    /// Mails that are queued and due are sent; the number of those that went out is returned.
    ///
    /// # Errors
    /// A refusal of the database; a mail that was not sent is tried again.
    pub fn send_due(&self, clock: &Clock) -> Result<usize> {
        let now = clock.now();
        let due = self.db.read_now(|conn| store::due(conn, now, BATCH))?;
        let mut sent = 0;
        for delivery in due {
            // The mails before this one took their time.
            if self.claim(&delivery, clock.now())? {
                sent += usize::from(self.send(&delivery, clock.now())?);
            }
        }
        Ok(sent)
    }

    /// Takes a delivery until its next attempt; only one node gets it.
    fn claim(&self, delivery: &store::Delivery, now: Timestamp) -> Result<bool> {
        let (event, attempts) = (delivery.event, delivery.attempts);
        let until = now.plus(PAUSE * 2_u32.saturating_pow(attempts.clamp(0, 16) as u32));
        self.db.write_now(move |conn| store::claim(conn, event, attempts, until))
    }

    fn send(&self, delivery: &store::Delivery, now: Timestamp) -> Result<bool> {
        let composer = Composer { tokens: &self.tokens, public_url: self.public_url.get() };
        let event = delivery.event;
        let letter = self.db.read_now(|conn| composer.compose(conn, event, now))?;
        let Some(letter) = letter else { return self.settle(event, "dropped").map(|()| false) };
        match self.transport.send(&letter) {
            Ok(()) => self.settle(event, "sent").map(|()| true),
            Err(why) if delivery.attempts + 1 >= ATTEMPTS => {
                tracing::error!(event, %why, "a mail was given up");
                self.settle(event, "failed").map(|()| false)
            }
            Err(why) => {
                tracing::warn!(event, %why, "a mail was not sent; it is tried again");
                Ok(false)
            }
        }
    }

    fn settle(&self, event: i64, state: &'static str) -> Result<()> {
        self.db.write_now(move |conn| store::settle(conn, event, state))
    }
}
