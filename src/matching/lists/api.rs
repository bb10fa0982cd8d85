//! The match operations.
//!
//! Invariant: a list is seen by the members of the profile's own organisation only. Read next: [`super::rank`].

use super::context::RankingContext;
use super::pair;
use super::query::{MatchQuery, Position, Question, StartupMatchQuery};
use super::rank::{Matches, investors_for, startups_for};
use super::wire::{InvestorMatchPage, InvestorPair, StartupMatchPage, StartupPair};
use crate::engine::Factor;
use crate::http::authority::Authority;
use crate::http::reply::Paging;
use crate::http::{Answer, Cx, Path, Query, Reply, SignedIn};
use crate::kernel::{
    error::Result,
    ids::{InvestorId, StartupId},
    page::Limit,
};
use crate::matching::Replica;
use actix_web::{get, web::Data};
use serde::Deserialize;
use utoipa::IntoParams;

/// The parameters of a query about one pair.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PairQuery {
    /// Weights of your own side for this query, 0 to 1000 each, as `ticket:300,mode:0`; the others keep theirs, and then all are
    /// scaled to sum to 1000, so that one changes the share of every other. The factors of an investor are `sector, technology,
    /// stage, ticket, country, city, co_investors, local_refs, readiness, corridor, comms, maturity, pitch, mode`, those of a
    /// startup `access, ticket, value_add, track, comms, responsive, type, mode`.
    #[param(example = "ticket:300,mode:0", pattern = "^[a-z_]+:[0-9]{1,4}(,[a-z_]+:[0-9]{1,4})*$")]
    pub weights: Option<String>,
    /// The least revision that the answer includes; waits up to two seconds for it. One that nobody has written is refused.
    #[param(minimum = 0)]
    pub min_revision: Option<i64>,
}

impl PairQuery {
    pub(in crate::matching) fn as_matches(&self) -> MatchQuery {
        MatchQuery { weights: self.weights.clone(), min_revision: self.min_revision, ..MatchQuery::default() }
    }
}

pub(in crate::matching) async fn ranking_context<F: Factor, A: Authority>(
    cx: &Cx<A>,
    replica: &Data<Replica>,
    query: &MatchQuery,
) -> Result<(RankingContext, Question<F>, Paging)> {
    let question = query.parse(&replica.catalogue)?;
    let (limit, after): (Limit, Option<Position>) = cx.paging(query.limit, query.cursor.as_deref())?;
    let view = replica.at(&cx.edge.db, query.min_revision).await?;
    let context = RankingContext { view, replica: replica.clone().into_inner(), limit, after };
    Ok((context, question, cx.pager()?))
}

fn page(matches: Matches, paging: &Paging) -> Result<Reply> {
    Reply::page_with(matches.rows, paging, &matches.members)
}

/// Rank startups for an investor
///
/// The startups that suit the investor best, by its whole thesis and weights; gated and withdrawn ones never appear.
/// Ordered by score, then confidence, then age of the profile.
#[utoipa::path(tag = "matching", security(("bearer" = [])), params(("id" = InvestorId, Path, description = "The investor."), StartupMatchQuery), responses(
    (status = 200, description = "A page of matches.", body = StartupMatchPage),
    (status = 409, description = "The investor is not published.", body = crate::http::problem::Problem, content_type = "application/problem+json")))]
#[get("/v1/investors/{id}/matches")]
pub async fn rank_startups(
    cx: Cx<SignedIn>,
    replica: Data<Replica>,
    path: Path<InvestorId>,
    query: Query<StartupMatchQuery>,
) -> Answer {
    let (context, question, paging) = ranking_context(&cx, &replica, &query.0.0).await?;
    cx.get(move |conn, call| page(startups_for(conn, &call.by, path.0, &context, &question)?, &paging)).await
}

/// Rank investors for a startup
///
/// The investors that suit the startup best, by what they have published and default weights of theirs.
/// Ordered by score, then confidence, then age of the profile.
#[utoipa::path(tag = "matching", security(("bearer" = [])), params(("id" = StartupId, Path, description = "The startup."), MatchQuery), responses(
    (status = 200, description = "A page of matches.", body = InvestorMatchPage),
    (status = 409, description = "The startup is not published.", body = crate::http::problem::Problem, content_type = "application/problem+json")))]
#[get("/v1/startups/{id}/matches")]
pub async fn rank_investors(
    cx: Cx<SignedIn>,
    replica: Data<Replica>,
    path: Path<StartupId>,
    query: Query<MatchQuery>,
) -> Answer {
    let (context, question, paging) = ranking_context(&cx, &replica, &query.0).await?;
    cx.get(move |conn, call| page(investors_for(conn, &call.by, path.0, &context, &question)?, &paging)).await
}

/// Explain a startup to an investor
///
/// Every line of the score with the fact it rests on, and the gates, also where the pair is not recommended.
///
/// A startup that keeps itself from this investor is answered with 404, though its published profile stays readable.
#[utoipa::path(tag = "matching", security(("bearer" = [])), params(("id" = InvestorId, Path, description = "The investor."), ("startup_id" = StartupId, Path, description = "The startup."), PairQuery), responses(
    (status = 200, description = "The explanation.", body = StartupPair),
    (status = 409, description = "The investor is not published.", body = crate::http::problem::Problem, content_type = "application/problem+json")))]
#[get("/v1/investors/{id}/matches/{startup_id}")]
pub async fn explain_startup(
    cx: Cx<SignedIn>,
    replica: Data<Replica>,
    path: Path<(InvestorId, StartupId)>,
    query: Query<PairQuery>,
) -> Answer {
    let (context, question, _) = ranking_context(&cx, &replica, &query.0.as_matches()).await?;
    cx.get(move |conn, call| {
        let pair = pair::startup_for(conn, &call.by, path.0, &context, question.weights.as_ref())?;
        Reply::ok(&pair)
    })
    .await
}

/// Explain an investor to a startup
///
/// Every line of the score with the fact it rests on, made from what the investor has published.
///
/// An investor that a private mark keeps from this startup is answered with 404, whichever mark it is, though its published
/// profile stays readable.
#[utoipa::path(tag = "matching", security(("bearer" = [])), params(("id" = StartupId, Path, description = "The startup."), ("investor_id" = InvestorId, Path, description = "The investor."), PairQuery), responses(
    (status = 200, description = "The explanation.", body = InvestorPair),
    (status = 409, description = "The startup is not published.", body = crate::http::problem::Problem, content_type = "application/problem+json")))]
#[get("/v1/startups/{id}/matches/{investor_id}")]
pub async fn explain_investor(
    cx: Cx<SignedIn>,
    replica: Data<Replica>,
    path: Path<(StartupId, InvestorId)>,
    query: Query<PairQuery>,
) -> Answer {
    let (context, question, _) = ranking_context(&cx, &replica, &query.0.as_matches()).await?;
    cx.get(move |conn, call| {
        let pair = pair::investor_for(conn, &call.by, path.0, &context, question.weights.as_ref())?;
        Reply::ok(&pair)
    })
    .await
}
