//! The operations on recommendation runs and on the lists that they make.
//!
//! Invariant: a list is seen by the members of the profile's own organisation only; runs by those who may start them.
//! Read next: [`super::start`], [`super::read`].

use super::read;
use super::start::{find, page, start};
use super::wire::{
    InvestorRecommendations, NewRecommendationRun, RecommendationRunPage, RecommendationRunView,
    StartupRecommendations,
};
use crate::engine::lists::pairs_at_most;
use crate::http::Routes;
use crate::http::{Answer, Cx, Offered, PageQuery, Path, Query, Reply, SignedIn};
use crate::kernel::{
    ids::{InvestorId, RecommendationRunId, StartupId},
    visibility::Audience,
};
use crate::matching::Replica;
use actix_web::{get, post, web::Data};

/// Start a recommendation run
///
/// Makes the lists of all investors and of all startups in the background, from everything that is stored by now. For
/// admins and entitled organisers; one run at a time.
///
/// The lists are `stable`: no two would rather have each other. Those of the mode `max` have the greatest total of scores that
/// there is under the caps; that is for up to 4,000,000 pairs of a startup and an investor, those counted too that take no part
/// at present. Of more pairs it is refused.
#[utoipa::path(tag = "recommendations", security(("bearer" = [])), request_body = NewRecommendationRun, responses(
    (status = 202, description = "The run, queued.", body = RecommendationRunView),
    (status = 409, description = "A run is under way; the member `run` is its id.", body = crate::http::problem::Problem, content_type = "application/problem+json")))]
#[post("/v1/recommendation-runs")]
pub async fn start_recommendation_run(
    cx: Cx<SignedIn>,
    replica: Data<Replica>,
    body: Offered<NewRecommendationRun>,
) -> Answer {
    let pairs = replica.view().map(|view| pairs_at_most(&view.snapshot));
    cx.post(body.into_body(), move |conn, call, asked| {
        let run = start(conn, &call.act, &call.by, asked.mode, pairs)?;
        let location = format!("/v1/recommendation-runs/{}", run.id);
        let reply = Reply::accepted(&RecommendationRunView::from(run), Audience::Organisation)?;
        Ok(reply.header("location", location))
    })
    .await
}

/// List the recommendation runs
///
/// All of them, newest first, each as it is read alone. For those who may start one.
#[utoipa::path(tag = "recommendations", security(("bearer" = [])), params(PageQuery), responses(
    (status = 200, description = "A page of runs.", body = RecommendationRunPage)))]
#[get("/v1/recommendation-runs")]
pub async fn list_recommendation_runs(cx: Cx<SignedIn>, query: Query<PageQuery>) -> Answer {
    let (place, pager) = (cx.paging::<i64>(query.0.limit, query.0.cursor.as_deref())?, cx.pager()?);
    cx.get(move |conn, call| {
        let page = page(conn, &call.by, place)?;
        Reply::page(page.map(|run| (RecommendationRunView::from(run), Audience::Organisation)), &pager)
    })
    .await
}

/// Read a recommendation run
///
/// Its state and progress; once it is finished, what it rests on and the report of either side; once it has failed, why.
#[utoipa::path(tag = "recommendations", security(("bearer" = [])), params(("id" = RecommendationRunId, Path, description = "The run.")), responses(
    (status = 200, description = "The run.", body = RecommendationRunView)))]
#[get("/v1/recommendation-runs/{id}")]
pub async fn read_recommendation_run(cx: Cx<SignedIn>, path: Path<RecommendationRunId>) -> Answer {
    cx.get(move |conn, call| {
        Reply::ok(&RecommendationRunView::from(find(conn, &call.by, path.0)?), Audience::Organisation)
    })
    .await
}

/// List the startups recommended to an investor
///
/// Of the latest finished run: ten by the investor's whole thesis, under the cap and in an order that mixes sectors; one
/// more that is in no other list; and who was displaced, with the reason. Who is no match any more is left out.
#[utoipa::path(tag = "recommendations", security(("bearer" = [])), params(("id" = InvestorId, Path, description = "The investor.")), responses(
    (status = 200, description = "The list.", body = InvestorRecommendations),
    (status = 409, description = "The investor is not published.", body = crate::http::problem::Problem, content_type = "application/problem+json")))]
#[get("/v1/investors/{id}/recommendations")]
pub async fn recommend_startups(cx: Cx<SignedIn>, replica: Data<Replica>, path: Path<InvestorId>) -> Answer {
    let view = replica.at(&cx.edge.db, None).await?;
    cx.get(move |conn, call| {
        Reply::ok(&read::for_investor(conn, &call.by, path.0, &view)?, Audience::Members)
    })
    .await
}

/// List the investors recommended to a startup
///
/// Of the latest finished run: as for investors, but by what investors have published and default weights of theirs.
#[utoipa::path(tag = "recommendations", security(("bearer" = [])), params(("id" = StartupId, Path, description = "The startup.")), responses(
    (status = 200, description = "The list.", body = StartupRecommendations),
    (status = 409, description = "The startup is not published.", body = crate::http::problem::Problem, content_type = "application/problem+json")))]
#[get("/v1/startups/{id}/recommendations")]
pub async fn recommend_investors(cx: Cx<SignedIn>, replica: Data<Replica>, path: Path<StartupId>) -> Answer {
    let view = replica.at(&cx.edge.db, None).await?;
    cx.get(move |conn, call| Reply::ok(&read::for_startup(conn, &call.by, path.0, &view)?, Audience::Members))
        .await
}

/// Registers the operations of this file.
pub fn routes(config: &mut Routes) {
    config
        .service(start_recommendation_run)
        .service(list_recommendation_runs)
        .service(read_recommendation_run);
    config.service(recommend_startups).service(recommend_investors);
}
