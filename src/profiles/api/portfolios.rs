//! The recorded deals of investors over HTTP.
//!
//! Invariant: members read the deals without what the investor's own systems call them. Read next:
//! `investors/record.rs`.

use crate::db::Conn;
use crate::http::Routes;
use crate::http::{Answer, Body, Csv, Cx, Path, Reply, SignedIn};
use crate::identity::Role;
use crate::kernel::{
    error::{Code, Error, Result},
    ids::InvestorId,
    visibility::{Audience, Class, Visible},
};
use crate::profiles::access::{find, owned};
use crate::profiles::investors::{Deal, Portfolio, read_deals, record, record::recorded};
use crate::profiles::{Investors, Profile};
use crate::reference::Catalogue;
use actix_web::{get, post, put, web::Data};
use serde::Serialize;
use utoipa::ToSchema;

/// Registers the routes of portfolios.
pub fn routes(config: &mut Routes) {
    config
        .service(read_investor_portfolio)
        .service(set_investor_portfolio)
        .service(upload_investor_portfolio);
}

/// The deals that an investor has recorded.
#[derive(Serialize, ToSchema)]
#[schema(as = RecordedPortfolio)]
pub struct PortfolioView {
    /// The revision of the investor's facts.
    #[schema(minimum = 1, example = 2)]
    revision: i64,
    /// The deals.
    #[schema(max_items = 2000)]
    deals: Vec<Deal>,
}

impl Visible for PortfolioView {
    const FIELDS: &'static [(&'static str, Class)] =
        &[("revision", Class::Members), ("deals", Class::Members)];
}

/// The deals as they stand after an upload.
#[derive(Serialize, ToSchema)]
pub struct UploadedDeals {
    /// The revision of the investor's facts.
    #[schema(minimum = 1, example = 2)]
    revision: i64,
    /// How many rows were added.
    #[schema(example = 1)]
    added: usize,
    /// How many rows took the place of a deal with the same `external_id`.
    #[schema(example = 0)]
    replaced: usize,
    /// All deals.
    #[schema(max_items = 2000)]
    deals: Vec<Deal>,
}

impl Visible for UploadedDeals {
    const FIELDS: &'static [(&'static str, Class)] = &[
        ("revision", Class::Organisation),
        ("added", Class::Organisation),
        ("replaced", Class::Organisation),
        ("deals", Class::Organisation),
    ];
}

fn reply(conn: &mut Conn, profile: &Profile<Investors>, audience: Audience) -> Result<Reply> {
    let portfolio = recorded(conn, profile, profile.revision)?;
    let portfolio = if audience == Audience::Organisation { portfolio } else { portfolio.for_others() };
    let view = PortfolioView { revision: profile.revision, deals: portfolio.deals };
    Ok(Reply::ok(&view, audience)?.version(profile.version, audience))
}

/// Read the portfolio of an investor
///
/// All deals that it has recorded. For members of approved organisations.
#[utoipa::path(tag = "investors", security(("bearer" = [])), params(("id" = InvestorId, Path, description = "The investor.")),
    responses((status = 200, description = "The deals.", body = PortfolioView)))]
#[get("/v1/investors/{id}/portfolio")]
pub async fn read_investor_portfolio(cx: Cx<SignedIn>, id: Path<InvestorId>) -> Answer {
    cx.get(move |conn, call| {
        let (profile, audience) = find::<Investors>(conn, Some(&call.by), id.0)?;
        if audience < Audience::Members {
            return Err(Error::new(
                Code::ApprovalPending,
                "only members of approved organisations see deals",
            ));
        }
        reply(conn, &profile, audience)
    })
    .await
}

/// Set the portfolio of an investor
///
/// Replaces all recorded deals; the former ones are kept with the former revision.
#[utoipa::path(tag = "investors", security(("bearer" = [])), params(("id" = InvestorId, Path, description = "The investor.")),
    request_body = Portfolio, responses((status = 200, description = "The deals as they stand now.", body = PortfolioView)))]
#[put("/v1/investors/{id}/portfolio")]
pub async fn set_investor_portfolio(cx: Cx<SignedIn>, id: Path<InvestorId>, body: Body<Portfolio>) -> Answer {
    cx.put(body, move |conn, call, portfolio| {
        let (profile, acting) = owned::<Investors>(conn, &call.by, id.0, Role::Editor)?;
        call.precondition.demand(profile.version)?;
        let now = record(conn, &call.act, &acting, &profile, &portfolio)?;
        reply(conn, &now, Audience::Organisation)
    })
    .await
}

/// Upload deals of an investor
///
/// Adds the rows of a CSV file to the recorded deals; a row whose `external_id` is recorded already replaces that deal. The
/// columns, in any order, each optional: `external_id, company, home, city, sectors, round, amount, currency, on,
/// co_investors, evidence`. Several sectors or co-investors are separated by semicolons, and the amount is in whole units of
/// the currency, which has to be named beside it. A row without an `external_id` is always added, so the same file sent
/// twice doubles such deals; the answer counts what was added and what was replaced, and an `Idempotency-Key` makes a
/// repeated request safe. Two rows of a file with one `external_id` are refused.
#[utoipa::path(tag = "investors", security(("bearer" = [])), params(("id" = InvestorId, Path, description = "The investor.")),
    request_body(content = String, content_type = "text/csv", description = "A header and at most 2000 rows.",
        example = "company,home,sectors,round,amount,currency,on\nLumen Photonics,FR,photonics.imaging,seed,1500000,EUR,2025-03-01\n"),
    responses((status = 200, description = "The deals as they stand now.", body = UploadedDeals)))]
#[post("/v1/investors/{id}/portfolio/upload")]
pub async fn upload_investor_portfolio(
    cx: Cx<SignedIn>,
    catalogue: Data<Catalogue>,
    id: Path<InvestorId>,
    file: Csv,
) -> Answer {
    cx.post(file.into_body(), move |conn, call, text| {
        let (profile, acting) = owned::<Investors>(conn, &call.by, id.0, Role::Editor)?;
        let rows = read_deals(&text, &catalogue)?;
        let given = rows.len();
        let (portfolio, replaced) = recorded(conn, &profile, profile.revision)?.with(rows)?;
        let now = record(conn, &call.act, &acting, &profile, &portfolio)?;
        let (revision, added) = (now.revision, given - replaced);
        let view = UploadedDeals { revision, added, replaced, deals: portfolio.deals };
        Ok(Reply::ok(&view, Audience::Organisation)?.version(now.version, Audience::Organisation))
    })
    .await
}
