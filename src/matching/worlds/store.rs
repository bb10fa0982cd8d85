//! Rows of the world tables.
//!
//! Invariant: flows and base of a row are written once. Read next: [`super::model`].

use super::model::{WorldState, WorldTables, WorldVersion};
use crate::db::{Conn, schema::worlds};
use crate::kernel::{
    error::{Error, Result},
    ids::WorldId,
    time::Timestamp,
};
use diesel::prelude::*;

#[derive(Queryable, Selectable)]
#[diesel(table_name = worlds)]
struct Row {
    id: i64,
    public_id: String,
    state: String,
    deals: i64,
    version: i64,
    created_at: i64,
    activated_at: Option<i64>,
}

fn model(row: Row) -> Result<WorldVersion> {
    Ok(WorldVersion {
        number: row.id,
        id: row.public_id.parse().map_err(Error::internal)?,
        state: WorldState::parse(&row.state).ok_or_else(|| Error::internal("an unknown state of a world"))?,
        deals: row.deals,
        version: row.version,
        created_at: Timestamp::from_micros(row.created_at),
        activated_at: row.activated_at.map(Timestamp::from_micros),
    })
}

/// Stores a new version as a draft and returns its number.
pub fn insert(conn: &mut Conn, id: WorldId, tables: &WorldTables, deals: u64, at: Timestamp) -> Result<i64> {
    let row = (
        worlds::public_id.eq(id.to_string()),
        worlds::state.eq(WorldState::Draft.as_str()),
        worlds::deals.eq(i64::try_from(deals).map_err(Error::internal)?),
        worlds::flows.eq(tables.flows_json()),
        worlds::base.eq(tables.base_json()),
        worlds::version.eq(1),
        worlds::created_at.eq(at.micros()),
    );
    Ok(diesel::insert_into(worlds::table).values(row).returning(worlds::id).get_result(conn)?)
}

/// The version of a public id.
pub fn find(conn: &mut Conn, id: WorldId) -> Result<Option<WorldVersion>> {
    let row = worlds::table.filter(worlds::public_id.eq(id.to_string())).select(Row::as_select());
    row.get_result(conn).optional()?.map(model).transpose()
}

/// The versions before a number, newest first, at most `limit`.
pub fn newest(conn: &mut Conn, before: i64, limit: usize) -> Result<Vec<WorldVersion>> {
    let rows: Vec<Row> = worlds::table
        .filter(worlds::id.lt(before))
        .order(worlds::id.desc())
        .limit(i64::try_from(limit).unwrap_or(i64::MAX))
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(model).collect()
}

/// The active version with its tables.
pub fn active(conn: &mut Conn) -> Result<Option<(WorldVersion, WorldTables)>> {
    let row: Option<(Row, (String, String))> = worlds::table
        .filter(worlds::state.eq(WorldState::Active.as_str()))
        .select((Row::as_select(), (worlds::flows, worlds::base)))
        .get_result(conn)
        .optional()?;
    row.map(|(row, (flows, base))| Ok((model(row)?, WorldTables::parse(&flows, &base)?))).transpose()
}

/// Retires whatever is active.
pub fn retire(conn: &mut Conn) -> Result<()> {
    diesel::update(worlds::table.filter(worlds::state.eq(WorldState::Active.as_str())))
        .set((worlds::state.eq(WorldState::Retired.as_str()), worlds::version.eq(worlds::version + 1)))
        .execute(conn)?;
    Ok(())
}

/// Puts a version to use if it is still the one that was read; false if it is not.
pub fn put_to_use(conn: &mut Conn, world: &WorldVersion, at: Timestamp) -> Result<bool> {
    let row = worlds::table.filter(worlds::id.eq(world.number)).filter(worlds::version.eq(world.version));
    let set = (
        worlds::state.eq(WorldState::Active.as_str()),
        worlds::version.eq(world.version + 1),
        worlds::activated_at.eq(at.micros()),
    );
    Ok(diesel::update(row).set(set).execute(conn)? == 1)
}
