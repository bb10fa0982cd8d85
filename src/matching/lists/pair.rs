//! One pair, explained line by line, also where it is not recommended.
//!
//! Invariant: an investor that a private mark keeps from a startup is answered here as if it did not exist, and so is a
//! startup that keeps itself from an investor; no code tells which mark it was. Read next: [`crate::matching::phrases`].

use super::authority::{not_scored, owned};
use super::context::RankingContext;
use super::wire::{ExplanationView, InvestorPair, StartupPair};
use crate::db::Conn;
use crate::engine::profile::{InvestorKey, StartupKey};
use crate::engine::{Explanation, Gate, InvestorFactor, Overrides, Snapshot, StartupFactor};
use crate::identity::Principal;
use crate::kernel::{
    error::{Error, Result},
    ids::{InvestorId, StartupId},
    shown::Shown,
};
use crate::matching::replica::cards::{Card, InvestorCard, StartupCard};
use crate::profiles::{self, Investors, Startups};

/// A startup explained to an investor, for a member of the investor's organisation.
pub fn startup_for(
    conn: &mut Conn,
    by: &Principal,
    (investor, startup): (InvestorId, StartupId),
    context: &RankingContext,
    own: Option<&Overrides<InvestorFactor>>,
) -> Result<Shown<StartupPair>> {
    let key = InvestorKey(owned::<Investors>(conn, by, investor)?.number as u64);
    let (other, _) = profiles::find::<Startups>(conn, Some(by), startup)?;
    let (snapshot, startup) = (&context.view.snapshot, StartupKey(other.number as u64));
    let explanation = snapshot.explain_to_investor(key, startup, own).ok_or_else(not_scored)?;
    if withheld(snapshot, &explanation, (key, startup)) {
        return Err(Error::not_found());
    }
    let pair = StartupPair {
        startup: StartupCard::new(&other),
        explanation: ExplanationView::new(&explanation, context.names()),
        basis: context.basis::<InvestorFactor>(&explanation.weights.investor, &explanation.weights).into(),
    };
    Ok(Shown::new(pair, by.as_member()))
}

/// Withholding: true where a startup keeps itself from an investor.
pub(in crate::matching) fn withheld(
    snapshot: &Snapshot,
    explanation: &Explanation,
    (investor, startup): (InvestorKey, StartupKey),
) -> bool {
    explanation.gates.contains(Gate::TypeExcluded) || snapshot.startup_blocks(startup, investor)
}

/// An investor explained to a startup, for a member of the startup's organisation.
pub fn investor_for(
    conn: &mut Conn,
    by: &Principal,
    (startup, investor): (StartupId, InvestorId),
    context: &RankingContext,
    own: Option<&Overrides<StartupFactor>>,
) -> Result<Shown<InvestorPair>> {
    let key = StartupKey(owned::<Startups>(conn, by, startup)?.number as u64);
    let (other, _) = profiles::find::<Investors>(conn, Some(by), investor)?;
    let explained = context.view.snapshot.explain_to_startup(key, InvestorKey(other.number as u64), own);
    let explanation = explained.ok_or_else(Error::not_found)?;
    let pair = InvestorPair {
        investor: InvestorCard::new(&other),
        explanation: ExplanationView::new(&explanation, context.names()),
        basis: context.basis_of_startup(key, own)?.into(),
    };
    Ok(Shown::new(pair, by.as_member()))
}
