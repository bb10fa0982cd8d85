//! Claims over HTTP: those who decide see and decide them.
//!
//! Invariant: a claim is shown to those who decide it and to the organisation that made it. Read next: `profiles/claim.rs`.

use crate::http::Routes;
use crate::http::{Answer, Cx, Empty, Path, Query, Reply, SignedIn};
use crate::kernel::{
    error::Result,
    ids::{ClaimId, OrganisationId},
    page::Rows,
    time::Timestamp,
    visibility::{Audience, Class, Visible},
};
use crate::profiles::claim::{Claim, ClaimState, decide, list, read};
use actix_web::{get, post};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Registers the routes of claims.
pub fn routes(config: &mut Routes) {
    config.service(list_profile_claims).service(read_profile_claim);
    config.service(approve_profile_claim).service(refuse_profile_claim);
}

/// For whom a profile is claimed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimInput {
    /// The organisation that claims it.
    pub organisation: OrganisationId,
}

/// Somebody's word that a profile is theirs.
#[derive(Serialize, ToSchema)]
#[schema(as = ProfileClaim)]
pub struct ClaimView {
    /// The id.
    pub id: ClaimId,
    /// Where it stands.
    pub state: ClaimState,
    /// The kind of the profile.
    #[schema(example = "startup")]
    pub kind: String,
    /// The id of the profile.
    #[schema(example = "stp_01j4e1wyg0e00g800000000001")]
    pub profile: String,
    /// The organisation that claims it.
    pub organisation: OrganisationId,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_at: Option<Timestamp>,
}

impl From<Claim> for ClaimView {
    fn from(claim: Claim) -> Self {
        let Claim { id, state, kind, profile, organisation, created_at, decided_at, .. } = claim;
        Self { id, state, kind, profile, organisation, created_at, decided_at }
    }
}

impl Visible for ClaimView {
    const FIELDS: &'static [(&'static str, Class)] = &[
        ("id", Class::Organisation),
        ("state", Class::Organisation),
        ("kind", Class::Organisation),
        ("profile", Class::Organisation),
        ("organisation", Class::Organisation),
        ("created_at", Class::Organisation),
        ("decided_at", Class::Organisation),
    ];
}

/// The claim as the reply to a change.
pub fn reply(claim: Claim) -> Result<Reply> {
    Reply::ok(&ClaimView::from(claim), Audience::Organisation)
}

/// Which claims to list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ClaimsQuery {
    /// Where they stand: `open` by default.
    #[param(example = "open")]
    state: Option<ClaimState>,
    /// How many, 1 to 100; more counts as 100.
    #[param(minimum = 1, default = 20, example = 20)]
    limit: Option<u32>,
    /// Where to go on: `next_cursor` of the page before.
    cursor: Option<String>,
}

/// A page of claims.
#[derive(Serialize, ToSchema)]
#[schema(as = ProfileClaimPage)]
pub struct ClaimPage {
    /// The claims, oldest first.
    data: Vec<ClaimView>,
    /// Whether there are more.
    has_more: bool,
    /// Where to go on.
    next_cursor: Option<String>,
}

/// List the claims on profiles
///
/// Oldest first. Platform admins see all, everybody else those on profiles of organisations that they own.
#[utoipa::path(tag = "profile-claims", security(("bearer" = [])), params(ClaimsQuery),
    responses((status = 200, description = "A page of claims.", body = ClaimPage)))]
#[get("/v1/profile-claims")]
pub async fn list_profile_claims(cx: Cx<SignedIn>, query: Query<ClaimsQuery>) -> Answer {
    let (limit, after) = cx.paging::<i64>(query.0.limit, query.0.cursor.as_deref())?;
    let (state, pager) = (query.0.state.unwrap_or_default(), cx.pager()?);
    cx.get(move |conn, call| {
        let rows = list(conn, &call.by, state, after.unwrap_or(0), limit.rows() + 1)?;
        let page = Rows::cut(rows, limit, |c| c.number);
        Reply::page(page.map(|c| (ClaimView::from(c), Audience::Organisation)), &pager)
    })
    .await
}

/// Read a claim
///
/// For those who decide it, and for members of the organisation that made it.
#[utoipa::path(tag = "profile-claims", security(("bearer" = [])), params(("id" = ClaimId, Path, description = "The claim.")),
    responses((status = 200, description = "The claim.", body = ClaimView)))]
#[get("/v1/profile-claims/{id}")]
pub async fn read_profile_claim(cx: Cx<SignedIn>, id: Path<ClaimId>) -> Answer {
    cx.get(move |conn, call| reply(read(conn, &call.by, id.0)?)).await
}

/// Approve a claim
///
/// The profile goes over to the organisation that claims it. For admins and owners of the organisation that made it.
#[utoipa::path(tag = "profile-claims", security(("bearer" = [])), params(("id" = ClaimId, Path, description = "The claim.")),
    responses((status = 200, description = "The claim as it stands now.", body = ClaimView)))]
#[post("/v1/profile-claims/{id}/approval")]
pub async fn approve_profile_claim(cx: Cx<SignedIn>, id: Path<ClaimId>, body: Empty) -> Answer {
    cx.post_empty(body, move |conn, call| reply(decide(conn, &call.act, &call.by, id.0, true)?)).await
}

/// Refuse a claim
///
/// The profile stays where it is. For admins and owners of the organisation that made it.
#[utoipa::path(tag = "profile-claims", security(("bearer" = [])), params(("id" = ClaimId, Path, description = "The claim.")),
    responses((status = 200, description = "The claim as it stands now.", body = ClaimView)))]
#[post("/v1/profile-claims/{id}/refusal")]
pub async fn refuse_profile_claim(cx: Cx<SignedIn>, id: Path<ClaimId>, body: Empty) -> Answer {
    cx.post_empty(body, move |conn, call| reply(decide(conn, &call.act, &call.by, id.0, false)?)).await
}
