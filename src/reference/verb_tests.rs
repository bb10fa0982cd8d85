//! What happens to corridors and exchange rates in a database.
//!
//! Invariant: every test has a database of its own. Read next: `tests/it`, the same over HTTP and on both databases.

use super::*;
use crate::db::{self, Conn, Db, Options, Target};
use crate::events::{self, Act};
use crate::kernel::error::{Code, Error, Result};
use crate::kernel::money::Money;
use crate::kernel::time::{Day, Timestamp};

struct World {
    _folder: tempfile::TempDir,
    db: Db,
    catalogue: Catalogue,
}

fn act() -> Act {
    Act::system(Timestamp::from_micros(1_750_000_000_000_000), "test")
}

impl World {
    fn empty() -> Self {
        let folder = tempfile::tempdir().expect("folder");
        let target: Target = format!("sqlite:{}/test.db", folder.path().display()).parse().expect("target");
        db::migrate(&target).expect("migrate");
        let db = Db::connect(&target, &Options::default()).expect("connect");
        Self { _folder: folder, db, catalogue: Catalogue::shipped().expect("catalogue") }
    }

    fn seeded() -> Self {
        let world = Self::empty();
        world.seed();
        world
    }

    fn seed(&self) {
        let catalogue = Catalogue::shipped().expect("catalogue");
        self.write(move |conn| seed(conn, &act(), &catalogue)).expect("seed");
    }

    fn write<T: Send + 'static>(
        &self,
        verb: impl FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.db.write_now(verb)
    }

    fn read<T>(&self, read: impl FnOnce(&mut Conn) -> Result<T>) -> T {
        self.db.read_now(read).expect("read")
    }

    fn import(&self, text: &str) -> Imported {
        let rates = parse_rates(&self.catalogue, "rates.csv", text).expect("rates");
        self.write(move |conn| import_rates(conn, &act(), &rates)).expect("import")
    }

    fn usd(&self, amount: i64, currency: &str, day: &str) -> Option<u64> {
        let money = Money { amount, currency: currency.parse().expect("currency") };
        let day: Day = day.parse().expect("day");
        self.read(|conn| usd_floor(conn, &self.catalogue, money, day))
    }
}

fn pair(text: &str) -> Pair {
    text.parse().expect("pair")
}

fn terms(reason: &str) -> Terms {
    Terms { regulation: Some(1), reason: reason.to_owned(), ..Terms::default() }
}

fn revise(world: &World, what: &str, reason: &'static str, read: i64) -> Result<Corridor> {
    let what = pair(what);
    let demand = move |current| {
        if current == read { Ok(()) } else { Err(Error::new(Code::PreconditionFailed, "stale")) }
    };
    world.write(move |conn| revise_corridor(conn, &act(), what, terms(reason), demand))
}

#[test]
fn the_first_start_seeds_what_ships_and_the_second_changes_nothing() {
    let world = World::seeded();
    let corridors_then = world.read(corridors);
    let events_then = world.read(events::revision);
    assert_eq!(corridors_then.len(), world.catalogue.shipped_corridors().count());
    assert!(corridors_then.iter().all(|c| c.status == CorridorStatus::Illustrative && c.revision == 1));
    assert_eq!(world.read(rates).iter().count(), world.catalogue.shipped_rates().count());
    world.seed();
    assert_eq!(world.read(corridors), corridors_then);
    assert_eq!((events_then, world.read(events::revision)), (2, 2));
}

#[test]
fn a_stored_corridor_is_read_back_as_it_was() {
    let world = World::seeded();
    let mut shipped: Vec<Corridor> = world.catalogue.shipped_corridors().collect();
    shipped.sort_by_key(|c| c.pair);
    assert_eq!(world.read(corridors), shipped);
}

#[test]
fn revising_a_corridor_adds_a_revision_and_an_event_and_keeps_the_former() {
    let world = World::seeded();
    let revised = revise(&world, "RU-CN", "We have a partner there.", 1).expect("revised");
    assert_eq!((revised.revision, revised.status), (2, CorridorStatus::Stated));
    assert_eq!(world.read(|c| corridor(c, pair("RU-CN"))), revised);
    let history = world.read(|c| store::corridor_revisions(c, pair("RU-CN"), i32::MAX, 10));
    assert_eq!(history.iter().map(|r| r.corridor.revision).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(history[1].corridor.status, CorridorStatus::Illustrative);
    let last = world.read(|c| events::of_subject(c, "RU-CN", 10)).pop().expect("event");
    assert_eq!(last.kind, "corridor.revised");
    assert!(
        last.data
            .contains("\"changed\":[\"regulation\",\"ip\",\"treaty\",\"culture\",\"favoured\",\"reason\"]")
    );
    assert_eq!(world.read(corridors_version), last.revision);
}

#[test]
fn refuses_to_revise_a_corridor_that_was_changed_since_it_was_read() {
    let world = World::seeded();
    revise(&world, "RU-CN", "First.", 1).expect("revised");
    let error = revise(&world, "RU-CN", "Second.", 1).expect_err("stale");
    assert_eq!(error.code, Code::PreconditionFailed);
    assert_eq!(world.read(|c| corridor(c, pair("RU-CN"))).terms.reason, "First.");
}

#[test]
fn saying_the_same_again_is_no_new_revision() {
    let world = World::seeded();
    revise(&world, "RU-CN", "Same.", 1).expect("revised");
    let before = world.read(events::revision);
    assert_eq!(revise(&world, "RU-CN", "Same.", 2).expect("same").revision, 2);
    assert_eq!(world.read(events::revision), before);
}

#[test]
fn a_corridor_of_which_nothing_is_said_is_unstated_and_can_be_stated() {
    let world = World::seeded();
    let unstated = world.read(|c| corridor(c, pair("AQ-CN")));
    assert_eq!((unstated.revision, unstated.status), (0, CorridorStatus::Unstated));
    assert_eq!(revise(&world, "AQ-CN", "Penguins.", 0).expect("stated").revision, 1);
}

#[test]
fn imported_rates_take_the_place_of_examples_and_importing_again_changes_nothing() {
    let world = World::seeded();
    assert_eq!(world.usd(1_000_000, "EUR", "2026-06-01"), Some(11_700), "the shipped example");
    let text = "currency,on,usd_per_unit\nEUR,2026-01-01,1.0842\nJPY,2026-03-01,0.0064\n";
    assert_eq!(world.import(text), Imported { changed: 2, unchanged: 0 });
    let before = world.read(events::revision);
    assert_eq!(world.import(text), Imported { changed: 0, unchanged: 2 });
    assert_eq!(world.read(events::revision), before);
    assert_eq!(world.usd(1_000_099, "EUR", "2026-06-01"), Some(10_843));
    assert_eq!(world.usd(1_000_000, "EUR", "2025-06-01"), Some(10_400), "before the first imported rate");
    assert_eq!(world.usd(1_000_000, "JPY", "2026-03-01"), Some(6_400), "yen have no minor units");
}

#[test]
fn a_corrected_rate_is_the_next_revision_of_its_day() {
    let world = World::seeded();
    world.import("currency,on,usd_per_unit\nEUR,2026-01-01,1.1\n");
    world.import("currency,on,usd_per_unit\nEUR,2026-01-01,1.2\n");
    let rates = world.read(rates);
    let euro = rates.latest("EUR".parse().expect("currency"), "2026-01-01".parse().expect("day"));
    assert_eq!(euro.map(|r| (r.revision, r.rate.to_string())), Some((3, "1.2".to_owned())));
}

#[test]
fn no_rate_means_unknown() {
    let world = World::empty();
    assert_eq!(world.usd(100, "EUR", "2026-01-01"), None);
    assert_eq!(world.usd(199, "USD", "2026-01-01"), Some(1));
    assert_eq!(World::seeded().usd(100, "EUR", "2024-12-31"), None);
}

#[test]
fn a_file_with_wrong_lines_is_refused_whole_with_every_line_named() {
    let catalogue = Catalogue::shipped().expect("catalogue");
    let text = "currency,on,usd_per_unit\nEUR,2026-01-01,1.1\nXTS,2026-01-01,1\nUSD,2026-01-01,1\nJPY,2026-01-01,1\n";
    let lines = |text| {
        parse_rates(&catalogue, "rates.csv", text)
            .expect_err("errors")
            .iter()
            .map(|e| e.line)
            .collect::<Vec<_>>()
    };
    assert_eq!(lines(text), [3, 4]);
    assert_eq!(lines("currency,on,usd_per_unit\nEUR,yesterday,1.1\nEUR,2026-01-01,0\n"), [2, 3]);
    assert_eq!(lines("currency,on,usd_per_unit\nEUR\nXXX,2026-01-01,1\nEUR,2026-01-01,x\n"), [2, 3, 4]);
    assert_eq!(lines("currency,on,usd_per_unit\n"), [1]);
    assert_eq!(lines("currency,date,rate\nEUR,2026-01-01,1\n"), [1]);
}
