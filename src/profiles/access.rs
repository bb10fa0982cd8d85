//! Who sees a profile, and who may change it.
//!
//! Invariant: a draft, a withdrawn profile and one whose organisation takes no part are, to others, not there.
//! Read next: [`super::register`].

use super::kind::{Kind, Refers};
use super::model::Profile;
use super::store;
use crate::accounts;
use crate::db::Conn;
use crate::identity::{Acting, OrganisationState, Principal, Role};
use crate::kernel::{
    error::{Code, Error, FieldError, Result},
    ids::OrganisationId,
    visibility::{Audience, Class},
};
use std::collections::HashSet;

/// The audience that a caller is of a profile.
pub fn audience<K: Kind>(by: Option<&Principal>, profile: &Profile<K>) -> Audience {
    by.map_or(Audience::EVERYBODY, |person| person.towards(profile.organisation_number))
}

/// A profile that the caller may see, and as whom.
pub fn find<K: Kind>(conn: &mut Conn, by: Option<&Principal>, id: K::Id) -> Result<(Profile<K>, Audience)> {
    let number = store::number::<K>(conn, id)?.ok_or_else(Error::not_found)?;
    let profile = store::load::<K>(conn, &[number])?.pop().ok_or_else(Error::not_found)?;
    let audience = audience(by, &profile);
    let seen = profile.is_active() || audience.sees(Class::Organisation);
    if seen { Ok((profile, audience)) } else { Err(Error::not_found()) }
}

/// A profile of an organisation in which the caller has at least that role, locked until the end of the transaction.
///
/// What the caller may not see: 404. What belongs to others: 403.
pub fn owned<K: Kind>(
    conn: &mut Conn,
    by: &Principal,
    id: K::Id,
    role: Role,
) -> Result<(Profile<K>, Acting)> {
    let (seen, _) = find::<K>(conn, Some(by), id)?;
    let foreign = || Error::new(Code::Forbidden, format!("the {} belongs to another organisation", K::WORD));
    let acting = by.acting(seen.organisation_number, role);
    let acting = acting.map_err(|e| if e.code == Code::NotFound { foreign() } else { e })?;
    store::lock(conn, seen.number)?;
    let profile = store::load::<K>(conn, &[seen.number])?.pop().ok_or_else(Error::not_found)?;
    Ok((profile, acting))
}

/// Demands that everything that is newly referred to is there for the organisation that refers to it.
pub fn check_references(
    conn: &mut Conn,
    organisation: i64,
    before: &[(String, Refers)],
    now: &[(String, Refers)],
) -> Result<()> {
    let known: HashSet<Refers> = before.iter().map(|(_, what)| *what).collect();
    let fresh: Vec<&(String, Refers)> = now.iter().filter(|(_, what)| !known.contains(what)).collect();
    let profiles: Vec<String> = fresh.iter().filter_map(|(_, what)| what.profile()).collect();
    let seen = store::seen_by(conn, organisation, &profiles)?;
    let mut missing = Vec::new();
    for (pointer, what) in fresh {
        let there = match what {
            Refers::Organisation(id) => takes_part(conn, organisation, *id)?,
            profile => profile.profile().is_some_and(|id| seen.contains(&id)),
        };
        if !there {
            let detail = format!("there is no such {}", what.word());
            missing.push(FieldError::at(pointer.clone(), "reference_not_found", detail));
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    Err(Error { fields: missing, ..Error::new(Code::ReferenceNotFound, "a reference points nowhere") })
}

fn takes_part(conn: &mut Conn, own: i64, id: OrganisationId) -> Result<bool> {
    let found = accounts::organisation_by_id(conn, id)?;
    Ok(found.is_some_and(|o| o.state == OrganisationState::Approved || o.number == own))
}
