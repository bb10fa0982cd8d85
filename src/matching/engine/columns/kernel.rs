//! The bound of two hundred and fifty-six rows at once.
//!
//! Utilities are counted in fours here, so that a side fits 16 bits: [`Bounds`] rounds every table up, a product of a weight
//! and points is rounded down and has its missing unit in the fixed part.
//!
//! Invariant: every path gives the same bits; a row whose score reaches the threshold is never dropped.
//! Read next: [`super::bounds`] for the tables.

use super::block::{Block, Column, ROWS, Slots};
use super::bounds::{Bounds, Sides, Threshold};

type Sums = [u16; ROWS];

/// How 256 codes are looked up in a table of 256 bytes.
trait Lookup {
    fn lookup(codes: &Column, table: &Column) -> Column;
}

/// One code after the other, on any machine.
struct Portable;

impl Lookup for Portable {
    #[inline(always)]
    fn lookup(codes: &Column, table: &Column) -> Column {
        std::array::from_fn(|at| table[usize::from(codes[at])])
    }
}

/// The rows of a block that may reach the threshold and are not closed to the query.
pub fn survivors(block: &Block, bounds: &Bounds, threshold: Threshold) -> Slots {
    rows::<Portable>(block, bounds, threshold)
}

#[inline(always)]
fn rows<L: Lookup>(block: &Block, bounds: &Bounds, threshold: Threshold) -> Slots {
    let c = &block.columns;
    let mut a: Sums = [bounds.fixed.investor; ROWS];
    let mut b: Sums = [bounds.fixed.startup; ROWS];
    add_table::<L>(&mut a, &mut b, &c.home, &bounds.home);
    add_table::<L>(&mut a, &mut b, &c.stage_round, &bounds.stage_round);
    let (mut points, mut revealed, mut sector) = (
        L::lookup(&c.sector, &bounds.sector.points),
        L::lookup(&c.sector, &bounds.sector.revealed),
        L::lookup(&c.sector, &bounds.sector.essential),
    );
    for further in &c.further[..usize::from(block.summary.further_columns)] {
        greater(&mut points, &L::lookup(further, &bounds.further.points));
        greater(&mut revealed, &L::lookup(further, &bounds.further.revealed));
        greater(&mut sector, &L::lookup(further, &bounds.further.essential));
    }
    let mut ticket = L::lookup(&c.cheque, &bounds.cheque);
    lesser(&mut ticket, &L::lookup(&c.target, &bounds.target));
    add_product(&mut a, &points, bounds.weights.sector);
    add_product(&mut a, &ticket, bounds.weights.ticket.investor);
    add_product(&mut a, &c.maturity, bounds.weights.maturity);
    add_product(&mut a, &c.pitch, bounds.weights.pitch);
    add_product(&mut a, &c.references, bounds.weights.references);
    add_product(&mut a, &c.readiness, bounds.weights.readiness);
    add_product(&mut b, &revealed, bounds.weights.revealed);
    add_product(&mut b, &ticket, bounds.weights.ticket.startup);
    if block.summary.weighs {
        for (sum, weighs) in b.iter_mut().zip(&c.weighs) {
            *sum = if *weighs == 0 { *sum } else { Bounds::GREATEST };
        }
    }
    let stage = L::lookup(&c.stage_round, &bounds.essential_stage);
    let mut kept = reaching(&a, &b, &sector, &stage, threshold);
    for (feature, open) in &bounds.open {
        lesser(&mut kept, &L::lookup(feature.column(c), open));
    }
    if let Some((first, others)) = &bounds.markets {
        let mut wanted = L::lookup(&c.targets[0], first);
        greater(&mut wanted, &L::lookup(&c.targets[1], others));
        greater(&mut wanted, &L::lookup(&c.targets[2], others));
        lesser(&mut kept, &wanted);
    }
    slots(&kept)
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

/// Adds a quarter of weight times points; `weight` is the weight times 64.
#[inline(always)]
fn add_product(sums: &mut Sums, points: &Column, weight: u16) {
    for (sum, points) in sums.iter_mut().zip(points) {
        *sum += ((u32::from(u16::from(*points) << 8) * u32::from(weight)) >> 16) as u16;
    }
}

#[inline(always)]
fn greater(column: &mut Column, other: &Column) {
    for (x, y) in column.iter_mut().zip(other) {
        *x = (*x).max(*y);
    }
}

#[inline(always)]
fn lesser(column: &mut Column, other: &Column) {
    for (x, y) in column.iter_mut().zip(other) {
        *x = (*x).min(*y);
    }
}

/// 255 for every row whose bound reaches the threshold, else 0: `a·b·e >= threshold·(a + b)`, in 32 bits.
#[inline(always)]
fn reaching(a: &Sums, b: &Sums, sector: &Column, stage: &Column, threshold: Threshold) -> Column {
    let mut kept = [0; ROWS];
    for at in 0..ROWS {
        let essential = (u16::from(sector[at]) * u16::from(stage[at]) >> 8) + 1;
        let product = u32::from(a[at]) * u32::from(b[at]);
        let bound = ((product >> 8) + 1) * u32::from(essential);
        let needed = threshold.factor() * (u32::from(a[at]) + u32::from(b[at]));
        kept[at] = if bound >= needed { u8::MAX } else { 0 };
    }
    kept
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
