//! The world by code: corridors, regions, flows and usual shares.
//!
//! Invariant: what the operator has not stated stands at its documented default.
//! Read next: [`super::factors`].

use super::codes::{Codes, UNKNOWN};
use springboard::engine::profile::{Corridor, World};
use springboard::engine::words::{Country, Ppm};

const RAREST: u64 = 1_000;

/// What the operator states of the way from a home into a market.
pub struct Way {
    pub regulation: Option<u64>,
    pub protection: Option<u64>,
    pub treaty: Option<u64>,
    pub culture: Option<u64>,
    pub favoured: u8,
    pub prohibited: bool,
    pub prohibited_sectors: Vec<u16>,
}

/// Everything of the world that a pair reads.
pub struct Tables {
    pub today: i32,
    ways: Vec<Way>,
    way_at: Vec<u32>,
    flows: Vec<u64>,
    flow_totals: Vec<u64>,
    regions: Vec<u16>,
    regulated: Vec<bool>,
    homes: Vec<u64>,
    trades: Vec<u64>,
    rounds: [u64; 16],
    tickets: [u64; 128],
    places: Vec<u64>,
}

impl Tables {
    pub fn of(world: &World, codes: &mut Codes) -> Self {
        let cells = Country::CODES * Country::CODES;
        let mut tables = Self {
            today: world.today,
            ways: Vec::new(),
            way_at: vec![u32::MAX; cells],
            flows: vec![0; cells],
            flow_totals: vec![0; Country::CODES],
            regions: vec![UNKNOWN; Country::CODES],
            regulated: Vec::new(),
            homes: vec![usual(0); Country::CODES],
            trades: Vec::new(),
            rounds: [usual(0); 16],
            tickets: [usual(0); 128],
            places: Vec::new(),
        };
        tables.read_pairs(world, codes);
        tables.read_shares(world, codes);
        tables
    }

    fn read_pairs(&mut self, world: &World, codes: &mut Codes) {
        for stated in &world.corridors {
            let at = cell(codes.country(stated.home), codes.country(stated.market));
            self.way_at[at] = self.ways.len() as u32;
            self.ways.push(way(stated, codes));
        }
        for flow in &world.flows {
            let (home, market) = (codes.country(flow.home), codes.country(flow.market));
            self.flows[cell(home, market)] = u64::from(flow.deals);
            self.flow_totals[usize::from(market)] += u64::from(flow.deals);
        }
        let mut names: Vec<&str> = Vec::new();
        for (country, region) in &world.regions {
            let number = names.iter().position(|name| name == region).unwrap_or_else(|| {
                names.push(region);
                names.len() - 1
            });
            self.regions[usize::from(codes.country(*country))] = number as u16;
        }
    }

    fn read_shares(&mut self, world: &World, codes: &mut Codes) {
        let base = &world.base;
        for (home, share) in &base.home {
            self.homes[usize::from(codes.country(*home))] = usual(share.amount());
        }
        for (sector, share) in &base.sector {
            put(&mut self.trades, usize::from(codes.trade(sector).own), usual(share.amount()), usual(0));
        }
        for (round, share) in &base.round {
            self.rounds[round.amount() as usize] = usual(share.amount());
        }
        for (bucket, share) in &base.ticket {
            self.tickets[bucket.amount() as usize] = usual(share.amount());
        }
        for (home, cities) in &base.city {
            let home = codes.country(*home);
            for (city, share) in cities {
                put(&mut self.places, codes.place(home, city) as usize, usual(share.amount()), usual(0));
            }
        }
        for parent in &world.regulated {
            let parent = springboard::engine::words::Sector::parse(parent);
            if let Ok(parent) = parent {
                put(&mut self.regulated, usize::from(codes.trade(&parent).own), true, false);
            }
        }
    }

    pub fn way(&self, home: u16, market: u16) -> Option<&Way> {
        self.ways.get(self.way_at[cell(home, market)] as usize)
    }

    /// Deals by investors of `market` in startups of `home`, and of anywhere.
    pub fn flow(&self, home: u16, market: u16) -> (u64, u64) {
        (self.flows[cell(home, market)], self.flow_totals[usize::from(market)])
    }

    pub fn region(&self, country: u16) -> u16 {
        self.regions[usize::from(country)]
    }

    pub fn is_regulated(&self, parent: u16) -> bool {
        self.regulated.get(usize::from(parent)).copied().unwrap_or(false)
    }

    pub fn usual_home(&self, home: u16) -> u64 {
        self.homes[usize::from(home)]
    }

    pub fn usual_trade(&self, trade: u16) -> u64 {
        self.trades.get(usize::from(trade)).copied().unwrap_or(usual(0))
    }

    pub fn usual_round(&self, round: u8) -> u64 {
        self.rounds[usize::from(round)]
    }

    pub fn usual_ticket(&self, half_octave: u8) -> u64 {
        self.tickets[usize::from(half_octave)]
    }

    pub fn usual_place(&self, place: u32) -> u64 {
        self.places.get(place as usize).copied().unwrap_or(usual(0))
    }
}

fn cell(home: u16, market: u16) -> usize {
    usize::from(home) * Country::CODES + usize::from(market)
}

fn usual(ppm: u64) -> u64 {
    ppm.max(RAREST) * 1_000
}

fn put<T: Copy>(list: &mut Vec<T>, at: usize, value: T, default: T) {
    if list.len() <= at {
        list.resize(at + 1, default);
    }
    list[at] = value;
}

fn way(stated: &Corridor, codes: &mut Codes) -> Way {
    let value = |share: Option<Ppm>| share.map(|ppm| ppm.amount());
    Way {
        regulation: value(stated.regulation),
        protection: value(stated.protection),
        treaty: value(stated.treaty),
        culture: value(stated.culture),
        favoured: stated.favoured.iter().fold(0, |set, model| set | 1 << model as u8),
        prohibited: stated.prohibited,
        prohibited_sectors: stated.prohibited_sectors.iter().map(|s| codes.trade(s).own).collect(),
    }
}
