//! A member of an organisation.
//!
//! Invariant: name and address are read from the private rows at each request; an erased person has neither.
//! Read next: [`super::change`].

use crate::identity::Role;
use crate::kernel::{
    ids::{MembershipId, OrganisationId, PersonId},
    time::Timestamp,
};

/// A person's place in an organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The permanent number of the membership.
    pub number: i64,
    /// The public id of the membership.
    pub id: MembershipId,
    /// The permanent number of the organisation.
    pub organisation_number: i64,
    /// The organisation.
    pub organisation: OrganisationId,
    /// The permanent number of the person.
    pub person_number: i64,
    /// The person.
    pub person: PersonId,
    /// What the person is called.
    pub name: Option<String>,
    /// Where the person is reached.
    pub email: Option<String>,
    /// What the person may do.
    pub role: Role,
    /// The version of the membership.
    pub version: i64,
    /// When the person became a member.
    pub created_at: Timestamp,
}
