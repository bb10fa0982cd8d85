//! Rows of claims.
//!
//! Invariant: an organisation has at most one open claim on a profile. Read next: [`crate::profiles::claim`].

use crate::db::Conn;
use crate::db::schema::{organisations, profile_claims, profiles};
use crate::kernel::{
    error::{Error, Result},
    ids::ClaimId,
    time::Timestamp,
};
use crate::profiles::claim::{Claim, ClaimState};
use diesel::prelude::*;

type Row = (i64, String, String, i64, i64, i64, String, String, String, i64, Option<i64>);

fn parse(row: Row) -> Result<Claim> {
    let (number, id, state, profile_number, holder_number, organisation_number, ..) = row;
    let (.., kind, profile, organisation, made, decided) = row;
    Ok(Claim {
        number,
        id: id.parse().map_err(Error::internal)?,
        state: ClaimState::parse(&state).ok_or_else(|| Error::internal("a claim has an unknown state"))?,
        profile_number,
        holder_number,
        organisation_number,
        kind,
        profile,
        organisation: organisation.parse().map_err(Error::internal)?,
        created_at: Timestamp::from_micros(made),
        decided_at: decided.map(Timestamp::from_micros),
    })
}

macro_rules! claims {
    () => {
        profile_claims::table
            .inner_join(profiles::table)
            .inner_join(organisations::table.on(organisations::id.eq(profile_claims::organisation_id)))
            .select((
                profile_claims::id,
                profile_claims::public_id,
                profile_claims::state,
                profile_claims::profile_id,
                profiles::organisation_id,
                profile_claims::organisation_id,
                profiles::kind,
                profiles::public_id,
                organisations::public_id,
                profile_claims::created_at,
                profile_claims::decided_at,
            ))
    };
}

/// The claim of that id.
pub fn by_id(conn: &mut Conn, id: ClaimId) -> Result<Option<Claim>> {
    let row = claims!().filter(profile_claims::public_id.eq(id.to_string())).first::<Row>(conn).optional()?;
    row.map(parse).transpose()
}

/// Claims in a state after a number, oldest first: all, or those on profiles of certain organisations.
pub fn list(
    conn: &mut Conn,
    state: ClaimState,
    holders: Option<&[i64]>,
    after: i64,
    limit: usize,
) -> Result<Vec<Claim>> {
    let page = claims!()
        .filter(profile_claims::state.eq(state.as_str()))
        .filter(profile_claims::id.gt(after))
        .order(profile_claims::id)
        .limit(i64::try_from(limit).unwrap_or(i64::MAX));
    let rows: Vec<Row> = match holders {
        None => page.load(conn)?,
        Some(holders) => page.filter(profiles::organisation_id.eq_any(holders)).load(conn)?,
    };
    rows.into_iter().map(parse).collect()
}

/// Adds an open claim.
pub fn insert(conn: &mut Conn, id: ClaimId, profile: i64, organisation: i64, at: Timestamp) -> Result<()> {
    let row = (
        profile_claims::public_id.eq(id.to_string()),
        profile_claims::profile_id.eq(profile),
        profile_claims::organisation_id.eq(organisation),
        profile_claims::state.eq(ClaimState::Open.as_str()),
        profile_claims::created_at.eq(at.micros()),
    );
    diesel::insert_into(profile_claims::table).values(row).execute(conn)?;
    Ok(())
}

/// Decides an open claim.
pub fn decide(conn: &mut Conn, number: i64, state: ClaimState, at: Timestamp) -> Result<()> {
    let decided = (profile_claims::state.eq(state.as_str()), profile_claims::decided_at.eq(at.micros()));
    diesel::update(profile_claims::table.find(number)).set(decided).execute(conn)?;
    Ok(())
}

/// Refuses every open claim on a profile.
pub fn refuse_open(conn: &mut Conn, profile: i64, at: Timestamp) -> Result<()> {
    let open = profile_claims::table
        .filter(profile_claims::profile_id.eq(profile))
        .filter(profile_claims::state.eq(ClaimState::Open.as_str()));
    let refused =
        (profile_claims::state.eq(ClaimState::Refused.as_str()), profile_claims::decided_at.eq(at.micros()));
    diesel::update(open).set(refused).execute(conn)?;
    Ok(())
}
