//! Value added and type: needs that the investor meets, and whether its type is wanted.
//!
//! Invariant: a startup that needs nothing says as little as one that does not say.
//! Read next: [`super::track`].

use super::super::arithmetic::{NEUTRAL, POINTS, byte, mul_div};
use super::super::compiled::{InvestorRow, StartupRow, Word, common};
use super::Rating;

/// The needs that the investor meets; nothing where either side does not say.
pub fn met<'a>(
    startup: &StartupRow<'a>,
    investor: &'a InvestorRow,
) -> Option<impl Iterator<Item = Word> + 'a> {
    let needs = startup.needs.filter(|needs| !needs.is_empty())?;
    Some(common(needs, investor.offers.as_deref()?))
}

/// Points and confidence of the factor from the number of needs met.
pub fn rate(startup: &StartupRow<'_>, met: Option<usize>) -> Rating {
    let needs = startup.needs.map_or(1, |needs| needs.len().max(1)) as u64;
    met.map_or(Rating::prior(NEUTRAL), |met| {
        Rating::known(byte(mul_div(u64::from(POINTS), met as u64, needs)))
    })
}

/// Whether the investor's type is wanted; nothing where the startup does not say.
pub fn wanted(startup: &StartupRow<'_>, investor: &InvestorRow) -> Option<bool> {
    startup.types.map(|types| types.iter().any(|kind| kind == investor.kind))
}

/// Points and confidence of the type.
pub fn rate_type(wanted: Option<bool>) -> Rating {
    wanted.map_or(Rating::prior(125), |wanted| Rating::known(if wanted { 250 } else { 75 }))
}
