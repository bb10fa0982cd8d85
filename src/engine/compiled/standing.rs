//! Where a startup stands in each market: references, readiness, regulation and contacts.
//!
//! Invariant: depends on the startup, the market and the day, on no investor.
//! Read next: [`super::super::factors::references`] and [`super::super::factors::readiness`].

use super::super::factors::{Rating, readiness, references};
use super::super::profile::Startup;
use super::super::words::{Country, Regulatory};
use super::Tables;
use super::packed::{List, Packed, pack_ratings, unpack_ratings};
use super::tables::Region;

/// Where a startup stands in one market.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Points and confidence of its references.
    pub references: Rating,
    /// Whether one of them is verified and in the market itself.
    pub verified_reference: bool,
    /// Points and confidence of its readiness.
    pub readiness: Rating,
    /// Its regulatory level.
    pub regulatory: Option<Regulatory>,
    /// Its strongest contact in the market, 0 for none.
    pub contact: u8,
}

/// Where a startup stands in every market.
#[derive(Clone, Copy, Debug)]
pub struct Standings<'a> {
    named: List<'a, (Country, Standing)>,
    regions: List<'a, (Region, Rating)>,
    elsewhere: Standing,
}

impl<'a> Standings<'a> {
    /// Markets that the profile names, regions of its references, and references and readiness everywhere else.
    pub fn new(
        named: List<'a, (Country, Standing)>,
        regions: List<'a, (Region, Rating)>,
        (references, readiness): (Rating, Rating),
    ) -> Self {
        let elsewhere =
            Standing { references, verified_reference: false, readiness, regulatory: None, contact: 0 };
        Self { named, regions, elsewhere }
    }

    /// Where the startup stands in a market.
    pub fn at(&self, market: Country, tables: &Tables) -> Standing {
        if let Some((_, standing)) = self.named.iter().find(|entry| entry.0 == market) {
            return standing;
        }
        let near = tables
            .region(market)
            .filter(|_| !self.regions.is_empty())
            .and_then(|region| self.regions.iter().find(|entry| entry.0 == region));
        let references = near.map_or(self.elsewhere.references, |entry| entry.1);
        Standing { references, ..self.elsewhere }
    }

    /// The greatest points of references and of readiness, and the strongest contact, in any market at all.
    pub fn greatest(&self) -> (u8, u8, u8) {
        let elsewhere = (self.elsewhere.references.points, self.elsewhere.readiness.points, 0);
        let named = self.named.iter().fold(elsewhere, |(references, readiness, contact), (_, s)| {
            (references.max(s.references.points), readiness.max(s.readiness.points), contact.max(s.contact))
        });
        let references = self.regions.iter().fold(named.0, |most, (_, rating)| most.max(rating.points));
        (references, named.1, named.2)
    }
}

impl Packed for (Country, Standing) {
    const WORDS: usize = 2;

    fn pack(self, to: &mut Vec<u32>) {
        let (country, standing) = self;
        let level = standing.regulatory.map_or(0, |level| level as u32 + 1);
        to.push(
            u32::from(country.letters())
                | level << 16
                | u32::from(standing.contact) << 20
                | u32::from(standing.verified_reference) << 22,
        );
        to.push(pack_ratings(standing.references, standing.readiness));
    }

    fn unpack(words: &[u32]) -> Self {
        let (references, readiness) = unpack_ratings(words[1]);
        let level = (words[0] >> 16 & 15) as usize;
        let standing = Standing {
            references,
            verified_reference: words[0] >> 22 & 1 != 0,
            readiness,
            regulatory: level.checked_sub(1).and_then(|at| Regulatory::ALL.get(at).copied()),
            contact: (words[0] >> 20 & 3) as u8,
        };
        (Country::from_letters(words[0] as u16), standing)
    }
}

impl Packed for (Region, Rating) {
    const WORDS: usize = 1;

    fn pack(self, to: &mut Vec<u32>) {
        to.push(u32::from(self.0) | pack_ratings(self.1, self.1) << 16);
    }

    fn unpack(words: &[u32]) -> Self {
        (words[0] as Region, unpack_ratings(words[0] >> 16).0)
    }
}

/// Where a startup stands in a market that it names.
pub type InMarket = (Country, Standing);
/// What its references are worth in a region.
pub type InRegion = (Region, Rating);

/// Works out every market that the profile names, and every region of its references.
pub fn work_out(profile: &Startup, tables: &Tables) -> (Vec<InMarket>, Vec<InRegion>) {
    let regulated = is_regulated(profile, tables);
    let named = named_markets(profile).into_iter();
    let listed = profile.references.iter().flatten();
    let mut regions: Vec<Region> = listed.filter_map(|r| tables.region(r.country)).collect();
    regions.sort_unstable();
    regions.dedup();
    let near = |region| (region, references::rate_in(profile, None, Some(region), tables));
    (
        named.map(|market| (market, standing(profile, Some(market), regulated, tables))).collect(),
        regions.into_iter().map(near).collect(),
    )
}

/// Whether the startup's main sector is under regulation.
pub fn is_regulated(profile: &Startup, tables: &Tables) -> bool {
    profile.sector.as_ref().is_some_and(|sector| tables.is_regulated(sector))
}

/// The standing in a market, or in one that the profile does not name and that shares no region with it.
pub fn standing(profile: &Startup, market: Option<Country>, regulated: bool, tables: &Tables) -> Standing {
    let in_market = |country: Country| Some(country) == market;
    let contacts = profile.contacts.iter().flatten().filter(|c| in_market(c.country));
    Standing {
        references: references::rate_in(profile, market, market.and_then(|m| tables.region(m)), tables),
        verified_reference: profile.references.iter().flatten().any(|r| r.verified && in_market(r.country)),
        readiness: readiness::rate(&readiness::parts(profile, market, regulated)),
        regulatory: market.and_then(|m| profile.regulatory.as_ref()?.get(&m).copied()),
        contact: contacts.map(|c| c.strength.amount() as u8).max().unwrap_or(0),
    }
}

fn named_markets(profile: &Startup) -> Vec<Country> {
    let references = profile.references.iter().flatten().map(|r| r.country);
    let accelerators = profile.accelerators.iter().flatten().map(|a| a.target);
    let contacts = profile.contacts.iter().flatten().map(|c| c.country);
    let regulatory = profile.regulatory.iter().flat_map(|t| t.keys().copied());
    let protection = profile.protection.iter().flat_map(|t| t.keys().copied());
    let offers = profile.offers.iter().flat_map(|t| t.keys().copied());
    let localised = profile.localised.iter().flatten().copied();
    let mut named = Vec::with_capacity(16);
    named.extend(references.chain(accelerators).chain(contacts));
    named.extend(regulatory.chain(protection).chain(offers).chain(localised));
    named.sort_unstable();
    named.dedup();
    named
}
