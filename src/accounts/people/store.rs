//! Rows of people and of what was mailed to them.
//!
//! Invariant: a mailed token is used by one conditional update, so it works once. Read next: [`mod@super::sign_up`].

use super::model::{Email, Login, Person, PersonName, Place};
use crate::accounts::mail_tokens::Purpose;
use crate::db::{
    Conn, DataSubject, each,
    schema::{mailed_tokens, memberships, organisations, people, people_private},
};
use crate::identity::{OrganisationKind, OrganisationState, PersonState, Role};
use crate::kernel::{
    error::{Error, Result},
    ids::PersonId,
    time::Timestamp,
};
use diesel::prelude::*;
use std::time::Duration;

type PersonRow = ((i64, String, String, bool, Option<i64>, i64, i64), (String, Option<String>));

fn person(row: PersonRow) -> Result<Person> {
    let ((number, id, state, admin, verified_at, version, created_at), (email, name)) = row;
    Ok(Person {
        number,
        id: id.parse().map_err(Error::internal)?,
        email,
        name,
        state: PersonState::parse(&state),
        admin,
        verified_at: verified_at.map(Timestamp::from_micros),
        version,
        created_at: Timestamp::from_micros(created_at),
    })
}

/// Selects whole people that a condition holds for.
macro_rules! people_where {
    ($conn:expr, $condition:expr) => {
        people::table
            .inner_join(people_private::table)
            .filter($condition)
            .select((people::all_columns, (people_private::email, people_private::name)))
            .first::<PersonRow>($conn)
            .optional()?
            .map(person)
            .transpose()
    };
}

/// The person with that public id.
pub fn find(conn: &mut Conn, id: PersonId) -> Result<Option<Person>> {
    people_where!(conn, people::public_id.eq(id.to_string()))
}

/// The person with that address.
pub fn by_email(conn: &mut Conn, email: &Email) -> Result<Option<Person>> {
    people_where!(conn, people_private::email_folded.eq(email.folded().to_owned()))
}

/// The person with that permanent number, for whoever writes to them.
pub fn addressee(conn: &mut Conn, number: i64) -> Result<Option<Person>> {
    people_where!(conn, people::id.eq(number))
}

/// What signing in needs of the person with that address.
pub fn login(conn: &mut Conn, email: &Email) -> Result<Option<Login>> {
    let row: Option<(i64, String, String, String)> = people::table
        .inner_join(people_private::table)
        .filter(people_private::email_folded.eq(email.folded()))
        .select((people::id, people::public_id, people::state, people_private::password_hash))
        .get_result(conn)
        .optional()?;
    let login = |(number, id, state, password_hash): (i64, String, String, String)| {
        let id = id.parse().map_err(Error::internal)?;
        Ok(Login { number, id, state: PersonState::parse(&state), password_hash })
    };
    row.map(login).transpose()
}

/// A person by permanent number, with what signing in needs.
pub fn addressee_login(conn: &mut Conn, number: i64) -> Result<(Person, Login)> {
    let person = addressee(conn, number)?.ok_or_else(Error::not_found)?;
    let hash = people_private::table.find(number).select(people_private::password_hash).get_result(conn)?;
    let login = Login { number, id: person.id, state: person.state, password_hash: hash };
    Ok((person, login))
}

/// The memberships of a person, the oldest first.
pub(super) fn memberships(conn: &mut Conn, number: i64) -> Result<Vec<Place>> {
    let rows: Vec<(String, String, String, String, String)> = memberships::table
        .inner_join(organisations::table)
        .filter(memberships::person_id.eq(number))
        .order(memberships::id)
        .select((
            organisations::public_id,
            organisations::name,
            organisations::kind,
            organisations::state,
            memberships::role,
        ))
        .load(conn)?;
    rows.into_iter().map(place).collect()
}

fn place((id, name, kind, state, role): (String, String, String, String, String)) -> Result<Place> {
    let odd = || Error::internal("a membership in the database has an unknown word");
    Ok(Place {
        organisation: id.parse().map_err(Error::internal)?,
        name,
        kind: OrganisationKind::parse(&kind).ok_or_else(odd)?,
        state: OrganisationState::parse(&state).ok_or_else(odd)?,
        role: Role::parse(&role).ok_or_else(odd)?,
    })
}

/// A person to be stored.
pub(super) struct NewPerson<'a> {
    pub(super) email: &'a Email,
    pub(super) name: Option<&'a PersonName>,
    pub(super) password_hash: &'a str,
    pub(super) admin: bool,
    pub(super) verified: bool,
}

/// Stores a person, unless somebody has the address already.
pub(super) fn insert(
    conn: &mut Conn,
    new: &NewPerson<'_>,
    now: Timestamp,
) -> Result<Option<(i64, PersonId)>> {
    let id = PersonId::new(now);
    let row = (
        people::public_id.eq(id.to_string()),
        people::state.eq(PersonState::Active.as_str()),
        people::admin.eq(new.admin),
        people::verified_at.eq(new.verified.then(|| now.micros())),
        people::version.eq(1_i64),
        people::created_at.eq(now.micros()),
    );
    let number: i64 =
        diesel::insert_into(people::table).values(row).returning(people::id).get_result(conn)?;
    let private = (
        people_private::person_id.eq(number),
        people_private::email.eq(new.email.as_str()),
        people_private::email_folded.eq(new.email.folded()),
        people_private::name.eq(new.name.map(PersonName::as_str)),
        people_private::password_hash.eq(new.password_hash),
    );
    let stored = each!(conn, c => diesel::insert_into(people_private::table)
        .values(private)
        .on_conflict_do_nothing()
        .execute(c))?;
    if stored == 1 {
        return Ok(Some((number, id)));
    }
    diesel::delete(people::table.find(number)).execute(conn)?;
    Ok(None)
}

/// Puts a new hash in the place of the one that was read, and says whether that was still there.
pub fn rehash(conn: &mut Conn, number: i64, old: &str, new: &str) -> Result<bool> {
    let place = people_private::table.find(number).filter(people_private::password_hash.eq(old));
    Ok(diesel::update(place).set(people_private::password_hash.eq(new)).execute(conn)? == 1)
}

/// Sets the hash whatever it was, and says whether that changed anything.
pub(super) fn set_hash(conn: &mut Conn, number: i64, hash: &str) -> Result<bool> {
    let place = people_private::table.find(number).filter(people_private::password_hash.ne(hash));
    Ok(diesel::update(place).set(people_private::password_hash.eq(hash)).execute(conn)? == 1)
}

/// Marks the address as confirmed and says whether it was not yet.
pub(super) fn set_verified(conn: &mut Conn, number: i64, now: Timestamp) -> Result<bool> {
    let place = people::table.find(number).filter(people::verified_at.is_null());
    let values = (people::verified_at.eq(now.micros()), people::version.eq(people::version + 1));
    Ok(diesel::update(place).set(values).execute(conn)? == 1)
}

/// Changes the state of a person and says whether it was another one.
pub(super) fn set_state(conn: &mut Conn, number: i64, state: PersonState) -> Result<bool> {
    let place = people::table.find(number).filter(people::state.ne(state.as_str()));
    let values = (people::state.eq(state.as_str()), people::version.eq(people::version + 1));
    Ok(diesel::update(place).set(values).execute(conn)? == 1)
}

/// Makes a person an admin, or none, and says whether that changed anything.
pub(super) fn set_admin(conn: &mut Conn, number: i64, admin: bool) -> Result<bool> {
    let place = people::table.find(number).filter(people::admin.ne(admin));
    let values = (people::admin.eq(admin), people::version.eq(people::version + 1));
    Ok(diesel::update(place).set(values).execute(conn)? == 1)
}

/// Changes the name of the version that was read, and says whether it was still that.
pub(super) fn set_name(conn: &mut Conn, person: &Person, name: Option<&PersonName>) -> Result<bool> {
    let place = people::table.find(person.number).filter(people::version.eq(person.version));
    if diesel::update(place).set(people::version.eq(people::version + 1)).execute(conn)? == 0 {
        return Ok(false);
    }
    diesel::update(people_private::table.find(person.number))
        .set(people_private::name.eq(name.map(PersonName::as_str)))
        .execute(conn)?;
    Ok(true)
}

/// How many tokens were mailed to a person for a purpose since `since`.
pub(super) fn mailed_since(conn: &mut Conn, number: i64, purpose: Purpose, since: Timestamp) -> Result<i64> {
    Ok(mailed_tokens::table
        .filter(mailed_tokens::person_id.eq(number))
        .filter(mailed_tokens::purpose.eq(purpose.as_str()))
        .filter(mailed_tokens::created_at.gt(since.micros()))
        .count()
        .get_result(conn)?)
}

/// Stores that a token is to be mailed, and returns its row.
pub(super) fn mail(
    conn: &mut Conn,
    number: i64,
    purpose: Purpose,
    password_hash: Option<&str>,
    (now, lifetime): (Timestamp, Duration),
) -> Result<i64> {
    let row = (
        mailed_tokens::purpose.eq(purpose.as_str()),
        mailed_tokens::person_id.eq(number),
        mailed_tokens::password_hash.eq(password_hash),
        mailed_tokens::created_at.eq(now.micros()),
        mailed_tokens::expires_at.eq(now.plus(lifetime).micros()),
    );
    let row = diesel::insert_into(mailed_tokens::table).values(row);
    Ok(row.returning(mailed_tokens::id).get_result(conn)?)
}

/// A mailed token that is neither used nor expired.
pub(super) struct Mailed {
    pub(super) person: i64,
    pub(super) password_hash: Option<String>,
    pub(super) created_at: Timestamp,
}

/// The token of a row, if it can still be used.
pub(super) fn mailed(conn: &mut Conn, row: i64, purpose: Purpose, now: Timestamp) -> Result<Option<Mailed>> {
    let found: Option<(i64, Option<String>, i64)> = mailed_tokens::table
        .find(row)
        .filter(mailed_tokens::purpose.eq(purpose.as_str()))
        .filter(mailed_tokens::used_at.is_null())
        .filter(mailed_tokens::expires_at.gt(now.micros()))
        .select((mailed_tokens::person_id, mailed_tokens::password_hash, mailed_tokens::created_at))
        .get_result(conn)
        .optional()?;
    Ok(found.map(|(person, password_hash, at)| Mailed {
        person,
        password_hash,
        created_at: Timestamp::from_micros(at),
    }))
}

/// When the token of a row was made, if it can still be used: what composing its mail needs.
pub fn mailed_at(conn: &mut Conn, row: i64, purpose: Purpose, now: Timestamp) -> Result<Option<Timestamp>> {
    Ok(mailed(conn, row, purpose, now)?.map(|m| m.created_at))
}

/// Uses the token of a row, and says whether that was the first time.
pub(super) fn use_token(conn: &mut Conn, row: i64, now: Timestamp) -> Result<bool> {
    let place = mailed_tokens::table.find(row).filter(mailed_tokens::used_at.is_null());
    let values = (mailed_tokens::used_at.eq(now.micros()), mailed_tokens::password_hash.eq(None::<String>));
    Ok(diesel::update(place).set(values).execute(conn)? == 1)
}

/// Makes every unused token of a person for a purpose worthless.
pub(super) fn void(conn: &mut Conn, number: i64, purpose: Purpose, now: Timestamp) -> Result<()> {
    let place = mailed_tokens::table
        .filter(mailed_tokens::person_id.eq(number))
        .filter(mailed_tokens::purpose.eq(purpose.as_str()))
        .filter(mailed_tokens::used_at.is_null());
    let values = (mailed_tokens::used_at.eq(now.micros()), mailed_tokens::password_hash.eq(None::<String>));
    diesel::update(place).set(values).execute(conn)?;
    Ok(())
}

/// The same for all but one of them.
pub(super) fn void_but(
    conn: &mut Conn,
    number: i64,
    purpose: Purpose,
    row: i64,
    now: Timestamp,
) -> Result<()> {
    let place = mailed_tokens::table
        .filter(mailed_tokens::person_id.eq(number))
        .filter(mailed_tokens::purpose.eq(purpose.as_str()))
        .filter(mailed_tokens::id.ne(row))
        .filter(mailed_tokens::used_at.is_null());
    let values = (mailed_tokens::used_at.eq(now.micros()), mailed_tokens::password_hash.eq(None::<String>));
    diesel::update(place).set(values).execute(conn)?;
    Ok(())
}

/// Removes tokens that expired before `before`.
pub fn prune(conn: &mut Conn, before: Timestamp) -> Result<usize> {
    let old = mailed_tokens::table.filter(mailed_tokens::expires_at.lt(before.micros()));
    Ok(diesel::delete(old).execute(conn)?)
}

/// The person of a public id with the folded address; without one once they are nameless.
pub fn data_subject(conn: &mut Conn, id: PersonId) -> Result<Option<DataSubject>> {
    let row: Option<(i64, Option<String>)> = people::table
        .left_join(people_private::table)
        .filter(people::public_id.eq(id.to_string()))
        .select((people::id, people_private::email_folded.nullable()))
        .get_result(conn)
        .optional()?;
    Ok(row.map(|(number, address)| DataSubject { number, id, address }))
}

/// A token that was mailed to a person: its purpose, when it was made and when it expires.
pub fn all_mailed(conn: &mut Conn, number: i64) -> Result<Vec<(String, Timestamp, Timestamp)>> {
    let rows: Vec<(String, i64, i64)> = mailed_tokens::table
        .filter(mailed_tokens::person_id.eq(number))
        .order(mailed_tokens::id)
        .select((mailed_tokens::purpose, mailed_tokens::created_at, mailed_tokens::expires_at))
        .load(conn)?;
    let at = Timestamp::from_micros;
    Ok(rows.into_iter().map(|(purpose, made, expires)| (purpose, at(made), at(expires))).collect())
}

/// Leaves of a person a row without name, address and password, which may not sign in.
pub fn make_nameless(conn: &mut Conn, number: i64) -> Result<()> {
    diesel::delete(mailed_tokens::table.filter(mailed_tokens::person_id.eq(number))).execute(conn)?;
    diesel::delete(people_private::table.find(number)).execute(conn)?;
    let values = (
        people::state.eq(PersonState::Suspended.as_str()),
        people::admin.eq(false),
        people::verified_at.eq(None::<i64>),
        people::version.eq(people::version + 1),
    );
    diesel::update(people::table.find(number)).set(values).execute(conn)?;
    Ok(())
}
