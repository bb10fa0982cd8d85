//! The score of one pair: every factor of both sides worked out on the spot, then combined.
//!
//! Invariant: reads the two records and the world, and nothing that was worked out for another pair.
//! Read next: [`super::market`] for what depends on the market, [`super::sums`].

use super::Pair;
use super::codes::Trade;
use super::startup::{List, NOT_SAID, unpacked};
use super::sums::{BILLION, ONE, Rating, age, blend, certainty, decay, lift, lift_of, mix, points};
use super::weights::Weights;

const BY_LEAF: [u32; 4] = [0, 138, 200, 250];
const BY_PARENT: [u32; 4] = [0, 100, 140, 175];
const KERNEL: [u64; 6] = [16, 14, 10, 5, 2, 1];
const BY_TIES: [u32; 6] = [90, 160, 195, 220, 240, 250];

/// What the sector of a pair comes to in three ways.
#[derive(Clone, Copy, Default)]
struct SectorPoints {
    revealed: u32,
    blended: u32,
    essential: u32,
}

impl Pair<'_> {
    /// Score and confidence.
    pub fn score(&self, weights: &Weights) -> (u64, u32) {
        let sector = self.sectors();
        let (ticket, country, city) = (self.ticket(), self.country(), self.city());
        let (backers, comms, modes) = (self.co_investors(), self.comms(), self.cooperation());
        let round = self.revealed_round();
        let open = sector.filter(|_| self.i.has_sector_thesis());
        let investor = [
            open.map_or(Rating(50, 0), |x| Rating(x.blended, 250)),
            self.technology(),
            self.stage(round),
            ticket,
            country,
            city,
            backers,
            self.local_refs(),
            self.readiness(),
            self.corridor(),
            comms,
            self.maturity(),
            self.pitch(),
            modes,
        ];
        let revealed = sector.map_or(100, |x| x.revealed);
        let doubles = city.0 + round.unwrap_or(100) + revealed + backers.0;
        let deals = self.i.evidence.deals;
        let startup = [
            self.access(),
            ticket,
            self.value_add(),
            Rating((4 * country.0 + 2 * doubles) / 12, certainty(deals, 2)),
            comms,
            self.responsive(),
            self.wanted(),
            modes,
        ];
        let (a, a_known) = weigh(&investor, &weights.investor);
        let (b, b_known) = weigh(&startup, &weights.startup);
        let harmonic = (8_000 * a * b).checked_div(a + b).unwrap_or(0);
        let essential = if self.i.strict { self.essential(open.map_or(50, |x| x.essential)) } else { ONE };
        let before = harmonic * essential / ONE;
        let confidence = a_known.min(b_known);
        (before - before * 150 * (250_000 - confidence) / 250_000_000, confidence as u32)
    }

    fn essential(&self, sector: u32) -> u64 {
        let opened = match self.s.round {
            NOT_SAID => 0,
            round => [0, 20, 40, 62][self.i.evidence.rounds[usize::from(round)].min(3) as usize],
        };
        let stage = u64::from(self.declared_stage().0.max(opened));
        let by_sector = (250_000 + 7_500 * u64::from(sector)).min(ONE);
        by_sector * (500_000 + 500_000 * stage / 62).min(ONE) / ONE
    }

    fn declared_sector(&self, trade: Trade) -> u32 {
        if self.i.generalist {
            return 150;
        }
        if self.i.focus.is_empty() {
            return 50;
        }
        let own = if trade.is_leaf() { BY_LEAF } else { BY_PARENT };
        own[self.i.focus_on(trade.own)].max(BY_PARENT[self.i.focus_on(trade.parent)])
    }

    fn sector(&self, trade: Trade) -> SectorPoints {
        let e = &self.i.evidence;
        let (usual, usual_parent) = (self.world.usual_trade(trade.own), self.world.usual_trade(trade.parent));
        let leaves = if trade.is_leaf() { e.in_trade(trade.own) } else { 0 };
        let parents = e.in_trade(trade.parent);
        let leaf = lift_of(leaves, e.with_leaf, 8, usual, usual);
        let parent = lift_of(parents, e.with_sector, 8, usual_parent, usual_parent);
        let (declared, revealed) = (self.declared_sector(trade), (leaf + parent) / 2);
        SectorPoints {
            revealed,
            blended: blend(declared, revealed, e.with_sector),
            essential: declared.max([0, 50, 75, 100][parents.min(3) as usize]),
        }
    }

    /// The main sector in full, further ones at 17 twentieths, each way by itself.
    fn sectors(&self) -> Option<SectorPoints> {
        if !self.s.has_sector() {
            return None;
        }
        Some(self.s.further().fold(self.sector(self.s.sector), |best, trade| {
            let next = self.sector(trade);
            SectorPoints {
                revealed: best.revealed.max(next.revealed * 17 / 20),
                blended: best.blended.max(next.blended * 17 / 20),
                essential: best.essential.max(next.essential * 17 / 20),
            }
        }))
    }

    fn technology(&self) -> Rating {
        if !self.s.says(List::Tags) || self.i.tags.is_empty() {
            return Rating(100, 0);
        }
        let common = self.common(List::Tags, &self.i.tags);
        Rating([0, 150, 213, 250][common.min(3)], 250)
    }

    fn common(&self, list: List, theirs: &[u32]) -> usize {
        self.list(list).iter().filter(|word| theirs.contains(word)).count()
    }

    fn declared_stage(&self) -> Rating {
        match self.i.stages {
            Some((lo, hi)) if self.s.stage != NOT_SAID => {
                let away = lo.saturating_sub(self.s.stage).max(self.s.stage.saturating_sub(hi));
                Rating([250, 150, 62, 0][usize::from(away.min(3))], 250)
            }
            _ => Rating(100, 0),
        }
    }

    fn revealed_round(&self) -> Option<u32> {
        let e = &self.i.evidence;
        (self.s.round != NOT_SAID).then(|| {
            let usual = self.world.usual_round(self.s.round);
            lift_of(e.rounds[usize::from(self.s.round)].into(), e.with_round, 3, usual, usual)
        })
    }

    fn stage(&self, revealed: Option<u32>) -> Rating {
        let (declared, n) = (self.declared_stage(), self.i.evidence.with_round);
        revealed.map_or(declared, |revealed| {
            Rating(blend(declared.0, revealed, n), declared.1.max(certainty(n, 2)))
        })
    }

    fn ticket(&self) -> Rating {
        let n = self.i.evidence.with_amount;
        if !self.s.asks() || (self.i.ticket.is_none() && n == 0) {
            return Rating(100, 0);
        }
        let (target, cheque) = (u32::from(self.s.target_octave), u32::from(self.s.cheque_octave));
        let range = self.i.ticket_octaves.map(|(lo, hi)| (u32::from(lo), u32::from(hi)));
        let declared = range.map_or(100, |(lo, hi)| {
            250u32.saturating_sub(40 * lo.saturating_sub(target) + 20 * target.saturating_sub(hi))
        });
        let amounts = &self.i.evidence.amounts;
        let from = target.saturating_sub(5);
        let near: u64 = (from..(target + 6).min(128))
            .map(|at| u64::from(amounts[at as usize]) * KERNEL[at.abs_diff(target) as usize])
            .sum();
        let usual = self.world.usual_ticket(self.s.target_octave);
        let revealed = lift((near * BILLION / 80 + 3 * usual) / (n + 3), usual);
        let by_cheque =
            range.map_or(250, |(_, hi)| blend(250u32.saturating_sub(40 * cheque.saturating_sub(hi)), 250, n));
        Rating(blend(declared, revealed, n).min(by_cheque), 250)
    }

    fn country(&self) -> Rating {
        if !self.s.home_known {
            return Rating(100, 0);
        }
        let (usual, e) = (self.world.usual_home(self.s.home), &self.i.evidence);
        let (flow, total) = self.world.flow(self.s.home, self.i.home);
        let prior = (flow * BILLION + 20 * usual) / (total + 20);
        let points = lift_of(e.in_country(self.s.home), e.with_home, 40, prior, usual);
        Rating(points, certainty(e.with_home, 40))
    }

    fn city(&self) -> Rating {
        if self.s.place == u32::MAX {
            return Rating(100, 0);
        }
        let (usual, e) = (self.world.usual_place(self.s.place), &self.i.evidence);
        let n = e.with_city_in(self.s.home);
        Rating(lift_of(e.in_place(self.s.place), n, 4, usual, usual), certainty(n, 4))
    }

    fn co_investors(&self) -> Rating {
        if !self.s.says(List::Backers) {
            return Rating(100, 0);
        }
        let backers = self.list(List::Backers);
        if backers.is_empty() {
            return Rating(100, 250);
        }
        let ties = |backer: &u32| BY_TIES[self.i.evidence.beside(*backer).min(5) as usize];
        Rating(backers.iter().map(ties).sum::<u32>() / backers.len() as u32, 250)
    }

    fn maturity(&self) -> Rating {
        const SHARES: [u64; 6] = [166_667, 166_667, 166_667, 166_667, 166_666, 166_666];
        let part = |k: usize| {
            let level = self.s.maturity[k];
            (SHARES[k], (level > 0).then(|| ONE * (u64::from(level) - 1) / 8), 350_000)
        };
        mix([part(0), part(1), part(2), part(3), part(4), part(5)])
    }

    fn pitch(&self) -> Rating {
        let Some(calibrated) = self.s.pitch else { return Rating(113, 0) };
        let fading = decay(age(self.world.today, self.s.pitch_day));
        let above = i64::from(calibrated) - 450_000;
        let value = 450_000 + (above * fading as i64).div_euclid(ONE as i64);
        let judges = u64::from(self.s.pitch_judges);
        Rating(points(value.unsigned_abs()), points(fading * judges / (judges + 3)))
    }

    fn access(&self) -> Rating {
        let targets = self.list(List::Targets);
        if targets.is_empty() {
            return Rating(75, 0);
        }
        let opened = targets.iter().map(|target| {
            let (country, level) = unpacked(*target);
            level * self.i.opens(country as u16)
        });
        Rating(250 * opened.max().unwrap_or(0) / 9, 250)
    }

    fn value_add(&self) -> Rating {
        let needs = self.list(List::Needs);
        match &self.i.offers {
            Some(offers) if !needs.is_empty() => {
                Rating((250 * self.common(List::Needs, offers) / needs.len()) as u32, 250)
            }
            _ => Rating(100, 0),
        }
    }

    fn wanted(&self) -> Rating {
        if !self.s.says(List::Types) {
            return Rating(125, 0);
        }
        Rating(if self.list(List::Types).contains(&self.i.kind) { 250 } else { 75 }, 250)
    }

    fn responsive(&self) -> Rating {
        let asked = u64::from(self.i.asked);
        let answered = u64::from(self.i.answered).min(asked);
        let (value, known) = (ONE * (2 * answered + 3) / (2 * asked + 6), ONE * asked / (asked + 3));
        let (fresh, dated) = match self.i.updated.map(|day| age(self.world.today, day)) {
            None => (300_000, 0),
            Some(0..=30) => (ONE, ONE),
            Some(days @ 31..365) => (ONE - 700_000 * (days - 30) / 335, ONE),
            Some(_) => (300_000, ONE),
        };
        let both = |x: u64, y: u64| points((750_000 * x + 250_000 * y) / ONE);
        Rating(both(value, fresh), both(known, dated))
    }
}

/// Weighted sums of points and of confidence.
fn weigh<const N: usize>(ratings: &[Rating; N], weights: &[u32; N]) -> (u64, u64) {
    let (mut value, mut known) = (0, 0);
    for (Rating(points, confidence), weight) in ratings.iter().zip(weights) {
        value += points * weight;
        known += confidence * weight;
    }
    (value.into(), known.into())
}
