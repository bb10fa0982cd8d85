//! Sectors, technologies, support and kinds of investor of the shipped tables, and what a round of a stage amounts to.
//!
//! Invariant: every word is one that the service accepts in a profile. Read next: [`super::startup`].

use super::dice::{Dice, Zipf};
use super::places::Place;
use crate::engine::words::{CooperationModel, CooperationModels, Sector};
use crate::reference::{InvestorKind, NeedCode, SectorLeaf, TechnologyCode};
use std::collections::BTreeSet;

/// The sector parents under regulation.
pub(super) const REGULATED: [&str; 4] = ["bio", "energy", "fin", "health"];

/// The median of a whole round by stage, in US dollars.
const ROUND: [u64; 8] =
    [100_000, 400_000, 1_500_000, 6_000_000, 15_000_000, 35_000_000, 80_000_000, 200_000_000];

/// How likely each form of cooperation is, in the order of the list.
const MODELS: [u64; 8] = [85, 40, 20, 12, 20, 12, 15, 10];

/// The words of the shipped tables, with how common they are.
pub(super) struct Trades {
    parents: Vec<Vec<Sector>>,
    common_parent: Zipf,
    common_leaf: Vec<Zipf>,
    technologies: Vec<&'static str>,
    common_technology: Zipf,
    support: Vec<&'static str>,
    common_support: Zipf,
    kinds: Vec<&'static str>,
    common_kind: Zipf,
}

impl Trades {
    pub(super) fn new() -> Self {
        let mut parents: Vec<Vec<Sector>> = Vec::new();
        for leaf in SectorLeaf::all().filter_map(|leaf| Sector::parse(leaf.as_str()).ok()) {
            match parents.last_mut() {
                Some(last) if last[0].parent() == leaf.parent() => last.push(leaf),
                _ => parents.push(vec![leaf]),
            }
        }
        let technologies: Vec<_> = TechnologyCode::all().map(|t| t.as_str()).collect();
        let support: Vec<_> = NeedCode::all().map(|n| n.as_str()).collect();
        let kinds: Vec<_> = InvestorKind::all().map(|k| k.as_str()).collect();
        Self {
            common_parent: Zipf::new(parents.len(), 2),
            common_leaf: parents.iter().map(|leaves| Zipf::new(leaves.len(), 2)).collect(),
            common_technology: Zipf::new(technologies.len(), 2),
            common_support: Zipf::new(support.len(), 2),
            common_kind: Zipf::new(kinds.len(), 1),
            parents,
            technologies,
            support,
            kinds,
        }
    }

    /// A parent; each country has one in which it is stronger than others.
    pub(super) fn parent(&self, dice: &mut Dice, home: &Place) -> usize {
        let parent = self.common_parent.pick(dice);
        if dice.chance(20) { (parent + home.country.code()) % self.parents.len() } else { parent }
    }

    /// A leaf of a parent.
    pub(super) fn leaf(&self, dice: &mut Dice, parent: usize) -> Sector {
        self.parents[parent][self.common_leaf[parent].pick(dice)].clone()
    }

    /// Any leaf.
    pub(super) fn any_leaf(&self, dice: &mut Dice) -> Sector {
        let parent = self.common_parent.pick(dice);
        self.leaf(dice, parent)
    }

    /// One to four technologies, those around a sector parent more often.
    pub(super) fn technologies(&self, dice: &mut Dice, parent: usize) -> BTreeSet<String> {
        let count = dice.between(1, 4);
        let any =
            |dice: &mut Dice| (parent * 5 + self.common_technology.pick(dice)) % self.technologies.len();
        (0..count).map(|_| self.technologies[any(dice)].to_owned()).collect()
    }

    /// Up to `most` kinds of support besides money.
    pub(super) fn support(&self, dice: &mut Dice, most: i64) -> BTreeSet<String> {
        let count = dice.between(1, most);
        (0..count).map(|_| self.support[self.common_support.pick(dice)].to_owned()).collect()
    }

    /// A kind of investor.
    pub(super) fn kind(&self, dice: &mut Dice) -> &'static str {
        self.kinds[self.common_kind.pick(dice)]
    }

    /// One to four kinds of investor.
    pub(super) fn kinds(&self, dice: &mut Dice) -> BTreeSet<String> {
        let count = dice.between(1, 4);
        (0..count).map(|_| self.kind(dice).to_owned()).collect()
    }
}

/// A few forms of cooperation, at least one.
pub(super) fn models(dice: &mut Dice) -> CooperationModels {
    let drawn: CooperationModels =
        CooperationModel::ALL.iter().zip(MODELS).filter(|(_, p)| dice.chance(*p)).map(|(m, _)| *m).collect();
    if drawn.is_empty() { [CooperationModel::Equity].into_iter().collect() } else { drawn }
}

/// The median of a whole round at a stage.
pub(super) fn median_round(stage: i64) -> u64 {
    ROUND[stage.clamp(0, 7) as usize]
}

/// What is raised at a stage: mostly the stage, now and then a round of no stage.
pub(super) fn round(dice: &mut Dice, stage: i64) -> i64 {
    if dice.chance(12) { 8 + dice.weighted(&[40, 15, 10, 25, 10]) as i64 } else { stage }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::Catalogue;

    #[test]
    fn the_regulated_sectors_are_the_shipped_ones() {
        let catalogue = Catalogue::shipped().expect("the shipped tables");
        let mut regulated: Vec<&str> = catalogue.regulated().collect();
        regulated.sort_unstable();
        assert_eq!(regulated, REGULATED);
    }

    #[test]
    fn every_shipped_leaf_is_under_its_parent_once() {
        let trades = Trades::new();
        let leaves: BTreeSet<&str> = trades.parents.iter().flatten().map(Sector::as_str).collect();
        assert_eq!(leaves.len(), SectorLeaf::all().count());
        let parents: BTreeSet<&str> = trades.parents.iter().map(|leaves| leaves[0].parent()).collect();
        assert_eq!(parents.len(), trades.parents.len());
    }
}
