//! Recording the deals of an investor.
//!
//! Invariant: a change of the portfolio is a revision of the investor, so that what was known at a revision can be told.
//! Read next: `matching/thesis`, which proposes a thesis from them.

use super::portfolio::Portfolio;
use crate::db::Conn;
use crate::events::Act;
use crate::identity::Acting;
use crate::kernel::error::{Error, Result};
use crate::profiles::access::check_references;
use crate::profiles::kind::Investors;
use crate::profiles::model::Profile;
use crate::profiles::revise::{add_revision, reload};
use crate::profiles::store::parts;

/// Replaces the recorded deals.
pub fn record(
    conn: &mut Conn,
    act: &Act,
    acting: &Acting,
    profile: &Profile<Investors>,
    portfolio: &Portfolio,
) -> Result<Profile<Investors>> {
    let faults = portfolio.faults(act.at.day());
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let before = parts::portfolio(conn, profile.number, profile.revision)?;
    if before == *portfolio {
        return Ok(profile.clone());
    }
    check_references(conn, acting.organisation_number, &before.refers(), &portfolio.refers())?;
    let changed = ["portfolio".to_owned()];
    let revision = add_revision(conn, act, acting, profile, &profile.facts, &changed)?;
    parts::add_portfolio(conn, profile.number, revision, &portfolio.deals)?;
    reload(conn, profile)
}

/// The deals as they stood at a revision of the investor.
pub fn recorded(conn: &mut Conn, profile: &Profile<Investors>, revision: i64) -> Result<Portfolio> {
    parts::portfolio(conn, profile.number, revision)
}
