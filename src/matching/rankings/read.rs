//! Reading and deleting kept rankings, by those who may.
//!
//! Invariant: a ranking is its profile's organisation's alone; others are answered as if it were not there.
//! Read next: [`super::api`].

use super::keep;
use super::model::{Ranking, Row, Side};
use super::store;
use crate::db::Conn;
use crate::events::Act;
use crate::identity::{Acting, Principal, Role};
use crate::kernel::{
    error::{Code, Error, Result},
    ids::RankingId,
    page::{Limit, Rows},
    visibility::Audience,
};
use crate::matching::lists::authority::own;
use crate::profiles::{self, Investors, Kind, Profile, Startups};
use std::collections::HashMap;

/// A ranking, for members of its profile's organisation and for admins, and the number of that organisation.
pub fn find(conn: &mut Conn, by: &Principal, id: RankingId) -> Result<(Ranking, i64)> {
    let ranking = store::find(conn, id)?.ok_or_else(Error::not_found)?;
    let organisation = match ranking.side {
        Side::Investor => owner::<Investors>(conn, by, &ranking)?,
        Side::Startup => owner::<Startups>(conn, by, &ranking)?,
    };
    Ok((ranking, organisation))
}

fn owner<K: Kind>(conn: &mut Conn, by: &Principal, ranking: &Ranking) -> Result<i64> {
    let id = ranking.asking.id.parse::<K::Id>().map_err(|_| Error::not_found())?;
    Ok(own::<K>(conn, by, id)?.organisation_number)
}

/// The proof that the caller may change what belongs to an organisation that it sees.
pub fn editor(by: &Principal, organisation: i64) -> Result<Acting> {
    let foreign = |e: Error| match e.code {
        Code::NotFound => Error::new(Code::Forbidden, "rankings are saved and deleted by their organisation"),
        _ => e,
    };
    by.acting(organisation, Role::Editor).map_err(foreign)
}

/// Deletes a ranking, for an editor of its profile's organisation.
pub fn delete(conn: &mut Conn, act: &Act, by: &Principal, id: RankingId) -> Result<()> {
    let (ranking, organisation) = find(conn, by, id)?;
    keep::delete(conn, act, &editor(by, organisation)?, &ranking)
}

/// A page of the rankings made for a profile, newest first, and the audience that the caller is of them.
pub fn of_profile<K: Kind>(
    conn: &mut Conn,
    by: &Principal,
    id: K::Id,
    (limit, after): (Limit, Option<i64>),
) -> Result<(Rows<Ranking, i64>, Audience)> {
    let profile = own::<K>(conn, by, id)?;
    let rows = store::of_profile(conn, profile.number, after.unwrap_or(i64::MAX), limit.rows() + 1)?;
    let page = Rows::cut(rows, limit, |ranking| ranking.number);
    Ok((page, by.towards(profile.organisation_number)))
}

/// The rows of a ranking.
pub fn rows(conn: &mut Conn, ranking: &Ranking) -> Result<Vec<Row>> {
    store::rows(conn, ranking)
}

/// The present names of those of the rows that take part, by their numbers.
pub fn names<'a>(
    conn: &mut Conn,
    side: Side,
    rows: impl Iterator<Item = &'a Row>,
) -> Result<HashMap<i64, String>> {
    let numbers: Vec<i64> = rows.map(|row| row.of.number).collect();
    match side {
        Side::Investor => {
            called::<Startups>(conn, &numbers, |p| p.facts.name.as_ref().map(ToString::to_string))
        }
        Side::Startup => {
            called::<Investors>(conn, &numbers, |p| p.facts.name.as_ref().map(ToString::to_string))
        }
    }
}

fn called<K: Kind>(
    conn: &mut Conn,
    numbers: &[i64],
    name: impl Fn(&Profile<K>) -> Option<String>,
) -> Result<HashMap<i64, String>> {
    let active = profiles::by_numbers::<K>(conn, numbers)?.into_iter().filter(Profile::is_active);
    Ok(active.filter_map(|p| Some((p.number, name(&p)?))).collect())
}
