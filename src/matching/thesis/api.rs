//! The proposal of a thesis over HTTP.
//!
//! Invariant: only the investor's own organisation sees it. Read next: [`super`].

use super::{Proposed, proposed};
use crate::http::{Answer, Cx, Path, Reply, SignedIn};
use crate::kernel::{
    error::{Code, Error},
    ids::InvestorId,
    visibility::{Audience, Class, Visible},
};
use crate::matching::intake;
use crate::profiles::{self, InvestorFacts, Investors, investors::record::recorded};
use crate::reference::SectorCode;
use actix_web::get;
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

/// Propose a thesis
///
/// Focus, stages and ticket as the recorded deals show them: a sector that has 30 % of the deals is looked for much, one that
/// has 15 % middling, any other little; stages and ticket range from the 10th to the 90th percentile of past rounds. It
/// changes nothing: write what you accept of it by a PATCH of the investor. For its own organisation.
#[utoipa::path(tag = "investors", security(("bearer" = [])), params(("id" = InvestorId, Path, description = "The investor.")),
    responses((status = 200, description = "The proposal.", body = ThesisProposal)))]
#[get("/v1/investors/{id}/thesis-proposal")]
pub async fn propose_thesis(cx: Cx<SignedIn>, id: Path<InvestorId>) -> Answer {
    let (catalogue, today) = (cx.state.reference.clone(), cx.now.day());
    cx.get(move |conn, call| {
        let (profile, audience) = profiles::find::<Investors>(conn, Some(&call.by), id.0)?;
        if audience < Audience::Organisation {
            return Err(Error::new(Code::Forbidden, "the investor belongs to another organisation"));
        }
        let portfolio = recorded(conn, &profile, profile.revision)?;
        let deals = intake::deals(conn, &catalogue, today, &portfolio.deals)?;
        Reply::ok(&ThesisProposal::from(proposed(&catalogue, &deals)), audience)
    })
    .await
}
