//! Effective weights of both sides, summing to 1000 each.
//!
//! Invariant: what is missing to 1000 goes to the largest remainders, the earlier factor first among equals.
//! Read next: [`super::factors`].

use super::investor::InvestorRow;
use springboard::engine::words::LocalReference;
use springboard::engine::{
    Factor, INVESTOR_FACTORS, InvestorFactor, Overrides, STARTUP_FACTORS, StartupFactor,
};

/// The weight of each factor without deals and with many.
const INVESTOR: [(u64, u64); INVESTOR_FACTORS] = [
    (190, 120),
    (70, 15),
    (110, 100),
    (100, 180),
    (30, 180),
    (10, 90),
    (10, 110),
    (120, 70),
    (120, 50),
    (50, 15),
    (80, 45),
    (45, 10),
    (45, 10),
    (20, 5),
];
const STARTUP: [(u64, u64); STARTUP_FACTORS] =
    [(220, 120), (150, 160), (170, 100), (130, 420), (120, 70), (80, 50), (70, 40), (60, 40)];
/// The place of the local references among the investor's factors.
const LOCAL_REFERENCES: usize = 7;

/// Weights in factor order.
#[derive(Clone, Copy)]
pub struct Weights {
    pub investor: [u32; INVESTOR_FACTORS],
    pub startup: [u32; STARTUP_FACTORS],
}

pub fn of_investor(i: &InvestorRow, own: &Overrides<InvestorFactor>) -> [u32; INVESTOR_FACTORS] {
    let double = (i.local_ref != LocalReference::None).then_some(LOCAL_REFERENCES);
    effective(&INVESTOR, own, i.evidence.deals, double)
}

pub fn of_startup(i: &InvestorRow, own: &Overrides<StartupFactor>) -> [u32; STARTUP_FACTORS] {
    effective(&STARTUP, own, i.evidence.deals, None)
}

fn effective<F: Factor, const N: usize>(
    defaults: &[(u64, u64); N],
    own: &Overrides<F>,
    deals: u64,
    double: Option<usize>,
) -> [u32; N] {
    let mut raw = [0; N];
    for (k, default) in defaults.iter().enumerate() {
        let own = own.get(F::TABLE[k].0).map(u64::from);
        let (thesis, evidence) = own.map_or(*default, |w| (w, w));
        raw[k] = (2 * thesis + deals * evidence) << u64::from(double == Some(k));
    }
    let total = raw.iter().sum::<u64>().max(1);
    let mut weights = raw.map(|r| r * 1_000 / total);
    for _ in weights.iter().sum::<u64>()..1_000 {
        let mut next = 0;
        for k in 1..N {
            // A weight that has had its unit is behind all the others: the rest is then negative.
            let rest = |k: usize| i128::from(raw[k]) * 1_000 - i128::from(weights[k]) * i128::from(total);
            if rest(k) > rest(next) {
                next = k;
            }
        }
        weights[next] += 1;
    }
    weights.map(|w| w as u32)
}
