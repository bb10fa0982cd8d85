//! What questions for help answer.
//!
//! Invariant: a step says exactly what the score changes by, never about what. Read next: [`super`].

use super::model::{MarketReport, PairReport};
use crate::engine::Gate;
use crate::engine::improve::catalogue::Step;
use crate::engine::improve::counterfactual::{Improvement, Prospect};
use crate::engine::improve::gap::GapLine;
use crate::engine::improve::reach::{MarketProspect, Reach};
use crate::kernel::visibility::{Class, Visible};
use crate::matching::lists::wire::{BasisView, GateView};
use crate::matching::phrases::{Language, Market, Names, part_name};
use crate::matching::replica::cards::InvestorCard;
use serde::Serialize;
use utoipa::ToSchema;

/// A single fact that the startup could bring about, and what the pair would come to.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImprovementView {
    /// Its code in the catalogue: A1 a verified reference, A2 verification, A3 an export accelerator, A4 a filing for
    /// intellectual property, A5 a regulatory filing, A6 localisation, A7 working English, A8 an interpreter.
    #[schema(example = "A1")]
    pub code: &'static str,
    /// The kind of reference, or how far with the accelerator.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "pilot")]
    pub kind: Option<&'static str>,
    /// What to do.
    #[schema(example = "have a verified pilot in China")]
    pub sentence: String,
    /// What it adds to the score; in a plan, after the steps before it.
    #[schema(minimum = 0, maximum = 1_000_000_000, example = 24_092_443)]
    pub gain: i64,
    /// The score after it.
    #[schema(minimum = 0, maximum = 1_000_000_000, example = 561_700_000)]
    pub score: u64,
    /// The confidence after it, 0 to 250000.
    #[schema(minimum = 0, maximum = 250_000, example = 214_000)]
    pub confidence: u32,
    /// The gates that it opens.
    pub opens: Vec<GateView>,
}

/// Where a part of readiness, references or maturity stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct GapView {
    /// The part: `readiness.` with `accelerator`, `regulation`, `ip`, `localisation` or `offers`; `references`; or
    /// `maturity.` with a scale.
    #[schema(example = "readiness.localisation")]
    pub part: &'static str,
    /// Where it stands, in millionths; a sceptical value where nothing is stated.
    #[schema(minimum = 0, maximum = 1_000_000, example = 100_000)]
    pub value: u64,
    /// Whether the profile states it.
    pub stated: bool,
    /// Where it should be, in millionths.
    #[schema(minimum = 0, maximum = 1_000_000, example = 700_000)]
    pub target: u64,
    /// What is missing, in millionths.
    #[schema(minimum = 0, maximum = 1_000_000, example = 600_000)]
    pub deficit: u64,
    /// What the part weighs of all that investors look at, in millionths.
    #[schema(minimum = 0, maximum = 1_000_000, example = 18_000)]
    pub weight: u64,
    /// The same in words.
    #[schema(example = "localisation for China: not stated, counts as 10 %; 70 % would do")]
    pub sentence: String,
}

/// What would raise the score with one investor.
#[derive(Debug, Serialize, ToSchema)]
pub struct PairImprovements {
    /// The investor.
    pub investor: InvestorCard,
    /// The market in which the two would meet.
    #[schema(example = "CN")]
    pub market: String,
    /// The score as it is.
    #[schema(minimum = 0, maximum = 1_000_000_000, example = 537_600_000)]
    pub score: u64,
    /// The confidence as it is, 0 to 250000.
    #[schema(minimum = 0, maximum = 250_000, example = 205_000)]
    pub confidence: u32,
    /// Whether no gate is closed.
    pub recommended: bool,
    /// The gates that are closed.
    pub gates: Vec<GateView>,
    /// The single facts of the catalogue that raise the score or open a gate, the best first.
    pub steps: Vec<ImprovementView>,
    /// Up to three steps, each the best after the ones before it.
    pub plan: Vec<ImprovementView>,
    /// The readiness gap, the most important line first.
    pub gap: Vec<GapView>,
    /// What the answer rests on.
    pub basis: BasisView,
}

/// A single fact that the startup could bring about, and what it would change in a market.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReachView {
    /// Its code in the catalogue, as for one investor.
    #[schema(example = "A1")]
    pub code: &'static str,
    /// The kind of reference, or how far with the accelerator.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "customer")]
    pub kind: Option<&'static str>,
    /// What to do.
    #[schema(example = "have a verified paying customer in China")]
    pub sentence: String,
    /// What it adds to the scores with the best investors of the market, summed.
    #[schema(minimum = 0, example = 512_000_000)]
    pub gain: i64,
    /// How many of the best investors after it have the startup in the first ten of their lists then and not now.
    #[schema(minimum = 0, example = 3)]
    pub lists_entered: u32,
    /// How many of the best investors after it are kept away by a gate now.
    #[schema(minimum = 0, example = 1)]
    pub gates_opened: u32,
}

/// Where a startup stands in a market, and what would help there.
#[derive(Debug, Serialize, ToSchema)]
pub struct MarketGaps {
    /// The market.
    #[schema(example = "CN")]
    pub market: String,
    /// How many investors the gains are added up over: the best of the market, twenty at most.
    #[schema(minimum = 0, maximum = 20, example = 20)]
    pub investors: u32,
    /// The readiness gap, the most important line first; weights are the mean of those investors'.
    pub gap: Vec<GapView>,
    /// The single facts of the catalogue that help, the best first.
    pub steps: Vec<ReachView>,
    /// What the answer rests on.
    pub basis: BasisView,
}

impl Visible for PairImprovements {
    const FIELDS: &'static [(&'static str, Class)] = &[
        ("investor", Class::Members),
        ("market", Class::Organisation),
        ("score", Class::Organisation),
        ("confidence", Class::Organisation),
        ("recommended", Class::Organisation),
        ("gates", Class::Organisation),
        ("steps", Class::Organisation),
        ("plan", Class::Organisation),
        ("gap", Class::Organisation),
        ("basis", Class::Organisation),
    ];
}

impl Visible for MarketGaps {
    const FIELDS: &'static [(&'static str, Class)] = &[
        ("market", Class::Organisation),
        ("investors", Class::Organisation),
        ("gap", Class::Organisation),
        ("steps", Class::Organisation),
        ("basis", Class::Organisation),
    ];
}

impl PairImprovements {
    /// A report on a pair in words.
    pub(super) fn new(report: PairReport, names: Names<'_>) -> Self {
        let PairReport { investor, home, prospect: Prospect { now, steps, plan }, gap, basis } = report;
        let market = Market::of(now.market, home);
        Self {
            investor,
            market: now.market.to_string(),
            score: now.outcome.score(),
            confidence: now.outcome.confidence,
            recommended: now.gates.is_empty(),
            gates: gate_views(now.gates.iter()),
            steps: steps.iter().map(|step| improvement(step, market, names)).collect(),
            plan: plan.iter().map(|step| improvement(step, market, names)).collect(),
            gap: gap_views(&gap, market, names),
            basis: basis.into(),
        }
    }
}

impl MarketGaps {
    /// A report on a market in words.
    pub(super) fn new(report: MarketReport, names: Names<'_>) -> Self {
        let MarketReport { market, home, prospect: MarketProspect { investors, gap, steps }, basis } = report;
        let place = Market::of(market, home);
        Self {
            market: market.to_string(),
            investors: u32::try_from(investors).unwrap_or(u32::MAX),
            gap: gap_views(&gap, place, names),
            steps: steps.iter().map(|step| reach(step, place, names)).collect(),
            basis: basis.into(),
        }
    }
}

/// Gates that are closed, or that a step opens.
fn gate_views(gates: impl Iterator<Item = Gate>) -> Vec<GateView> {
    let view = |gate: Gate| GateView { code: gate.code(), sentence: Language::English.gate(gate, false) };
    gates.map(view).collect()
}

/// The lines of a gap in words.
fn gap_views(lines: &[GapLine], market: Market, names: Names<'_>) -> Vec<GapView> {
    let view = |line: &GapLine| GapView {
        part: part_name(line.part),
        value: line.value,
        stated: line.stated,
        target: line.target,
        deficit: line.deficit,
        weight: line.weight,
        sentence: Language::English.gap(line, market, names),
    };
    lines.iter().map(view).collect()
}

/// A step before one investor in words.
fn improvement(of: &Improvement, market: Market, names: Names<'_>) -> ImprovementView {
    ImprovementView {
        code: of.step.code(),
        kind: kind(of.step),
        sentence: Language::English.step(of.step, market, names),
        gain: of.gain,
        score: of.score,
        confidence: of.confidence,
        opens: gate_views(of.opens.iter().copied()),
    }
}

/// A step in a market in words.
fn reach(of: &Reach, market: Market, names: Names<'_>) -> ReachView {
    ReachView {
        code: of.step.code(),
        kind: kind(of.step),
        sentence: Language::English.step(of.step, market, names),
        gain: of.gain,
        lists_entered: of.entered,
        gates_opened: of.opened,
    }
}

fn kind(step: Step) -> Option<&'static str> {
    match step {
        Step::Reference(kind) => Some(kind.as_str()),
        Step::Accelerator(status) => Some(status.as_str()),
        _ => None,
    }
}
