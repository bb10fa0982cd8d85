//! Startups and investors: what they say of themselves, and what others have verified of it.
//!
//! ```text
//! draft ── publish ──> published ── withdraw ──> withdrawn
//!                          ^───────── publish ───────┘
//! ```
//!
//! Both kinds are one machinery over two types of facts: `register`, `revise`, `publish`, … are generic over `Kind`.
//!
//! Invariant: absent means unknown and empty means known to be none, from the request to the score; the owner writes facts,
//! and never what is verified or calibrated. Every revision of the facts is kept; contact data is in no revision.
//! Reading order: `words`, `common`, `startups::facts`, `investors::facts`, `kind`, then the verbs, `store`, and `api`.

pub mod common;
pub mod investors;
pub mod startups;
pub mod words;

pub use words::FORMATS;
