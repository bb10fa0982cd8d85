//! Following the event log: what changed becomes the next snapshot.
//!
//! Invariant: no event is skipped. On PostgreSQL a revision may appear after a higher one, so revisions count as settled
//! only when every transaction that could still fill a gap has ended (see [`events::Settling`] and [`super::taken`]).
//! Read next: [`super::following`], which looks again and again, and [`super::live`].

use super::cards::{Card, Cards, InvestorCard, StartupCard};
use super::due::{self, Due};
use super::engine::profile::{Corridor, World, parse_value};
use super::engine::profile::{InvestorKey, StartupKey};
use super::engine::{Changes, Snapshot, words::Country};
use super::intake::Intake;
use super::live::{Live, View};
use super::taken::{Rows, Taken};
use super::worlds::{self, WorldTables};
use crate::db::{Conn, Db};
use crate::events::{self, Settling};
use crate::kernel::{
    error::{Error, Result},
    ids::{InvestorId, StartupId, WorldId},
    time::{Day, Timestamp},
};
use crate::profiles::{
    Profile, RankedInvestor, RankedStartup, numbers_of_organisation, ranked_investors, ranked_startups,
};
use crate::reference::{self, Catalogue, Rates};
use serde_json::json;
use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::Arc,
};

const BATCH: i64 = 2_000;
/// How far a full load looks back for the last event that changed the ranking.
const CHANGES: i64 = 1_000;
/// Among how many of the last events it looks for them.
const REACH: i64 = 100_000;

/// Follows the log for one process.
pub struct Follower {
    db: Db,
    catalogue: Arc<Catalogue>,
    live: Arc<Live>,
    taken: Taken,
    settling: Settling,
    changed: (i64, i64),
    startups: HashMap<StartupId, u64>,
    investors: HashMap<InvestorId, u64>,
    rates: Rates,
    snapshot: Option<Arc<Snapshot>>,
    shown: Shown,
    world: Option<WorldId>,
    corridor_revision: i64,
    as_of: Option<Day>,
}

/// What was read from the database on one snapshot of it.
struct Read {
    /// The revision up to which nothing was missing when it was read.
    floor: i64,
    /// The revisions that were not taken up before.
    new: Vec<i64>,
    /// The last row of the log, if there may be more behind it.
    cut_at: Option<i64>,
    /// The last revision after which the ranking is another one.
    changed: Option<i64>,
    due: Due,
    startups: Vec<RankedStartup>,
    investors: Vec<RankedInvestor>,
    world: Option<Option<(WorldId, WorldTables)>>,
    corridors: Option<(Vec<reference::Corridor>, i64)>,
    rates: Option<Rates>,
}

impl Follower {
    /// A follower that has seen nothing yet.
    pub fn new(db: Db, catalogue: Arc<Catalogue>, live: Arc<Live>) -> Self {
        Self {
            db,
            catalogue,
            live,
            taken: Taken::default(),
            settling: Settling::default(),
            changed: (0, 0),
            startups: HashMap::new(),
            investors: HashMap::new(),
            rates: Rates::default(),
            snapshot: None,
            shown: Shown::default(),
            world: None,
            corridor_revision: 0,
            as_of: None,
        }
    }

    /// Takes up everything that is committed by now; true if more may be waiting.
    pub fn step(&mut self, now: Timestamp) -> Result<bool> {
        let (commits, today) = (self.db.commits(), now.day());
        let fresh = self.snapshot.is_none() || self.as_of != Some(today);
        // What has ended by now is visible in the snapshot that is read next.
        let (end, horizon) =
            self.db.read_now(|conn| Ok((events::revision(conn)?, events::horizon(conn)?)))?;
        let ended = self.settling.look(end, horizon);
        let (settled, beyond) = (self.taken.settled(), self.taken.beyond());
        let read = self.db.clone().read_now(|conn| look(conn, settled, &beyond, fresh))?;
        let more = read.cut_at.is_some();
        self.taken.take(&Rows { floor: read.floor, new: &read.new, cut_at: read.cut_at }, ended);
        match read.changed {
            Some(late) if late < self.changed.0 && !fresh => self.changed.1 = late,
            changed => self.changed.0 = changed.unwrap_or(0).max(self.changed.0),
        }
        let snapshot = self.apply(read, today)?;
        self.as_of = Some(today);
        self.snapshot = Some(Arc::clone(&snapshot));
        self.live.publish(View {
            snapshot,
            startups: self.shown.startups.clone(),
            investors: self.shown.investors.clone(),
            revision: self.taken.last(),
            settled: self.taken.settled(),
            beyond: self.taken.beyond(),
            changed: self.changed,
            as_of: today,
            corridor_revision: self.corridor_revision,
            world: self.world,
            reference_version: self.catalogue.version().to_owned(),
            commits: if more { 0 } else { commits },
        });
        Ok(more)
    }

    /// Loads everything and publishes the first view.
    pub fn load(&mut self, now: Timestamp) -> Result<()> {
        while self.step(now)? {}
        Ok(())
    }

    /// Whether the published view is all there is, found out with one small query: every revision that was seen is
    /// settled, and nothing is behind the last of them.
    pub(super) fn is_current(&self, now: Timestamp) -> Result<bool> {
        let view =
            self.live.view().filter(|view| view.as_of == now.day() && view.commits >= self.db.commits());
        if view.is_none() || !self.taken.beyond().is_empty() {
            return Ok(false);
        }
        let settled = self.taken.settled();
        let current = self.db.read_now(|conn| events::after(conn, settled, 1))?.is_empty();
        if current {
            self.live.looked();
        }
        Ok(current)
    }

    pub(super) fn database(&self) -> &Db {
        &self.db
    }

    /// The revision up to which nothing can appear any more.
    pub fn settled(&self) -> i64 {
        self.taken.settled()
    }

    fn apply(&mut self, read: Read, today: Day) -> Result<Arc<Snapshot>> {
        self.startups.extend(read.startups.iter().map(|r| (r.profile.id, r.profile.number as u64)));
        self.investors.extend(read.investors.iter().map(|r| (r.profile.id, r.profile.number as u64)));
        if let Some(rates) = read.rates {
            self.rates = rates;
        }
        let base = match (self.snapshot.take(), read.due.everything) {
            (Some(snapshot), false) => snapshot,
            _ => Arc::new(Snapshot::new(World { today: today.number(), ..World::default() })),
        };
        // From here on a failure leaves no snapshot, so that everything is read again.
        self.shown.take(read.due.everything, &read.startups, &read.investors)?;
        let base = match (read.corridors, read.world) {
            (Some((corridors, revision)), Some(world)) => {
                self.corridor_revision = revision;
                self.world = world.as_ref().map(|(id, _)| *id);
                let tables = world.map(|(_, tables)| tables).unwrap_or_default();
                Arc::new(base.in_world(world_of(&self.catalogue, &corridors, tables, today)?))
            }
            _ => base,
        };
        let changes = self.changes(&read.startups, &read.investors, today)?;
        if changes.startups.is_empty() && changes.investors.is_empty() {
            return Ok(base);
        }
        Ok(Arc::new(base.with(changes)))
    }

    fn changes(
        &self,
        startups: &[RankedStartup],
        investors: &[RankedInvestor],
        as_of: Day,
    ) -> Result<Changes> {
        let intake = Intake {
            catalogue: &self.catalogue,
            rates: &self.rates,
            as_of,
            startups: &self.startups,
            investors: &self.investors,
        };
        let mut changes = Changes::default();
        for record in startups {
            changes.startups.insert(StartupKey(record.profile.number as u64), logged(intake.startup(record)));
        }
        for record in investors {
            changes
                .investors
                .insert(InvestorKey(record.profile.number as u64), logged(intake.investor(record)));
        }
        Ok(changes)
    }
}

/// The cards of the snapshot.
#[derive(Default)]
struct Shown {
    startups: Cards<StartupCard>,
    investors: Cards<InvestorCard>,
}

impl Shown {
    fn take(
        &mut self,
        everything: bool,
        startups: &[RankedStartup],
        investors: &[RankedInvestor],
    ) -> Result<()> {
        if everything {
            *self = Self::default();
        }
        self.startups.change(startups.iter().map(|record| card(&record.profile)))?;
        self.investors.change(investors.iter().map(|record| card(&record.profile)))
    }
}

fn card<C: Card>(profile: &Profile<C::Of>) -> (u64, Option<C>) {
    (profile.number as u64, profile.is_active().then(|| C::new(profile)))
}

/// One profile that cannot be scored must not stop the others.
fn logged<T>(profile: Result<Option<T>>) -> Option<T> {
    profile.unwrap_or_else(|e| {
        tracing::error!(cause = ?e.cause, "a profile cannot be scored and is left out");
        None
    })
}

fn look(conn: &mut Conn, settled: i64, seen: &BTreeSet<i64>, fresh: bool) -> Result<Read> {
    // A full load makes the events behind it needless, but for those among which a late one may still appear.
    let floor = if fresh { settled.max(events::sealed(conn)?) } else { settled };
    let limit = BATCH + seen.len() as i64;
    let mut entries = events::after(conn, floor, limit)?;
    let cut_at = entries.last().map(|e| e.revision).filter(|_| entries.len() as i64 == limit);
    entries.retain(|e| !seen.contains(&e.revision));
    let mut due = Due { everything: fresh, ..Due::default() };
    entries.iter().for_each(|entry| due.note(entry));
    for organisation in std::mem::take(&mut due.organisations) {
        let (startups, investors) = numbers_of_organisation(conn, organisation)?;
        due.startups.extend(startups);
        due.investors.extend(investors);
    }
    let of = |numbers: &BTreeSet<i64>| (!due.everything).then(|| numbers.iter().copied().collect::<Vec<_>>());
    let (of_startups, of_investors) = (of(&due.startups), of(&due.investors));
    let remade = due.everything || due.world;
    let startups = ranked_startups(conn, of_startups.as_deref())?;
    let investors = ranked_investors(conn, of_investors.as_deref())?;
    let taking_part = taking_part(&startups, &investors);
    let changed = if fresh {
        let since = events::revision(conn)? - REACH;
        due::last_change(&events::latest(conn, &due::kinds(), since, CHANGES)?, &taking_part)
    } else {
        due::last_change(&entries, &taking_part)
    };
    Ok(Read {
        floor,
        changed,
        startups,
        investors,
        world: remade.then(|| worlds::active(conn)).transpose()?.map(|w| w.map(|(v, tables)| (v.id, tables))),
        corridors: if remade {
            Some((reference::corridors(conn)?, reference::corridors_version(conn)?))
        } else {
            None
        },
        rates: due.everything.then(|| reference::rates(conn)).transpose()?,
        new: entries.iter().map(|e| e.revision).collect(),
        cut_at,
        due,
    })
}

fn taking_part(startups: &[RankedStartup], investors: &[RankedInvestor]) -> HashSet<i64> {
    let startups = startups.iter().filter(|s| s.profile.is_active()).map(|s| s.profile.number);
    let investors = investors.iter().filter(|i| i.profile.is_active()).map(|i| i.profile.number);
    startups.chain(investors).collect()
}

fn world_of(
    catalogue: &Catalogue,
    corridors: &[reference::Corridor],
    tables: WorldTables,
    today: Day,
) -> Result<World> {
    let corridor = |c: &reference::Corridor| -> Result<Corridor> {
        let mut row = json!({
            "home": c.pair.home.as_str(), "market": c.pair.market.as_str(), "favoured": c.terms.favoured,
            "prohibited": c.terms.prohibited, "prohibited_sectors": c.terms.prohibited_sectors,
        });
        let terms = &c.terms;
        let stated = [
            ("regulation", terms.regulation),
            ("ip", terms.ip),
            ("treaty", terms.treaty),
            ("culture", terms.culture),
        ];
        for (name, value) in stated.iter().filter_map(|(name, v)| v.map(|v| (*name, v))) {
            row[name] = value.into();
        }
        parse_value(row).map_err(|e| Error::internal(format!("a corridor cannot be scored: {e}")))
    };
    let region =
        |c: reference::CountryCode| Some((Country::parse(c.as_str()).ok()?, catalogue.region(c)?.to_owned()));
    Ok(World {
        today: today.number(),
        regulated: catalogue.regulated().map(str::to_owned).collect(),
        regions: catalogue.countries().filter_map(region).collect(),
        corridors: corridors.iter().map(corridor).collect::<Result<_>>()?,
        flows: tables.flows,
        base: tables.base,
    })
}
