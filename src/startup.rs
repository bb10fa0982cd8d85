//! Settings in, a running service out.
//!
//! Invariant: the tests start this same application on port 0; the first signal drains, the second ends at once.
//! Read next: [`crate::http::routes`].

use crate::accounts::{self, Keys, MailTokens, passwords::Passwords};
use crate::app::AppState;
use crate::config::Settings;
use crate::db::{self, Db, Target};
use crate::demo::{self, Demo};
use crate::events::Act;
use crate::http::{metrics, middleware, openapi, operations::Operations, routes, validate};
use crate::kernel::{
    error::{Code, Error, Result},
    page::CursorKey,
    time::{Clock, Timestamp},
};
use crate::matching::{Follower, Following, Replica, recommendations::Runner};
use crate::notices::Notices;
use crate::profiles;
use crate::reference::{self, Catalogue};
use crate::secrets;
use crate::worker::Worker;
use actix_web::{
    App, HttpServer, dev::Server, dev::ServerHandle, http::header, middleware::from_fn, web, web::Data,
};
use std::{net::SocketAddr, sync::Arc, sync::atomic::AtomicBool, sync::atomic::Ordering, time::Duration};
use tokio::signal::unix::{Signal, SignalKind, signal};
use utoipa_actix_web::AppExt;
use utoipa_swagger_ui::{Config, SwaggerUi};

/// A service that listens and has not been waited for yet.
pub struct Application {
    /// The address it listens on.
    pub address: SocketAddr,
    /// Its shared parts.
    pub state: Data<AppState>,
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
        let document = openapi::document();
        let state = Data::new(state(db, settings, clock, &document)?);
        let demo = demo(&state)?;
        let following = follow(&state)?;
        let (server, address) = listen(&state, document)?;
        let (monitor, metrics) =
            state.settings.metrics_listen.map(|at| watch(&state, at)).transpose()?.unzip();
        state.notices.reached_at(address);
        Ok(Self { address, state, demo, metrics, server, monitor, following })
    }

    /// Serves until a signal comes, then drains; `listening` is told the address once signals are heeded.
    pub async fn run(self, listening: impl FnOnce(SocketAddr)) -> Result<()> {
        let _jobs = Worker::new(self.state.clone().into_inner()).start()?;
        let AppState { db, live, clock, .. } = &**self.state;
        let _runs = Runner::new(db.clone(), live.clone(), clock.clone()).start()?;
        let delay = Duration::from_secs(self.state.settings.drain_delay);
        let cut_short = drain_on_signal(Signals::heed()?, self.server.handle(), self.state.clone(), delay);
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
fn follow(state: &AppState) -> Result<Following> {
    let mut follower = Follower::new(state.db.clone(), state.reference.clone(), state.live.clone());
    follower.load(state.clock.now())?;
    follower.start(state.clock.clone())
}

/// The demo world, if the settings ask for it.
fn demo(state: &AppState) -> Result<Option<Demo>> {
    let load = || demo::ensure(&state.db, &state.reference, &state.passwords.hasher, state.clock.now());
    state.settings.demo.then(load).transpose()
}

fn state(db: Db, settings: Settings, clock: Clock, document: &serde_json::Value) -> Result<AppState> {
    let now = clock.now();
    let cursors = CursorKey::new(db.write_now(|conn| secrets::shared(conn, "cursor_key"))?);
    let reference = reference(&db, now)?;
    let keys = Arc::new(Keys::load(&db, settings.public_url.as_deref(), now)?);
    let passwords = Arc::new(Passwords::new(settings.argon2_memory)?);
    let mail_tokens = MailTokens::load(&db)?;
    let notices = Notices::new(db.clone(), mail_tokens.clone(), &settings)?;
    let validators = Arc::new(validate::Validators::new(document, formats()));
    let operations = Operations::new(document);
    let live = Arc::new(Replica::default());
    Ok(AppState {
        db,
        clock,
        settings,
        cursors,
        keys,
        live,
        passwords,
        mail_tokens,
        notices,
        reference,
        validators,
        operations,
        requests: metrics::Requests::default(),
        stopping: AtomicBool::new(false),
        closing: AtomicBool::new(false),
    })
}

/// The shipped reference data; what an operator may change is put into an empty database.
pub fn reference(db: &Db, now: Timestamp) -> Result<Arc<Catalogue>> {
    let catalogue = Arc::new(Catalogue::shipped().map_err(Error::internal)?);
    let (shipped, act) = (catalogue.clone(), Act::system(now, "start"));
    match db.write_now(move |conn| reference::seed(conn, &act, &shipped)) {
        Err(e) if e.code == Code::Conflict => tracing::info!("another node seeded the reference data"),
        other => other?,
    }
    Ok(catalogue)
}

/// The formats that the schemas of request bodies use.
fn formats() -> validate::Formats {
    let mut formats = validate::Formats::default();
    formats.add("email", "an e-mail address", |text| accounts::Email::parse(text).is_some());
    for (name, what, check) in profiles::FORMATS {
        formats.add(name, what, check);
    }
    formats
}

fn listen(state: &Data<AppState>, document: serde_json::Value) -> Result<(Server, SocketAddr)> {
    let shared = state.clone();
    let text = web::Bytes::from(document.to_string());
    let server = HttpServer::new(move || {
        let (app, _) = App::new()
            .into_utoipa_app()
            .app_data(shared.clone())
            .configure(routes::configure)
            .split_for_parts();
        let text = text.clone();
        app.route(
            "/openapi.json",
            web::get().to(move || {
                let text = text.clone();
                async move {
                    actix_web::HttpResponse::Ok()
                        .insert_header((header::CONTENT_TYPE, "application/json"))
                        .body(text)
                }
            }),
        )
        .service(SwaggerUi::new("/docs/{_:.*}").config(Config::from("/openapi.json")))
        .service(web::redirect("/docs", "/docs/"))
        .default_service(web::to(routes::fallback))
        .wrap(from_fn(middleware::wrap))
    })
    .workers(usize::from(state.settings.workers))
    .shutdown_timeout(30)
    .client_request_timeout(Duration::from_secs(10))
    // Also the time that a later request of a connection has; whoever is slower is a proxy's business.
    .keep_alive(Duration::from_secs(15))
    .disable_signals()
    .bind(state.settings.listen)
    .map_err(|e| Error::internal(format!("cannot listen on {}: {e}", state.settings.listen)))?;
    let address = server.addrs().first().copied().ok_or_else(|| Error::internal("no address was bound"))?;
    Ok((server.run(), address))
}

/// The listener of the measurements, which shows nothing else.
fn watch(state: &Data<AppState>, at: SocketAddr) -> Result<(Server, SocketAddr)> {
    let shared = state.clone();
    let server = HttpServer::new(move || {
        App::new().app_data(shared.clone()).route("/metrics", web::get().to(metrics::expose))
    });
    let server = server.workers(1).disable_signals().bind(at);
    let server = server.map_err(|e| Error::internal(format!("cannot listen on {at}: {e}")))?;
    let address = server.addrs().first().copied().ok_or_else(|| Error::internal("no address was bound"))?;
    Ok((server.run(), address))
}

/// Stops the server after the first signal; completes only at the second.
async fn drain_on_signal(mut signals: Signals, handle: ServerHandle, state: Data<AppState>, delay: Duration) {
    signals.next().await;
    state.stopping.store(true, Ordering::SeqCst);
    tracing::info!(delay_s = delay.as_secs(), "draining");
    let gently = async {
        tokio::time::sleep(delay).await;
        state.closing.store(true, Ordering::SeqCst);
        handle.stop(true).await;
    };
    tokio::select! {
        ((), ()) = async { (gently.await, std::future::pending().await) } => {}
        () = signals.next() => tracing::warn!("a second signal: the requests under way are cut off"),
    }
}

/// The signals to stop, heeded from the moment this exists.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn heed() -> Result<Self> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::health;
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
        let state = Data::new(state(db, settings, clock, &openapi::document()).expect("state"));
        let app = init_service(App::new().app_data(state.clone()).service(health::ready)).await;
        let request = || TestRequest::get().uri("/readyz").to_request();
        assert_eq!(call_service(&app, request()).await.status().as_u16(), 503);
        let said: serde_json::Value = call_and_read_body_json(&app, request()).await;
        assert_eq!(said["status"], "loading");
        let _following = follow(&state).expect("loads");
        assert_eq!(call_service(&app, request()).await.status().as_u16(), 200);
    }
}
