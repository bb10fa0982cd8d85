//! All startups of a snapshot, in blocks of neighbours that snapshots share.
//!
//! Invariant: a row's address leads to it; a change copies the block that it touches and no other.
//! Read next: [`super::block`], [`super::scan`].

use super::super::compiled::{Dictionary, List, Record, StartupRow, Tables};
use super::super::profile::Startup;
use super::block::{Block, Incoming, Summary};
use super::codes::{self, NONE};
use super::gathered::Gathered;
use super::slots::ROWS;
use super::sorted::Sorted;
use std::sync::Arc;

/// Where a row lies: its block and its slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address(u32);

impl Address {
    /// The least of all.
    pub const FIRST: Self = Self(0);

    /// The address of a slot.
    pub fn new(block: usize, slot: u8) -> Self {
        Self((block as u32) << 8 | u32::from(slot))
    }

    /// The block's number.
    pub fn block(self) -> usize {
        (self.0 >> 8) as usize
    }

    /// The slot in the block.
    pub fn slot(self) -> u8 {
        self.0 as u8
    }
}

/// Neighbours have the same parent, then the same parent of a further sector elsewhere, then home, round and ask; then rising ids.
pub type Neighbourhood = (u64, u64);

/// A startup as it is stored.
#[derive(Clone, Debug)]
pub struct Stored {
    record: Record,
    /// The profile in few bytes.
    profile: Box<[u8]>,
}

/// All startups.
#[derive(Clone, Debug, Default)]
pub struct Startups {
    blocks: Vec<Arc<Block>>,
    summaries: Vec<Summary>,
    /// Where the neighbourhood of each block begins, in order; the first begins at the least of all.
    begins: Vec<(Neighbourhood, u32)>,
    by_id: Sorted<u64, Address>,
    by_backer: Sorted<(u32, Address), ()>,
}

impl Startups {
    /// All these startups, put in order.
    pub fn of(mut gathered: Gathered, words: &Dictionary) -> Self {
        gathered.order.sort_unstable();
        let mut all = Self::default();
        let mut ids = Vec::with_capacity(gathered.order.len());
        let mut addresses = vec![Address::FIRST; gathered.order.len()];
        for (number, rows) in gathered.order.chunks(ROWS).enumerate() {
            let incoming =
                rows.iter().enumerate().map(|(slot, (_, at))| (slot as u8, gathered.incoming(*at)));
            all.add(Block::of(incoming, words));
            all.begins.push((if number == 0 { (0, 0) } else { rows[0].0 }, number as u32));
            for (slot, ((_, id), at)) in rows.iter().enumerate() {
                let address = Address::new(number, slot as u8);
                ids.push((*id, address));
                addresses[*at as usize] = address;
            }
        }
        let backers = gathered.backers.iter();
        let mut backers: Vec<_> =
            backers.map(|(backer, at)| ((*backer, addresses[*at as usize]), ())).collect();
        ids.sort_unstable();
        backers.sort_unstable();
        backers.dedup();
        all.by_id = Sorted::of(ids);
        all.by_backer = Sorted::of(backers);
        all
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    /// The blocks by number.
    pub fn blocks(&self) -> &[Arc<Block>] {
        &self.blocks
    }

    /// What occurs in each block, by number.
    pub fn summaries(&self) -> &[Summary] {
        &self.summaries
    }

    /// The row of a startup.
    pub fn row(&self, id: u64) -> Option<StartupRow<'_>> {
        let address = self.by_id.get(&id)?;
        self.blocks[address.block()].row(address.slot())
    }

    /// The profile of a startup in few bytes.
    pub fn profile(&self, id: u64) -> Option<&[u8]> {
        let address = self.by_id.get(&id)?;
        self.blocks[address.block()].incoming(address.slot()).map(|stored| stored.profile)
    }

    /// All profiles in few bytes.
    pub fn profiles(&self) -> impl Iterator<Item = &[u8]> {
        self.blocks.iter().flat_map(|block| {
            block.rows().filter_map(|(slot, _)| block.incoming(slot).map(|stored| stored.profile))
        })
    }

    /// The startups that name one of these among their first four backers, by address: some twice, and a few others.
    pub fn backed_by(&self, investors: impl Iterator<Item = u64>) -> impl Iterator<Item = Address> {
        investors.map(shortened).flat_map(|backer| {
            let named = self.by_backer.keys_from((backer, Address::FIRST));
            named.take_while(move |key| key.0 == backer).map(|key| key.1)
        })
    }

    /// Takes in a startup that is new or revised.
    pub fn put(&mut self, stored: &Stored, words: &Dictionary) {
        let row = stored.record.row();
        self.remove(row.id, words);
        let key = neighbourhood(&row);
        if self.blocks.is_empty() {
            self.add(Block::of(std::iter::empty(), words));
            self.begins.push(((0, 0), 0));
        }
        let mut number = self.block_for(key);
        if self.blocks[number].free().is_none() {
            self.split(number, words);
            number = self.block_for(key);
        }
        let Some(slot) = self.blocks[number].free() else { return };
        let block = self.blocks[number].with(slot, Some(stored.incoming()), words);
        self.replace(number, block);
        self.index(&row, Address::new(number, slot));
    }

    /// Takes a startup out.
    pub fn remove(&mut self, id: u64, words: &Dictionary) {
        let Some(address) = self.by_id.get(&id).copied() else { return };
        let block = Arc::clone(&self.blocks[address.block()]);
        if let Some(row) = block.row(address.slot()) {
            self.forget(&row, address);
        }
        self.replace(address.block(), block.with(address.slot(), None, words));
    }

    /// About how many bytes columns, records and indices take, and how many the profiles.
    pub fn bytes(&self) -> (usize, usize) {
        let blocks = self.blocks.iter().map(|block| block.bytes());
        let (rows, profiles) = blocks.fold((0, 0), |sum, block| (sum.0 + block.0, sum.1 + block.1));
        (rows + size_of_val(&*self.summaries) + self.by_id.bytes() + self.by_backer.bytes(), profiles)
    }

    fn add(&mut self, (block, summary): (Block, Summary)) {
        self.blocks.push(Arc::new(block));
        self.summaries.push(summary);
    }

    fn replace(&mut self, number: usize, (block, summary): (Block, Summary)) {
        self.blocks[number] = Arc::new(block);
        self.summaries[number] = summary;
    }

    fn block_for(&self, key: Neighbourhood) -> usize {
        let after = self.begins.partition_point(|(begin, _)| *begin <= key);
        self.begins[after.saturating_sub(1)].1 as usize
    }

    fn index(&mut self, row: &StartupRow<'_>, address: Address) {
        self.by_id.insert(row.id, address);
        for backer in backed(row) {
            self.by_backer.insert((backer, address), ());
        }
    }

    fn forget(&mut self, row: &StartupRow<'_>, address: Address) {
        self.by_id.remove(&row.id);
        for backer in backed(row) {
            self.by_backer.remove(&(backer, address));
        }
    }

    /// Moves the upper half of a block's neighbourhood into a block of its own.
    fn split(&mut self, number: usize, words: &Dictionary) {
        let full = Arc::clone(&self.blocks[number]);
        let mut rows: Vec<_> = full.rows().map(|(slot, row)| (neighbourhood(&row), slot, row)).collect();
        rows.sort_unstable_by_key(|row| row.0);
        let upper = rows.split_off(rows.len() / 2);
        let Some(begin) = upper.first().map(|row| row.0) else { return };
        let added = self.blocks.len();
        for (new, (_, old, row)) in upper.iter().enumerate() {
            self.forget(row, Address::new(number, *old));
            self.index(row, Address::new(added, new as u8));
        }
        let moved = upper.iter().enumerate();
        let moved = moved.filter_map(|(new, (_, old, _))| Some((new as u8, full.incoming(*old)?)));
        self.add(Block::of(moved, words));
        rows.sort_unstable_by_key(|row| row.1);
        let kept = rows.iter().filter_map(|(_, slot, _)| Some((*slot, full.incoming(*slot)?)));
        self.replace(number, Block::of(kept, words));
        let at = self.begins.partition_point(|(key, _)| *key <= begin);
        self.begins.insert(at, (begin, added as u32));
    }
}

impl Stored {
    /// Compiles a startup.
    pub fn new(startup: &Startup, tables: &Tables, dictionary: &mut Dictionary) -> Self {
        let mut profile = Vec::new();
        startup.write_dense(&mut profile);
        Self { record: Record::compile(startup, tables, dictionary), profile: profile.into() }
    }

    fn incoming(&self) -> Incoming<'_> {
        Incoming { record: self.record.words(), profile: &self.profile }
    }
}

/// Those that a startup names as its first four backers.
pub fn backed<'a>(row: &StartupRow<'a>) -> impl Iterator<Item = u32> + 'a {
    row.backers.into_iter().flat_map(List::iter).map(shortened)
}

/// Half of a number; two numbers with the same half are told apart when the pair is scored.
pub fn shortened(id: u64) -> u32 {
    (id ^ id >> 32) as u32
}

/// Where a startup belongs among the others.
pub fn neighbourhood(row: &StartupRow<'_>) -> Neighbourhood {
    let parent = row.sector.map_or(NONE, |s| codes::sector(s.parent));
    let foreign = row.further_sectors.iter().map(|s| codes::sector(s.parent)).find(|p| *p != parent);
    let (_, target) = row.ask.unwrap_or((codes::NO_AMOUNT, codes::NO_AMOUNT));
    let leaf = row.sector.map_or(NONE, |s| codes::sector(s.own));
    let bytes = [
        parent,
        foreign.unwrap_or(NONE),
        codes::country(row.home),
        row.round.map_or(NONE, |round| round),
        target,
        leaf,
        0,
        0,
    ];
    (u64::from_be_bytes(bytes), row.id)
}
