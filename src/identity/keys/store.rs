//! Rows of signing keys.
//!
//! Invariant: a key is never changed but for the moment at which it retires. Read next: [`mod@super::rotate`].

use crate::db::{Conn, schema::signing_keys};
use crate::kernel::{error::Result, time::Timestamp};
use diesel::prelude::*;

/// A signing key with its secret half.
#[derive(Insertable, Queryable)]
#[diesel(table_name = signing_keys)]
pub(super) struct Row {
    pub(super) kid: String,
    pub(super) secret: String,
    pub(super) public: String,
    pub(super) created_at: i64,
    pub(super) activated_at: i64,
    pub(super) retired_at: Option<i64>,
}

pub(super) fn all(conn: &mut Conn) -> Result<Vec<Row>> {
    Ok(signing_keys::table.order((signing_keys::created_at, signing_keys::kid)).load(conn)?)
}

pub(super) fn insert(conn: &mut Conn, row: Row) -> Result<()> {
    diesel::insert_into(signing_keys::table).values(row).execute(conn)?;
    Ok(())
}

/// Lets every key that has no end yet end at `at`.
pub(super) fn retire(conn: &mut Conn, at: Timestamp) -> Result<()> {
    diesel::update(signing_keys::table.filter(signing_keys::retired_at.is_null()))
        .set(signing_keys::retired_at.eq(at.micros()))
        .execute(conn)?;
    Ok(())
}

/// Ends every key that has not ended.
pub(super) fn end(conn: &mut Conn, at: Timestamp) -> Result<()> {
    let open = signing_keys::retired_at.is_null().or(signing_keys::retired_at.gt(at.micros()));
    diesel::update(signing_keys::table.filter(open))
        .set(signing_keys::retired_at.eq(at.micros()))
        .execute(conn)?;
    Ok(())
}
