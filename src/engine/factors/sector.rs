//! Sector: what the thesis declares of each of the startup's sectors, and what the deals reveal.
//!
//! Invariant: the main sector counts in full, the best of the further ones at 17 twentieths.
//! Read next: [`super::stage`], the other essential factor.

use super::super::arithmetic::{blend, byte};
use super::super::compiled::evidence::Tally;
use super::super::compiled::{InvestorRow, SectorPair, StartupRow, Tables};
use super::Rating;

const PSEUDO_DEALS: u64 = 8;
const GENERALIST: u8 = 150;
const NO_FOCUS: u8 = 50;
const BY_LEAF: [u8; 4] = [0, 138, 200, 250];
const BY_PARENT: [u8; 4] = [0, 100, 140, 175];
const OPENED_BY_DEALS: [u8; 4] = [0, 50, 75, 100];

/// What an investor makes of one sector, in points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SectorView {
    /// What its deals alone say.
    pub revealed: u8,
    /// Thesis and deals together.
    pub blended: u8,
    /// What opens the sector for the essential multiplier.
    pub essential: u8,
}

/// What speaks for the startup's best-rated sector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SectorFacts {
    /// The sector that gave the points.
    pub sector: String,
    /// Whether it is the startup's main one; a further one counts at 17 twentieths.
    pub main: bool,
    /// What the thesis alone says of it, in points.
    pub declared: u8,
    /// Deals in the leaf, of those that name a leaf.
    pub leaf: Tally,
    /// Deals in the parent, of those that name a sector.
    pub parent: Tally,
}

/// What the thesis alone says of a sector.
pub fn declared(investor: &InvestorRow, sector: SectorPair) -> u8 {
    if investor.profile.generalist {
        return GENERALIST;
    }
    if investor.focus.is_empty() {
        return NO_FOCUS;
    }
    let own = if sector.is_leaf() { BY_LEAF } else { BY_PARENT };
    let level = |code| usize::from(investor.focus_on(code));
    own[level(sector.own)].max(BY_PARENT[level(sector.parent)])
}

/// Deals in the leaf and in its parent.
pub fn tallies(investor: &InvestorRow, tables: &Tables, sector: SectorPair) -> (Tally, Tally) {
    let e = &investor.evidence;
    let leaf =
        Tally::new(e.leaves.get(sector.own), e.with_leaf, PSEUDO_DEALS, tables.usual_sector(sector.own));
    let usual_parent = tables.usual_sector(sector.parent);
    (leaf, Tally::new(e.parents.get(sector.parent), e.with_sector, PSEUDO_DEALS, usual_parent))
}

/// Thesis and deals on one sector.
pub fn view(investor: &InvestorRow, tables: &Tables, sector: SectorPair) -> SectorView {
    let (leaf, parent) = tallies(investor, tables, sector);
    let declared = declared(investor, sector);
    let revealed = byte((u64::from(leaf.lift) + u64::from(parent.lift)) / 2);
    SectorView {
        revealed,
        blended: blend(declared, revealed, investor.evidence.with_sector),
        essential: declared.max(OPENED_BY_DEALS[parent.deals.min(3) as usize]),
    }
}

/// A further sector's points beside the main one's.
pub fn discounted(points: u8) -> u8 {
    (u16::from(points) * 17 / 20) as u8
}

/// The main sector in full or the best of the further ones discounted; nothing where the main one is unknown.
pub fn best(startup: &StartupRow<'_>, of: impl Fn(SectorPair) -> u8) -> Option<u8> {
    let main = of(startup.sector?);
    Some(startup.further_sectors.iter().map(|s| discounted(of(s))).fold(main, u8::max))
}

/// The startup's best sector, where both sides say anything of sectors.
pub fn best_open(
    startup: &StartupRow<'_>,
    investor: &InvestorRow,
    of: impl Fn(SectorPair) -> u8,
) -> Option<u8> {
    if investor.has_sector_thesis() { best(startup, of) } else { None }
}

/// Points and confidence of the factor.
pub fn rate(best: Option<u8>) -> Rating {
    best.map_or(Rating::prior(50), Rating::known)
}

/// Points of the essential multiplier.
pub fn essential(best: Option<u8>) -> u8 {
    best.unwrap_or(50)
}
