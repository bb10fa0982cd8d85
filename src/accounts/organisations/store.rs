//! Rows of organisations.
//!
//! Invariant: a row that cannot be read as an [`Organisation`] is a fault of ours, never skipped.
//! Read next: [`super::model`].

use super::model::{Organisation, OrganisationName, fold};
use crate::db::{Conn, schema::organisations};
use crate::identity::{OrganisationKind, OrganisationState};
use crate::kernel::{
    error::{Error, Result},
    ids::OrganisationId,
    time::Timestamp,
};
use crate::reference::CountryCode;
use diesel::dsl::count_star;
use diesel::prelude::*;
use std::collections::HashMap;

type Backend = <Conn as Connection>::Backend;

#[derive(Queryable, Selectable)]
#[diesel(table_name = organisations)]
struct Row {
    id: i64,
    public_id: String,
    kind: String,
    state: String,
    approver: bool,
    name: String,
    country: Option<String>,
    website: Option<String>,
    demo: bool,
    version: i64,
    created_at: i64,
    updated_at: i64,
    name_skeleton: String,
    approved_at: Option<i64>,
    suspension_reason: Option<String>,
}

impl Row {
    fn parse(self) -> Result<Organisation> {
        let word = |what: &str| Error::internal(format!("organisation {} has an unknown {what}", self.id));
        Ok(Organisation {
            number: self.id,
            id: self.public_id.parse().map_err(Error::internal)?,
            kind: OrganisationKind::parse(&self.kind).ok_or_else(|| word("kind"))?,
            state: OrganisationState::parse(&self.state).ok_or_else(|| word("state"))?,
            approver: self.approver,
            name: self.name,
            country: self.country.map(|c| c.parse()).transpose().map_err(Error::internal)?,
            website: self.website,
            demo: self.demo,
            version: self.version,
            created_at: Timestamp::from_micros(self.created_at),
            updated_at: Timestamp::from_micros(self.updated_at),
            skeleton: self.name_skeleton,
            approved_at: self.approved_at.map(Timestamp::from_micros),
            suspension_reason: self.suspension_reason,
        })
    }
}

/// The organisation with that permanent number.
pub fn by_number(conn: &mut Conn, number: i64) -> Result<Option<Organisation>> {
    let row = organisations::table.find(number).select(Row::as_select()).get_result(conn).optional()?;
    row.map(Row::parse).transpose()
}

/// The organisation with that public id.
pub fn by_id(conn: &mut Conn, id: OrganisationId) -> Result<Option<Organisation>> {
    let found = organisations::table.filter(organisations::public_id.eq(id.to_string()));
    let row = found.select(Row::as_select()).get_result(conn).optional()?;
    row.map(Row::parse).transpose()
}

/// Makes every other transaction that locks the same organisation wait for the end of this one.
pub fn lock(conn: &mut Conn, number: i64) -> Result<()> {
    let row = organisations::table.find(number);
    diesel::update(row).set(organisations::version.eq(organisations::version)).execute(conn)?;
    Ok(())
}

/// What a new row holds besides its name.
pub(super) struct Insert<'a> {
    pub(super) id: OrganisationId,
    pub(super) kind: OrganisationKind,
    pub(super) state: OrganisationState,
    pub(super) name: &'a OrganisationName,
    pub(super) country: Option<CountryCode>,
    pub(super) website: Option<&'a str>,
    pub(super) demo: bool,
    pub(super) approved_at: Option<Timestamp>,
    pub(super) at: Timestamp,
}

/// Adds an organisation and returns its permanent number.
pub(super) fn insert(conn: &mut Conn, new: &Insert<'_>) -> Result<i64> {
    let row = (
        organisations::public_id.eq(new.id.to_string()),
        organisations::kind.eq(new.kind.as_str()),
        organisations::state.eq(new.state.as_str()),
        organisations::approver.eq(false),
        organisations::name.eq(new.name.as_str()),
        organisations::name_folded.eq(new.name.folded()),
        organisations::name_skeleton.eq(new.name.skeleton()),
        organisations::country.eq(new.country.map(|c| c.as_str().to_owned())),
        organisations::website.eq(new.website),
        organisations::demo.eq(new.demo),
        organisations::version.eq(1i64),
        organisations::created_at.eq(new.at.micros()),
        organisations::updated_at.eq(new.at.micros()),
        organisations::approved_at.eq(new.approved_at.map(Timestamp::micros)),
    );
    Ok(diesel::insert_into(organisations::table).values(row).returning(organisations::id).get_result(conn)?)
}

/// Stores everything about `next` that can change, as the version after the one it has.
pub(super) fn update(conn: &mut Conn, next: &Organisation, at: Timestamp) -> Result<()> {
    let name = OrganisationName::parse(&next.name)?;
    let row = organisations::table.find(next.number).filter(organisations::version.eq(next.version));
    let updated = diesel::update(row)
        .set((
            organisations::state.eq(next.state.as_str()),
            organisations::approver.eq(next.approver),
            organisations::name.eq(name.as_str()),
            organisations::name_folded.eq(name.folded()),
            organisations::name_skeleton.eq(name.skeleton()),
            organisations::country.eq(next.country.map(|c| c.as_str().to_owned())),
            organisations::website.eq(next.website.as_deref()),
            organisations::version.eq(next.version + 1),
            organisations::updated_at.eq(at.micros()),
            organisations::approved_at.eq(next.approved_at.map(Timestamp::micros)),
            organisations::suspension_reason.eq(next.suspension_reason.as_deref()),
        ))
        .execute(conn)?;
    if updated == 1 {
        Ok(())
    } else {
        Err(Error::internal(format!("organisation {} was not locked", next.number)))
    }
}

/// Which organisations a list holds.
#[derive(Clone, Debug)]
pub struct Filter {
    /// Where they stand.
    pub state: OrganisationState,
    /// What they are.
    pub kind: Option<OrganisationKind>,
    /// Where they have their seat.
    pub country: Option<CountryCode>,
    /// How the name begins.
    pub prefix: Option<String>,
}

/// Organisations by number after `after`, at most `limit`.
pub(super) fn list(conn: &mut Conn, filter: &Filter, after: i64, limit: usize) -> Result<Vec<Organisation>> {
    let mut query = organisations::table
        .select(Row::as_select())
        .filter(organisations::state.eq(filter.state.as_str()))
        .filter(organisations::id.gt(after))
        .order(organisations::id)
        .limit(limit as i64)
        .into_boxed::<Backend>();
    if let Some(kind) = filter.kind {
        query = query.filter(organisations::kind.eq(kind.as_str()));
    }
    if let Some(country) = filter.country {
        query = query.filter(organisations::country.eq(country.as_str().to_owned()));
    }
    if let Some(prefix) = &filter.prefix {
        let literal = fold(prefix).replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        query = query.filter(organisations::name_folded.like(format!("{literal}%")).escape('\\'));
    }
    query.load(conn)?.into_iter().map(Row::parse).collect()
}

/// How many organisations have a name of each skeleton.
pub(super) fn skeletons(conn: &mut Conn, skeletons: &[String]) -> Result<HashMap<String, i64>> {
    let counted: Vec<(String, i64)> = organisations::table
        .filter(organisations::name_skeleton.eq_any(skeletons))
        .group_by(organisations::name_skeleton)
        .select((organisations::name_skeleton, count_star()))
        .load(conn)?;
    Ok(counted.into_iter().collect())
}
