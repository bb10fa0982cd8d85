//! The fixed catalogue of single facts that a startup could bring about in a market.
//!
//! Invariant: a step changes one fact of a copy and nothing else; its label orders steps of the same code.
//! Read next: [`super::counterfactual`].

use super::super::profile::{AcceleratorRecord, Reference, Startup};
use super::super::words::{AcceleratorStatus, Country, Level, Protection, ReferenceKind, Regulatory};

/// One fact that a startup could bring about in a market.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// A verified reference of this kind.
    Reference(ReferenceKind),
    /// The references it has there, verified.
    Verification,
    /// An export accelerator for the market, this far.
    Accelerator(AcceleratorStatus),
    /// Intellectual property filed.
    Protection,
    /// A regulatory filing.
    Regulation,
    /// The product localised.
    Localisation,
    /// Working English.
    English,
    /// An interpreter on hand.
    Interpreter,
}

impl Step {
    /// The whole catalogue, in its order.
    pub const ALL: &'static [Self] = &[
        Self::Reference(ReferenceKind::Customer),
        Self::Reference(ReferenceKind::Pilot),
        Self::Reference(ReferenceKind::LocalEntity),
        Self::Verification,
        Self::Accelerator(AcceleratorStatus::Active),
        Self::Accelerator(AcceleratorStatus::Graduated),
        Self::Protection,
        Self::Regulation,
        Self::Localisation,
        Self::English,
        Self::Interpreter,
    ];

    /// The code on the wire.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Reference(_) => "A1",
            Self::Verification => "A2",
            Self::Accelerator(_) => "A3",
            Self::Protection => "A4",
            Self::Regulation => "A5",
            Self::Localisation => "A6",
            Self::English => "A7",
            Self::Interpreter => "A8",
        }
    }

    /// The label that the specification gives it, by which steps of one code are ordered.
    pub fn label(self, market: Country) -> String {
        match self {
            Self::Reference(kind) => format!("verified {} in {market}", kind.as_str()),
            Self::Verification => format!("have the references in {market} verified"),
            Self::Accelerator(status) => format!("export accelerator for {market}: {}", status.as_str()),
            Self::Protection => format!("file IP in {market}"),
            Self::Regulation => format!("regulatory filing in {market}"),
            Self::Localisation => format!("localise the product for {market}"),
            Self::English => "working English".to_owned(),
            Self::Interpreter => "interpreter on hand".to_owned(),
        }
    }

    /// A copy on which the step is taken; nothing where there is nothing to do.
    pub fn on(self, startup: &Startup, market: Country, today: i32) -> Option<Startup> {
        let mut copy = startup.clone();
        match self {
            Self::Reference(kind) => {
                let reference = Reference { country: market, kind, day: today, verified: true };
                copy.references.get_or_insert_default().push(reference);
            }
            Self::Verification => verify(&mut copy, market)?,
            Self::Accelerator(status) => {
                let record = AcceleratorRecord { target: market, status };
                copy.accelerators.get_or_insert_default().push(record);
            }
            Self::Protection => {
                copy.protection.get_or_insert_default().insert(market, Protection::Filed);
            }
            Self::Regulation => {
                copy.regulatory.get_or_insert_default().insert(market, Regulatory::Filed);
            }
            Self::Localisation => {
                copy.localised.get_or_insert_default().insert(market);
            }
            Self::English => {
                let working = Level::nearest(2);
                let level = copy.languages.get_or_insert_default().entry("en".to_owned()).or_insert(working);
                *level = working.max(*level);
            }
            Self::Interpreter => copy.interpreter = true,
        }
        Some(copy)
    }
}

/// Verifies every reference in the market; nothing where none is left to verify.
fn verify(copy: &mut Startup, market: Country) -> Option<()> {
    let waiting = copy.references.iter_mut().flatten().filter(|r| r.country == market && !r.verified);
    waiting.map(|reference| reference.verified = true).reduce(|(), ()| ())
}
