//! What organisations look like on the wire.
//!
//! Invariant: the audiences of a field are declared in [`Visible::FIELDS`] and nowhere else. Read next: [`super::api`].

use super::list::Viewed;
use super::model::{Organisation, OrganisationName, Website};
use super::register::NewOrganisation;
use super::revise::Revision;
use crate::identity::{OrganisationKind, OrganisationState};
use crate::kernel::{
    error::{Error, Result},
    ids::OrganisationId,
    shown::Shown,
    text,
    time::Timestamp,
    visibility::{Class, Document::Approval, Visible},
};
use crate::reference::CountryCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An organisation as a reader sees it; a member that is absent is not for this reader, or not known.
#[derive(Serialize, ToSchema)]
#[schema(as = Organisation)]
pub struct OrganisationView {
    /// The organisation.
    pub id: OrganisationId,
    /// What it is.
    pub kind: OrganisationKind,
    /// Its name.
    #[schema(example = "Nordlicht Robotics")]
    pub name: String,
    /// Where it has its seat.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<CountryCode>,
    /// Where its own pages are, as it says.
    #[schema(example = "https://nordlicht.example")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub website: Option<String>,
    /// Whether it belongs to the demo world.
    #[schema(example = false)]
    pub demo: bool,
    /// Where it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<OrganisationState>,
    /// Whether its editors and owners may approve others.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = false)]
    pub approver: Option<bool>,
    /// When it was let in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approved_at: Option<Timestamp>,
    /// Why it is suspended.
    #[schema(example = "The register entry could not be confirmed.")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suspension_reason: Option<String>,
    /// How many other organisations have a name that a reader could take for this one; shown to approvers.
    #[schema(minimum = 0, example = 0)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub similar_names: Option<i64>,
    /// When it was registered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// When it last changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
}

impl Visible for OrganisationView {
    const FIELDS: &'static [(&'static str, Class)] = &[
        ("id", Class::Public),
        ("kind", Class::Public),
        ("name", Class::Public),
        ("country", Class::Public),
        ("website", Class::Public),
        ("demo", Class::Public),
        ("state", Class::Granted(Approval)),
        ("approver", Class::Granted(Approval)),
        ("approved_at", Class::Granted(Approval)),
        ("suspension_reason", Class::Organisation),
        ("similar_names", Class::Granted(Approval)),
        ("created_at", Class::Members),
        ("updated_at", Class::Granted(Approval)),
    ];
}

impl OrganisationView {
    /// An organisation as one reader sees it.
    pub fn shown(viewed: &Viewed) -> Shown<Self> {
        let of = &viewed.organisation;
        let view = Self {
            id: of.id,
            kind: of.kind,
            name: of.name.clone(),
            country: of.country,
            website: of.website.clone(),
            demo: of.demo,
            state: Some(of.state),
            approver: Some(of.approver),
            approved_at: of.approved_at,
            suspension_reason: of.suspension_reason.clone(),
            similar_names: viewed.similar_names,
            created_at: Some(of.created_at),
            updated_at: Some(of.updated_at),
        };
        Shown::new(view, viewed.audience)
    }
}

/// A page of organisations.
#[derive(Serialize, ToSchema)]
pub struct OrganisationPage {
    /// The organisations, by the time of their registration.
    pub data: Vec<OrganisationView>,
    /// Whether there are more.
    #[schema(example = false)]
    pub has_more: bool,
    /// Where to go on.
    #[schema(example = json!(null))]
    pub next_cursor: Option<String>,
}

/// A new organisation.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrganisationInput {
    /// What it is; this never changes.
    kind: OrganisationKind,
    /// Its name.
    #[schema(required = false, min_length = 1, max_length = 120, example = "Nordlicht Robotics")]
    name: String,
    /// Where it has its seat.
    country: Option<CountryCode>,
    /// Where its own pages are.
    #[schema(max_length = 200, pattern = "^https?://", example = "https://nordlicht.example")]
    website: Option<String>,
}

impl OrganisationInput {
    /// What is said, or which field is wrong.
    pub fn parse(self, approved: bool) -> Result<NewOrganisation> {
        Ok(NewOrganisation {
            kind: self.kind,
            name: OrganisationName::parse(&self.name)?,
            country: self.country,
            website: self.website.as_deref().map(Website::parse).transpose()?,
            approved,
            demo: false,
        })
    }
}

/// What an organisation says of itself.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrganisationRevision {
    /// Its name.
    #[schema(min_length = 1, max_length = 120, example = "Nordlicht Robotics")]
    name: String,
    /// Where it has its seat.
    country: Option<CountryCode>,
    /// Where its own pages are.
    #[schema(max_length = 200, pattern = "^https?://", example = "https://nordlicht.example")]
    website: Option<String>,
}

impl OrganisationRevision {
    /// What an organisation says now.
    pub fn of(organisation: &Organisation) -> Self {
        let Organisation { name, country, website, .. } = organisation.clone();
        Self { name, country, website }
    }

    /// What is said, or which field is wrong.
    pub fn parse(self) -> Result<Revision> {
        Ok(Revision {
            name: OrganisationName::parse(&self.name)?,
            country: self.country,
            website: self.website.as_deref().map(Website::parse).transpose()?,
        })
    }
}

/// A suspension.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SuspensionInput {
    /// Why; the members and the admins can read it.
    #[schema(min_length = 1, max_length = 1000, example = "The register entry could not be confirmed.")]
    reason: String,
}

impl SuspensionInput {
    /// The reason, or what is wrong with it.
    pub fn parse(self) -> Result<String> {
        text::paragraphs(&self.reason, 1000)
            .map_err(|e| Error::field("/reason", e.code(), format!("the reason {e}")))
    }
}

/// Whether an organiser is entitled to approve others.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApproverInput {
    /// Whether its editors and owners may approve others.
    #[schema(example = true)]
    pub approver: bool,
}
