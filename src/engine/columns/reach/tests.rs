//! The bounds of investors on every path of the processor, against the portable one.
//!
//! Invariant: the paths agree to the last bit. Read next: [`super::super::simd`].

use super::super::super::compiled::{Dictionary, Record, Tables};
use super::super::super::query::Query;
use super::super::super::snapshot::{InvestorEntry, Listing};
use super::super::super::weights::Overrides;
use super::super::simd::Path;
use super::*;
use crate::population::Population;
use std::collections::BTreeSet;

#[test]
fn every_path_gives_investors_the_bounds_of_the_portable_one() {
    let population = Population::new(5, 120, 700);
    let (mut words, mut investors) = (Dictionary::default(), Investors::default());
    let tables = Tables::compile(&population.world(), &mut words);
    for k in 0..700 {
        let listing = Listing::open(population.investor(k));
        let entry = InvestorEntry::compile(listing, &tables, &mut words);
        investors.put(k, entry, &tables, &words);
    }
    let record = |k| Record::compile(&population.startup(k), &tables, &mut words);
    let records: Vec<Record> = (0..120).map(record).collect();
    let own =
        Query { weights: Some(Overrides::parse([("access", 700)]).expect("weights")), ..Query::top(50) };
    let (usual, mut seen) = (Query::top(50), BTreeSet::new());
    for (k, record) in records.iter().enumerate() {
        let query = if k % 4 == 0 { &own } else { &usual };
        let plan = StartupPlan::new(&tables, &words, record.row(), query);
        let (reach, mut shared) = (Reach::new(&plan), Shared::of(&investors, &plan.startup));
        for (number, block) in investors.blocks().iter().enumerate() {
            let shared = shared.in_block(number);
            let bounded = || Bounded { reach: &reach, block, shared };
            let expected = Path::Portable.run(bounded());
            for path in Path::all() {
                assert_eq!(path.run(bounded()), expected, "{path:?} for startup {k}, block {number}");
            }
            seen.extend(expected);
        }
    }
    assert!(seen.len() > 5_000, "{} different bounds", seen.len());
}
