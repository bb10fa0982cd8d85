//! Following the event log: what changed becomes the next snapshot.
//!
//! Invariant: no event is skipped. On PostgreSQL a revision may appear after a higher one, so revisions count as settled
//! only when every transaction that could still fill a gap has ended (see [`events::Settling`] and [`super::applied`]). What
//! touches every profile is rebuilt behind the view (see [`super::rebuild`]); until then its revision is not covered.
//! Read next: [`super::poll`], which looks again and again, and [`super::view`].

use super::applied::{Applied, LogBatch};
use super::changes::{self, Due, Which};
use super::rebuild::{Base, Rebuild, RebuildRequest};
use super::view::{Replica, View};
use crate::db::{Conn, Db};
use crate::events::{self, Entry, Settling};
use crate::kernel::{
    error::{Error, Result},
    time::{Day, Timestamp},
};
use crate::profiles::{
    RankedInvestor, RankedStartup, numbers_of_organisation, ranked_investors, ranked_startups,
};
use crate::reference::Catalogue;
use std::{cmp::Ordering, collections::BTreeSet, sync::Arc, time::Duration};

const BATCH: i64 = 2_000;
/// The most events that change a ranking among which a full load looks for the last one.
const CHANGES: i64 = 1_000;
/// Among how many of the last events it looks for them.
const REACH: i64 = 100_000;
/// The longest wait for a rebuild, before other changes go ahead of it.
const HOLD: Duration = Duration::from_secs(1);

/// Follows the log for one process.
pub struct Follower {
    db: Db,
    catalogue: Arc<Catalogue>,
    live: Arc<Replica>,
    applied: Applied,
    settling: Settling,
    changed: (i64, i64),
    base: Option<Base>,
    request: RebuildRequest,
    rebuild: Option<Rebuild>,
    hold: Duration,
}

/// A read of the log and of profiles on one snapshot of the database.
struct Read {
    /// The revision up to which nothing was missing when it was read.
    floor: i64,
    /// The entries that were not applied before.
    entries: Vec<Entry>,
    /// The last row of the log, if there may be more behind it.
    cut_at: Option<i64>,
    /// The last events of the kinds that change a ranking, after a full load.
    latest: Option<Vec<Entry>>,
    request: RebuildRequest,
    startups: Vec<RankedStartup>,
    investors: Vec<RankedInvestor>,
}

impl Follower {
    /// A follower that has seen nothing yet.
    pub fn new(db: Db, live: Arc<Replica>) -> Self {
        Self {
            db,
            catalogue: Arc::clone(&live.catalogue),
            live,
            applied: Applied::default(),
            settling: Settling::default(),
            changed: (0, 0),
            base: None,
            request: RebuildRequest::default(),
            rebuild: None,
            hold: HOLD,
        }
    }

    /// Applies everything that is committed by now; true if more may be waiting.
    pub fn step(&mut self, now: Timestamp) -> Result<bool> {
        let (commits, today) = (self.db.commits(), now.day());
        let fresh = self.base.is_none();
        let loaded = if fresh { self.load_all(today)? } else { BTreeSet::new() };
        // What has ended by now is visible in the snapshot that is read next.
        let (end, horizon) =
            self.db.read_now(|conn| Ok((events::revision(conn)?, events::horizon(conn)?)))?;
        let ended = self.settling.look(end, horizon);
        let made = self.rebuild.as_mut().is_some_and(|rebuild| rebuild.ended(Duration::ZERO));
        let since = self.since(made);
        let (settled, beyond) = (self.applied.settled(), self.applied.beyond());
        let mut read = self.db.clone().read_now(|conn| look(conn, (settled, &beyond), since, fresh))?;
        read.request.forget(&loaded);
        let more = read.cut_at.is_some();
        let adopted = if made { self.adopt() } else { Ok(()) };
        self.note_read(&read, ended);
        self.apply(&read, fresh)?;
        if adopted.is_ok() && self.begin_rebuild(today)? {
            return Ok(true);
        }
        self.publish(if more { 0 } else { commits });
        adopted.map(|()| more)
    }

    /// Loads everything and publishes the first view.
    pub fn load(&mut self, now: Timestamp) -> Result<()> {
        while self.step(now)? {}
        Ok(())
    }

    /// Currency of the published view, found out with one small query: true where every revision that was seen is
    /// settled, and nothing is behind the last of them.
    pub(super) fn is_current(&self, now: Timestamp) -> Result<bool> {
        let view =
            self.live.view().filter(|view| view.as_of == now.day() && view.commits >= self.db.commits());
        if view.is_none()
            || self.base.is_none()
            || self.rebuild.is_some()
            || !self.applied.beyond().is_empty()
        {
            return Ok(false);
        }
        let settled = self.applied.settled();
        let current = self.db.read_now(|conn| events::after(conn, settled, 1))?.is_empty();
        if current {
            self.live.looked();
        }
        Ok(current)
    }

    pub(super) fn database(&self) -> &Db {
        &self.db
    }

    /// Reads every profile. Events that were sealed before are in them; answers what else of the kinds that touch every
    /// profile is in them for sure.
    fn load_all(&mut self, today: Day) -> Result<BTreeSet<i64>> {
        let (floor, visible) = self.db.read_now(|conn| {
            let floor = events::sealed(conn)?;
            Ok((floor, events::latest(conn, &changes::of_all(), floor, CHANGES)?))
        })?;
        self.base = Some(Base::load(&self.db, &self.catalogue, today)?);
        self.applied = Applied::default();
        self.applied.apply(&LogBatch { floor, new: &[], cut_at: Some(floor) }, None);
        (self.request, self.rebuild) = (RebuildRequest::default(), None);
        Ok(visible.iter().map(|entry| entry.revision).collect())
    }

    /// The profiles to read again when a rebuilt base is put in place.
    fn since(&self, made: bool) -> Due {
        let mut due = Due::default();
        if let Some(rebuild) = self.rebuild.as_ref().filter(|_| made) {
            (due.startups, due.investors) = rebuild.since.clone();
        }
        due
    }

    /// Puts a rebuilt base in place; where the rebuild failed it is requested again.
    fn adopt(&mut self) -> Result<()> {
        let Some(rebuild) = self.rebuild.take() else { return Ok(()) };
        match rebuild.made {
            Some(Ok(base)) => {
                self.applied.release(&rebuild.request.revisions);
                rebuild.request.revisions.last().into_iter().for_each(|revision| self.note(*revision));
                self.base = Some(base);
                Ok(())
            }
            failed => {
                self.request.add(rebuild.request.extent, rebuild.request.revisions);
                Err(failed.and_then(Result::err).unwrap_or_else(|| Error::internal("nothing was made")))
            }
        }
    }

    fn note_read(&mut self, read: &Read, ended: Option<i64>) {
        self.applied.hold(&read.request.revisions);
        self.request.add(read.request.extent, read.request.revisions.iter().copied());
        let new: Vec<i64> = read.entries.iter().map(|entry| entry.revision).collect();
        self.applied.apply(&LogBatch { floor: read.floor, new: &new, cut_at: read.cut_at }, ended);
    }

    fn apply(&mut self, read: &Read, fresh: bool) -> Result<()> {
        // From here on a failure leaves no base, so that everything is read again.
        let Some(base) = self.base.take() else { return Ok(()) };
        let base = base.with(&self.catalogue, &read.startups, &read.investors)?;
        if let Some(rebuild) = &mut self.rebuild {
            rebuild.since.0.extend(read.startups.iter().map(|record| record.profile.number));
            rebuild.since.1.extend(read.investors.iter().map(|record| record.profile.number));
        }
        let takes_part = |which| match which {
            Which::Startup(number) => base.startups.has(number as u64),
            Which::Investor(number) => base.investors.has(number as u64),
        };
        let entries = read.latest.as_ref().unwrap_or(&read.entries);
        let shown = entries.iter().filter(|entry| fresh || !read.request.revisions.contains(&entry.revision));
        let changed = changes::last_change(shown, takes_part);
        if fresh {
            self.changed = (changed.unwrap_or(0).max(self.changed.0), 0);
        } else if let Some(revision) = changed {
            self.note(revision);
        }
        self.base = Some(base);
        Ok(())
    }

    /// Notes that the ranking is another one since a revision, also where that appears behind a later one.
    fn note(&mut self, revision: i64) {
        match revision.cmp(&self.changed.0) {
            Ordering::Greater => self.changed = (revision, 0),
            Ordering::Less => self.changed.1 = revision,
            Ordering::Equal => {}
        }
    }

    /// Begins the rebuild that is requested or that the day asks for, and waits for it a little; true if it has ended.
    fn begin_rebuild(&mut self, today: Day) -> Result<bool> {
        let Some(base) = self.base.as_ref().filter(|_| self.rebuild.is_none()) else { return Ok(false) };
        self.request.add(base.due_on(today), []);
        if self.request.extent.is_none() {
            return Ok(false);
        }
        let request = std::mem::take(&mut self.request);
        let with = (self.db.clone(), Arc::clone(&self.catalogue));
        let begun = Rebuild::begin(request, base.clone(), with, today);
        if begun.is_err() {
            // The request is lost, so everything is read again.
            self.base = None;
        }
        let mut rebuild = begun?;
        let ended = rebuild.ended(self.hold);
        self.rebuild = Some(rebuild);
        Ok(ended)
    }

    fn publish(&self, commits: u64) {
        let Some(base) = &self.base else { return };
        self.live.publish(View {
            snapshot: Arc::clone(&base.snapshot),
            startups: base.startups.clone(),
            investors: base.investors.clone(),
            revision: self.applied.last(),
            settled: self.applied.settled(),
            beyond: self.applied.shown(),
            changed: self.changed,
            as_of: base.as_of,
            corridor_revision: base.corridor_revision,
            world: base.world,
            reference_version: self.catalogue.version().to_owned(),
            commits,
        });
    }
}

/// Reads what the log brings after what was seen, and again what is `due` already.
fn look(conn: &mut Conn, (settled, seen): (i64, &BTreeSet<i64>), mut due: Due, fresh: bool) -> Result<Read> {
    let limit = BATCH + seen.len() as i64;
    let mut entries = events::after(conn, settled, limit)?;
    let cut_at = entries.last().map(|e| e.revision).filter(|_| entries.len() as i64 == limit);
    entries.retain(|e| !seen.contains(&e.revision));
    entries.iter().for_each(|entry| due.note(entry));
    for organisation in std::mem::take(&mut due.organisations) {
        let (startups, investors) = numbers_of_organisation(conn, organisation)?;
        due.startups.extend(startups);
        due.investors.extend(investors);
    }
    let of = |numbers: BTreeSet<i64>| numbers.into_iter().collect::<Vec<_>>();
    let latest = |conn: &mut Conn| {
        let since = events::revision(conn)? - REACH;
        events::latest(conn, &changes::kinds(), since, CHANGES)
    };
    Ok(Read {
        floor: settled,
        cut_at,
        latest: fresh.then(|| latest(conn)).transpose()?,
        entries,
        request: due.rebuild,
        startups: ranked_startups(conn, Some(&of(due.startups)))?,
        investors: ranked_investors(conn, Some(&of(due.investors)))?,
    })
}

#[cfg(test)]
mod tests;
