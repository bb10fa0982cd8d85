//! Sentences for the facts of a match.
//!
//! Invariant: a sentence says only what the typed facts say; a new language is a new file beside [`english`] with the
//! same two functions. Read next: [`english`].

mod english;

use super::engine::{Explanation, Factor, Gate, InvestorFactor, StartupFactor};
use crate::reference::{Catalogue, TableName};

/// The languages that sentences exist in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English.
    #[default]
    English,
}

/// What sentences call things.
#[derive(Clone, Copy)]
pub struct Names<'a> {
    /// The reference data with its labels.
    pub catalogue: &'a Catalogue,
    /// Whether the world tables say what is usual; a new installation does not know yet.
    pub usual: bool,
}

impl Names<'_> {
    fn label(&self, table: TableName, code: &str) -> String {
        self.catalogue.label(table, code).unwrap_or(code).to_owned()
    }

    fn country(&self, code: impl std::fmt::Display) -> String {
        self.label(TableName::Countries, &code.to_string())
    }
}

/// A factor of either side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// What the investor looks at.
    Investor(InvestorFactor),
    /// What the startup looks at.
    Startup(StartupFactor),
}

impl Line {
    /// Every line in ledger order, `uncertainty` apart.
    pub fn all() -> impl Iterator<Item = Self> {
        let investor = InvestorFactor::TABLE.iter().map(|row| Self::Investor(row.0));
        investor.chain(StartupFactor::TABLE.iter().map(|row| Self::Startup(row.0)))
    }
}

impl Language {
    /// What a line of the ledger rests on.
    pub fn sentence(self, line: Line, explanation: &Explanation, names: Names<'_>) -> String {
        match self {
            Self::English => english::sentence(line, explanation, names),
        }
    }

    /// Why a gate is closed, or what it would need to know.
    pub fn gate(self, gate: Gate, unknown: bool) -> &'static str {
        match self {
            Self::English => english::gate(gate, unknown),
        }
    }

    /// What the last line of every ledger means.
    pub fn uncertainty(self) -> &'static str {
        match self {
            Self::English => "taken off for what the profiles do not say",
        }
    }
}
