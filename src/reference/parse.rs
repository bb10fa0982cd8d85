//! CSV under `index.json` becomes tables, or an error that names file and line.
//!
//! Invariant: what comes out satisfies the kind, presence and references that the columns declare.
//! Read next: `catalogue.rs`.

use super::model::{Column, Index, Kind, Meta, Table, Value};
use super::rates::UsdRate;
use crate::kernel::time::Day;
use std::collections::{HashMap, HashSet};

/// What is wrong with a file of reference data, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}, line {line}: {detail}")]
pub struct DataError {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: u64,
    /// What is wrong.
    pub detail: String,
}

impl DataError {
    /// An error at a line of a file.
    pub fn new(file: &str, line: u64, detail: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line, detail: detail.into() }
    }
}

/// Reads `index.json`.
pub fn index(text: &str) -> Result<Index, DataError> {
    serde_json::from_str(text).map_err(|e| DataError::new("index.json", e.line() as u64, e.to_string()))
}

/// A line of a file and its cells.
#[derive(Clone, Debug)]
pub struct Line {
    /// The line it begins on, from 1.
    pub number: u64,
    /// The cells, in the order of the columns.
    pub cells: Vec<Value>,
}

/// Reads one file under the description of its table: the lines that are right, and everything that is wrong.
/// References are not looked up.
pub fn lines(meta: &Meta, file: &str, text: &str) -> (Vec<Line>, Vec<DataError>) {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let wrong = |e: csv::Error| {
        let line = e.position().map_or(1, csv::Position::line);
        DataError::new(file, line, "not a CSV line in UTF-8")
    };
    let names = || meta.columns.iter().map(|c| c.name.as_str());
    if !reader.headers().is_ok_and(|header| header.iter().eq(names())) {
        let detail = format!("the header must be {}", names().collect::<Vec<_>>().join(","));
        return (Vec::new(), vec![DataError::new(file, 1, detail)]);
    }
    let (mut keys, mut rows, mut errors) = (HashSet::new(), Vec::new(), Vec::new());
    for record in reader.records() {
        let read = record.map_err(wrong).and_then(|record| {
            let number = record.position().map_or(0, csv::Position::line);
            row(meta, &record, &mut keys)
                .map_err(|detail| DataError::new(file, number, detail))
                .map(|cells| Line { number, cells })
        });
        match read {
            Ok(line) => rows.push(line),
            Err(error) => errors.push(error),
        }
    }
    (rows, errors)
}

fn row(meta: &Meta, record: &csv::StringRecord, keys: &mut HashSet<String>) -> Result<Vec<Value>, String> {
    let cells = cells(meta, record)?;
    let key = key(meta, record);
    if keys.contains(&key) {
        return Err(format!("{key} is there twice"));
    }
    keys.insert(key);
    Ok(cells)
}

fn key(meta: &Meta, record: &csv::StringRecord) -> String {
    let named = meta.columns.iter().zip(record).filter(|(c, _)| meta.key.contains(&c.name));
    named.map(|(_, cell)| cell).collect::<Vec<_>>().join(" ")
}

fn cells(meta: &Meta, record: &csv::StringRecord) -> Result<Vec<Value>, String> {
    if record.len() != meta.columns.len() {
        return Err(format!("{} cells instead of {}", record.len(), meta.columns.len()));
    }
    let cell = |(column, text): (&Column, &str)| {
        value(column, text).map_err(|detail| format!("{}: {detail}", column.name))
    };
    meta.columns.iter().zip(record).map(cell).collect()
}

fn value(column: &Column, text: &str) -> Result<Value, String> {
    if column.list {
        let items: Vec<&str> = text.split(';').filter(|t| !t.is_empty()).collect();
        for item in &items {
            scalar(column.kind, item)?;
        }
        let unique: HashSet<_> = items.iter().collect();
        if unique.len() != items.len() {
            return Err(format!("{text} says something twice"));
        }
        return Ok(Value::List(items.into_iter().map(str::to_owned).collect()));
    }
    match text {
        "" if column.optional => Ok(Value::Absent),
        "" => Err("is empty".to_owned()),
        text => scalar(column.kind, text),
    }
}

fn scalar(kind: Kind, text: &str) -> Result<Value, String> {
    let written = || Value::Text(text.to_owned());
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    match kind {
        Kind::Text if text.trim() == text => Ok(written()),
        Kind::Text => Err(format!("{text:?} has blanks around it")),
        Kind::Code if text.chars().all(plain) => Ok(written()),
        Kind::Code => Err(format!("{text} is not a code")),
        Kind::Integer => {
            text.parse().map(Value::Integer).map_err(|_| format!("{text} is not a whole number"))
        }
        Kind::Boolean => text.parse().map(Value::Boolean).map_err(|_| format!("{text} is not true or false")),
        Kind::Date => text.parse::<Day>().map(|_| written()).map_err(|e| format!("{text} is {e}")),
        Kind::Decimal => text.parse::<UsdRate>().map(|_| written()).map_err(|e| format!("{text} {e}")),
        Kind::Ppm => match text.parse() {
            Ok(n @ 0..=1_000_000) => Ok(Value::Integer(n)),
            _ => Err(format!("{text} is not a whole number from 0 to 1000000")),
        },
    }
}

/// Checks that every code that names a row of another table finds it.
pub fn check_references(
    file: &str,
    table: &Table,
    lines: &[Line],
    all: &HashMap<&str, &Table>,
) -> Result<(), DataError> {
    for (place, column) in table.meta.columns.iter().enumerate() {
        let Some(target) = &column.refers_to else { continue };
        let Some(target) = all.get(target.as_str()) else {
            return Err(DataError::new(
                file,
                1,
                format!("{} refers to {target}, which is no table", column.name),
            ));
        };
        for line in lines {
            let codes: &[String] = match &line.cells[place] {
                Value::Text(code) => std::slice::from_ref(code),
                Value::List(codes) => codes,
                _ => &[],
            };
            if let Some(code) = codes.iter().find(|c| !target.has(c)) {
                let detail = format!("{}: {code} is not in {}", column.name, target.meta.name);
                return Err(DataError::new(file, line.number, detail));
            }
        }
    }
    Ok(())
}
