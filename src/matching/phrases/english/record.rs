//! The English sentences of what the recorded deals say of home and of firms like this one.
//!
//! Invariant: lower case at the start, no final period, counts before judgements. Read next: [`super`].

use super::{Names, count, tally};
use crate::engine::{CountryFacts, NEUTRAL, TrackFacts};
use std::fmt::Write;

/// The deals in companies from the home, and those of its countrymen, which count where there are few of its own.
pub fn country(facts: &CountryFacts, names: Names<'_>) -> String {
    let mut said = tally(facts.deals, &format!("companies from {}", names.country(&facts.home)), names);
    if let (deals, of @ 1..) = facts.countrymen {
        let plural = if of == 1 { "" } else { "s" };
        let _always_written = write!(said, "; {deals} of {of} deal{plural} by investors of its country");
    }
    said
}

/// What the deals say of firms like this one: each feature by its points, as the factor counts them.
pub fn track(facts: TrackFacts) -> String {
    if facts.deals == 0 {
        return "no deals are recorded".to_owned();
    }
    let features = [
        ("home", Some(facts.country)),
        ("city", Some(facts.city)),
        ("round", facts.round),
        ("sector", facts.sector),
        ("backers", Some(facts.co_investors)),
    ];
    let mut said = count(facts.deals, "deal");
    said.push_str(if facts.deals == 1 {
        " recorded; with its countrymen's and its own city it speaks"
    } else {
        " recorded; with its countrymen's and its own city they speak"
    });
    let mut add = |lead: &'static str, which: fn(u8) -> bool| {
        let mut before = lead;
        for (name, _) in features.iter().filter(|(_, points)| points.is_some_and(which)) {
            said.push_str(before);
            said.push_str(name);
            before = ", ";
        }
        before != lead
    };
    let pro = add(" for the startup's ", |points| points > NEUTRAL);
    let against = if pro { "; against its " } else { " against the startup's " };
    let con = add(against, |points| points < NEUTRAL);
    if !pro && !con {
        said.push_str(" neither for nor against firms like this one");
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Tally, words::Country};
    use crate::reference::Catalogue;

    #[test]
    fn the_record_is_told_feature_by_feature_on_the_side_of_its_points() {
        let silent =
            TrackFacts { deals: 21, country: 100, city: 100, round: None, sector: None, co_investors: 100 };
        let said = |facts| track(facts);
        assert_eq!(said(TrackFacts { deals: 0, country: 130, ..silent }), "no deals are recorded");
        assert_eq!(
            said(silent),
            "21 deals recorded; with its countrymen's and its own city they speak neither for nor against firms like this one"
        );
        let one = TrackFacts { deals: 1, sector: Some(101), city: 140, ..silent };
        assert_eq!(
            said(one),
            "1 deal recorded; with its countrymen's and its own city it speaks for the startup's city, sector"
        );
        let con = TrackFacts { round: Some(99), co_investors: 90, ..silent };
        assert_eq!(
            said(con),
            "21 deals recorded; with its countrymen's and its own city they speak against the startup's round, backers"
        );
        let both = TrackFacts { country: 160, co_investors: 90, ..silent };
        let sentence = "21 deals recorded; with its countrymen's and its own city they speak for the startup's home; against its backers";
        assert_eq!((said(both), both.rate().points > 100), (sentence.to_owned(), true));
    }

    #[test]
    fn deals_of_countrymen_are_told_where_there_are_any() {
        let catalogue = Catalogue::shipped().expect("the shipped reference data");
        let names = Names { catalogue: &catalogue, usual: false };
        let home = Country::parse("RU").expect("a country");
        let facts = |countrymen| CountryFacts { home, deals: Tally::new(0, 0, 40, 1), countrymen };
        let own = "no deals recorded that tell of companies from Russia";
        assert_eq!(country(&facts((0, 0)), names), own);
        let theirs = format!("{own}; 12 of 340 deals by investors of its country");
        assert_eq!(country(&facts((12, 340)), names), theirs);
    }
}
