//! Invitations over HTTP.
//!
//! Invariant: whoever does not belong to the organisation gets 404. Read next: [`super::invite`].

use super::accept::accept;
use super::invite::{invite, withdraw};
use super::model::Invitation;
use super::store;
use super::wire::{InvitationAcceptance, InvitationInput, InvitationPage, InvitationView};
use crate::accounts::MailTokens;
use crate::accounts::memberships::MemberView;
use crate::accounts::organisations::organisation_by_id;
use crate::accounts::people::Email;
use crate::db::Conn;
use crate::http::Routes;
use crate::http::{Answer, Body, Cx, PageQuery, Path, Query, Reply, SignedIn};
use crate::identity::{Principal, Role};
use crate::kernel::{
    error::{Error, Result},
    ids::{InvitationId, OrganisationId},
    page::{Limit, Rows},
    visibility::Audience,
};
use actix_web::{delete, get, post, web::Data};

/// Registers the routes of this feature.
pub fn routes(config: &mut Routes) {
    config.service(invite_member).service(list_invitations);
    config.service(withdraw_invitation).service(accept_invitation);
}

/// Invite somebody to an organisation
///
/// For owners and admins. A mail with a token goes to the address, which whoever confirmed that address accepts within 14
/// days. The answer does not tell whether anybody has an account with it.
#[utoipa::path(tag = "organisations", security(("bearer" = [])),
    params(("id" = OrganisationId, Path, description = "The organisation.")), request_body = InvitationInput,
    responses((status = 201, description = "The invitation.", body = InvitationView)))]
#[post("/v1/organisations/{id}/invitations")]
pub async fn invite_member(
    cx: Cx<SignedIn>,
    id: Path<OrganisationId>,
    body: Body<InvitationInput>,
) -> Answer {
    cx.post(body, move |conn, call, input| {
        let email = Email::of_field(&input.email, "/email")?;
        let invitation = invite(conn, &call.act, &call.by, id.0, (&email, input.role))?;
        let place = format!("/v1/organisations/{}/invitations", id.0);
        Reply::created(&InvitationView::new(&invitation, call.act.at), Audience::Organisation, place)
    })
    .await
}

fn list(
    conn: &mut Conn,
    by: &Principal,
    id: OrganisationId,
    after: Option<i64>,
    limit: Limit,
) -> Result<Rows<Invitation, i64>> {
    let organisation = organisation_by_id(conn, id)?.ok_or_else(Error::not_found)?;
    if !by.admin {
        by.acting(organisation.number, Role::Owner)?;
    }
    let rows = store::of_organisation(conn, organisation.number, after.unwrap_or(0), limit.rows() + 1)?;
    Ok(Rows::cut(rows, limit, |i| i.number))
}

/// List the invitations of an organisation
///
/// By the time they were sent. For its owners and for admins.
#[utoipa::path(tag = "organisations", security(("bearer" = [])),
    params(("id" = OrganisationId, Path, description = "The organisation."), PageQuery),
    responses((status = 200, description = "A page of invitations.", body = InvitationPage)))]
#[get("/v1/organisations/{id}/invitations")]
pub async fn list_invitations(cx: Cx<SignedIn>, id: Path<OrganisationId>, query: Query<PageQuery>) -> Answer {
    let (limit, after) = cx.paging::<i64>(query.0.limit, query.0.cursor.as_deref())?;
    let (pager, now) = (cx.pager()?, cx.now);
    cx.get(move |conn, call| {
        let page = list(conn, &call.by, id.0, after, limit)?;
        Reply::page(page.map(|i| (InvitationView::new(&i, now), Audience::Organisation)), &pager)
    })
    .await
}

/// Withdraw an invitation
///
/// For owners of the organisation and for admins.
#[utoipa::path(tag = "organisations", security(("bearer" = [])),
    params(("id" = InvitationId, Path, description = "The invitation.")),
    responses((status = 204, description = "The invitation is withdrawn.")))]
#[delete("/v1/invitations/{id}")]
pub async fn withdraw_invitation(cx: Cx<SignedIn>, id: Path<InvitationId>) -> Answer {
    cx.delete(move |conn, call| withdraw(conn, &call.act, &call.by, id.0).map(|()| Reply::no_content())).await
}

/// Accept an invitation
///
/// You become a member, if the invited address is the one that you confirmed.
#[utoipa::path(tag = "organisations", security(("bearer" = [])), request_body = InvitationAcceptance,
    responses((status = 201, description = "Your membership.", body = MemberView)))]
#[post("/v1/invitations/acceptance")]
pub async fn accept_invitation(
    cx: Cx<SignedIn>,
    tokens: Data<MailTokens>,
    body: Body<InvitationAcceptance>,
) -> Answer {
    cx.post(body, move |conn, call, input| {
        let member = accept(conn, &call.act, &call.by, &tokens, &input.token)?;
        let place = format!("/v1/memberships/{}", member.id);
        let reply = Reply::created(&MemberView::new(&member), Audience::Organisation, place)?;
        Ok(reply.version_and_body(member.version, Audience::Organisation))
    })
    .await
}
