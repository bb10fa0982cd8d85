//! argon2id in a bounded pool.
//!
//! Invariant: never more hashes at once than there are turns, whoever waits waits shortly, and an unknown person
//! costs the same hash as a known one. Read next: [`super::throttle`].

use super::Password;
use crate::kernel::error::{Code, Error, Result};
use argon2::{
    Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version, password_hash::phc::PasswordHash,
};
use rand::{RngCore, rngs::OsRng};
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::sync::Semaphore;

const PASSES: u32 = 2;
const LANES: u32 = 1;
/// How long somebody waits for a turn before being sent away.
const WAIT: Duration = Duration::from_secs(2);

/// Hashes and compares passwords.
#[derive(Clone)]
pub struct Hasher {
    params: Params,
    turns: Arc<Semaphore>,
    running: Arc<AtomicUsize>,
    peak: Arc<AtomicUsize>,
    done: Arc<AtomicUsize>,
    dummy: Arc<str>,
    wait: Duration,
}

impl Hasher {
    /// A hasher with that much memory (KiB) for one hash and that many hashes at once.
    pub fn new(memory: u32, turns: usize) -> Result<Self> {
        let params = Params::new(memory, PASSES, LANES, None).map_err(|e| Error::internal(e.to_string()))?;
        let dummy = hash(&params, "nobody has this password")?.into();
        let (running, peak, done) = Default::default();
        Ok(Self {
            params,
            turns: Arc::new(Semaphore::new(turns.max(1))),
            running,
            peak,
            done,
            dummy,
            wait: WAIT,
        })
    }

    /// A hasher for this machine: one hash at once for each core but one.
    pub fn of_machine(memory: u32) -> Result<Self> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self::new(memory, cores.saturating_sub(1))
    }

    /// The hash of a password, as a PHC string.
    pub async fn hash(&self, password: &Password) -> Result<String> {
        let (params, password) = (self.params.clone(), password.clone());
        self.turn(move || hash(&params, password.text())).await
    }

    /// The same on the calling thread: for the command line.
    pub fn hash_now(&self, password: &Password) -> Result<String> {
        hash(&self.params, password.text())
    }

    /// Whether the password belongs to the stored hash; without one it costs the same and is wrong.
    pub async fn verify(&self, password: &Password, stored: Option<&str>) -> Result<bool> {
        let known = stored.is_some();
        let (stored, password) = (stored.unwrap_or(&self.dummy).to_owned(), password.clone());
        let params = self.params.clone();
        let equal = self.turn(move || {
            let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
            Ok(argon.verify_password(password.text().as_bytes(), stored.as_str()).is_ok())
        });
        Ok(equal.await? && known)
    }

    /// Whether a stored hash is weaker than what is made today.
    pub fn outdated(&self, stored: &str) -> bool {
        let Ok(parsed) = PasswordHash::new(stored) else { return true };
        let current = Params::try_from(&parsed)
            .is_ok_and(|p| p.m_cost() >= self.params.m_cost() && p.t_cost() >= self.params.t_cost());
        parsed.algorithm.as_str() != "argon2id" || !current
    }

    /// The most hashes that ever ran at once.
    pub fn peak(&self) -> usize {
        self.peak.load(Ordering::SeqCst)
    }

    /// How many hashes were ever made.
    pub fn done(&self) -> usize {
        self.done.load(Ordering::SeqCst)
    }

    /// Waits shortly for a turn, then works on a thread of its own.
    async fn turn<T: Send + 'static>(&self, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
        let busy = |_| Error::new(Code::Unavailable, "too many people sign in just now").retry_after(2);
        let turn = tokio::time::timeout(self.wait, self.turns.clone().acquire_owned()).await.map_err(busy)?;
        let turn = turn.map_err(Error::internal)?;
        let (running, peak, made) = (self.running.clone(), self.peak.clone(), self.done.clone());
        let done = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            peak.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            let result = work();
            running.fetch_sub(1, Ordering::SeqCst);
            made.fetch_add(1, Ordering::SeqCst);
            result
        });
        done.await.map_err(Error::internal)?
    }
}

fn hash(params: &Params, password: &str) -> Result<String> {
    let mut salt = [0; 16];
    OsRng.fill_bytes(&mut salt);
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
    let hash = argon.hash_password_with_salt(password.as_bytes(), &salt);
    Ok(hash.map_err(|e| Error::internal(e.to_string()))?.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::future::join_all;

    fn block<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().enable_time().build().expect("runtime").block_on(future)
    }

    #[test]
    fn case_33_hashes_are_argon2id_with_the_parameters_of_the_house() {
        let hasher = Hasher::new(19_456, 1).expect("hasher");
        let stored = hasher.hash_now(&Password::new("correct horse battery")).expect("hash");
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
    }

    #[test]
    fn the_whole_password_counts_and_its_form_does_not() {
        let hasher = Hasher::new(64, 1).expect("hasher");
        let long = "x".repeat(255);
        let stored = hasher.hash_now(&Password::new(&format!("{long}é"))).expect("hash");
        let is = |text: &str| block(hasher.verify(&Password::new(text), Some(&stored))).expect("compared");
        assert!(is(&format!("{long}e\u{301}")));
        assert!(!is(&long));
        assert!(!is(""));
    }

    #[test]
    fn nobody_has_a_password() {
        let hasher = Hasher::new(64, 1).expect("hasher");
        let known = block(hasher.verify(&Password::new("nobody has this password"), None));
        assert!(!known.expect("compared"));
    }

    #[test]
    fn a_hash_with_less_memory_is_outdated() {
        let (small, large) = (Hasher::new(64, 1).expect("small"), Hasher::new(128, 1).expect("large"));
        let stored = small.hash_now(&Password::new("correct horse battery")).expect("hash");
        assert!(large.outdated(&stored) && !small.outdated(&stored));
        assert!(small.outdated("$2b$10$abc"));
        assert!(
            block(large.verify(&Password::new("correct horse battery"), Some(&stored))).expect("compared")
        );
    }

    #[test]
    fn never_more_hashes_run_at_once_than_there_are_turns() {
        let hasher = Hasher::new(256, 2).expect("hasher");
        let password = Password::new("correct horse battery");
        let all = block(join_all((0..40).map(|_| hasher.hash(&password))));
        assert!(all.iter().all(Result::is_ok));
        assert!((1..=2).contains(&hasher.peak()), "{}", hasher.peak());
    }

    #[test]
    fn whoever_finds_no_turn_is_sent_away() {
        let wait = Duration::from_millis(1);
        let hasher = Hasher { wait, ..Hasher::new(64, 1).expect("hasher") };
        let refused = block(async {
            let _taken = hasher.turns.clone().acquire_owned().await;
            hasher.hash(&Password::new("correct horse battery")).await
        });
        let error = refused.expect_err("busy");
        assert_eq!((error.code, error.retry_after), (Code::Unavailable, Some(2)));
    }
}
