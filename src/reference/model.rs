//! Reference tables as data: what a table is, what its columns mean, and its rows.
//!
//! Invariant: a [`Table`] holds only cells that its columns allow, and no key twice; it never changes once read.
//! Read next: `parse.rs`, which makes tables, then `catalogue.rs`, which gives them types.

use serde::Deserialize;
use std::collections::HashMap;

/// What `index.json` says: every table and the version of the whole.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Index {
    /// The version of the whole set.
    pub version: String,
    /// The tables, in reading order.
    pub tables: Vec<Meta>,
}

/// What a table is and where it comes from.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Meta {
    /// The name, as in the path and the file.
    pub name: String,
    /// The name in English.
    pub label: String,
    /// What the table holds.
    pub about: String,
    /// The version of its content.
    pub version: String,
    /// Where the content comes from.
    pub source: String,
    /// Under which licence it stands.
    pub licence: String,
    /// The columns that tell rows apart.
    pub key: Vec<String>,
    /// Whether an operator changes it; such a table lives in the database and is only seeded from the file.
    #[serde(default)]
    pub editable: bool,
    /// The columns, in the order of the file.
    pub columns: Vec<Column>,
}

/// What a column means.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// The name, as in the header and on the wire.
    pub name: String,
    /// What its cells look like.
    pub kind: Kind,
    /// What it says.
    pub about: String,
    /// Whether a cell may be empty.
    #[serde(default)]
    pub optional: bool,
    /// Whether a cell holds several values, separated by `;`.
    #[serde(default)]
    pub list: bool,
    /// The table whose codes the cells name.
    #[serde(default)]
    pub refers_to: Option<String>,
}

/// What the cells of a column look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Free text.
    Text,
    /// A stable code without blanks.
    Code,
    /// A whole number.
    Integer,
    /// `true` or `false`.
    Boolean,
    /// `YYYY-MM-DD`.
    Date,
    /// A positive decimal number, kept as written.
    Decimal,
    /// Millionths, 0 to 1,000,000.
    Ppm,
}

/// The content of a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Nothing is said.
    Absent,
    /// Text, a code, a date or a decimal number, as written.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// Yes or no.
    Boolean(bool),
    /// Several codes.
    List(Vec<String>),
}

/// A table of reference data.
#[derive(Clone, Debug)]
pub struct Table {
    /// What it is.
    pub meta: Meta,
    /// Its rows, cells in the order of the columns.
    pub rows: Vec<Vec<Value>>,
    by_code: HashMap<String, usize>,
}

impl Table {
    /// A table of rows that were checked; `by_code` maps the first cell of a row to its place.
    pub(super) fn new(meta: Meta, rows: Vec<Vec<Value>>) -> Self {
        let by_code = match meta.key.as_slice() {
            [one] if one == "code" => {
                rows.iter().enumerate().map(|(n, r)| (r[0].text().to_owned(), n)).collect()
            }
            _ => HashMap::new(),
        };
        Self { meta, rows, by_code }
    }

    /// Whether the table has a row of this code.
    pub fn has(&self, code: &str) -> bool {
        self.by_code.contains_key(code)
    }

    /// The row of a code.
    pub fn find(&self, code: &str) -> Option<Row<'_>> {
        self.by_code.get(code).map(|n| Row { table: self, cells: &self.rows[*n] })
    }

    /// All rows, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|cells| Row { table: self, cells })
    }

    /// All codes, in the order of the file.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        self.rows.iter().filter(|_| !self.by_code.is_empty()).map(|r| r[0].text())
    }
}

/// One row, its cells found by the names of the columns.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    table: &'a Table,
    cells: &'a [Value],
}

impl<'a> Row<'a> {
    /// The cell of a column; absent when there is no such column.
    pub fn get(&self, column: &str) -> &'a Value {
        let place = self.table.meta.columns.iter().position(|c| c.name == column);
        place.map_or(&Value::Absent, |n| &self.cells[n])
    }

    /// The cells with their columns.
    pub fn cells(&self) -> impl Iterator<Item = (&'a Column, &'a Value)> {
        self.table.meta.columns.iter().zip(self.cells)
    }

    /// The text of a column; empty when absent.
    pub fn text(&self, column: &str) -> &'a str {
        self.get(column).text()
    }

    /// The text of a column that may be absent.
    pub fn optional(&self, column: &str) -> Option<&'a str> {
        Some(self.text(column)).filter(|t| !t.is_empty())
    }

    /// The whole number of a column; zero when absent.
    pub fn integer(&self, column: &str) -> i64 {
        match self.get(column) {
            Value::Integer(n) => *n,
            _ => 0,
        }
    }

    /// Whether a column says `true`.
    pub fn boolean(&self, column: &str) -> bool {
        matches!(self.get(column), Value::Boolean(true))
    }

    /// The codes of a column that holds several.
    pub fn list(&self, column: &str) -> &'a [String] {
        match self.get(column) {
            Value::List(list) => list,
            _ => &[],
        }
    }
}

impl Value {
    /// The text of this cell; empty when it holds something else.
    pub fn text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            _ => "",
        }
    }
}
