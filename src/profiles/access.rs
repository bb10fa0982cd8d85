//! Who sees a profile, and who may change it.
//!
//! Invariant: a draft, a withdrawn profile and one whose organisation takes no part are, to others, not there.
//! Read next: [`super::register`].

use super::kind::{Kind, Refers};
use super::model::Profile;
use super::store;
use crate::accounts::{self, Acting, OrganisationState, Principal, Role};
use crate::db::Conn;
use crate::kernel::{
    error::{Code, Error, FieldError, Result},
    visibility::Audience,
};
use crate::profiles::kind::{Investors, Startups};

/// The circle that a caller belongs to, as seen from a profile.
pub fn audience<K: Kind>(by: Option<&Principal>, profile: &Profile<K>) -> Audience {
    match by {
        Some(p) if p.admin || p.belongs_to(profile.organisation_number) => Audience::Organisation,
        Some(p) if p.is_member() => Audience::Members,
        _ => Audience::Public,
    }
}

/// A profile that the caller may see, and as whom.
pub fn find<K: Kind>(conn: &mut Conn, by: Option<&Principal>, id: K::Id) -> Result<(Profile<K>, Audience)> {
    let number = store::number::<K>(conn, id)?.ok_or_else(Error::not_found)?;
    let profile = store::load::<K>(conn, &[number])?.pop().ok_or_else(Error::not_found)?;
    let audience = audience(by, &profile);
    let seen = profile.is_active() || audience == Audience::Organisation;
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
    let fresh: Vec<&(String, Refers)> =
        now.iter().filter(|(_, what)| !before.iter().any(|(_, known)| known == what)).collect();
    let mut missing = Vec::new();
    for (pointer, what) in fresh {
        let (there, word) = match what {
            Refers::Startup(id) => (is_there::<Startups>(conn, organisation, *id)?, "startup"),
            Refers::Investor(id) => (is_there::<Investors>(conn, organisation, *id)?, "investor"),
            Refers::Organisation(id) => {
                let found = accounts::organisation_by_id(conn, *id)?;
                let seen = |o: accounts::Organisation| {
                    o.state == OrganisationState::Approved || o.number == organisation
                };
                (found.is_some_and(seen), "organisation")
            }
        };
        if !there {
            let detail = format!("there is no such {word}");
            missing.push(FieldError::at(pointer.clone(), "reference_not_found", detail));
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    Err(Error { fields: missing, ..Error::new(Code::ReferenceNotFound, "a reference points nowhere") })
}

fn is_there<K: Kind>(conn: &mut Conn, organisation: i64, id: K::Id) -> Result<bool> {
    let Some(number) = store::number::<K>(conn, id)? else { return Ok(false) };
    let found = store::load::<K>(conn, &[number])?.pop();
    Ok(found.is_some_and(|p| p.is_active() || p.organisation_number == organisation))
}
