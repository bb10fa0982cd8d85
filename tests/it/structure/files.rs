//! What can be seen of a file from outside: its first line, its length.
//!
//! Invariant: the description of a file is its first line. Read next: [`super::parse`].

use super::parse::File;

/// The most lines that a file has without its tests.
const LONGEST: usize = 400;

/// The complaint about a file that does not begin with what it is.
pub fn silent(path: &str, text: &str) -> Option<String> {
    (!text.starts_with("//!")).then(|| format!("{path} does not begin with what it is"))
}

/// The complaint about a file that is too long; the list of all tables is one list.
pub fn long(file: &File) -> Option<String> {
    (file.lines > LONGEST && file.path != "src/db/schema.rs")
        .then(|| format!("{} has {} lines, more than {LONGEST}", file.path, file.lines))
}
