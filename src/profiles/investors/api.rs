//! Investors over HTTP.
//!
//! Invariant: an investor that the caller may not know of answers like one that does not exist.
//! Read next: [`super::super::api`].

use super::wire::{Investor, InvestorPage, InvestorRevision, InvestorRevisionPage, NewInvestor};
use super::{EVERY_SECTOR, InvestorFacts};
use crate::http::Routes;
use crate::http::{Answer, Anyone, Body, Cx, Empty, MergePatch, PageQuery, Path, Query, SignedIn};
use crate::kernel::{
    error::Result,
    ids::{InvestorId, OrganisationId},
    time::Timestamp,
};
use crate::profiles::api::{self, claims::ClaimInput, claims::ClaimView, filters::CodesOf, filters::Gather};
use crate::profiles::browse::{Position, Search, Sort};
use crate::profiles::common::Contact;
use crate::profiles::kind::Investors;
use crate::profiles::model::State;
use crate::reference::Catalogue;
use crate::reference::{
    CooperationModel, CountryCode, InvestorKind, LanguageTag, NeedCode, SectorCode, StageCode, TechnologyCode,
};
use actix_web::{delete, get, patch, post, put, web::Data};
use serde::Deserialize;
use utoipa::IntoParams;

/// Registers the routes of investors.
pub fn routes(config: &mut Routes) {
    config.service(register_investor).service(list_investors).service(read_investor).service(revise_investor);
    config.service(publish_investor).service(withdraw_investor).service(confirm_investor);
    config.service(set_investor_contact).service(remove_investor_contact);
    config.service(list_investor_revisions).service(read_investor_revision).service(claim_investor);
}

/// Register an investor
///
/// It is a draft until it is published. Organisers and bridges may register one for others, who may claim it.
#[utoipa::path(tag = "investors", security(("bearer" = [])), request_body = NewInvestor,
    responses((status = 201, description = "The investor.", body = Investor)))]
#[post("/v1/investors")]
pub async fn register_investor(
    cx: Cx<SignedIn>,
    catalogue: Data<Catalogue>,
    body: Body<NewInvestor>,
) -> Answer {
    cx.post(body, move |conn, call, new| api::post(conn, call, &catalogue, new)).await
}

/// Which investors to list, and in which order.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct InvestorsQuery {
    /// Words of name, one-liner or description; the last may be the beginning of one.
    #[param(min_length = 1, max_length = 200, example = "photon")]
    q: Option<String>,
    /// Where they come from.
    #[param(value_type = Option<Vec<CountryCode>>, style = Form, explode = false, example = json!(["FR"]))]
    home: Option<CodesOf<CountryCode>>,
    /// None of these.
    #[param(value_type = Option<Vec<CountryCode>>, style = Form, explode = false)]
    not_home: Option<CodesOf<CountryCode>>,
    /// The markets they can open.
    #[param(value_type = Option<Vec<CountryCode>>, style = Form, explode = false, example = json!(["CN"]))]
    market: Option<CodesOf<CountryCode>>,
    /// None of these.
    #[param(value_type = Option<Vec<CountryCode>>, style = Form, explode = false)]
    not_market: Option<CodesOf<CountryCode>>,
    /// The sectors they look for, leaves or parents.
    #[param(value_type = Option<Vec<SectorCode>>, style = Form, explode = false, example = json!(["ict.ai"]))]
    sector: Option<CodesOf<SectorCode>>,
    /// None of these.
    #[param(value_type = Option<Vec<SectorCode>>, style = Form, explode = false)]
    not_sector: Option<CodesOf<SectorCode>>,
    /// The stages they look for.
    #[param(value_type = Option<Vec<StageCode>>, style = Form, explode = false, example = json!(["seed"]))]
    stage: Option<CodesOf<StageCode>>,
    /// None of these.
    #[param(value_type = Option<Vec<StageCode>>, style = Form, explode = false)]
    not_stage: Option<CodesOf<StageCode>>,
    /// The technologies they look for.
    #[param(value_type = Option<Vec<TechnologyCode>>, style = Form, explode = false, example = json!(["quantum"]))]
    technology: Option<CodesOf<TechnologyCode>>,
    /// None of these.
    #[param(value_type = Option<Vec<TechnologyCode>>, style = Form, explode = false)]
    not_technology: Option<CodesOf<TechnologyCode>>,
    /// What kind of investor they are.
    #[param(value_type = Option<Vec<InvestorKind>>, style = Form, explode = false, example = json!(["vc"]))]
    kind: Option<CodesOf<InvestorKind>>,
    /// None of these.
    #[param(value_type = Option<Vec<InvestorKind>>, style = Form, explode = false)]
    not_kind: Option<CodesOf<InvestorKind>>,
    /// What they offer besides money.
    #[param(value_type = Option<Vec<NeedCode>>, style = Form, explode = false, example = json!(["market"]))]
    offer: Option<CodesOf<NeedCode>>,
    /// None of these.
    #[param(value_type = Option<Vec<NeedCode>>, style = Form, explode = false)]
    not_offer: Option<CodesOf<NeedCode>>,
    /// The forms of cooperation they offer.
    #[param(value_type = Option<Vec<CooperationModel>>, style = Form, explode = false, example = json!(["jv"]))]
    cooperation_model: Option<CodesOf<CooperationModel>>,
    /// None of these.
    #[param(value_type = Option<Vec<CooperationModel>>, style = Form, explode = false)]
    not_cooperation_model: Option<CodesOf<CooperationModel>>,
    /// The languages they work in.
    #[param(value_type = Option<Vec<LanguageTag>>, style = Form, explode = false, example = json!(["en"]))]
    language: Option<CodesOf<LanguageTag>>,
    /// None of these.
    #[param(value_type = Option<Vec<LanguageTag>>, style = Form, explode = false)]
    not_language: Option<CodesOf<LanguageTag>>,
    /// Their tickets include this many US dollars.
    #[param(minimum = 0, example = 500000)]
    ticket: Option<u32>,
    /// Founded in this year or later.
    #[param(minimum = 1800, maximum = 2100, example = 2015)]
    founded_min: Option<u16>,
    /// Founded in this year or before.
    #[param(minimum = 1800, maximum = 2100, example = 2026)]
    founded_max: Option<u16>,
    /// Changed after this instant.
    updated_after: Option<Timestamp>,
    /// Of this organisation; for its members in every state.
    organisation: Option<OrganisationId>,
    /// In this state: for members of `organisation`.
    #[param(example = "published")]
    state: Option<State>,
    /// The order.
    #[param(example = "name")]
    sort: Option<Sort>,
    /// How many, 1 to 100; more counts as 100.
    #[param(minimum = 1, default = 20, example = 20)]
    limit: Option<u32>,
    /// Where to go on: `next_cursor` of the page before.
    cursor: Option<String>,
}

impl InvestorsQuery {
    fn search(&self) -> Result<Search> {
        let gather = Gather::default()
            .facet("home", self.home.as_ref(), self.not_home.as_ref())
            .facet("market", self.market.as_ref(), self.not_market.as_ref())
            .facet("sector", self.sector.as_ref(), self.not_sector.as_ref())
            .wildcard("sector", EVERY_SECTOR)
            .facet("stage", self.stage.as_ref(), self.not_stage.as_ref())
            .facet("technology", self.technology.as_ref(), self.not_technology.as_ref())
            .facet("kind", self.kind.as_ref(), self.not_kind.as_ref())
            .facet("offer", self.offer.as_ref(), self.not_offer.as_ref())
            .facet("cooperation_model", self.cooperation_model.as_ref(), self.not_cooperation_model.as_ref())
            .facet("language", self.language.as_ref(), self.not_language.as_ref());
        let search = Search {
            organisation: self.organisation,
            state: self.state,
            between: self.ticket.map(i64::from),
            founded: (self.founded_min.map(i64::from), self.founded_max.map(i64::from)),
            updated_after: self.updated_after,
            sort: self.sort.unwrap_or_default(),
            ..gather.search(self.q.as_deref())?
        };
        search.ordered("", "founded_max")
    }
}

/// List investors
///
/// Those that are published, and with `organisation` all of your own. Within a parameter one value is enough, and all
/// parameters have to hold. Visitors search names and one-liners, and filter by what is public.
#[utoipa::path(tag = "investors", security((), ("bearer" = [])), params(InvestorsQuery),
    responses((status = 200, description = "A page of investors.", body = InvestorPage)))]
#[get("/v1/investors")]
pub async fn list_investors(cx: Cx<Anyone>, query: Query<InvestorsQuery>) -> Answer {
    let page = cx.paging::<Position>(query.0.limit, query.0.cursor.as_deref())?;
    let (search, pager) = (query.0.search()?, cx.pager()?);
    cx.get(move |conn, call| api::get_page::<Investors, _>(conn, call, &search, page, &pager)).await
}

/// Read an investor
///
/// Everybody sees the public facts of a published one, members of approved organisations most of them; its own
/// organisation sees all of it, in any state.
#[utoipa::path(tag = "investors", security((), ("bearer" = [])), params(("id" = InvestorId, Path, description = "The investor.")),
    responses((status = 200, description = "The investor.", body = Investor)))]
#[get("/v1/investors/{id}")]
pub async fn read_investor(cx: Cx<Anyone>, id: Path<InvestorId>) -> Answer {
    cx.get(move |conn, call| api::get::<Investors, _>(conn, call, id.0)).await
}

/// Revise an investor
///
/// A merge patch of the facts: `null` makes a fact unknown, an empty list says that there are none. The former revision
/// is kept. Objects with countries, languages or sectors as keys are merged key by key: `null` removes a key, as in
/// `{"focus":{"ict":null}}`, and once the last is removed the empty object says that there are none; `{}` says so only where
/// the fact is unknown, and otherwise changes nothing.
#[utoipa::path(tag = "investors", security(("bearer" = [])), params(("id" = InvestorId, Path, description = "The investor.")),
    request_body = InvestorFacts, responses((status = 200, description = "The investor as it stands now.", body = Investor)))]
#[patch("/v1/investors/{id}")]
pub async fn revise_investor(
    cx: Cx<SignedIn>,
    catalogue: Data<Catalogue>,
    id: Path<InvestorId>,
    body: MergePatch<InvestorFacts>,
) -> Answer {
    cx.patch(body, move |conn, call, patch| api::patch::<Investors>(conn, call, &catalogue, id.0, &patch))
        .await
}

/// Publish an investor
///
/// Says what is missing where something is. Publishing confirms the facts.
#[utoipa::path(tag = "investors", security(("bearer" = [])), params(("id" = InvestorId, Path, description = "The investor.")),
    responses((status = 200, description = "The investor as it stands now.", body = Investor)))]
#[post("/v1/investors/{id}/publication")]
pub async fn publish_investor(cx: Cx<SignedIn>, id: Path<InvestorId>, body: Empty) -> Answer {
    cx.post_empty(body, move |conn, call| api::post_publication::<Investors>(conn, call, id.0)).await
}

/// Withdraw an investor
///
/// From now on only its organisation sees it; it can be published again.
#[utoipa::path(tag = "investors", security(("bearer" = [])), params(("id" = InvestorId, Path, description = "The investor.")),
    responses((status = 204, description = "It is withdrawn.")))]
#[delete("/v1/investors/{id}/publication")]
pub async fn withdraw_investor(cx: Cx<SignedIn>, id: Path<InvestorId>) -> Answer {
    cx.delete(move |conn, call| api::delete_publication::<Investors>(conn, call, id.0)).await
}

/// Confirm an investor
///
/// Says that the facts still hold; a profile that nobody confirms for a year counts as stale.
#[utoipa::path(tag = "investors", security(("bearer" = [])), params(("id" = InvestorId, Path, description = "The investor.")),
    responses((status = 200, description = "The investor as it stands now.", body = Investor)))]
#[post("/v1/investors/{id}/confirmation")]
pub async fn confirm_investor(cx: Cx<SignedIn>, id: Path<InvestorId>, body: Empty) -> Answer {
    cx.post_empty(body, move |conn, call| api::post_confirmation::<Investors>(conn, call, id.0)).await
}

/// Set the contact of an investor
///
/// How to reach the people behind it: seen by the counterparty of an accepted introduction, and kept in no revision.
#[utoipa::path(tag = "investors", security(("bearer" = [])), params(("id" = InvestorId, Path, description = "The investor.")),
    request_body = Contact, responses((status = 200, description = "The investor as it stands now.", body = Investor)))]
#[put("/v1/investors/{id}/contact")]
pub async fn set_investor_contact(cx: Cx<SignedIn>, id: Path<InvestorId>, body: Body<Contact>) -> Answer {
    cx.put(body, move |conn, call, contact| api::put_contact::<Investors>(conn, call, id.0, &contact)).await
}

/// Remove the contact of an investor
#[utoipa::path(tag = "investors", security(("bearer" = [])), params(("id" = InvestorId, Path, description = "The investor.")),
    responses((status = 204, description = "It has no contact any more.")))]
#[delete("/v1/investors/{id}/contact")]
pub async fn remove_investor_contact(cx: Cx<SignedIn>, id: Path<InvestorId>) -> Answer {
    cx.delete(move |conn, call| api::delete_contact::<Investors>(conn, call, id.0)).await
}

/// List the revisions of an investor
///
/// Newest first, each with all facts. For its own organisation.
#[utoipa::path(tag = "investors", security(("bearer" = [])), params(("id" = InvestorId, Path, description = "The investor."), PageQuery),
    responses((status = 200, description = "A page of revisions.", body = InvestorRevisionPage)))]
#[get("/v1/investors/{id}/revisions")]
pub async fn list_investor_revisions(
    cx: Cx<SignedIn>,
    id: Path<InvestorId>,
    query: Query<PageQuery>,
) -> Answer {
    let page = cx.paging::<i64>(query.0.limit, query.0.cursor.as_deref())?;
    let pager = cx.pager()?;
    cx.get(move |conn, call| api::get_revisions::<Investors>(conn, &call.by, id.0, page, &pager)).await
}

/// Read a revision of an investor
///
/// All facts as they stood then. For its own organisation.
#[utoipa::path(tag = "investors", security(("bearer" = [])),
    params(("id" = InvestorId, Path, description = "The investor."),
        ("revision" = u32, Path, description = "The number of the revision.", minimum = 1, example = 1)),
    responses((status = 200, description = "The revision.", body = InvestorRevision)))]
#[get("/v1/investors/{id}/revisions/{revision}")]
pub async fn read_investor_revision(cx: Cx<SignedIn>, path: Path<(InvestorId, u32)>) -> Answer {
    let (id, revision) = path.0;
    cx.get(move |conn, call| api::get_revision::<Investors>(conn, &call.by, id, revision)).await
}

/// Claim an investor
///
/// For a profile that an organiser or a bridge made for you: once the claim is approved, it is yours.
#[utoipa::path(tag = "investors", security(("bearer" = [])), params(("id" = InvestorId, Path, description = "The investor.")),
    request_body = ClaimInput, responses((status = 201, description = "The claim.", body = ClaimView)))]
#[post("/v1/investors/{id}/claims")]
pub async fn claim_investor(cx: Cx<SignedIn>, id: Path<InvestorId>, body: Body<ClaimInput>) -> Answer {
    cx.post(body, move |conn, call, input| api::post_claim::<Investors>(conn, call, id.0, &input)).await
}
