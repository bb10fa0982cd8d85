//! A thesis and the deals that an investor has recorded: proposed from them as facts that its owner may write, or held
//! against them.
//!
//! Invariant: neither changes anything; a proposal is never strict: nobody typed a limit. Read next: [`crate::engine`].

pub mod api;
mod check;

use crate::engine::{Proposal, profile::Deal, profile::Span, propose, words::Stage};
use crate::kernel::money::{Currency, MAX_AMOUNT, Money};
use crate::profiles::{
    InvestorFacts,
    investors::{Stages, Ticket},
};
use crate::reference::{Catalogue, SectorCode, StageCode, TableName};
use std::collections::BTreeMap;

/// A proposal and what it rests on.
#[derive(Clone, Debug)]
pub struct Proposed {
    /// How many deals are recorded.
    pub deals: u32,
    /// How many of them name a sector.
    pub with_sector: u32,
    /// How many of them lie in each sector parent.
    pub by_sector: BTreeMap<SectorCode, u32>,
    /// The facts to write.
    pub facts: InvestorFacts,
}

fn count(n: u64) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// Proposes facts from recorded deals.
pub fn proposed(catalogue: &Catalogue, deals: &[Deal]) -> Proposed {
    let Proposal { focus, with_sector, generalist, stages, ticket } = propose(deals);
    let sector = |code: &str| code.parse::<SectorCode>().ok();
    let by_sector = focus.iter().filter_map(|f| Some((sector(f.sector.as_str())?, count(f.deals)))).collect();
    let levels = focus.iter().filter_map(|f| {
        Some((sector(f.sector.as_str())?, u8::try_from(f.level.get()).ok()?.try_into().ok()?))
    });
    let levels: BTreeMap<_, _> = levels.collect();
    let known = with_sector > 0;
    let facts = InvestorFacts {
        focus: known.then_some(levels),
        generalist: known.then_some(generalist),
        strict: (!deals.is_empty()).then_some(false),
        stages: stages.and_then(|s| range(catalogue, s)),
        ticket: ticket.and_then(|t| Some(Ticket { min: dollars(t.lo())?, max: dollars(t.hi())? })),
        ..InvestorFacts::default()
    };
    Proposed { deals: count(deals.len() as u64), with_sector: count(with_sector), by_sector, facts }
}

fn range(catalogue: &Catalogue, stages: Span<Stage>) -> Option<Stages> {
    let code = |stage: Stage| {
        StageCode::all()
            .find(|c| catalogue.number(TableName::Stages, c.as_str()) == u8::try_from(stage.get()).ok())
    };
    Some(Stages { from: code(stages.lo())?, to: code(stages.hi())? })
}

fn dollars(whole: u64) -> Option<Money> {
    let amount = i64::try_from(whole).ok()?.checked_mul(100).filter(|n| *n <= MAX_AMOUNT)?;
    Some(Money { amount, currency: Currency::USD })
}
