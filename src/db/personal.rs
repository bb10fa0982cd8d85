//! The trait by which features account for the personal data they hold: where it lies, how it is exported, erased and kept.
//!
//! Invariant: every table is either claimed by one implementation of [`PersonalData`] or listed with a reason as one
//! without; a test reads `schema.rs` and fails on any other. Features implement the trait in their `personal.rs`, and
//! `program` collects them. Read next: `crate::program::personal`.

use super::Conn;
use crate::kernel::{error::Result, ids::PersonId, time::Timestamp};
use serde_json::Value;
use std::time::Duration;

/// The person that an export or an erasure is about.
#[derive(Clone, Debug)]
pub struct DataSubject {
    /// The permanent number.
    pub number: i64,
    /// The public id.
    pub id: PersonId,
    /// The e-mail address, folded for comparison; `None` once the person is erased.
    pub address: Option<String>,
}

/// A table with personal data.
#[derive(Clone, Copy, Debug)]
pub struct PersonalTable {
    /// The name of the table.
    pub name: &'static str,
    /// The columns that hold personal data, one at least.
    pub columns: &'static [&'static str],
    /// The column by which the rows of a person are found.
    pub found_by: &'static str,
    /// The time that rows are kept, unless their person is erased before.
    pub kept: Kept,
    /// The rule that removes or changes rows.
    pub rule: &'static str,
}

/// The time that personal data is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// For as long as the person is there, or until somebody entitled removes it.
    WhileUsed,
    /// So long after an instant of the row, which is named.
    After(Duration, &'static str),
}

/// Personal data of one feature.
pub trait PersonalData: Send + Sync {
    /// The word under which an export shows it.
    fn name(&self) -> &'static str;

    /// The tables that hold it, each with its columns and its retention.
    fn tables(&self) -> &'static [PersonalTable];

    /// Everything that is held of a person and that the person may read: no secrets, and nothing of others.
    ///
    /// # Errors
    /// A refusal of the database.
    fn export(&self, conn: &mut Conn, person: &DataSubject) -> Result<Value>;

    /// Removes everything that is held of a person, or makes it nameless. Ids stay, so that what refers to them is whole.
    ///
    /// # Errors
    /// A refusal of the database.
    fn erase(&self, conn: &mut Conn, person: &DataSubject, now: Timestamp) -> Result<()>;

    /// The retention of each table: its name, the time that rows are kept, and the rule that removes them.
    fn retention(&self) -> Vec<(&'static str, Kept, &'static str)> {
        self.tables().iter().map(|table| (table.name, table.kept, table.rule)).collect()
    }
}
