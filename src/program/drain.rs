//! The end of a running service: the first signal drains, the second cuts off.
//!
//! Invariant: between the signal and the end of accepting the service is not ready and still answers everything.
//! Read next: [`super::startup`].

use crate::http::Edge;
use crate::kernel::error::{Error, Result};
use actix_web::{dev::ServerHandle, web::Data};
use std::time::Duration;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Stops the server after the first signal; completes only at the second.
pub(super) async fn drain_on_signal(
    mut signals: Signals,
    handle: ServerHandle,
    edge: Data<Edge>,
    delay: Duration,
) {
    signals.next().await;
    edge.lifecycle.drain();
    tracing::info!(delay_s = delay.as_secs(), "draining");
    let gently = async {
        tokio::time::sleep(delay).await;
        edge.lifecycle.close();
        handle.stop(true).await;
    };
    tokio::select! {
        ((), ()) = async { (gently.await, std::future::pending().await) } => {}
        () = signals.next() => tracing::warn!("a second signal: the requests under way are cut off"),
    }
}

/// The signals to stop, heeded from the moment this exists.
pub(super) struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    /// Heeds the signals from now on.
    pub(super) fn heed() -> Result<Self> {
        let of = |kind| signal(kind).map_err(Error::internal);
        Ok(Self { terminate: of(SignalKind::terminate())?, interrupt: of(SignalKind::interrupt())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
