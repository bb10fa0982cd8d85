//! Who may see which field of an investor.
//!
//! Invariant: every field of the schema is here once (a test compares them). Read next: [`super::super::wire`].

use super::facts::InvestorFacts;
use crate::kernel::{
    ids::PersonId,
    time::Timestamp,
    visibility::{Class, Class::*, Visible},
};
use crate::profiles::{
    kind::Investors,
    store::parts::Kept,
    wire::{New, View},
};
use serde::Serialize;
use utoipa::ToSchema;

/// An investor as it is shown.
pub type Investor = View<Investors>;

/// An investor to be registered.
pub type NewInvestor = New<Investors>;

/// A page of investors.
#[derive(Serialize, ToSchema)]
pub struct InvestorPage {
    /// The investors.
    data: Vec<Investor>,
    /// Whether there are more.
    has_more: bool,
    /// Where to go on.
    next_cursor: Option<String>,
}

/// A revision of an investor's facts as it was kept.
#[derive(Serialize, ToSchema)]
pub struct InvestorRevision {
    /// Its number, from 1.
    #[schema(minimum = 1, example = 2)]
    revision: i64,
    /// When it was made.
    at: Timestamp,
    /// Who made it; nobody for imports.
    #[serde(skip_serializing_if = "Option::is_none")]
    person: Option<PersonId>,
    /// Which facts it changed.
    #[schema(example = json!(["name", "home"]))]
    changed: Vec<String>,
    /// All facts as they stood then.
    facts: InvestorFacts,
}

impl From<Kept<InvestorFacts>> for InvestorRevision {
    fn from(kept: Kept<InvestorFacts>) -> Self {
        let Kept { revision, facts, changed, at, person } = kept;
        Self { revision, at, person, changed, facts }
    }
}

impl Visible for InvestorRevision {
    const FIELDS: &'static [(&'static str, Class)] = &[
        ("revision", Organisation),
        ("at", Organisation),
        ("person", Organisation),
        ("changed", Organisation),
        ("facts", Organisation),
    ];
}

/// A page of revisions.
#[derive(Serialize, ToSchema)]
pub struct InvestorRevisionPage {
    /// The revisions, newest first.
    data: Vec<InvestorRevision>,
    /// Whether there are more.
    has_more: bool,
    /// Where to go on.
    next_cursor: Option<String>,
}

impl Visible for Investor {
    const FIELDS: &'static [(&'static str, Class)] = &[
        ("id", Public),
        ("organisation", Public),
        ("state", Public),
        ("revision", Public),
        ("demo", Public),
        ("claimable", Members),
        ("created_at", Public),
        ("updated_at", Public),
        ("published_at", Public),
        ("confirmed_at", Members),
        ("completeness", Organisation),
        ("contact", Matched),
        ("deals", Members),
        ("external_id", Organisation),
        ("name", Public),
        ("other_names", Public),
        ("one_liner", Public),
        ("description", Members),
        ("website", Members),
        ("links", Members),
        ("kind", Public),
        ("home", Public),
        ("city", Members),
        ("founded", Members),
        ("team_size", Members),
        ("markets", Members),
        ("access", Members),
        ("generalist", Members),
        ("focus", Members),
        ("strict", Members),
        ("technologies", Members),
        ("stages", Members),
        ("ticket", Members),
        ("languages", Members),
        ("time_zone", Members),
        ("interpreter", Members),
        ("bridges", Members),
        ("cooperation_models", Members),
        ("offers", Members),
        ("hard_stages", Members),
        ("hard_ticket", Members),
        ("hard_cooperation_models", Members),
        ("min_regulatory", Members),
        ("local_reference", Members),
        ("only_targets", Organisation),
        ("only_homes", Organisation),
        ("exclude_homes", Organisation),
        ("exclude_sectors", Organisation),
        ("blocks", Organisation),
        ("weights", Organisation),
    ];
}
