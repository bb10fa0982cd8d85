//! Technology: tags in common.
//!
//! Invariant: an investor without tags says nothing; a startup known to have none scores 0 before one with tags.
//! Read next: [`super::stage`].

use super::super::arithmetic::NEUTRAL;
use super::super::compiled::{InvestorRow, StartupRow, Word, common};
use super::Rating;

const BY_COMMON: [u8; 4] = [0, 150, 213, 250];

/// The common tags; nothing where either side does not say.
pub fn common_tags<'a>(
    startup: &StartupRow<'a>,
    investor: &'a InvestorRow,
) -> Option<impl Iterator<Item = Word> + 'a> {
    let tags = startup.tags?;
    (!investor.tags.is_empty()).then(|| common(tags, &investor.tags))
}

/// Points and confidence of the factor from the number of common tags.
pub fn rate(common: Option<usize>) -> Rating {
    common.map_or(Rating::prior(NEUTRAL), |n| Rating::known(BY_COMMON[n.min(3)]))
}
