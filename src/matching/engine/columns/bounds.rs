//! What every code can be worth at best to one investor: a query compiled into tables of bytes.
//!
//! Invariant: a sum of these is never below the utility it stands for. What needs the whole pair (market, city, contacts,
//! technologies, needs, co-investors) stands at its best here; startups that share backers with the investor are looked
//! at apart, so the others stand at the points of having none.
//! Read next: [`super::kernel`], which adds the tables up.

use super::super::arithmetic::{NEUTRAL, ONE, POINTS, bucket, byte, certainty, mul_div};
use super::super::compiled::InvestorRow;
use super::super::factors::sector::discounted;
use super::super::factors::{Views, comms, corridor, place, sector, stage};
use super::super::filter::within;
use super::super::plan::InvestorPlan;
use super::super::reciprocal::{FULL, UNCERTAINTY, by_sector, by_stage};
use super::super::weights::{Factor, InvestorFactor as I, StartupFactor as S};
use super::super::words::Country;
use super::block::{Column, Columns, Summary};
use super::codes::{self, NO_AMOUNT, NONE, OTHER, STAGE_ROUNDS};
use std::collections::BTreeMap;

/// Something for each of the two sides.
#[derive(Clone, Copy, Debug)]
pub struct Sides<T> {
    /// For the investor's utility.
    pub investor: T,
    /// For the startup's utility.
    pub startup: T,
}

/// What a sector is worth by its code.
#[derive(Clone, Debug)]
pub struct SectorBounds {
    /// Points of the factor.
    pub points: Column,
    /// Points by the deals alone.
    pub revealed: Column,
    /// The sector's part of the essential multiplier, in 255ths.
    pub essential: Column,
}

/// Weights times 64, for products with points.
#[derive(Clone, Copy, Debug)]
pub struct ProductWeights {
    /// Of the sector.
    pub sector: u16,
    /// Of the ticket, on both sides.
    pub ticket: Sides<u16>,
    /// Of maturity.
    pub maturity: u16,
    /// Of the pitch.
    pub pitch: u16,
    /// Of references.
    pub references: u16,
    /// Of readiness.
    pub readiness: u16,
    /// Of the sector's part in the record.
    pub revealed: u16,
}

/// A column that a gate or a filter reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feature {
    Home,
    Sector,
    StageRound,
    Cheque,
    Target,
    Models,
    Languages,
    Needs,
}

impl Feature {
    /// The column.
    #[inline(always)]
    pub fn column(self, columns: &Columns) -> &Column {
        match self {
            Self::Home => &columns.home,
            Self::Sector => &columns.sector,
            Self::StageRound => &columns.stage_round,
            Self::Cheque => &columns.cheque,
            Self::Target => &columns.target,
            Self::Models => &columns.models,
            Self::Languages => &columns.languages,
            Self::Needs => &columns.needs,
        }
    }
}

/// What a row must reach.
#[derive(Clone, Copy, Debug)]
pub struct Threshold(u32);

impl Threshold {
    /// The factor before the sum of both utilities.
    pub fn factor(self) -> u32 {
        self.0
    }
}

/// An investor's query as tables.
#[derive(Clone, Debug)]
pub struct Bounds {
    /// What does not depend on the columns.
    pub fixed: Sides<u16>,
    /// By home: country, city and corridor; low bytes and high bytes.
    pub home: Sides<[Column; 2]>,
    /// By stage and round.
    pub stage_round: Sides<[Column; 2]>,
    /// The stage's part of the essential multiplier, in 255ths.
    pub essential_stage: Column,
    /// By main sector.
    pub sector: SectorBounds,
    /// By further sector.
    pub further: SectorBounds,
    /// Points by half-octave of the smallest cheque.
    pub cheque: Column,
    /// Points by half-octave of the target.
    pub target: Column,
    /// The weights.
    pub weights: ProductWeights,
    /// Gates and filters that one column decides: 255 where a code may pass.
    pub open: Vec<(Feature, Column)>,
    /// For the first target and for the others: 255 where the market of the pair may be one that is wanted.
    pub markets: Option<(Column, Column)>,
    /// The greatest share of a score that the penalty leaves, in millionths.
    left: u64,
}

impl Bounds {
    /// More than any utility, in fours.
    pub const GREATEST: u16 = 62_600;

    /// Compiles a plan.
    pub fn new(plan: &InvestorPlan<'_>) -> Self {
        let compile = Compile { plan, i: plan.investor };
        let stage_rounds = compile.stage_rounds();
        let (sector, further) = compile.sectors();
        let (cheque, target) = compile.amounts();
        Self {
            fixed: compile.fixed(),
            home: compile.homes(),
            stage_round: stage_rounds.0,
            essential_stage: stage_rounds.1,
            sector,
            further,
            cheque,
            target,
            weights: compile.products(),
            open: compile.open(),
            markets: compile.markets(),
            left: compile.left(),
        }
    }

    /// What a row must reach to have at least this score.
    pub fn threshold(&self, score: u64) -> Threshold {
        let before = mul_div(score.saturating_sub(1), ONE, self.left);
        Threshold((before / 32_000 * 254 / 256).min(31_006) as u32)
    }

    /// The greatest score that a row of a block can have.
    pub fn of_block(&self, s: &Summary) -> u64 {
        let most = |codes: super::block::Codes, table: &Column| {
            codes.iter().map(|code| table[usize::from(code)]).max().unwrap_or(0)
        };
        let most_wide = |codes: super::block::Codes, [low, high]: &[Column; 2]| {
            let wide = |code: u8| u16::from_le_bytes([low[usize::from(code)], high[usize::from(code)]]);
            codes.iter().map(wide).max().unwrap_or(0)
        };
        let sectors = |main: &Column, further: &Column| most(s.sectors, main).max(most(s.further, further));
        let product = |points: u8, weight: u16| (u32::from(points) * u32::from(weight) >> 8) as u16;
        let w = &self.weights;
        let ticket = most(s.cheques, &self.cheque).min(most(s.targets, &self.target));
        let [maturity, pitch, references, readiness] = s.greatest;
        let a = self.fixed.investor
            + most_wide(s.homes, &self.home.investor)
            + most_wide(s.stage_rounds, &self.stage_round.investor)
            + product(sectors(&self.sector.points, &self.further.points), w.sector)
            + product(ticket, w.ticket.investor)
            + product(maturity, w.maturity)
            + product(pitch, w.pitch)
            + product(references, w.references)
            + product(readiness, w.readiness);
        let b = self.fixed.startup
            + most_wide(s.homes, &self.home.startup)
            + most_wide(s.stage_rounds, &self.stage_round.startup)
            + product(sectors(&self.sector.revealed, &self.further.revealed), w.revealed)
            + product(ticket, w.ticket.startup);
        let b = if s.weighs { Self::GREATEST } else { b };
        let sector = u64::from(sectors(&self.sector.essential, &self.further.essential));
        let stage = u64::from(most(s.stage_rounds, &self.essential_stage));
        let (a, b) = (u64::from(a), u64::from(b));
        let harmonic = (32_000 * a * b).checked_div(a + b).unwrap_or(0);
        mul_div((harmonic + 1) * sector * stage / (255 * 255) + 1, self.left, ONE) + 2
    }
}

struct Compile<'p> {
    plan: &'p InvestorPlan<'p>,
    i: &'p InvestorRow,
}

impl Compile<'_> {
    fn weight(&self, factor: I) -> u32 {
        self.plan.weights.investor[factor.index()].into()
    }

    fn weight_of_startup(&self, factor: S) -> u32 {
        self.plan.weights.startup[factor.index()].into()
    }

    fn tables(&self) -> &super::super::compiled::Tables {
        self.plan.common.tables
    }

    /// Country, city and corridor.
    fn homes(&self) -> Sides<[Column; 2]> {
        let cities = self.cities();
        let markets = || self.i.profile.markets.iter().copied().chain([self.i.profile.home]);
        let track = self.weight_of_startup(S::Track);
        let mut table = Wide::new();
        for home in Country::all() {
            let country = u32::from(self.plan.views.country(home).points);
            let city = u32::from(cities.get(&home).copied().unwrap_or(NEUTRAL).max(NEUTRAL));
            let rate = |market| corridor::rate(home, market, self.tables().corridor(home, market)).points;
            let corridor = u32::from(markets().map(rate).max().unwrap_or(0));
            let investor = self.weight(I::Country) * country
                + self.weight(I::City) * city
                + self.weight(I::Corridor) * corridor;
            table.raise(codes::country(home), investor, (track * (4 * country + 2 * city)).div_ceil(12));
        }
        table.sides
    }

    /// The best city of each home among those with deals.
    fn cities(&self) -> BTreeMap<Country, u8> {
        let mut best = BTreeMap::new();
        for (city, _) in self.i.evidence.cities.iter() {
            if let Some(home) = self.plan.common.dictionary.home_of(city) {
                let points = place::city(self.i, self.tables(), home, Some(city)).points;
                let known = best.entry(home).or_insert(points);
                *known = points.max(*known);
            }
        }
        best
    }

    fn stage_rounds(&self) -> (Sides<[Column; 2]>, Column) {
        let (mut table, mut essential) = (Wide::new(), [0; 256]);
        for code in 0..STAGE_ROUNDS as u8 {
            let (stated, round) = codes::of_stage_round(code);
            let distance = stage::distance(stated, self.i);
            let revealed = round.map(|round| self.plan.views.round(round));
            let points = u32::from(stage::rate(distance, revealed, self.i).points);
            let record = u32::from(revealed.unwrap_or(NEUTRAL));
            let track = self.weight_of_startup(S::Track) * 2 * record;
            table.raise(code, self.weight(I::Stage) * points, track.div_ceil(12));
            essential[usize::from(code)] = self.share(by_stage(stage::essential(distance, round, self.i)));
        }
        (table.sides, essential)
    }

    /// A part of the essential multiplier in 255ths, rounded up; all of it where the investor is not strict.
    fn share(&self, part: u64) -> u8 {
        if self.i.profile.strict { (part * 255).div_ceil(ONE) as u8 } else { u8::MAX }
    }

    fn sectors(&self) -> (SectorBounds, SectorBounds) {
        let empty = SectorBounds { points: [0; 256], revealed: [0; 256], essential: [0; 256] };
        let (mut main, mut further) = (empty.clone(), empty);
        let thesis = self.i.has_sector_thesis();
        let points = |points: u8| if thesis { points } else { 50 };
        for pair in self.plan.common.dictionary.sectors() {
            let code = codes::sector(pair.own);
            let view = self.plan.views.sector(*pair);
            raise(&mut main.points, code, points(view.blended));
            raise(&mut main.revealed, code, view.revealed);
            raise(&mut main.essential, code, self.share(by_sector(points(view.essential))));
            raise(&mut further.points, code, points(discounted(view.blended)));
            raise(&mut further.revealed, code, discounted(view.revealed));
            let essential = if thesis { discounted(view.essential) } else { 50 };
            raise(&mut further.essential, code, self.share(by_sector(essential)));
        }
        raise(&mut main.points, NONE, 50);
        raise(&mut main.revealed, NONE, NEUTRAL);
        raise(&mut main.essential, NONE, self.share(by_sector(sector::essential(None))));
        (main, further)
    }

    fn amounts(&self) -> (Column, Column) {
        let mut columns = ([NEUTRAL; 256], [NEUTRAL; 256]);
        if self.i.ticket.is_some() || self.i.evidence.with_amount > 0 {
            for bucket in 0..NO_AMOUNT {
                columns.0[usize::from(bucket)] = self.plan.views.cheque(bucket);
                columns.1[usize::from(bucket)] = self.plan.views.target(bucket);
            }
        }
        columns
    }

    fn products(&self) -> ProductWeights {
        let of = |factor| (self.weight(factor) * 64) as u16;
        ProductWeights {
            sector: of(I::Sector),
            ticket: Sides { investor: of(I::Ticket), startup: (self.weight_of_startup(S::Ticket) * 64) as u16 },
            maturity: of(I::Maturity),
            pitch: of(I::Pitch),
            references: of(I::LocalReferences),
            readiness: of(I::Readiness),
            revealed: (self.weight_of_startup(S::Track) * 64 * 2).div_ceil(12) as u16,
        }
    }

    /// Everything that no column tells, at its best; and one unit for every product that is rounded down.
    fn fixed(&self) -> Sides<u16> {
        let p = &self.i.profile;
        let known = |known: bool, prior: u8| u32::from(if known { POINTS } else { prior });
        let comms = u32::from(comms::best(self.i).points);
        let technology = known(!self.i.tags.is_empty(), NEUTRAL);
        let cooperation = known(p.models.is_some(), NEUTRAL);
        let access = p.access.values().map(|a| a.amount()).chain([3 * u64::from(!p.access.contains_key(&p.home))]);
        let opened = u32::from(byte(mul_div(u64::from(POINTS), 3 * access.max().unwrap_or(0), 9)).max(75));
        let co_investors = u32::from(NEUTRAL);
        let investor = self.weight(I::Technology) * technology
            + self.weight(I::CoInvestors) * co_investors
            + self.weight(I::Communication) * comms
            + self.weight(I::Cooperation) * cooperation;
        let startup = self.weight_of_startup(S::Access) * opened
            + self.weight_of_startup(S::ValueAdd) * known(self.i.offers.is_some(), NEUTRAL)
            + (self.weight_of_startup(S::Track) * 2 * co_investors).div_ceil(12)
            + self.weight_of_startup(S::Communication) * comms
            + self.weight_of_startup(S::Responsive) * u32::from(self.i.responsive.points)
            + self.weight_of_startup(S::Kind) * u32::from(POINTS)
            + self.weight_of_startup(S::Cooperation) * cooperation;
        Sides { investor: investor.div_ceil(4) as u16 + 6, startup: startup.div_ceil(4) as u16 + 2 }
    }

    /// What the penalty leaves at the greatest confidence that the investor's side can have, in millionths.
    fn left(&self) -> u64 {
        let e = &self.i.evidence;
        let missing = |factor, most: u8| u64::from(self.weight(factor)) * u64::from(POINTS - most);
        let if_known = |known: bool| if known { POINTS } else { 0 };
        let city = e.with_city.iter().map(|(_, deals)| certainty(deals, 4)).max().unwrap_or(0);
        let unknown = missing(I::Country, certainty(e.with_home, 40))
            + missing(I::City, city)
            + missing(I::Technology, if_known(!self.i.tags.is_empty()))
            + missing(I::Cooperation, if_known(self.i.profile.models.is_some()))
            + missing(I::Communication, comms::best(self.i).confidence);
        ONE - UNCERTAINTY * unknown * 1_000 / FULL
    }

    fn open(&self) -> Vec<(Feature, Column)> {
        let (p, f) = (&self.i.profile, self.plan.common.filter.stated());
        let mut open = Vec::new();
        let mut add = |feature, asked: bool, passes: &dyn Fn(u8) -> bool| {
            if asked {
                let code = |code: usize| if passes(code as u8) { u8::MAX } else { 0 };
                open.push((feature, std::array::from_fn(code)));
            }
        };
        let mut homes = [false; 256];
        for home in Country::all() {
            let out = home.is_known()
                && (p.exclude_homes.contains(&home)
                    || !p.only_homes.is_empty() && !p.only_homes.contains(&home));
            let asked = f.homes.is_empty() || f.homes.contains(&home);
            homes[usize::from(codes::country(home))] |= !out && asked;
        }
        let asked = !p.exclude_homes.is_empty() || !p.only_homes.is_empty() || !f.homes.is_empty();
        add(Feature::Home, asked, &|code| homes[usize::from(code)]);
        let excluded = |code: u8| {
            code < NONE
                && self.plan.common.dictionary.sectors().get(usize::from(code)).is_some_and(|s| s.is_in(&self.i.exclude_sectors))
        };
        add(Feature::Sector, !self.i.exclude_sectors.is_empty(), &|code| !excluded(code));
        add(Feature::StageRound, p.hard_stages.is_some() || f.stages.is_some(), &|code| {
            let stage = codes::of_stage_round(code).0;
            p.hard_stages.is_none_or(|range| stage.is_none_or(|stage| within(range, stage)))
                && f.stages.is_none_or(|range| stage.is_some_and(|stage| within(range, stage)))
        });
        let ticket = self.i.ticket.filter(|_| p.hard_ticket);
        let asked = f.ask.map(|ask| {
            (bucket(ask.lo()), bucket(ask.hi()))
        });
        add(Feature::Cheque, ticket.is_some(), &|code| {
            code == NO_AMOUNT || ticket.is_none_or(|(_, hi)| code <= hi)
        });
        add(Feature::Target, ticket.is_some() || asked.is_some(), &|code| {
            (code == NO_AMOUNT || ticket.is_none_or(|(lo, _)| code >= lo))
                && asked.is_none_or(|(lo, hi)| code != NO_AMOUNT && lo <= code && code <= hi)
        });
        let hard = p.models.filter(|_| p.hard_models).map(|models| models.bits());
        let wanted = (!f.models.is_empty()).then(|| f.models.bits());
        add(Feature::Models, hard.is_some() || wanted.is_some(), &|code| {
            hard.is_none_or(|bits| code == u8::MAX || code & bits != 0) && wanted.is_none_or(|bits| code & bits != 0)
        });
        let (languages, needs) = self.plan.common.filter.bits();
        add(Feature::Languages, languages.is_some(), &|code| languages.is_none_or(|bits| code & bits != 0));
        add(Feature::Needs, needs.is_some(), &|code| needs.is_none_or(|bits| code & bits != 0));
        open
    }
}

impl Compile<'_> {
    /// Whether a target opens a market of the investor that the filter allows.
    fn markets(&self) -> Option<(Column, Column)> {
        let (p, f) = (&self.i.profile, self.plan.common.filter.stated());
        let at_home = f.markets.is_empty() || f.markets.contains(&p.home);
        if at_home && !p.only_targets {
            return None;
        }
        let mut any = [0; 256];
        for market in p.markets.iter().filter(|m| f.markets.is_empty() || f.markets.contains(m)) {
            any[usize::from(codes::country(*market))] = u8::MAX;
        }
        // Targets that have no code of their own may be any; without targets the pair meets at the investor's home.
        any[usize::from(OTHER)] = u8::MAX;
        let mut first = any;
        first[usize::from(NONE)] = if at_home { u8::MAX } else { 0 };
        Some((first, any))
    }
}

fn raise(column: &mut Column, code: u8, value: u8) {
    let known = &mut column[usize::from(code)];
    *known = value.max(*known);
}

/// Two tables of 16 bits, kept as low and high bytes.
struct Wide {
    sides: Sides<[Column; 2]>,
}

impl Wide {
    fn new() -> Self {
        let zero = [[0; 256]; 2];
        Self { sides: Sides { investor: zero, startup: zero } }
    }

    /// Raises a code to these utilities.
    fn raise(&mut self, code: u8, investor: u32, startup: u32) {
        let sides = [(&mut self.sides.investor, investor), (&mut self.sides.startup, startup)];
        for ([low, high], utility) in sides {
            let at = usize::from(code);
            let known = u16::from_le_bytes([low[at], high[at]]);
            [low[at], high[at]] = known.max(utility.div_ceil(4) as u16).to_le_bytes();
        }
    }
}
