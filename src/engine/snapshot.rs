//! An immutable state of all profiles in one world, and the questions it answers.
//!
//! Invariant: readers share a snapshot without locks; a change makes a new one that shares every unchanged row.
//! Read next: [`super::plan`] for how a query is compiled, [`super::columns`] for how the profiles lie.

use super::columns::{self, Gathered, Investors, Startups, Stored, Work};
use super::compiled::{Dictionary, InvestorRow, StartupRow, Tables};
use super::explain::{Depth, Explanation, explain};
use super::factors::Pair;
use super::gates;
use super::plan::{InvestorPlan, StartupPlan};
use super::profile::{Investor, InvestorKey, Startup, StartupKey, World};
use super::query::{Page, Query};
use super::recent::Recent;
use super::reciprocal::Weights;
use super::top_k::TopK;
use super::weights::{InvestorFactor, Overrides, StartupFactor};
use std::borrow::Cow;
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
    /// The weights of both sides where neither has weights of its own.
    pub(super) weights: Option<Weights>,
}

/// All profiles in one world.
#[derive(Clone, Debug)]
pub struct Snapshot {
    world: Arc<World>,
    pub(super) tables: Arc<Tables>,
    pub(super) dictionary: Dictionary,
    startups: Startups,
    investors: Investors,
    pub(super) recent: Recent,
}

impl Snapshot {
    /// A snapshot of a world without profiles.
    pub fn new(world: World) -> Self {
        let mut dictionary = Dictionary::default();
        let tables = Arc::new(Tables::compile(&world, &mut dictionary));
        Self {
            world: Arc::new(world),
            tables,
            dictionary,
            startups: Startups::default(),
            investors: Investors::default(),
            recent: Recent::default(),
        }
    }

    /// The next snapshot; whatever did not change is shared with this one.
    #[must_use]
    pub fn with(&self, changes: Changes) -> Self {
        let Changes { startups, investors } = changes;
        let recent = self.recent.then(startups.keys().map(|key| key.0), investors.keys().map(|key| key.0));
        let mut next = match self.startups.len() {
            0 => self.filled(startups.into_values().flatten()),
            _ => self.with_startups(startups),
        };
        let (tables, dictionary) = (&*next.tables, &mut next.dictionary);
        for (key, listing) in investors {
            match listing {
                Some(listing) => {
                    let entry = InvestorEntry::compile(listing, tables, dictionary);
                    next.investors.put(key.0, entry, tables, dictionary);
                }
                None => next.investors.remove(key.0, tables, dictionary),
            }
        }
        next.recent = recent;
        next
    }

    fn with_startups(&self, startups: BTreeMap<StartupKey, Option<Startup>>) -> Self {
        let mut next = self.clone();
        let (tables, dictionary) = (&*next.tables, &mut next.dictionary);
        for (key, startup) in startups {
            match startup {
                Some(startup) => {
                    let stored = Stored::new(&startup, tables, dictionary);
                    next.startups.put(&stored, dictionary);
                }
                None => next.startups.remove(key.0, dictionary),
            }
        }
        next
    }

    /// The same with these startups, no two with one key, in the place of those it has. They are taken in one by one, so
    /// that never all of them need be in memory as they came.
    #[must_use]
    pub fn filled(&self, startups: impl Iterator<Item = Startup>) -> Self {
        let mut next = self.clone();
        let (tables, dictionary) = (&*next.tables, &mut next.dictionary);
        let mut gathered = Gathered::default();
        startups.for_each(|startup| gathered.add(&startup, tables, dictionary));
        next.startups = Startups::of(gathered, dictionary);
        next.recent = next.recent.refilled();
        next
    }

    /// The same profiles in another world, or on another day.
    #[must_use]
    pub fn in_world(&self, world: World) -> Self {
        let mut next = Self::new(world).filled(self.startups());
        let (tables, dictionary) = (&*next.tables, &mut next.dictionary);
        for (id, entry) in self.investors.iter() {
            let entry = entry.recompile(tables, dictionary);
            next.investors.put(id, entry, tables, dictionary);
        }
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

    /// The profiles of all startups, in no order.
    pub fn startups(&self) -> impl Iterator<Item = Startup> {
        self.startups.profiles().filter_map(Startup::read_dense)
    }

    /// The keys of all investors, rising.
    pub fn investor_keys(&self) -> impl Iterator<Item = InvestorKey> {
        self.investors.iter().map(|(id, _)| InvestorKey(id))
    }

    /// The profile of a startup.
    pub fn startup(&self, key: StartupKey) -> Option<Startup> {
        self.startups.profile(key.0).and_then(Startup::read_dense)
    }

    /// Whether the startup blocks the investor, or is not there.
    pub fn startup_blocks(&self, key: StartupKey, investor: InvestorKey) -> bool {
        self.startups.row(key.0).is_none_or(|row| row.blocks.iter().any(|id| id == investor.0))
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
        self.explainer(key, own).map(|explainer| explainer.weights)
    }

    /// The weights that a startup's list goes by before an investor without deals; each deal shifts them as specified.
    pub fn weights_of_startup(
        &self,
        key: StartupKey,
        own: Option<&Overrides<StartupFactor>>,
    ) -> Option<Weights> {
        let stated = self.startups.row(key.0)?.weights().unwrap_or_default();
        Some(Weights::without_deals(own.unwrap_or(&stated)))
    }

    /// The startups for an investor, by its whole thesis; nothing where there is no such investor.
    pub fn startups_for(&self, investor: InvestorKey, query: &Query<InvestorFactor>) -> Option<Page> {
        self.search(investor, query).map(|(page, _)| page)
    }

    /// [`Snapshot::startups_for`], and how much of the snapshot had to be looked at.
    pub fn search(&self, investor: InvestorKey, query: &Query<InvestorFactor>) -> Option<(Page, Work)> {
        let investor = &self.entry(investor)?.thesis;
        let plan = InvestorPlan::new(&self.tables, &self.dictionary, investor, query);
        let mut top = TopK::new(query.k, query.after);
        let work = columns::search_startups(&self.startups, &plan, &mut top);
        Some((top.into_page(), work))
    }

    /// The investors for a startup, by what they have published; nothing where there is no such startup.
    pub fn investors_for(&self, startup: StartupKey, query: &Query<StartupFactor>) -> Option<Page> {
        self.search_investors(startup, query).map(|(page, _)| page)
    }

    /// [`Snapshot::investors_for`], and how much of the snapshot had to be looked at.
    pub fn search_investors(
        &self,
        startup: StartupKey,
        query: &Query<StartupFactor>,
    ) -> Option<(Page, Work)> {
        let startup = self.startups.row(startup.0)?;
        let plan = StartupPlan::new(&self.tables, &self.dictionary, startup, query);
        let mut top = TopK::new(query.k, query.after);
        let work = columns::search_investors(&self.investors, &plan, &mut top);
        Some((top.into_page(), work))
    }

    /// An investor with own weights to whom startups are to be explained; nothing where there is no such investor.
    pub fn explainer<'a>(
        &'a self,
        investor: InvestorKey,
        own: Option<&'a Overrides<InvestorFactor>>,
    ) -> Option<Explainer<'a>> {
        let investor = &*self.entry(investor)?.thesis;
        let own = own.unwrap_or(&investor.profile.weights);
        let weights = Weights::before(investor, own, &Overrides::default());
        Some(Explainer { snapshot: self, investor, own, weights })
    }

    /// Explains a startup to an investor, by its whole thesis, also where a gate is closed.
    pub fn explain_to_investor(
        &self,
        investor: InvestorKey,
        startup: StartupKey,
        own: Option<&Overrides<InvestorFactor>>,
    ) -> Option<Explanation> {
        self.explainer(investor, own)?.explain(startup, Depth::Whole)
    }

    fn profile(&self, startup: StartupKey) -> Option<Cow<'_, Startup>> {
        self.startup(startup).map(Cow::Owned)
    }

    /// Explains an investor to a startup, by what it has published. Nothing where the whole thesis closes a gate
    /// that the published one leaves open: the investor is then absent, and no answer tells why.
    pub fn explain_to_startup(
        &self,
        startup: StartupKey,
        investor: InvestorKey,
        own: Option<&Overrides<StartupFactor>>,
    ) -> Option<Explanation> {
        self.tell_startup(startup, investor, own, Depth::Whole)
    }

    /// [`Snapshot::explain_to_startup`], telling the facts of as many lines as are asked for.
    pub fn tell_startup(
        &self,
        startup: StartupKey,
        investor: InvestorKey,
        own: Option<&Overrides<StartupFactor>>,
        depth: Depth,
    ) -> Option<Explanation> {
        let (row, entry) = (self.startups.row(startup.0)?, self.entry(investor)?);
        let published = Pair::new(row, entry.published.as_ref()?, &self.tables);
        let closed = gates::evaluate(&Pair::new(row, &entry.thesis, &self.tables)).0;
        let open = gates::evaluate(&published).0;
        if closed.iter().any(|gate| !open.contains(gate)) {
            return None;
        }
        let stated = row.weights();
        let weights = match (own.or(stated.as_ref()), entry.weights) {
            (None, Some(usual)) => usual,
            (theirs, _) => {
                let none = Overrides::default();
                Weights::before(published.investor, &Overrides::default(), theirs.unwrap_or(&none))
            }
        };
        explain(&published, || self.profile(startup).ok_or(()), weights, &self.dictionary, depth).ok()
    }

    /// About how many bytes the startups take for ranking, and how many their profiles.
    pub fn bytes_of_startups(&self) -> (usize, usize) {
        self.startups.bytes()
    }

    /// How many bytes the columns of investors take, without their theses.
    pub fn bytes_of_investors(&self) -> usize {
        self.investors.bytes()
    }

    pub(super) fn entry(&self, key: InvestorKey) -> Option<&InvestorEntry> {
        self.investors.get(key.0)
    }

    pub(super) fn thesis(&self, key: InvestorKey) -> Option<&InvestorRow> {
        self.entry(key).map(|entry| &*entry.thesis)
    }

    pub(super) fn row(&self, key: StartupKey) -> Option<StartupRow<'_>> {
        self.startups.row(key.0)
    }
}

/// An investor to whom startups are explained one after the other, by its whole thesis.
#[derive(Clone, Copy, Debug)]
pub struct Explainer<'a> {
    snapshot: &'a Snapshot,
    investor: &'a InvestorRow,
    own: &'a Overrides<InvestorFactor>,
    weights: Weights,
}

impl Explainer<'_> {
    /// The weights that its list goes by, for startups without weights of their own.
    pub fn weights(&self) -> &Weights {
        &self.weights
    }

    /// Explains a startup, also where a gate is closed; nothing where there is no such startup.
    pub fn explain(&self, startup: StartupKey, depth: Depth) -> Option<Explanation> {
        let row = self.snapshot.startups.row(startup.0)?;
        let pair = Pair::new(row, self.investor, &self.snapshot.tables);
        let stated = row.weights();
        let weights = stated.map_or(self.weights, |stated| Weights::before(self.investor, self.own, &stated));
        let profile = || self.snapshot.profile(startup).ok_or(());
        explain(&pair, profile, weights, &self.snapshot.dictionary, depth).ok()
    }
}

impl InvestorEntry {
    fn new(thesis: Arc<InvestorRow>, published: Option<Arc<InvestorRow>>) -> Self {
        let usual =
            |row: &Arc<InvestorRow>| Weights::before(row, &Overrides::default(), &Overrides::default());
        let weights = published.as_ref().map(usual);
        Self { thesis, published, weights }
    }

    pub(super) fn compile(listing: Listing, tables: &Tables, dictionary: &mut Dictionary) -> Self {
        let same = listing.published.as_ref() == Some(&listing.thesis);
        let mut row = |profile| Arc::new(InvestorRow::compile(profile, tables, dictionary));
        let thesis = row(Arc::new(listing.thesis));
        let published = match listing.published {
            Some(_) if same => Some(Arc::clone(&thesis)),
            published => published.map(|profile| row(Arc::new(profile))),
        };
        Self::new(thesis, published)
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
        Self::new(thesis, published)
    }
}
