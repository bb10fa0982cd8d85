//! Local references: what stands for the startup in the market.
//!
//! Invariant: a reference at home counts for nothing abroad, however many there are.
//! Read next: [`super::readiness`].

use super::super::arithmetic::{ONE, age, decay, mul_div, noisy_or, points};
use super::super::compiled::Tables;
use super::super::compiled::tables::Region;
use super::super::profile::{Reference, Startup};
use super::super::words::{Country, ReferenceKind};
use super::Rating;

/// Where a reference lies, seen from the market.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whereabouts {
    /// In the market itself.
    Market,
    /// At home, where it counts for nothing abroad.
    Home,
    /// In the market's region.
    Region,
    /// Anywhere else.
    Elsewhere,
}

impl Whereabouts {
    const fn share(self) -> u64 {
        match self {
            Self::Market => ONE,
            Self::Home => 0,
            Self::Region => 150_000,
            Self::Elsewhere => 50_000,
        }
    }
}

/// A reference and what it is worth for the market.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CountedReference {
    /// What it is.
    pub kind: ReferenceKind,
    /// Its country.
    pub country: Country,
    /// Since when.
    pub day: i32,
    /// Whether somebody else has confirmed it.
    pub verified: bool,
    /// Where it lies, seen from the market.
    pub whereabouts: Whereabouts,
    /// What it is worth there, in parts per million; 0 where it counts for nothing.
    pub worth: u64,
}

const fn base(kind: ReferenceKind) -> u64 {
    match kind {
        ReferenceKind::LocalEntity => 450_000,
        ReferenceKind::Customer => 400_000,
        ReferenceKind::Approval => 300_000,
        ReferenceKind::Pilot => 250_000,
        ReferenceKind::Grant | ReferenceKind::LetterOfIntent => 120_000,
        ReferenceKind::Media => 30_000,
    }
}

/// What a reference is worth for a market of a region; no market stands for one that the profile does not name.
pub fn count(
    reference: &Reference,
    home: Country,
    market: Option<Country>,
    region: Option<Region>,
    tables: &Tables,
) -> CountedReference {
    let whereabouts = if Some(reference.country) == market {
        Whereabouts::Market
    } else if reference.country == home {
        Whereabouts::Home
    } else if region.is_some() && tables.region(reference.country) == region {
        Whereabouts::Region
    } else {
        Whereabouts::Elsewhere
    };
    let placed = mul_div(base(reference.kind), whereabouts.share(), ONE);
    let aged = mul_div(placed, decay(age(tables.today, reference.day)), ONE);
    CountedReference {
        kind: reference.kind,
        country: reference.country,
        day: reference.day,
        verified: reference.verified,
        whereabouts,
        worth: if reference.verified { aged } else { aged / 2 },
    }
}

/// Points and confidence of the factor in a market of a region.
pub fn rate_in(
    profile: &Startup,
    market: Option<Country>,
    region: Option<Region>,
    tables: &Tables,
) -> Rating {
    let Some(references) = &profile.references else { return Rating::prior(25) };
    let worth = references.iter().map(|r| count(r, profile.home, market, region, tables).worth).collect();
    Rating::known(points(noisy_or(worth)))
}

#[cfg(test)]
mod tests {
    use super::super::super::compiled::Dictionary;
    use super::super::super::profile::World;
    use super::*;

    /// What a pilot in a country, a year and a day old, is worth for China, seen from a Russian startup.
    fn worth(country: &str, verified: bool) -> (Whereabouts, u64) {
        let code = |text| Country::parse(text).expect("a country");
        let regions = ["CN", "JP", "RU"].map(|c| (code(c), "east".to_owned())).into();
        let world = World { today: 20_366, regions, ..World::default() };
        let tables = Tables::compile(&world, &mut Dictionary::default());
        let reference =
            Reference { country: code(country), kind: ReferenceKind::Pilot, day: 20_000, verified };
        let counted = count(&reference, code("RU"), Some(code("CN")), tables.region(code("CN")), &tables);
        (counted.whereabouts, counted.worth)
    }

    #[test]
    fn a_reference_counts_by_where_it_lies_how_old_it_is_and_whether_it_is_verified() {
        assert_eq!(worth("CN", true), (Whereabouts::Market, 249_871));
        assert_eq!(worth("CN", false), (Whereabouts::Market, 124_935));
        assert_eq!(worth("JP", true), (Whereabouts::Region, 37_480));
        assert_eq!(worth("FR", true), (Whereabouts::Elsewhere, 12_493));
        assert_eq!(
            worth("RU", true),
            (Whereabouts::Home, 0),
            "home counts for nothing, even in the same region"
        );
    }
}
