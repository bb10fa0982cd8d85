//! Memberships over HTTP.
//!
//! Invariant: whoever does not belong to the organisation gets 404. Read next: [`super::change`].

use super::change::{change_role, end, read};
use super::model::Member;
use super::store;
use super::wire::{MemberPage, MemberView, MembershipRevision};
use crate::accounts::organisations::organisation_by_id;
use crate::db::Conn;
use crate::http::Routes;
use crate::http::{Answer, Cx, MergePatch, PageQuery, Path, Query, Reply, SignedIn};
use crate::identity::{Principal, Role};
use crate::kernel::{
    error::{Error, Result},
    ids::{MembershipId, OrganisationId},
    page::{Limit, Rows},
    visibility::Audience,
};
use actix_web::{delete, get, patch};

/// Registers the routes of this feature.
pub fn routes(config: &mut Routes) {
    config.service(list_members).service(read_membership);
    config.service(change_membership).service(end_membership);
}

fn reply(member: &Member) -> Result<Reply> {
    let reply = Reply::ok(&MemberView::new(member), Audience::Organisation)?;
    Ok(reply.version_and_body(member.version, Audience::Organisation))
}

fn list(
    conn: &mut Conn,
    by: &Principal,
    id: OrganisationId,
    after: Option<i64>,
    limit: Limit,
) -> Result<Rows<Member, i64>> {
    let organisation = organisation_by_id(conn, id)?.ok_or_else(Error::not_found)?;
    if !by.admin {
        by.acting(organisation.number, Role::Viewer)?;
    }
    let rows = store::of_organisation(conn, organisation.number, after.unwrap_or(0), limit.rows() + 1)?;
    Ok(Rows::cut(rows, limit, |m| m.number))
}

/// List the members of an organisation
///
/// By the time they joined. For its members and for admins.
#[utoipa::path(tag = "organisations", security(("bearer" = [])),
    params(("id" = OrganisationId, Path, description = "The organisation."), PageQuery),
    responses((status = 200, description = "A page of members.", body = MemberPage)))]
#[get("/v1/organisations/{id}/members")]
pub async fn list_members(cx: Cx<SignedIn>, id: Path<OrganisationId>, query: Query<PageQuery>) -> Answer {
    let (limit, after) = cx.paging::<i64>(query.0.limit, query.0.cursor.as_deref())?;
    let pager = cx.pager()?;
    cx.get(move |conn, call| {
        let page = list(conn, &call.by, id.0, after, limit)?;
        Reply::page(page.map(|m| (MemberView::new(&m), Audience::Organisation)), &pager)
    })
    .await
}

/// Read a membership
///
/// For members of the same organisation and for admins.
#[utoipa::path(tag = "organisations", security(("bearer" = [])),
    params(("id" = MembershipId, Path, description = "The membership.")),
    responses((status = 200, description = "The membership.", body = MemberView)))]
#[get("/v1/memberships/{id}")]
pub async fn read_membership(cx: Cx<SignedIn>, id: Path<MembershipId>) -> Answer {
    cx.get(move |conn, call| reply(&read(conn, &call.by, id.0)?)).await
}

/// Change the role of a member
///
/// For owners of the organisation and for admins. The last owner stays one.
#[utoipa::path(tag = "organisations", security(("bearer" = [])),
    params(("id" = MembershipId, Path, description = "The membership.")), request_body = MembershipRevision,
    responses((status = 200, description = "The membership as it stands now.", body = MemberView)))]
#[patch("/v1/memberships/{id}")]
pub async fn change_membership(
    cx: Cx<SignedIn>,
    id: Path<MembershipId>,
    body: MergePatch<MembershipRevision>,
) -> Answer {
    cx.patch(body, move |conn, call, patch| {
        let member = change_role(conn, &call.act, &call.by, id.0, |current| {
            call.precondition.demand(current.version)?;
            Ok(patch.apply(&MembershipRevision { role: current.role })?.role)
        })?;
        reply(&member)
    })
    .await
}

/// End a membership
///
/// For owners of the organisation, for admins, and for the member: anybody may leave but the last owner.
#[utoipa::path(tag = "organisations", security(("bearer" = [])),
    params(("id" = MembershipId, Path, description = "The membership.")),
    responses((status = 204, description = "The membership has ended.")))]
#[delete("/v1/memberships/{id}")]
pub async fn end_membership(cx: Cx<SignedIn>, id: Path<MembershipId>) -> Answer {
    cx.delete(move |conn, call| end(conn, &call.act, &call.by, id.0).map(|()| Reply::no_content())).await
}
