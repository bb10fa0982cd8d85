//! The command line.
//!
//! Invariant: standard output is data, standard error is for people; exit codes are 0 ok, 1 runtime, 2 usage,
//! 78 configuration. Read next: the file named like the command.

mod admin;
mod generate;
mod healthcheck;
mod keys;
mod log;
mod mailbox;
mod migrate;
mod offline;
mod openapi;
mod rank;
mod ranking;
mod rates;
mod recommend;
mod say;
mod score;
mod seed;
mod serve;
mod unknown;
mod world;

use crate::db::{self, Db, Target};
use crate::kernel::error::{Code, Error};
use crate::program::config::{Database, Settings};
use crate::program::telemetry;
use clap::{
    CommandFactory, FromArgMatches, Parser, Subcommand,
    error::{ContextKind, ContextValue},
};
use std::process::ExitCode;

/// Why a command ended without success.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Something went wrong while running: exit code 1.
    #[error("{0}")]
    Runtime(String),
    /// The command was called wrongly: exit code 2.
    #[error("{0}")]
    Usage(String),
    /// A setting is wrong: exit code 78.
    #[error("{0}")]
    Configuration(String),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Runtime(match &error.cause {
            Some(cause) if error.code == Code::Internal => cause.to_string(),
            Some(cause) => format!("{} ({cause})", error.detail),
            None => error.detail,
        })
    }
}

impl Failure {
    fn code(&self) -> u8 {
        match self {
            Self::Runtime(_) => 1,
            Self::Usage(_) => 2,
            Self::Configuration(_) => 78,
        }
    }
}

/// A database that is there and has the schema of this program; a command that only looks or changes makes none.
fn existing(target: &Target) -> Result<Db, Failure> {
    if !db::migration_state(target)?.pending.is_empty() {
        return Err(Failure::Configuration(format!(
            "{target} is not there, or older than this program; springboard migrate makes it or brings it up"
        )));
    }
    Ok(Db::connect(target, &db::Options::default())?)
}

/// Cross-border startup–investor matchmaking.
#[derive(Parser)]
#[command(name = "springboard", version, about, max_term_width = 110)]
struct Cli {
    #[command(flatten)]
    database: Database,
    /// How log lines look
    #[arg(long, env = "SPRINGBOARD_LOG_FORMAT", value_enum, default_value = "text", global = true)]
    log_format: telemetry::Format,
    /// Which log lines are written, as info or springboard=debug
    #[arg(long, env = "RUST_LOG", default_value = "info", global = true)]
    log: String,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the API
    Serve(Box<Settings>),
    /// Bring the database to the schema of this program
    Migrate(migrate::Options),
    /// Make and change platform admins, and help people who are locked out
    #[command(subcommand)]
    Admin(admin::Options),
    /// List and rotate the keys that sign access tokens
    #[command(subcommand)]
    Keys(keys::Options),
    /// Show the mails that were written to files
    Mailbox(mailbox::Options),
    /// Put the shipped reference data, or the demo world, into an empty database
    Seed(seed::Options),
    /// Import exchange rates
    #[command(subcommand)]
    Rates(rates::Options),
    /// Count and choose the world tables
    #[command(subcommand)]
    World(world::Options),
    /// Replay saved rankings
    #[command(subcommand)]
    Ranking(ranking::Options),
    /// Check the event log
    #[command(subcommand)]
    Events(log::Options),
    /// Ask the service on this machine whether it is ready; for containers
    Healthcheck(healthcheck::Options),
    /// Print the OpenAPI document
    Openapi,
    /// Explain pairs from standard input, a line of JSON each
    Score(score::Options),
    /// Rank startups for investors, from files of JSON lines
    Rank(rank::Options),
    /// Make everybody's lists at once under caps, from files of JSON lines
    Recommend(recommend::Options),
    /// Write a made-up population of any size, for measurements
    Generate(generate::Options),
}

/// Commands that use no database and write no log.
const APART: [&str; 7] = ["mailbox", "healthcheck", "openapi", "score", "rank", "recommend", "generate"];

/// The command line; the help of a command does not show the options that change nothing of it.
fn command() -> clap::Command {
    let whole = Cli::command();
    let shared = whole.get_arguments().filter(|arg| arg.is_global_set());
    let hidden: Vec<clap::Arg> = shared.map(|arg| arg.clone().hide(true)).collect();
    APART.into_iter().fold(whole, |whole, name| whole.mut_subcommand(name, |sub| sub.args(&hidden)))
}

/// The variable whose value made the command line unreadable: the argument was not given, so its value came from there.
fn variable(error: &clap::Error, given: &[String]) -> Option<String> {
    fn all(command: &clap::Command) -> Vec<&clap::Arg> {
        command.get_arguments().chain(command.get_subcommands().flat_map(all)).collect()
    }
    let Some(ContextValue::String(shown)) = error.get(ContextKind::InvalidArg) else { return None };
    let command = command();
    let of_environment = |arg: &&clap::Arg| {
        let flag = format!("--{}", arg.get_long()?);
        let begins =
            |text: &String| text.strip_prefix(&flag).is_some_and(|r| r.is_empty() || r.starts_with('='));
        let concerned = shown.split_whitespace().next() == Some(&flag) && !given.iter().any(begins);
        arg.get_env().filter(|_| concerned).map(|name| name.to_string_lossy().into_owned())
    };
    all(&command).iter().find_map(of_environment)
}

/// Runs the command line of the process.
pub fn run() -> ExitCode {
    let parsed = command().try_get_matches().and_then(|given| Cli::from_arg_matches(&given));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(e) => {
            let given: Vec<String> = std::env::args_os().map(|a| a.to_string_lossy().into_owned()).collect();
            let Some(name) = variable(&e, &given) else { e.exit() };
            eprintln!("springboard: the environment variable {name} cannot be used\n{e}");
            return ExitCode::from(78);
        }
    };
    if let Err(e) = telemetry::start(cli.log_format, &cli.log) {
        eprintln!("springboard: the log filter (--log, RUST_LOG) cannot be read: {e}");
        return ExitCode::from(78);
    }
    let unsaid = || say::lost().map_or(Ok(()), |e| Err(Failure::Runtime(format!("standard output: {e}"))));
    match dispatch(cli).and_then(|()| unsaid()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("springboard: {failure}");
            ExitCode::from(failure.code())
        }
    }
}

fn dispatch(cli: Cli) -> Result<(), Failure> {
    let unread = |e| Failure::Configuration(format!("--database, DATABASE_URL: {e}"));
    let named = |demo| cli.database.target(demo).map_err(unread);
    let target = || named(false);
    match cli.command {
        Command::Serve(settings) => serve::run(&named(settings.demo)?, *settings),
        Command::Seed(options) => seed::run(&named(options.demo)?, &options),
        Command::Migrate(options) => migrate::run(&target()?, &options),
        Command::Admin(options) => admin::run(&target()?, &options),
        Command::Keys(options) => keys::run(&target()?, &options),
        Command::Mailbox(options) => mailbox::run(&options),
        Command::Rates(options) => rates::run(&target()?, &options),
        Command::World(options) => world::run(&target()?, &options),
        Command::Ranking(options) => ranking::run(&target()?, &options),
        Command::Events(options) => log::run(&target()?, &options),
        Command::Healthcheck(options) => healthcheck::run(&options),
        Command::Openapi => openapi::run(),
        Command::Score(options) => Ok(score::run(&options)?),
        Command::Rank(options) => Ok(rank::run(&options)?),
        Command::Recommend(options) => Ok(recommend::run(&options)?),
        Command::Generate(options) => Ok(generate::run(&options)?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_shows_its_cause_and_no_talk_of_a_log() {
        let fault = Failure::from(Error::internal("cannot listen on 127.0.0.1:1: Address already in use"));
        assert_eq!(fault.to_string(), "cannot listen on 127.0.0.1:1: Address already in use");
        let other = Failure::from(Error::new(Code::Conflict, "a newer schema").because("x"));
        assert_eq!(other.to_string(), "a newer schema (x)");
    }
}
