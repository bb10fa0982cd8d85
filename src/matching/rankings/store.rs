//! Rows of kept rankings and of what they rest on.
//!
//! Invariant: nothing here is ever updated; inputs and tables stand under their digests. Read next: [`super::model`].

use super::model::{Ranking, Row, Side, Stood};
use crate::db::schema::{profiles, ranking_inputs, ranking_rows, ranking_tables, rankings};
use crate::db::{Conn, each};
use crate::kernel::{
    error::{Error, Result},
    ids::RankingId,
    time::Timestamp,
};
use diesel::prelude::*;

#[derive(Queryable, Selectable)]
#[diesel(table_name = rankings)]
struct RankingRow {
    id: i64,
    public_id: String,
    side: String,
    profile_id: i64,
    profile: String,
    profile_revision: i64,
    input: String,
    tables: String,
    question: String,
    basis: String,
    digest: String,
    listed: i32,
    created_at: i64,
}

fn model(row: RankingRow) -> Result<Ranking> {
    let asking =
        Stood { number: row.profile_id, id: row.profile, revision: row.profile_revision, input: row.input };
    Ok(Ranking {
        number: row.id,
        id: row.public_id.parse().map_err(Error::internal)?,
        side: Side::parse(&row.side).ok_or_else(|| Error::internal("an unknown side of a ranking"))?,
        asking,
        tables: row.tables,
        question: row.question,
        basis: row.basis,
        digest: row.digest,
        listed: row.listed,
        created_at: Timestamp::from_micros(row.created_at),
    })
}

/// Stores a ranking with its rows and returns its number.
pub fn insert(conn: &mut Conn, ranking: &Ranking, rows: &[Row]) -> Result<i64> {
    let asking = &ranking.asking;
    let row = (
        rankings::public_id.eq(ranking.id.to_string()),
        rankings::side.eq(ranking.side.as_str()),
        rankings::profile_id.eq(asking.number),
        rankings::profile.eq(&asking.id),
        rankings::profile_revision.eq(asking.revision),
        rankings::input.eq(&asking.input),
        rankings::tables.eq(&ranking.tables),
        rankings::question.eq(&ranking.question),
        rankings::basis.eq(&ranking.basis),
        rankings::digest.eq(&ranking.digest),
        rankings::listed.eq(ranking.listed),
        rankings::created_at.eq(ranking.created_at.micros()),
    );
    let number: i64 =
        diesel::insert_into(rankings::table).values(row).returning(rankings::id).get_result(conn)?;
    let rows: Vec<_> = rows
        .iter()
        .map(|row| {
            (
                ranking_rows::ranking_id.eq(number),
                ranking_rows::place.eq(row.place),
                ranking_rows::profile_id.eq(row.of.number),
                ranking_rows::profile.eq(&row.of.id),
                ranking_rows::revision.eq(row.of.revision),
                ranking_rows::input.eq(&row.of.input),
                ranking_rows::score.eq(row.score),
                ranking_rows::confidence.eq(row.confidence),
                ranking_rows::digest.eq(&row.digest),
            )
        })
        .collect();
    each!(conn, c => diesel::insert_into(ranking_rows::table).values(&rows).execute(c))?;
    Ok(number)
}

/// The ranking of a public id.
pub fn find(conn: &mut Conn, id: RankingId) -> Result<Option<Ranking>> {
    let row = rankings::table.filter(rankings::public_id.eq(id.to_string()));
    row.select(RankingRow::as_select()).get_result(conn).optional()?.map(model).transpose()
}

/// The rankings made for a profile before a number, newest first, at most `limit`.
pub fn of_profile(conn: &mut Conn, profile: i64, before: i64, limit: usize) -> Result<Vec<Ranking>> {
    let own = rankings::table.filter(rankings::profile_id.eq(profile)).filter(rankings::id.lt(before));
    let rows: Vec<RankingRow> = own
        .order(rankings::id.desc())
        .limit(i64::try_from(limit).unwrap_or(i64::MAX))
        .select(RankingRow::as_select())
        .load(conn)?;
    rows.into_iter().map(model).collect()
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = ranking_rows)]
struct ListedRow {
    place: i32,
    profile_id: i64,
    profile: String,
    revision: i64,
    input: String,
    score: i64,
    confidence: i64,
    digest: String,
}

impl From<ListedRow> for Row {
    fn from(row: ListedRow) -> Self {
        let ListedRow { place, profile_id: number, profile: id, revision, input, score, confidence, digest } =
            row;
        Self { place, of: Stood { number, id, revision, input }, score, confidence, digest }
    }
}

/// The rows of a ranking, in their order.
pub fn rows(conn: &mut Conn, ranking: &Ranking) -> Result<Vec<Row>> {
    let own = ranking_rows::table.filter(ranking_rows::ranking_id.eq(ranking.number));
    let rows: Vec<ListedRow> = own.order(ranking_rows::place).select(ListedRow::as_select()).load(conn)?;
    Ok(rows.into_iter().map(Row::from).collect())
}

/// Deletes a ranking with its rows; false if it is gone already.
pub fn delete(conn: &mut Conn, ranking: &Ranking) -> Result<bool> {
    Ok(diesel::delete(rankings::table.find(ranking.number)).execute(conn)? == 1)
}

/// Stores what the score reads of revisions, where it is not there yet.
pub fn put_inputs<'a>(conn: &mut Conn, inputs: impl Iterator<Item = (&'a Stood, &'a str)>) -> Result<()> {
    // In one order for all, so that no two wait for each other.
    let mut inputs: Vec<_> = inputs.collect();
    inputs.sort_unstable_by_key(|(of, _)| (of.number, of.revision));
    let row = |(of, input): (&'a Stood, &'a str)| {
        (
            ranking_inputs::profile_id.eq(of.number),
            ranking_inputs::revision.eq(of.revision),
            ranking_inputs::digest.eq(&of.input),
            ranking_inputs::input.eq(input),
        )
    };
    let rows: Vec<_> = inputs.into_iter().map(row).collect();
    each!(conn, c => diesel::insert_into(ranking_inputs::table).values(&rows).on_conflict_do_nothing().execute(c))?;
    Ok(())
}

/// What the score reads of a revision, if it is retained.
pub fn input(conn: &mut Conn, of: &Stood) -> Result<Option<String>> {
    let row = ranking_inputs::table.find((of.number, of.revision, &of.input));
    Ok(row.select(ranking_inputs::input).get_result(conn).optional()?)
}

/// Stores tables, unless they are there.
pub fn put_tables(conn: &mut Conn, digest: &str, world: Option<i64>, tables: &str) -> Result<()> {
    let row = (
        ranking_tables::digest.eq(digest),
        ranking_tables::world_id.eq(world),
        ranking_tables::tables.eq(tables),
    );
    each!(conn, c => diesel::insert_into(ranking_tables::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(())
}

/// Tables, if they are retained.
pub fn tables(conn: &mut Conn, digest: &str) -> Result<Option<String>> {
    let row = ranking_tables::table.find(digest).select(ranking_tables::tables);
    Ok(row.get_result(conn).optional()?)
}

/// Whether a profile is there at all.
pub fn has_profile(conn: &mut Conn, id: &str) -> Result<bool> {
    let found = profiles::table.filter(profiles::public_id.eq(id)).select(profiles::id);
    Ok(found.first::<i64>(conn).optional()?.is_some())
}
