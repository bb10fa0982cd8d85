//! The bounds of blocks on every path of the processor, against the portable one.
//!
//! Invariant: the paths agree to the last bit. Read next: [`super::super::simd`].

use super::super::super::compiled::{Dictionary, InvestorRow, Tables};
use super::super::super::query::Query;
use super::super::gathered::Gathered;
use super::super::simd::Path;
use super::*;
use crate::population::Population;
use std::collections::BTreeSet;
use std::sync::Arc;

#[test]
fn every_path_gives_blocks_the_bounds_of_the_portable_one() {
    let population = Population::new(5, 6_000, 60);
    let (mut words, mut gathered) = (Dictionary::default(), Gathered::default());
    let tables = Tables::compile(&population.world(), &mut words);
    (0..6_000).for_each(|k| gathered.add(&population.startup(k), &tables, &mut words));
    let startups = Startups::of(gathered, &words);
    let row = |k| InvestorRow::compile(Arc::new(population.investor(k)), &tables, &mut words);
    let rows: Vec<InvestorRow> = (0..60).map(row).collect();
    let (query, mut seen) = (Query::top(50), BTreeSet::new());
    for (k, row) in rows.iter().enumerate() {
        let bounds = Bounds::new(&InvestorPlan::new(&tables, &words, row, &query));
        let mut tied = vec![Slots::default(); startups.blocks().len()];
        tied.iter_mut().skip(k % 3).step_by(3).for_each(|slots| slots.add(k as u8));
        let blocks = || Blocks { summaries: startups.summaries(), tied: &tied, bounds: &bounds };
        let expected = Path::Portable.run(blocks());
        for path in Path::all() {
            assert_eq!(path.run(blocks()), expected, "{path:?} for investor {k}");
        }
        seen.extend(expected.into_iter().map(|(bound, _)| bound));
    }
    assert!(seen.len() > 500, "{} different bounds", seen.len());
}
