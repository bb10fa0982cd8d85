//! An invitation and where it stands.
//!
//! Invariant: expiry is not stored but follows from the time, so that no job has to run for it. Read next: [`super::invite`].

use crate::identity::Role;
use crate::identity::principal::words;
use crate::kernel::{
    error::{Error, Result},
    ids::{InvitationId, OrganisationId, PersonId},
    time::Timestamp,
    visibility::{Audience, Capability, Document},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

words! {
    /// Where an invitation stands.
    InvitationState {
        /// Waits for an answer.
        Pending => "pending",
        /// The invited person became a member.
        Accepted => "accepted",
        /// The organisation took it back.
        Withdrawn => "withdrawn",
        /// Nobody answered in time.
        Expired => "expired",
    }
}

/// An invitation.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// The permanent number.
    pub number: i64,
    /// The public id.
    pub id: InvitationId,
    /// The permanent number of the organisation.
    pub organisation_number: i64,
    /// The organisation.
    pub organisation: OrganisationId,
    /// What the organisation is called, for the mail.
    pub organisation_name: String,
    /// Who invited.
    pub invited_by: PersonId,
    /// What the invited person may do.
    pub role: Role,
    /// The address as it was typed; none once it has been removed.
    pub email: Option<String>,
    /// The address as it is compared.
    pub email_folded: Option<String>,
    /// When it was sent; part of what its token is made of.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    pub(super) state: InvitationState,
}

impl Invitation {
    /// Where it stands at that instant.
    pub fn state(&self, now: Timestamp) -> InvitationState {
        match self.state {
            InvitationState::Pending if self.expires_at <= now => InvitationState::Expired,
            state => state,
        }
    }

    /// The audience of whoever holds the address that was invited.
    pub fn addressee(&self) -> Audience {
        Audience::EVERYBODY.with(Capability::Granted(Document::Invitation))
    }

    /// Demands that it waits for an answer.
    pub fn demand_pending(&self, now: Timestamp) -> Result<()> {
        match self.state(now) {
            InvitationState::Pending => Ok(()),
            state => {
                let detail = format!("the invitation is {}", state.as_str());
                Err(Error::state(state.as_str(), &[], detail))
            }
        }
    }
}
