//! Every factor, asked of the profiles anew.
//!
//! Invariant: counts deals and references by reading all of them each time. Read next: [`super::gates`].

use super::{Number, ONE, Oracle, Rating, level};
use springboard::engine::profile::{Corridor, Deal};
use springboard::engine::words::{AcceleratorStatus, Country, Ppm, Protection, ReferenceKind, Sector};

const BILLION: Number = 1_000_000_000;

fn points(ppm: Number) -> Number {
    (ppm + 2_000) / 4_000
}

fn mix(parts: &[(Number, Option<Number>, Number)]) -> Rating {
    let value: Number = parts.iter().map(|(w, v, prior)| w * v.unwrap_or(*prior)).sum();
    let known: Number = parts.iter().map(|(w, v, _)| if v.is_some() { w * ONE } else { 0 }).sum();
    (points(value / ONE), points(known / ONE))
}

fn logarithm(x: Number) -> Number {
    const FRACTION: [Number; 32] = [
        0, 1, 2, 3, 4, 5, 5, 6, 7, 8, 8, 9, 10, 10, 11, 11, 12, 13, 13, 14, 14, 15, 15, 16, 16, 17, 17, 18,
        18, 19, 19, 20,
    ];
    let x = x.max(1);
    let bit = 127 - x.leading_zeros();
    20 * Number::from(bit) + FRACTION[(((x << 5) >> bit) & 31) as usize]
}

fn lift(share: Number, usual: Number) -> Number {
    (100 + logarithm(share) - logarithm(usual)).clamp(0, 250)
}

fn half_octave(usd: u64) -> Number {
    let x = u128::from(usd.max(1));
    let mut bucket = 0;
    while bucket < 127 && x * x >= 1 << (bucket + 1) {
        bucket += 1;
    }
    bucket
}

fn fade(days: Number) -> Number {
    match days.max(0) {
        0..=365 => ONE,
        d if d < 1_825 => ONE - 750_000 * (d - 365) / 1_460,
        _ => 250_000,
    }
}

fn blend(declared: Number, revealed: Number, deals: Number) -> Number {
    (2 * declared + deals * revealed) / (2 + deals)
}

fn step(table: &[Number], n: usize) -> Number {
    table[n.min(table.len() - 1)]
}

fn opened_by(status: AcceleratorStatus) -> Number {
    match status {
        AcceleratorStatus::Graduated => ONE,
        AcceleratorStatus::Active => 700_000,
        AcceleratorStatus::Selected => 500_000,
        AcceleratorStatus::Applied => 250_000,
        AcceleratorStatus::Dropped => 100_000,
    }
}

fn stands_for(kind: ReferenceKind) -> Number {
    match kind {
        ReferenceKind::LocalEntity => 450_000,
        ReferenceKind::Customer => 400_000,
        ReferenceKind::Approval => 300_000,
        ReferenceKind::Pilot => 250_000,
        ReferenceKind::Grant | ReferenceKind::LetterOfIntent => 120_000,
        ReferenceKind::Media => 30_000,
    }
}

impl Oracle<'_> {
    pub(super) fn investor_side(&self) -> Vec<Rating> {
        vec![
            self.sector(),
            self.technology(),
            self.stage(),
            self.ticket(),
            self.country(),
            self.city(),
            self.co_investors(),
            self.local_refs(),
            self.readiness(),
            self.corridor(),
            self.comms(),
            self.maturity(),
            self.pitch(),
            self.cooperation(),
        ]
    }

    pub(super) fn startup_side(&self) -> Vec<Rating> {
        let (access, value, wanted) = (self.access(), self.value_add(), self.wanted());
        vec![
            access,
            self.ticket(),
            value,
            self.track(),
            self.comms(),
            self.responsive(),
            wanted,
            self.cooperation(),
        ]
    }

    pub(super) fn market(&self) -> Country {
        let targets = self.s.targets.iter().flatten().filter(|(c, _)| self.i.markets.contains(*c));
        let mut wanted: Vec<_> = targets.map(|(c, level)| (-level.get(), *c)).collect();
        wanted.sort();
        wanted.first().map_or(self.i.home, |(_, c)| *c)
    }

    pub(super) fn deals(&self, like: impl Fn(&Deal) -> bool) -> Number {
        self.i.portfolio.iter().filter(|deal| like(deal)).count() as Number
    }

    fn declared_sector(&self, sector: &Sector) -> Number {
        if self.i.generalist {
            return 150;
        }
        if self.i.focus.is_empty() {
            return 50;
        }
        let focus =
            |text: &str| self.i.focus.iter().find(|(s, _)| s.as_str() == text).map_or(0, |(_, l)| l.amount());
        let by_parent = step(&[0, 100, 140, 175], focus(sector.parent()) as usize);
        let own = if sector.is_leaf() { [0, 138, 200, 250] } else { [0, 100, 140, 175] };
        by_parent.max(step(&own, focus(sector.as_str()) as usize))
    }

    fn revealed_sector(&self, sector: &Sector) -> Number {
        let share = |text: &str| self.world.base.sector.iter().find(|(s, _)| s.as_str() == text);
        let usual = |text: &str| share(text).map_or(1_000, |(_, s)| Number::from(s.get()).max(1_000)) * 1_000;
        let leaves = self.deals(|d| sector.is_leaf() && d.sectors.contains(sector));
        let naming_leaf = self.deals(|d| d.sectors.iter().any(Sector::is_leaf));
        let parents = self.deals(|d| d.sectors.iter().any(|s| s.parent() == sector.parent()));
        let naming_any = self.deals(|d| !d.sectors.is_empty());
        let (g, gp) = (usual(sector.as_str()), usual(sector.parent()));
        let leaf = lift((leaves * BILLION + 8 * g) / (naming_leaf + 8), g);
        (leaf + lift((parents * BILLION + 8 * gp) / (naming_any + 8), gp)) / 2
    }

    fn best_sector(&self, of: impl Fn(&Sector) -> Number) -> Option<Number> {
        let main = of(self.s.sector.as_ref()?);
        Some(self.s.further_sectors.iter().map(|s| of(s) * 17 / 20).fold(main, Number::max))
    }

    fn has_sector_thesis(&self) -> bool {
        self.i.generalist || !self.i.focus.is_empty() || self.deals(|d| !d.sectors.is_empty()) > 0
    }

    fn sector(&self) -> Rating {
        let deals = self.deals(|d| !d.sectors.is_empty());
        let best = self.best_sector(|s| blend(self.declared_sector(s), self.revealed_sector(s), deals));
        best.filter(|_| self.has_sector_thesis()).map_or((50, 0), |best| (best, 250))
    }

    fn technology(&self) -> Rating {
        match &self.s.tags {
            Some(tags) if !self.i.tags.is_empty() => {
                (step(&[0, 150, 213, 250], tags.intersection(&self.i.tags).count()), 250)
            }
            _ => (100, 0),
        }
    }

    fn round(&self) -> Option<i32> {
        self.s.round.map(|r| r.get()).or(self.s.stage.map(|s| s.get()))
    }

    fn declared_stage(&self) -> Rating {
        let (Some(stage), Some(range)) = (self.s.stage, self.i.stages) else { return (100, 0) };
        let away = (range.lo().get() - stage.get()).max(stage.get() - range.hi().get()).max(0);
        (step(&[250, 150, 62, 0], away as usize), 250)
    }

    fn revealed_round(&self, round: i32) -> Number {
        let stated = self.world.base.round.iter().find(|(r, _)| r.get() == round);
        let usual = stated.map_or(1_000, |(_, s)| Number::from(s.get()).max(1_000)) * 1_000;
        let same = self.deals(|d| d.round.is_some_and(|r| r.get() == round));
        lift((same * BILLION + 3 * usual) / (self.deals(|d| d.round.is_some()) + 3), usual)
    }

    fn stage(&self) -> Rating {
        let (declared, known) = self.declared_stage();
        let Some(round) = self.round() else { return (declared, known) };
        let n = self.deals(|d| d.round.is_some());
        (blend(declared, self.revealed_round(round), n), known.max(250 * n / (n + 2)))
    }

    fn ticket(&self) -> Rating {
        let n = self.deals(|d| d.amount > 0);
        let (Some(ask), true) = (self.s.ask, self.i.ticket.is_some() || n > 0) else { return (100, 0) };
        let (b, c) = (half_octave(ask.target), half_octave(ask.cheque));
        let range = self.i.ticket.map(|t| (half_octave(t.lo()), half_octave(t.hi())));
        let declared =
            range.map_or(100, |(lo, hi)| (250 - 40 * (lo - b).max(0) - 20 * (b - hi).max(0)).max(0));
        let stated = self.world.base.ticket.iter().find(|(bucket, _)| Number::from(bucket.get()) == b);
        let usual = stated.map_or(1_000, |(_, s)| Number::from(s.get()).max(1_000)) * 1_000;
        let kernel = |amount| match (half_octave(amount) - b).abs() {
            0 => 16,
            1 => 14,
            2 => 10,
            3 => 5,
            4 => 2,
            5 => 1,
            _ => 0,
        };
        let near: Number = self.i.portfolio.iter().filter(|d| d.amount > 0).map(|d| kernel(d.amount)).sum();
        let target = blend(declared, lift((near * BILLION / 80 + 3 * usual) / (n + 3), usual), n);
        let cheque = range.map_or(250, |(_, hi)| blend((250 - 40 * (c - hi).max(0)).max(0), 250, n));
        (target.min(cheque), 250)
    }

    fn country(&self) -> Rating {
        let (home, into) = (self.s.home, self.i.home);
        if home == Country::UNKNOWN {
            return (100, 0);
        }
        let usual =
            self.world.base.home.get(&home).map_or(1_000, |s| Number::from(s.get()).max(1_000)) * 1_000;
        let flows = self.world.flows.iter().filter(|f| f.market == into);
        let total: Number = flows.clone().map(|f| Number::from(f.deals)).sum();
        let flow = flows.filter(|f| f.home == home).map(|f| Number::from(f.deals)).sum::<Number>();
        let prior = (flow * BILLION + 20 * usual) / (total + 20);
        let n = self.deals(|d| d.known_home().is_some());
        let share = (self.deals(|d| d.home == Some(home)) * BILLION + 40 * prior) / (n + 40);
        (lift(share, usual), 250 * n / (n + 40))
    }

    fn city(&self) -> Rating {
        let home = self.s.home;
        let Some(city) = self.s.city.as_deref().filter(|c| !c.is_empty() && home != Country::UNKNOWN) else {
            return (100, 0);
        };
        let own = self.i.city.as_deref().filter(|c| !c.is_empty() && self.i.home == home);
        let n = self.deals(|d| d.known_city().is_some_and(|(c, _)| c == home)) + Number::from(own.is_some());
        let here = self.deals(|d| d.known_city() == Some((home, city))) + Number::from(own == Some(city));
        let stated = self.world.base.city.get(&home).and_then(|cities| cities.get(city));
        let usual = stated.map_or(1_000, |s| Number::from(s.get()).max(1_000)) * 1_000;
        (lift((here * BILLION + 4 * usual) / (n + 4), usual), 250 * n / (n + 4))
    }

    fn co_investors(&self) -> Rating {
        let Some(backers) = &self.s.backers else { return (100, 0) };
        let ties = |backer: &u64| self.deals(|d| d.with.contains(backer)) as usize;
        let four: Vec<Number> =
            backers.iter().take(4).map(|b| step(&[90, 160, 195, 220, 240, 250], ties(b))).collect();
        if four.is_empty() { (100, 250) } else { (four.iter().sum::<Number>() / four.len() as Number, 250) }
    }

    fn local_refs(&self) -> Rating {
        let (market, regions) = (self.market(), &self.world.regions);
        let Some(references) = &self.s.references else { return (25, 0) };
        let mut worth: Vec<Number> = Vec::new();
        for r in references {
            let place = if r.country == market {
                ONE
            } else if r.country == self.s.home {
                0
            } else if regions.contains_key(&market) && regions.get(&market) == regions.get(&r.country) {
                150_000
            } else {
                50_000
            };
            let days = Number::from(self.world.today) - Number::from(r.day);
            let aged = (stands_for(r.kind) * place / ONE) * fade(days) / ONE;
            worth.push(if r.verified { aged } else { aged / 2 });
        }
        worth.sort();
        let open = worth.iter().rev().fold(ONE, |open, w| open * (ONE - w) / ONE);
        (points(ONE - open), 250)
    }

    fn readiness(&self) -> Rating {
        let (s, market) = (self.s, self.market());
        let accelerator = s.accelerators.as_ref().map(|list| {
            let worth = list.iter().map(|a| {
                if a.target == market { opened_by(a.status) } else { 300_000 * opened_by(a.status) / ONE }
            });
            worth.max().unwrap_or(0)
        });
        let regulation = s.regulatory.as_ref().and_then(|t| t.get(&market)).map(|l| level(*l));
        let protection = s.protection.as_ref().and_then(|t| t.get(&market)).map(|l| match l {
            Protection::Granted => ONE,
            Protection::NotNeeded => 800_000,
            Protection::Filed => 600_000,
            Protection::None => 0,
        });
        let localised = s.localised.as_ref().map(|l| if l.contains(&market) { ONE } else { 0 });
        let offers = s
            .offers
            .as_ref()
            .map(|o| step(&[0, 700_000, 900_000, ONE], o.get(&market).copied().unwrap_or(0) as usize));
        let regulated = s.sector.as_ref().is_some_and(|s| self.world.regulated.contains(s.parent()));
        let w = if regulated { [100, 500, 250, 50, 100] } else { [300, 200, 200, 150, 150] };
        mix(&[
            (w[0] * 1_000, accelerator, 100_000),
            (w[1] * 1_000, regulation, 200_000),
            (w[2] * 1_000, protection, 200_000),
            (w[3] * 1_000, localised, 100_000),
            (w[4] * 1_000, offers, 50_000),
        ])
    }

    pub(super) fn stated_corridor(&self) -> Option<&Corridor> {
        self.world.corridors.iter().find(|c| c.home == self.s.home && c.market == self.market())
    }

    fn corridor(&self) -> Rating {
        if self.s.home == self.market() {
            return (250, 250);
        }
        let Some(c) = self.stated_corridor() else { return (75, 0) };
        let part = |weight, value: Option<Ppm>| (weight, value.map(|v| Number::from(v.get())), 300_000);
        mix(&[
            part(300_000, c.regulation),
            part(300_000, c.protection),
            part(200_000, c.treaty),
            part(200_000, c.culture),
        ])
    }

    fn comms(&self) -> Rating {
        let (s, i) = (self.s, self.i);
        let language = s.languages.as_ref().zip(i.languages.as_ref()).map(|(ours, theirs)| {
            let both =
                ours.iter().filter_map(|(l, level)| theirs.get(l).map(|other| (*level).min(*other).amount()));
            let spoken = step(&[100_000, 350_000, 750_000, ONE], both.max().unwrap_or(0) as usize);
            if s.interpreter || i.interpreter { spoken.max(500_000) } else { spoken }
        });
        let time = s.time_zone.zip(i.time_zone).map(|(ours, theirs)| {
            let apart = Number::from((ours.get() - theirs.get()).abs()) % 1_440;
            ONE * (540 - apart.min(1_440 - apart)).max(0) / 540
        });
        let bridge = s.contacts.as_ref().map(|contacts| {
            let worth = contacts.iter().map(|c| {
                if i.organisations.contains(&c.organisation) {
                    ONE
                } else if c.country == self.market() {
                    step(&[0, 400_000, 500_000, 600_000], c.strength.amount() as usize)
                } else {
                    0
                }
            });
            worth.max().unwrap_or(0)
        });
        mix(&[(500_000, language, 400_000), (150_000, time, 500_000), (350_000, bridge, 150_000)])
    }

    fn maturity(&self) -> Rating {
        let levels = self.s.maturity.as_ref().map_or([None; 6], |m| m.all());
        let value = |k: usize| levels[k].map(|l| ONE * Number::from(l.get() - 1) / 8);
        let part = |k: usize| (if k < 4 { 166_667 } else { 166_666 }, value(k), 350_000);
        mix(&[part(0), part(1), part(2), part(3), part(4), part(5)])
    }

    fn pitch(&self) -> Rating {
        let Some(p) = self.s.pitch else { return (113, 0) };
        let fading = fade(Number::from(self.world.today) - Number::from(p.day));
        let value = 450_000 + ((Number::from(p.calibrated.get()) - 450_000) * fading).div_euclid(ONE);
        (points(value), points(fading * Number::from(p.judges) / (Number::from(p.judges) + 3)))
    }

    fn cooperation(&self) -> Rating {
        let Some((ours, theirs)) = self.s.models.zip(self.i.models) else { return (100, 0) };
        let both: Vec<_> = ours.iter().filter(|m| theirs.iter().any(|t| t == *m)).collect();
        if both.is_empty() {
            return (0, 250);
        }
        let favoured: Vec<_> = self.stated_corridor().into_iter().flat_map(|c| c.favoured.iter()).collect();
        if favoured.is_empty() || both.iter().any(|m| favoured.contains(m)) { (250, 250) } else { (175, 250) }
    }

    fn access(&self) -> Rating {
        let open =
            |c: &Country| self.i.access.get(c).map_or(if *c == self.i.home { 3 } else { 0 }, |a| a.get());
        let targets = self.s.targets.iter().flatten();
        let best =
            targets.map(|(c, level)| 250 * Number::from(level.get()) * Number::from(open(c)) / 9).max();
        best.map_or((75, 0), |best| (best, 250))
    }

    fn value_add(&self) -> Rating {
        match (&self.s.needs, &self.i.offers) {
            (Some(needs), Some(offers)) if !needs.is_empty() => {
                (250 * needs.intersection(offers).count() as Number / needs.len() as Number, 250)
            }
            _ => (100, 0),
        }
    }

    fn wanted(&self) -> Rating {
        self.s
            .types
            .as_ref()
            .map_or((125, 0), |types| (if types.contains(&self.i.kind) { 250 } else { 75 }, 250))
    }

    fn track(&self) -> Rating {
        let round = self.round().map_or(100, |r| self.revealed_round(r));
        let sector = self.best_sector(|s| self.revealed_sector(s)).unwrap_or(100);
        let n = self.deals(|_| true);
        let sum = 4 * self.country().0 + 2 * (self.city().0 + round + sector + self.co_investors().0);
        (sum / 12, 250 * n / (n + 2))
    }

    fn responsive(&self) -> Rating {
        let (asked, answered) = (Number::from(self.i.asked), Number::from(self.i.answered));
        let fresh =
            self.i.updated.map(|day| match (Number::from(self.world.today) - Number::from(day)).max(0) {
                0..=30 => ONE,
                d if d < 365 => ONE - 700_000 * (d - 30) / 335,
                _ => 300_000,
            });
        let value =
            750_000 * (ONE * (2 * answered + 3) / (2 * asked + 6)) + 250_000 * fresh.unwrap_or(300_000);
        let known = 750_000 * (ONE * asked / (asked + 3)) + if fresh.is_some() { 250_000 * ONE } else { 0 };
        (points(value / ONE), points(known / ONE))
    }

    pub(super) fn essential(&self) -> Number {
        if !self.i.strict {
            return ONE;
        }
        let open = |s: &Sector| {
            let deals = self.deals(|d| d.sectors.iter().any(|x| x.parent() == s.parent()));
            self.declared_sector(s).max(step(&[0, 50, 75, 100], deals as usize))
        };
        let x = self.best_sector(open).filter(|_| self.has_sector_thesis()).unwrap_or(50);
        let rounds = self.round().map_or(0, |r| self.deals(|d| d.round.is_some_and(|x| x.get() == r)));
        let y = self.declared_stage().0.max(step(&[0, 20, 40, 62], rounds as usize));
        (250_000 + 7_500 * x).min(ONE) * (500_000 + 500_000 * y / 62).min(ONE) / ONE
    }
}
