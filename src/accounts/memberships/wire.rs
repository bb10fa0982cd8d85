//! What memberships look like on the wire.
//!
//! Invariant: nothing about a member leaves the organisation. Read next: [`super::api`].

use super::model::Member;
use crate::identity::Role;
use crate::kernel::{
    ids::{MembershipId, OrganisationId, PersonId},
    time::Timestamp,
    visibility::{Class, Visible},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A member of an organisation.
#[derive(Serialize, ToSchema)]
pub struct MemberView {
    /// The membership.
    pub id: MembershipId,
    /// The organisation.
    pub organisation: OrganisationId,
    /// The person.
    pub person: PersonId,
    /// What the person is called.
    #[schema(example = "Ann Example")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where the person is reached.
    #[schema(example = "ann@example.org")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// What the person may do.
    pub role: Role,
    /// When the person became a member.
    pub created_at: Timestamp,
}

impl Visible for MemberView {
    const FIELDS: &'static [(&'static str, Class)] = &[
        ("id", Class::Organisation),
        ("organisation", Class::Organisation),
        ("person", Class::Organisation),
        ("name", Class::Organisation),
        ("email", Class::Organisation),
        ("role", Class::Organisation),
        ("created_at", Class::Organisation),
    ];
}

impl MemberView {
    /// A member as the organisation sees it.
    pub fn new(member: &Member) -> Self {
        Self {
            id: member.id,
            organisation: member.organisation,
            person: member.person,
            name: member.name.clone(),
            email: member.email.clone(),
            role: member.role,
            created_at: member.created_at,
        }
    }
}

/// A page of members.
#[derive(Serialize, ToSchema)]
pub struct MemberPage {
    /// The members, by the time they joined.
    pub data: Vec<MemberView>,
    /// Whether there are more.
    #[schema(example = false)]
    pub has_more: bool,
    /// Where to go on.
    #[schema(example = json!(null))]
    pub next_cursor: Option<String>,
}

/// What can be changed about a membership.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MembershipRevision {
    /// What the person may do.
    #[schema(required = false)]
    pub role: Role,
}
