//! What depends on the market of the pair: references, readiness, corridor, communication and cooperation.
//!
//! Invariant: worked out from the lists for every pair; nothing is kept per market.
//! Read next: [`super::gates`].

use super::Pair;
use super::startup::{List, unpacked};
use super::sums::{ONE, Rating, age, decay, mix, points};

/// Worth of a reference by its kind, in the order of the list.
const REFERENCES: [u64; 7] = [450_000, 400_000, 300_000, 250_000, 120_000, 120_000, 30_000];
/// Worth of an accelerator by the standing, in the order of the list.
const ACCELERATORS: [u64; 5] = [ONE, 700_000, 500_000, 250_000, 100_000];
/// Worth of a regulatory level, in the order of the list.
const REGULATORY: [u64; 9] = [ONE, 900_000, 800_000, 700_000, 600_000, 350_000, 300_000, 100_000, 0];
/// Worth of a protection, in the order of the list.
const PROTECTION: [u64; 4] = [ONE, 800_000, 600_000, 0];
/// How many references are held without asking for memory.
const FEW: usize = 16;

/// The market of a pair: of the investor's own markets the one the startup wants most, or else its home.
pub fn of(targets: &[u32], markets: &[u16], home: u16) -> u16 {
    let mut best = (0, home);
    for target in targets {
        let (country, level) = unpacked(*target);
        if level > best.0 && markets.contains(&(country as u16)) {
            best = (level, country as u16);
        }
    }
    best.1
}

impl Pair<'_> {
    /// What a list says of the market of the pair.
    pub fn in_market(&self, list: List) -> Option<usize> {
        let market = u32::from(self.market);
        let entry = self.list(list).iter().find(|entry| unpacked(**entry).0 == market)?;
        Some(unpacked(*entry).1 as usize)
    }

    /// The regulatory level in the market.
    pub fn regulation(&self) -> Option<u64> {
        self.in_market(List::Regulatory).map(|level| REGULATORY[level])
    }

    /// Country, place in the list of kinds, and whether it is verified; and the day.
    pub fn references(&self) -> impl Iterator<Item = (u16, usize, bool, i32)> {
        self.list(List::References).chunks_exact(2).map(|entry| {
            let (country, kind) = unpacked(entry[0]);
            (country as u16, (kind >> 1) as usize, kind & 1 == 1, entry[1] as i32)
        })
    }

    pub fn local_refs(&self) -> Rating {
        if !self.s.says(List::References) {
            return Rating(25, 0);
        }
        let count = self.list(List::References).len() / 2;
        if count == 0 {
            return Rating(0, 250);
        }
        let (mut few, mut many) = ([0; FEW], Vec::new());
        let worth = if count <= FEW {
            &mut few[..count]
        } else {
            many.resize(count, 0);
            &mut many[..]
        };
        for (place, reference) in worth.iter_mut().zip(self.references()) {
            *place = self.worth(reference);
        }
        worth.sort_unstable();
        let open = worth.iter().rev().fold(ONE, |open, worth| open * (ONE - worth) / ONE);
        Rating(points(ONE - open), 250)
    }

    fn worth(&self, (country, kind, verified, day): (u16, usize, bool, i32)) -> u64 {
        let region = self.world.region(self.market);
        let share = if country == self.market {
            ONE
        } else if country == self.s.home {
            0
        } else if region != super::codes::UNKNOWN && region == self.world.region(country) {
            150_000
        } else {
            50_000
        };
        let aged = REFERENCES[kind] * share / ONE * decay(age(self.world.today, day)) / ONE;
        if verified { aged } else { aged / 2 }
    }

    pub fn readiness(&self) -> Rating {
        let market = u32::from(self.market);
        let accelerator = self.s.says(List::Accelerators).then(|| {
            let worth = self.list(List::Accelerators).iter().map(|record| {
                let (target, standing) = unpacked(*record);
                let full = ACCELERATORS[standing as usize];
                if target == market { full } else { 300_000 * full / ONE }
            });
            worth.max().unwrap_or(0)
        });
        let protection = self.in_market(List::Protection).map(|level| PROTECTION[level]);
        let localised = self
            .s
            .says(List::Localised)
            .then(|| if self.list(List::Localised).contains(&market) { ONE } else { 0 });
        let offers = self
            .s
            .says(List::Offers)
            .then(|| [0, 700_000, 900_000, ONE][self.in_market(List::Offers).unwrap_or(0)]);
        let regulated = self.s.has_sector() && self.world.is_regulated(self.s.sector.parent);
        let w = if regulated {
            [100_000, 500_000, 250_000, 50_000, 100_000]
        } else {
            [300_000, 200_000, 200_000, 150_000, 150_000]
        };
        mix([
            (w[0], accelerator, 100_000),
            (w[1], self.regulation(), 200_000),
            (w[2], protection, 200_000),
            (w[3], localised, 100_000),
            (w[4], offers, 50_000),
        ])
    }

    pub fn corridor(&self) -> Rating {
        if self.s.home == self.market {
            return Rating(250, 250);
        }
        self.way.map_or(Rating(75, 0), |way| {
            mix([
                (300_000, way.regulation, 300_000),
                (300_000, way.protection, 300_000),
                (200_000, way.treaty, 300_000),
                (200_000, way.culture, 300_000),
            ])
        })
    }

    pub fn comms(&self) -> Rating {
        let (s, i) = (self.s, self.i);
        let language = i.languages.as_ref().filter(|_| s.says(List::Languages)).map(|theirs| {
            let mut best = 0;
            for entry in self.list(List::Languages) {
                let (word, level) = unpacked(*entry);
                if let Some((_, other)) = theirs.iter().find(|(language, _)| *language == word) {
                    best = best.max(level.min(u32::from(*other)));
                }
            }
            let spoken = [100_000, 350_000, 750_000, ONE][best as usize];
            if s.interpreter || i.interpreter { spoken.max(500_000) } else { spoken }
        });
        let time = s.time_zone.zip(i.time_zone).map(|(ours, theirs)| {
            let apart = u64::from(ours.abs_diff(theirs)) % 1_440;
            ONE * 540u64.saturating_sub(apart.min(1_440 - apart)) / 540
        });
        let bridge = s.says(List::Contacts).then(|| self.bridge());
        mix([(500_000, language, 400_000), (150_000, time, 500_000), (350_000, bridge, 150_000)])
    }

    /// A common organisation, or else the startup's strongest contact in the market.
    fn bridge(&self) -> u64 {
        let mut best = 0;
        for contact in self.list(List::Contacts).chunks_exact(2) {
            let (country, strength) = unpacked(contact[0]);
            if self.i.organisations.contains(&contact[1]) {
                return ONE;
            }
            if country == u32::from(self.market) {
                best = best.max([0, 400_000, 500_000, 600_000][strength as usize]);
            }
        }
        best
    }

    pub fn cooperation(&self) -> Rating {
        let Some((ours, theirs)) = self.s.models.zip(self.i.models) else { return Rating(100, 0) };
        let (common, favoured) = (ours & theirs, self.way.map_or(0, |way| way.favoured));
        match common {
            0 => Rating(0, 250),
            _ if favoured != 0 && common & favoured == 0 => Rating(175, 250),
            _ => Rating(250, 250),
        }
    }
}
