//! What the offline commands share: inputs line by line, and refusals that name the line and the field.
//!
//! Invariant: the first line that cannot be read ends the command; nothing is skipped.
//! Read next: [`super::score`] and [`super::rank`].

use super::Failure;
use crate::engine::lists::MAX_PAIRS;
use crate::engine::profile::{InvalidInput, World, parse};
use serde::de::DeserializeOwned;
use std::io::{self, BufRead};
use std::path::{Path, PathBuf};

/// Why an offline command stopped.
#[derive(Debug, thiserror::Error)]
pub enum OfflineError {
    /// A file or a stream could not be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file, or `-` for a standard stream.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A line of input is not what it should be.
    #[error("{}, line {line}: {invalid}", path.display())]
    Line {
        /// The file, or `-` for standard input.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// The field and the reason.
        invalid: InvalidInput,
    },
    /// There are more pairs than the greatest total of scores can be found of, or than are all to be looked at.
    #[error(
        "--mode max looks at all pairs, {MAX_PAIRS} at most and no more than --exact-pairs; {side} have {pairs} pairs"
    )]
    TooMany {
        /// Whose lists.
        side: &'static str,
        /// How many pairs there are of theirs.
        pairs: u64,
    },
    /// A file that was to be written is there already.
    #[error("{} is there already; --force overwrites it", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The world tables are not what they should be.
    #[error("{}: {invalid}", path.display())]
    World {
        /// The file.
        path: PathBuf,
        /// The field and the reason.
        invalid: InvalidInput,
    },
}

impl OfflineError {
    /// Wraps an error of a file or stream.
    pub fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { path, source }
    }

    /// A refusal of a field in a line.
    pub fn line(path: &Path, line: usize, invalid: InvalidInput) -> Self {
        Self::Line { path: path.to_owned(), line, invalid }
    }
}

/// The operator's world tables are configuration, everything else is met while running.
impl From<OfflineError> for Failure {
    fn from(error: OfflineError) -> Self {
        match error {
            OfflineError::World { .. } => Self::Configuration(error.to_string()),
            OfflineError::TooMany { .. } | OfflineError::Exists { .. } => Self::Usage(error.to_string()),
            OfflineError::Io { .. } | OfflineError::Line { .. } => Self::Runtime(error.to_string()),
        }
    }
}

/// Reads the world tables.
///
/// # Errors
/// A file that cannot be read, or tables that are not well formed.
pub fn world(path: &Path) -> Result<World, OfflineError> {
    let text = std::fs::read_to_string(path).map_err(OfflineError::io(path))?;
    parse(&text).map_err(|invalid| OfflineError::World { path: path.to_owned(), invalid })
}

/// Reads one value a line and hands each on with its line number; empty lines are passed over.
///
/// # Errors
/// A stream that cannot be read, a line that is not such a value, or whatever `take` refuses.
pub fn each_line<T: DeserializeOwned>(
    path: &Path,
    input: impl BufRead,
    mut take: impl FnMut(usize, T) -> Result<(), OfflineError>,
) -> Result<(), OfflineError> {
    for (number, line) in input.lines().enumerate() {
        let (number, line) = (number + 1, line.map_err(OfflineError::io(path))?);
        if !line.trim().is_empty() {
            take(number, parse(&line).map_err(|invalid| OfflineError::line(path, number, invalid))?)?;
        }
    }
    Ok(())
}
