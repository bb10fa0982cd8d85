//! The next `flows` and `base` from recorded portfolios.
//!
//! Invariant: counts every recorded deal once per investor that recorded it; shares are floored parts per million.
//! Read next: [`super::profile::World`], which takes the result.

use super::arithmetic::{ONE, bucket, mul_div};
use super::factors::ticket::{KERNEL, KERNEL_SUM};
use super::profile::{Base, Deal, Flow};
use super::words::{Bucket, Country, Ppm, Round, Sector};
use std::collections::{BTreeMap, BTreeSet};

/// World tables counted anew.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rebuilt {
    /// Deals by home of the startup and home of the investor, in their order.
    pub flows: Vec<Flow>,
    /// How common everything is among all deals.
    pub base: Base,
    /// How many deals were counted.
    pub deals: u64,
}

/// Counts the deals of many investors, each given with its home.
pub fn rebuild<'a>(portfolios: impl IntoIterator<Item = (Country, &'a [Deal])>) -> Rebuilt {
    let mut census = Census::default();
    for (home, deals) in portfolios {
        deals.iter().for_each(|deal| census.count(home, deal));
    }
    census.finish()
}

#[derive(Default)]
struct Census {
    deals: u64,
    flows: BTreeMap<(Country, Country), u32>,
    homes: BTreeMap<Country, u64>,
    cities: BTreeMap<Country, BTreeMap<String, u64>>,
    rounds: BTreeMap<Round, u64>,
    sectors: BTreeMap<Sector, u64>,
    parents: BTreeMap<Sector, u64>,
    with_sector: u64,
    amounts: BTreeMap<u8, u64>,
}

impl Census {
    fn count(&mut self, investor_home: Country, deal: &Deal) {
        self.deals += 1;
        if let Some(home) = deal.known_home() {
            *self.homes.entry(home).or_default() += 1;
            if investor_home.is_known() {
                let flow = self.flows.entry((home, investor_home)).or_default();
                *flow = flow.saturating_add(1);
            }
        }
        if let Some((home, city)) = deal.known_city() {
            *self.cities.entry(home).or_default().entry(city.to_owned()).or_default() += 1;
        }
        if let Some(round) = deal.round {
            *self.rounds.entry(round).or_default() += 1;
        }
        if !deal.sectors.is_empty() {
            self.with_sector += 1;
            let parents: BTreeSet<Sector> = deal.sectors.iter().map(Sector::to_parent).collect();
            parents.into_iter().for_each(|parent| *self.parents.entry(parent).or_default() += 1);
            for leaf in deal.sectors.iter().filter(|s| s.is_leaf()) {
                *self.sectors.entry(leaf.clone()).or_default() += 1;
            }
        }
        if deal.amount > 0 {
            *self.amounts.entry(bucket(deal.amount)).or_default() += 1;
        }
    }

    fn finish(mut self) -> Rebuilt {
        self.sectors.append(&mut self.parents);
        let flows = self.flows.iter().map(|(&(home, market), &deals)| Flow { home, market, deals }).collect();
        let base = Base {
            home: shares(&self.homes, self.homes.values().sum()),
            sector: shares(&self.sectors, self.with_sector),
            round: shares(&self.rounds, self.rounds.values().sum()),
            ticket: smoothed(&self.amounts),
            city: self
                .cities
                .iter()
                .map(|(home, cities)| (*home, shares(cities, cities.values().sum())))
                .collect(),
        };
        Rebuilt { flows, base, deals: self.deals }
    }
}

fn shares<K: Ord + Clone>(counts: &BTreeMap<K, u64>, total: u64) -> BTreeMap<K, Ppm> {
    let share = |count| Ppm::new(mul_div(count, ONE, total.max(1)) as i64).ok();
    counts.iter().filter_map(|(key, count)| Some((key.clone(), share(*count)?))).collect()
}

/// The share of amounts around each half-octave, by the kernel that weighs a single investor's deals.
fn smoothed(amounts: &BTreeMap<u8, u64>) -> BTreeMap<Bucket, Ppm> {
    let total = KERNEL_SUM * amounts.values().sum::<u64>().max(1);
    let near = |bucket: u8| {
        let weights =
            amounts.iter().map(|(b, n)| n * KERNEL.get(usize::from(b.abs_diff(bucket))).unwrap_or(&0));
        mul_div(weights.sum(), ONE, total)
    };
    let share = |bucket: u8| Some((Bucket::new(bucket.into()).ok()?, Ppm::new(near(bucket) as i64).ok()?));
    (0..=127).filter_map(share).filter(|(_, share)| share.get() > 0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deal(json: &str) -> Deal {
        super::super::profile::parse(json).expect("a deal")
    }

    fn country(code: &str) -> Country {
        Country::parse(code).expect("a country")
    }

    fn sample() -> Rebuilt {
        let chinese = [
            deal(
                r#"{"home":"RU","city":"Moscow","sectors":["ict.ai","ict.speech"],"round":3,"amount":1048576}"#,
            ),
            deal(r#"{"home":"CN","sectors":["bio"],"round":2}"#),
            deal(r#"{"home":"ZZ","city":"Moscow","sectors":[],"amount":0}"#),
        ];
        let homeless = [deal(r#"{"home":"RU","city":"Tomsk","sectors":["ict.ai"],"round":3}"#)];
        rebuild([(country("CN"), &chinese[..]), (Country::UNKNOWN, &homeless[..])])
    }

    #[test]
    fn flows_need_both_homes() {
        let flow = |home: &str| Flow { home: country(home), market: country("CN"), deals: 1 };
        assert_eq!(sample().flows, [flow("CN"), flow("RU")]);
    }

    #[test]
    fn shares_are_floored_parts_of_what_is_known() {
        let Rebuilt { base, deals, .. } = sample();
        let text = |share: &Ppm| share.get();
        assert_eq!(deals, 4);
        assert_eq!(base.home.values().map(text).collect::<Vec<_>>(), [333_333, 666_666]);
        assert_eq!(base.city[&country("RU")].values().map(text).collect::<Vec<_>>(), [500_000, 500_000]);
        assert_eq!(base.round.values().map(text).collect::<Vec<_>>(), [333_333, 666_666]);
        let sectors: Vec<_> =
            base.sector.iter().map(|(sector, share)| (sector.as_str(), share.get())).collect();
        assert_eq!(
            sectors,
            [("bio", 333_333), ("ict", 666_666), ("ict.ai", 666_666), ("ict.speech", 333_333)]
        );
    }

    #[test]
    fn tickets_are_smoothed_with_the_kernel() {
        let ticket = sample().base.ticket;
        let shares: Vec<_> = ticket.iter().map(|(bucket, share)| (bucket.get(), share.get())).collect();
        assert_eq!(
            shares[..6],
            [(35, 12_500), (36, 25_000), (37, 62_500), (38, 125_000), (39, 175_000), (40, 200_000)]
        );
        assert_eq!(shares.iter().map(|(_, share)| share).sum::<i32>(), 1_000_000);
    }

    #[test]
    fn nothing_recorded_makes_empty_tables() {
        assert_eq!(rebuild([]), Rebuilt::default());
    }
}
