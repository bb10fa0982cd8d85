//! Rows of mails to be sent.
//!
//! Invariant: one row for an event, claimed by one conditional update. Read next: [`super`].

use crate::db::{Conn, MAX_BINDS, each, schema::mail_deliveries};
use crate::kernel::{error::Result, time::Timestamp};
use diesel::prelude::*;
use std::collections::HashMap;

/// A mail that is due.
pub(super) struct Delivery {
    pub(super) event: i64,
    pub(super) attempts: i32,
}

pub(super) fn queue(conn: &mut Conn, events: &[i64], now: Timestamp) -> Result<()> {
    for event in events {
        let row = (
            mail_deliveries::event_id.eq(*event),
            mail_deliveries::state.eq("due"),
            mail_deliveries::attempts.eq(0),
            mail_deliveries::next_at.eq(now.micros()),
        );
        each!(conn, c => diesel::insert_into(mail_deliveries::table)
            .values(row)
            .on_conflict_do_nothing()
            .execute(c))?;
    }
    Ok(())
}

pub(super) fn due(conn: &mut Conn, now: Timestamp, limit: i64) -> Result<Vec<Delivery>> {
    let rows: Vec<(i64, i32)> = mail_deliveries::table
        .filter(mail_deliveries::state.eq("due"))
        .filter(mail_deliveries::next_at.le(now.micros()))
        .order(mail_deliveries::event_id)
        .limit(limit)
        .select((mail_deliveries::event_id, mail_deliveries::attempts))
        .load(conn)?;
    Ok(rows.into_iter().map(|(event, attempts)| Delivery { event, attempts }).collect())
}

/// Takes a delivery that nobody took since it was read, and says whether that worked.
pub(super) fn claim(conn: &mut Conn, event: i64, attempts: i32, until: Timestamp) -> Result<bool> {
    let place = mail_deliveries::table
        .find(event)
        .filter(mail_deliveries::state.eq("due"))
        .filter(mail_deliveries::attempts.eq(attempts));
    let values = (mail_deliveries::attempts.eq(attempts + 1), mail_deliveries::next_at.eq(until.micros()));
    Ok(diesel::update(place).set(values).execute(conn)? == 1)
}

pub(super) fn settle(conn: &mut Conn, event: i64, state: &str) -> Result<()> {
    let place = mail_deliveries::table.find(event);
    diesel::update(place).set(mail_deliveries::state.eq(state)).execute(conn)?;
    Ok(())
}

/// The states of the mails of these events, by event; most events have none.
pub(super) fn states(conn: &mut Conn, events: &[i64]) -> Result<HashMap<i64, String>> {
    let mut all = HashMap::new();
    for chunk in events.chunks(MAX_BINDS) {
        let found = mail_deliveries::table.filter(mail_deliveries::event_id.eq_any(chunk));
        let rows = found.select((mail_deliveries::event_id, mail_deliveries::state));
        all.extend(rows.load::<(i64, String)>(conn)?);
    }
    Ok(all)
}

/// Removes the mails of these events, also those that are due.
pub(super) fn remove(conn: &mut Conn, events: &[i64]) -> Result<()> {
    for chunk in events.chunks(MAX_BINDS) {
        diesel::delete(mail_deliveries::table.filter(mail_deliveries::event_id.eq_any(chunk)))
            .execute(conn)?;
    }
    Ok(())
}
