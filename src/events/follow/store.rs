//! Rows of followers: a position, and the lease under which it moves.
//!
//! Invariant: a lease is taken by one conditional update, so at most one node holds it; whoever took it in a transaction
//! keeps every other node waiting until that ends. Read next: [`super::follower`].

use crate::db::{Conn, each, schema::followers};
use crate::kernel::{error::Result, time::Timestamp};
use diesel::prelude::*;

/// The standing of a follower as it is stored.
#[derive(Clone, Debug, Default)]
pub(super) struct Standing {
    /// The revision up to which everything was handled.
    pub(super) revision: i64,
    /// The node that holds the lease; `None` if it was given back or never taken.
    holder: Option<String>,
    held_until: Option<i64>,
}

impl Standing {
    /// Whether `node` holds the lease, or held it last.
    pub(super) fn is_held(&self, node: &str) -> bool {
        self.holder.as_deref() == Some(node)
    }

    /// Whether a node other than `node` holds the lease at `now`.
    pub(super) fn is_held_by_another(&self, node: &str, now: Timestamp) -> bool {
        let other = self.holder.as_deref().is_some_and(|holder| holder != node);
        other && self.held_until.is_some_and(|until| until > now.micros())
    }
}

/// The standing of a follower; at the beginning of the log without a lease if it has never stepped.
pub(super) fn standing(conn: &mut Conn, name: &str) -> Result<Standing> {
    let columns = (followers::revision, followers::holder, followers::held_until);
    let row = followers::table.find(name).select(columns).get_result(conn).optional()?;
    let standing = |(revision, holder, held_until)| Standing { revision, holder, held_until };
    Ok(row.map_or_else(Standing::default, standing))
}

/// Takes or renews the lease for `node`, and gives the position; `None` while another node holds it.
pub(super) fn take(
    conn: &mut Conn,
    name: &str,
    node: &str,
    (now, until): (Timestamp, Timestamp),
) -> Result<Option<i64>> {
    let row = (followers::name.eq(name), followers::revision.eq(0_i64));
    each!(conn, c => diesel::insert_into(followers::table).values(row).on_conflict_do_nothing().execute(c))?;
    let free = followers::holder.is_null().or(followers::held_until.is_null());
    let free = free.or(followers::held_until.le(now.micros())).or(followers::holder.eq(node));
    let place = followers::table.filter(followers::name.eq(name)).filter(free.assume_not_null());
    let lease = (followers::holder.eq(node), followers::held_until.eq(until.micros()));
    if diesel::update(place).set(lease).execute(conn)? == 0 {
        return Ok(None);
    }
    Ok(Some(followers::table.find(name).select(followers::revision).get_result(conn)?))
}

/// Moves the position of a follower, whose lease was taken in the same transaction.
pub(super) fn advance(conn: &mut Conn, name: &str, revision: i64) -> Result<()> {
    diesel::update(followers::table.find(name)).set(followers::revision.eq(revision)).execute(conn)?;
    Ok(())
}

/// Gives the lease back, if `node` holds it.
pub(super) fn release(conn: &mut Conn, name: &str, node: &str) -> Result<()> {
    let place = followers::table.filter(followers::name.eq(name)).filter(followers::holder.eq(node));
    let free = (followers::holder.eq(None::<String>), followers::held_until.eq(None::<i64>));
    diesel::update(place).set(free).execute(conn)?;
    Ok(())
}
