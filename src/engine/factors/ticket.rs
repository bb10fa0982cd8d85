//! Ticket: the ask against the declared ticket and against the amounts of past rounds, in half-octaves.
//!
//! Invariant: the less favourable of target and smallest cheque counts.
//! Read next: [`super::place`].

use super::super::arithmetic::{BILLION, NEUTRAL, POINTS, blend, lift};
use super::super::compiled::{InvestorRow, StartupRow, Tables};
use super::Rating;

const PSEUDO_DEALS: u64 = 3;
/// What a deal counts by its distance in half-octaves; all distances on both sides sum to [`KERNEL_SUM`].
pub const KERNEL: [u64; 6] = [16, 14, 10, 5, 2, 1];
/// The sum of the kernel over both sides.
pub const KERNEL_SUM: u64 = 80;

/// What is known of an ask before the ticket and the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TicketFacts {
    /// Half-octaves of smallest cheque and target.
    pub ask: (u8, u8),
    /// Half-octaves of the declared ticket.
    pub ticket: Option<(u8, u8)>,
    /// Points of the target.
    pub target: u8,
    /// Points of the smallest cheque.
    pub cheque: u8,
    /// Deals whose amount lies within five half-octaves of the target.
    pub near: u64,
    /// Deals whose amount is known.
    pub of: u64,
    /// How much commoner amounts around the target are here, in points; 100 says nothing.
    pub lift: u8,
}

/// What the deals alone say of a target.
pub fn revealed(investor: &InvestorRow, tables: &Tables, bucket: u8) -> u8 {
    let e = &investor.evidence;
    let weight = |(amount, deals): (u8, u64)| {
        KERNEL.get(usize::from(amount.abs_diff(bucket))).map_or(0, |k| u128::from(deals) * u128::from(*k))
    };
    let near = e.amounts.iter().map(weight).sum::<u128>() * u128::from(BILLION) / u128::from(KERNEL_SUM);
    let usual = tables.usual_ticket(bucket);
    let share = (near + u128::from(PSEUDO_DEALS * usual)) / u128::from(e.with_amount + PSEUDO_DEALS);
    lift(share as u64, usual)
}

/// How many deals lie near a target.
pub fn near(investor: &InvestorRow, bucket: u8) -> u64 {
    let amounts = investor.evidence.amounts.iter();
    amounts
        .filter(|(amount, _)| usize::from(amount.abs_diff(bucket)) < KERNEL.len())
        .map(|(_, deals)| deals)
        .sum()
}

/// Points of a target.
pub fn target(investor: &InvestorRow, tables: &Tables, bucket: u8) -> u8 {
    let declared = investor.ticket.map_or(NEUTRAL, |(lo, hi)| {
        let below = 40 * u64::from(lo.saturating_sub(bucket));
        let above = 20 * u64::from(bucket.saturating_sub(hi));
        u64::from(POINTS).saturating_sub(below + above) as u8
    });
    blend(declared, revealed(investor, tables, bucket), investor.evidence.with_amount)
}

/// Points of a smallest cheque.
pub fn cheque(investor: &InvestorRow, bucket: u8) -> u8 {
    investor.ticket.map_or(POINTS, |(_, hi)| {
        let declared = u64::from(POINTS).saturating_sub(40 * u64::from(bucket.saturating_sub(hi)));
        blend(declared as u8, POINTS, investor.evidence.with_amount)
    })
}

/// The half-octaves of the ask, where both sides say anything of amounts.
pub fn open(startup: &StartupRow<'_>, investor: &InvestorRow) -> Option<(u8, u8)> {
    startup.ask.filter(|_| investor.ticket.is_some() || investor.evidence.with_amount > 0)
}

/// Points and confidence of the factor from the points of cheque and target.
pub fn rate(cheque_and_target: Option<(u8, u8)>) -> Rating {
    cheque_and_target.map_or(Rating::prior(NEUTRAL), |(cheque, target)| Rating::known(cheque.min(target)))
}
