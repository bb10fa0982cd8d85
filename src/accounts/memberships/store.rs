//! Rows of memberships, joined with the people behind them.
//!
//! Invariant: nothing here decides who may do what. Read next: [`super::change`].

use super::model::Member;
use crate::db::{
    Conn,
    schema::{memberships, organisations, people, people_private},
};
use crate::identity::Role;
use crate::kernel::{
    error::{Error, Result},
    ids::{MembershipId, PersonId},
    time::Timestamp,
};
use diesel::prelude::*;

#[derive(Queryable, Selectable)]
#[diesel(table_name = memberships)]
struct Row {
    id: i64,
    public_id: String,
    organisation_id: i64,
    person_id: i64,
    role: String,
    version: i64,
    created_at: i64,
}

type Joined = (Row, String, String, Option<String>, Option<String>);

fn role_of(word: &str) -> Result<Role> {
    Role::parse(word).ok_or_else(|| Error::internal(format!("a membership has the role {word}")))
}

fn parse((row, organisation, person, name, email): Joined) -> Result<Member> {
    Ok(Member {
        number: row.id,
        id: row.public_id.parse().map_err(Error::internal)?,
        organisation_number: row.organisation_id,
        organisation: organisation.parse().map_err(Error::internal)?,
        person_number: row.person_id,
        person: person.parse().map_err(Error::internal)?,
        name,
        email,
        role: role_of(&row.role)?,
        version: row.version,
        created_at: Timestamp::from_micros(row.created_at),
    })
}

/// The rows of members, ready for a filter.
macro_rules! members {
    () => {
        memberships::table
            .inner_join(organisations::table)
            .inner_join(people::table.left_join(people_private::table))
            .select((
                Row::as_select(),
                organisations::public_id,
                people::public_id,
                people_private::name.nullable(),
                people_private::email.nullable(),
            ))
    };
}

/// The membership with that public id.
pub(super) fn by_id(conn: &mut Conn, id: MembershipId) -> Result<Option<Member>> {
    let found = members!().filter(memberships::public_id.eq(id.to_string()));
    found.first::<Joined>(conn).optional()?.map(parse).transpose()
}

/// The members of an organisation by number after `after`, at most `limit`.
pub(super) fn of_organisation(
    conn: &mut Conn,
    organisation_number: i64,
    after: i64,
    limit: usize,
) -> Result<Vec<Member>> {
    let of = memberships::organisation_id.eq(organisation_number).and(memberships::id.gt(after));
    let rows: Vec<Joined> = members!().filter(of).order(memberships::id).limit(limit as i64).load(conn)?;
    rows.into_iter().map(parse).collect()
}

/// The role of a person in an organisation.
pub(super) fn role(conn: &mut Conn, organisation_number: i64, person_number: i64) -> Result<Option<Role>> {
    let word: Option<String> = memberships::table
        .filter(memberships::organisation_id.eq(organisation_number))
        .filter(memberships::person_id.eq(person_number))
        .select(memberships::role)
        .get_result(conn)
        .optional()?;
    word.map(|w| role_of(&w)).transpose()
}

/// How many owners an organisation has.
pub(super) fn owners(conn: &mut Conn, organisation_number: i64) -> Result<i64> {
    let owners = memberships::table
        .filter(memberships::organisation_id.eq(organisation_number))
        .filter(memberships::role.eq(Role::Owner.as_str()));
    Ok(owners.count().get_result(conn)?)
}

/// Those who look after what an organisation says of itself, by the time they joined: its owners and editors who may
/// sign in and have confirmed their address.
pub fn stewards(conn: &mut Conn, organisation_number: i64) -> Result<Vec<PersonId>> {
    let ids: Vec<String> = memberships::table
        .inner_join(people::table)
        .filter(memberships::organisation_id.eq(organisation_number))
        .filter(memberships::role.eq(Role::Owner.as_str()).or(memberships::role.eq(Role::Editor.as_str())))
        .filter(people::state.eq("active").and(people::verified_at.is_not_null()))
        .order(memberships::id)
        .select(people::public_id)
        .load(conn)?;
    ids.iter().map(|id| id.parse().map_err(Error::internal)).collect()
}

/// How many organisations a person owns.
pub fn owned(conn: &mut Conn, person_number: i64) -> Result<i64> {
    let owned = memberships::table
        .filter(memberships::person_id.eq(person_number))
        .filter(memberships::role.eq(Role::Owner.as_str()));
    Ok(owned.count().get_result(conn)?)
}

/// Whether somebody with that folded address belongs to an organisation.
pub fn is_member(conn: &mut Conn, organisation_number: i64, email_folded: &str) -> Result<bool> {
    let found = memberships::table
        .inner_join(people::table.inner_join(people_private::table))
        .filter(memberships::organisation_id.eq(organisation_number))
        .filter(people_private::email_folded.eq(email_folded));
    Ok(found.count().get_result::<i64>(conn)? > 0)
}

/// Adds a membership.
pub(super) fn insert(
    conn: &mut Conn,
    id: MembershipId,
    organisation_number: i64,
    person_number: i64,
    role: Role,
    at: Timestamp,
) -> Result<()> {
    let row = (
        memberships::public_id.eq(id.to_string()),
        memberships::organisation_id.eq(organisation_number),
        memberships::person_id.eq(person_number),
        memberships::role.eq(role.as_str()),
        memberships::version.eq(1i64),
        memberships::created_at.eq(at.micros()),
    );
    diesel::insert_into(memberships::table).values(row).execute(conn)?;
    Ok(())
}

/// Stores another role as the next version.
pub(super) fn set_role(conn: &mut Conn, member: &Member, role: Role) -> Result<()> {
    diesel::update(memberships::table.find(member.number))
        .set((memberships::role.eq(role.as_str()), memberships::version.eq(member.version + 1)))
        .execute(conn)?;
    Ok(())
}

/// Removes a membership.
pub(super) fn delete(conn: &mut Conn, member: &Member) -> Result<()> {
    diesel::delete(memberships::table.find(member.number)).execute(conn)?;
    Ok(())
}

/// The memberships of a person, the oldest first.
pub fn of_person(conn: &mut Conn, person_number: i64) -> Result<Vec<Member>> {
    let found = members!().filter(memberships::person_id.eq(person_number));
    found.order(memberships::id).load::<Joined>(conn)?.into_iter().map(parse).collect()
}

/// Removes all memberships of a person.
pub fn remove_all(conn: &mut Conn, person_number: i64) -> Result<()> {
    diesel::delete(memberships::table.filter(memberships::person_id.eq(person_number))).execute(conn)?;
    Ok(())
}
