//! An immutable state of all profiles in one world, and the questions it answers.
//!
//! Invariant: readers share a snapshot without locks; a change makes a new one that shares every unchanged row.
//! Read next: [`super::plan`] for how a query is compiled; a faster layout replaces this file, not its interface.

use super::compiled::{Dictionary, InvestorRow, StartupRow, Tables};
use super::explain::{Explanation, explain};
use super::factors::Pair;
use super::gates;
use super::plan::{InvestorPlan, StartupPlan};
use super::profile::{Investor, InvestorKey, Startup, StartupKey, World};
use super::query::{Page, Query};
use super::reciprocal::Weights;
use super::top_k::TopK;
use super::weights::{InvestorFactor, Overrides, StartupFactor};
use std::collections::BTreeMap;
use std::sync::Arc;

/// An investor as it is and as startups may know it.
#[derive(Clone, Debug)]
pub struct Listing {
    /// The whole thesis with limits and blocks; decides the gates and the investor's own lists.
    pub thesis: Investor,
    /// What startups' lists are scored by; nothing where the investor is not to appear in them.
    pub published: Option<Investor>,
}

impl Listing {
    /// An investor that has published everything.
    pub fn open(thesis: Investor) -> Self {
        Self { published: Some(thesis.clone()), thesis }
    }
}

/// What is different in the next snapshot.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// Startups that are new or revised, or gone.
    pub startups: BTreeMap<StartupKey, Option<Startup>>,
    /// Investors that are new or revised, or gone.
    pub investors: BTreeMap<InvestorKey, Option<Listing>>,
}

impl Changes {
    /// Adds or revises a startup.
    pub fn put_startup(&mut self, startup: Startup) {
        self.startups.insert(startup.id, Some(startup));
    }

    /// Adds or revises an investor.
    pub fn put_investor(&mut self, listing: Listing) {
        self.investors.insert(listing.thesis.id, Some(listing));
    }
}

/// A compiled investor, both views of it.
#[derive(Clone, Debug)]
pub struct InvestorEntry {
    pub(super) thesis: Arc<InvestorRow>,
    pub(super) published: Option<Arc<InvestorRow>>,
}

/// All profiles in one world.
#[derive(Clone, Debug)]
pub struct Snapshot {
    world: Arc<World>,
    tables: Arc<Tables>,
    dictionary: Dictionary,
    startups: Vec<Arc<StartupRow>>,
    investors: Vec<InvestorEntry>,
}

impl Snapshot {
    /// A snapshot of a world without profiles.
    pub fn new(world: World) -> Self {
        let mut dictionary = Dictionary::default();
        let tables = Arc::new(Tables::compile(&world, &mut dictionary));
        Self { world: Arc::new(world), tables, dictionary, startups: Vec::new(), investors: Vec::new() }
    }

    /// The next snapshot; every row that did not change is shared with this one.
    #[must_use]
    pub fn with(&self, changes: Changes) -> Self {
        let (tables, mut dictionary) = (&*self.tables, self.dictionary.clone());
        let startups = changes.startups.into_iter().map(|(key, startup)| {
            (key.0, startup.map(|s| Arc::new(StartupRow::compile(Arc::new(s), tables, &mut dictionary))))
        });
        let startups = merge(&self.startups, startups.collect(), |row| row.id());
        let investors = changes.investors.into_iter().map(|(key, listing)| {
            (key.0, listing.map(|l| InvestorEntry::compile(l, tables, &mut dictionary)))
        });
        let investors = merge(&self.investors, investors.collect(), |entry| entry.thesis.id());
        Self {
            world: Arc::clone(&self.world),
            tables: Arc::clone(&self.tables),
            dictionary,
            startups,
            investors,
        }
    }

    /// The same profiles in another world, or on another day.
    #[must_use]
    pub fn in_world(&self, world: World) -> Self {
        let mut next = Self::new(world);
        let (tables, dictionary) = (&*next.tables, &mut next.dictionary);
        let startup = |row: &Arc<StartupRow>| Arc::clone(&row.profile);
        next.startups = self
            .startups
            .iter()
            .map(|row| Arc::new(StartupRow::compile(startup(row), tables, dictionary)))
            .collect();
        next.investors = self.investors.iter().map(|entry| entry.recompile(tables, dictionary)).collect();
        next
    }

    /// The world that everything was scored in.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// How many startups and how many investors there are.
    pub fn len(&self) -> (usize, usize) {
        (self.startups.len(), self.investors.len())
    }

    /// Whether there is no profile at all.
    pub fn is_empty(&self) -> bool {
        self.len() == (0, 0)
    }

    /// The profile of a startup.
    pub fn startup(&self, key: StartupKey) -> Option<&Arc<Startup>> {
        self.startup_row(key).map(|row| &row.profile)
    }

    /// The whole thesis of an investor.
    pub fn investor(&self, key: InvestorKey) -> Option<&Arc<Investor>> {
        self.entry(key).map(|entry| &entry.thesis.profile)
    }

    /// What an investor has published; nothing where it is not to appear in startups' lists.
    pub fn published(&self, key: InvestorKey) -> Option<&Arc<Investor>> {
        self.entry(key)?.published.as_ref().map(|row| &row.profile)
    }

    /// The weights that an investor's list goes by, for startups without weights of their own.
    pub fn weights_of_investor(
        &self,
        key: InvestorKey,
        own: Option<&Overrides<InvestorFactor>>,
    ) -> Option<Weights> {
        let investor = &self.entry(key)?.thesis;
        Some(Weights::before(investor, own.unwrap_or(&investor.profile.weights), &Overrides::default()))
    }

    /// The weights that a startup's list goes by before an investor without deals; each deal shifts them as specified.
    pub fn weights_of_startup(
        &self,
        key: StartupKey,
        own: Option<&Overrides<StartupFactor>>,
    ) -> Option<Weights> {
        let own = own.unwrap_or(&self.startup_row(key)?.profile.weights);
        Some(Weights::without_deals(own))
    }

    /// The startups for an investor, by its whole thesis; nothing where there is no such investor.
    pub fn startups_for(&self, investor: InvestorKey, query: &Query<InvestorFactor>) -> Option<Page> {
        let investor = &self.entry(investor)?.thesis;
        let plan = InvestorPlan::new(&self.tables, &self.dictionary, investor, query);
        let mut top = TopK::new(query.k, query.after);
        self.startups.iter().filter_map(|row| plan.score(row)).for_each(|hit| top.offer(hit));
        Some(top.into_page())
    }

    /// The investors for a startup, by what they have published; nothing where there is no such startup.
    pub fn investors_for(&self, startup: StartupKey, query: &Query<StartupFactor>) -> Option<Page> {
        let startup = self.startup_row(startup)?;
        let plan = StartupPlan::new(&self.tables, &self.dictionary, startup, query);
        let mut top = TopK::new(query.k, query.after);
        self.investors.iter().filter_map(|entry| plan.score(entry)).for_each(|hit| top.offer(hit));
        Some(top.into_page())
    }

    /// Explains a startup to an investor, by its whole thesis, also where a gate is closed.
    pub fn explain_to_investor(
        &self,
        investor: InvestorKey,
        startup: StartupKey,
        own: Option<&Overrides<InvestorFactor>>,
    ) -> Option<Explanation> {
        let (startup, investor) = (self.startup_row(startup)?, &self.entry(investor)?.thesis);
        let pair = Pair::new(startup, investor, &self.tables);
        let own = own.unwrap_or(&investor.profile.weights);
        let weights = Weights::before(investor, own, &startup.profile.weights);
        Some(explain(&pair, weights, &self.dictionary))
    }

    /// Explains an investor to a startup, by what it has published. Nothing where the whole thesis closes a gate
    /// that the published one leaves open: the investor is then absent, and no answer tells why.
    pub fn explain_to_startup(
        &self,
        startup: StartupKey,
        investor: InvestorKey,
        own: Option<&Overrides<StartupFactor>>,
    ) -> Option<Explanation> {
        let (startup, entry) = (self.startup_row(startup)?, self.entry(investor)?);
        let published = Pair::new(startup, entry.published.as_ref()?, &self.tables);
        let closed = gates::evaluate(&Pair::new(startup, &entry.thesis, &self.tables)).0;
        let open = gates::evaluate(&published).0;
        if closed.iter().any(|gate| !open.contains(gate)) {
            return None;
        }
        let own = own.unwrap_or(&startup.profile.weights);
        let weights = Weights::before(published.investor, &Overrides::default(), own);
        Some(explain(&published, weights, &self.dictionary))
    }

    fn startup_row(&self, key: StartupKey) -> Option<&Arc<StartupRow>> {
        self.startups.binary_search_by_key(&key.0, |row| row.id()).ok().map(|at| &self.startups[at])
    }

    fn entry(&self, key: InvestorKey) -> Option<&InvestorEntry> {
        self.investors
            .binary_search_by_key(&key.0, |entry| entry.thesis.id())
            .ok()
            .map(|at| &self.investors[at])
    }
}

impl InvestorEntry {
    fn compile(listing: Listing, tables: &Tables, dictionary: &mut Dictionary) -> Self {
        let same = listing.published.as_ref() == Some(&listing.thesis);
        let mut row = |profile| Arc::new(InvestorRow::compile(profile, tables, dictionary));
        let thesis = row(Arc::new(listing.thesis));
        let published = match listing.published {
            Some(_) if same => Some(Arc::clone(&thesis)),
            published => published.map(|profile| row(Arc::new(profile))),
        };
        Self { thesis, published }
    }

    fn recompile(&self, tables: &Tables, dictionary: &mut Dictionary) -> Self {
        let mut row = |old: &Arc<InvestorRow>| {
            Arc::new(InvestorRow::compile(Arc::clone(&old.profile), tables, dictionary))
        };
        let thesis = row(&self.thesis);
        let published = self
            .published
            .as_ref()
            .map(|old| if Arc::ptr_eq(old, &self.thesis) { Arc::clone(&thesis) } else { row(old) });
        Self { thesis, published }
    }
}

/// Sorted rows with some replaced, added or removed.
fn merge<R: Clone>(rows: &[R], changed: BTreeMap<u64, Option<R>>, id: impl Fn(&R) -> u64) -> Vec<R> {
    let mut next = Vec::with_capacity(rows.len() + changed.len());
    let mut changed = changed.into_iter().peekable();
    for row in rows {
        while let Some((_, added)) = changed.next_if(|(key, _)| *key < id(row)) {
            next.extend(added);
        }
        match changed.next_if(|(key, _)| *key == id(row)) {
            None => next.push(row.clone()),
            Some((_, revised)) => next.extend(revised),
        }
    }
    next.extend(changed.filter_map(|(_, added)| added));
    next
}
