//! Track: what the investor's deals say of firms like this one, seen from the founder.
//!
//! Invariant: made of evidence alone, of what other factors have looked up already.
//! Read next: [`super::responsive`].

use super::super::arithmetic::{NEUTRAL, byte, certainty};
use super::Rating;

/// What the record says, feature by feature, in points; 100 says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrackFacts {
    /// How many deals are recorded.
    pub deals: u64,
    /// Of the startup's home.
    pub country: u8,
    /// Of its city.
    pub city: u8,
    /// Of its round; nothing where that is unknown.
    pub round: Option<u8>,
    /// Of its sectors; nothing where they are unknown.
    pub sector: Option<u8>,
    /// Of its backers.
    pub co_investors: u8,
}

impl TrackFacts {
    /// Points and confidence of the factor.
    pub fn rate(self) -> Rating {
        let doubles =
            [self.city, self.round.unwrap_or(NEUTRAL), self.sector.unwrap_or(NEUTRAL), self.co_investors];
        let sum = 4 * u64::from(self.country) + doubles.iter().map(|p| 2 * u64::from(*p)).sum::<u64>();
        Rating { points: byte(sum / 12), confidence: certainty(self.deals, 2) }
    }
}
