//! Rows of profiles, of their revisions, and of what is kept apart from them.
//!
//! Invariant: facts lie in `profile_revisions` only; a row that cannot be read is a fault of ours, never skipped.
//! Read next: [`browse`] for lists, [`claims`].

pub mod browse;
pub mod claims;
pub mod parts;

use super::kind::{Index, Kind};
use super::model::{Profile, State};
use super::tokens;
use crate::db::{Conn, MAX_BINDS, each, schema};
use crate::identity::OrganisationState;
use crate::kernel::{
    error::{Error, Result},
    ids::PersonId,
    time::Timestamp,
};
use diesel::prelude::*;
use schema::{organisations, profile_facets, profile_revisions, profile_tokens, profiles};
use serde::de::DeserializeOwned;
use std::collections::{HashMap, HashSet};

/// What a row of `profiles` holds that a profile shows.
#[derive(Queryable, Selectable)]
#[diesel(table_name = profiles)]
pub(super) struct Row {
    pub(super) id: i64,
    public_id: String,
    organisation_id: i64,
    state: String,
    revision: i64,
    version: i64,
    demo: bool,
    claimable: bool,
    pub(super) created_at: i64,
    pub(super) updated_at: i64,
    published_at: Option<i64>,
    confirmed_at: Option<i64>,
}

/// A row with the organisation's id and state, and the facts.
pub(super) type Joined = (Row, String, String, String);

/// A stored text that is a value of ours.
pub(super) fn stored<T: DeserializeOwned>(text: &str, what: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|e| Error::internal(format!("a stored {what} cannot be read: {e}")))
}

/// A value of ours as it is stored.
pub(super) fn storable<T: serde::Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(Error::internal)
}

/// The profile of a joined row.
pub(super) fn parse<K: Kind>((row, organisation, standing, facts): Joined) -> Result<Profile<K>> {
    let wrong = |what: &str| Error::internal(format!("profile {} has an unknown {what}", row.id));
    Ok(Profile {
        number: row.id,
        id: row.public_id.parse().map_err(|_| wrong("id"))?,
        organisation_number: row.organisation_id,
        organisation: organisation.parse().map_err(Error::internal)?,
        organisation_state: OrganisationState::parse(&standing).ok_or_else(|| wrong("organisation"))?,
        state: State::parse(&row.state).ok_or_else(|| wrong("state"))?,
        revision: row.revision,
        version: row.version,
        demo: row.demo,
        claimable: row.claimable,
        created_at: Timestamp::from_micros(row.created_at),
        updated_at: Timestamp::from_micros(row.updated_at),
        published_at: row.published_at.map(Timestamp::from_micros),
        confirmed_at: row.confirmed_at.map(Timestamp::from_micros),
        facts: stored(&facts, "profile")?,
    })
}

/// Where a profile stands, without what it says.
pub struct Place {
    /// The permanent number.
    pub number: i64,
    /// The permanent number of the organisation that owns it.
    pub organisation_number: i64,
    /// Where it stands.
    pub state: State,
    /// Whether it takes part: it is published and its organisation approved.
    pub active: bool,
}

/// Where a profile of that kind stands.
pub fn place<K: Kind>(conn: &mut Conn, id: K::Id) -> Result<Option<Place>> {
    let found: Option<(i64, i64, String, String)> = profiles::table
        .inner_join(organisations::table)
        .filter(profiles::public_id.eq(id.to_string()))
        .filter(profiles::kind.eq(K::WORD))
        .select((profiles::id, profiles::organisation_id, profiles::state, organisations::state))
        .get_result(conn)
        .optional()?;
    let place = |(number, organisation_number, state, standing): (i64, i64, String, String)| {
        let wrong = || Error::internal(format!("profile {number} has an unknown state"));
        let state = State::parse(&state).ok_or_else(wrong)?;
        let approved = OrganisationState::parse(&standing) == Some(OrganisationState::Approved);
        Ok(Place { number, organisation_number, state, active: approved && state == State::Published })
    };
    found.map(place).transpose()
}

/// The permanent number of a profile of that kind.
pub fn number<K: Kind>(conn: &mut Conn, id: K::Id) -> Result<Option<i64>> {
    let found =
        profiles::table.filter(profiles::public_id.eq(id.to_string())).filter(profiles::kind.eq(K::WORD));
    Ok(found.select(profiles::id).get_result(conn).optional()?)
}

/// Makes every other transaction that locks the same profile wait for the end of this one.
pub fn lock(conn: &mut Conn, number: i64) -> Result<()> {
    let row = profiles::table.find(number);
    diesel::update(row).set(profiles::version.eq(profiles::version)).execute(conn)?;
    Ok(())
}

/// Profiles by their numbers, sorted by number; numbers of the other kind and unknown ones are left out.
pub fn load<K: Kind>(conn: &mut Conn, numbers: &[i64]) -> Result<Vec<Profile<K>>> {
    let mut all = Vec::with_capacity(numbers.len());
    for chunk in numbers.chunks(MAX_BINDS) {
        let rows: Vec<Joined> = profiles::table
            .inner_join(organisations::table)
            .inner_join(
                profile_revisions::table.on(profile_revisions::profile_id
                    .eq(profiles::id)
                    .and(profile_revisions::revision.eq(profiles::revision))),
            )
            .filter(profiles::kind.eq(K::WORD))
            .filter(profiles::id.eq_any(chunk))
            .select((
                Row::as_select(),
                organisations::public_id,
                organisations::state,
                profile_revisions::facts,
            ))
            .load(conn)?;
        all.extend(rows.into_iter().map(parse).collect::<Result<Vec<_>>>()?);
    }
    all.sort_by_key(|p: &Profile<K>| p.number);
    Ok(all)
}

/// All numbers of a kind, sorted.
pub fn numbers<K: Kind>(conn: &mut Conn) -> Result<Vec<i64>> {
    let all = profiles::table.filter(profiles::kind.eq(K::WORD)).order(profiles::id);
    Ok(all.select(profiles::id).load(conn)?)
}

/// The kinds and numbers of an organisation's profiles.
pub fn of_organisation(conn: &mut Conn, organisation: i64) -> Result<Vec<(String, i64)>> {
    let own = profiles::table.filter(profiles::organisation_id.eq(organisation)).order(profiles::id);
    Ok(own.select((profiles::kind, profiles::id)).load(conn)?)
}

/// Which of these public ids are of profiles that an organisation sees: those that take part, and its own.
pub fn seen_by(conn: &mut Conn, organisation: i64, ids: &[String]) -> Result<HashSet<String>> {
    let mut all = HashSet::with_capacity(ids.len());
    for chunk in ids.chunks(MAX_BINDS - 3) {
        let part = profiles::state
            .eq(State::Published.as_str())
            .and(organisations::state.eq(OrganisationState::Approved.as_str()));
        let found = profiles::table
            .inner_join(organisations::table)
            .filter(profiles::public_id.eq_any(chunk))
            .filter(part.or(profiles::organisation_id.eq(organisation)));
        all.extend(found.select(profiles::public_id).load::<String>(conn)?);
    }
    Ok(all)
}

/// What a new row holds.
pub(super) struct Insert<K: Kind> {
    pub(super) id: K::Id,
    pub(super) organisation: i64,
    pub(super) demo: bool,
    pub(super) claimable: bool,
    pub(super) at: Timestamp,
}

/// Adds a draft without facts and returns its permanent number.
pub(super) fn insert<K: Kind>(conn: &mut Conn, new: &Insert<K>) -> Result<i64> {
    let row = (
        profiles::kind.eq(K::WORD),
        profiles::public_id.eq(new.id.to_string()),
        profiles::organisation_id.eq(new.organisation),
        profiles::state.eq(State::Draft.as_str()),
        profiles::revision.eq(0i64),
        profiles::version.eq(0i64),
        profiles::demo.eq(new.demo),
        profiles::claimable.eq(new.claimable),
        profiles::name_folded.eq(""),
        profiles::created_at.eq(new.at.micros()),
        profiles::updated_at.eq(new.at.micros()),
    );
    Ok(diesel::insert_into(profiles::table).values(row).returning(profiles::id).get_result(conn)?)
}

/// A revision as it is kept.
pub(super) struct Revision<'a> {
    pub(super) number: i64,
    pub(super) revision: i64,
    pub(super) facts: String,
    pub(super) changed: &'a [String],
    pub(super) at: Timestamp,
    pub(super) person: Option<PersonId>,
}

/// Adds a revision and makes it the current one.
pub(super) fn add_revision(conn: &mut Conn, new: &Revision<'_>) -> Result<()> {
    let row = (
        profile_revisions::profile_id.eq(new.number),
        profile_revisions::revision.eq(new.revision),
        profile_revisions::facts.eq(&new.facts),
        profile_revisions::changed.eq(storable(&new.changed)?),
        profile_revisions::at.eq(new.at.micros()),
        profile_revisions::person.eq(new.person.map(|p| p.to_string())),
    );
    diesel::insert_into(profile_revisions::table).values(row).execute(conn)?;
    let current = (
        profiles::revision.eq(new.revision),
        profiles::version.eq(profiles::version + 1),
        profiles::updated_at.eq(new.at.micros()),
    );
    diesel::update(profiles::table.find(new.number)).set(current).execute(conn)?;
    Ok(())
}

/// Whole US dollars of an index's amounts.
pub(super) type Dollars = (Option<i64>, Option<i64>);

/// Replaces what a profile is found by.
pub(super) fn set_index(conn: &mut Conn, number: i64, index: &Index, dollars: Dollars) -> Result<()> {
    let columns = (
        profiles::external_id.eq(&index.external_id),
        profiles::name_folded.eq(tokens::fold(&index.name)),
        profiles::amount_min_usd.eq(dollars.0),
        profiles::amount_max_usd.eq(dollars.1),
        profiles::founded.eq(index.founded.map(i64::from)),
    );
    diesel::update(profiles::table.find(number)).set(columns).execute(conn)?;
    let old = profile_tokens::table.filter(profile_tokens::profile_id.eq(number));
    diesel::delete(old).execute(conn)?;
    let old = profile_facets::table.filter(profile_facets::profile_id.eq(number));
    diesel::delete(old).execute(conn)?;
    let words: Vec<_> = tokens::weighed(&index.texts)
        .into_iter()
        .map(|(token, weight)| {
            (
                profile_tokens::profile_id.eq(number),
                profile_tokens::token.eq(token),
                profile_tokens::weight.eq(weight),
            )
        })
        .collect();
    for rows in words.chunks(MAX_BINDS / 3) {
        each!(conn, c => diesel::insert_into(profile_tokens::table).values(rows).execute(c))?;
    }
    let mut facets = index.facets.clone();
    facets.sort();
    facets.dedup();
    let facets: Vec<_> = facets
        .into_iter()
        .map(|(facet, value)| {
            (
                profile_facets::profile_id.eq(number),
                profile_facets::facet.eq(facet),
                profile_facets::value.eq(value),
            )
        })
        .collect();
    for rows in facets.chunks(MAX_BINDS / 3) {
        each!(conn, c => diesel::insert_into(profile_facets::table).values(rows).execute(c))?;
    }
    Ok(())
}

/// The amounts that profiles are found by, by their numbers.
pub(super) fn dollars(conn: &mut Conn, numbers: &[i64]) -> Result<HashMap<i64, Dollars>> {
    let mut all = HashMap::with_capacity(numbers.len());
    for chunk in numbers.chunks(MAX_BINDS) {
        let amounts = (profiles::id, (profiles::amount_min_usd, profiles::amount_max_usd));
        let found = profiles::table.filter(profiles::id.eq_any(chunk)).select(amounts);
        all.extend(found.load::<(i64, Dollars)>(conn)?);
    }
    Ok(all)
}

/// Replaces the amounts that a profile is found by, unless they or its facts have changed since that revision was read.
pub(super) fn replace_dollars(
    conn: &mut Conn,
    number: i64,
    revision: i64,
    (was, dollars): (Dollars, Dollars),
) -> Result<()> {
    lock(conn, number)?;
    if self::dollars(conn, &[number])?.get(&number) != Some(&was) {
        return Ok(());
    }
    let columns = (profiles::amount_min_usd.eq(dollars.0), profiles::amount_max_usd.eq(dollars.1));
    let row = profiles::table.find(number).filter(profiles::revision.eq(revision));
    diesel::update(row).set(columns).execute(conn)?;
    Ok(())
}

/// Puts a profile into a state.
pub(super) fn set_state(conn: &mut Conn, number: i64, state: State, at: Timestamp) -> Result<()> {
    let row = profiles::table.find(number);
    diesel::update(row).set((profiles::state.eq(state.as_str()), bumped(at))).execute(conn)?;
    if state == State::Published {
        let first = profiles::table.find(number).filter(profiles::published_at.is_null());
        diesel::update(first).set(profiles::published_at.eq(at.micros())).execute(conn)?;
    }
    Ok(())
}

/// Notes that a person confirmed the facts.
pub(super) fn set_confirmed(conn: &mut Conn, number: i64, at: Timestamp) -> Result<()> {
    let row = profiles::table.find(number);
    diesel::update(row).set((profiles::confirmed_at.eq(at.micros()), bumped(at))).execute(conn)?;
    Ok(())
}

/// Gives a profile to another organisation, for good.
pub(super) fn set_owner(conn: &mut Conn, number: i64, organisation: i64, at: Timestamp) -> Result<()> {
    let owned = (profiles::organisation_id.eq(organisation), profiles::claimable.eq(false));
    diesel::update(profiles::table.find(number)).set((owned, bumped(at))).execute(conn)?;
    Ok(())
}

/// Notes that something beside the facts changed.
pub(super) fn touch(conn: &mut Conn, number: i64, at: Timestamp) -> Result<()> {
    diesel::update(profiles::table.find(number)).set(bumped(at)).execute(conn)?;
    Ok(())
}

type Bumped = (
    diesel::dsl::Eq<profiles::version, diesel::dsl::Add<profiles::version, i64>>,
    diesel::dsl::Eq<profiles::updated_at, i64>,
);

fn bumped(at: Timestamp) -> Bumped {
    (profiles::version.eq(profiles::version + 1), profiles::updated_at.eq(at.micros()))
}

/// The published profiles of a kind, confirmed last at or before `up_to` and not reminded of since.
pub(super) fn to_remind<K: Kind>(conn: &mut Conn, up_to: Timestamp, limit: i64) -> Result<Vec<i64>> {
    let confirmed = profiles::confirmed_at.is_not_null().and(profiles::confirmed_at.le(up_to.micros()));
    let since = profiles::reminded_at.is_null().or(profiles::reminded_at.le(profiles::confirmed_at));
    Ok(profiles::table
        .filter(profiles::kind.eq(K::WORD))
        .filter(profiles::state.eq(State::Published.as_str()))
        .filter(confirmed.assume_not_null())
        .filter(since.assume_not_null())
        .order(profiles::id)
        .limit(limit)
        .select(profiles::id)
        .load(conn)?)
}

/// Notes that the owner was reminded.
pub(super) fn set_reminded(conn: &mut Conn, number: i64, at: Timestamp) -> Result<()> {
    diesel::update(profiles::table.find(number)).set(profiles::reminded_at.eq(at.micros())).execute(conn)?;
    Ok(())
}
