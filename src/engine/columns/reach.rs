//! The search for the best investors of a startup.
//!
//! Invariant: finds what scoring every investor would find; needs the startup's own weights only where it has any.
//! Read next: [`super::investors`].

use super::super::arithmetic::{NEUTRAL, POINTS};
use super::super::compiled::{List, StartupRow};
use super::super::factors::{comms, corridor};
use super::super::plan::StartupPlan;
use super::super::top_k::TopK;
use super::super::weights::{
    Factor, INVESTOR_FACTORS, InvestorFactor, STARTUP_FACTORS, StartupFactor, startup_weights,
};
use super::super::words::Country;
use super::asked::{interest, kinds, missing, spoken, zones};
use super::bounds::product;
use super::codes::{self, NO_AMOUNT, NONE, OTHER};
use super::investors::{InvestorBlock, InvestorColumns, Investors, WeightColumn};
use super::kernel::{self, Lookup, Task, greater, lesser, plus};
use super::scan::Work;
use super::shared::Shared;
use super::slots::{Column, ROWS};
use super::startups::Address;
use super::worth::{raise, table};

/// So many blocks give the first candidates.
const STEP: usize = 20;

/// A startup as tables over the bytes of investors.
struct Reach<'p> {
    plan: &'p StartupPlan<'p>,
    row: StartupRow<'p>,
    /// Points of references, readiness and corridor where the pair meets: at home, and in another market of the investor.
    met_in: [[Column; 2]; 3],
    /// What is missing to full confidence for want of the startup's word, by factor.
    missing: ([u8; INVESTOR_FACTORS], [u8; STARTUP_FACTORS]),
    access: Column,
    languages: [Column; 2],
    zone: Column,
    models: Column,
    needs: [Column; 2],
    kinds: Column,
    contacts: [u8; 2],
}

/// Offers every investor that can be among the best.
pub fn search(investors: &Investors, plan: &StartupPlan<'_>, top: &mut TopK) -> Work {
    if top.is_vain() || !plan.startup.active {
        return Work::default();
    }
    let reach = Reach::new(plan);
    let least = plan.common.filter.least_score();
    let mut shared = Shared::of(investors, &plan.startup);
    let mut bounds = Vec::with_capacity(investors.blocks().len());
    for (number, block) in investors.blocks().iter().enumerate() {
        investors.blocks().get(number + 1).into_iter().for_each(|next| reach.fetch(&next.columns));
        bounds.push(kernel::run(Bounded { reach: &reach, block, shared: shared.in_block(number) }));
    }
    let mut work = Work { blocks: bounds.len() as u64, ..Work::default() };
    let mut greatest: Vec<(u32, usize)> = bounds.iter().map(most).zip(0..).collect();
    greatest.sort_unstable_by(|one, other| other.cmp(one));
    let mut above = u32::MAX;
    while let Some(from) = next_step(&greatest, above, top.needed().max(least)) {
        let mut candidates = Vec::new();
        for (_, number) in greatest.iter().take_while(|(most, _)| *most >= from) {
            let rows = bounds[*number].iter().zip(0u8..=u8::MAX);
            let rows = rows.filter(|(bound, _)| (from..above).contains(*bound));
            candidates.extend(rows.map(|(bound, slot)| (*bound, Address::new(*number, slot))));
        }
        candidates.sort_unstable_by(|one, other| other.cmp(one));
        for (bound, address) in candidates {
            if u64::from(bound) < top.needed() {
                return work;
            }
            work.rows += 1;
            let entry = investors.blocks()[address.block()].entry(address.slot());
            entry.and_then(|entry| plan.score(entry)).into_iter().for_each(|hit| top.offer(hit));
        }
        above = from;
    }
    work
}

/// The greatest of a block's bounds.
fn most(bounds: &[u32; ROWS]) -> u32 {
    bounds.iter().copied().max().unwrap_or(0)
}

/// How far down the bounds the next candidates reach, at least to what is needed: at first so far that some twenty blocks
/// have one, then to a quarter less each time, or to what is needed; nothing where all that can matter have been candidates.
fn next_step(greatest: &[(u32, usize)], above: u32, needed: u64) -> Option<u32> {
    let needed = u32::try_from(needed).ok()?.max(1);
    let (first, _) = *greatest.first()?;
    let step = if above == u32::MAX {
        greatest[greatest.len().min(STEP) - 1].0
    } else if needed > 1 {
        needed
    } else {
        above - above / 4 - 1
    };
    (needed < above && needed <= first).then_some(step.max(needed).min(above - 1))
}

/// The greatest score that each investor of a block can have.
struct Bounded<'a> {
    reach: &'a Reach<'a>,
    block: &'a InvestorBlock,
    /// Points of the city and of the backers.
    shared: [Column; 2],
}

impl Task for Bounded<'_> {
    type Answer = [u32; ROWS];

    #[inline(always)]
    fn on<L: Lookup>(self) -> [u32; ROWS] {
        self.reach.bounds::<L>(self.block, &self.shared)
    }
}

impl<'p> Reach<'p> {
    fn new(plan: &'p StartupPlan<'p>) -> Self {
        let row = plan.startup;
        let (_, _, contact) = row.standings.greatest();
        let contacts = |common: bool| {
            comms::share_of_contacts(row.organisations.map(|o| (common && !o.is_empty(), contact)))
        };
        let words = plan.common.dictionary;
        let needed = row.needs.map_or(0, |needs| words.needs.bits(needs.iter()));
        Self {
            plan,
            row,
            met_in: meeting_places(plan),
            missing: missing(&row),
            access: interest(&row),
            languages: spoken(plan),
            zone: zones(&row),
            models: table(|code| match row.models {
                None => NEUTRAL,
                Some(models) if code == u8::MAX || code & models.bits() != 0 => POINTS,
                Some(_) => NEUTRAL * u8::from(code == 0),
            }),
            needs: needed.to_le_bytes().map(|half| table(|code| (code & half).count_ones() as u8)),
            kinds: kinds(plan),
            contacts: [contacts(false), contacts(true)],
        }
    }

    /// The greatest score that each investor of a block can have.
    #[inline(always)]
    fn bounds<L: Lookup>(&self, block: &InvestorBlock, [city, beside]: &[Column; 2]) -> [u32; ROWS] {
        let c = &*block.columns;
        let [points, revealed, sector] = self.sectors(c);
        let code = codes::stage_round(self.row.stage, self.row.round);
        let [stage, essential] = &c.stage_rounds[usize::from(code)];
        let (cheque, target) = self.row.ask.unwrap_or((NO_AMOUNT, NO_AMOUNT));
        let mut ticket = c.amounts[usize::from(cheque)][0];
        lesser(&mut ticket, &c.amounts[usize::from(target)][1]);
        let country = &c.countries[usize::from(codes::country(self.row.home))];
        let round = &c.rounds[usize::from(self.row.round.unwrap_or(16))];
        let track = track(country, [city, round, &revealed, beside]);
        let (comms, cooperation) = (self.comms::<L>(c), L::lookup(&c.models, &self.models));
        let [references, readiness, corridor] = self.met_in.each_ref().map(|tables| meeting::<L>(c, tables));
        let (maturity, pitch) = ([self.row.maturity.points; ROWS], [self.row.pitch.points; ROWS]);
        let tagged = if self.row.tags.is_some() { POINTS } else { NEUTRAL };
        let technology: Column = std::array::from_fn(|at| if c.tags[at] == 0 { NEUTRAL } else { tagged });
        let a = utility(
            [
                &points,
                &technology,
                stage,
                &ticket,
                country,
                city,
                beside,
                &references,
                &readiness,
                &corridor,
                &comms,
                &maturity,
                &pitch,
                &cooperation,
            ],
            &c.investor_weights,
        );
        let (access, met) = (self.opened::<L>(c), self.met::<L>(c));
        let kinds = L::lookup(&c.kind, &self.kinds);
        let theirs = [&access, &ticket, &met, &track, &comms, &c.responsive, &kinds, &cooperation];
        let own = self.own_weights(block);
        let startup_weights = own.as_deref().unwrap_or(&c.startup_weights);
        let b = utility(theirs, startup_weights);
        let left = self.left(c, startup_weights);
        let live = live(block);
        std::array::from_fn(|at| {
            let (a, b) = (u32::from(a[at]), u32::from(b[at]));
            let shares = u32::from(u16::from(sector[at]) * u16::from(essential[at]));
            let before = ((((a * b) >> 12) + 1) * ((shares >> 4) + 1)) / (a + b) + 1;
            // 32 000 · 65 536 / 65 025, since utilities are in fours and shares in 255ths.
            let bound = ((u64::from(before * 32_252) * u64::from(left[at])) >> 16) as u32 + 2;
            bound & live[at]
        })
    }

    /// Asks for the columns that [`Reach::bounds`] will read, which lie far apart.
    fn fetch(&self, c: &InvestorColumns) {
        let main = self.row.sector.map_or(NONE, |s| codes::sector(s.own));
        let further = self.row.further_sectors.iter().map(|s| codes::sector(s.own));
        std::iter::once(main).chain(further).for_each(|code| kernel::fetch(&c.sectors[usize::from(code)]));
        let (cheque, target) = self.row.ask.unwrap_or((NO_AMOUNT, NO_AMOUNT));
        let stage_round = codes::stage_round(self.row.stage, self.row.round);
        kernel::fetch(&c.stage_rounds[usize::from(stage_round)]);
        kernel::fetch(&c.amounts[usize::from(cheque)][0]);
        kernel::fetch(&c.amounts[usize::from(target)][1]);
        kernel::fetch(&c.countries[usize::from(codes::country(self.row.home))]);
        kernel::fetch(&c.rounds[usize::from(self.row.round.unwrap_or(16))]);
        kernel::fetch(c);
    }

    /// What the penalty leaves at the greatest confidence that is possible, in 65 536ths.
    #[inline(always)]
    fn left(&self, c: &InvestorColumns, startup_weights: &[WeightColumn; STARTUP_FACTORS]) -> [u32; ROWS] {
        let (ours, theirs) = (&self.missing.0, &self.missing.1);
        let [country, track, responsive] = &c.known;
        let mut investor = lost(ours, &c.investor_weights);
        let mut startup = lost(theirs, startup_weights);
        let less = |sums: &mut [u16; ROWS], known: &Column, weights: &WeightColumn| {
            for at in 0..ROWS {
                sums[at] += product(POINTS - known[at], weights[at]);
            }
        };
        less(&mut investor, country, &c.investor_weights[InvestorFactor::Country.index()]);
        less(&mut startup, track, &startup_weights[StartupFactor::Track.index()]);
        less(&mut startup, responsive, &startup_weights[StartupFactor::Responsive.index()]);
        // Both are at most 62 500, and all of that costs 150 per mille: 9 830 of 65 536.
        std::array::from_fn(|at| 65_536 - ((u32::from(investor[at].max(startup[at])) * 157) >> 10))
    }

    /// Points, points by the deals alone, and the essential part of the startup's best sector.
    #[inline(always)]
    fn sectors(&self, c: &InvestorColumns) -> [Column; 3] {
        let main = self.row.sector.map_or(NONE, |s| codes::sector(s.own));
        let mut best = c.sectors[usize::from(main)];
        for sector in self.row.further_sectors.iter().filter(|_| self.row.sector.is_some()) {
            let further = &c.sectors[usize::from(codes::sector(sector.own))];
            for (best, further) in best.iter_mut().zip(further).take(2) {
                greater(best, &further.map(super::super::factors::sector::discounted));
            }
            greater(&mut best[2], &further[2]);
        }
        best
    }

    #[inline(always)]
    fn comms<L: Lookup>(&self, c: &InvestorColumns) -> Column {
        let prior = comms::share_of_language(None);
        let floor = |interpreter| comms::share_of_language(Some((0, interpreter)));
        let (plain, interpreted) = (floor(self.row.interpreter), floor(true));
        let stated = self.row.languages.is_some();
        let mut comms: Column = std::array::from_fn(|at| match c.speaks[at] & 3 {
            1 if stated => plain,
            3 if stated => interpreted,
            _ => prior,
        });
        greater(&mut comms, &L::lookup(&c.languages[0], &self.languages[0]));
        greater(&mut comms, &L::lookup(&c.languages[1], &self.languages[1]));
        plus(&mut comms, &L::lookup(&c.zone, &self.zone));
        let contacts: Column = std::array::from_fn(|at| self.contacts[usize::from(c.speaks[at] >> 2 & 1)]);
        plus(&mut comms, &contacts);
        comms
    }

    #[inline(always)]
    fn opened<L: Lookup>(&self, c: &InvestorColumns) -> Column {
        if self.row.targets.is_none_or(List::is_empty) {
            return [75; ROWS];
        }
        let mut best = [0; ROWS];
        for (k, markets) in std::iter::once(&c.home).chain(&c.opened).enumerate() {
            let interest = L::lookup(markets, &self.access);
            for at in 0..ROWS {
                let access = c.access[at] >> (2 * k) & 3;
                best[at] = best[at].max((interest[at] * access * 28).min(250));
            }
        }
        best
    }

    #[inline(always)]
    fn met<L: Lookup>(&self, c: &InvestorColumns) -> Column {
        let Some(needs) = self.row.needs.filter(|needs| !needs.is_empty()) else { return [NEUTRAL; ROWS] };
        let one = (usize::from(POINTS).div_ceil(needs.len())).min(250) as u16;
        let mut met = L::lookup(&c.offers[0], &self.needs[0]);
        plus(&mut met, &L::lookup(&c.offers[1], &self.needs[1]));
        let later = self.plan.common.dictionary.needs.bits(needs.iter()) >> 15 != 0;
        std::array::from_fn(|at| {
            let shared = later && c.offers[1][at] >> 7 != 0;
            let points = if shared { 250 } else { (u16::from(met[at]) * one).min(250) };
            let unstated = c.offers[0][at] == u8::MAX && c.offers[1][at] == u8::MAX;
            (points as u8).max(if unstated { NEUTRAL } else { 0 })
        })
    }

    /// The startup's own weights before each investor of a block.
    fn own_weights(&self, block: &InvestorBlock) -> Option<Box<[WeightColumn; STARTUP_FACTORS]>> {
        if self.plan.own.is_empty() {
            return None;
        }
        let mut columns = Box::new([[0; ROWS]; STARTUP_FACTORS]);
        for slot in block.live.iter() {
            let published = block.entry(slot).and_then(|entry| entry.published.as_ref());
            let deals = published.map_or(0, |row| row.evidence.deals);
            for (column, weight) in columns.iter_mut().zip(startup_weights(&self.plan.own, deals)) {
                column[usize::from(slot)] = weight * 64;
            }
        }
        Some(columns)
    }
}

/// All bits for those that may appear in a list.
#[inline(always)]
fn live(block: &InvestorBlock) -> [u32; ROWS] {
    std::array::from_fn(|at| 0u32.wrapping_sub((block.live.0[at / 64] >> (at % 64) & 1) as u32))
}

/// What the record says of firms like this one.
#[inline(always)]
fn track(country: &Column, doubled: [&Column; 4]) -> Column {
    std::array::from_fn(|at| {
        let doubles: u16 = doubled.iter().map(|column| u16::from(column[at])).sum();
        ((4 * u16::from(country[at]) + 2 * doubles) / 12) as u8
    })
}

/// The sum of weights times what is missing, in fours, rounded down.
#[inline(always)]
fn lost(missing: &[u8], weights: &[WeightColumn]) -> [u16; ROWS] {
    let mut sums = [0; ROWS];
    for (missing, weights) in missing.iter().zip(weights).filter(|(missing, _)| **missing > 0) {
        for at in 0..ROWS {
            sums[at] += product(*missing, weights[at]);
        }
    }
    sums
}

/// The sum of weights times points in fours, rounded up.
#[inline(always)]
fn utility<const N: usize>(points: [&Column; N], weights: &[WeightColumn; N]) -> [u16; ROWS] {
    const { assert!(N <= INVESTOR_FACTORS) };
    let mut sums = [N as u16; ROWS];
    for (points, weights) in points.into_iter().zip(weights) {
        for at in 0..ROWS {
            sums[at] += product(points[at], weights[at]);
        }
    }
    sums
}

/// References, readiness and corridor by country: where it is the investor's home, and where it is another of its markets.
fn meeting_places(plan: &StartupPlan<'_>) -> [[Column; 2]; 3] {
    let (row, tables) = (&plan.startup, plan.common.tables);
    let mut places = [[[0; 256]; 2]; 3];
    let wanted =
        |market| row.targets.is_some_and(|targets| targets.iter().any(|(target, _)| target == market));
    for market in Country::all() {
        let (standing, code) = (row.standings.at(market, tables), codes::country(market));
        let corridor = corridor::rate(row.home, market, tables.corridor(row.home, market)).points;
        let points = [standing.references.points, standing.readiness.points, corridor];
        for (place, points) in places.iter_mut().zip(points) {
            raise(&mut place[0], code, points);
            if wanted(market) {
                raise(&mut place[1], code, points);
                raise(&mut place[1], OTHER, points);
            }
        }
    }
    places
}

/// The best of an investor's home and other markets.
#[inline(always)]
fn meeting<L: Lookup>(c: &InvestorColumns, [home, market]: &[Column; 2]) -> Column {
    let mut best = L::lookup(&c.home, home);
    for markets in &c.markets {
        greater(&mut best, &L::lookup(markets, market));
    }
    best
}

#[cfg(test)]
#[cfg(all(target_arch = "x86_64", not(feature = "portable")))]
mod tests;
