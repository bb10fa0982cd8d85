//! Rows of what is kept beside the current facts: old revisions, portfolios, contacts, assessments.
//!
//! Invariant: personal data is in `profile_contacts` and nowhere else. Read next: [`super`].

use super::{storable, stored};
use crate::db::schema::{portfolios, profile_assessments, profile_contacts, profile_revisions, profiles};
use crate::db::{Conn, MAX_BINDS, each};
use crate::kernel::{
    error::{Error, Result},
    ids::PersonId,
    time::Timestamp,
};
use crate::profiles::common::Contact;
use crate::profiles::investors::{Deal, Portfolio};
use crate::profiles::startups::Assessed;
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use std::collections::HashMap;

/// The most contacts that are read at once.
const READ: i64 = 1_000;

type Backend = <Conn as Connection>::Backend;

/// A revision of facts.
pub struct Kept<F> {
    /// Its number.
    pub revision: i64,
    /// The facts.
    pub facts: F,
    /// Which facts changed with it.
    pub changed: Vec<String>,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub person: Option<PersonId>,
}

type RevisionRow = (i64, String, String, i64, Option<String>);

fn kept<F: serde::de::DeserializeOwned>(row: RevisionRow) -> Result<Kept<F>> {
    let (revision, facts, changed, at, person) = row;
    Ok(Kept {
        revision,
        facts: stored(&facts, "revision")?,
        changed: stored(&changed, "list of changes")?,
        at: Timestamp::from_micros(at),
        person: person.map(|p| p.parse()).transpose().map_err(Error::internal)?,
    })
}

/// The revisions of a profile before `before`, newest first, at most `limit`.
pub fn revisions<F: serde::de::DeserializeOwned>(
    conn: &mut Conn,
    number: i64,
    before: i64,
    limit: usize,
) -> Result<Vec<Kept<F>>> {
    use profile_revisions::{at, changed, facts, person, profile_id, revision};
    let rows: Vec<RevisionRow> = profile_revisions::table
        .filter(profile_id.eq(number))
        .filter(revision.lt(before))
        .order(revision.desc())
        .limit(i64::try_from(limit).unwrap_or(i64::MAX))
        .select((revision, facts, changed, at, person))
        .load(conn)?;
    rows.into_iter().map(kept).collect()
}

/// The deals of an investor as they stood at a revision of its facts.
pub fn portfolio(conn: &mut Conn, number: i64, revision: i64) -> Result<Portfolio> {
    let deals: Option<String> = portfolios::table
        .filter(portfolios::profile_id.eq(number))
        .filter(portfolios::revision.le(revision))
        .order(portfolios::revision.desc())
        .select(portfolios::deals)
        .first(conn)
        .optional()?;
    let deals = deals.map(|text| stored::<Vec<Deal>>(&text, "portfolio")).transpose()?;
    Ok(Portfolio { deals: deals.unwrap_or_default() })
}

/// The portfolios of investors as they stand, without those they replaced.
fn latest(numbers: &[i64]) -> portfolios::BoxedQuery<'_, Backend> {
    let later = diesel::alias!(portfolios as later);
    let newer = later
        .filter(later.field(portfolios::profile_id).eq(portfolios::profile_id))
        .filter(later.field(portfolios::revision).gt(portfolios::revision));
    let of_them = portfolios::table.filter(portfolios::profile_id.eq_any(numbers));
    of_them.filter(not(exists(newer))).into_boxed()
}

/// The latest deals of investors by their numbers.
pub fn latest_deals(conn: &mut Conn, numbers: &[i64]) -> Result<HashMap<i64, Vec<Deal>>> {
    let mut all = HashMap::new();
    for chunk in numbers.chunks(MAX_BINDS) {
        let found = latest(chunk).select((portfolios::profile_id, portfolios::deals));
        for (number, deals) in found.load::<(i64, String)>(conn)? {
            all.insert(number, stored::<Vec<Deal>>(&deals, "portfolio")?);
        }
    }
    Ok(all)
}

/// How many deals investors have recorded, by their numbers.
pub fn deal_counts(conn: &mut Conn, numbers: &[i64]) -> Result<HashMap<i64, u32>> {
    let mut all = HashMap::new();
    for chunk in numbers.chunks(MAX_BINDS) {
        let found = latest(chunk).select((portfolios::profile_id, portfolios::deal_count));
        let rows: Vec<(i64, i32)> = found.load(conn)?;
        all.extend(rows.into_iter().map(|(number, count)| (number, count.unsigned_abs())));
    }
    Ok(all)
}

/// Keeps the deals of an investor from a revision on.
pub fn add_portfolio(conn: &mut Conn, number: i64, revision: i64, deals: &[Deal]) -> Result<()> {
    let row = (
        portfolios::profile_id.eq(number),
        portfolios::revision.eq(revision),
        portfolios::deals.eq(storable(&deals)?),
        portfolios::deal_count.eq(i32::try_from(deals.len()).map_err(Error::internal)?),
    );
    diesel::insert_into(portfolios::table).values(row).execute(conn)?;
    Ok(())
}

/// The contact of a profile.
pub fn contact(conn: &mut Conn, number: i64) -> Result<Option<Contact>> {
    let found = profile_contacts::table.find(number).select(profile_contacts::contact);
    found.first::<String>(conn).optional()?.map(|text| stored(&text, "contact")).transpose()
}

/// Replaces the contact of a profile; nothing removes it.
pub fn set_contact(conn: &mut Conn, number: i64, contact: Option<&Contact>) -> Result<()> {
    diesel::delete(profile_contacts::table.find(number)).execute(conn)?;
    if let Some(contact) = contact {
        let row = (profile_contacts::profile_id.eq(number), profile_contacts::contact.eq(storable(contact)?));
        diesel::insert_into(profile_contacts::table).values(row).execute(conn)?;
    }
    Ok(())
}

/// The assessments of startups by their numbers.
pub fn assessments(conn: &mut Conn, numbers: &[i64]) -> Result<HashMap<i64, Assessed>> {
    let mut all = HashMap::new();
    for chunk in numbers.chunks(MAX_BINDS) {
        let found = profile_assessments::table.filter(profile_assessments::profile_id.eq_any(chunk));
        for (number, text) in found.load::<(i64, String)>(conn)? {
            all.insert(number, stored(&text, "assessment")?);
        }
    }
    Ok(all)
}

/// Replaces the assessment of a startup.
pub fn set_assessment(conn: &mut Conn, number: i64, assessed: &Assessed) -> Result<()> {
    let text = storable(assessed)?;
    let row = (profile_assessments::profile_id.eq(number), profile_assessments::assessment.eq(&text));
    each!(conn, c => diesel::insert_into(profile_assessments::table)
        .values(row)
        .on_conflict(profile_assessments::profile_id)
        .do_update()
        .set(profile_assessments::assessment.eq(&text))
        .execute(c))?;
    Ok(())
}

/// A contact and the profile that has it.
pub struct ContactOf {
    /// The permanent number of the profile.
    pub number: i64,
    /// The public id of the profile.
    pub profile: String,
    /// The contact.
    pub contact: Contact,
}

/// The contacts that satisfy a condition, by the numbers of their profiles. What they say is JSON, so all of them are
/// read, [`READ`] at a time.
pub fn contacts(conn: &mut Conn, wanted: impl Fn(&ContactOf) -> bool) -> Result<Vec<ContactOf>> {
    let (mut all, mut after) = (Vec::new(), 0);
    loop {
        let rows: Vec<(i64, String, String)> = profile_contacts::table
            .inner_join(profiles::table.on(profiles::id.eq(profile_contacts::profile_id)))
            .filter(profile_contacts::profile_id.gt(after))
            .order(profile_contacts::profile_id)
            .limit(READ)
            .select((profile_contacts::profile_id, profiles::public_id, profile_contacts::contact))
            .load(conn)?;
        let Some((last, ..)) = rows.last() else { return Ok(all) };
        after = *last;
        for (number, profile, text) in rows {
            let found = ContactOf { number, profile, contact: stored(&text, "contact")? };
            all.extend(Some(found).filter(&wanted));
        }
    }
}
