//! The assignment under the caps with the greatest total of scores: a maximum-weight b-matching, as a min-cost flow.
//!
//! Every owner begins with its best pairs, at the price 0 for everybody. Whoever stands in more lists than the cap is then
//! taken out of one after the other, along the shortest path that leads to a free appearance or to a place left empty:
//! successive shortest paths with potentials (Dijkstra), from a start that is optimal but for the caps.
//!
//! Of equal totals of scores, the lists whose places have the best numbers in their owners' own order, as a sum in which
//! every place counts; what is equal still is decided by the order of the work, which knows no order but that of the ids.
//!
//! Invariant: prices and rents are never below 0, a pair that is held is worth them and one that is not is worth no more,
//! so at the end they prove that nothing is greater. Read next: [`super::walk`], [`Flow::bound`].

use super::walk::{Candidate, Market};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;

#[cfg(test)]
mod tests;

const FAR: i64 = i64::MAX;

/// A pair as the flow sees it.
#[derive(Clone, Copy, Debug)]
struct Arc {
    /// The score times the unit, and what decides between equal totals.
    weight: i64,
    item: u32,
    held: bool,
}

/// An owner and one of its arcs.
type Owned = (u32, u32);

/// Who has an item in the list, by which arc, and its weight, so that to look through all holders reads one row.
#[derive(Clone, Copy, Debug)]
struct Holder {
    by: Owned,
    weight: i64,
}

/// The assignment on its way to the optimum, with the prices that prove it.
#[derive(Debug)]
pub struct Flow {
    /// What one of the score weighs: more than all that decides between equal totals.
    unit: i64,
    places: usize,
    cap: usize,
    /// The pairs of all owners, those of each best first.
    arcs: Vec<Arc>,
    /// Where the pairs of each owner begin, and the end of all.
    starts: Vec<u32>,
    /// Who has each item in the list.
    holders: Vec<Vec<Holder>>,
    /// What one more appearance of each item would be worth to all lists.
    prices: Vec<i64>,
    /// What one more place of each list would be worth to all lists.
    rents: Vec<i64>,
}

/// Where a path ends.
#[derive(Clone, Copy, Debug)]
enum End {
    /// At somebody who may appear once more.
    Item(u32),
    /// At an owner who has one place less.
    Owner(u32),
}

/// What is known of the paths from one item.
struct Paths {
    queue: BinaryHeap<Reverse<(i64, u32)>>,
    /// How far the items are, then the owners.
    far: Vec<i64>,
    /// By what: an item is taken, an owner gives up.
    by: Vec<Owned>,
    touched: Vec<u32>,
    /// How far the end is; nothing is looked for that is as far.
    best: i64,
    end: End,
}

impl Flow {
    /// The optimum of the pairs, which come best first; `watch` is asked before every path.
    pub fn optimum<E>(
        market: &Market<'_>,
        candidates: &[Candidate],
        watch: &mut dyn FnMut() -> Result<(), E>,
    ) -> Result<Self, E> {
        let mut flow = Self::uncapped(market, candidates);
        let mut paths = Paths::new(flow.prices.len() + flow.rents.len());
        for item in 0..flow.prices.len() {
            while let Some(holder) = flow.excess(item) {
                watch()?;
                flow.search(item as u32, holder, &mut paths);
                flow.shift(item as u32, &paths);
                flow.reprice(&mut paths);
            }
        }
        Ok(flow)
    }

    /// Everybody's best pairs as if there were no caps. With [`super::MAX_PAIRS`] pairs a weight is below 10¹⁷.
    fn uncapped(market: &Market<'_>, candidates: &[Candidate]) -> Self {
        let (items, places) = (market.parents.len(), market.rules.places as usize);
        let mut starts = vec![0u32; market.owners + 1];
        candidates.iter().for_each(|pair| starts[pair.owner as usize + 1] += 1);
        let longest = starts.iter().copied().max().unwrap_or_default();
        for owner in 0..market.owners {
            starts[owner + 1] += starts[owner];
        }
        let unit = 1 + (market.owners * places) as i64 * i64::from(longest);
        let mut arcs = vec![Arc { weight: 0, item: 0, held: false }; candidates.len()];
        let mut next = starts.clone();
        for pair in candidates {
            let next = &mut next[pair.owner as usize];
            let number = *next - starts[pair.owner as usize];
            let weight = i64::from(pair.score) * unit + i64::from(longest - number);
            arcs[*next as usize] = Arc { weight, item: pair.item, held: false };
            *next += 1;
        }
        let mut flow = Self {
            unit,
            places,
            cap: market.rules.cap as usize,
            arcs,
            starts,
            holders: vec![Vec::new(); items],
            prices: vec![0; items],
            rents: vec![0; market.owners],
        };
        for owner in 0..market.owners {
            let own = flow.own(owner);
            flow.rents[owner] = flow.arcs[own.clone()].get(places).map_or(0, |arc| arc.weight);
            for at in own.take(places) {
                flow.hold((owner as u32, at as u32));
            }
        }
        flow
    }

    fn own(&self, owner: usize) -> Range<usize> {
        self.starts[owner] as usize..self.starts[owner + 1] as usize
    }

    /// One of those who have an item, while it stands in too many lists.
    fn excess(&self, item: usize) -> Option<Holder> {
        let holders = &self.holders[item];
        holders.first().copied().filter(|_| holders.len() > self.cap)
    }

    /// The shortest path by which an item that stands in too many lists leaves one of them.
    ///
    /// That the holder, who has it, has a place less is a path, so there always is one. No longer one is looked for, but
    /// the holder's own is found like any other: the bound is one above it.
    fn search(&self, from: u32, holder: Holder, paths: &mut Paths) {
        let items = self.prices.len() as u32;
        let own = holder.weight - self.prices[from as usize];
        (paths.best, paths.end) = (own + 1, End::Owner(holder.by.0));
        paths.reach(from, 0, (0, 0));
        while let Some(Reverse((far, node))) = paths.queue.pop() {
            if far >= paths.best {
                break;
            }
            if far > paths.far[node as usize] {
                continue;
            }
            match node.checked_sub(items) {
                None => self.leave(node, far, paths),
                Some(owner) => self.replace(owner, far, paths),
            }
        }
        paths.queue.clear();
    }

    /// An item may leave the list of any owner who has it.
    fn leave(&self, item: u32, far: i64, paths: &mut Paths) {
        let (items, price) = (self.prices.len() as u32, self.prices[item as usize]);
        for Holder { by, weight } in &self.holders[item as usize] {
            let far = far + (weight - price - self.rents[by.0 as usize]);
            if far < paths.best {
                paths.reach(items + by.0, far, *by);
            }
        }
    }

    /// An owner who gave somebody up has a place less, or takes somebody else.
    fn replace(&self, owner: u32, far: i64, paths: &mut Paths) {
        let far = far + self.rents[owner as usize];
        if far < paths.best {
            (paths.best, paths.end) = (far, End::Owner(owner));
        }
        for at in self.own(owner as usize) {
            let arc = self.arcs[at];
            let least = far - arc.weight;
            if least >= paths.best {
                // The further ones weigh less, and no price is below 0.
                break;
            }
            let far = least + self.prices[arc.item as usize];
            if arc.held || far >= paths.best || !paths.reach(arc.item, far, (owner, at as u32)) {
                continue;
            }
            if self.holders[arc.item as usize].len() < self.cap {
                (paths.best, paths.end) = (far, End::Item(arc.item));
            }
        }
    }

    /// Everybody along the path takes the one and gives up the other.
    fn shift(&mut self, from: u32, paths: &Paths) {
        let items = self.prices.len();
        let given = |owner: u32| paths.by[items + owner as usize].1;
        let mut item = match paths.end {
            End::Item(item) => item,
            End::Owner(owner) => self.release(owner, given(owner)),
        };
        while item != from {
            let (owner, taken) = paths.by[item as usize];
            self.hold((owner, taken));
            item = self.release(owner, given(owner));
        }
    }

    fn hold(&mut self, by: Owned) {
        let arc = &mut self.arcs[by.1 as usize];
        arc.held = true;
        self.holders[arc.item as usize].push(Holder { by, weight: arc.weight });
    }

    fn release(&mut self, owner: u32, at: u32) -> u32 {
        let arc = &mut self.arcs[at as usize];
        arc.held = false;
        let holders = &mut self.holders[arc.item as usize];
        if let Some(found) = holders.iter().position(|holder| holder.by == (owner, at)) {
            holders.swap_remove(found);
        }
        arc.item
    }

    /// Brings the prices and rents of those that are nearer than the end to where they prove the new assignment.
    fn reprice(&mut self, paths: &mut Paths) {
        for node in std::mem::take(&mut paths.touched) {
            let nearer = (paths.best - std::mem::replace(&mut paths.far[node as usize], FAR)).max(0);
            match (node as usize).checked_sub(self.prices.len()) {
                None => self.prices[node as usize] += nearer,
                Some(owner) => self.rents[owner] -= nearer,
            }
        }
    }

    /// Whether the pair with that number in the owner's own order, counted from 1, is in the owner's list.
    pub fn holds(&self, owner: u32, number: u32) -> bool {
        self.arcs[(self.starts[owner as usize] + number - 1) as usize].held
    }

    /// What no total of scores under the caps exceeds, by the prices and rents alone: every list takes part in at most
    /// so many places, every item in so many appearances, every pair in itself.
    pub fn bound(&self) -> u64 {
        let sum = |all: &[i64]| all.iter().map(|x| i128::from(*x)).sum::<i128>();
        let mut bound = self.places as i128 * sum(&self.rents) + self.cap as i128 * sum(&self.prices);
        for (owner, rent) in self.rents.iter().enumerate() {
            for arc in &self.arcs[self.own(owner)] {
                bound += i128::from((arc.weight - rent - self.prices[arc.item as usize]).max(0));
            }
        }
        u64::try_from(bound / i128::from(self.unit)).unwrap_or(u64::MAX)
    }
}

impl Paths {
    fn new(nodes: usize) -> Self {
        Self {
            queue: BinaryHeap::new(),
            far: vec![FAR; nodes],
            by: vec![(0, 0); nodes],
            touched: Vec::new(),
            best: FAR,
            end: End::Owner(0),
        }
    }

    /// Notes a path to a node, if it is shorter than the one that is known.
    fn reach(&mut self, node: u32, far: i64, by: Owned) -> bool {
        let known = &mut self.far[node as usize];
        if far >= *known {
            return false;
        }
        if *known == FAR {
            self.touched.push(node);
        }
        (*known, self.by[node as usize]) = (far, by);
        self.queue.push(Reverse((far, node)));
        true
    }
}
