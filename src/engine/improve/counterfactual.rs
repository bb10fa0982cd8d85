//! What single steps would change for one pair, and plans of up to three of them.
//!
//! Invariant: what is offered raises the score or opens a gate, and closes none.
//! Read next: [`super::reach`], the same before all investors of a market.

use super::super::assess::Assessor;
use super::super::explain::Explanation;
use super::super::gates::{Gate, GateSet};
use super::super::profile::{Investor, Startup, World};
use super::super::words::Country;
use super::catalogue::Step;
use std::cmp::Reverse;

/// The steps of a plan at most.
pub const PLAN: usize = 3;

/// A step and what the pair would come to after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Improvement {
    /// The step.
    pub step: Step,
    /// What the score changes by.
    pub gain: i64,
    /// The score after it.
    pub score: u64,
    /// The confidence after it.
    pub confidence: u32,
    /// The gates that it opens.
    pub opens: Vec<Gate>,
    /// The gates that it closes, because a level that was unknown is then known to be too low.
    pub closes: Vec<Gate>,
}

impl Improvement {
    /// Whether the step is worth taking.
    pub fn helps(&self) -> bool {
        self.closes.is_empty() && self.gain >= 0 && (self.gain > 0 || !self.opens.is_empty())
    }
}

/// What would help a pair.
#[derive(Clone, Debug)]
pub struct Prospect {
    /// The pair as it is.
    pub now: Explanation,
    /// The steps that help, best first.
    pub steps: Vec<Improvement>,
    /// Up to three steps, each the best after the ones before it.
    pub plan: Vec<Improvement>,
}

/// Tries steps for a startup before one investor.
pub struct Trial {
    assessor: Assessor,
    investor: Investor,
    today: i32,
}

impl Trial {
    /// Prepares trials before an investor under the weights that its profile states.
    pub fn new(world: &World, investor: Investor) -> Self {
        Self { assessor: Assessor::new(world), investor, today: world.today }
    }

    /// The pair as it is.
    pub fn explain(&mut self, startup: &Startup) -> Explanation {
        self.assessor.explain(startup.clone(), self.investor.clone())
    }

    /// Every step of the catalogue that can be taken, best first, whether it helps or not, with the changed copy.
    pub fn every(&mut self, startup: &Startup, now: &Explanation) -> Vec<(Improvement, Startup)> {
        let (market, today) = (now.market, self.today);
        let mut tried: Vec<_> = Step::ALL
            .iter()
            .filter_map(|step| Some((*step, step.on(startup, market, today)?)))
            .map(|(step, copy)| (compared(step, now, &self.explain(&copy)), copy))
            .collect();
        tried.sort_by_cached_key(|(i, _)| order(i.step, i.gain, market));
        tried
    }

    /// What would help.
    pub fn prospect(&mut self, startup: &Startup) -> Prospect {
        let now = self.explain(startup);
        let steps =
            self.every(startup, &now).into_iter().map(|(i, _)| i).filter(Improvement::helps).collect();
        let plan = self.plan(startup.clone(), now.clone());
        Prospect { now, steps, plan }
    }

    fn plan(&mut self, mut startup: Startup, mut now: Explanation) -> Vec<Improvement> {
        let mut plan: Vec<Improvement> = Vec::new();
        while plan.len() < PLAN {
            let taken = |step: Step| plan.iter().any(|i| i.step == step);
            let tried = self.every(&startup, &now).into_iter();
            let Some((best, copy)) = tried.into_iter().find(|(i, _)| i.helps() && !taken(i.step)) else {
                break;
            };
            (now, startup) = (self.explain(&copy), copy);
            plan.push(best);
        }
        plan
    }
}

/// Greatest gain first, then code, then label.
pub(super) fn order(step: Step, gain: i64, market: Country) -> (Reverse<i64>, &'static str, String) {
    (Reverse(gain), step.code(), step.label(market))
}

/// The gates of the first set that are not in the second.
pub(super) fn without(some: GateSet, others: GateSet) -> Vec<Gate> {
    some.iter().filter(|gate| !others.contains(*gate)).collect()
}

fn compared(step: Step, now: &Explanation, after: &Explanation) -> Improvement {
    let score = after.outcome.score();
    Improvement {
        step,
        gain: score as i64 - now.outcome.score() as i64,
        score,
        confidence: after.outcome.confidence,
        opens: without(now.gates, after.gates),
        closes: without(after.gates, now.gates),
    }
}
