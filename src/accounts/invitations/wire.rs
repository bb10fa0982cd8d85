//! What invitations look like on the wire.
//!
//! Invariant: an invitation is shown to the organisation that sent it only; its token never. Read next: [`super::api`].

use super::model::{Invitation, InvitationState};
use crate::identity::Role;
use crate::kernel::{
    ids::{InvitationId, OrganisationId, PersonId},
    time::Timestamp,
    visibility::{Class, Visible},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An invitation to an organisation.
#[derive(Serialize, ToSchema)]
pub struct InvitationView {
    /// The invitation.
    pub id: InvitationId,
    /// The organisation.
    pub organisation: OrganisationId,
    /// The invited address; absent some time after the invitation has ended.
    #[schema(example = "bob@example.org")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// What the invited person may do.
    pub role: Role,
    /// Where it stands.
    pub state: InvitationState,
    /// Who invited.
    pub invited_by: PersonId,
    /// When it was sent.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

impl Visible for InvitationView {
    const FIELDS: &'static [(&'static str, Class)] = &[
        ("id", Class::Organisation),
        ("organisation", Class::Organisation),
        ("email", Class::Organisation),
        ("role", Class::Organisation),
        ("state", Class::Organisation),
        ("invited_by", Class::Organisation),
        ("created_at", Class::Organisation),
        ("expires_at", Class::Organisation),
    ];
}

impl InvitationView {
    /// An invitation as the organisation sees it.
    pub fn new(invitation: &Invitation, now: Timestamp) -> Self {
        Self {
            id: invitation.id,
            organisation: invitation.organisation,
            email: invitation.email.clone(),
            role: invitation.role,
            state: invitation.state(now),
            invited_by: invitation.invited_by,
            created_at: invitation.created_at,
            expires_at: invitation.expires_at,
        }
    }
}

/// A page of invitations.
#[derive(Serialize, ToSchema)]
pub struct InvitationPage {
    /// The invitations, by the time they were sent.
    pub data: Vec<InvitationView>,
    /// Whether there are more.
    #[schema(example = false)]
    pub has_more: bool,
    /// Where to go on.
    #[schema(example = json!(null))]
    pub next_cursor: Option<String>,
}

/// A new invitation.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InvitationInput {
    /// The address to invite.
    #[schema(min_length = 3, max_length = 254, example = "bob@example.org")]
    pub email: String,
    /// What the invited person may do.
    pub role: Role,
}

/// The acceptance of an invitation.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InvitationAcceptance {
    /// The token of the mail.
    #[schema(
        min_length = 1,
        max_length = 200,
        example = "AAAAAAAAAAE6c1uQ9mZ2v0xF3kq7yTj4bN8sWd5gHrL1oVeXiPzMtA"
    )]
    pub token: String,
}
