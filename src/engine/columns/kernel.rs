//! The bound of two hundred and fifty-six rows at once.
//!
//! Utilities are counted in fours here, so that a side fits 16 bits: [`Bounds`] rounds every table up, a product of a weight
//! and points is rounded down and has its missing unit in the fixed part.
//!
//! Invariant: every path gives the same bits; a row whose score reaches the threshold is never dropped.
//! Read next: [`super::bounds`] for the tables.

use super::block::{Columns, Summary};
use super::bounds::{Bounds, Sides, Threshold, product};
use super::slots::{Column, ROWS, Slots};

type Sums = [u16; ROWS];

/// How 256 codes are looked up in a table of 256 bytes.
pub trait Lookup {
    /// The byte of every code.
    fn lookup(codes: &Column, table: &Column) -> Column;
}

/// One code after the other, on any machine.
pub struct Portable;

impl Lookup for Portable {
    #[inline(always)]
    fn lookup(codes: &Column, table: &Column) -> Column {
        std::array::from_fn(|at| table[usize::from(codes[at])])
    }
}

/// The rows of a block, and which of them share a backer with the investor.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'a> {
    /// Their bytes.
    pub columns: &'a Columns,
    /// What occurs at all.
    pub summary: &'a Summary,
    /// Those that share a backer.
    pub tied: Slots,
}

/// Something to do for 256 rows, compiled once for every path.
pub trait Task {
    /// What comes of it.
    type Answer;

    /// Does it with this way of looking up; inlined into the path, so that it is compiled for its registers.
    fn on<L: Lookup>(self) -> Self::Answer;
}

/// Runs a task on the fastest path of this processor.
pub fn run<T: Task>(task: T) -> T::Answer {
    #[cfg(all(target_arch = "x86_64", not(feature = "portable")))]
    let answer = super::simd::Path::best().run(task);
    #[cfg(any(not(target_arch = "x86_64"), feature = "portable"))]
    let answer = task.on::<Portable>();
    answer
}

/// Asks the processor for something that will be read soon, where it can be asked.
#[inline]
pub fn fetch<T>(soon: &T) {
    #[cfg(all(target_arch = "x86_64", not(feature = "portable")))]
    super::simd::fetch(soon);
    #[cfg(any(not(target_arch = "x86_64"), feature = "portable"))]
    let _ = soon;
}

/// The rows of a block that may reach the threshold and are not closed to the query.
#[derive(Clone, Copy, Debug)]
pub struct Kept<'a> {
    /// The rows.
    pub rows: Rows<'a>,
    /// The query.
    pub bounds: &'a Bounds,
    /// What must be reached.
    pub threshold: Threshold,
}

impl Task for Kept<'_> {
    type Answer = Slots;

    #[inline(always)]
    fn on<L: Lookup>(self) -> Slots {
        let Some(utilities) = utilities::<L>(self.rows, self.bounds, Some(self.threshold)) else {
            return Slots::default();
        };
        let mut kept = [0; ROWS];
        for (at, kept) in kept.iter_mut().enumerate() {
            let (sides, shares) = utilities.at(at);
            *kept = reaches(sides.investor, sides.startup, shares, self.threshold);
        }
        close::<L>(&mut kept, self.rows.columns, self.bounds);
        slots(&kept)
    }
}

/// How high each row of a block can stand: the greatest threshold that [`Kept`] would not drop it at.
#[derive(Clone, Copy, Debug)]
pub struct Heights<'a> {
    /// The rows.
    pub rows: Rows<'a>,
    /// The query.
    pub bounds: &'a Bounds,
}

impl Task for Heights<'_> {
    type Answer = (Slots, [Threshold; ROWS]);

    #[inline(always)]
    fn on<L: Lookup>(self) -> Self::Answer {
        let mut heights = [Threshold::default(); ROWS];
        let Some(utilities) = utilities::<L>(self.rows, self.bounds, None) else {
            return (Slots::default(), heights);
        };
        for (at, height) in heights.iter_mut().enumerate() {
            let (sides, shares) = utilities.at(at);
            *height = self::height(sides.investor, sides.startup, shares);
        }
        let mut open = [u8::MAX; ROWS];
        close::<L>(&mut open, self.rows.columns, self.bounds);
        (slots(&open), heights)
    }
}

/// The utilities of both sides at best, and the shares of the score that sector, stage and penalty leave, in 255ths and 256ths.
struct Utilities {
    investor: Sums,
    startup: Sums,
    shares: [Column; 3],
}

impl Utilities {
    #[inline(always)]
    fn at(&self, at: usize) -> (Sides<u16>, [u8; 3]) {
        let [sector, stage, left] = &self.shares;
        let sides = Sides { investor: self.investor[at], startup: self.startup[at] };
        (sides, [sector[at], stage[at], left[at]])
    }
}

/// First what neighbours have in common, and the rest if a row may reach the threshold.
#[inline(always)]
fn utilities<L: Lookup>(rows: Rows<'_>, bounds: &Bounds, threshold: Option<Threshold>) -> Option<Utilities> {
    let c = rows.columns;
    let mut a: Sums = [bounds.fixed.investor; ROWS];
    let mut b: Sums = [bounds.fixed.startup; ROWS];
    for at in rows.tied.iter().map(usize::from) {
        a[at] += bounds.tie.investor;
        b[at] += bounds.tie.startup;
    }
    let sector = clustered::<L>(&mut a, &mut b, rows, bounds);
    let stage = L::lookup(&c.stage_round, &bounds.clustered.essential_stage);
    if let Some(threshold) = threshold.filter(|_| !rows.summary.weighs)
        && !may_reach(&a, &b, [&sector, &stage], bounds, threshold)
    {
        return None;
    }
    both::<L>(&mut a, &mut b, c, bounds);
    startups_side::<L>(&mut b, c, bounds);
    let mut left = L::lookup(&c.known, &bounds.left);
    if rows.summary.weighs {
        for at in (0..ROWS).filter(|at| c.weighs[*at] != 0) {
            (b[at], left[at]) = (Bounds::GREATEST, u8::MAX);
        }
    }
    Some(Utilities { investor: a, startup: b, shares: [sector, stage, left] })
}

/// Adds what a summary knows of as well; the sectors' part of the essential multiplier.
#[inline(always)]
fn clustered<L: Lookup>(a: &mut Sums, b: &mut Sums, rows: Rows<'_>, bounds: &Bounds) -> Column {
    let (c, t, w) = (rows.columns, &bounds.clustered, &bounds.weights);
    add_table::<L>(a, b, &c.home, &t.home);
    add_table::<L>(a, b, &c.stage_round, &t.stage_round);
    let mut points = L::lookup(&c.sector, &t.sector.points);
    let mut revealed = L::lookup(&c.sector, &t.sector.revealed);
    let mut essential = L::lookup(&c.sector, &t.sector.essential);
    for further in &c.further[..usize::from(rows.summary.further_columns)] {
        greater(&mut points, &L::lookup(further, &t.further.points));
        greater(&mut revealed, &L::lookup(further, &t.further.revealed));
        greater(&mut essential, &L::lookup(further, &t.further.essential));
    }
    let mut ticket = L::lookup(&c.cheque, &t.cheque);
    lesser(&mut ticket, &L::lookup(&c.target, &t.target));
    add_product(a, &points, w.sector);
    add_product(a, &ticket, w.ticket.investor);
    add_product(a, &c.maturity, w.maturity);
    add_product(a, &c.pitch, w.pitch);
    add_product(a, &c.references, w.references);
    add_product(a, &c.readiness, w.readiness);
    add_product(b, &revealed, w.revealed);
    add_product(b, &ticket, w.ticket.startup);
    essential
}

/// Whether a row may reach the threshold if everything that is not yet added were at its best.
#[inline(always)]
fn may_reach(
    a: &Sums,
    b: &Sums,
    [sector, stage]: [&Column; 2],
    bounds: &Bounds,
    threshold: Threshold,
) -> bool {
    let mut any = 0;
    for at in 0..ROWS {
        let (a, b) = (a[at] + bounds.rest.investor, b[at] + bounds.rest.startup);
        any |= reaches(a, b, [sector[at], stage[at], u8::MAX], threshold);
    }
    any != 0
}

/// City, communication and forms of cooperation.
#[inline(always)]
fn both<L: Lookup>(a: &mut Sums, b: &mut Sums, c: &Columns, bounds: &Bounds) {
    let w = &bounds.weights;
    let mut comms = L::lookup(&c.contacts, &bounds.spoken);
    greater(&mut comms, &L::lookup(&c.languages[0], &bounds.languages[0]));
    greater(&mut comms, &L::lookup(&c.languages[1], &bounds.languages[1]));
    plus(&mut comms, &L::lookup(&c.zone, &bounds.zone));
    plus(&mut comms, &L::lookup(&c.contacts, &bounds.contacts));
    let (city, cooperation) = (L::lookup(&c.city, &bounds.city), L::lookup(&c.models, &bounds.cooperation));
    for (points, weight) in [(&city, w.city), (&comms, w.comms), (&cooperation, w.cooperation)] {
        add_product(a, points, weight.investor);
        add_product(b, points, weight.startup);
    }
}

/// Access, needs and types.
#[inline(always)]
fn startups_side<L: Lookup>(b: &mut Sums, c: &Columns, bounds: &Bounds) {
    let mut opened: Column = [0; ROWS];
    for (k, targets) in c.targets.iter().enumerate() {
        let access = L::lookup(targets, &bounds.access[k.min(1)]);
        for at in 0..ROWS {
            let interest = c.interest[at] >> (2 * k) & 3;
            opened[at] = opened[at].max((access[at] * interest * 28).min(250));
        }
    }
    add_product(b, &opened, bounds.weights.access);
    let mut needs = L::lookup(&c.needs[0], &bounds.needs[0]);
    plus(&mut needs, &L::lookup(&c.needs[1], &bounds.needs[1]));
    for (met, need) in needs.iter_mut().zip(&c.need) {
        *met = (u16::from(*met) * u16::from(*need)).min(250) as u8;
    }
    greater(&mut needs, &L::lookup(&c.known, &bounds.needless));
    add_product(b, &needs, bounds.weights.value_add);
    let mut kinds = L::lookup(&c.known, &bounds.unwanted);
    greater(&mut kinds, &L::lookup(&c.kinds[0], &bounds.kinds[0]));
    greater(&mut kinds, &L::lookup(&c.kinds[1], &bounds.kinds[1]));
    add_product(b, &kinds, bounds.weights.kind);
}

/// Drops rows that a gate or a filter closes.
#[inline(always)]
fn close<L: Lookup>(kept: &mut Column, c: &Columns, bounds: &Bounds) {
    for (feature, open) in &bounds.open {
        lesser(kept, &L::lookup(feature.column(c), open));
    }
    for (features, open) in &bounds.either {
        let mut either = L::lookup(features[0].column(c), &open[0]);
        greater(&mut either, &L::lookup(features[1].column(c), &open[1]));
        lesser(kept, &either);
    }
    if let Some([first, others]) = &bounds.markets {
        let mut wanted = L::lookup(&c.targets[0], first);
        greater(&mut wanted, &L::lookup(&c.targets[1], others));
        greater(&mut wanted, &L::lookup(&c.targets[2], others));
        lesser(kept, &wanted);
    }
}

#[inline(always)]
fn add_table<L: Lookup>(a: &mut Sums, b: &mut Sums, codes: &Column, table: &Sides<[Column; 2]>) {
    for (sums, [low, high]) in [(a, &table.investor), (b, &table.startup)] {
        let (low, high) = (L::lookup(codes, low), L::lookup(codes, high));
        for at in 0..ROWS {
            sums[at] += u16::from_le_bytes([low[at], high[at]]);
        }
    }
}

#[inline(always)]
fn add_product(sums: &mut Sums, points: &Column, weight: u16) {
    for (sum, points) in sums.iter_mut().zip(points) {
        *sum += product(*points, weight);
    }
}

/// Adds the other column, up to 255.
#[inline(always)]
pub fn plus(column: &mut Column, other: &Column) {
    for (x, y) in column.iter_mut().zip(other) {
        *x = x.saturating_add(*y);
    }
}

/// Raises every byte to the other column's.
#[inline(always)]
pub fn greater(column: &mut Column, other: &Column) {
    for (x, y) in column.iter_mut().zip(other) {
        *x = (*x).max(*y);
    }
}

/// Lowers every byte to the other column's.
#[inline(always)]
pub fn lesser(column: &mut Column, other: &Column) {
    for (x, y) in column.iter_mut().zip(other) {
        *x = (*x).min(*y);
    }
}

/// 255 for a row whose bound reaches the threshold, else 0: `a·b·shares >= threshold·(a + b)`, in 32 bits.
#[inline(always)]
pub fn reaches(a: u16, b: u16, shares: [u8; 3], threshold: Threshold) -> u8 {
    let needed = threshold.factor() * (u32::from(a) + u32::from(b));
    if bound(a, b, shares) >= needed { u8::MAX } else { 0 }
}

/// The greatest threshold that [`reaches`] answers with 255.
#[inline(always)]
fn height(a: u16, b: u16, shares: [u8; 3]) -> Threshold {
    let sum = u32::from(a) + u32::from(b);
    Threshold::of(bound(a, b, shares).checked_div(sum).unwrap_or(u32::MAX))
}

#[inline(always)]
fn bound(a: u16, b: u16, [sector, stage, left]: [u8; 3]) -> u32 {
    let essential = u32::from(u16::from(sector) * u16::from(stage));
    let shares = (essential * (u32::from(left) + 1)) >> 8;
    (((u32::from(a) * u32::from(b)) >> 12) + 1) * (((shares + 1) >> 4) + 1)
}

#[inline(always)]
fn slots(kept: &Column) -> Slots {
    let mut slots = Slots::default();
    for (at, eight) in kept.as_chunks::<8>().0.iter().enumerate() {
        let word = u64::from_le_bytes(*eight) & 0x8080_8080_8080_8080;
        if word != 0 {
            let bits = (word >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56;
            slots.0[at / 8] |= bits << (at % 8 * 8);
        }
    }
    slots
}
