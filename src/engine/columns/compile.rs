//! Compiles an investor's query into the tables of its bounds.
//!
//! Invariant: every entry is rounded up, and a code that stands for several things has the best of them.
//! Read next: [`super::bounds`].

use super::super::arithmetic::{NEUTRAL, POINTS, certainty};
use super::super::compiled::{InvestorRow, Tables};
use super::super::factors::{Views, comms, corridor, place, stage};
use super::super::plan::InvestorPlan;
use super::super::reciprocal::{FULL, UNCERTAINTY};
use super::super::weights::{Factor, InvestorFactor as I, StartupFactor as S};
use super::bounds::{Bounds, Clustered, ProductWeights, Sides, product};
use super::codes::{self, NONE, OTHER, STAGE_ROUNDS};
use super::slots::Column;
use super::stated::{contacts, known};
use super::worth::{Worth, raise, table};

impl Bounds {
    /// Compiles a plan.
    pub fn new(plan: &InvestorPlan<'_>) -> Self {
        let compile = Compile { plan, i: plan.investor };
        let (stage_round, essential_stage) = compile.stage_rounds();
        let worth = Worth { i: plan.investor, views: &plan.views };
        let (sector, further) = worth.sectors(plan.common.dictionary);
        let (cheque, target) = worth.amounts();
        let (languages, spoken) = compile.languages();
        let (needs, needless) = compile.needs();
        let (kinds, unwanted) = compile.kinds();
        let clustered = Clustered {
            home: compile.homes(),
            stage_round,
            essential_stage,
            sector,
            further,
            cheque,
            target,
        };
        let mut bounds = Self {
            fixed: compile.fixed(),
            tie: compile.tie(),
            rest: Sides { investor: 0, startup: 0 },
            order: clustered.in_order(),
            clustered,
            city: compile.cities(),
            cooperation: compile.cooperation(),
            access: compile.access(),
            languages,
            spoken,
            zone: compile.zones(),
            contacts: compile.contacts(),
            needs,
            needless,
            kinds,
            unwanted,
            left: compile.left(),
            weights: compile.products(),
            open: compile.open(),
            either: compile.either(),
            markets: compile.markets(),
        };
        bounds.rest = bounds.best_of_rest();
        bounds
    }

    fn best_of_rest(&self) -> Sides<u16> {
        let most = |tables: &[&Column]| tables.iter().flat_map(|t| t.iter().copied()).max().unwrap_or(0);
        let w = &self.weights;
        let comms = u16::from(most(&[&self.languages[0], &self.languages[1], &self.spoken]))
            + u16::from(most(&[&self.zone]))
            + u16::from(most(&[&self.contacts]));
        let comms = comms.min(255) as u8;
        let (city, cooperation) = (most(&[&self.city]), most(&[&self.cooperation]));
        let opened = (most(&[&self.access[0], &self.access[1]]) * 3 * 28).min(POINTS);
        let met = if most(&[&self.needs[0], &self.needs[1]]) > 0 { POINTS } else { most(&[&self.needless]) };
        let kind = most(&[&self.kinds[0], &self.kinds[1], &self.unwanted]);
        Sides {
            investor: product(city, w.city.investor)
                + product(comms, w.comms.investor)
                + product(cooperation, w.cooperation.investor),
            startup: product(city, w.city.startup)
                + product(comms, w.comms.startup)
                + product(cooperation, w.cooperation.startup)
                + product(opened, w.access)
                + product(met, w.value_add)
                + product(kind, w.kind),
        }
    }
}

/// A plan under compilation.
#[derive(Clone, Copy)]
pub struct Compile<'p> {
    /// The plan.
    pub plan: &'p InvestorPlan<'p>,
    /// Its investor.
    pub i: &'p InvestorRow,
}

impl Compile<'_> {
    fn weight(&self, factor: I) -> u32 {
        self.plan.weights.investor[factor.index()].into()
    }

    fn weight_of_startup(&self, factor: S) -> u32 {
        self.plan.weights.startup[factor.index()].into()
    }

    fn tables(&self) -> &Tables {
        self.plan.common.tables
    }

    /// Country and corridor.
    fn homes(&self) -> Sides<[Column; 2]> {
        let markets = || self.i.profile.markets.iter().copied().chain([self.i.profile.home]);
        let track = self.weight_of_startup(S::Track);
        let mut table = Wide::new();
        for home in self.plan.common.dictionary.startup_homes().iter().copied() {
            let country = u32::from(self.plan.views.country(home).points);
            let rate = |market| corridor::rate(home, market, self.tables().corridor(home, market)).points;
            let corridor = u32::from(markets().map(rate).max().unwrap_or(0));
            let investor = self.weight(I::Country) * country + self.weight(I::Corridor) * corridor;
            table.raise(codes::country(home), investor, (track * 4 * country).div_ceil(12));
        }
        table.sides
    }

    /// A city without deals is never more than neutral.
    fn cities(&self) -> Column {
        let mut cities = [NEUTRAL; 256];
        for (city, _) in self.i.evidence.cities.iter() {
            if let Some(home) = self.plan.common.dictionary.home_of(city) {
                let points = place::city(self.i, self.tables(), home, Some(city)).points;
                raise(&mut cities, codes::city(Some(city)), points);
            }
        }
        cities
    }

    fn cooperation(&self) -> Column {
        let Some(models) = self.i.profile.models else { return [NEUTRAL; 256] };
        table(|code| if code == u8::MAX || code & models.bits() != 0 { POINTS } else { 0 })
    }

    /// Without any target access is 75 points: less than level 3 at interest 1.
    fn access(&self) -> [Column; 2] {
        let mut others = [0; 256];
        let profile = &self.i.profile;
        for market in profile.access.keys().copied().chain([profile.home]) {
            raise(&mut others, codes::country(market), self.i.access_to(market) as u8);
        }
        others[usize::from(OTHER)] = 3;
        let mut first = others;
        first[usize::from(NONE)] = 3;
        [first, others]
    }

    fn languages(&self) -> ([Column; 2], Column) {
        let prior = comms::share_of_language(None);
        let Some(spoken) = &self.i.languages else { return ([[0; 256]; 2], [prior; 256]) };
        let vocabulary = &self.plan.common.dictionary.languages;
        let mut levels = [0; 16];
        for (word, level) in spoken {
            let known = &mut levels[vocabulary.bit(*word) as usize];
            *known = (*level).max(*known);
        }
        let best = |half: usize| {
            table(|byte| {
                let spoken = (0..8).filter(|bit| byte >> bit & 1 != 0);
                comms::share_of_language(Some((
                    spoken.map(|bit| levels[half * 8 + bit]).max().unwrap_or(0),
                    false,
                )))
            })
        };
        let least = |code: u8| {
            let interpreter = self.i.profile.interpreter || code & contacts::INTERPRETER != 0;
            if code & contacts::SPEAKS == 0 {
                prior
            } else {
                comms::share_of_language(Some((0, interpreter)))
            }
        };
        ([best(0), best(1)], table(least))
    }

    fn zones(&self) -> Column {
        let Some(own) = self.i.profile.time_zone else { return [comms::share_of_time(None); 256] };
        table(|code| match code {
            NONE => comms::share_of_time(None),
            OTHER => comms::share_of_time(Some(0)),
            code => comms::share_of_time(Some(comms::difference(codes::of_zone(code), own.get()))),
        })
    }

    fn contacts(&self) -> Column {
        table(|code| match code & 7 {
            0 => comms::share_of_contacts(None),
            1 => comms::share_of_contacts(Some((false, 0))),
            strength => {
                let common = !self.i.organisations.is_empty();
                comms::share_of_contacts(Some((common, (strength - 1).min(3))))
            }
        })
    }

    fn needs(&self) -> ([Column; 2], Column) {
        let Some(offers) = &self.i.offers else { return ([[0; 256]; 2], [NEUTRAL; 256]) };
        let offered = self.plan.common.dictionary.needs.bits(offers.iter().copied());
        let low = table(|byte| (u16::from(byte) & offered).count_ones() as u8);
        // The last bit stands for any number of needs, perhaps for all.
        let high = table(|byte| match u16::from(byte) << 8 & offered {
            bits if bits & 0x8000 != 0 => POINTS,
            bits => bits.count_ones() as u8,
        });
        ([low, high], table(|code| if code & known::NEEDS == 0 { NEUTRAL } else { 0 }))
    }

    fn kinds(&self) -> ([Column; 2], Column) {
        let wanted = 1u16 << self.plan.common.dictionary.kinds.bit(self.i.kind);
        let [low, high] = wanted.to_le_bytes();
        let half = |bits: u8| table(|byte| if byte & bits != 0 { 250 } else { 0 });
        ([half(low), half(high)], table(|code| if code & known::TYPES == 0 { 125 } else { 75 }))
    }

    fn stage_rounds(&self) -> (Sides<[Column; 2]>, Column) {
        let (mut table, mut essential) = (Wide::new(), [0; 256]);
        let worth = Worth { i: self.i, views: &self.plan.views };
        for code in 0..STAGE_ROUNDS as u8 {
            let (stated, round) = codes::of_stage_round(code);
            let distance = stage::distance(stated, self.i);
            let revealed = round.map(|round| self.plan.views.round(round));
            let points = u32::from(stage::rate(distance, revealed, self.i).points);
            let record = u32::from(revealed.unwrap_or(NEUTRAL));
            let track = self.weight_of_startup(S::Track) * 2 * record;
            table.raise(code, self.weight(I::Stage) * points, track.div_ceil(12));
            essential[usize::from(code)] = worth.essential_stage(distance, round);
        }
        (table.sides, essential)
    }

    fn products(&self) -> ProductWeights {
        let investor = |factor| (self.weight(factor) * 64) as u16;
        let startup = |factor| (self.weight_of_startup(factor) * 64) as u16;
        let sides = |i, s| Sides { investor: investor(i), startup: startup(s) };
        let sixth = (self.weight_of_startup(S::Track) * 64).div_ceil(6) as u16;
        ProductWeights {
            sector: investor(I::Sector),
            ticket: sides(I::Ticket, S::Ticket),
            maturity: investor(I::Maturity),
            pitch: investor(I::Pitch),
            references: investor(I::LocalReferences),
            readiness: investor(I::Readiness),
            city: Sides { investor: investor(I::City), startup: sixth },
            comms: sides(I::Communication, S::Communication),
            cooperation: sides(I::Cooperation, S::Cooperation),
            access: startup(S::Access),
            value_add: startup(S::ValueAdd),
            kind: startup(S::Kind),
            revealed: sixth,
        }
    }

    /// What no column tells, at its best; and one unit for every product that is rounded down.
    fn fixed(&self) -> Sides<u16> {
        let technology = u32::from(if self.i.tags.is_empty() { NEUTRAL } else { POINTS });
        let none_in_common = u32::from(NEUTRAL);
        let investor = self.weight(I::Technology) * technology + self.weight(I::CoInvestors) * none_in_common;
        let startup = (self.weight_of_startup(S::Track) * none_in_common).div_ceil(6)
            + self.weight_of_startup(S::Responsive) * u32::from(self.i.responsive.points);
        Sides { investor: investor.div_ceil(4) as u16 + 9, startup: startup.div_ceil(4) as u16 + 8 }
    }

    /// Sharing backers is worth 250 points at best, and sharing none was counted as neutral.
    fn tie(&self) -> Sides<u16> {
        let more = u32::from(POINTS - NEUTRAL);
        let investor = self.weight(I::CoInvestors) * more;
        let startup = (self.weight_of_startup(S::Track) * more).div_ceil(6);
        Sides { investor: investor.div_ceil(4) as u16, startup: startup.div_ceil(4) as u16 }
    }

    /// What the penalty leaves at the greatest confidence that is possible with what is known.
    fn left(&self) -> Column {
        let e = &self.i.evidence;
        let ours = |factor, most: u8| self.weight(factor) * u32::from(POINTS - most);
        let theirs = |factor, most: u8| self.weight_of_startup(factor) * u32::from(POINTS - most);
        let if_known = |known: bool| if known { POINTS } else { 0 };
        let comms = comms::best(self.i).confidence;
        let models = self.i.profile.models.is_some();
        let city = e.with_city.iter().map(|(_, deals)| certainty(deals, 4)).max().unwrap_or(0);
        table(|code| {
            let has = |bit: u8| code & bit != 0;
            let investor = ours(I::Country, certainty(e.with_home, 40))
                + ours(I::City, if has(known::CITY) { city } else { 0 })
                + ours(I::Technology, if_known(has(known::TAGS) && !self.i.tags.is_empty()))
                + ours(I::CoInvestors, if_known(has(known::BACKERS)))
                + ours(I::LocalReferences, if_known(has(known::REFERENCES)))
                + ours(I::Cooperation, if_known(has(known::MODELS) && models))
                + ours(I::Communication, comms);
            let startup = theirs(S::Access, if_known(has(known::TARGETS)))
                + theirs(S::ValueAdd, if_known(has(known::NEEDS) && self.i.offers.is_some()))
                + theirs(S::Track, certainty(e.deals, 2))
                + theirs(S::Communication, comms)
                + theirs(S::Responsive, self.i.responsive.confidence)
                + theirs(S::Kind, if_known(has(known::TYPES)))
                + theirs(S::Cooperation, if_known(has(known::MODELS) && models));
            let lost = UNCERTAINTY * u64::from(investor.max(startup)) * 256 / (FULL * 1_000);
            255 - lost as u8
        })
    }
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

#[cfg(test)]
#[cfg(all(target_arch = "x86_64", not(feature = "portable")))]
pub(super) mod tests {
    use super::super::super::compiled::Dictionary;
    use super::super::super::profile::{Investor, InvestorKey, World};
    use super::super::super::query::Query;
    use super::*;
    use std::sync::Arc;

    /// The bounds of an investor with a thesis in every respect.
    pub fn bounds() -> Bounds {
        let investor: Investor = serde_json::from_str(
            r#"{"id": 7, "type": "vc", "home": "CN", "markets": ["CN", "SG"], "focus": {"ict": 3, "bio.drugs": 1},
                "stages": [1, 3], "ticket": [100000, 2000000], "langs": {"en": 2, "zh": 3}, "tz": 480, "modes": ["equity"],
                "offers": ["market"], "exclude_homes": ["FR"], "only_targets": true, "hard_stages": [0, 6],
                "portfolio": [{"home": "RU", "city": "Kazan", "sectors": ["ict.ai"], "round": 2, "amount": 500000}]}"#,
        )
        .expect("an investor");
        let mut dictionary = Dictionary::default();
        let tables = Tables::compile(&World::default(), &mut dictionary);
        let row = InvestorRow::compile(Arc::new(investor), &tables, &mut dictionary);
        assert_eq!(row.id(), InvestorKey(7).0);
        Bounds::new(&InvestorPlan::new(&tables, &dictionary, &row, &Query::top(1)))
    }
}
