//! Profiles and queries at random: own weights, rare gates, twins, things unpublished, every filter.
//!
//! Invariant: everything follows from the seed.
//! Read next: [`super::equality`].

use springboard::engine::profile::{Investor, InvestorKey, Span, Startup, StartupKey};
use springboard::engine::words::{CooperationModel, Country, LocalReference, Regulatory, Sector, Whole};
use springboard::engine::{Changes, Factor, Filters, Hit, Listing, Overrides, Query};
use springboard::population::Population;

/// How far the number of a twin lies above that of its original.
pub const TWIN: u64 = 1 << 32;

/// Random numbers (splitmix64).
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % n
    }

    pub fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u64) as usize]
    }

    /// Own weights of some factors, nothings and greatest ones among them.
    pub fn weights<F: Factor>(&mut self) -> Overrides<F> {
        let mut own = Vec::new();
        for (factor, _, _) in &F::TABLE[1..] {
            if self.chance(40) {
                own.push((factor.name(), self.pick(&[0, 1, 10, 100, 500, 1_000])));
            }
        }
        Overrides::parse(own).expect("one factor keeps its weight")
    }

    /// A startup of the population, now and then with weights or a block of its own.
    pub fn startup(&mut self, population: &Population, k: u64) -> Startup {
        let mut startup = population.startup(k);
        if self.chance(10) {
            startup.weights = self.weights();
        }
        if self.chance(5) {
            startup.blocks = [self.below(population.investors())].into();
        }
        startup
    }

    /// An investor of the population, now and then with weights or a gate that is rare, in part or not at all public.
    pub fn listing(&mut self, population: &Population, k: u64) -> Listing {
        let mut thesis = population.investor(k);
        let seldom = 8;
        if self.chance(15) {
            thesis.weights = self.weights();
        }
        if self.chance(seldom) {
            thesis.only_homes = (0..12).map(|_| self.country(population)).collect();
        }
        if self.chance(seldom) {
            thesis.min_regulatory = Some(self.pick(&Regulatory::ALL[..7]));
        }
        if self.chance(2 * seldom) {
            thesis.local_ref = self.pick(&[LocalReference::Prefer, LocalReference::Require]);
        }
        if self.chance(seldom) {
            thesis.blocks = (0..3).map(|_| self.below(population.startups())).collect();
        }
        if self.chance(3) {
            thesis.portfolio.clear();
        }
        match self.below(8) {
            0 => Listing { thesis, published: None },
            1 | 2 => Listing { published: Some(public(&thesis)), thesis },
            _ => Listing::open(thesis),
        }
    }

    fn country(&mut self, population: &Population) -> Country {
        population.startup(self.below(1_000)).home
    }

    fn sector(&mut self, population: &Population) -> Option<Sector> {
        let startup = population.startup(self.below(1_000));
        startup.sector.map(|sector| if self.chance(40) { sector.to_parent() } else { sector })
    }

    /// A query: how many, after which, with which weights, filters and exclusions; `seen` are hits of an earlier list.
    pub fn query<F: Factor>(&mut self, population: &Population, seen: &[Hit]) -> Query<F> {
        let after = if self.chance(25) && !seen.is_empty() { Some(self.pick(seen)) } else { None };
        let excluded = if self.chance(20) { seen.len() / 2 } else { 0 };
        Query {
            k: self.pick(&[1, 5, 50, 50, 50, 200]),
            after,
            filters: if self.chance(60) { self.filters(population) } else { Filters::default() },
            weights: if self.chance(40) { Some(self.weights()) } else { None },
            exclude: (0..excluded).map(|_| self.pick(seen).id).collect(),
        }
    }

    fn filters(&mut self, population: &Population) -> Filters {
        let mut f = Filters::default();
        let like = population.startup(self.below(1_000));
        for _ in 0..=self.below(3) {
            match self.below(11) {
                0 => f.markets = like.targets.iter().flat_map(|t| t.keys().copied()).collect(),
                1 => f.homes = (0..3).map(|_| self.country(population)).collect(),
                2 => f.sectors = (0..2).filter_map(|_| self.sector(population)).collect(),
                3 => {
                    let lo = self.below(7) as i64;
                    f.stages = Span::new(Whole::nearest(lo), Whole::nearest(lo + 2)).ok();
                }
                4 => f.ask = Span::new(200_000, 1_000_000 << self.below(6)).ok(),
                5 => f.needs = like.needs.clone().unwrap_or_default(),
                6 => f.models = [self.pick(CooperationModel::ALL)].into_iter().collect(),
                7 => f.languages = ["ru".to_owned(), "zh".to_owned(), "nobody's".to_owned()].into(),
                8 => f.types = like.types.clone().unwrap_or_default(),
                9 => f.min_score = self.below(600_000_000),
                _ => f.min_confidence = self.below(200_000) as u32,
            }
        }
        f
    }

    /// Revisions, new ones and departures, among startups and investors.
    pub fn changes(&mut self, population: &Population, count: u64) -> Changes {
        let mut changes = Changes::default();
        for _ in 0..count {
            let (k, other) = (self.below(population.startups()), self.below(1 << 40));
            match self.below(20) {
                0..=2 => drop(changes.startups.insert(StartupKey(k), None)),
                3..=5 => changes.put_startup(twin(self.startup(population, k))),
                6 => {
                    let key = InvestorKey(self.below(population.investors()));
                    changes.investors.insert(key, None);
                }
                7 | 8 => {
                    let k = self.below(population.investors());
                    changes.put_investor(self.listing(population, k));
                }
                _ => {
                    let revised = Startup { id: StartupKey(k), ..self.startup(population, other) };
                    changes.put_startup(revised);
                }
            }
        }
        changes
    }
}

/// The same startup under another number.
pub fn twin(startup: Startup) -> Startup {
    Startup { id: StartupKey(startup.id.0 + TWIN), ..startup }
}

/// What an investor may have published: neither limits nor weights nor what it looks for.
fn public(thesis: &Investor) -> Investor {
    Investor {
        tags: thesis.tags.clone(),
        languages: thesis.languages.clone(),
        markets: thesis.markets.clone(),
        ticket: thesis.ticket,
        stages: thesis.stages,
        portfolio: thesis.portfolio.clone(),
        ..Investor::bare(thesis.id, &thesis.kind, thesis.home)
    }
}
