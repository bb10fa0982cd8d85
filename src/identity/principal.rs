//! The caller, the memberships, and the proof that somebody may act for an organisation.
//!
//! Invariant: an [`Acting`] can only be had from [`Principal::acting`] and, for the operator's own commands, from
//! `Organisation::by_operator`; verbs that change what an organisation owns demand one. Read next: `accounts::store`.

use crate::kernel::{
    error::{Code, Error, Result},
    ids::{OrganisationId, PersonId, SessionId},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[doc = $doc:literal])* $variant:ident => $word:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[doc = $doc])* $variant,)* }

        impl $name {
            /// The word in the database and on the wire.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// The value of a word.
            pub fn parse(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)* _ => None }
            }
        }
    };
}
pub(crate) use words;

words! {
    /// What a member may do; each role includes the ones before it.
    Role {
        /// May see what the organisation sees.
        Viewer => "viewer",
        /// May change what the organisation owns.
        Editor => "editor",
        /// May manage members and the organisation itself.
        Owner => "owner",
    }
}

words! {
    /// What an organisation is.
    OrganisationKind {
        /// A young company that looks for investors, partners and customers.
        Startup => "startup",
        /// Somebody who invests.
        Investor => "investor",
        /// Somebody who runs forums or accelerators.
        Organiser => "organiser",
        /// An institution with people in two places.
        Bridge => "bridge",
    }
}

words! {
    /// Where an organisation stands.
    OrganisationState {
        /// Waits for approval; invisible to others.
        Pending => "pending",
        /// Takes part.
        Approved => "approved",
        /// Takes no part for the time being.
        Suspended => "suspended",
    }
}

/// Where a person stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PersonState {
    /// May sign in.
    Active,
    /// May not sign in for the time being.
    Suspended,
}

impl PersonState {
    /// The word in the database and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
        }
    }

    /// The state of a word of the database; an unknown one lets nobody in.
    pub fn parse(word: &str) -> Self {
        if word == "active" { Self::Active } else { Self::Suspended }
    }
}

/// One person's place in one organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// The permanent number of the organisation.
    pub organisation_number: i64,
    /// The organisation.
    pub organisation: OrganisationId,
    /// What the organisation is.
    pub kind: OrganisationKind,
    /// Where the organisation stands.
    pub state: OrganisationState,
    /// Whether the organisation may approve others.
    pub approver: bool,
    /// What the person may do.
    pub role: Role,
}

/// A signed-in person, as the database stood at this request.
#[derive(Clone, Debug)]
pub struct Principal {
    /// The permanent number of the person.
    pub number: i64,
    /// The person.
    pub id: PersonId,
    /// The session of the token.
    pub session: SessionId,
    /// Whether the person is a platform admin.
    pub admin: bool,
    /// Whether the e-mail address is confirmed.
    pub verified: bool,
    /// The person's memberships.
    pub memberships: Vec<Membership>,
}

/// The proof that a person may act for an organisation with at least the role that was asked for.
#[derive(Clone, Debug)]
pub struct Acting {
    /// The permanent number of the organisation.
    pub organisation_number: i64,
    /// The organisation.
    pub organisation: OrganisationId,
    /// What the organisation is; unknown for an admin who is no member.
    pub kind: Option<OrganisationKind>,
    /// What the person may do there.
    pub role: Role,
}

impl Principal {
    /// The proof that this person may act for the organisation with at least `role`.
    ///
    /// Not a member: 404, as for an organisation that does not exist. A lower role: 403. Suspended: 403.
    pub fn acting(&self, organisation_number: i64, role: Role) -> Result<Acting> {
        let member = self.memberships.iter().find(|m| m.organisation_number == organisation_number);
        let member = member.ok_or_else(Error::not_found)?;
        if member.state == OrganisationState::Suspended {
            return Err(Error::new(Code::AccountSuspended, "the organisation is suspended"));
        }
        if member.role < role {
            let detail = format!("this needs the role {} in the organisation", role.as_str());
            return Err(Error::new(Code::Forbidden, detail));
        }
        Ok(Acting {
            organisation_number,
            organisation: member.organisation,
            kind: Some(member.kind),
            role: member.role,
        })
    }

    /// Whether this person belongs to the organisation, in any role.
    pub fn belongs_to(&self, organisation_number: i64) -> bool {
        self.memberships.iter().any(|m| m.organisation_number == organisation_number)
    }

    /// Whether this person belongs to an approved organisation, so may see what members see.
    pub fn is_member(&self) -> bool {
        self.admin || self.memberships.iter().any(|m| m.state == OrganisationState::Approved)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::time::Timestamp;

    fn principal(role: Role, state: OrganisationState) -> Principal {
        let at = Timestamp::from_micros(0);
        let membership = Membership {
            organisation_number: 7,
            organisation: OrganisationId::new(at),
            kind: OrganisationKind::Startup,
            state,
            approver: false,
            role,
        };
        Principal {
            number: 1,
            id: PersonId::new(at),
            session: SessionId::new(at),
            admin: false,
            verified: true,
            memberships: vec![membership],
        }
    }

    #[test]
    fn acting_needs_a_membership_a_role_and_an_organisation_in_good_standing() {
        let code = |p: Principal, org, role| p.acting(org, role).map(|_| ()).map_err(|e| e.code);
        assert_eq!(code(principal(Role::Editor, OrganisationState::Approved), 7, Role::Editor), Ok(()));
        assert_eq!(code(principal(Role::Editor, OrganisationState::Pending), 7, Role::Viewer), Ok(()));
        assert_eq!(
            code(principal(Role::Editor, OrganisationState::Approved), 7, Role::Owner),
            Err(Code::Forbidden)
        );
        assert_eq!(
            code(principal(Role::Owner, OrganisationState::Approved), 8, Role::Viewer),
            Err(Code::NotFound)
        );
        let suspended = principal(Role::Owner, OrganisationState::Suspended);
        assert_eq!(code(suspended, 7, Role::Viewer), Err(Code::AccountSuspended));
    }
}
