//! The readiness gap: how far each part of readiness, references and maturity is from its target.
//!
//! Invariant: values are the ones that score; a part that is not stated stands at its sceptical prior.
//! Read next: [`super::reach`].

use super::super::arithmetic::{ONE, Part, mul_div, noisy_or};
use super::super::explain::Explanation;
use super::super::factors::readiness::ReadinessPart;
use super::super::weights::{Factor, INVESTOR_FACTORS, InvestorFactor};
use std::cmp::Reverse;

/// The target of a part in parts per million where no better one is known.
pub const TARGET: u64 = 700_000;
/// What a scale of maturity that is not stated stands at.
const UNSTATED_SCALE: u64 = 350_000;
/// What references that are not stated stand at.
const UNSTATED_REFERENCES: u64 = 100_000;

/// What may be short of its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GapPart {
    /// A part of readiness in the market.
    Readiness(ReadinessPart),
    /// References in the market.
    References,
    /// One of the six scales of maturity, by its place.
    Maturity(usize),
}

/// A part, where it stands and where it should be, in parts per million.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GapLine {
    /// The part.
    pub part: GapPart,
    /// Where it stands.
    pub value: u64,
    /// Whether that is stated and not a prior.
    pub stated: bool,
    /// Where it should be.
    pub target: u64,
    /// What is missing.
    pub deficit: u64,
    /// What the part weighs of all that investors look at.
    pub weight: u64,
}

/// The gap of a startup in the market of an explanation, the most important line first; weights are per thousand.
pub fn gap(explanation: &Explanation, weights: &[u64; INVESTOR_FACTORS], target: u64) -> Vec<GapLine> {
    let facts = &explanation.facts;
    let weight = |factor: InvestorFactor, share: u64| mul_div(weights[factor.index()], share, 1_000);
    let line = |part, value: Part| GapLine {
        part,
        value: value.value,
        stated: value.known > 0,
        target,
        deficit: target.saturating_sub(value.value),
        weight: value.weight,
    };
    let mut lines: Vec<GapLine> = facts
        .readiness
        .iter()
        .flatten()
        .map(|(name, part)| {
            let share = weight(InvestorFactor::Readiness, part.weight);
            line(GapPart::Readiness(*name), Part { weight: share, ..*part })
        })
        .collect();
    let worth = facts.references.as_ref().map(|all| noisy_or(all.iter().map(|r| r.worth).collect()));
    let share = weight(InvestorFactor::LocalReferences, ONE);
    lines.push(line(GapPart::References, Part::stated(share, worth, UNSTATED_REFERENCES)));
    for (k, level) in facts.maturity.iter().enumerate() {
        let value = level.map(|level| mul_div(ONE, level.amount() - 1, 8));
        let share = weight(InvestorFactor::Maturity, ONE / 6);
        lines.push(line(GapPart::Maturity(k), Part::stated(share, value, UNSTATED_SCALE)));
    }
    lines.sort_by_key(|line| Reverse(line.weight * line.deficit));
    lines
}
