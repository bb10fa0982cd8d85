//! What every code can be worth at best to one investor: a query as tables of bytes.
//!
//! Invariant: a sum of these is never below the utility it stands for. What needs the whole pair stands at its best. The
//! search knows which startups share a backer with the investor: all others stand at the points of sharing none.
//! Read next: [`super::compile`], which fills the tables, [`super::kernel`], which adds them up.

use super::block::{Columns, Summary};
use super::slots::{Column, Slots};

/// Something for each of the two sides.
#[derive(Clone, Copy, Debug)]
pub struct Sides<T> {
    /// For the investor's utility.
    pub investor: T,
    /// For the startup's utility.
    pub startup: T,
}

/// What a sector is worth by its code.
#[derive(Clone, Debug)]
pub struct SectorBounds {
    /// Points of the factor.
    pub points: Column,
    /// Points by the deals alone.
    pub revealed: Column,
    /// The sector's part of the essential multiplier, in 255ths.
    pub essential: Column,
}

/// Weights times 64, for products with points.
#[derive(Clone, Copy, Debug)]
pub struct ProductWeights {
    /// Of the sector.
    pub sector: u16,
    /// Of the ticket, on both sides.
    pub ticket: Sides<u16>,
    /// Of maturity.
    pub maturity: u16,
    /// Of the pitch.
    pub pitch: u16,
    /// Of references.
    pub references: u16,
    /// Of readiness.
    pub readiness: u16,
    /// Of the city, on both sides.
    pub city: Sides<u16>,
    /// Of communication, on both sides.
    pub comms: Sides<u16>,
    /// Of the forms of cooperation, on both sides.
    pub cooperation: Sides<u16>,
    /// Of access.
    pub access: u16,
    /// Of needs that are met.
    pub value_add: u16,
    /// Of the type.
    pub kind: u16,
    /// Of the sector's part in the record.
    pub revealed: u16,
}

/// A column that a gate or a filter reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feature {
    Home,
    Sector,
    StageRound,
    Cheque,
    Target,
    Models,
    Languages(usize),
    Needs(usize),
}

impl Feature {
    /// The column.
    #[inline(always)]
    pub fn column(self, columns: &Columns) -> &Column {
        match self {
            Self::Home => &columns.home,
            Self::Sector => &columns.sector,
            Self::StageRound => &columns.stage_round,
            Self::Cheque => &columns.cheque,
            Self::Target => &columns.target,
            Self::Models => &columns.models,
            Self::Languages(half) => &columns.languages[half],
            Self::Needs(half) => &columns.needs[half],
        }
    }
}

/// What a row must reach.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Threshold(u32);

impl Threshold {
    /// The threshold of that factor.
    pub fn of(factor: u32) -> Self {
        Self(factor)
    }

    /// The factor before the sum of both utilities.
    pub fn factor(self) -> u32 {
        self.0
    }
}

/// The tables whose columns a block's summary holds.
#[derive(Clone, Debug)]
pub struct Clustered {
    /// By home: country and corridor; low bytes and high bytes.
    pub home: Sides<[Column; 2]>,
    /// By stage and round.
    pub stage_round: Sides<[Column; 2]>,
    /// The stage's part of the essential multiplier, in 255ths.
    pub essential_stage: Column,
    /// By main sector.
    pub sector: SectorBounds,
    /// By further sector.
    pub further: SectorBounds,
    /// Points by half-octave of the smallest cheque.
    pub cheque: Column,
    /// Points by half-octave of the target.
    pub target: Column,
}

/// An investor's query as tables.
#[derive(Clone, Debug)]
pub struct Bounds {
    /// What does not depend on the columns.
    pub fixed: Sides<u16>,
    /// What a startup that shares a backer can have on top.
    pub tie: Sides<u16>,
    /// The best of every table whose column no summary holds.
    pub rest: Sides<u16>,
    /// The tables of what neighbours have in common.
    pub clustered: Clustered,
    /// The same in order.
    pub order: Order,
    /// Points by city.
    pub city: Column,
    /// Points by forms of cooperation.
    pub cooperation: Column,
    /// How far each target is opened, 0 to 3: the first, and the others.
    pub access: [Column; 2],
    /// Points that the best common language gives to communication, by languages.
    pub languages: [Column; 2],
    /// Points that language gives at least, by [`super::stated::contacts`].
    pub spoken: Column,
    /// Points that the time zone gives to communication.
    pub zone: Column,
    /// Points that contacts give to communication, by [`super::stated::contacts`].
    pub contacts: Column,
    /// How many needs are met, by needs.
    pub needs: [Column; 2],
    /// Points where no need is met, by [`super::stated::known`].
    pub needless: Column,
    /// Points by wanted types.
    pub kinds: [Column; 2],
    /// Points where the type is not wanted, by [`super::stated::known`].
    pub unwanted: Column,
    /// What the penalty leaves, by [`super::stated::known`], in 256ths less one.
    pub left: Column,
    /// The weights.
    pub weights: ProductWeights,
    /// Gates and filters that one column decides: 255 where a code may pass.
    pub open: Vec<(Feature, Column)>,
    /// Filters that two columns decide: 255 where either may pass.
    pub either: Vec<([Feature; 2], [Column; 2])>,
    /// Filters and gates on targets, for the first and for the others: 255 where one of them may pass.
    pub markets: Option<[Column; 2]>,
}

impl Bounds {
    /// More than any utility, in fours.
    pub const GREATEST: u16 = 62_600;

    /// What a row must reach to have at least this score.
    pub fn threshold(score: u64) -> Threshold {
        Threshold((score.saturating_sub(1) / 32_000 * 65_025 / 65_536) as u32)
    }

    /// The greatest score that a row of a block can have.
    #[inline(always)]
    pub fn of_block(&self, s: &Summary, tied: bool) -> u64 {
        let (w, order) = (&self.weights, &self.order);
        let sectors = |main: &Ordered, further: &Ordered| main.most(s.sectors).max(further.most(s.further));
        let points = sectors(&order.sector.points, &order.further.points) as u8;
        let revealed = sectors(&order.sector.revealed, &order.further.revealed) as u8;
        let sector = u64::from(sectors(&order.sector.essential, &order.further.essential));
        let ticket = order.cheque.most(s.cheques).min(order.target.most(s.targets)) as u8;
        let [maturity, pitch, references, readiness] = s.greatest;
        let a = self.fixed.investor
            + self.rest.investor
            + if tied { self.tie.investor } else { 0 }
            + order.home.investor.most(s.homes)
            + order.stage_round.investor.most(s.stage_rounds)
            + product(points, w.sector)
            + product(ticket, w.ticket.investor)
            + product(maturity, w.maturity)
            + product(pitch, w.pitch)
            + product(references, w.references)
            + product(readiness, w.readiness);
        let b = self.fixed.startup
            + self.rest.startup
            + if tied { self.tie.startup } else { 0 }
            + order.home.startup.most(s.homes)
            + order.stage_round.startup.most(s.stage_rounds)
            + product(revealed, w.revealed)
            + product(ticket, w.ticket.startup);
        let b = if s.weighs { Self::GREATEST } else { b };
        let stage = u64::from(order.essential_stage.most(s.stage_rounds));
        let (a, b) = (u64::from(a), u64::from(b));
        let harmonic = (32_000 * a * b).checked_div(a + b).unwrap_or(0);
        (harmonic + 1) * sector * stage / (255 * 255) + 2
    }
}

/// A table with its codes in falling order of worth: the best of many codes is found at the first that is among them.
/// Codes that are worth nothing are left out.
#[derive(Clone, Debug)]
pub struct Ordered {
    worth: [u16; 256],
    falling: [u8; 256],
    length: usize,
}

impl Ordered {
    /// Orders a table.
    pub fn new(worth: impl Fn(u8) -> u16) -> Self {
        let worth: [u16; 256] = std::array::from_fn(|code| worth(code as u8));
        let mut rising = [0; 256];
        let mut length = 0;
        for (code, worth) in worth.iter().enumerate().filter(|(_, worth)| **worth > 0) {
            rising[length] = u32::from(*worth) << 8 | code as u32;
            length += 1;
        }
        rising[..length].sort_unstable();
        let mut falling = [0; 256];
        falling.iter_mut().zip(rising[..length].iter().rev()).for_each(|(code, worth)| *code = *worth as u8);
        Self { worth, falling, length }
    }

    /// The greatest worth of these codes; 0 for none. Plain loops, which are inlined wherever this is.
    #[inline(always)]
    pub fn most(&self, codes: Slots) -> u16 {
        if codes.count() > 6 {
            for code in &self.falling[..self.length] {
                if codes.has(*code) {
                    return self.worth[usize::from(*code)];
                }
            }
            return 0;
        }
        let mut most = 0;
        for (at, word) in codes.0.iter().enumerate() {
            let mut left = *word;
            while left != 0 {
                most = most.max(self.worth[at * 64 + left.trailing_zeros() as usize]);
                left &= left - 1;
            }
        }
        most
    }
}

/// What the bound of a block reads, in order.
#[derive(Clone, Debug)]
pub struct Order {
    /// By home.
    pub home: Sides<Ordered>,
    /// By stage and round.
    pub stage_round: Sides<Ordered>,
    /// The stage's part of the essential multiplier.
    pub essential_stage: Ordered,
    /// By main sector.
    pub sector: SectorOrder,
    /// By further sector.
    pub further: SectorOrder,
    /// By smallest cheque.
    pub cheque: Ordered,
    /// By target.
    pub target: Ordered,
}

/// [`SectorBounds`] in order.
#[derive(Clone, Debug)]
pub struct SectorOrder {
    /// Points of the factor.
    pub points: Ordered,
    /// Points by the deals alone.
    pub revealed: Ordered,
    /// The sector's part of the essential multiplier.
    pub essential: Ordered,
}

impl SectorBounds {
    fn in_order(&self) -> SectorOrder {
        SectorOrder {
            points: narrow(&self.points),
            revealed: narrow(&self.revealed),
            essential: narrow(&self.essential),
        }
    }
}

impl Sides<[Column; 2]> {
    fn in_order(&self) -> Sides<Ordered> {
        let wide = |[low, high]: &[Column; 2]| {
            Ordered::new(|code| u16::from_le_bytes([low[usize::from(code)], high[usize::from(code)]]))
        };
        Sides { investor: wide(&self.investor), startup: wide(&self.startup) }
    }
}

fn narrow(table: &Column) -> Ordered {
    Ordered::new(|code| table[usize::from(code)].into())
}

impl Clustered {
    /// The tables in order.
    pub fn in_order(&self) -> Order {
        Order {
            home: self.home.in_order(),
            stage_round: self.stage_round.in_order(),
            essential_stage: narrow(&self.essential_stage),
            sector: self.sector.in_order(),
            further: self.further.in_order(),
            cheque: narrow(&self.cheque),
            target: narrow(&self.target),
        }
    }
}

/// A quarter of weight times points, rounded down; `weight` is the weight times 64.
#[inline(always)]
pub fn product(points: u8, weight: u16) -> u16 {
    ((u32::from(u16::from(points) << 8) * u32::from(weight)) >> 16) as u16
}
