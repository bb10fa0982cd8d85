//! The score once more, straight from the profiles: no codes, no tables, nothing worked out beforehand.
//!
//! Invariant: shares nothing with the engine but the parsed profiles and the names of factors; sums in 128 bits.
//! Read next: [`factors`], then [`gates`].

use springboard::engine::profile::{Investor, Startup, World};
use springboard::engine::words::{Country, LocalReference, Regulatory};
use springboard::engine::{Factor, InvestorFactor, Overrides, StartupFactor};

mod factors;
mod gates;

type Number = i128;
type Rating = (Number, Number);

const ONE: Number = 1_000_000;

/// What the oracle says of a pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    pub market: Country,
    pub closed: Vec<&'static str>,
    pub unknown: Vec<&'static str>,
    pub investor: Vec<Rating>,
    pub startup: Vec<Rating>,
    pub essential: Number,
    pub confidence: Number,
    pub score: Number,
}

/// One startup before one investor, and the deals by a question at a time.
pub struct Oracle<'a> {
    pub world: &'a World,
    pub s: &'a Startup,
    pub i: &'a Investor,
}

fn level(regulatory: Regulatory) -> Number {
    match regulatory {
        Regulatory::Approved => ONE,
        Regulatory::NotRequired => 900_000,
        Regulatory::Phase3 => 800_000,
        Regulatory::Filed => 700_000,
        Regulatory::Phase2 => 600_000,
        Regulatory::Phase1 => 350_000,
        Regulatory::Planned => 300_000,
        Regulatory::Preclinical => 100_000,
        Regulatory::None => 0,
    }
}

/// Effective weights, from the table in the specification.
pub fn weights<F: Factor>(own: &Overrides<F>, deals: Number, double: &str) -> Vec<Number> {
    let raw: Vec<Number> = (F::TABLE.iter())
        .map(|(factor, thesis, evidence)| {
            let (t, e) = own.get(*factor).map_or((*thesis, *evidence), |w| (w, w));
            let raw = 2 * Number::from(t) + deals * Number::from(e);
            if factor.name() == double { 2 * raw } else { raw }
        })
        .collect();
    let total: Number = raw.iter().sum();
    let mut weights: Vec<Number> = raw.iter().map(|r| r * 1_000 / total).collect();
    for _ in weights.iter().sum::<Number>()..1_000 {
        let rest = |k: usize| raw[k] * 1_000 - weights[k] * total;
        let next = (0..raw.len()).rev().max_by_key(|k| rest(*k)).expect("there are factors");
        weights[next] += 1;
    }
    weights
}

impl Oracle<'_> {
    /// Scores the pair under the weights of both profiles.
    pub fn verdict(&self) -> Verdict {
        self.verdict_with(&self.i.weights, &self.s.weights)
    }

    /// Scores the pair under given weights.
    pub fn verdict_with(
        &self,
        investor_own: &Overrides<InvestorFactor>,
        startup_own: &Overrides<StartupFactor>,
    ) -> Verdict {
        let double = if self.i.local_ref == LocalReference::None { "" } else { "local_refs" };
        let (n, investor, startup) = (self.deals(|_| true), self.investor_side(), self.startup_side());
        let (wi, ws) = (weights(investor_own, n, double), weights(startup_own, n, ""));
        let sum = |w: &[Number], r: &[Rating]| w.iter().zip(r).map(|(w, r)| w * r.0).sum::<Number>();
        let known = |w: &[Number], r: &[Rating]| w.iter().zip(r).map(|(w, r)| w * r.1).sum::<Number>();
        let (a, b) = (sum(&wi, &investor), sum(&ws, &startup));
        let confidence = known(&wi, &investor).min(known(&ws, &startup));
        let harmonic = if a + b == 0 { 0 } else { 8_000 * a * b / (a + b) };
        let essential = self.essential();
        let before = harmonic * essential / ONE;
        let score = before - before * 150 * (250_000 - confidence) / 250_000_000;
        let (closed, unknown) = self.gates();
        Verdict { market: self.market(), closed, unknown, investor, startup, essential, confidence, score }
    }
}
