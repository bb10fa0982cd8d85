//! All investors at once, and what happens to a query's time while startups change.
//!
//! Invariant: the reader never waits for the writer; it takes the newest snapshot and keeps it for one query.
//! Read next: [`super::lists`].

use super::clock::{Series, ms, on_cpu, once, times};
use super::scene::{Scene, list};
use springboard::engine::profile::{InvestorKey, Startup, StartupKey};
use springboard::engine::{Changes, Query, Snapshot};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// The snapshot that readers take.
type Newest = Mutex<Arc<Snapshot>>;

/// The best fifty for every investor; millions of pairs a second.
pub fn all(scene: &Scene) -> u64 {
    let (startups, investors) = (scene.population.startups(), scene.population.investors());
    let query = Query::top(50);
    let (hits, time) =
        once(|| (0..investors).map(|k| scene.list(InvestorKey(k), &query).0.len() as u64).sum::<u64>());
    println!("\nbatch: {investors} investors × {startups} startups, {hits} hits");
    let rate = startups * investors * 1_000 / time.cpu.max(1);
    println!("{} ms on one core: {rate} M pairs/s", ms(time.cpu));
    rate
}

/// How often changes are taken in.
const PACE: Duration = Duration::from_millis(50);

/// Query times for so many seconds without changes, and then while one in a hundred startups changes every minute: how
/// many times as long they take, in hundredths. What taking in a batch costs the writer is printed beside it: processor time
/// alone, without log, database and pace. From a write to the list that shows it is what `benches/freshness.rs` measures.
pub fn changing(scene: &Scene, seconds: u64) -> u64 {
    let startups = scene.population.startups();
    println!("\nqueries while 1 % of {startups} startups change every minute, {seconds} s each\n");
    println!(
        "| | queries | cpu mean | p50 | p99 | wall p50 | p99 |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    );
    let newest = Mutex::new(Arc::new(scene.snapshot.clone()));
    let quiet = read(scene, &newest, seconds);
    line("quiet", &quiet);
    let ended = AtomicBool::new(false);
    let (changed, taken) = std::thread::scope(|scope| {
        let writer = scope.spawn(|| write(scene, &newest, &ended));
        let changed = read(scene, &newest, seconds);
        ended.store(true, Ordering::Relaxed);
        (changed, writer.join().expect("the writer ends"))
    });
    line("changing", &changed);
    println!(
        "\nchanging / quiet: {} (mean), {} (p99); processor time to take in a batch p50 {} ms, p99 {} ms, {} batches",
        times(changed.0.mean(), quiet.0.mean()),
        times(changed.0.percentile(99), quiet.0.percentile(99)),
        ms(taken.percentile(50)),
        ms(taken.percentile(99)),
        taken.len(),
    );
    100 * changed.0.mean() / quiet.0.mean().max(1)
}

fn line(name: &str, (cpu, wall): &(Series, Series)) {
    println!(
        "| {name} | {} | {} | {} | {} | {} | {} |",
        cpu.len(),
        ms(cpu.mean()),
        ms(cpu.percentile(50)),
        ms(cpu.percentile(99)),
        ms(wall.percentile(50)),
        ms(wall.percentile(99))
    );
}

fn read(scene: &Scene, newest: &Newest, seconds: u64) -> (Series, Series) {
    let (mut cpu, mut wall) = (Series::default(), Series::default());
    let (query, started) = (Query::top(50), Instant::now());
    let investors = scene.population.investors();
    while started.elapsed() < Duration::from_secs(seconds) {
        let key = InvestorKey(cpu.len() as u64 % investors);
        let snapshot = Arc::clone(&newest.lock().expect("nobody panics"));
        let (_, time) = once(|| list(&snapshot, key, &query));
        cpu.push(time.cpu);
        wall.push(time.wall);
    }
    (cpu, wall)
}

/// Publishes changed startups at the pace until told to end; the processor time that each batch took.
fn write(scene: &Scene, newest: &Newest, ended: &AtomicBool) -> Series {
    let startups = scene.population.startups();
    let (mut taken, mut changed, started) = (Series::default(), 0, Instant::now());
    while !ended.load(Ordering::Relaxed) {
        let due = startups * started.elapsed().as_millis() as u64 / 6_000_000;
        let mut changes = Changes::default();
        for n in changed..due {
            let id = StartupKey(n * 7_919 % startups);
            changes.put_startup(Startup { id, ..scene.population.startup(startups + n) });
        }
        changed = due;
        let begun = on_cpu();
        let current = Arc::clone(&newest.lock().expect("nobody panics"));
        let next = Arc::new(current.with(changes));
        let old = std::mem::replace(&mut *newest.lock().expect("nobody panics"), next);
        taken.push(on_cpu() - begun);
        drop((old, current));
        std::thread::sleep(PACE);
    }
    taken
}
