//! What would help a startup: before one investor, and in a market.
//!
//! Invariant: rests on what investors have published and on default weights of theirs, as a startup's list does; nothing
//! private went in, so nothing private can be inferred. Read next: [`crate::engine::improve`], then [`model`], [`wire`], [`api`].

pub mod api;
mod model;
mod wire;

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
use crate::matching::lists::RankingContext;
use crate::matching::lists::authority::{not_scored, owned};
use crate::matching::replica::cards::{Card, InvestorCard};
use crate::profiles::{self, Investors, Startups};
use model::{MarketReport, PairReport};

/// A report on what would raise the score of a startup with an investor, for a member of the startup's organisation.
fn improvements(
    conn: &mut Conn,
    by: &Principal,
    (startup, investor): (StartupId, InvestorId),
    context: &RankingContext,
    own: Option<&Overrides<StartupFactor>>,
) -> Result<PairReport> {
    let key = StartupKey(owned::<Startups>(conn, by, startup)? as u64);
    let (other, _) = profiles::find::<Investors>(conn, Some(by), investor)?;
    let (snapshot, theirs) = (&context.view.snapshot, InvestorKey(other.number as u64));
    snapshot.explain_to_startup(key, theirs, own).ok_or_else(Error::not_found)?;
    let published = snapshot.published(theirs).ok_or_else(Error::not_found)?;
    let public = Investor { weights: Overrides::default(), ..Investor::clone(published) };
    let mut startup = scored(context, key)?;
    if let Some(own) = own {
        startup.weights = own.clone();
    }
    let prospect = Trial::new(snapshot.world(), public).prospect(&startup);
    Ok(PairReport {
        investor: InvestorCard::new(&other),
        home: startup.home,
        gap: reach::gap_of(&prospect.now),
        prospect,
        basis: context.basis_of_startup(key, own)?,
    })
}

/// A report on where a startup stands in a market and what would help there, for a member of its organisation.
fn gaps(
    conn: &mut Conn,
    by: &Principal,
    (startup, market): (StartupId, Country),
    context: &RankingContext,
    own: Option<&Overrides<StartupFactor>>,
) -> Result<MarketReport> {
    let key = StartupKey(owned::<Startups>(conn, by, startup)? as u64);
    let startup = scored(context, key)?;
    let prospect = reach::market_prospect(&context.view.snapshot, &startup, market, own);
    Ok(MarketReport { market, home: startup.home, prospect, basis: context.basis_of_startup(key, own)? })
}

/// A copy of the startup as it is scored.
fn scored(context: &RankingContext, key: StartupKey) -> Result<Startup> {
    context.view.snapshot.startup(key).ok_or_else(not_scored)
}
