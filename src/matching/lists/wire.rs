//! What match queries answer.
//!
//! Invariant: a row shows of its counterpart what a member may see and nothing else. Read next: [`super::rank`].

use super::model::Basis;
use crate::engine::{Explanation, Factor, Gate, GateSet, Line, Rating};
use crate::kernel::{
    ids::WorldId,
    time::Day,
    visibility::{Class, Visible},
};
use crate::matching::phrases::{Language, Names};
use crate::matching::replica::cards::{InvestorCard, StartupCard};
use serde::Serialize;
use std::borrow::Cow;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A startup in an investor's list.
#[derive(Debug, Serialize, ToSchema)]
pub struct StartupMatch {
    /// The startup.
    pub startup: StartupCard,
    /// The score, 0 to 1000000000.
    #[schema(minimum = 0, maximum = 1_000_000_000, example = 592_154_000)]
    pub score: u64,
    /// How well the less known side is known, 0 to 250000.
    #[schema(minimum = 0, maximum = 250_000, example = 214_000)]
    pub confidence: u32,
    /// Why, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation: Option<ExplanationView>,
}

/// An investor in a startup's list.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvestorMatch {
    /// The investor.
    pub investor: InvestorCard,
    /// The score, 0 to 1000000000.
    #[schema(minimum = 0, maximum = 1_000_000_000, example = 592_154_000)]
    pub score: u64,
    /// How well the less known side is known, 0 to 250000.
    #[schema(minimum = 0, maximum = 250_000, example = 214_000)]
    pub confidence: u32,
    /// Why, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation: Option<ExplanationView>,
}

impl Visible for StartupMatch {
    const FIELDS: &'static [(&'static str, Class)] = &[
        ("startup", Class::Members),
        ("score", Class::Members),
        ("confidence", Class::Members),
        ("explanation", Class::Members),
    ];
}

impl Visible for InvestorMatch {
    const FIELDS: &'static [(&'static str, Class)] = &[
        ("investor", Class::Members),
        ("score", Class::Members),
        ("confidence", Class::Members),
        ("explanation", Class::Members),
    ];
}

/// A hard condition that is closed, or that cannot be answered.
#[derive(Debug, Serialize, ToSchema)]
pub struct GateView {
    /// Its code.
    #[schema(example = "G11_NO_LOCAL_REFERENCE")]
    pub code: &'static str,
    /// What that means.
    #[schema(example = "the investor demands a verified reference in the market")]
    pub sentence: &'static str,
}

/// A line of the ledger.
#[derive(Debug, Serialize, ToSchema)]
pub struct LineView {
    /// Its name: `i.` for what the investor looks at, `s.` for what the startup looks at, and `uncertainty`.
    #[schema(example = "i.local_refs")]
    pub line: &'static str,
    /// What it adds to the score.
    #[schema(example = 41_000_000)]
    pub contribution: i64,
    /// Points of 250.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 250, example = 62)]
    pub points: Option<u8>,
    /// How well the input is known, of 250.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 250, example = 250)]
    pub confidence: Option<u8>,
    /// The effective weight of 1000.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 1000, example = 156)]
    pub weight: Option<u16>,
    /// What it rests on.
    #[schema(example = "in China: pilot (verified); 2 at home, which count for nothing there")]
    pub sentence: Cow<'static, str>,
}

/// Why a pair scores what it scores.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExplanationView {
    /// The market in which the two would meet.
    #[schema(example = "CN")]
    pub market: String,
    /// Whether no gate is closed.
    pub recommended: bool,
    /// The gates that are closed.
    pub gates: Vec<GateView>,
    /// The gates that are asked for but cannot be answered.
    pub unknown_gates: Vec<GateView>,
    /// What the startup is worth to the investor, 0 to 250000.
    #[schema(minimum = 0, maximum = 250_000, example = 163_000)]
    pub investor_utility: u64,
    /// What the investor is worth to the startup, 0 to 250000.
    #[schema(minimum = 0, maximum = 250_000, example = 181_000)]
    pub startup_utility: u64,
    /// The multiplier for what nothing makes up for, in millionths.
    #[schema(minimum = 0, maximum = 1_000_000, example = 1_000_000)]
    pub essential: u64,
    /// The score before the line `uncertainty`.
    #[schema(minimum = 0, maximum = 1_000_000_000, example = 610_000_000)]
    pub before: u64,
    /// The score: the sum of all lines.
    #[schema(minimum = 0, maximum = 1_000_000_000, example = 592_154_000)]
    pub score: u64,
    /// How well the less known side is known, 0 to 250000.
    #[schema(minimum = 0, maximum = 250_000, example = 214_000)]
    pub confidence: u32,
    /// The lines that sum to the score; in a summary, the ones that contribute most.
    pub ledger: Vec<LineView>,
    /// Whether these are all lines; in a summary some are left out.
    pub complete: bool,
}

/// What an answer rests on.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Basis)]
pub struct BasisView {
    /// The version of the score.
    #[schema(example = "mm-2")]
    pub score_version: &'static str,
    /// The day of the score.
    pub as_of: Day,
    /// The highest revision of the event log that is included.
    #[schema(minimum = 0, example = 1042)]
    pub revision: i64,
    /// The version of the corridor table.
    #[schema(minimum = 0, example = 1)]
    pub corridor_revision: i64,
    /// The version of the world tables; none in a new installation.
    pub world: Option<WorldId>,
    /// Whether no world tables are in use, so that lifts do not yet know what is usual.
    pub lifts_neutral: bool,
    /// The version of the reference data with the taxonomy of sectors.
    #[schema(example = "2026.11")]
    pub reference_version: String,
    /// The effective weights of the asking side, by factor. An investor's shift with the deals it has recorded, away from its
    /// thesis towards what the deals say; a startup's shift with the deals of each investor, so an answer to a startup
    /// tells those before an investor without deals, and each line of a ledger has the weight that counts there.
    pub weights: BTreeMap<&'static str, u16>,
    /// SHA-256 of the effective weights of both sides: the investor's first, two bytes each, in factor order.
    #[schema(example = "6f1ed002ab5595859014ebf0951522d9c0a7e2b4d81f36905ea2c47b8d13f06e")]
    pub weights_hash: String,
}

impl From<Basis> for BasisView {
    fn from(basis: Basis) -> Self {
        Self {
            score_version: basis.score_version,
            as_of: basis.as_of,
            revision: basis.revision,
            corridor_revision: basis.corridor_revision,
            world: basis.world,
            lifts_neutral: basis.world.is_none(),
            reference_version: basis.reference_version,
            weights: basis.weights,
            weights_hash: basis.weights_hash,
        }
    }
}

/// A page of an investor's list.
#[derive(Debug, Serialize, ToSchema)]
pub struct StartupMatchPage {
    /// The matches, best first.
    pub data: Vec<StartupMatch>,
    /// Whether there are more.
    pub has_more: bool,
    /// Where the next page begins.
    pub next_cursor: Option<String>,
    /// Whether anything that is ranked has changed since the page before: then a match may be on two pages, or on none.
    pub snapshot_changed: bool,
    /// What the answer rests on.
    pub basis: BasisView,
}

/// A page of a startup's list.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvestorMatchPage {
    /// The matches, best first.
    pub data: Vec<InvestorMatch>,
    /// Whether there are more.
    pub has_more: bool,
    /// Where the next page begins.
    pub next_cursor: Option<String>,
    /// Whether anything that is ranked has changed since the page before: then a match may be on two pages, or on none.
    pub snapshot_changed: bool,
    /// What the answer rests on.
    pub basis: BasisView,
}

/// A startup explained to an investor.
#[derive(Debug, Serialize, ToSchema)]
pub struct StartupPair {
    /// The startup.
    pub startup: StartupCard,
    /// Why it scores what it scores.
    pub explanation: ExplanationView,
    /// What the answer rests on.
    pub basis: BasisView,
}

/// An investor explained to a startup.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvestorPair {
    /// The investor.
    pub investor: InvestorCard,
    /// Why it scores what it scores.
    pub explanation: ExplanationView,
    /// What the answer rests on.
    pub basis: BasisView,
}

impl Visible for StartupPair {
    const FIELDS: &'static [(&'static str, Class)] =
        &[("startup", Class::Members), ("explanation", Class::Members), ("basis", Class::Members)];
}

impl Visible for InvestorPair {
    const FIELDS: &'static [(&'static str, Class)] =
        &[("investor", Class::Members), ("explanation", Class::Members), ("basis", Class::Members)];
}

impl ExplanationView {
    /// An explanation in words, with the lines that are told.
    pub fn new(explanation: &Explanation, names: Names<'_>) -> Self {
        let language = Language::English;
        let gates = |set: GateSet, unknown: bool| {
            let view = |gate: Gate| GateView { code: gate.code(), sentence: language.gate(gate, unknown) };
            set.iter().map(view).collect::<Vec<_>>()
        };
        let penalty = i64::try_from(explanation.outcome.penalty).unwrap_or(i64::MAX);
        let uncertainty = LineView {
            line: "uncertainty",
            contribution: -penalty,
            points: None,
            confidence: None,
            weight: None,
            sentence: language.uncertainty().into(),
        };
        let lines = explanation.told.iter().map(|line| line_view(*line, explanation, names));
        let outcome = &explanation.outcome;
        Self {
            market: explanation.market.to_string(),
            recommended: explanation.gates.is_empty(),
            gates: gates(explanation.gates, false),
            unknown_gates: gates(explanation.unknown_gates, true),
            investor_utility: outcome.investor_utility,
            startup_utility: outcome.startup_utility,
            essential: outcome.essential,
            before: outcome.before,
            score: explanation.ledger.sum(),
            confidence: outcome.confidence,
            ledger: lines.chain(std::iter::once(uncertainty)).collect(),
            complete: explanation.told.len() == Line::all().count(),
        }
    }
}

fn line_view(line: Line, explanation: &Explanation, names: Names<'_>) -> LineView {
    let (contribution, rating, weight) = share(line, explanation);
    LineView {
        line: line.name(),
        contribution: i64::try_from(contribution).unwrap_or(i64::MAX),
        points: Some(rating.points),
        confidence: Some(rating.confidence),
        weight: Some(weight),
        sentence: Language::English.sentence(line, explanation, names).into(),
    }
}

/// What a line adds, from which rating, by which weight.
fn share(line: Line, e: &Explanation) -> (u64, Rating, u16) {
    match line {
        Line::Investor(factor) => {
            let at = factor.index();
            (e.ledger.investor[at], e.investor_factors[at], e.weights.investor[at])
        }
        Line::Startup(factor) => {
            let at = factor.index();
            (e.ledger.startup[at], e.startup_factors[at], e.weights.startup[at])
        }
    }
}
