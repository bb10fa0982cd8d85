//! Passwords: what they are, which are refused, how they are hashed, how often one may be wrong.
//!
//! Invariant: a password is compared as a whole, in NFC, and never written anywhere but as its argon2id hash.
//! Read next: [`hasher`], [`policy`], [`throttle`].

pub mod api;
mod hasher;
mod policy;
mod throttle;

pub use api::routes;
pub use hasher::Hasher;
pub use policy::Policy;
pub use throttle::{Attempt, Throttle};

use crate::kernel::error::Result;
use unicode_normalization::UnicodeNormalization;

/// A password somebody typed, in NFC; it has no `Debug`, so it cannot be logged.
#[derive(Clone)]
pub struct Password(String);

impl Password {
    /// The password of that text.
    pub fn new(text: &str) -> Self {
        Self(text.nfc().collect())
    }

    fn text(&self) -> &str {
        &self.0
    }
}

/// Everything that passwords need.
pub struct Passwords {
    /// Hashes and compares.
    pub hasher: Hasher,
    /// Refuses what is easy to guess.
    pub policy: Policy,
    /// Counts failures.
    pub throttle: Throttle,
}

impl Passwords {
    /// Ready for this machine, with that much memory (KiB) for one hash.
    pub fn new(memory: u32) -> Result<Self> {
        Ok(Self {
            hasher: Hasher::of_machine(memory)?,
            policy: Policy::default(),
            throttle: Throttle::default(),
        })
    }
}
