//! The operations that say what would help a startup.
//!
//! Invariant: for the startup's own organisation only. Read next: [`super`].

use super::wire::{MarketGaps, PairImprovements};
use super::{gaps, improvements};
use crate::engine::{Filters, StartupFactor, words::Country};
use crate::http::{Answer, Cx, Path, Query, Reply, SignedIn};
use crate::kernel::{
    error::{Error, Result},
    ids::{InvestorId, StartupId},
    shown::Shown,
};
use crate::matching::Replica;
use crate::matching::lists::api::{PairQuery, ranking_context};
use crate::matching::lists::query::{MatchQuery, Question};
use actix_web::{get, web::Data};
use serde::Deserialize;
use utoipa::IntoParams;

/// The parameters of a query about one market.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MarketQuery {
    /// The market, one country.
    #[param(required = true, example = "CN", pattern = "^[A-Z]{2}$")]
    pub market: Option<String>,
    /// Weights of your own side for this query, as `ticket:300,access:0`; the others keep theirs, and then all are
    /// scaled to sum to 1000, so that one changes the share of every other.
    #[param(example = "ticket:300,access:0", pattern = "^[a-z_]+:[0-9]{1,4}(,[a-z_]+:[0-9]{1,4})*$")]
    pub weights: Option<String>,
    /// The least revision that the answer includes; waits up to two seconds for it. One that nobody has written is refused.
    #[param(minimum = 0)]
    pub min_revision: Option<i64>,
}

impl MarketQuery {
    fn as_matches(&self) -> MatchQuery {
        let Self { market, weights, min_revision } = self.clone();
        MatchQuery { market, weights, min_revision, ..MatchQuery::default() }
    }
}

/// The one market that a question names.
fn only(filters: &Filters) -> Result<Country> {
    let mut markets = filters.markets.iter();
    match (markets.next(), markets.next()) {
        (Some(market), None) => Ok(*market),
        _ => Err(Error::parameter("market", "names the one market that is asked about, such as CN")),
    }
}

/// Say what would raise the score with an investor
///
/// Single facts that the startup could bring about, each tried on a copy of its profile and scored again exactly: verified
/// references, an export accelerator, filings, localisation, English, an interpreter. Shown is what raises the score or
/// opens a gate, the best first, a plan of up to three steps, and the readiness gap in the market of the pair. Made from
/// what the investor has published. For the startup's own organisation.
#[utoipa::path(tag = "matching", security(("bearer" = [])), params(("id" = StartupId, Path, description = "The startup."), ("investor_id" = InvestorId, Path, description = "The investor."), PairQuery), responses(
    (status = 200, description = "What would help.", body = PairImprovements),
    (status = 409, description = "The startup is not published.", body = crate::http::problem::Problem, content_type = "application/problem+json")))]
#[get("/v1/startups/{id}/matches/{investor_id}/improvements")]
pub async fn suggest_improvements(
    cx: Cx<SignedIn>,
    replica: Data<Replica>,
    path: Path<(StartupId, InvestorId)>,
    query: Query<PairQuery>,
) -> Answer {
    let (context, question, _) = ranking_context(&cx, &replica, &query.0.as_matches()).await?;
    cx.get(move |conn, call| {
        let (report, audience) = improvements(conn, &call.by, path.0, &context, question.weights.as_ref())?;
        let found = PairImprovements::new(report, context.names());
        Reply::ok(&Shown::new(found, audience))
    })
    .await
}

/// Say what is missing for a market
///
/// The readiness gap of the startup in a market, and the single facts that would help there: what each adds to the scores
/// with the twenty best investors of the market, how many lists of ten it enters, and how many gates it opens. Made from
/// what investors have published. For the startup's own organisation.
#[utoipa::path(tag = "matching", security(("bearer" = [])), params(("id" = StartupId, Path, description = "The startup."), MarketQuery), responses(
    (status = 200, description = "What is missing, and what would help.", body = MarketGaps),
    (status = 409, description = "The startup is not published.", body = crate::http::problem::Problem, content_type = "application/problem+json")))]
#[get("/v1/startups/{id}/gaps")]
pub async fn analyse_gaps(
    cx: Cx<SignedIn>,
    replica: Data<Replica>,
    path: Path<StartupId>,
    query: Query<MarketQuery>,
) -> Answer {
    let (context, question, _) = ranking_context(&cx, &replica, &query.0.as_matches()).await?;
    let question: Question<StartupFactor> = question;
    let market = only(&question.filters)?;
    cx.get(move |conn, call| {
        let (report, audience) = gaps(conn, &call.by, (path.0, market), &context, question.weights.as_ref())?;
        let found = MarketGaps::new(report, context.names());
        Reply::ok(&Shown::new(found, audience))
    })
    .await
}
