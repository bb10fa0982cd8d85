//! The world of the population: corridors, regions, and flows and shares counted from its own deals.
//!
//! Invariant: depends on the seed alone, not on how many profiles are asked for.
//! Read next: [`crate::engine::profile::World`].

use super::dice::{Dice, Stream};
use super::places::Place;
use super::{Population, TODAY, trades};
use crate::engine::profile::{Corridor, World};
use crate::engine::rebuild;
use crate::engine::words::{CooperationModel, CooperationModels, Whole};
use std::collections::BTreeSet;

/// How many investors the flows and shares are counted from.
const COUNTED: u64 = 2_000;

impl Population {
    /// The world tables.
    pub fn world(&self) -> World {
        let mut dice = Dice::of(self.seed, Stream::World, 0);
        let places = self.places.all();
        let mut corridors = Vec::new();
        for home in places {
            for market in places.iter().filter(|market| market.country != home.country) {
                if dice.chance(65) {
                    corridors.push(self.corridor(&mut dice, home, market));
                }
            }
        }
        let investors: Vec<_> = (0..COUNTED).map(|k| self.investor(k)).collect();
        let counted = rebuild(investors.iter().map(|i| (i.home, i.portfolio.as_slice())));
        World {
            today: TODAY,
            regulated: trades::REGULATED.iter().map(|parent| (*parent).to_owned()).collect(),
            regions: places.iter().map(|p| (p.country, p.region.to_owned())).collect(),
            corridors,
            flows: counted.flows,
            base: counted.base,
        }
    }

    fn corridor(&self, dice: &mut Dice, home: &Place, market: &Place) -> Corridor {
        let near = if home.region == market.region { 4 } else { 0 };
        let mut share = || dice.chance(90).then(|| Whole::nearest(50_000 * (dice.between(4, 16) + near)));
        let (regulation, protection, treaty, culture) = (share(), share(), share(), share());
        Corridor {
            home: home.country,
            market: market.country,
            regulation,
            protection,
            treaty,
            culture,
            favoured: if dice.chance(40) { favoured(dice) } else { CooperationModels::default() },
            prohibited: dice.below(1_000) < 5,
            prohibited_sectors: if dice.chance(5) {
                BTreeSet::from([self.trades.any_leaf(dice)])
            } else {
                BTreeSet::new()
            },
        }
    }
}

fn favoured(dice: &mut Dice) -> CooperationModels {
    CooperationModel::ALL.iter().copied().filter(|_| dice.chance(35)).collect()
}
