//! Stage: the declared range against the stage, and past rounds against the round being raised.
//!
//! Invariant: both unknown says nothing; an unknown stage never counts against the startup.
//! Read next: [`super::ticket`].

use super::super::arithmetic::{NEUTRAL, blend, certainty};
use super::super::compiled::evidence::Tally;
use super::super::compiled::{InvestorRow, Tables};
use super::Rating;

const PSEUDO_DEALS: u64 = 3;
const BY_DISTANCE: [u8; 4] = [250, 150, 62, 0];
const OPENED_BY_DEALS: [u8; 4] = [0, 20, 40, 62];

/// What is known of stage and round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StageFacts {
    /// How many stages lie between the startup and the declared range; nothing where either is unknown.
    pub distance: Option<u8>,
    /// What the startup raises.
    pub round: Option<u8>,
    /// Deals in that round, of those whose round is known.
    pub rounds: Option<Tally>,
}

/// How many stages lie between a stage and the declared range.
pub fn distance(stage: Option<i32>, investor: &InvestorRow) -> Option<u8> {
    let (stage, range) = (stage?, investor.profile.stages?);
    Some((range.lo().get() - stage).max(stage - range.hi().get()).max(0) as u8)
}

/// What the thesis alone says.
fn declared(distance: Option<u8>) -> Rating {
    distance.map_or(Rating::prior(NEUTRAL), |d| Rating::known(BY_DISTANCE[usize::from(d.min(3))]))
}

/// Deals in a round.
pub fn tally(investor: &InvestorRow, tables: &Tables, round: u8) -> Tally {
    let e = &investor.evidence;
    Tally::new(e.rounds[usize::from(round)].into(), e.with_round, PSEUDO_DEALS, tables.usual_round(round))
}

/// Points and confidence of the factor; `revealed` is what the deals say of the startup's round.
pub fn rate(distance: Option<u8>, revealed: Option<u8>, investor: &InvestorRow) -> Rating {
    let declared = declared(distance);
    let known = investor.evidence.with_round;
    revealed.map_or(declared, |revealed| Rating {
        points: blend(declared.points, revealed, known),
        confidence: declared.confidence.max(certainty(known, 2)),
    })
}

/// Points of the essential multiplier.
pub fn essential(distance: Option<u8>, round: Option<u8>, investor: &InvestorRow) -> u8 {
    let deals = round.map_or(0, |round| investor.evidence.rounds[usize::from(round)]);
    declared(distance).points.max(OPENED_BY_DEALS[deals.min(3) as usize])
}
