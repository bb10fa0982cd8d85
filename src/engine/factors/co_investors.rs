//! Co-investors: how often the investor was in beside the startup's backers.
//!
//! Invariant: the first four backers count; no backers at all is neutral and certain.
//! Read next: [`super::references`].

use super::super::arithmetic::{NEUTRAL, byte};
use super::super::compiled::{InvestorRow, List};
use super::Rating;

const BY_TIES: [u64; 6] = [90, 160, 195, 220, 240, 250];

/// Which backers count, and in how many deals the investor was beside each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoInvestorFacts {
    /// Backer and common deals, in the startup's order; nothing where the startup does not say.
    pub backers: Option<Vec<(u64, u64)>>,
}

/// The backers that count.
pub fn counted(backers: &[u64]) -> &[u64] {
    &backers[..backers.len().min(4)]
}

/// Points and confidence of the factor.
pub fn rate(backers: Option<List<'_, u64>>, investor: &InvestorRow) -> Rating {
    let Some(backers) = backers else { return Rating::prior(NEUTRAL) };
    if backers.is_empty() {
        return Rating::known(NEUTRAL);
    }
    let sum = backers.iter().map(|backer| u64::from(tied(investor.evidence.ties.get(backer)))).sum();
    Rating::known(mean(sum, backers.len()))
}

/// What so many common deals with one backer are worth.
pub fn tied(deals: u64) -> u8 {
    byte(BY_TIES[deals.min(5) as usize])
}

/// The points of several backers.
pub fn mean(sum: u64, backers: usize) -> u8 {
    byte(sum / backers.max(1) as u64)
}
