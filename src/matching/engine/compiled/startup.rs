//! A startup ready to be scored.
//!
//! Invariant: holds nothing that depends on an investor; what depends on a market is worked out per market.
//! Read next: [`super::standing`].

use super::super::arithmetic::bucket;
use super::super::factors::{self, Rating};
use super::super::profile::Startup;
use super::super::words::Country;
use super::{Dictionary, Place, SectorPair, Standings, Tables, Word};
use std::sync::Arc;

/// A compiled startup.
#[derive(Clone, Debug)]
pub struct StartupRow {
    /// What it was compiled from.
    pub profile: Arc<Startup>,
    /// Its main sector.
    pub sector: Option<SectorPair>,
    /// Its further sectors.
    pub further_sectors: Box<[SectorPair]>,
    /// Its city, where home and city are known.
    pub place: Option<Place>,
    /// Its tags, sorted.
    pub tags: Option<Box<[Word]>>,
    /// Its stage.
    pub stage: Option<i32>,
    /// What it raises, or else its stage.
    pub round: Option<u8>,
    /// The half-octaves of smallest cheque and target.
    pub ask: Option<(u8, u8)>,
    /// Its languages by number, with levels.
    pub languages: Option<Box<[(Word, u8)]>>,
    /// The organisations of its contacts, sorted.
    pub organisations: Option<Box<[Word]>>,
    /// Its needs, sorted.
    pub needs: Option<Box<[Word]>>,
    /// The types of investor it wants, sorted.
    pub types: Option<Box<[Word]>>,
    /// The types of investor it never wants to meet, sorted.
    pub exclude_types: Box<[Word]>,
    /// Where it stands in each market.
    pub standings: Standings,
    /// Points and confidence of its six scales.
    pub maturity: Rating,
    /// Points and confidence of its pitch.
    pub pitch: Rating,
}

impl StartupRow {
    /// Compiles a profile.
    pub fn compile(profile: Arc<Startup>, tables: &Tables, dictionary: &mut Dictionary) -> Self {
        let p = &*profile;
        let city = p.city.as_deref().filter(|city| !city.is_empty() && p.home.is_known());
        Self {
            sector: p.sector.as_ref().map(|s| dictionary.sector(s)),
            further_sectors: p.further_sectors.iter().map(|s| dictionary.sector(s)).collect(),
            place: city.map(|city| dictionary.place(p.home, city)),
            tags: p.tags.as_ref().map(|tags| dictionary.words(tags)),
            stage: p.stage.map(|s| s.get()),
            round: p.round.map(|r| r.amount() as u8).or(p.stage.map(|s| s.amount() as u8)),
            ask: p.ask.map(|ask| (bucket(ask.cheque), bucket(ask.target))),
            languages: p.languages.as_ref().map(|spoken| super::investor::languages(spoken, dictionary)),
            organisations: p.contacts.as_ref().map(|cs| dictionary.words(cs.iter().map(|c| &c.organisation))),
            needs: p.needs.as_ref().map(|needs| dictionary.words(needs)),
            types: p.types.as_ref().map(|types| dictionary.words(types)),
            exclude_types: dictionary.words(&p.exclude_types),
            standings: Standings::of(p, tables),
            maturity: factors::maturity::rate(p.maturity.as_ref()),
            pitch: factors::pitch::rate(p.pitch.as_ref(), tables.today),
            profile,
        }
    }

    /// Its permanent integer.
    pub fn id(&self) -> u64 {
        self.profile.id.0
    }

    /// Where it comes from.
    pub fn home(&self) -> Country {
        self.profile.home
    }
}
