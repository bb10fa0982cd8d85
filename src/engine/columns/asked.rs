//! What a startup brings to a search for investors, as tables by code.
//!
//! Invariant: made once a query, from the startup alone. Read next: [`super::reach`], which looks things up in them.

use super::super::arithmetic::POINTS;
use super::super::compiled::{List, StartupRow};
use super::super::factors::comms;
use super::super::plan::StartupPlan;
use super::super::weights::{Factor, INVESTOR_FACTORS, InvestorFactor, STARTUP_FACTORS, StartupFactor};
use super::codes::{self, NONE, OTHER};
use super::slots::Column;
use super::worth::{raise, table};

/// What is missing to full confidence before any investor.
pub fn missing(row: &StartupRow<'_>) -> ([u8; INVESTOR_FACTORS], [u8; STARTUP_FACTORS]) {
    use InvestorFactor as I;
    use StartupFactor as S;
    let (mut investor, mut startup) = ([0; INVESTOR_FACTORS], [0; STARTUP_FACTORS]);
    let stated = [
        (I::Sector, row.sector.is_some()),
        (I::Technology, row.tags.is_some()),
        (I::Ticket, row.ask.is_some()),
        (I::City, row.place.is_some()),
        (I::CoInvestors, row.backers.is_some()),
        (I::LocalReferences, row.references_known),
        (I::Cooperation, row.models.is_some()),
    ];
    for (factor, stated) in stated {
        investor[factor.index()] = if stated { 0 } else { POINTS };
    }
    investor[I::Maturity.index()] = POINTS - row.maturity.confidence;
    investor[I::Pitch.index()] = POINTS - row.pitch.confidence;
    let stated = [
        (S::Access, row.targets.is_some_and(|targets| !targets.is_empty())),
        (S::Ticket, row.ask.is_some()),
        (S::ValueAdd, row.needs.is_some_and(|needs| !needs.is_empty())),
        (S::Kind, row.types.is_some()),
        (S::Cooperation, row.models.is_some()),
    ];
    for (factor, stated) in stated {
        startup[factor.index()] = if stated { 0 } else { POINTS };
    }
    (investor, startup)
}

/// How much each market is wanted.
pub fn interest(row: &StartupRow<'_>) -> Column {
    let mut interest = [0; 256];
    for (market, level) in row.targets.into_iter().flat_map(List::iter) {
        raise(&mut interest, codes::country(market), level);
    }
    interest[usize::from(OTHER)] = 3;
    interest
}

/// What the best common language gives, by the languages of an investor that may speak them fluently.
pub fn spoken(plan: &StartupPlan<'_>) -> [Column; 2] {
    let Some(spoken) = plan.startup.languages else { return [[0; 256]; 2] };
    let mut levels = [0u8; 16];
    for (word, level) in spoken.iter() {
        let known = &mut levels[plan.common.dictionary.languages.bit(word) as usize];
        *known = level.max(*known);
    }
    [0, 1].map(|half: usize| {
        table(|byte| {
            let common = (0..8).filter(|bit| byte >> bit & 1 != 0).map(|bit| levels[half * 8 + bit]);
            common.max().map_or(0, |level| comms::share_of_language(Some((level, false))))
        })
    })
}

/// What the distance to each time zone gives.
pub fn zones(row: &StartupRow<'_>) -> Column {
    let Some(own) = row.time_zone else { return [comms::share_of_time(None); 256] };
    table(|code| match code {
        NONE => comms::share_of_time(None),
        OTHER => comms::share_of_time(Some(0)),
        code => comms::share_of_time(Some(comms::difference(codes::of_zone(code), own))),
    })
}

/// What each kind of investor gives.
pub fn kinds(plan: &StartupPlan<'_>) -> Column {
    let Some(types) = plan.startup.types else { return [125; 256] };
    let wanted = plan.common.dictionary.kinds.bits(types.iter());
    table(|bit| if bit < 16 && wanted >> bit & 1 != 0 { 250 } else { 75 })
}
