//! Access: how far the investor opens the markets that the startup wants.
//!
//! Invariant: the best market counts.
//! Read next: [`super::value_add`].

use super::super::arithmetic::{POINTS, byte, mul_div};
use super::super::compiled::{InvestorRow, List, StartupRow};
use super::super::words::Country;
use super::Rating;

/// The market that the investor opens best.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccessFacts {
    /// The market.
    pub market: Country,
    /// How much the startup wants it, 1 to 3.
    pub interest: u64,
    /// How far the investor opens it, 0 to 3.
    pub access: u64,
}

impl AccessFacts {
    /// The best of the startup's targets, the first by code among equals; nothing where it has none.
    pub fn of(startup: &StartupRow<'_>, investor: &InvestorRow) -> Option<Self> {
        let targets = startup.targets.into_iter().flat_map(List::iter);
        let opened = targets.map(|(market, level)| Self {
            market,
            interest: level.into(),
            access: investor.access_to(market),
        });
        opened.reduce(|best, next| if next.worth() > best.worth() { next } else { best })
    }

    fn worth(self) -> u64 {
        self.interest * self.access
    }

    /// Points and confidence of the factor.
    pub fn rate(best: Option<Self>) -> Rating {
        best.map_or(Rating::prior(75), |b| Rating::known(byte(mul_div(u64::from(POINTS), b.worth(), 9))))
    }
}
