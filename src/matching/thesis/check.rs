//! A thesis held against its recorded deals, for its owner.
//!
//! Invariant: reads what is stored now, also of a draft. Read next: [`crate::engine::improve::thesis`].

use crate::db::Conn;
use crate::engine::improve::thesis::{ThesisCheck, check};
use crate::identity::Principal;
use crate::kernel::{
    error::{Code, Error, Result},
    ids::InvestorId,
    time::Day,
    visibility::{Audience, Class},
};
use crate::matching::replica::inputs;
use crate::profiles::{self, Investors};
use crate::reference::Catalogue;

/// Holds the thesis of an investor against its deals, for a member of its organisation, and says as whom it is seen.
///
/// Refuses with `forbidden` for others and `profile_incomplete` where the profile does not say what and where it is.
pub fn checked(
    conn: &mut Conn,
    by: &Principal,
    id: InvestorId,
    catalogue: &Catalogue,
    today: Day,
) -> Result<(ThesisCheck, Audience)> {
    let (profile, audience) = profiles::find::<Investors>(conn, Some(by), id)?;
    if !audience.sees(Class::Organisation) {
        return Err(Error::new(Code::Forbidden, "the investor belongs to another organisation"));
    }
    let thesis = inputs::thesis(conn, catalogue, today, profile.number)?;
    let incomplete = || {
        Error::new(Code::ProfileIncomplete, "say first what kind of investor it is, its home and its markets")
    };
    Ok((check(&thesis.ok_or_else(incomplete)?), audience))
}
