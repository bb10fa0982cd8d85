//! Organisations over HTTP.
//!
//! Invariant: an organisation that the caller may not know of answers like one that does not exist.
//! Read next: [`super::wire`].

use super::Approval;
use super::approve::{approve, entitle, restore, suspend};
use super::list::{Seen, list, read, seen};
use super::model::Organisation;
use super::register::register;
use super::revise::revise;
use super::store::Filter;
use super::wire::{
    ApproverInput, OrganisationInput, OrganisationPage, OrganisationRevision, OrganisationView,
    SuspensionInput,
};
use crate::db::Conn;
use crate::http::Routes;
use crate::http::authority::Authority;
use crate::http::{Admin, Answer, Anyone, Body, Cx, Empty, MergePatch, Path, Query, Reply, SignedIn};
use crate::identity::{OrganisationKind, OrganisationState, Principal, Role};
use crate::kernel::{
    error::{Error, Result},
    ids::OrganisationId,
    text,
};
use crate::reference::CountryCode;
use actix_web::{delete, get, patch, post, put, web::Data};
use serde::Deserialize;
use utoipa::IntoParams;

/// Registers the routes of this feature.
pub fn routes(config: &mut Routes) {
    config.service(register_organisation).service(list_organisations).service(read_organisation);
    config.service(revise_organisation).service(approve_organisation).service(suspend_organisation);
    config.service(restore_organisation).service(entitle_organisation);
}

fn reply(conn: &mut Conn, by: Option<&Principal>, organisation: Organisation) -> Result<Reply> {
    one(&seen(conn, by, organisation)?)
}

fn one(seen: &Seen) -> Result<Reply> {
    let reply = Reply::ok(&OrganisationView::new(seen), seen.audience)?;
    Ok(reply.version_and_body(seen.organisation.version, seen.audience))
}

/// Register an organisation
///
/// You become its owner. It waits for approval, and until then nobody but its members, approvers and admins sees it; where
/// the operator lets everybody in, it is approved at once. Needs a confirmed e-mail address.
#[utoipa::path(tag = "organisations", security(("bearer" = [])), request_body = OrganisationInput,
    responses((status = 201, description = "The organisation.", body = OrganisationView)))]
#[post("/v1/organisations")]
pub async fn register_organisation(
    cx: Cx<SignedIn>,
    approval: Data<Approval>,
    body: Body<OrganisationInput>,
) -> Answer {
    let approved = **approval == Approval::AtOnce;
    cx.post(body, move |conn, call, input| {
        let organisation = register(conn, &call.act, &call.by, input.parse(approved)?)?;
        let (version, id) = (organisation.version, organisation.id);
        let audience = crate::kernel::visibility::Audience::Organisation;
        let view = OrganisationView::new(&Seen { organisation, audience, similar_names: None });
        let reply = Reply::created(&view, audience, format!("/v1/organisations/{id}"))?;
        Ok(reply.version_and_body(version, audience))
    })
    .await
}

/// Which organisations to list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OrganisationsQuery {
    /// What they are.
    #[param(example = "investor")]
    kind: Option<OrganisationKind>,
    /// Where they have their seat.
    #[param(example = "FR")]
    country: Option<CountryCode>,
    /// How the name begins, without regard to case and accents.
    #[param(min_length = 1, max_length = 120, example = "nord")]
    q: Option<String>,
    /// Where they stand: `approved` by default; approvers may ask for `pending`, admins also for `suspended`.
    #[param(example = "approved")]
    state: Option<OrganisationState>,
    /// How many, 1 to 100; more counts as 100.
    #[param(minimum = 1, default = 20, example = 20)]
    limit: Option<u32>,
    /// Where to go on: `next_cursor` of the page before.
    cursor: Option<String>,
}

impl OrganisationsQuery {
    fn filter(&self) -> Result<Filter> {
        let clean = |q: &String| {
            text::line(q, 120).map_err(|e| Error::parameter("q", format!("the beginning of a name {e}")))
        };
        Ok(Filter {
            state: self.state.unwrap_or(OrganisationState::Approved),
            kind: self.kind,
            country: self.country,
            prefix: self.q.as_ref().map(clean).transpose()?,
        })
    }
}

/// List organisations
///
/// By the time of their registration. For members of an approved organisation, and for admins.
#[utoipa::path(tag = "organisations", security(("bearer" = [])), params(OrganisationsQuery),
    responses((status = 200, description = "A page of organisations.", body = OrganisationPage)))]
#[get("/v1/organisations")]
pub async fn list_organisations(cx: Cx<SignedIn>, query: Query<OrganisationsQuery>) -> Answer {
    let (limit, after) = cx.paging::<i64>(query.0.limit, query.0.cursor.as_deref())?;
    let (filter, pager) = (query.0.filter()?, cx.pager()?);
    cx.get(move |conn, call| {
        let page = list(conn, &call.by, &filter, after, limit)?;
        Reply::page(page.map(|s| (OrganisationView::new(&s), s.audience)), &pager)
    })
    .await
}

/// Read an organisation
///
/// Everybody sees the public members of an approved one; its members and admins see all of it, in any state.
#[utoipa::path(tag = "organisations", security((), ("bearer" = [])),
    params(("id" = OrganisationId, Path, description = "The organisation.")),
    responses((status = 200, description = "The organisation.", body = OrganisationView)))]
#[get("/v1/organisations/{id}")]
pub async fn read_organisation(cx: Cx<Anyone>, id: Path<OrganisationId>) -> Answer {
    cx.get(move |conn, call| one(&read(conn, call.by.principal(), id.0)?)).await
}

/// Revise an organisation
///
/// An owner changes name, country or website.
#[utoipa::path(tag = "organisations", security(("bearer" = [])),
    params(("id" = OrganisationId, Path, description = "The organisation.")), request_body = OrganisationRevision,
    responses((status = 200, description = "The organisation as it stands now.", body = OrganisationView)))]
#[patch("/v1/organisations/{id}")]
pub async fn revise_organisation(
    cx: Cx<SignedIn>,
    id: Path<OrganisationId>,
    body: MergePatch<OrganisationRevision>,
) -> Answer {
    cx.patch(body, move |conn, call, patch| {
        let found = read(conn, call.by.principal(), id.0)?.organisation;
        let acting = call.by.acting(found.number, Role::Owner)?;
        let now = revise(conn, &call.act, &acting, |current| {
            call.precondition.demand(current.version)?;
            patch.apply(&OrganisationRevision::of(current))?.parse()
        })?;
        reply(conn, call.by.principal(), now)
    })
    .await
}

/// Approve an organisation
///
/// It takes part from now on. For admins, and for editors and owners of an entitled organiser.
#[utoipa::path(tag = "organisations", security(("bearer" = [])),
    params(("id" = OrganisationId, Path, description = "The organisation.")),
    responses((status = 200, description = "The organisation as it stands now.", body = OrganisationView)))]
#[post("/v1/organisations/{id}/approval")]
pub async fn approve_organisation(cx: Cx<SignedIn>, id: Path<OrganisationId>, body: Empty) -> Answer {
    cx.post_empty(body, move |conn, call| {
        let organisation = approve(conn, &call.act, &call.by, id.0)?;
        reply(conn, call.by.principal(), organisation)
    })
    .await
}

/// Suspend an organisation
///
/// It takes no part until the suspension ends, and its members can change nothing. For admins.
#[utoipa::path(tag = "organisations", security(("bearer" = [])),
    params(("id" = OrganisationId, Path, description = "The organisation.")), request_body = SuspensionInput,
    responses((status = 200, description = "The organisation as it stands now.", body = OrganisationView)))]
#[post("/v1/organisations/{id}/suspension")]
pub async fn suspend_organisation(
    cx: Cx<Admin>,
    id: Path<OrganisationId>,
    body: Body<SuspensionInput>,
) -> Answer {
    cx.post(body, move |conn, call, input| {
        let organisation = suspend(conn, &call.act, id.0, input.parse()?)?;
        reply(conn, call.by.principal(), organisation)
    })
    .await
}

/// End the suspension of an organisation
///
/// It stands where it stood before. For admins.
#[utoipa::path(tag = "organisations", security(("bearer" = [])),
    params(("id" = OrganisationId, Path, description = "The organisation.")),
    responses((status = 204, description = "The suspension has ended.")))]
#[delete("/v1/organisations/{id}/suspension")]
pub async fn restore_organisation(cx: Cx<Admin>, id: Path<OrganisationId>) -> Answer {
    cx.delete(move |conn, call| restore(conn, &call.act, id.0).map(|_| Reply::no_content())).await
}

/// Entitle an organiser to approve others
///
/// Or end that. For admins.
#[utoipa::path(tag = "organisations", security(("bearer" = [])),
    params(("id" = OrganisationId, Path, description = "The organiser.")), request_body = ApproverInput,
    responses((status = 200, description = "The organisation as it stands now.", body = OrganisationView)))]
#[put("/v1/organisations/{id}/approver")]
pub async fn entitle_organisation(
    cx: Cx<Admin>,
    id: Path<OrganisationId>,
    body: Body<ApproverInput>,
) -> Answer {
    cx.put(body, move |conn, call, input| {
        let demand = |version| call.precondition.demand(version);
        let organisation = entitle(conn, &call.act, id.0, input.approver, demand)?;
        reply(conn, call.by.principal(), organisation)
    })
    .await
}
