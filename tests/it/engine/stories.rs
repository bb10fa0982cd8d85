//! The stories that the score has to tell, told by their relations; every number of them is in the golden files.
//!
//! Invariant: a story is told of the profiles of the golden file, unchanged but for the fact that it is about.
//! Read next: [`super::golden`].

use super::golden::fixture;
use serde_json::Value;
use springboard::engine::profile::{AcceleratorRecord, Investor, Reference, Startup, World, parse};
use springboard::engine::words::{AcceleratorStatus, Country, ReferenceKind};
use springboard::engine::{
    Assessor, Bridge, CommonLanguage, Explanation, Factor, Gate, InvestorFactor, ReadinessPart,
    StartupFactor, Whereabouts,
};

fn world() -> World {
    parse(&fixture("stories.world.json")).expect("the world is well formed")
}

/// The two profiles of the story whose name begins so.
fn profiles(name: &str) -> (Startup, Investor) {
    let stories = fixture("stories.ndjson");
    let lines = stories.lines().map(|line| serde_json::from_str::<Value>(line).expect("a line is JSON"));
    let is_it = |story: &Value| story["name"].as_str().is_some_and(|n| n.starts_with(name));
    let story = lines.into_iter().find(is_it).expect("there is such a story");
    let part = |key: &str| story[key].to_string();
    (parse(&part("startup")).expect("a startup"), parse(&part("investor")).expect("an investor"))
}

fn explain(startup: Startup, investor: Investor) -> Explanation {
    Assessor::new(&world()).explain(startup, investor)
}

fn story(name: &str) -> Explanation {
    let (startup, investor) = profiles(name);
    explain(startup, investor)
}

fn score(name: &str) -> u64 {
    story(name).outcome.score()
}

#[test]
fn a_pilot_and_an_export_track_in_the_market_beat_references_at_home() {
    assert!(score("1a") > score("1b") + 50_000_000);
}

#[test]
fn a_dozen_customers_at_home_are_worth_exactly_as_much_as_none_more() {
    assert_eq!(score("1b"), score("1c"));
}

#[test]
fn silence_on_export_does_not_beat_an_honest_none() {
    assert!(score("1d") < score("1b"));
}

#[test]
fn a_fund_that_requires_a_local_reference_is_open_to_who_has_one_and_closed_to_who_has_none() {
    let (with, without) = (story("1e"), story("1f"));
    assert!(with.gates.is_empty());
    assert_eq!(with.outcome.score(), score("1a"), "requiring weighs like preferring");
    assert_eq!(without.gates.iter().collect::<Vec<_>>(), [Gate::NoLocalReference]);
    assert!(without.outcome.score() > 0, "a closed gate does not stop the score");
}

#[test]
fn phase_two_beats_preclinical_and_a_required_phase_closes_the_gate() {
    assert!(score("2a") > score("2b"));
    assert_eq!(story("2d").gates.iter().collect::<Vec<_>>(), [Gate::Milestone]);
    assert!(story("2b").gates.is_empty());
}

#[test]
fn a_foreign_sector_cannot_be_made_up_for() {
    for name in ["2c", "4b"] {
        let explained = story(name);
        assert_eq!(explained.outcome.essential, 250_000, "{name}");
        assert!(explained.outcome.score() < 200_000_000, "{name}");
    }
}

#[test]
fn a_contact_in_the_market_counts_in_communication_and_nowhere_else() {
    let (with, without) = (story("3a"), story("3b"));
    assert!(with.outcome.score() > without.outcome.score());
    for (k, (factor, ..)) in InvestorFactor::TABLE.iter().enumerate() {
        let same = with.investor_factors[k] == without.investor_factors[k];
        assert_eq!(same, *factor != InvestorFactor::Communication, "{factor:?}");
    }
    for (k, (factor, ..)) in StartupFactor::TABLE.iter().enumerate() {
        let same = with.startup_factors[k] == without.startup_factors[k];
        assert_eq!(same, *factor != StartupFactor::Communication, "{factor:?}");
    }
}

#[test]
fn a_neighbour_in_the_right_sector_beats_a_graduate_in_the_wrong_one() {
    assert!(score("4a") > 4 * score("4b"));
}

#[test]
fn steps_towards_the_market_help_in_the_order_that_people_who_did_it_give() {
    let (startup, investor) = profiles("1b");
    let (china, today) = (Country::parse("CN").expect("a country"), world().today);
    let with = |kind| {
        let mut next = startup.clone();
        let reference = Reference { country: china, kind, day: today, verified: true };
        next.references.get_or_insert_default().push(reference);
        explain(next, investor.clone()).outcome.score()
    };
    let mut graduate = startup.clone();
    let record = AcceleratorRecord { target: china, status: AcceleratorStatus::Graduated };
    graduate.accelerators.get_or_insert_default().push(record);
    let (entity, customer, pilot) =
        (with(ReferenceKind::LocalEntity), with(ReferenceKind::Customer), with(ReferenceKind::Pilot));
    let graduated = explain(graduate, investor.clone()).outcome.score();
    assert!(entity > customer && customer > pilot && pilot > graduated && graduated > score("1b"));
}

#[test]
fn the_facts_say_in_counts_what_the_lines_rest_on() {
    let explained = story("1a");
    let facts = &explained.facts;
    let sector = facts.sector.as_ref().expect("both speak of sectors");
    assert_eq!((sector.sector.as_str(), sector.main, sector.declared), ("ict.ai", true, 175));
    assert_eq!((sector.parent.deals, sector.parent.of, sector.parent.times_usual()), (17, 21, Some(202)));
    assert_eq!(facts.technology.as_deref(), Some(&["ai".to_owned()][..]));
    assert_eq!(
        (facts.stage.distance, facts.stage.rounds.map(|r| (r.deals, r.of))),
        (Some(0), Some((15, 21)))
    );
    let country = facts.country.expect("the home is known");
    assert_eq!((country.deals.deals, country.deals.of, country.countrymen), (2, 21, (12, 450)));
    assert!(facts.city.is_none() && facts.co_investors.backers.is_none());
    let references = facts.references.as_ref().expect("the startup lists references");
    let counted: Vec<_> = references.iter().map(|r| (r.kind, r.whereabouts, r.worth)).collect();
    assert_eq!(
        counted,
        [
            (ReferenceKind::Customer, Whereabouts::Home, 0),
            (ReferenceKind::Pilot, Whereabouts::Home, 0),
            (ReferenceKind::Pilot, Whereabouts::Market, 250_000),
            (ReferenceKind::LetterOfIntent, Whereabouts::Market, 120_000),
        ]
    );
    let readiness = facts.readiness.expect("every line is told");
    assert!(readiness.iter().all(|(_, part)| part.known == 1_000_000));
    assert_eq!(readiness[0].0, ReadinessPart::Accelerator);
    let spoken = CommonLanguage::Spoken { language: "en".to_owned(), level: 2 };
    let communication = facts.communication.as_ref().expect("every line is told");
    assert_eq!(communication.language, Some(spoken));
    assert_eq!((communication.time_difference, &communication.bridge), (Some(300), &Bridge::Nobody));
    assert_eq!(facts.value_add, Some((vec!["bizdev".to_owned(), "market".to_owned()], 2)));
    assert_eq!((facts.track.deals, facts.wanted_type), (21, Some(true)));
    assert_eq!(
        (facts.responsive.asked, facts.responsive.answered, facts.responsive.confirmed),
        (30, 21, Some(5))
    );
}

#[test]
fn a_common_contact_is_named() {
    let bridge = |name| story(name).facts.communication.expect("every line is told").bridge;
    assert_eq!(bridge("3a"), Bridge::Common("ruscitech".to_owned()));
    assert_eq!(bridge("2a"), Bridge::Contact(3));
    assert_eq!(story("1d").facts.references, None);
}
