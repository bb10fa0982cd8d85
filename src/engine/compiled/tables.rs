//! The world tables as look-ups by code.
//!
//! Invariant: whatever a table does not list has its documented default, so codes learned later need no new tables.
//! Read next: [`super::super::factors`].

use super::super::factors::{self, Rating};
use super::super::profile::{Corridor, World};
use super::super::words::{CooperationModels, Country, Ppm, Sector};
use super::{Dictionary, Place, SectorCode};
use std::collections::{BTreeMap, BTreeSet};

/// Nothing is rarer than one in a thousand, in parts per million.
const RAREST: u64 = 1_000;

/// The number of a region.
pub type Region = u16;

/// A corridor with its rating worked out.
#[derive(Clone, Debug)]
pub struct CorridorRow {
    /// What the operator entered.
    pub stated: Corridor,
    /// Points and confidence of the corridor.
    pub rating: Rating,
    /// The sectors that may not pass, sorted.
    pub prohibited_sectors: Box<[SectorCode]>,
}

impl CorridorRow {
    /// The forms of cooperation that are favoured; empty for no preference.
    pub fn favoured(&self) -> CooperationModels {
        self.stated.favoured
    }
}

/// Everything of the world that a score reads.
#[derive(Clone, Debug)]
pub struct Tables {
    /// The day of the score.
    pub today: i32,
    regulated: BTreeSet<String>,
    regions: Vec<Option<Region>>,
    corridors: ByPair<CorridorRow>,
    flows: ByPair<u64>,
    flow_totals: Vec<u64>,
    homes: Vec<u64>,
    rounds: [u64; 16],
    tickets: Vec<u64>,
    sectors: Vec<u64>,
    places: Vec<u64>,
}

impl Tables {
    /// Compiles a world; its sectors and cities get numbers.
    pub fn compile(world: &World, dictionary: &mut Dictionary) -> Self {
        let mut flow_totals = vec![0; Country::CODES];
        for flow in &world.flows {
            flow_totals[flow.market.code()] += u64::from(flow.deals);
        }
        let cities =
            world.base.city.iter().flat_map(|(home, cities)| cities.iter().map(move |(c, s)| (*home, c, s)));
        let places: Vec<_> = cities.map(|(home, city, s)| (dictionary.place(home, city).0, s)).collect();
        let sectors: Vec<_> = world
            .base
            .sector
            .iter()
            .filter_map(|(x, s)| Some((u32::from(dictionary.sector(x)?.own.0), s)))
            .collect();
        Self {
            today: world.today,
            regulated: world.regulated.clone(),
            regions: regions(&world.regions),
            corridors: ByPair::of(
                world.corridors.iter().map(|c| (c.home, c.market, corridor(c, dictionary))),
            ),
            flows: ByPair::of(world.flows.iter().map(|f| (f.home, f.market, u64::from(f.deals)))),
            flow_totals,
            homes: shares(world.base.home.iter().map(|(c, s)| (c.code() as u32, s))),
            rounds: std::array::from_fn(|round| {
                let stated = world.base.round.iter().find(|(r, _)| r.amount() == round as u64);
                usual(stated.map_or(0, |(_, share)| share.amount()))
            }),
            tickets: shares(world.base.ticket.iter().map(|(b, s)| (b.amount() as u32, s))),
            sectors: shares(sectors.into_iter()),
            places: shares(places.into_iter()),
        }
    }

    /// Whether a sector is under regulation.
    pub fn is_regulated(&self, sector: &Sector) -> bool {
        self.regulated.contains(sector.parent())
    }

    /// The region of a country.
    pub fn region(&self, country: Country) -> Option<Region> {
        self.regions[country.code()]
    }

    /// What is known of the way from a home into a market.
    pub fn corridor(&self, home: Country, market: Country) -> Option<&CorridorRow> {
        self.corridors.get(home, market)
    }

    /// Known deals by investors of `market` in startups of `home`, and in startups of anywhere.
    pub fn flow(&self, home: Country, market: Country) -> (u64, u64) {
        (self.flows.get(home, market).copied().unwrap_or(0), self.flow_totals[market.code()])
    }

    /// The usual share of a home, in 10⁻⁹.
    pub fn usual_home(&self, home: Country) -> u64 {
        at(&self.homes, home.code())
    }

    /// The usual share of a round, in 10⁻⁹.
    pub fn usual_round(&self, round: u8) -> u64 {
        self.rounds[usize::from(round)]
    }

    /// The usual share of amounts around a half-octave, in 10⁻⁹.
    pub fn usual_ticket(&self, bucket: u8) -> u64 {
        at(&self.tickets, usize::from(bucket))
    }

    /// The usual share of a leaf or parent, in 10⁻⁹.
    pub fn usual_sector(&self, sector: SectorCode) -> u64 {
        at(&self.sectors, sector.0 as usize)
    }

    /// The usual share of a city within its country, in 10⁻⁹.
    pub fn usual_place(&self, place: Place) -> u64 {
        at(&self.places, place.0 as usize)
    }
}

/// Something for some ways from a home into a market: a small square of those homes and markets that occur.
#[derive(Clone, Debug)]
struct ByPair<T> {
    /// The row of a home by its code, and the column of a market.
    rows: Box<[u16; Country::CODES]>,
    columns: Box<[u16; Country::CODES]>,
    width: usize,
    /// Where the value is, counted from 1; 0 where there is none.
    cells: Vec<u32>,
    values: Vec<T>,
}

impl<T> ByPair<T> {
    /// Of a way that is given twice the later one counts.
    fn of(entries: impl Iterator<Item = (Country, Country, T)>) -> Self {
        let mut ways: BTreeMap<(usize, usize), T> = BTreeMap::new();
        for (home, market, value) in entries {
            ways.insert((home.code(), market.code()), value);
        }
        let (rows, height) = numbered(ways.keys().map(|(home, _)| *home));
        let (columns, width) = numbered(ways.keys().map(|(_, market)| *market));
        let mut cells = vec![0; height * width];
        for ((home, market), cell) in ways.keys().zip(1..) {
            cells[usize::from(rows[*home]) * width + usize::from(columns[*market])] = cell;
        }
        Self { rows, columns, width, cells, values: ways.into_values().collect() }
    }

    fn get(&self, home: Country, market: Country) -> Option<&T> {
        let (row, column) = (self.rows[home.code()], self.columns[market.code()]);
        let cell = self.cells.get(usize::from(row) * self.width + usize::from(column))?;
        self.values.get((*cell as usize).checked_sub(1)?)
    }
}

/// Numbers for the codes that occur, 0 for the others, and one more than the greatest number.
fn numbered(codes: impl Iterator<Item = usize>) -> (Box<[u16; Country::CODES]>, usize) {
    let mut numbers = Box::new([0; Country::CODES]);
    let mut next = 1;
    for code in codes {
        if numbers[code] == 0 {
            numbers[code] = next;
            next += 1;
        }
    }
    (numbers, usize::from(next))
}

fn usual(ppm: u64) -> u64 {
    ppm.max(RAREST) * 1_000
}

fn at(shares: &[u64], code: usize) -> u64 {
    shares.get(code).copied().unwrap_or(usual(0))
}

fn shares<'a>(stated: impl Iterator<Item = (u32, &'a Ppm)>) -> Vec<u64> {
    let mut shares = Vec::new();
    for (code, share) in stated {
        let code = code as usize;
        if shares.len() <= code {
            shares.resize(code + 1, usual(0));
        }
        shares[code] = usual(share.amount());
    }
    shares
}

fn regions(stated: &BTreeMap<Country, String>) -> Vec<Option<Region>> {
    let mut numbers = BTreeMap::new();
    let mut regions = vec![None; Country::CODES];
    for (country, region) in stated {
        let next = numbers.len() as Region;
        regions[country.code()] = Some(*numbers.entry(region.as_str()).or_insert(next));
    }
    regions
}

fn corridor(stated: &Corridor, dictionary: &mut Dictionary) -> CorridorRow {
    let mut prohibited: Vec<_> =
        stated.prohibited_sectors.iter().filter_map(|s| Some(dictionary.sector(s)?.own)).collect();
    prohibited.sort_unstable();
    CorridorRow {
        stated: stated.clone(),
        rating: factors::corridor::listed(stated),
        prohibited_sectors: prohibited.into(),
    }
}
