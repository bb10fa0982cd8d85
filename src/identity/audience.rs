//! Audiences: which capabilities somebody has towards a thing.
//!
//! Invariant: every capability of a caller is decided here or in the one decision of a feature that hands it out (a test
//! lists them); handlers pass on what they are told. Read next: [`crate::kernel::visibility`], which says what each one opens.

use super::principal::{Acting, Principal};
use super::sessions::Opened;
use crate::kernel::visibility::{Audience, Capability};

impl Principal {
    /// The audience of this person of things that belong to nobody, and of what others have published.
    pub fn anywhere(&self) -> Audience {
        self.as_member().with_if(self.admin, Capability::Operator)
    }

    /// The audience of this person among members: what each of them sees, so that it can be written once for all.
    pub fn as_member(&self) -> Audience {
        Audience::EVERYBODY.with_if(self.is_member(), Capability::Member)
    }

    /// The audience of this person of what an organisation owns, named by its permanent number.
    pub fn towards(&self, organisation_number: i64) -> Audience {
        self.anywhere().with_if(self.belongs_to(organisation_number), Capability::Owner)
    }

    /// The audience of this person of the own account, and of what that person has just made.
    pub fn own(&self) -> Audience {
        self.anywhere().with(Capability::Owner)
    }
}

impl Acting {
    /// The audience, of what the organisation owns, of somebody who acts for it.
    pub fn audience(&self) -> Audience {
        Audience::EVERYBODY.with(Capability::Owner)
    }
}

impl Opened {
    /// The audience of whoever opened the session.
    pub fn audience(&self) -> Audience {
        Audience::EVERYBODY.with(Capability::Owner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::{Membership, OrganisationKind, OrganisationState, Role};
    use crate::kernel::ids::{OrganisationId, PersonId, SessionId};
    use crate::kernel::time::Timestamp;
    use crate::kernel::visibility::Class;

    fn person(admin: bool, state: OrganisationState) -> Principal {
        let at = Timestamp::from_micros(0);
        let membership = Membership {
            organisation_number: 7,
            organisation: OrganisationId::new(at),
            kind: OrganisationKind::Startup,
            state,
            approver: true,
            role: Role::Viewer,
        };
        Principal {
            number: 1,
            id: PersonId::new(at),
            session: SessionId::new(at),
            admin,
            verified: true,
            memberships: vec![membership],
        }
    }

    #[test]
    fn a_member_owns_what_is_of_the_own_organisation_and_nothing_else() {
        let member = person(false, OrganisationState::Approved);
        let plain = Audience::EVERYBODY.with(Capability::Member);
        assert_eq!((member.towards(8), member.anywhere(), member.as_member()), (plain, plain, plain));
        assert_eq!(member.towards(7), plain.with(Capability::Owner));
        let pending = person(false, OrganisationState::Pending);
        assert_eq!(pending.towards(8), Audience::EVERYBODY);
        assert_eq!(pending.towards(7), Audience::EVERYBODY.with(Capability::Owner));
    }

    #[test]
    fn an_admin_operates_everything_and_is_among_members_as_everybody_is() {
        let admin = person(true, OrganisationState::Suspended);
        assert!(admin.towards(8).sees(Class::Organisation) && admin.anywhere().sees(Class::Organisation));
        assert_eq!(admin.as_member(), Audience::EVERYBODY.with(Capability::Member));
    }
}
