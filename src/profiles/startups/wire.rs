//! Who may see which field of a startup.
//!
//! Invariant: every field of the schema is here once (a test compares them). Read next: [`super::super::wire`].

use super::facts::StartupFacts;
use crate::kernel::{
    ids::PersonId,
    time::Timestamp,
    visibility::{Class, Class::*, Visible},
};
use crate::profiles::{
    kind::Startups,
    store::parts::Kept,
    wire::{New, View},
};
use serde::Serialize;
use utoipa::ToSchema;

/// A startup as it is shown.
pub type Startup = View<Startups>;

/// A startup to be registered.
pub type NewStartup = New<Startups>;

/// A page of startups.
#[derive(Serialize, ToSchema)]
pub struct StartupPage {
    /// The startups.
    data: Vec<Startup>,
    /// Whether there are more.
    has_more: bool,
    /// Where to go on.
    next_cursor: Option<String>,
}

/// A revision of a startup's facts as it was kept.
#[derive(Serialize, ToSchema)]
pub struct StartupRevision {
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
    facts: StartupFacts,
}

impl From<Kept<StartupFacts>> for StartupRevision {
    fn from(kept: Kept<StartupFacts>) -> Self {
        let Kept { revision, facts, changed, at, person } = kept;
        Self { revision, at, person, changed, facts }
    }
}

impl Visible for StartupRevision {
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
pub struct StartupRevisionPage {
    /// The revisions, newest first.
    data: Vec<StartupRevision>,
    /// Whether there are more.
    has_more: bool,
    /// Where to go on.
    next_cursor: Option<String>,
}

impl Visible for Startup {
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
        ("assessment", Members),
        ("external_id", Organisation),
        ("name", Public),
        ("other_names", Public),
        ("one_liner", Public),
        ("description", Members),
        ("website", Members),
        ("links", Members),
        ("home", Public),
        ("city", Members),
        ("founded", Members),
        ("team_size", Members),
        ("revenue", Members),
        ("sector", Public),
        ("further_sectors", Public),
        ("technologies", Members),
        ("stage", Members),
        ("round", Members),
        ("ask", Members),
        ("backers", Members),
        ("markets", Members),
        ("references", Members),
        ("accelerators", Members),
        ("regulatory", Members),
        ("ip", Members),
        ("localised", Members),
        ("offers_received", Members),
        ("languages", Members),
        ("time_zone", Members),
        ("interpreter", Members),
        ("bridges", Members),
        ("cooperation_models", Members),
        ("maturity", Members),
        ("needs", Members),
        ("investor_kinds", Members),
        ("exclude_investor_kinds", Organisation),
        ("blocks", Organisation),
        ("weights", Organisation),
    ];
}
