//! Where a startup stands in each market: references, readiness, regulation and contacts.
//!
//! Invariant: depends on the startup, the market and the day, on no investor.
//! Read next: [`super::super::factors::references`] and [`super::super::factors::readiness`].

use super::super::factors::{Rating, readiness, references};
use super::super::profile::Startup;
use super::super::words::{Country, Regulatory};
use super::Tables;
use super::tables::Region;
use std::collections::BTreeSet;

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
#[derive(Clone, Debug)]
pub struct Standings {
    named: Box<[(Country, Standing)]>,
    regions: Box<[(Region, Rating)]>,
    elsewhere: Standing,
}

impl Standings {
    /// Works out every market that the profile names, and what holds for all the others.
    pub fn of(profile: &Startup, tables: &Tables) -> Self {
        let regulated = is_regulated(profile, tables);
        let listed = profile.references.as_deref();
        let named = named_markets(profile);
        let regions: BTreeSet<Region> =
            listed.into_iter().flatten().filter_map(|r| tables.region(r.country)).collect();
        Self {
            named: named.into_iter().map(|m| (m, standing(profile, Some(m), regulated, tables))).collect(),
            regions: regions
                .into_iter()
                .map(|region| (region, references::rate_in(profile, None, Some(region), tables)))
                .collect(),
            elsewhere: standing(profile, None, regulated, tables),
        }
    }

    /// Where the startup stands in a market.
    pub fn at(&self, market: Country, tables: &Tables) -> Standing {
        if let Ok(at) = self.named.binary_search_by_key(&market, |entry| entry.0) {
            return self.named[at].1;
        }
        let near =
            tables.region(market).and_then(|r| self.regions.binary_search_by_key(&r, |entry| entry.0).ok());
        let references = near.map_or(self.elsewhere.references, |at| self.regions[at].1);
        Standing { references, ..self.elsewhere }
    }
}

/// Whether the startup's main sector is under regulation.
pub fn is_regulated(profile: &Startup, tables: &Tables) -> bool {
    profile.sector.as_ref().is_some_and(|sector| tables.is_regulated(sector))
}

/// The standing in a market, or in one that the profile does not name and that shares no region with it.
fn standing(profile: &Startup, market: Option<Country>, regulated: bool, tables: &Tables) -> Standing {
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

fn named_markets(profile: &Startup) -> BTreeSet<Country> {
    let references = profile.references.iter().flatten().map(|r| r.country);
    let accelerators = profile.accelerators.iter().flatten().map(|a| a.target);
    let contacts = profile.contacts.iter().flatten().map(|c| c.country);
    let regulatory = profile.regulatory.iter().flat_map(|t| t.keys().copied());
    let protection = profile.protection.iter().flat_map(|t| t.keys().copied());
    let offers = profile.offers.iter().flat_map(|t| t.keys().copied());
    let localised = profile.localised.iter().flatten().copied();
    references
        .chain(accelerators)
        .chain(contacts)
        .chain(regulatory)
        .chain(protection)
        .chain(offers)
        .chain(localised)
        .collect()
}
