//! The proposal of a thesis, and its check against the deals, over HTTP.
//!
//! Invariant: only the investor's own organisation sees it. Read next: [`super`].

use super::{Proposed, check::checked, proposed};
use crate::engine::improve::thesis::{Check, ThesisCheck};
use crate::http::{Answer, Cx, Path, Reply, SignedIn};
use crate::kernel::{
    error::{Code, Error},
    ids::InvestorId,
    shown::Shown,
    visibility::{Class, Visible},
};
use crate::matching::Replica;
use crate::matching::{phrases::Language, replica::inputs};
use crate::profiles::{self, InvestorFacts, Investors, investors::record::recorded};
use crate::reference::SectorCode;
use actix_web::{get, web::Data};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A thesis proposed from recorded deals.
#[derive(Serialize, ToSchema)]
pub struct ThesisProposal {
    /// How many deals are recorded.
    #[schema(minimum = 0, example = 21)]
    deals: u32,
    /// How many of them name a sector.
    #[schema(minimum = 0, example = 20)]
    with_sector: u32,
    /// How many of them lie in each sector parent.
    by_sector: BTreeMap<SectorCode, u32>,
    /// The facts to write, by a PATCH of the investor. They are no limits: `strict` is false until you say otherwise.
    facts: InvestorFacts,
}

impl From<Proposed> for ThesisProposal {
    fn from(proposed: Proposed) -> Self {
        let Proposed { deals, with_sector, by_sector, facts } = proposed;
        Self { deals, with_sector, by_sector, facts }
    }
}

impl Visible for ThesisProposal {
    const FIELDS: &'static [(&'static str, Class)] = &[
        ("deals", Class::Organisation),
        ("with_sector", Class::Organisation),
        ("by_sector", Class::Organisation),
        ("facts", Class::Organisation),
    ];
}

/// A criterion of the thesis and how the deals bear it out.
#[derive(Serialize, ToSchema)]
pub struct CriterionView {
    /// The criterion: `focus`, `stages`, `ticket`, `hard_stages`, `homes` or `excluded_sectors`.
    #[schema(example = "focus")]
    criterion: &'static str,
    /// `agrees` where four of five deals lie within, `partly_agrees` where half do, else `differs`; `not_stated` and
    /// `no_evidence` where there is nothing to compare.
    #[schema(example = "partly_agrees")]
    verdict: &'static str,
    /// Deals within what the thesis states.
    #[schema(minimum = 0, example = 13)]
    within: u64,
    /// Deals outside it.
    #[schema(minimum = 0, example = 7)]
    outside: u64,
    /// Deals that do not tell.
    #[schema(minimum = 0, example = 1)]
    unknown: u64,
    /// The same in words.
    #[schema(example = "13 of 20 deals within the declared focus; 1 more that do not tell")]
    sentence: String,
}

/// A thesis held against the recorded deals.
#[derive(Serialize, ToSchema)]
pub struct ThesisComparison {
    /// How many deals are recorded.
    #[schema(minimum = 0, example = 21)]
    deals: u64,
    /// Every criterion.
    criteria: Vec<CriterionView>,
    /// Sectors of the focus without a deal.
    focus_without_deals: Vec<SectorCode>,
    /// Sector parents of the deals outside the focus, with their counts.
    outside_focus: BTreeMap<SectorCode, u64>,
}

impl Visible for ThesisComparison {
    const FIELDS: &'static [(&'static str, Class)] = &[
        ("deals", Class::Organisation),
        ("criteria", Class::Organisation),
        ("focus_without_deals", Class::Organisation),
        ("outside_focus", Class::Organisation),
    ];
}

impl From<ThesisCheck> for ThesisComparison {
    fn from(check: ThesisCheck) -> Self {
        let criterion = |c: &Check| CriterionView {
            criterion: c.criterion.as_str(),
            verdict: c.verdict().as_str(),
            within: c.within,
            outside: c.outside,
            unknown: c.unknown,
            sentence: Language::English.check(c),
        };
        let outside = check.outside_focus.iter().filter_map(|(s, n)| Some((s.as_str().parse().ok()?, *n)));
        Self {
            deals: check.deals,
            criteria: check.checks.iter().map(criterion).collect(),
            focus_without_deals: check.without_deals.iter().filter_map(|s| s.as_str().parse().ok()).collect(),
            outside_focus: outside.collect(),
        }
    }
}

/// Propose a thesis
///
/// Focus, stages and ticket as the recorded deals show them: a sector that has 30 % of the deals is looked for much, one that
/// has 15 % middling, any other little; stages and ticket range from the 10th to the 90th percentile of past rounds. It
/// changes nothing: write what you accept of it by a PATCH of the investor. For its own organisation.
#[utoipa::path(tag = "investors", security(("bearer" = [])), params(("id" = InvestorId, Path, description = "The investor.")),
    responses((status = 200, description = "The proposal.", body = ThesisProposal)))]
#[get("/v1/investors/{id}/thesis-proposal")]
pub async fn propose_thesis(cx: Cx<SignedIn>, replica: Data<Replica>, id: Path<InvestorId>) -> Answer {
    let (catalogue, today) = (replica.catalogue.clone(), cx.now.day());
    cx.get(move |conn, call| {
        let (profile, audience) = profiles::find::<Investors>(conn, Some(&call.by), id.0)?;
        if !audience.sees(Class::Organisation) {
            return Err(Error::new(Code::Forbidden, "the investor belongs to another organisation"));
        }
        let portfolio = recorded(conn, &profile, profile.revision)?;
        let deals = inputs::deals(conn, &catalogue, today, &portfolio.deals)?;
        Reply::ok(&Shown::new(ThesisProposal::from(proposed(&catalogue, &deals)), audience))
    })
    .await
}

/// Hold the thesis against the deals
///
/// Every criterion that recorded deals can bear out: how many lie within what the thesis states, how many outside, how many
/// do not tell; which sectors of the focus have no deal, and where the deals outside it lie. For its own organisation.
#[utoipa::path(tag = "investors", security(("bearer" = [])), params(("id" = InvestorId, Path, description = "The investor.")),
    responses((status = 200, description = "The comparison.", body = ThesisComparison),
        (status = 422, description = "The profile does not say what and where the investor is.", body = crate::http::problem::Problem, content_type = "application/problem+json")))]
#[get("/v1/investors/{id}/thesis-check")]
pub async fn check_thesis(cx: Cx<SignedIn>, replica: Data<Replica>, id: Path<InvestorId>) -> Answer {
    let (catalogue, today) = (replica.catalogue.clone(), cx.now.day());
    cx.get(move |conn, call| {
        let (found, audience) = checked(conn, &call.by, id.0, &catalogue, today)?;
        Reply::ok(&Shown::new(ThesisComparison::from(found), audience))
    })
    .await
}
