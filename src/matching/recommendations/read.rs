//! Both sides' lists of the latest finished run.
//!
//! Invariant: whoever is no match any more is absent from a list that was made before, without a word of why.
//! Read next: [`super::wire`].

use super::model::StoredList;
use super::store;
use super::wire::{InvestorRecommendations, ListBasis, StartupRecommendations, basis};
use crate::db::Conn;
use crate::engine::lists::Side;
use crate::engine::profile::{InvestorKey, StartupKey};
use crate::identity::Principal;
use crate::kernel::{
    error::Result,
    ids::{InvestorId, StartupId},
};
use crate::matching::lists::authority::owned;
use crate::matching::replica::view::View;
use crate::profiles::{Investors, Startups};

/// The startups that are recommended to an investor, for a member of its organisation.
///
/// Refuses with `not_found` for others and `invalid_state` where the investor is not published.
pub fn for_investor(
    conn: &mut Conn,
    by: &Principal,
    id: InvestorId,
    view: &View,
) -> Result<InvestorRecommendations> {
    let own = owned::<Investors>(conn, by, id)?;
    let (basis, list) = latest(conn, Side::Investors, own)?;
    Ok(InvestorRecommendations::new(&list, basis, |startup| {
        let now = view.snapshot.explain_to_investor(InvestorKey(own as u64), StartupKey(startup), None)?;
        now.gates.is_empty().then(|| view.startups.get(startup)).flatten()
    }))
}

/// The investors that are recommended to a startup, for a member of its organisation.
///
/// Refuses with `not_found` for others and `invalid_state` where the startup is not published.
pub fn for_startup(
    conn: &mut Conn,
    by: &Principal,
    id: StartupId,
    view: &View,
) -> Result<StartupRecommendations> {
    let own = owned::<Startups>(conn, by, id)?;
    let (basis, list) = latest(conn, Side::Startups, own)?;
    Ok(StartupRecommendations::new(&list, basis, |investor| {
        let now = view.snapshot.explain_to_startup(StartupKey(own as u64), InvestorKey(investor), None)?;
        now.gates.is_empty().then(|| view.investors.get(investor)).flatten()
    }))
}

/// The list of a profile in the latest finished run; an empty one where it has none.
fn latest(conn: &mut Conn, side: Side, own: i64) -> Result<(Option<ListBasis>, StoredList)> {
    let Some(run) = store::latest(conn)? else { return Ok((None, StoredList::default())) };
    let list = store::list(conn, &run, own)?.unwrap_or_default();
    Ok((basis(&run, side), list))
}
