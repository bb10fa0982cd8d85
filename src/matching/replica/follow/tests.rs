//! The follower in the demo world, step by step, with what touches every profile held up and let go.
//!
//! Invariant: nothing here waits for a clock. Read next: [`super::super::rebuild`].

use super::super::rebuild::Extent;
use super::*;
use crate::accounts::passwords::Hasher;
use crate::db::{Options, Target, migrate};
use crate::demo;
use crate::engine::Snapshot;
use crate::engine::profile::World;
use crate::events::{Act, Event, Kind, Subject};
use crate::kernel::ids::StartupId;
use crate::program::state;
use std::sync::mpsc::channel;

const NOON: &str = "2026-11-22T12:00:00Z";

/// A follower of the demo world that has loaded it, and waits as long as it takes for what touches every profile.
struct Followed {
    follower: Follower,
    now: Timestamp,
    startup: (StartupId, i64),
    _folder: tempfile::TempDir,
}

impl Followed {
    fn new() -> Self {
        let (folder, now) = (tempfile::tempdir().expect("folder"), NOON.parse().expect("instant"));
        let target = Target::Sqlite(folder.path().join("feed.db"));
        migrate(&target).expect("migrates");
        let db = Db::connect(&target, &Options::default()).expect("connects");
        let catalogue = state::reference(&db, now).expect("reference");
        demo::ensure(&db, &catalogue, &Hasher::new(64, 1).expect("hasher"), now).expect("demo world");
        let startups = db.read_now(|conn| ranked_startups(conn, None)).expect("startups");
        let first = startups.iter().find(|s| s.profile.is_active()).expect("a published one");
        let startup = (first.profile.id, first.profile.number);
        let mut follower = Follower::new(db, Arc::new(Replica::new(catalogue)));
        follower.hold = Duration::from_secs(600);
        follower.load(now).expect("loads");
        Self { follower, now, startup, _folder: folder }
    }

    fn emit(&self, kind: Kind, subject: String, number: i64) -> i64 {
        let act = Act::system(self.now, "test");
        let event = Event::new(kind, Subject::new(&subject, number));
        self.follower.db.write_now(move |conn| events::emit(conn, &act, event)).expect("written")
    }

    fn step(&mut self) -> bool {
        self.follower.step(self.now).expect("follows")
    }

    fn view(&self) -> Arc<View> {
        self.follower.live.view().expect("published")
    }
}

#[test]
fn a_corridor_is_not_covered_until_it_is_worked_in_and_holds_nothing_else_up() {
    let mut all = Followed::new();
    let before = all.view();
    let (tell, result) = channel();
    let waiting = RebuildRequest::default();
    all.follower.rebuild = Some(Rebuild { request: waiting, since: Default::default(), made: None, result });
    let corridor = all.emit(Kind::CorridorRevised, "RU-CN".to_owned(), 0);
    let revised = all.emit(Kind::StartupRevised, all.startup.0.to_string(), all.startup.1);
    assert!(!all.step());
    let view = all.view();
    assert_eq!([corridor, revised].map(|revision| view.covers(revision)), [false, true]);
    assert_eq!((view.settled, view.revision), (corridor - 1, revised));
    assert_eq!(view.changed, (revised, 0), "the ranking does not rest on the corridor yet");
    assert_eq!(view.snapshot.len(), before.snapshot.len());

    let mut made = all.follower.base.clone().expect("loaded");
    made.snapshot = Arc::new(Snapshot::new(World::default()));
    tell.send(Ok(made)).expect("is waited for");
    assert!(all.step(), "the rebuild for the corridor has begun and ended");
    assert!(!all.step());
    let view = all.view();
    assert!(view.covers(corridor) && view.settled >= revised && view.beyond.is_empty());
    assert_eq!(view.changed, (revised, corridor), "nor is the page after this one of the same ranking");
    let (kept, lost) = (view.snapshot.len().0, before.snapshot.len().0 - 1);
    assert_eq!(
        kept, 1,
        "what was revised meanwhile is taken up again, {lost} others were not in what was made"
    );
}

#[test]
fn what_cannot_be_made_is_tried_again_and_the_rest_goes_on() {
    let mut all = Followed::new();
    let (tell, result) = channel();
    let mut request = RebuildRequest::default();
    let corridor = all.emit(Kind::CorridorRevised, "RU-CN".to_owned(), 0);
    request.add(Some(Extent::World), [corridor]);
    all.follower.rebuild = Some(Rebuild { request, since: Default::default(), made: None, result });
    drop(tell);
    let revised = all.emit(Kind::StartupRevised, all.startup.0.to_string(), all.startup.1);
    all.follower.step(all.now).expect_err("the rebuild has ended without a result");
    assert_eq!([corridor, revised].map(|revision| all.view().covers(revision)), [false, true]);
    assert!(all.step() && !all.step());
    assert!(all.view().covers(corridor));
}

#[test]
fn another_day_rebuilds_the_world_and_reads_the_profiles_only_for_new_rates() {
    let mut all = Followed::new();
    let before = all.view();
    let base = all.follower.base.clone().expect("loaded");
    let day = |text: &str| text.parse::<Day>().expect("a day");
    assert_eq!(base.due_on(before.as_of), None);
    assert_eq!(base.due_on(day("2026-11-23")), Some(Extent::World));
    assert_eq!(base.due_on(day("1990-01-01")), Some(Extent::Everything), "other rates were in force");
    all.now = "2026-11-23T00:00:01Z".parse().expect("instant");
    assert!(all.step() && !all.step());
    let view = all.view();
    assert_eq!((view.as_of, view.snapshot.len()), (day("2026-11-23"), before.snapshot.len()));
    assert_eq!(view.snapshot.world().today, before.snapshot.world().today + 1);
}
