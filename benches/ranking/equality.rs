//! Random weights, filters, pages, twins and changes in flight: is every list the oracle's?
//!
//! Invariant: a list is compared as a whole, number, score and confidence of every hit in order.
//! Read next: [`super::both`].

use super::Tally;
use super::both::{Both, give};
use super::scene::list;
use super::strange::Dice;
use springboard::engine::profile::InvestorKey;
use springboard::engine::{Changes, Hit, Query, Snapshot};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

/// How many changes come at once, and how often.
const CHANGES: u64 = 40;
const BATCHES: u64 = 60;

/// A list that was read while a snapshot was the newest.
struct Reading {
    batches: u64,
    investor: InvestorKey,
    hits: Vec<Hit>,
}

/// Compares random queries of both sides, then lists that were read while changes arrived.
pub fn compare(seed: u64, startups: u64, queries: u64, tally: &mut Tally) {
    let investors = (startups / 10).max(100);
    println!("\nequality: {startups} startups and a tenth of twins, {investors} investors");
    let mut both = Both::new(seed, startups, investors);
    for n in 0..queries {
        if n % 50 == 49 {
            both.change(CHANGES);
        }
        let lists = if n % 4 == 3 { both.a_startups() } else { both.an_investors() };
        tally.compare(&lists);
    }
    println!("random weights, filters, pages, twins, changes between queries: {tally}");
    let (first, changes) = (both.snapshot.clone(), changes(&mut both));
    let readings = read_while_changing(&first, &changes, both.population.investors(), seed);
    let mut done = 0;
    for reading in &readings {
        while done < reading.batches {
            give(&mut both.oracle, &changes[done as usize]);
            done += 1;
        }
        let theirs = both.oracle.startups_for(reading.investor, &Query::top(50));
        tally.compare(&(reading.hits.clone(), theirs.unwrap_or_default()));
    }
    println!("{} lists read while {} batches of changes arrived: {tally}", readings.len(), done);
}

fn changes(both: &mut Both) -> Vec<Changes> {
    (0..BATCHES).map(|_| both.dice.changes(&both.population, CHANGES)).collect()
}

/// Reads on this thread while another one publishes a new snapshot for every batch.
fn read_while_changing(first: &Snapshot, changes: &[Changes], investors: u64, seed: u64) -> Vec<Reading> {
    let newest = Mutex::new((0, Arc::new(first.clone())));
    let (ended, mut dice, mut readings) = (AtomicBool::new(false), Dice(!seed), Vec::new());
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for batch in changes {
                let (batches, snapshot) = newest.lock().expect("nobody panics").clone();
                let next = Arc::new(snapshot.with(batch.clone()));
                *newest.lock().expect("nobody panics") = (batches + 1, next);
            }
            ended.store(true, Ordering::Release);
        });
        let mut last = false;
        while !last {
            last = ended.load(Ordering::Acquire);
            let (batches, snapshot) = newest.lock().expect("nobody panics").clone();
            let investor = InvestorKey(dice.below(investors));
            let query = Query::top(50);
            if snapshot.investor(investor).is_some() {
                readings.push(Reading { batches, investor, hits: list(&snapshot, investor, &query).0 });
            }
        }
    });
    readings
}
