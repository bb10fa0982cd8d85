//! Startups over HTTP.
//!
//! Invariant: a startup that the caller may not know of answers like one that does not exist.
//! Read next: [`super::super::api`].

use super::assess::{assess, assessable};
use super::wire::{NewStartup, Startup, StartupPage, StartupRevision, StartupRevisionPage};
use super::{Assessment, StartupFacts};
use crate::http::Routes;
use crate::http::{Answer, Anyone, Body, Cx, Empty, MergePatch, PageQuery, Path, Query, SignedIn};
use crate::kernel::{
    error::Result,
    ids::{OrganisationId, StartupId},
    time::Timestamp,
};
use crate::profiles::api::{self, claims::ClaimInput, claims::ClaimView, filters::CodesOf, filters::Gather};
use crate::profiles::browse::{Position, Search, Sort};
use crate::profiles::common::Contact;
use crate::profiles::kind::Startups;
use crate::profiles::model::State;
use crate::reference::Catalogue;
use crate::reference::{
    CooperationModel, CountryCode, LanguageTag, NeedCode, RoundCode, SectorCode, StageCode, TechnologyCode,
};
use actix_web::{delete, get, patch, post, put, web::Data};
use serde::Deserialize;
use utoipa::IntoParams;

/// Registers the routes of startups.
pub fn routes(config: &mut Routes) {
    config.service(register_startup).service(list_startups).service(read_startup).service(revise_startup);
    config.service(publish_startup).service(withdraw_startup).service(confirm_startup);
    config.service(set_startup_contact).service(remove_startup_contact);
    config.service(list_startup_revisions).service(read_startup_revision).service(claim_startup);
    config.service(assess_startup);
}

/// Register a startup
///
/// It is a draft until it is published. Organisers and bridges may register one for others, who may claim it.
#[utoipa::path(tag = "startups", security(("bearer" = [])), request_body = NewStartup,
    responses((status = 201, description = "The startup.", body = Startup)))]
#[post("/v1/startups")]
pub async fn register_startup(
    cx: Cx<SignedIn>,
    catalogue: Data<Catalogue>,
    body: Body<NewStartup>,
) -> Answer {
    cx.post(body, move |conn, call, new| api::post(conn, call, &catalogue, new)).await
}

/// Which startups to list, and in which order.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct StartupsQuery {
    /// Words of name, one-liner or description; the last may be the beginning of one.
    #[param(min_length = 1, max_length = 200, example = "photon")]
    q: Option<String>,
    /// Where they come from.
    #[param(value_type = Option<Vec<CountryCode>>, style = Form, explode = false, example = json!(["FR"]))]
    home: Option<CodesOf<CountryCode>>,
    /// None of these.
    #[param(value_type = Option<Vec<CountryCode>>, style = Form, explode = false)]
    not_home: Option<CodesOf<CountryCode>>,
    /// The markets they want to enter.
    #[param(value_type = Option<Vec<CountryCode>>, style = Form, explode = false, example = json!(["CN"]))]
    market: Option<CodesOf<CountryCode>>,
    /// None of these.
    #[param(value_type = Option<Vec<CountryCode>>, style = Form, explode = false)]
    not_market: Option<CodesOf<CountryCode>>,
    /// Their sectors, leaves or parents.
    #[param(value_type = Option<Vec<SectorCode>>, style = Form, explode = false, example = json!(["ict.ai"]))]
    sector: Option<CodesOf<SectorCode>>,
    /// None of these.
    #[param(value_type = Option<Vec<SectorCode>>, style = Form, explode = false)]
    not_sector: Option<CodesOf<SectorCode>>,
    /// How far they are.
    #[param(value_type = Option<Vec<StageCode>>, style = Form, explode = false, example = json!(["seed"]))]
    stage: Option<CodesOf<StageCode>>,
    /// None of these.
    #[param(value_type = Option<Vec<StageCode>>, style = Form, explode = false)]
    not_stage: Option<CodesOf<StageCode>>,
    /// The technologies they use.
    #[param(value_type = Option<Vec<TechnologyCode>>, style = Form, explode = false, example = json!(["quantum"]))]
    technology: Option<CodesOf<TechnologyCode>>,
    /// None of these.
    #[param(value_type = Option<Vec<TechnologyCode>>, style = Form, explode = false)]
    not_technology: Option<CodesOf<TechnologyCode>>,
    /// What they raise; the round of their stage where they say nothing.
    #[param(value_type = Option<Vec<RoundCode>>, style = Form, explode = false, example = json!(["seed"]))]
    round: Option<CodesOf<RoundCode>>,
    /// None of these.
    #[param(value_type = Option<Vec<RoundCode>>, style = Form, explode = false)]
    not_round: Option<CodesOf<RoundCode>>,
    /// What they need besides money.
    #[param(value_type = Option<Vec<NeedCode>>, style = Form, explode = false, example = json!(["market"]))]
    need: Option<CodesOf<NeedCode>>,
    /// None of these.
    #[param(value_type = Option<Vec<NeedCode>>, style = Form, explode = false)]
    not_need: Option<CodesOf<NeedCode>>,
    /// The forms of cooperation they accept.
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
    /// The ask is at least this many US dollars.
    #[param(minimum = 0, example = 100000)]
    ask_min: Option<u32>,
    /// The ask is at most this many US dollars.
    #[param(minimum = 0, example = 5000000)]
    ask_max: Option<u32>,
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

impl StartupsQuery {
    fn search(&self) -> Result<Search> {
        let gather = Gather::default()
            .facet("home", self.home.as_ref(), self.not_home.as_ref())
            .facet("market", self.market.as_ref(), self.not_market.as_ref())
            .facet("sector", self.sector.as_ref(), self.not_sector.as_ref())
            .facet("stage", self.stage.as_ref(), self.not_stage.as_ref())
            .facet("technology", self.technology.as_ref(), self.not_technology.as_ref())
            .facet("round", self.round.as_ref(), self.not_round.as_ref())
            .facet("need", self.need.as_ref(), self.not_need.as_ref())
            .facet("cooperation_model", self.cooperation_model.as_ref(), self.not_cooperation_model.as_ref())
            .facet("language", self.language.as_ref(), self.not_language.as_ref());
        let search = Search {
            organisation: self.organisation,
            state: self.state,
            amount: (self.ask_min.map(i64::from), self.ask_max.map(i64::from)),
            founded: (self.founded_min.map(i64::from), self.founded_max.map(i64::from)),
            updated_after: self.updated_after,
            sort: self.sort.unwrap_or_default(),
            ..gather.search(self.q.as_deref())?
        };
        search.ordered("ask_max", "founded_max")
    }
}

/// List startups
///
/// Those that are published, and with `organisation` all of your own. Within a parameter one value is enough, and all
/// parameters have to hold. Visitors search names and one-liners, and filter by what is public.
#[utoipa::path(tag = "startups", security((), ("bearer" = [])), params(StartupsQuery),
    responses((status = 200, description = "A page of startups.", body = StartupPage)))]
#[get("/v1/startups")]
pub async fn list_startups(cx: Cx<Anyone>, query: Query<StartupsQuery>) -> Answer {
    let page = cx.paging::<Position>(query.0.limit, query.0.cursor.as_deref())?;
    let (search, pager) = (query.0.search()?, cx.pager()?);
    cx.get(move |conn, call| api::get_page::<Startups, _>(conn, call, &search, page, &pager)).await
}

/// Read a startup
///
/// Everybody sees the public facts of a published one, members of approved organisations most of them; its own
/// organisation sees all of it, in any state.
#[utoipa::path(tag = "startups", security((), ("bearer" = [])), params(("id" = StartupId, Path, description = "The startup.")),
    responses((status = 200, description = "The startup.", body = Startup)))]
#[get("/v1/startups/{id}")]
pub async fn read_startup(cx: Cx<Anyone>, id: Path<StartupId>) -> Answer {
    cx.get(move |conn, call| api::get::<Startups, _>(conn, call, id.0)).await
}

/// Revise a startup
///
/// A merge patch of the facts: `null` makes a fact unknown, an empty list says that there are none. The former revision
/// is kept. Objects with countries, languages or sectors as keys are merged key by key: `null` removes a key, as in
/// `{"markets":{"CN":null}}`, and once the last is removed the empty object says that there are none; `{}` says so only where
/// the fact is unknown, and otherwise changes nothing.
#[utoipa::path(tag = "startups", security(("bearer" = [])), params(("id" = StartupId, Path, description = "The startup.")),
    request_body = StartupFacts, responses((status = 200, description = "The startup as it stands now.", body = Startup)))]
#[patch("/v1/startups/{id}")]
pub async fn revise_startup(
    cx: Cx<SignedIn>,
    catalogue: Data<Catalogue>,
    id: Path<StartupId>,
    body: MergePatch<StartupFacts>,
) -> Answer {
    cx.patch(body, move |conn, call, patch| api::patch::<Startups>(conn, call, &catalogue, id.0, &patch))
        .await
}

/// Publish a startup
///
/// Says what is missing where something is. Publishing confirms the facts.
#[utoipa::path(tag = "startups", security(("bearer" = [])), params(("id" = StartupId, Path, description = "The startup.")),
    responses((status = 200, description = "The startup as it stands now.", body = Startup)))]
#[post("/v1/startups/{id}/publication")]
pub async fn publish_startup(cx: Cx<SignedIn>, id: Path<StartupId>, body: Empty) -> Answer {
    cx.post_empty(body, move |conn, call| api::post_publication::<Startups>(conn, call, id.0)).await
}

/// Withdraw a startup
///
/// From now on only its organisation sees it; it can be published again.
#[utoipa::path(tag = "startups", security(("bearer" = [])), params(("id" = StartupId, Path, description = "The startup.")),
    responses((status = 204, description = "It is withdrawn.")))]
#[delete("/v1/startups/{id}/publication")]
pub async fn withdraw_startup(cx: Cx<SignedIn>, id: Path<StartupId>) -> Answer {
    cx.delete(move |conn, call| api::delete_publication::<Startups>(conn, call, id.0)).await
}

/// Confirm a startup
///
/// Says that the facts still hold; a profile that nobody confirms for a year counts as stale.
#[utoipa::path(tag = "startups", security(("bearer" = [])), params(("id" = StartupId, Path, description = "The startup.")),
    responses((status = 200, description = "The startup as it stands now.", body = Startup)))]
#[post("/v1/startups/{id}/confirmation")]
pub async fn confirm_startup(cx: Cx<SignedIn>, id: Path<StartupId>, body: Empty) -> Answer {
    cx.post_empty(body, move |conn, call| api::post_confirmation::<Startups>(conn, call, id.0)).await
}

/// Set the contact of a startup
///
/// How to reach the people behind it: seen by the counterparty of an accepted introduction, and kept in no revision.
#[utoipa::path(tag = "startups", security(("bearer" = [])), params(("id" = StartupId, Path, description = "The startup.")),
    request_body = Contact, responses((status = 200, description = "The startup as it stands now.", body = Startup)))]
#[put("/v1/startups/{id}/contact")]
pub async fn set_startup_contact(cx: Cx<SignedIn>, id: Path<StartupId>, body: Body<Contact>) -> Answer {
    cx.put(body, move |conn, call, contact| api::put_contact::<Startups>(conn, call, id.0, &contact)).await
}

/// Remove the contact of a startup
#[utoipa::path(tag = "startups", security(("bearer" = [])), params(("id" = StartupId, Path, description = "The startup.")),
    responses((status = 204, description = "It has no contact any more.")))]
#[delete("/v1/startups/{id}/contact")]
pub async fn remove_startup_contact(cx: Cx<SignedIn>, id: Path<StartupId>) -> Answer {
    cx.delete(move |conn, call| api::delete_contact::<Startups>(conn, call, id.0)).await
}

/// List the revisions of a startup
///
/// Newest first, each with all facts. For its own organisation.
#[utoipa::path(tag = "startups", security(("bearer" = [])), params(("id" = StartupId, Path, description = "The startup."), PageQuery),
    responses((status = 200, description = "A page of revisions.", body = StartupRevisionPage)))]
#[get("/v1/startups/{id}/revisions")]
pub async fn list_startup_revisions(
    cx: Cx<SignedIn>,
    id: Path<StartupId>,
    query: Query<PageQuery>,
) -> Answer {
    let page = cx.paging::<i64>(query.0.limit, query.0.cursor.as_deref())?;
    let pager = cx.pager()?;
    cx.get(move |conn, call| api::get_revisions::<Startups>(conn, &call.by, id.0, page, &pager)).await
}

/// Read a revision of a startup
///
/// All facts as they stood then. For its own organisation.
#[utoipa::path(tag = "startups", security(("bearer" = [])),
    params(("id" = StartupId, Path, description = "The startup."),
        ("revision" = u32, Path, description = "The number of the revision.", minimum = 1, example = 1)),
    responses((status = 200, description = "The revision.", body = StartupRevision)))]
#[get("/v1/startups/{id}/revisions/{revision}")]
pub async fn read_startup_revision(cx: Cx<SignedIn>, path: Path<(StartupId, u32)>) -> Answer {
    let (id, revision) = path.0;
    cx.get(move |conn, call| api::get_revision::<Startups>(conn, &call.by, id, revision)).await
}

/// Claim a startup
///
/// For a profile that an organiser or a bridge made for you: once the claim is approved, it is yours.
#[utoipa::path(tag = "startups", security(("bearer" = [])), params(("id" = StartupId, Path, description = "The startup.")),
    request_body = ClaimInput, responses((status = 201, description = "The claim.", body = ClaimView)))]
#[post("/v1/startups/{id}/claims")]
pub async fn claim_startup(cx: Cx<SignedIn>, id: Path<StartupId>, body: Body<ClaimInput>) -> Answer {
    cx.post(body, move |conn, call, input| api::post_claim::<Startups>(conn, call, id.0, &input)).await
}

/// Assess a startup
///
/// Says which of its references were verified, and how its pitch was seen. For admins and entitled organisers who do not
/// belong to its organisation.
#[utoipa::path(tag = "startups", security(("bearer" = [])), params(("id" = StartupId, Path, description = "The startup.")),
    request_body = Assessment, responses((status = 200, description = "The startup as it stands now.", body = Startup)))]
#[put("/v1/startups/{id}/assessment")]
pub async fn assess_startup(cx: Cx<SignedIn>, id: Path<StartupId>, body: Body<Assessment>) -> Answer {
    cx.put(body, move |conn, call, assessment| {
        let (profile, audience) = assessable(conn, &call.by, id.0)?;
        call.precondition.demand(profile.version)?;
        let now = assess(conn, &call.act, &profile, assessment)?;
        api::reply(conn, now, audience)
    })
    .await
}
