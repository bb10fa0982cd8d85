//! What one investor makes of single features of a startup: worked out on the spot, or looked up.
//!
//! Invariant: both ways give the same bytes, because the tables are filled by asking the direct way.
//! Read next: [`super::pair`].

use super::super::compiled::{InvestorRow, SectorCode, SectorPair, Tables};
use super::super::words::Country;
use super::sector::{self, SectorView};
use super::{Rating, place, stage, ticket};

/// What one investor makes of single features of a startup.
pub trait Views {
    /// Of a sector.
    fn sector(&self, sector: SectorPair) -> SectorView;
    /// Of a round, by its deals alone.
    fn round(&self, round: u8) -> u8;
    /// Of a target, by half-octave.
    fn target(&self, bucket: u8) -> u8;
    /// Of a smallest cheque, by half-octave.
    fn cheque(&self, bucket: u8) -> u8;
    /// Of a home.
    fn country(&self, home: Country) -> Rating;
}

/// Works every view out when asked: right for a few pairs of one investor.
#[derive(Clone, Copy, Debug)]
pub struct Direct<'a> {
    /// The investor.
    pub investor: &'a InvestorRow,
    /// The world.
    pub tables: &'a Tables,
}

impl Views for Direct<'_> {
    fn sector(&self, sector: SectorPair) -> SectorView {
        sector::view(self.investor, self.tables, sector)
    }

    fn round(&self, round: u8) -> u8 {
        stage::tally(self.investor, self.tables, round).lift
    }

    fn target(&self, bucket: u8) -> u8 {
        ticket::target(self.investor, self.tables, bucket)
    }

    fn cheque(&self, bucket: u8) -> u8 {
        ticket::cheque(self.investor, bucket)
    }

    fn country(&self, home: Country) -> Rating {
        place::country(self.investor, self.tables, home)
    }
}

/// Looks every view up: right for one investor before many startups.
#[derive(Clone, Debug)]
pub struct Tabled {
    sectors: Vec<SectorView>,
    rounds: [u8; 16],
    targets: [u8; 128],
    cheques: [u8; 128],
    countries: Vec<Rating>,
}

impl Tabled {
    /// Fills the tables for the sectors, given with their parents in the order of their codes, and for the homes that will
    /// be asked for; the others are worth nothing.
    pub fn fill(
        direct: Direct<'_>,
        sectors: &[SectorPair],
        homes: impl IntoIterator<Item = Country>,
    ) -> Self {
        let mut countries = vec![Rating::known(0); Country::CODES];
        homes.into_iter().for_each(|home| countries[home.code()] = direct.country(home));
        Self {
            sectors: sectors.iter().map(|s| direct.sector(*s)).collect(),
            rounds: std::array::from_fn(|round| direct.round(round as u8)),
            targets: std::array::from_fn(|bucket| direct.target(bucket as u8)),
            cheques: std::array::from_fn(|bucket| direct.cheque(bucket as u8)),
            countries,
        }
    }
}

impl Views for Tabled {
    fn sector(&self, sector: SectorPair) -> SectorView {
        let SectorCode(code) = sector.own;
        self.sectors[code as usize]
    }

    fn round(&self, round: u8) -> u8 {
        self.rounds[usize::from(round)]
    }

    fn target(&self, bucket: u8) -> u8 {
        self.targets[usize::from(bucket)]
    }

    fn cheque(&self, bucket: u8) -> u8 {
        self.cheques[usize::from(bucket)]
    }

    fn country(&self, home: Country) -> Rating {
        self.countries[home.code()]
    }
}
