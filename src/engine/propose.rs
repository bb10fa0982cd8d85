//! A thesis proposed from the recorded portfolio.
//!
//! Invariant: what is derived is a preference and not a limit, so a proposal is never strict.
//! Read next: [`super::profile::Investor`], which takes what is accepted of it.

use super::profile::{Deal, Span};
use super::words::{Level, Sector, Stage};
use std::collections::{BTreeMap, BTreeSet};

/// From so many sector parents on an investor is a generalist.
const GENERALIST_PARENTS: usize = 10;

/// What an investor's deals say that it looks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proposal {
    /// The sector parents met, in alphabetical order.
    pub focus: Vec<ProposedFocus>,
    /// How many deals name a sector.
    pub with_sector: u64,
    /// Whether there are too many parents for a focus.
    pub generalist: bool,
    /// The stages between the 10th and the 90th percentile of past rounds that are stages.
    pub stages: Option<Span<Stage>>,
    /// The amounts between the 10th and the 90th percentile of past rounds.
    pub ticket: Option<Span<u64>>,
}

/// A sector parent and how much of the portfolio lies in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProposedFocus {
    /// The parent.
    pub sector: Sector,
    /// How many deals lie in it.
    pub deals: u64,
    /// 3 from 30 % of the deals on, 2 from 15 %, otherwise 1.
    pub level: Level,
}

/// Proposes a thesis.
pub fn propose(portfolio: &[Deal]) -> Proposal {
    let mut parents: BTreeMap<Sector, u64> = BTreeMap::new();
    for deal in portfolio {
        let met: BTreeSet<Sector> = deal.sectors.iter().map(Sector::to_parent).collect();
        met.into_iter().for_each(|parent| *parents.entry(parent).or_default() += 1);
    }
    let with_sector = portfolio.iter().filter(|deal| !deal.sectors.is_empty()).count() as u64;
    let stages = portfolio.iter().filter_map(|deal| Stage::new(deal.round?.get().into()).ok()).collect();
    let amounts = portfolio.iter().map(|deal| deal.amount).filter(|amount| *amount > 0).collect();
    Proposal {
        generalist: parents.len() >= GENERALIST_PARENTS,
        focus: parents
            .into_iter()
            .filter_map(|(sector, deals)| {
                Some(ProposedFocus { sector, deals, level: level(deals, with_sector)? })
            })
            .collect(),
        with_sector,
        stages: middle(stages),
        ticket: middle(amounts),
    }
}

fn level(deals: u64, of: u64) -> Option<Level> {
    let level = if deals * 10 >= 3 * of {
        3
    } else if deals * 20 >= 3 * of {
        2
    } else {
        1
    };
    Level::new(level).ok()
}

/// From the 10th to the 90th percentile.
fn middle<T: Copy + Ord + std::fmt::Debug>(mut values: Vec<T>) -> Option<Span<T>> {
    values.sort_unstable();
    let at =
        |tenths: usize| values.get((values.len() * tenths / 10).min(values.len().saturating_sub(1))).copied();
    Span::new(at(1)?, at(9)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn portfolio(deals: &[(&str, u8, u64)]) -> Vec<Deal> {
        let json = |(sectors, round, amount): &(&str, u8, u64)| {
            format!(r#"{{"sectors":[{sectors}],"round":{round},"amount":{amount}}}"#)
        };
        deals.iter().map(|deal| super::super::profile::parse(&json(deal)).expect("a deal")).collect()
    }

    #[test]
    fn levels_follow_the_share_of_deals_in_a_parent() {
        let mut deals = vec![(r#""ict.ai","ict.web""#, 3, 0); 6];
        deals.extend([
            (r#""bio""#, 3, 0),
            (r#""bio.x","mfg.a""#, 3, 0),
            (r#""bio""#, 3, 0),
            (r#""fin.pay""#, 3, 0),
            ("", 3, 0),
        ]);
        let proposal = propose(&portfolio(&deals));
        let focus: Vec<_> =
            proposal.focus.iter().map(|f| (f.sector.as_str(), f.deals, f.level.get())).collect();
        assert_eq!(focus, [("bio", 3, 3), ("fin", 1, 1), ("ict", 6, 3), ("mfg", 1, 1)]);
        assert_eq!((proposal.with_sector, proposal.generalist), (10, false));
    }

    #[test]
    fn ranges_leave_out_the_outermost_tenths_and_rounds_that_are_no_stage() {
        let deals: Vec<_> = (0..20).map(|n| ("", if n < 2 { 9 } else { (n % 8) as u8 }, 1_000 * n)).collect();
        let proposal = propose(&portfolio(&deals));
        let stages = proposal.stages.expect("some rounds are stages");
        assert_eq!((stages.lo().get(), stages.hi().get()), (0, 7));
        assert_eq!(proposal.ticket, Span::new(2_000, 18_000).ok());
    }

    #[test]
    fn ten_parents_make_a_generalist_and_no_deals_make_nothing() {
        let deals: Vec<String> = (b'a'..=b'j').map(|c| format!("\"{}\"", char::from(c))).collect();
        let deals: Vec<_> = deals.iter().map(|sector| (sector.as_str(), 1, 0)).collect();
        assert!(propose(&portfolio(&deals)).generalist);
        assert!(!propose(&portfolio(&deals[1..])).generalist);
        assert_eq!(propose(&[]), Proposal::default());
    }
}
