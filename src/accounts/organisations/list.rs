//! Reading organisations: one, or a page of them.
//!
//! Invariant: a row is in a list only if its reader could open it; how many names look alike is told to approvers only,
//! for it counts organisations that others may not know of. Read next: [`super::wire`].

use super::model::{Organisation, may_approve};
use super::store::{self, Filter};
use crate::db::Conn;
use crate::identity::{OrganisationState, Principal};
use crate::kernel::{
    error::{Code, Error, Result},
    ids::OrganisationId,
    page::{Limit, Rows},
    visibility::Audience,
};

/// An organisation as one reader sees it.
#[derive(Clone, Debug)]
pub struct Viewed {
    /// The organisation.
    pub organisation: Organisation,
    /// Which audience the reader is of it.
    pub audience: Audience,
    /// How many other organisations have a name that looks the same; only for approvers.
    pub similar_names: Option<i64>,
}

/// An organisation, or 404.
pub(super) fn read(conn: &mut Conn, by: Option<&Principal>, id: OrganisationId) -> Result<Viewed> {
    let organisation = store::by_id(conn, id)?.ok_or_else(Error::not_found)?;
    seen(conn, by, organisation)
}

/// What the reader sees of an organisation, or 404.
pub(super) fn seen(conn: &mut Conn, by: Option<&Principal>, organisation: Organisation) -> Result<Viewed> {
    let audience = organisation.seen_by(by)?;
    let mut all = vec![Viewed { organisation, audience, similar_names: None }];
    count_similar(conn, by, &mut all)?;
    all.pop().ok_or_else(Error::not_found)
}

/// A page of organisations by the time of their registration.
pub(super) fn list(
    conn: &mut Conn,
    by: &Principal,
    filter: &Filter,
    after: Option<i64>,
    limit: Limit,
) -> Result<Rows<Viewed, i64>> {
    if !by.is_member() {
        let detail = "organisations are listed for members of an approved organisation";
        return Err(Error::new(Code::ApprovalPending, detail));
    }
    let allowed = match filter.state {
        OrganisationState::Approved => true,
        OrganisationState::Pending => may_approve(by),
        OrganisationState::Suspended => by.admin,
    };
    if !allowed {
        return Err(Error::new(Code::Forbidden, "you may list approved organisations only"));
    }
    let rows = store::list(conn, filter, after.unwrap_or(0), limit.rows() + 1)?;
    let mut page = Rows::cut(rows, limit, |o| o.number);
    let mut all = Vec::with_capacity(page.rows.len());
    for organisation in page.rows.drain(..) {
        let audience = organisation.seen_by(Some(by))?;
        all.push(Viewed { organisation, audience, similar_names: None });
    }
    count_similar(conn, Some(by), &mut all)?;
    Ok(Rows { rows: all, next: page.next })
}

fn count_similar(conn: &mut Conn, by: Option<&Principal>, all: &mut [Viewed]) -> Result<()> {
    if !by.is_some_and(may_approve) || all.is_empty() {
        return Ok(());
    }
    let skeletons: Vec<String> = all.iter().map(|s| s.organisation.skeleton.clone()).collect();
    let counts = store::skeletons(conn, &skeletons)?;
    for seen in all {
        let same = counts.get(&seen.organisation.skeleton).copied().unwrap_or(1);
        seen.similar_names = Some((same - 1).max(0));
    }
    Ok(())
}
