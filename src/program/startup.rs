//! Settings in, a running service out.
//!
//! Invariant: the tests start this same application on port 0; the first signal drains, the second ends at once.
//! Read next: [`crate::program::routes`].

use super::background::Background;
use super::config::Settings;
use super::drain::{Signals, drain_on_signal};
use super::{listen, routes, state::Parts};
use crate::db::{self, Db, Target};
use crate::demo::{self, Demo};
use crate::kernel::{
    error::{Error, Result},
    time::Clock,
};
use crate::matching::{Follower, Following};
use actix_web::dev::{Server, ServerHandle};
use std::{net::SocketAddr, time::Duration};

/// A service that listens and has not been waited for yet.
pub struct Application {
    /// The address it listens on.
    pub address: SocketAddr,
    /// Its shared parts.
    pub parts: Parts,
    /// The demo world, where it was asked for.
    pub demo: Option<Demo>,
    /// The address of the measurements, where they were asked for.
    pub metrics: Option<SocketAddr>,
    server: Server,
    monitor: Option<Server>,
    following: Following,
}

impl Application {
    /// Migrates, loads and binds.
    pub fn build(target: &Target, settings: Settings, clock: Clock) -> Result<Self> {
        for name in db::migrate(target)? {
            tracing::info!(migration = %name, "applied");
        }
        if target.in_clear() {
            tracing::warn!(database = %target, "the database is reached over a network without TLS");
        }
        let db = Db::connect(target, &settings.database_options())?;
        let document = routes::committed()?;
        let parts = Parts::new(db, settings, clock, &document)?;
        let demo = demo(&parts)?;
        let following = follow(&parts)?;
        let (server, address) = listen::listen(&parts, document)?;
        let monitored = parts.settings.metrics_listen.map(|at| listen::watch(&parts, at));
        let (monitor, metrics) = monitored.transpose()?.unzip();
        parts.notices.reached_at(address);
        Ok(Self { address, parts, demo, metrics, server, monitor, following })
    }

    /// Serves until a signal comes, then drains; `listening` is told the address once signals are heeded.
    pub async fn run(self, listening: impl FnOnce(SocketAddr)) -> Result<()> {
        let _background = Background::new(&self.parts).start()?;
        let Parts { edge, settings, .. } = &self.parts;
        let delay = Duration::from_secs(settings.drain_delay);
        let cut_short = drain_on_signal(Signals::heed()?, self.server.handle(), edge.clone(), delay);
        listening(self.address);
        tokio::select! {
            served = self.serve() => served,
            () = cut_short => Ok(()),
        }
    }

    /// What stops the server.
    pub fn handle(&self) -> ServerHandle {
        self.server.handle()
    }

    /// Serves until the handle stops it.
    pub async fn serve(self) -> Result<()> {
        let _following = self.following;
        let monitor = self.monitor.map(|monitor| (monitor.handle(), actix_web::rt::spawn(monitor)));
        let served = self.server.await.map_err(Error::internal);
        if let Some((handle, _)) = monitor {
            handle.stop(false).await;
        }
        served
    }
}

/// Loads the snapshot, then follows the event log.
fn follow(parts: &Parts) -> Result<Following> {
    let mut follower = Follower::new(parts.edge.db.clone(), parts.replica.clone().into_inner());
    follower.load(parts.edge.clock.now())?;
    follower.start(parts.edge.clock.clone())
}

/// The demo world, if the settings ask for it.
fn demo(parts: &Parts) -> Result<Option<Demo>> {
    let load =
        || demo::ensure(&parts.edge.db, &parts.catalogue, &parts.passwords.hasher, parts.edge.clock.now());
    parts.settings.demo.then(load).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program::health;
    use actix_web::App;
    use actix_web::test::{TestRequest, call_and_read_body_json, call_service, init_service};
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        settings: Settings,
    }

    #[actix_web::test]
    async fn a_node_is_ready_only_after_its_first_load() {
        let folder = tempfile::tempdir().expect("folder");
        let (target, data) = (Target::Sqlite(folder.path().join("ready.db")), folder.path().join("data"));
        db::migrate(&target).expect("migrates");
        let line = ["test", "--argon2-memory", "64", "--data", data.to_str().expect("text")];
        let settings = Line::try_parse_from(line).expect("settings").settings;
        let db = Db::connect(&target, &settings.database_options()).expect("connects");
        let clock = Clock::fixed("2026-11-22T12:00:00Z".parse().expect("instant"));
        let parts = Parts::new(db, settings, clock, &routes::committed().expect("document")).expect("parts");
        let app = App::new().configure(|config| parts.register(config));
        let app = init_service(app.service(health::ready)).await;
        let request = || TestRequest::get().uri("/readyz").to_request();
        assert_eq!(call_service(&app, request()).await.status().as_u16(), 503);
        let said: serde_json::Value = call_and_read_body_json(&app, request()).await;
        assert_eq!(said["status"], "loading");
        let _following = follow(&parts).expect("loads");
        assert_eq!(call_service(&app, request()).await.status().as_u16(), 200);
    }
}
