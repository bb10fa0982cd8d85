//! Sentences for the facts of a match.
//!
//! Invariant: a sentence says only what the typed facts say; a new language is a new file beside [`english`] with the
//! same functions. Read next: [`english`].

mod english;

use super::engine::improve::catalogue::Step;
use super::engine::improve::gap::{GapLine, GapPart};
use super::engine::improve::thesis::Check;
use super::engine::lists::Mode;
use super::engine::words::Country;
use super::engine::{Explanation, Factor, Gate, InvestorFactor, ReadinessPart, StartupFactor};
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

    /// What to do to take a step.
    pub fn step(self, step: Step, market: Country, names: Names<'_>) -> String {
        match self {
            Self::English => english::step(step, market, names),
        }
    }

    /// Where a part of a readiness gap stands.
    pub fn gap(self, line: &GapLine, market: Country, names: Names<'_>) -> String {
        let scale = part_name(line.part).trim_start_matches("maturity.");
        match self {
            Self::English => english::gap(line, market, scale, names),
        }
    }

    /// How recorded deals bear out a criterion of a thesis.
    pub fn check(self, check: &Check) -> String {
        match self {
            Self::English => english::check(check),
        }
    }

    /// Why somebody is not in a list of recommendations that would have this number in it.
    pub fn displaced(self, mode: Mode, number: u32, appearances: u32) -> String {
        match self {
            Self::English => english::displaced(mode, number, appearances),
        }
    }

    /// What the last line of every ledger means.
    pub fn uncertainty(self) -> &'static str {
        match self {
            Self::English => "taken off for what the profiles do not say",
        }
    }
}

/// The name of a part of a readiness gap on the wire.
pub fn part_name(part: GapPart) -> &'static str {
    const SCALES: [&str; 6] =
        ["maturity.trl", "maturity.crl", "maturity.brl", "maturity.iprl", "maturity.tmrl", "maturity.frl"];
    match part {
        GapPart::Readiness(ReadinessPart::Accelerator) => "readiness.accelerator",
        GapPart::Readiness(ReadinessPart::Regulation) => "readiness.regulation",
        GapPart::Readiness(ReadinessPart::Protection) => "readiness.ip",
        GapPart::Readiness(ReadinessPart::Localisation) => "readiness.localisation",
        GapPart::Readiness(ReadinessPart::Offers) => "readiness.offers",
        GapPart::References => "references",
        GapPart::Maturity(scale) => SCALES[scale],
    }
}
