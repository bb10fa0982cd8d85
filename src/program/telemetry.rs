//! The log: JSON lines or text, on standard error.
//!
//! Invariant: no token, password, body or personal data is ever a field. Read next: `http::middleware`.

use tracing_subscriber::{EnvFilter, filter::ParseError, fmt};

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// For machines.
    Json,
}

/// Starts the log, panics included; a second start changes nothing.
///
/// # Errors
/// A filter that cannot be read.
pub fn start(format: Format, filter: &str) -> Result<(), ParseError> {
    let filter = EnvFilter::try_new(filter)?;
    // A line that cannot be written is dropped: to say so on the same output would be a panic.
    let lines = fmt().with_env_filter(filter).with_writer(std::io::stderr).log_internal_errors(false);
    let _already_started = match format {
        Format::Text => lines.with_ansi(false).try_init(),
        Format::Json => lines.json().flatten_event(true).try_init(),
    };
    log_panics();
    Ok(())
}

/// Makes a line in the log of every panic: its place alone, as what it says may hold data of a request.
pub fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(%place, "a panic");
    }));
}
