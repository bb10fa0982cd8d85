//! Country and city: where the investor has put money before.
//!
//! Invariant: an unknown place is neutral without confidence.
//! Read next: [`super::co_investors`].

use super::super::arithmetic::{BILLION, NEUTRAL, certainty};
use super::super::compiled::evidence::Tally;
use super::super::compiled::{InvestorRow, Place, Tables};
use super::super::words::Country;
use super::Rating;

const PSEUDO_DEALS: u64 = 40;
const PSEUDO_FLOWS: u64 = 20;
const PSEUDO_CITY_DEALS: u64 = 4;

/// What the deals say of the startup's home.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CountryFacts {
    /// The home.
    pub home: Country,
    /// Deals there, of those with a known home.
    pub deals: Tally,
    /// Deals of all investors of the same country there, and anywhere.
    pub countrymen: (u64, u64),
}

/// What the deals say of the startup's city.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CityFacts {
    /// The city.
    pub city: String,
    /// Deals there, of those in the country with a known city; the own city counts as one more.
    pub deals: Tally,
}

/// What the deals say of a home; a new investor starts from its countrymen's record.
pub fn country_facts(investor: &InvestorRow, tables: &Tables, home: Country) -> CountryFacts {
    let (usual, e) = (tables.usual_home(home), &investor.evidence);
    let (flow, total) = tables.flow(home, investor.profile.home);
    let prior = (flow * BILLION + PSEUDO_FLOWS * usual) / (total + PSEUDO_FLOWS);
    let deals = Tally::expecting(e.countries.get(home), e.with_home, (PSEUDO_DEALS, prior), usual);
    CountryFacts { home, deals, countrymen: (flow, total) }
}

/// Points and confidence of a home.
pub fn country(investor: &InvestorRow, tables: &Tables, home: Country) -> Rating {
    if !home.is_known() {
        return Rating::prior(NEUTRAL);
    }
    let deals = country_facts(investor, tables, home).deals;
    Rating { points: deals.lift, confidence: certainty(deals.of, PSEUDO_DEALS) }
}

/// What the deals say of a city.
pub fn city_tally(investor: &InvestorRow, tables: &Tables, home: Country, place: Place) -> Tally {
    let e = &investor.evidence;
    Tally::new(e.cities.get(place), e.with_city.get(home), PSEUDO_CITY_DEALS, tables.usual_place(place))
}

/// Points and confidence of a city.
pub fn city(investor: &InvestorRow, tables: &Tables, home: Country, place: Option<Place>) -> Rating {
    place.map_or(Rating::prior(NEUTRAL), |place| {
        let deals = city_tally(investor, tables, home, place);
        Rating { points: deals.lift, confidence: certainty(deals.of, PSEUDO_CITY_DEALS) }
    })
}
