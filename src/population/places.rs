//! Sixty countries with their cities, languages and time zones, the commonest first.
//!
//! Invariant: the order of countries and of a country's cities is the order of how common they are.
//! Read next: [`super::trades`].

use super::dice::{Dice, Zipf};
use crate::engine::words::Country;

/// A country as profiles of the population see it.
pub(super) struct Place {
    pub(super) country: Country,
    pub(super) region: &'static str,
    pub(super) language: &'static str,
    pub(super) minutes: i64,
    cities: Vec<String>,
    by_size: Zipf,
}

/// All countries.
pub(super) struct Places {
    all: Vec<Place>,
    common: Zipf,
}

impl Places {
    pub(super) fn new() -> Self {
        let all: Vec<Place> =
            COUNTRIES.iter().enumerate().filter_map(|(rank, row)| place(rank, row)).collect();
        Self { common: Zipf::new(all.len(), 1), all }
    }

    pub(super) fn all(&self) -> &[Place] {
        &self.all
    }

    /// A country, the common ones more often.
    pub(super) fn pick(&self, dice: &mut Dice) -> &Place {
        &self.all[self.common.pick(dice)]
    }

    /// A country that is often of the same region.
    pub(super) fn near(&self, dice: &mut Dice, region: &str) -> &Place {
        let first = self.pick(dice);
        if first.region == region || !dice.chance(40) {
            return first;
        }
        let second = self.pick(dice);
        if second.region == region { second } else { first }
    }
}

impl Place {
    /// One of its cities, the large ones more often.
    pub(super) fn city(&self, dice: &mut Dice) -> String {
        self.cities[self.by_size.pick(dice)].clone()
    }
}

fn place(rank: usize, row: &(&str, &'static str, &'static str, i64)) -> Option<Place> {
    let &(code, region, language, minutes) = row;
    let country = Country::parse(code).ok()?;
    let count = 2 + 560 / (rank + 4);
    let cities = (1..=count).map(|n| format!("{}-{n:03}", code.to_lowercase())).collect();
    Some(Place { country, region, language, minutes, cities, by_size: Zipf::new(count, 2) })
}

const COUNTRIES: [(&str, &str, &str, i64); 60] = [
    ("US", "north_america", "en", -300),
    ("CN", "east_asia", "zh", 480),
    ("GB", "western_europe", "en", 0),
    ("IN", "south_asia", "en", 330),
    ("DE", "western_europe", "de", 60),
    ("FR", "western_europe", "fr", 60),
    ("RU", "eurasia", "ru", 180),
    ("IL", "middle_east", "he", 120),
    ("SG", "south_east_asia", "en", 480),
    ("CA", "north_america", "en", -300),
    ("JP", "east_asia", "ja", 540),
    ("KR", "east_asia", "ko", 540),
    ("BR", "latin_america", "pt", -180),
    ("SE", "northern_europe", "sv", 60),
    ("NL", "western_europe", "nl", 60),
    ("AE", "middle_east", "ar", 240),
    ("ES", "southern_europe", "es", 60),
    ("CH", "western_europe", "de", 60),
    ("AU", "oceania", "en", 600),
    ("IT", "southern_europe", "it", 60),
    ("ID", "south_east_asia", "id", 420),
    ("VN", "south_east_asia", "vi", 420),
    ("FI", "northern_europe", "fi", 120),
    ("MX", "latin_america", "es", -360),
    ("PL", "eastern_europe", "pl", 60),
    ("HK", "east_asia", "zh", 480),
    ("TR", "middle_east", "tr", 180),
    ("DK", "northern_europe", "da", 60),
    ("NO", "northern_europe", "no", 60),
    ("IE", "western_europe", "en", 0),
    ("MY", "south_east_asia", "ms", 480),
    ("SA", "middle_east", "ar", 180),
    ("BE", "western_europe", "fr", 60),
    ("AT", "western_europe", "de", 60),
    ("EE", "northern_europe", "et", 120),
    ("KZ", "eurasia", "ru", 300),
    ("TW", "east_asia", "zh", 480),
    ("TH", "south_east_asia", "th", 420),
    ("NG", "africa", "en", 60),
    ("ZA", "africa", "en", 120),
    ("KE", "africa", "en", 180),
    ("EG", "africa", "ar", 120),
    ("CO", "latin_america", "es", -300),
    ("CL", "latin_america", "es", -240),
    ("AR", "latin_america", "es", -180),
    ("PT", "southern_europe", "pt", 0),
    ("CZ", "eastern_europe", "cs", 60),
    ("UA", "eastern_europe", "uk", 120),
    ("RO", "eastern_europe", "ro", 120),
    ("HU", "eastern_europe", "hu", 60),
    ("GR", "southern_europe", "el", 120),
    ("PH", "south_east_asia", "en", 480),
    ("PK", "south_asia", "en", 300),
    ("BD", "south_asia", "bn", 360),
    ("BY", "eurasia", "ru", 180),
    ("AM", "eurasia", "hy", 240),
    ("NZ", "oceania", "en", 720),
    ("LT", "northern_europe", "lt", 120),
    ("PE", "latin_america", "es", -300),
    ("UZ", "eurasia", "ru", 300),
];
