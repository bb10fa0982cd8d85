//! The operations on saved rankings.
//!
//! Invariant: a ranking is saved by a POST to `…/rankings` with the query of the GET of `…/matches`, as a GET changes
//! nothing. Read next: [`super::draft`], [`mod@super::replay`].

use super::draft::{Asked, Draft};
use super::model::Ranking;
use super::wire::{RankingPage, RankingReplay, RankingSummary, SavedRanking};
use super::{keep, read};
use crate::db::Conn;
use crate::http::Routes;
use crate::http::reply::Paging;
use crate::http::{Answer, Cx, Empty, Path, Query, Reply, SignedIn};
use crate::identity::Principal;
use crate::kernel::{
    error::{Error, Result},
    ids::{InvestorId, RankingId, StartupId},
    page::Rows,
    shown::Shown,
    visibility::Audience,
};
use crate::matching::Replica;
use crate::matching::lists::api::ranking_context;
use crate::matching::lists::authority::own;
use crate::matching::lists::query::MatchQuery;
use crate::profiles::{Investors, Kind, Profile, Startups};
use actix_web::{delete, get, post, web::Data};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterIn};

/// The parameters of a startup's ranking: those of its list, without what only pages and explanations have.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(transparent)]
pub struct RankingQuery(MatchQuery);

/// The parameters of an investor's ranking: also without those that are about investors.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(transparent)]
pub struct StartupRankingQuery(MatchQuery);

impl IntoParams for RankingQuery {
    fn into_params(place: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let of_pages = |p: &Parameter| ["cursor", "explain"].contains(&p.name.as_str());
        MatchQuery::into_params(place).into_iter().filter(|p| !of_pages(p)).collect()
    }
}

impl IntoParams for StartupRankingQuery {
    fn into_params(place: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        RankingQuery::into_params(place).into_iter().filter(|p| p.name != "investor_kind").collect()
    }
}

/// The parameters of a list of saved rankings.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RankingsQuery {
    /// Rows of the page, 1 to 100; more counts as 100.
    #[param(minimum = 1, default = 20)]
    pub limit: Option<u32>,
    /// Where the page begins: `next_cursor` of the page before.
    pub cursor: Option<String>,
}

/// Makes a draft beside those who write, and keeps it for an editor of the profile's organisation.
async fn save<K: Kind>(
    cx: Cx<SignedIn>,
    id: K::Id,
    body: Empty,
    draft: impl FnOnce(&Profile<K>) -> Result<Draft> + Send + 'static,
) -> Answer {
    let editor = move |conn: &mut Conn, by: &Principal| {
        let profile = own::<K>(conn, by, id)?;
        let acting = read::editor(by, profile.organisation_number)?;
        Ok::<_, Error>((profile, acting))
    };
    let drafted = cx.read(move |conn, call| {
        let (profile, _) = editor(conn, &call.by)?;
        draft(&profile)
    });
    let draft = drafted.await?;
    cx.post_empty(body, move |conn, call| {
        let (_, acting) = editor(conn, &call.by)?;
        let ranking = keep(conn, &call.act, &acting, &draft)?;
        let location = format!("/v1/rankings/{}", ranking.id);
        Reply::created(&Shown::new(SavedRanking::new(conn, ranking)?, acting.audience()), location)
    })
    .await
}

fn page((page, audience): (Rows<Ranking, i64>, Audience), paging: &Paging) -> Result<Reply> {
    let Rows { rows, next } = page;
    let row = |ranking| Ok(Shown::new(RankingSummary::new(ranking)?, audience));
    Reply::page(Rows { rows: rows.into_iter().map(row).collect::<Result<_>>()?, next }, paging)
}

/// Save a ranking of startups for an investor
///
/// Keeps what `GET /v1/investors/{id}/matches` shows for the same query, with everything that it rests on, so that it can be
/// replayed when all of that has changed. For editors and owners of the investor's organisation.
#[utoipa::path(tag = "rankings", security(("bearer" = [])), params(("id" = InvestorId, Path, description = "The investor."), StartupRankingQuery), responses(
    (status = 201, description = "The ranking.", body = SavedRanking),
    (status = 409, description = "The investor is not published.", body = crate::http::problem::Problem, content_type = "application/problem+json")))]
#[post("/v1/investors/{id}/rankings")]
pub async fn save_investor_ranking(
    cx: Cx<SignedIn>,
    replica: Data<Replica>,
    path: Path<InvestorId>,
    query: Query<StartupRankingQuery>,
    body: Empty,
) -> Answer {
    if let Some(reply) = cx.replay(&body).await? {
        return Ok(reply);
    }
    let (context, question, _) = ranking_context(&cx, &replica, &query.0.0).await?;
    let asked = Asked::new(question, &query.0.0);
    save::<Investors>(cx, path.0, body, move |investor| Draft::startups_for(investor, &context, &asked)).await
}

/// Save a ranking of investors for a startup
///
/// As for an investor; made from what investors have published, and nothing private of them is kept with it.
#[utoipa::path(tag = "rankings", security(("bearer" = [])), params(("id" = StartupId, Path, description = "The startup."), RankingQuery), responses(
    (status = 201, description = "The ranking.", body = SavedRanking),
    (status = 409, description = "The startup is not published.", body = crate::http::problem::Problem, content_type = "application/problem+json")))]
#[post("/v1/startups/{id}/rankings")]
pub async fn save_startup_ranking(
    cx: Cx<SignedIn>,
    replica: Data<Replica>,
    path: Path<StartupId>,
    query: Query<RankingQuery>,
    body: Empty,
) -> Answer {
    if let Some(reply) = cx.replay(&body).await? {
        return Ok(reply);
    }
    let (context, question, _) = ranking_context(&cx, &replica, &query.0.0).await?;
    let asked = Asked::new(question, &query.0.0);
    save::<Startups>(cx, path.0, body, move |startup| Draft::investors_for(startup, &context, &asked)).await
}

/// List the saved rankings of an investor
///
/// Newest first, without their rows. For members of its organisation.
#[utoipa::path(tag = "rankings", security(("bearer" = [])), params(("id" = InvestorId, Path, description = "The investor."), RankingsQuery), responses(
    (status = 200, description = "A page of rankings.", body = RankingPage)))]
#[get("/v1/investors/{id}/rankings")]
pub async fn list_investor_rankings(
    cx: Cx<SignedIn>,
    path: Path<InvestorId>,
    query: Query<RankingsQuery>,
) -> Answer {
    let (place, pager) = (cx.paging::<i64>(query.0.limit, query.0.cursor.as_deref())?, cx.pager()?);
    cx.get(move |conn, call| page(read::of_profile::<Investors>(conn, &call.by, path.0, place)?, &pager))
        .await
}

/// List the saved rankings of a startup
///
/// Newest first, without their rows. For members of its organisation.
#[utoipa::path(tag = "rankings", security(("bearer" = [])), params(("id" = StartupId, Path, description = "The startup."), RankingsQuery), responses(
    (status = 200, description = "A page of rankings.", body = RankingPage)))]
#[get("/v1/startups/{id}/rankings")]
pub async fn list_startup_rankings(
    cx: Cx<SignedIn>,
    path: Path<StartupId>,
    query: Query<RankingsQuery>,
) -> Answer {
    let (place, pager) = (cx.paging::<i64>(query.0.limit, query.0.cursor.as_deref())?, cx.pager()?);
    cx.get(move |conn, call| page(read::of_profile::<Startups>(conn, &call.by, path.0, place)?, &pager)).await
}

/// Read a saved ranking
///
/// As it was listed, with what it rests on. For members of the organisation whose profile it was made for.
#[utoipa::path(tag = "rankings", security(("bearer" = [])), params(("id" = RankingId, Path, description = "The ranking.")), responses(
    (status = 200, description = "The ranking.", body = SavedRanking)))]
#[get("/v1/rankings/{id}")]
pub async fn read_ranking(cx: Cx<SignedIn>, path: Path<RankingId>) -> Answer {
    cx.get(move |conn, call| {
        let (ranking, owner) = read::find(conn, &call.by, path.0)?;
        Reply::ok(&Shown::new(SavedRanking::new(conn, ranking)?, call.by.towards(owner)))
    })
    .await
}

/// Replay a saved ranking
///
/// Scores every row again from the retained revisions, tables, weights and day, whatever has changed since, and compares
/// every number with what was listed; or names exactly which inputs were erased. Sentences are worded anew.
#[utoipa::path(tag = "rankings", security(("bearer" = [])), params(("id" = RankingId, Path, description = "The ranking.")), responses(
    (status = 200, description = "What the replay came to.", body = RankingReplay)))]
#[get("/v1/rankings/{id}/replay")]
pub async fn replay_ranking(cx: Cx<SignedIn>, replica: Data<Replica>, path: Path<RankingId>) -> Answer {
    let catalogue = replica.catalogue.clone();
    cx.get(move |conn, call| {
        let (ranking, owner) = read::find(conn, &call.by, path.0)?;
        let replay = RankingReplay::of(conn, &catalogue, &ranking)?;
        Reply::ok(&Shown::new(replay, call.by.towards(owner)))
    })
    .await
}

/// Delete a saved ranking
///
/// With its rows; what it rested on stays as long as the revisions do. For editors and owners of its organisation.
#[utoipa::path(tag = "rankings", security(("bearer" = [])), params(("id" = RankingId, Path, description = "The ranking.")), responses(
    (status = 204, description = "It is gone.")))]
#[delete("/v1/rankings/{id}")]
pub async fn delete_ranking(cx: Cx<SignedIn>, path: Path<RankingId>) -> Answer {
    cx.delete(move |conn, call| {
        read::delete(conn, &call.act, &call.by, path.0)?;
        Ok(Reply::no_content())
    })
    .await
}

/// Registers the operations of this file.
pub fn routes(config: &mut Routes) {
    config.service(save_investor_ranking).service(save_startup_ranking);
    config.service(list_investor_rankings).service(list_startup_rankings);
    config.service(read_ranking).service(replay_ranking).service(delete_ranking);
}
