//! Settings: a flag wins over the environment, the environment over the default.
//!
//! Invariant: the process environment is read by the command line parser only. Read next: [`crate::program::startup`].

use crate::db::Target;
use crate::notices::MailOptions;
use clap::Args;
use std::{net::SocketAddr, path::PathBuf, time::Duration};

/// Memory of one password hash in KiB, unless it is set.
pub const ARGON2_MEMORY: u32 = 19_456;

/// Where the data lies; every command that needs the database takes it.
#[derive(Args, Clone, Debug)]
pub struct Database {
    /// sqlite:FILE or postgres://USER:PASSWORD@HOST/NAME [default: sqlite:data/springboard.db, with --demo
    /// sqlite:data/demo.db]
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, global = true)]
    pub database: Option<String>,
}

impl Database {
    /// The database that was named, or else the default one; the demo world has one of its own.
    pub fn target(&self, demo: bool) -> Result<Target, String> {
        let default = if demo { "sqlite:data/demo.db" } else { "sqlite:data/springboard.db" };
        self.database.as_deref().unwrap_or(default).parse()
    }
}

/// Settings of `springboard serve`.
#[derive(Args, Clone, Debug)]
pub struct Settings {
    /// The address to listen on; port 0 takes a free one
    #[arg(long, env = "SPRINGBOARD_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// The address to serve /metrics on, for monitoring; without it there are none
    #[arg(long, env = "SPRINGBOARD_METRICS_LISTEN")]
    pub metrics_listen: Option<SocketAddr>,
    /// The folder of files that are not in the database: mails that are not sent
    #[arg(long, env = "SPRINGBOARD_DATA", default_value = "data")]
    pub data: PathBuf,
    /// The address under which people reach the service, for links in mails; by default the one listened on
    #[arg(long, env = "SPRINGBOARD_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// Connections to the database
    #[arg(long, env = "SPRINGBOARD_DATABASE_CONNECTIONS", default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub database_connections: u32,
    /// Seconds that a request waits for a connection or its turn to write, and then for a lock; after that it is
    /// refused with a 503
    #[arg(long, env = "SPRINGBOARD_DATABASE_TIMEOUT", default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=600))]
    pub database_timeout: u64,
    /// Whether an acknowledged write on SQLite survives a power failure: full or normal
    #[arg(long, env = "SPRINGBOARD_SYNCHRONOUS", default_value = "full", value_parser = ["full", "normal"])]
    pub synchronous: String,
    /// The most bytes of a request body
    #[arg(long, env = "SPRINGBOARD_BODY_LIMIT", default_value_t = 1_048_576)]
    pub body_limit: usize,
    /// Threads that serve requests
    #[arg(long, env = "SPRINGBOARD_WORKERS", default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub workers: u16,
    /// Seconds between the signal to stop and the end of accepting requests
    #[arg(long, env = "SPRINGBOARD_DRAIN_DELAY", default_value_t = 5)]
    pub drain_delay: u64,
    /// Let new organisations in without approval
    #[arg(long, env = "SPRINGBOARD_APPROVE_ORGANISATIONS", value_parser = clap::builder::BoolishValueParser::new())]
    pub approve_organisations: bool,
    /// Load the demo world, and approve organisations
    #[arg(long)]
    pub demo: bool,
    /// Serve the demo world, whose logins everybody knows, to other machines too
    #[arg(long, requires = "demo")]
    pub demo_anywhere: bool,
    /// SMTP server for mails, as smtps://USER:PASSWORD@HOST or smtp://HOST:25; without it mails are files
    #[arg(long, env = "SPRINGBOARD_SMTP_URL", hide_env_values = true)]
    pub smtp_url: Option<String>,
    /// Sender of mails
    #[arg(long, env = "SPRINGBOARD_MAIL_FROM", default_value = "Springboard <springboard@localhost>")]
    pub mail_from: String,
    /// Memory of one password hash in KiB
    #[arg(long, env = "SPRINGBOARD_ARGON2_MEMORY", default_value_t = ARGON2_MEMORY, value_parser = clap::value_parser!(u32).range(8..=4_194_304))]
    pub argon2_memory: u32,
}

impl Settings {
    /// The way of mails.
    pub fn mail(&self) -> MailOptions {
        MailOptions {
            data: self.data.clone(),
            from: self.mail_from.clone(),
            smtp_url: self.smtp_url.clone(),
            public_url: self.public_url.clone(),
        }
    }

    /// How the database is used.
    pub fn database_options(&self) -> crate::db::Options {
        crate::db::Options {
            connections: self.database_connections,
            timeout: Duration::from_secs(self.database_timeout),
            synchronous_full: self.synchronous == "full",
        }
    }
}
