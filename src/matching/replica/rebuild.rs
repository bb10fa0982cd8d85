//! The base of views, and its rebuild: another day, corridor, world table or rate touches every profile.
//!
//! Invariant: a rebuilt base holds every profile as it was when the rebuild began or later; whoever adopts it applies again
//! what changed meanwhile. Read next: [`super::follow`], which goes on with what there is until then.

use super::cards::{Card, Cards, InvestorCard, StartupCard};
use super::inputs::{self, InputBuilder};
use crate::db::{Conn, Db};
use crate::engine::profile::{InvestorKey, StartupKey, World};
use crate::engine::{Changes, Snapshot};
use crate::kernel::{
    error::{Error, Result},
    ids::{InvestorId, StartupId, WorldId},
    time::Day,
};
use crate::matching::worlds;
use crate::profiles::{Profile, RankedInvestor, RankedStartup, ranked_investors, ranked_startups};
use crate::reference::{self, Catalogue, Rates};
use std::{
    collections::{BTreeSet, HashMap},
    sync::{
        Arc,
        mpsc::{Receiver, RecvTimeoutError, channel},
    },
    time::{Duration, Instant},
};

/// The base that views are made of. A copy shares nearly all of it.
#[derive(Clone)]
pub(super) struct Base {
    pub snapshot: Arc<Snapshot>,
    pub startups: Cards<StartupCard>,
    pub investors: Cards<InvestorCard>,
    pub world: Option<WorldId>,
    pub corridor_revision: i64,
    pub as_of: Day,
    rates: Arc<Rates>,
    numbers: Arc<Numbers>,
}

/// The permanent numbers of profiles.
#[derive(Clone, Default)]
struct Numbers {
    startups: HashMap<StartupId, u64>,
    investors: HashMap<InvestorId, u64>,
}

impl Base {
    /// Everything as the database has it.
    pub(super) fn load(db: &Db, catalogue: &Catalogue, today: Day) -> Result<Self> {
        let (rates, startups, investors, world) = db.read_now(|conn| {
            let (startups, investors) = (ranked_startups(conn, None)?, ranked_investors(conn, None)?);
            Ok((reference::rates(conn)?, startups, investors, Setting::read(conn, catalogue, today)?))
        })?;
        let empty = Self {
            snapshot: Arc::new(Snapshot::new(world.world)),
            startups: Cards::default(),
            investors: Cards::default(),
            world: world.id,
            corridor_revision: world.corridor_revision,
            as_of: today,
            rates: Arc::new(rates),
            numbers: Arc::default(),
        };
        empty.with(catalogue, &startups, &investors)
    }

    /// The same profiles in the world as it is now.
    fn in_world(self, db: &Db, catalogue: &Catalogue, today: Day) -> Result<Self> {
        let Setting { world, id, corridor_revision } =
            db.read_now(|conn| Setting::read(conn, catalogue, today))?;
        let snapshot = Arc::new(self.snapshot.in_world(world));
        Ok(Self { snapshot, world: id, corridor_revision, as_of: today, ..self })
    }

    /// The same with these profiles as they are now.
    pub(super) fn with(
        mut self,
        catalogue: &Catalogue,
        startups: &[RankedStartup],
        investors: &[RankedInvestor],
    ) -> Result<Self> {
        if startups.is_empty() && investors.is_empty() {
            return Ok(self);
        }
        let numbers = Arc::make_mut(&mut self.numbers);
        numbers.startups.extend(startups.iter().map(|r| (r.profile.id, r.profile.number as u64)));
        numbers.investors.extend(investors.iter().map(|r| (r.profile.id, r.profile.number as u64)));
        self.startups.change(startups.iter().map(|record| card(&record.profile)))?;
        self.investors.change(investors.iter().map(|record| card(&record.profile)))?;
        let builder = InputBuilder {
            catalogue,
            rates: &self.rates,
            as_of: self.as_of,
            startups: &self.numbers.startups,
            investors: &self.numbers.investors,
        };
        let mut changes = Changes::default();
        for record in startups {
            let key = StartupKey(record.profile.number as u64);
            changes.startups.insert(key, inputs::scored(&record.profile, builder.startup(record)));
        }
        for record in investors {
            let key = InvestorKey(record.profile.number as u64);
            changes.investors.insert(key, inputs::scored(&record.profile, builder.investor(record)));
        }
        self.snapshot = Arc::new(self.snapshot.with(changes));
        Ok(self)
    }

    /// The rebuild that a day asks for; `None` on the day of the base. Amounts are converted at the rates of the day,
    /// everything else is in the snapshot.
    pub(super) fn due_on(&self, today: Day) -> Option<Extent> {
        let passed = |day: Day| day > self.as_of.min(today) && day <= self.as_of.max(today);
        let rates = self.rates.iter().any(|rate| passed(rate.on));
        (self.as_of != today).then_some(if rates { Extent::Everything } else { Extent::World })
    }
}

fn card<C: Card>(profile: &Profile<C::Of>) -> (u64, Option<C>) {
    (profile.number as u64, profile.is_active().then(|| C::new(profile)))
}

/// The extent of a rebuild.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Extent {
    /// The profiles that there are, in the world and on the day.
    World,
    /// The profiles too, from the database.
    Everything,
}

/// A request for a rebuild: how much, and the revisions that ask for it.
#[derive(Clone, Default)]
pub(super) struct RebuildRequest {
    pub extent: Option<Extent>,
    pub revisions: BTreeSet<i64>,
}

impl RebuildRequest {
    /// Leaves out what is in place already.
    pub(super) fn forget(&mut self, revisions: &BTreeSet<i64>) {
        self.revisions.retain(|revision| !revisions.contains(revision));
        self.extent = self.extent.filter(|_| !self.revisions.is_empty());
    }

    /// Adds what an event or the day asks for.
    pub(super) fn add(&mut self, extent: Option<Extent>, revisions: impl IntoIterator<Item = i64>) {
        self.extent = self.extent.max(extent);
        self.revisions.extend(revisions);
    }
}

/// A rebuild under way, on a thread of its own.
pub(super) struct Rebuild {
    /// The request that it was begun for.
    pub request: RebuildRequest,
    /// The startups and the investors that were revised since it began.
    pub since: (BTreeSet<i64>, BTreeSet<i64>),
    /// The result; `None` until it has ended.
    pub made: Option<Result<Base>>,
    pub result: Receiver<Result<Base>>,
}

impl Rebuild {
    /// Begins to build a base anew.
    pub(super) fn begin(
        request: RebuildRequest,
        base: Base,
        (db, catalogue): (Db, Arc<Catalogue>),
        today: Day,
    ) -> Result<Self> {
        let (sender, result) = channel();
        let everything = request.extent == Some(Extent::Everything);
        let build = move || {
            let began = Instant::now();
            let base = match everything {
                true => Base::load(&db, &catalogue, today),
                false => base.in_world(&db, &catalogue, today),
            };
            if base.is_ok() {
                let took_ms = began.elapsed().as_millis() as u64;
                tracing::info!(everything, took_ms, "the ranking was made anew for another day or world");
            }
            // Nobody hears it where the follower has ended.
            drop(sender.send(base));
        };
        std::thread::Builder::new().name("rebuild".to_owned()).spawn(build).map_err(Error::internal)?;
        Ok(Self { request, since: Default::default(), made: None, result })
    }

    /// End of the rebuild: true once it has ended, after a wait of at most `patience`.
    pub(super) fn ended(&mut self, patience: Duration) -> bool {
        if self.made.is_none() {
            self.made = match self.result.recv_timeout(patience) {
                Ok(made) => Some(made),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => Some(Err(Error::internal("the rebuild was given up"))),
            };
        }
        self.made.is_some()
    }
}

/// The world with the versions of what it is made of.
struct Setting {
    world: World,
    id: Option<WorldId>,
    corridor_revision: i64,
}

impl Setting {
    fn read(conn: &mut Conn, catalogue: &Catalogue, today: Day) -> Result<Self> {
        let corridors = reference::corridors(conn)?;
        let corridor_revision = reference::corridors_version(conn)?;
        let (id, tables) = worlds::active(conn)?.map(|(version, tables)| (version.id, tables)).unzip();
        let world = inputs::world(catalogue, &corridors, tables.unwrap_or_default(), today)?;
        Ok(Self { world, id, corridor_revision })
    }
}
