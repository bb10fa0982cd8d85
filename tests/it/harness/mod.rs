//! The real application on a free port with a database of its own, and clients that speak HTTP to it.
//!
//! Invariant: set-up goes through the public API; nothing sleeps. Read next: [`client`], [`callers`].

pub mod callers;
pub mod client;
pub mod postgres;
pub mod process;
pub mod template;

pub use client::{Answer, Client};

use actix_web::dev::ServerHandle;
use clap::Parser;
use springboard::{
    db::{self, Kind, Target},
    kernel::time::{Clock, Timestamp},
    program::{config::Settings, startup::Application, state::Parts},
};
use std::{
    path::{Path, PathBuf},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
        mpsc,
    },
    thread::JoinHandle,
};

/// Makes a test of each function run on both databases: `both! { fn name(app: &TestApp) { … } }`.
macro_rules! both {
    ($($(#[$meta:meta])* fn $name:ident($app:ident: &TestApp) $body:block)*) => { $(
        $(#[$meta])*
        fn $name($app: &$crate::harness::TestApp) $body

        mod $name {
            #[test]
            fn on_sqlite() {
                super::$name(&$crate::harness::TestApp::start(springboard::db::Kind::Sqlite));
            }

            #[test]
            fn on_postgres() {
                if let Some(app) = $crate::harness::TestApp::on_postgres() {
                    super::$name(&app);
                }
            }
        }
    )* };
}

#[derive(Parser)]
#[command(args_override_self = true)]
struct Line {
    #[command(flatten)]
    settings: Settings,
}

/// How often a test does what it does: as often as the environment says, or as usual.
pub fn times<N: std::str::FromStr>(variable: &str, usual: N) -> N {
    let told = std::env::vars().find(|(name, _)| name == variable);
    told.and_then(|(_, value)| value.parse().ok()).unwrap_or(usual)
}

/// The instant at which the clock of a test stands.
pub const NOON: &str = "2026-11-22T12:00:00Z";

/// A running application.
pub struct TestApp {
    pub parts: Parts,
    pub base: String,
    /// Where the measurements are served, if they were asked for.
    pub metrics: Option<String>,
    pub target: Target,
    pub folder: PathBuf,
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
    _folder: tempfile::TempDir,
}

impl TestApp {
    /// Starts on a fresh database of that kind.
    pub fn start(kind: Kind) -> Self {
        Self::with(kind, &[])
    }

    /// Starts on PostgreSQL, unless there is none on this machine.
    pub fn on_postgres() -> Option<Self> {
        postgres::available().then(|| Self::start(Kind::Postgres))
    }

    /// Starts with further settings, as on the command line.
    pub fn with(kind: Kind, settings: &[&str]) -> Self {
        let temp = tempfile::tempdir().expect("temporary folder");
        let target = fresh_database(kind, temp.path());
        Self::on(target, temp, settings)
    }

    /// Starts over a database that is there already: a second node, or a copy of a prepared world.
    pub fn over(target: Target, settings: &[&str]) -> Self {
        Self::on(target, tempfile::tempdir().expect("temporary folder"), settings)
    }

    fn on(target: Target, temp: tempfile::TempDir, more: &[&str]) -> Self {
        let folder = temp.path().to_owned();
        let data = folder.join("data");
        let fixed = ["test", "--listen", "127.0.0.1:0", "--workers", "1", "--drain-delay", "0"];
        let cheap =
            ["--argon2-memory", "64", "--database-connections", "4", "--synchronous", "normal", "--data"];
        let line = fixed.iter().chain(&cheap).map(ToString::to_string);
        let line = line.chain([data.display().to_string()]).chain(more.iter().map(ToString::to_string));
        let settings = Line::try_parse_from(line).expect("settings").settings;
        let at: Timestamp = NOON.parse().expect("instant");
        let (tell, hear) = mpsc::channel();
        let database = target.clone();
        let thread = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async {
                let app = Application::build(&database, settings, Clock::fixed(at)).expect("builds");
                let (parts, address, metrics) = (app.parts.clone(), app.address, app.metrics);
                tell.send((parts, address, metrics, app.handle())).expect("test waits");
                app.serve().await.expect("serves");
            });
        });
        let (parts, address, metrics, handle) = hear.recv().expect("application started");
        let base = format!("http://{address}");
        let metrics = metrics.map(|address| format!("http://{address}"));
        Self { parts, base, metrics, target, folder, handle, thread: Some(thread), _folder: temp }
    }

    /// Runs a read on the database, for what the API does not show.
    pub fn read<T>(&self, read: impl FnOnce(&mut db::Conn) -> springboard::kernel::error::Result<T>) -> T {
        self.parts.edge.db.read_now(read).expect("reads")
    }

    /// The highest revision: it stays the same where nothing was to happen.
    pub fn revision(&self) -> i64 {
        self.read(springboard::events::revision)
    }

    /// Moves the clock.
    pub fn advance(&self, span: std::time::Duration) {
        self.parts.edge.clock.advance(span);
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
        if let Some(thread) = self.thread.take() {
            let ended = thread.join();
            assert!(ended.is_ok() || std::thread::panicking(), "the application panicked");
        }
    }
}

/// A migrated database that nothing else uses.
pub fn fresh_database(kind: Kind, folder: &Path) -> Target {
    match kind {
        Kind::Sqlite => {
            static TEMPLATE: OnceLock<Vec<u8>> = OnceLock::new();
            let template = TEMPLATE.get_or_init(|| {
                let temp = tempfile::tempdir().expect("temporary folder");
                let path = temp.path().join("template.db");
                db::migrate(&Target::Sqlite(path.clone())).expect("migrates");
                std::fs::read(path).expect("template")
            });
            let path = folder.join("springboard.db");
            std::fs::write(&path, template).expect("copies");
            Target::Sqlite(path)
        }
        Kind::Postgres => postgres::database(&next_name()),
    }
}

/// A name for a database that no other has.
fn next_name() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    format!("t{}", NEXT.fetch_add(1, Ordering::Relaxed))
}
