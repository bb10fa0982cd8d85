//! How often somebody may be wrong.
//!
//! Invariant: failures are counted for account and address together, so nobody can lock out the owner, and for the
//! address alone, so nobody can try one password on many accounts. Counts live in the memory of this node: with n
//! nodes somebody has n times the tries. Read next: `super::check`.

use crate::kernel::{
    error::{Code, Error, Result},
    time::Timestamp,
};
use sha2::{Digest, Sha256};
use std::{
    collections::{HashMap, VecDeque},
    net::IpAddr,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

const WINDOW: Duration = Duration::from_secs(15 * 60);
/// Failures of one address on one account.
const ON_ACCOUNT: usize = 10;
/// Failures of one address on all accounts.
const OF_ADDRESS: usize = 30;
/// Attempts of one address that may be under way beyond those.
const UNDER_WAY: usize = 100;
/// Counters at which the old ones are thrown away.
const MANY: usize = 100_000;

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Key {
    Account([u8; 32]),
    Address(IpAddr),
}

/// What is known of a key: when attempts failed, and how many are under way.
#[derive(Default)]
struct Count {
    failures: VecDeque<Timestamp>,
    running: usize,
}

impl Count {
    /// When the next attempt may happen, if not now.
    fn full(&mut self, most: usize, slack: usize, now: Timestamp) -> Option<Timestamp> {
        while self.failures.front().is_some_and(|at| at.plus(WINDOW) <= now) {
            self.failures.pop_front();
        }
        if self.failures.len() >= most {
            return self.failures.front().map(|at| at.plus(WINDOW));
        }
        (self.failures.len() + self.running >= most + slack).then(|| now.plus(Duration::from_secs(1)))
    }

    fn over(&self, now: Timestamp) -> bool {
        self.running == 0 && self.failures.back().is_none_or(|at| at.plus(WINDOW) <= now)
    }
}

type Counts = HashMap<Key, Count>;

/// The counters of failed attempts.
#[derive(Default)]
pub struct Throttle(Mutex<Counts>);

/// An attempt that counts as failed unless it says otherwise.
pub struct Attempt<'a> {
    throttle: &'a Throttle,
    account: Key,
    address: Key,
    failed_at: Option<Timestamp>,
}

impl Throttle {
    /// Lets an attempt on `account` from `peer` happen, unless there were too many.
    pub fn attempt(&self, account: &str, peer: IpAddr, now: Timestamp) -> Result<Attempt<'_>> {
        let peer = network(peer);
        let mut sha = Sha256::new();
        sha.update(account.as_bytes());
        sha.update([0]);
        sha.update(peer.to_string().as_bytes());
        let (account, address) = (Key::Account(sha.finalize().into()), Key::Address(peer));
        let mut all = self.lock();
        if all.len() >= MANY {
            forget(&mut all, now);
        }
        for (key, most, slack) in [(account, ON_ACCOUNT, 0), (address, OF_ADDRESS, UNDER_WAY)] {
            if let Some(until) = all.entry(key).or_default().full(most, slack, now) {
                let seconds = (until.micros() - now.micros()).div_euclid(1_000_000).clamp(1, 900);
                let detail = "too many failed attempts; wait, or reset the password";
                return Err(Error::new(Code::LoginThrottled, detail).retry_after(seconds as u32));
            }
        }
        for key in [account, address] {
            all.entry(key).or_default().running += 1;
        }
        Ok(Attempt { throttle: self, account, address, failed_at: Some(now) })
    }

    fn lock(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Attempt<'_> {
    /// The attempt was right: the account starts anew.
    pub fn succeeded(mut self) {
        self.failed_at = None;
        if let Some(count) = self.throttle.lock().get_mut(&self.account) {
            count.failures.clear();
        }
    }

    /// The attempt never took place.
    pub fn withdraw(mut self) {
        self.failed_at = None;
    }
}

impl Drop for Attempt<'_> {
    fn drop(&mut self) {
        let mut all = self.throttle.lock();
        for key in [self.account, self.address] {
            let count = all.entry(key).or_default();
            count.running = count.running.saturating_sub(1);
            count.failures.extend(self.failed_at);
        }
    }
}

/// Throws away what is over, and then, if that is not enough, the counters furthest from their limit.
fn forget(all: &mut Counts, now: Timestamp) {
    all.retain(|_, count| !count.over(now));
    if all.len() >= MANY / 2 {
        all.retain(|_, count| count.running > 0 || count.failures.len() >= ON_ACCOUNT / 2);
    }
}

/// The address as far as one subscriber has it: all of IPv4, the first 64 bits of IPv6.
fn network(peer: IpAddr) -> IpAddr {
    match peer.to_canonical() {
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds * 1_000_000)
    }

    fn ip(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    #[test]
    fn ten_failures_on_an_account_are_the_end_for_that_address_only() {
        let throttle = Throttle::default();
        for second in 0..10 {
            assert!(throttle.attempt("a", ip(1), at(second)).is_ok());
        }
        let error = throttle.attempt("a", ip(1), at(10)).err().expect("refused");
        assert_eq!((error.code, error.retry_after), (Code::LoginThrottled, Some(890)));
        assert!(throttle.attempt("a", ip(2), at(10)).is_ok());
        assert!(throttle.attempt("b", ip(1), at(10)).is_ok());
        assert!(throttle.attempt("a", ip(1), at(900)).is_ok());
    }

    #[test]
    fn one_address_cannot_try_many_accounts() {
        let throttle = Throttle::default();
        let tries = (0..50).map(|n| throttle.attempt(&format!("account {n}"), ip(1), at(0)).is_ok());
        assert_eq!(tries.filter(|ok| *ok).count(), OF_ADDRESS);
    }

    #[test]
    fn attempts_that_are_under_way_count_before_they_have_failed() {
        let throttle = Throttle::default();
        let on_one: Vec<_> = (0..20).filter_map(|_| throttle.attempt("a", ip(1), at(0)).ok()).collect();
        assert_eq!(on_one.len(), ON_ACCOUNT);
        let many = |n: usize| throttle.attempt(&format!("account {n}"), ip(2), at(0)).ok();
        let on_many: Vec<_> = (0..500).filter_map(many).collect();
        assert_eq!(on_many.len(), OF_ADDRESS + UNDER_WAY);
    }

    #[test]
    fn success_and_withdrawal_do_not_count() {
        let throttle = Throttle::default();
        for _ in 0..100 {
            throttle.attempt("a", ip(1), at(0)).expect("let in").succeeded();
            throttle.attempt("a", ip(1), at(0)).expect("let in").withdraw();
        }
        assert!(throttle.attempt("a", ip(1), at(0)).is_ok());
    }

    #[test]
    fn neighbours_in_a_network_of_ipv6_count_together() {
        let peer = |n: u16| IpAddr::from([0x2001, 0xdb8, 1, 2, 3, 4, 5, n]);
        let throttle = Throttle::default();
        let tries = (0..20).map(|n| throttle.attempt("a", peer(n), at(0)).is_ok());
        assert_eq!(tries.filter(|ok| *ok).count(), ON_ACCOUNT);
        assert_eq!(network("::ffff:192.0.2.1".parse().expect("address")), ip(1));
    }

    #[test]
    fn memory_is_bounded() {
        let throttle = Throttle::default();
        for n in 0..(MANY as u32 + 10) {
            let peer = IpAddr::from((n + 0x0a00_0000).to_be_bytes());
            drop(throttle.attempt("a", peer, at(0)));
        }
        assert!(throttle.lock().len() <= MANY);
    }
}
