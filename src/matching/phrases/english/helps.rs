//! The English sentences of what would help, and of a thesis held against its deals.
//!
//! Invariant: lower case at the start, no final period, counts before judgements. Read next: [`super`].

use super::{Names, count};
use crate::engine::ReadinessPart;
use crate::engine::improve::catalogue::Step;
use crate::engine::improve::gap::{GapLine, GapPart};
use crate::engine::improve::thesis::{Check, Criterion, Verdict};
use crate::engine::lists::Mode;
use crate::engine::words::AcceleratorStatus;
use crate::matching::phrases::Market;
use crate::reference::TableName;

/// What to do.
pub fn step(step: Step, market: Market, names: Names<'_>) -> String {
    let Market { country, home } = market;
    let market = names.country(&country);
    match step {
        Step::Reference(kind) => {
            let kind = names.label(TableName::ReferenceKinds, kind.as_str()).to_lowercase();
            format!("have a verified {kind} in {market}")
        }
        Step::Verification => format!("have the references in {market} verified"),
        Step::Accelerator(AcceleratorStatus::Graduated) if home => {
            format!("graduate from an accelerator in {market}, the home market")
        }
        Step::Accelerator(_) if home => format!("take part in an accelerator in {market}, the home market"),
        Step::Localisation if home => {
            format!("finish the localisation of the product for {market}, the home market")
        }
        Step::Accelerator(AcceleratorStatus::Graduated) => {
            format!("graduate from an export accelerator for {market}")
        }
        Step::Accelerator(_) => format!("take part in an export accelerator for {market}"),
        Step::Protection => format!("file for intellectual property in {market}"),
        Step::Regulation => format!("file with the regulator of {market}"),
        Step::Localisation => format!("localise the product for {market}"),
        Step::English => "bring English to working level".to_owned(),
        Step::Interpreter => "have an interpreter on hand".to_owned(),
    }
}

/// Where a part stands.
pub fn gap(line: &GapLine, market: Market, scale: &str, names: Names<'_>) -> String {
    let Market { country, home } = market;
    let market = names.country(&country);
    let part = match line.part {
        GapPart::Readiness(ReadinessPart::Accelerator) if home => {
            format!("accelerator in {market}, the home market")
        }
        GapPart::Readiness(ReadinessPart::Localisation) if home => {
            format!("localisation for {market}, the home market")
        }
        GapPart::Readiness(ReadinessPart::Accelerator) => format!("export accelerator for {market}"),
        GapPart::Readiness(ReadinessPart::Regulation) => format!("regulation in {market}"),
        GapPart::Readiness(ReadinessPart::Protection) => format!("intellectual property in {market}"),
        GapPart::Readiness(ReadinessPart::Localisation) => format!("localisation for {market}"),
        GapPart::Readiness(ReadinessPart::Offers) => format!("offers from {market}"),
        GapPart::References => format!("references in {market}"),
        GapPart::Maturity(_) => names.label(TableName::IrlScales, scale).to_lowercase(),
    };
    let percent = line.value / 10_000;
    let stands =
        if line.stated { format!("{percent} %") } else { format!("not stated, counts as {percent} %") };
    match line.deficit {
        0 => format!("{part}: {stands}, which will do"),
        _ => format!("{part}: {stands}; {} % would do", line.target / 10_000),
    }
}

/// Why somebody is not in a list: it is in as many as it may be. Those of stable lists rank it at least as high; the
/// greatest total may have it where the score is lower, as another takes its place here at less of a loss.
pub fn displaced(mode: Mode, number: u32, appearances: u32) -> String {
    let lists = if appearances == 1 { "list" } else { "lists" };
    let why = match mode {
        Mode::Stable => " with better scores",
        Mode::Max => ", and no other choice of lists has a greater total of scores",
    };
    format!("would be number {number}; already in {appearances} of {appearances} {lists}{why}")
}

/// How the deals bear out a criterion.
pub fn check(check: &Check) -> String {
    let name = match check.criterion {
        Criterion::Focus => "the declared focus",
        Criterion::Stages => "the declared stages",
        Criterion::Ticket => "the declared ticket",
        Criterion::HardStages => "the hard limits of the stage",
        Criterion::Homes => "the homes that it wants to see",
        Criterion::ExcludedSectors => "what the excluded sectors leave",
    };
    match check.verdict() {
        Verdict::NotStated => "the thesis does not state this".to_owned(),
        Verdict::NoEvidence => "no recorded deal tells of this".to_owned(),
        _ => {
            let known = count(check.within + check.outside, "deal");
            let counted = format!("{} of {known} within {name}", check.within);
            match check.unknown {
                0 => counted,
                unknown => format!("{counted}; {unknown} more that do not tell"),
            }
        }
    }
}
