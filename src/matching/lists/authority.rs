//! Access to the profile that asks: of whose organisation the caller is a member, and whether the profile takes part.
//!
//! Invariant: a profile of another organisation is answered as if it were not there. Read next: [`super::rank`].

use crate::db::Conn;
use crate::identity::{Principal, Role};
use crate::kernel::{
    error::{Code, Error, Result},
    visibility::Audience,
};
use crate::profiles::{self, Kind, Profile, State};

/// The number of a profile whose organisation the caller belongs to, if it takes part; admins are shown every one.
///
/// # Errors
/// `not_found` for others, `invalid_state` where the profile takes no part.
pub(in crate::matching) fn owned<K: Kind>(conn: &mut Conn, by: &Principal, id: K::Id) -> Result<i64> {
    let place = profiles::place::<K>(conn, id)?.ok_or_else(Error::not_found)?;
    if !by.admin {
        by.acting(place.organisation_number, Role::Viewer)?;
    }
    if place.active { Ok(place.number) } else { Err(unpublished(place.state)) }
}

/// A profile of an organisation that the caller belongs to, in any state; admins are shown every one.
///
/// # Errors
/// `not_found` for others.
pub(in crate::matching) fn own<K: Kind>(conn: &mut Conn, by: &Principal, id: K::Id) -> Result<Profile<K>> {
    let (profile, audience) = profiles::find::<K>(conn, Some(by), id)?;
    if audience != Audience::Organisation {
        return Err(Error::not_found());
    }
    if !by.admin {
        by.acting(profile.organisation_number, Role::Viewer)?;
    }
    Ok(profile)
}

/// The number of a profile that takes part.
///
/// # Errors
/// `invalid_state` where it takes no part.
pub(in crate::matching) fn taking_part<K: Kind>(profile: &Profile<K>) -> Result<i64> {
    if profile.is_active() { Ok(profile.number) } else { Err(unpublished(profile.state)) }
}

fn unpublished(state: State) -> Error {
    Error::state(state.as_str(), &["published"], "only a published profile has matches; publish it first")
}

/// The refusal for a profile that is published but cannot be scored yet.
pub(in crate::matching) fn not_scored() -> Error {
    Error::new(Code::Unavailable, "the profile is not in the ranking yet; try again").retry_after(1)
}
