//! Corridor: regulation, intellectual property, treaties and culture between home and market.
//!
//! Invariant: home and market the same is no corridor at all and rates full.
//! Read next: [`super::comms`].

use super::super::arithmetic::{POINTS, Part};
use super::super::compiled::CorridorRow;
use super::super::profile::Corridor;
use super::super::words::{Country, Ppm};
use super::Rating;

const PRIOR: u64 = 300_000;

/// What is known of the way from home into the market.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CorridorFacts {
    /// The market is the home.
    AtHome,
    /// The pair of countries is not in the table.
    Unlisted,
    /// The operator's values in parts per million.
    Listed {
        /// How near the regulation of the two is.
        regulation: Option<u64>,
        /// How well intellectual property is protected.
        protection: Option<u64>,
        /// How far treaties help.
        treaty: Option<u64>,
        /// How near the cultures are.
        culture: Option<u64>,
    },
}

impl CorridorFacts {
    /// What is known between two countries.
    pub fn between(home: Country, market: Country, corridor: Option<&CorridorRow>) -> Self {
        let value = |stated: Option<Ppm>| stated.map(Ppm::amount);
        match corridor.map(|row| &row.stated) {
            _ if home == market => Self::AtHome,
            None => Self::Unlisted,
            Some(c) => Self::Listed {
                regulation: value(c.regulation),
                protection: value(c.protection),
                treaty: value(c.treaty),
                culture: value(c.culture),
            },
        }
    }
}

/// Points and confidence of a corridor that the operator entered.
pub fn listed(corridor: &Corridor) -> Rating {
    let part = |weight, stated: Option<Ppm>| Part::stated(weight, stated.map(Ppm::amount), PRIOR);
    Rating::mixed(&[
        part(300_000, corridor.regulation),
        part(300_000, corridor.protection),
        part(200_000, corridor.treaty),
        part(200_000, corridor.culture),
    ])
}

/// Points and confidence of the factor.
pub fn rate(home: Country, market: Country, corridor: Option<&CorridorRow>) -> Rating {
    if home == market { Rating::known(POINTS) } else { corridor.map_or(Rating::prior(75), |row| row.rating) }
}
