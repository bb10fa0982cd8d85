//! What would help a startup: before one investor, and in a market.
//!
//! Invariant: rests on what investors have published and on default weights of theirs, as a startup's list does; nothing
//! private went in, so nothing private can be inferred. Read next: [`crate::engine::improve`], then [`wire`], [`api`].

pub mod api;
mod wire;

use super::phrases::Market;
use crate::db::Conn;
use crate::engine::improve::{counterfactual::Trial, reach};
use crate::engine::profile::{Investor, InvestorKey, Startup, StartupKey};
use crate::engine::words::Country;
use crate::engine::{Overrides, StartupFactor};
use crate::identity::Principal;
use crate::kernel::{
    error::{Error, Result},
    ids::{InvestorId, StartupId},
};
use crate::matching::lists::rank::{Ground, basis_of_startup, not_scored, owned};
use crate::matching::replica::cards::{Card, InvestorCard};
use crate::profiles::{self, Investors, Startups};
use wire::{MarketGaps, PairImprovements, gap_views, gate_views};

/// What would raise the score of a startup with an investor, for a member of the startup's organisation.
fn improvements(
    conn: &mut Conn,
    by: &Principal,
    (startup, investor): (StartupId, InvestorId),
    ground: &Ground,
    own: Option<&Overrides<StartupFactor>>,
) -> Result<PairImprovements> {
    let key = StartupKey(owned::<Startups>(conn, by, startup)? as u64);
    let (other, _) = profiles::find::<Investors>(conn, Some(by), investor)?;
    let (snapshot, theirs) = (&ground.view.snapshot, InvestorKey(other.number as u64));
    snapshot.explain_to_startup(key, theirs, own).ok_or_else(Error::not_found)?;
    let published = snapshot.published(theirs).ok_or_else(Error::not_found)?;
    let public = Investor { weights: Overrides::default(), ..Investor::clone(published) };
    let mut startup = scored(ground, key)?;
    if let Some(own) = own {
        startup.weights = own.clone();
    }
    let prospect = Trial::new(snapshot.world(), public).prospect(&startup);
    let (now, names) = (&prospect.now, ground.names());
    let market = Market::of(now.market, startup.home);
    Ok(PairImprovements {
        investor: InvestorCard::new(&other),
        market: now.market.to_string(),
        score: now.outcome.score(),
        confidence: now.outcome.confidence,
        recommended: now.gates.is_empty(),
        gates: gate_views(now.gates.iter()),
        steps: prospect.steps.iter().map(|step| wire::improvement(step, market, names)).collect(),
        plan: prospect.plan.iter().map(|step| wire::improvement(step, market, names)).collect(),
        gap: gap_views(&reach::gap_of(now), market, names),
        basis: basis_of_startup(ground, key, own)?,
    })
}

/// Where a startup stands in a market and what would help there, for a member of its organisation.
fn gaps(
    conn: &mut Conn,
    by: &Principal,
    (startup, market): (StartupId, Country),
    ground: &Ground,
    own: Option<&Overrides<StartupFactor>>,
) -> Result<MarketGaps> {
    let key = StartupKey(owned::<Startups>(conn, by, startup)? as u64);
    let startup = scored(ground, key)?;
    let prospect = reach::market_prospect(&ground.view.snapshot, &startup, market, own);
    let (names, place) = (ground.names(), Market::of(market, startup.home));
    Ok(MarketGaps {
        market: market.to_string(),
        investors: u32::try_from(prospect.investors).unwrap_or(u32::MAX),
        gap: gap_views(&prospect.gap, place, names),
        steps: prospect.steps.iter().map(|step| wire::reach(step, place, names)).collect(),
        basis: basis_of_startup(ground, key, own)?,
    })
}

/// A copy of the startup as it is scored.
fn scored(ground: &Ground, key: StartupKey) -> Result<Startup> {
    let profile = ground.view.snapshot.startup(key).ok_or_else(not_scored)?;
    Ok(profile)
}
