//! The walk over all pairs in one order, and the discovery places after it.
//!
//! Invariant: pairs are looked at best first, so whatever keeps one out of the stable lists is at least as good; as every
//! order is strict, they are the only stable ones under the caps. Read next: [`super::max`], [`super::arrange`],
//! [`super::report`].

use super::arrange::arrange;
use super::max::Flow;
use super::report::{Report, Tally};
use serde::{Deserialize, Serialize};

/// How long a list is, without its discovery place.
pub const PLACES: u32 = 10;

/// A pair that no gate closes: `item` may stand in the list of `owner`. Both count from 0 in the order of their ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The score, 0 to 10⁹.
    pub score: u32,
    /// The confidence, 0 to 250 000.
    pub confidence: u32,
    /// Who would be listed.
    pub item: u32,
    /// Whose list it would be.
    pub owner: u32,
}

impl Candidate {
    /// Best first: by score, confidence, then the ids. Two pairs that share neither side do not affect each other, so
    /// the order of the last two matters to nobody.
    fn key(&self) -> (u64, u64) {
        let pair = |high: u32, low: u32| (u64::from(high) << 32) | u64::from(low);
        (pair(!self.score, !self.confidence), pair(self.item, self.owner))
    }
}

/// How long lists are, and how often one may appear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Places of a list.
    pub places: u32,
    /// In how many lists one may stand at most.
    pub cap: u32,
}

impl Rules {
    /// Lists of ten, and three times the appearances that an equal share would be.
    pub fn of(owners: usize, items: usize) -> Self {
        let wanted = 3 * u64::from(PLACES) * owners as u64;
        let cap = wanted.div_ceil((items as u64).max(1)).max(1);
        Self { places: PLACES, cap: u32::try_from(cap).unwrap_or(u32::MAX) }
    }
}

/// Which of the assignments under the caps the lists are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// The one in which no two would rather have each other.
    #[default]
    Stable,
    /// One with the greatest total of scores.
    Max,
}

/// Who takes part.
#[derive(Clone, Copy, Debug)]
pub struct Market<'a> {
    /// How many lists there are.
    pub owners: usize,
    /// The sector parent of everybody who may be listed, as a number; nothing where it is not known.
    pub parents: &'a [Option<u32>],
    /// The rules.
    pub rules: Rules,
}

/// Somebody in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Who.
    pub item: u32,
    /// The score.
    pub score: u32,
    /// The confidence.
    pub confidence: u32,
    /// Its number in the owner's list without caps, penalties and discovery, counted from 1; not known of a discovery.
    pub number: Option<u32>,
    /// What was taken off for those before it with the same sector parent, for the order alone.
    pub penalty: u32,
}

/// Somebody who would be in a list, but for the cap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Displaced {
    /// Who.
    pub item: u32,
    /// The score.
    pub score: u32,
    /// The confidence.
    pub confidence: u32,
    /// The number that it would have in the list, counted from 1.
    pub number: u32,
    /// In how many lists it stands already: the cap. In stable lists, each with a score at least as good.
    pub appearances: u32,
}

/// A list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct List {
    /// The places in their order.
    pub places: Vec<Place>,
    /// One more place, for somebody who is in no list; it comes last.
    pub discovery: Option<Place>,
    /// Who was displaced by the cap, in the order of the scores.
    pub displaced: Vec<Displaced>,
}

/// The lists of all owners.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lists {
    /// A list an owner.
    pub lists: Vec<List>,
    /// What the caps cost and what they brought.
    pub report: Report,
}

/// Makes the lists of all owners out of all pairs; the order that the pairs come in changes nothing.
///
/// The greatest total is for up to [`super::MAX_PAIRS`] pairs, and can take long: `watch` is asked again and again, and
/// ends it by what it refuses with.
pub fn recommend<E>(
    market: &Market<'_>,
    mode: Mode,
    mut candidates: Vec<Candidate>,
    watch: &mut dyn FnMut() -> Result<(), E>,
) -> Result<Lists, E> {
    candidates.sort_unstable_by_key(Candidate::key);
    let optimum = match mode {
        Mode::Stable => None,
        Mode::Max => Some(Flow::optimum(market, &candidates, watch)?),
    };
    let mut walk = Walk::new(market, optimum);
    candidates.iter().for_each(|pair| walk.look_at(pair));
    let Walk { optimum, mut lists, appearances, mut tally, .. } = walk;
    tally.pairs = candidates.len() as u64;
    tally.bound = optimum.map(|flow| flow.bound());
    candidates.retain(|pair| appearances[pair.item as usize] == 0);
    discover(&mut lists, candidates, market.parents.len());
    for list in &mut lists {
        arrange(&mut list.places, market.parents);
    }
    let report = Report { mode, ..Report::of(market, &lists, &tally) };
    Ok(Lists { lists, report })
}

struct Walk {
    rules: Rules,
    /// What has been decided for all pairs together; without it each is taken as long as there is room.
    optimum: Option<Flow>,
    lists: Vec<List>,
    /// How many pairs of each owner were looked at.
    seen: Vec<u32>,
    /// In how many lists each item stands.
    appearances: Vec<u32>,
    tally: Tally,
}

impl Walk {
    fn new(market: &Market<'_>, optimum: Option<Flow>) -> Self {
        Self {
            rules: market.rules,
            optimum,
            lists: vec![List::default(); market.owners],
            seen: vec![0; market.owners],
            appearances: vec![0; market.parents.len()],
            tally: Tally::default(),
        }
    }

    fn look_at(&mut self, pair: &Candidate) {
        let Candidate { score, confidence, item, owner } = *pair;
        let (list, seen) = (&mut self.lists[owner as usize], &mut self.seen[owner as usize]);
        *seen += 1;
        let number = *seen;
        let uncapped = number <= self.rules.places;
        self.tally.uncapped += if uncapped { u64::from(score) } else { 0 };
        let (Rules { places, cap }, appearances) = (self.rules, &mut self.appearances[item as usize]);
        let room = || list.places.len() < places as usize && *appearances < cap;
        if self.optimum.as_ref().map_or_else(room, |flow| flow.holds(owner, number)) {
            *appearances += 1;
            self.tally.capped += u64::from(score);
            list.places.push(Place { item, score, confidence, number: Some(number), penalty: 0 });
        } else if uncapped {
            // No list is full before its last number: nothing but the cap can leave this one out, in either mode.
            list.displaced.push(Displaced { item, score, confidence, number, appearances: cap });
        }
    }
}

/// Gives those who are in no list, by their best pair, to the best owner whose discovery place is free. The pairs are
/// theirs alone, best first.
fn discover(lists: &mut [List], mut pairs: Vec<Candidate>, items: usize) {
    let (mut turn, mut turns) = (vec![u32::MAX; items], 0);
    for pair in &pairs {
        let turn = &mut turn[pair.item as usize];
        if *turn == u32::MAX {
            *turn = turns;
            turns += 1;
        }
    }
    pairs.sort_unstable_by_key(|pair| (turn[pair.item as usize], pair.key()));
    let mut placed = None;
    for Candidate { score, confidence, item, owner } in pairs {
        let free = &mut lists[owner as usize].discovery;
        if placed != Some(item) && free.is_none() {
            *free = Some(Place { item, score, confidence, number: None, penalty: 0 });
            placed = Some(item);
        }
    }
}
