//! The hash chain over the log, written after commit.
//!
//! Invariant: the seal of an event covers the event and the seal before it, so an altered, removed or inserted event
//! breaks the chain from there on. An event is sealed only after every transaction that could still put an event before
//! it is over. Read next: [`super::follow`].

use super::follow::Subscriber;
use super::store::{Entry, add_seal, after, last_seal, seals};
use crate::db::Conn;
use crate::kernel::{error::Result, time::Timestamp};
use sha2::{Digest, Sha256};
use std::fmt::Write;

const BATCH: i64 = 500;

fn hash(previous: &str, e: &Entry) -> String {
    let mut sha = Sha256::new();
    let numbers = [e.revision.to_string(), e.at.to_string(), e.subject_number.to_string()];
    let none = String::new();
    let (person, organisation) =
        (e.person.as_ref().unwrap_or(&none), e.organisation.as_ref().unwrap_or(&none));
    let texts = [&e.id, &e.kind, &e.subject, person, organisation, &e.request, &e.data];
    for part in std::iter::once(previous).chain(numbers.iter().chain(texts).map(String::as_str)) {
        sha.update((part.len() as u64).to_be_bytes());
        sha.update(part.as_bytes());
    }
    sha.finalize().iter().fold(String::with_capacity(64), |mut text, byte| {
        let _infallible = write!(text, "{byte:02x}");
        text
    })
}

/// The subscriber that extends the chain.
pub struct Sealing;

impl Subscriber for Sealing {
    fn name(&self) -> &'static str {
        "seals"
    }

    fn handle(&self, conn: &mut Conn, entries: &[Entry], _: Timestamp) -> Result<()> {
        extend(conn, entries).map(|sealed| tracing::debug!(sealed, "events sealed"))
    }
}

/// Seals those of these entries that are not sealed yet; none may be missing between them and the end of the chain.
fn extend(conn: &mut Conn, entries: &[Entry]) -> Result<usize> {
    let (end, mut previous) = last_seal(conn)?;
    let mut sealed = 0;
    for entry in entries.iter().filter(|entry| entry.revision > end) {
        previous = hash(&previous, entry);
        add_seal(conn, entry.revision, &previous)?;
        sealed += 1;
    }
    Ok(sealed)
}

/// Seals settled events up to `settled` and returns how many were sealed.
///
/// `settled` is a revision below which no further event can appear (see [`super::horizon`]).
pub fn seal(conn: &mut Conn, settled: i64) -> Result<usize> {
    let (end, _) = last_seal(conn)?;
    let mut entries = after(conn, end, BATCH)?;
    entries.retain(|entry| entry.revision <= settled);
    extend(conn, &entries)
}

/// The first revision at which log and chain disagree, if there is one.
pub fn verify(conn: &mut Conn) -> Result<Option<i64>> {
    let (end, _) = last_seal(conn)?;
    let (mut at, mut previous) = (0, String::new());
    while at < end {
        let entries = after(conn, at, BATCH)?;
        for (event, seal) in seals(conn, at, BATCH)? {
            let entry = entries.iter().find(|e| e.revision > at);
            match entry {
                Some(e) if e.revision == event && hash(&previous, e) == seal => {
                    (at, previous) = (event, seal);
                }
                _ => return Ok(Some(event)),
            }
        }
    }
    Ok(None)
}
