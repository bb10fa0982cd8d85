//! What a startup of the population has in the markets it wants to enter.
//!
//! Invariant: an accelerator record raises regulation, protection, localisation and offers in its market.
//! Read next: [`super::investor`].

use super::dice::Dice;
use super::places::Place;
use super::startup::{Outline, by_country};
use super::{ORGANISATIONS, Population, TODAY};
use crate::engine::profile::{AcceleratorRecord, Contact, Reference, Startup};
use crate::engine::words::{AcceleratorStatus, Protection, ReferenceKind, Regulatory, Whole};

/// How likely each kind of reference is, in the order of the list.
const REFERENCES: [u64; 7] = [8, 25, 8, 22, 15, 12, 10];
/// How likely each standing with an accelerator is, in the order of the list.
const STANDINGS: [u64; 5] = [35, 25, 15, 15, 10];
/// Regulation outside the clinic, the lowest first.
const FILINGS: [Regulatory; 5] =
    [Regulatory::None, Regulatory::Planned, Regulatory::Filed, Regulatory::NotRequired, Regulatory::Approved];
/// Regulation in the clinic, the lowest first.
const TRIALS: [Regulatory; 7] = [
    Regulatory::Preclinical,
    Regulatory::Planned,
    Regulatory::Phase1,
    Regulatory::Phase2,
    Regulatory::Filed,
    Regulatory::Phase3,
    Regulatory::Approved,
];
const PROTECTIONS: [Protection; 4] =
    [Protection::None, Protection::NotNeeded, Protection::Filed, Protection::Granted];

impl Population {
    pub(super) fn market_side(&self, dice: &mut Dice, outline: &Outline<'_>, bare: Startup) -> Startup {
        let targets = &outline.targets;
        let records = dice.known(|d| records(d, outline));
        let helped: Vec<_> = records.iter().flatten().map(|r| r.target).collect();
        let strength = |dice: &mut Dice, place: &Place| {
            let lift = if helped.contains(&place.country) { 35 } else { 0 };
            let home = if place.country == outline.home.country { 20 } else { 0 };
            (dice.between(0, 50) + 4 * outline.stage + 5 * outline.quality + lift + home).clamp(0, 99)
                as usize
        };
        let clinical = bare.sector.as_ref().is_some_and(|s| s.parent() == "bio");
        let regulation = |at: usize| if clinical { TRIALS[at * 7 / 100] } else { FILINGS[at * 5 / 100] };
        let mut rising = 4;
        let levels = by_country(targets, |_| {
            rising -= 1;
            Some(Whole::nearest(dice.between(rising, 3)))
        });
        Startup {
            targets: dice.known(|_| levels),
            references: dice.known(|d| self.references(d, outline)),
            regulatory: dice
                .known(|d| by_country(targets, |p| d.chance(75).then(|| regulation(strength(d, p))))),
            protection: dice
                .known(|d| by_country(targets, |p| d.chance(75).then(|| PROTECTIONS[strength(d, p) / 25]))),
            localised: dice
                .known(|d| targets.iter().filter(|p| strength(d, p) > 55).map(|p| p.country).collect()),
            offers: dice.known(|d| {
                by_country(targets, |p| {
                    let at = strength(d, p);
                    offers(d, at)
                })
            }),
            contacts: dice.known(|d| contacts(d, outline)),
            accelerators: records,
            ..bare
        }
    }

    /// One to four references for a quarter of those that say anything; half of them at home.
    fn references(&self, dice: &mut Dice, outline: &Outline<'_>) -> Vec<Reference> {
        let count = if dice.chance(24) { 1 + dice.weighted(&[50, 30, 15, 5]) } else { 0 };
        let one = |_| Reference {
            country: match dice.weighted(&[50, 42, 8]) {
                0 => outline.home.country,
                1 => some_target(dice, outline).country,
                _ => self.places.pick(dice).country,
            },
            kind: ReferenceKind::ALL[dice.weighted(&REFERENCES)],
            day: TODAY - dice.between(0, 2_000) as i32,
            verified: dice.chance(60),
        };
        (0..count).map(one).collect()
    }
}

fn some_target<'a>(dice: &mut Dice, outline: &Outline<'a>) -> &'a Place {
    match outline.targets.len() {
        0 => outline.home,
        count => outline.targets[dice.index(count)],
    }
}

/// A record for a quarter of all startups, for the market that is not its home where it has one.
fn records(dice: &mut Dice, outline: &Outline<'_>) -> Vec<AcceleratorRecord> {
    if !dice.chance(31) {
        return Vec::new();
    }
    let abroad = outline.targets.iter().find(|t| t.country != outline.home.country);
    let target = abroad.copied().unwrap_or(outline.home).country;
    vec![AcceleratorRecord { target, status: AcceleratorStatus::ALL[dice.weighted(&STANDINGS)] }]
}

fn offers(dice: &mut Dice, strength: usize) -> Option<u32> {
    let some = dice.chance(strength as u64 / 2);
    (some || dice.chance(50)).then(|| if some { dice.between(1, 3) as u32 } else { 0 })
}

/// A contact or two for a seventh of those that say anything.
fn contacts(dice: &mut Dice, outline: &Outline<'_>) -> Vec<Contact> {
    let count = dice.weighted(&[85, 11, 4]);
    let one = |_| Contact {
        organisation: format!("network-{:02}", dice.below(ORGANISATIONS)),
        country: some_target(dice, outline).country,
        strength: Whole::nearest(dice.between(1, 3)),
    };
    (0..count).map(one).collect()
}
