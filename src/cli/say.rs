//! Standard output of the commands.
//!
//! Invariant: whoever stops reading ends nothing, least of all a server; what could not be written for another reason makes a
//! command that would have succeeded end with 1. Read next: [`super::run`].

use std::{
    fmt,
    io::{self, ErrorKind, Write},
    sync::Mutex,
    sync::PoisonError,
};

/// Why a line is missing, if one is.
static LOST: Mutex<Option<io::Error>> = Mutex::new(None);

/// Writes a line.
pub(super) fn line(text: fmt::Arguments<'_>) {
    note(&LOST, writeln!(io::stdout().lock(), "{text}"));
}

fn note(lost: &Mutex<Option<io::Error>>, written: io::Result<()>) {
    if let Err(e) = written
        && e.kind() != ErrorKind::BrokenPipe
    {
        *lost.lock().unwrap_or_else(PoisonError::into_inner) = Some(e);
    }
}

/// Why a line could not be written, unless nobody wanted to read it.
pub(super) fn lost() -> Option<io::Error> {
    LOST.lock().unwrap_or_else(PoisonError::into_inner).take()
}

/// A line on standard output, formatted as by `format!`.
macro_rules! say {
    ($($text:tt)*) => { crate::cli::say::line(format_args!($($text)*)) };
}
pub(super) use say;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_output_is_no_loss_and_a_full_disk_is() {
        let lost = Mutex::new(None);
        note(&lost, Err(ErrorKind::BrokenPipe.into()));
        assert!(lost.lock().expect("lock").is_none());
        note(&lost, Err(ErrorKind::StorageFull.into()));
        assert!(lost.lock().expect("lock").is_some());
    }
}
