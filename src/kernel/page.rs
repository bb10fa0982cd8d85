//! Pages and their cursors.
//!
//! Invariant: a cursor opens only under the key that sealed it, for the same query and caller, and for 24 hours; what
//! it holds is a position (a sort key), never an offset, and encrypted, as a position can name internal numbers.
//! Read next: [`super::cipher`].

use super::cipher::Cipher;
use super::error::{Code, Error, Result};
use super::time::Timestamp;
use serde::{Serialize, de::DeserializeOwned};
use std::time::Duration;

const LIFETIME: Duration = Duration::from_secs(24 * 3600);
/// Payloads are filled up to a multiple of this, so that the length of a cursor does not tell that of a number.
const BLOCK: usize = 64;

/// How many rows a page has: 1 to 100, by default 20; more than 100 counts as 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit(u16);

impl Limit {
    /// The rows of a page when nothing is asked for.
    pub const DEFAULT: Self = Self(20);
    /// The most rows of a page.
    pub const MAX: u16 = 100;

    /// The limit asked for; zero and negative numbers are refused.
    pub fn parse(text: &str) -> Result<Self> {
        match text.parse::<u32>() {
            Ok(n) if n > 0 => Ok(Self(n.min(u32::from(Self::MAX)) as u16)),
            _ => Err(Error::parameter("limit", "limit is a whole number from 1 to 100")),
        }
    }

    /// The number of rows.
    pub fn rows(self) -> usize {
        usize::from(self.0)
    }
}

/// The key that seals cursors; the same on every node.
#[derive(Clone)]
pub struct CursorKey([u8; 32]);

/// What a cursor is bound to: the query without its cursor and limit, and the caller.
#[derive(Clone, Debug)]
pub struct Scope(String);

impl Scope {
    /// The scope of a query by a caller.
    pub fn new(path: &str, query: &str, caller: &str) -> Self {
        Self(format!("{path}\n{query}\n{caller}"))
    }
}

impl CursorKey {
    /// A key made of 32 secret bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    fn cipher(&self, scope: &Scope) -> Result<Cipher> {
        Cipher::new(&self.0, &scope.0)
    }

    /// The text of a cursor that stands at `position`.
    pub fn seal<P: Serialize>(&self, scope: &Scope, position: &P, now: Timestamp) -> Result<String> {
        let expires = now.plus(LIFETIME).micros();
        let mut payload = serde_json::to_vec(&(expires, position)).map_err(Error::internal)?;
        payload.resize(payload.len().next_multiple_of(BLOCK), b' ');
        self.cipher(scope)?.seal(&payload)
    }

    /// The position of a cursor, or [`Code::InvalidCursor`].
    pub fn open<P: DeserializeOwned>(&self, scope: &Scope, cursor: &str, now: Timestamp) -> Result<P> {
        let invalid = || {
            Error::new(
                Code::InvalidCursor,
                "the cursor was changed, has expired, or belongs to another query; begin without it",
            )
        };
        let payload = self.cipher(scope)?.open(cursor).ok_or_else(invalid)?;
        let (expires, position): (i64, P) = serde_json::from_slice(&payload).map_err(|_| invalid())?;
        if expires < now.micros() { Err(invalid()) } else { Ok(position) }
    }
}

/// One page of rows and the position after its last row.
#[derive(Clone, Debug)]
pub struct Rows<T, P> {
    /// The rows, at most as many as asked for.
    pub rows: Vec<T>,
    /// Where the next page begins; none on the last page.
    pub next: Option<P>,
}

impl<T, P> Rows<T, P> {
    /// Cuts `rows`, read with one row more than `limit`, to a page; `position` names the place after a row.
    pub fn cut(mut rows: Vec<T>, limit: Limit, position: impl Fn(&T) -> P) -> Self {
        let more = rows.len() > limit.rows();
        rows.truncate(limit.rows());
        let next = if more { rows.last().map(position) } else { None };
        Self { rows, next }
    }

    /// The same page with every row changed.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Rows<U, P> {
        Rows { rows: self.rows.into_iter().map(f).collect(), next: self.next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

    fn key() -> CursorKey {
        CursorKey::new([7; 32])
    }

    fn now() -> Timestamp {
        Timestamp::from_micros(1_000_000_000)
    }

    #[test]
    fn a_cursor_gives_back_its_position() {
        let scope = Scope::new("/v1/startups", "q=x", "usr_1");
        let text = key().seal(&scope, &(5i64, "a"), now()).expect("sealed");
        let position: (i64, String) = key().open(&scope, &text, now()).expect("opened");
        assert_eq!(position, (5, "a".to_owned()));
    }

    #[test]
    fn a_cursor_is_bound_to_query_caller_key_and_time() {
        let scope = Scope::new("/v1/startups", "q=x", "usr_1");
        let text = key().seal(&scope, &1i64, now()).expect("sealed");
        let fails = |key: CursorKey, scope: &Scope, text: &str, at| {
            key.open::<i64>(scope, text, at).expect_err("refused").code == Code::InvalidCursor
        };
        assert!(fails(key(), &Scope::new("/v1/startups", "q=x", "usr_2"), &text, now()));
        assert!(fails(key(), &Scope::new("/v1/startups", "q=y", "usr_1"), &text, now()));
        assert!(fails(CursorKey::new([8; 32]), &scope, &text, now()));
        assert!(fails(key(), &scope, &text, now().plus(LIFETIME).plus(Duration::from_secs(1))));
        assert!(fails(key(), &scope, &format!("{text}A"), now()));
        assert!(fails(key(), &scope, "", now()));
        assert!(fails(key(), &scope, &text[..8], now()));
    }

    #[test]
    fn a_cursor_shows_nothing_of_its_position() {
        let scope = Scope::new("/v1/startups", "", "usr_1");
        let seal = |position: i64| key().seal(&scope, &(position, "canary"), now()).expect("sealed");
        let bytes = URL_SAFE_NO_PAD.decode(seal(4_711)).expect("base64");
        assert!(!bytes.windows(6).any(|w| w == b"canary") && !bytes.windows(4).any(|w| w == b"4711"));
        assert_eq!(seal(1).len(), seal(9_007_199_254_740_993).len());
    }

    #[test]
    fn a_limit_above_the_most_is_the_most() {
        assert_eq!(Limit::parse("500").map(Limit::rows).ok(), Some(100));
        for text in ["0", "-1", "1.5", "", "x", "9000000000000"] {
            assert!(Limit::parse(text).is_err(), "{text}");
        }
    }
}
