//! Profiles as the engine's structs are what the engine's JSON form of them says.
//!
//! Invariant: the JSON form is written here a second time, field by field ([`json`]); what it parses to is what is expected.
//! Read next: `src/matching/replica/inputs/mod.rs`.

mod json;
mod made_up;

use crate::harness::TestApp;
use json::Json;
use made_up::Seed;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use springboard::db::Kind;
use springboard::engine::profile::parse;
use springboard::kernel::ids::{InvestorId, StartupId};
use springboard::matching::replica::inputs::InputBuilder;
use springboard::profiles::{
    InvestorFacts, RankedInvestor, RankedStartup, StartupFacts, State, ranked_investors, ranked_startups,
};
use springboard::reference::{self, Catalogue, CountryCode, Rates};
use std::collections::HashMap;
use std::fmt::Debug;
use utoipa::PartialSchema;

/// The profiles of the demo world and what they are built with.
struct Demo {
    catalogue: Catalogue,
    rates: Rates,
    startups: Vec<RankedStartup>,
    investors: Vec<RankedInvestor>,
    numbers: (HashMap<StartupId, u64>, HashMap<InvestorId, u64>),
}

impl Demo {
    fn load() -> Self {
        let app = TestApp::with(Kind::Sqlite, &["--demo"]);
        let startups = app.read(|conn| ranked_startups(conn, None));
        let investors = app.read(|conn| ranked_investors(conn, None));
        let numbers = (
            startups.iter().map(|r| (r.profile.id, r.profile.number as u64)).collect(),
            investors.iter().map(|r| (r.profile.id, r.profile.number as u64)).collect(),
        );
        let (catalogue, rates) = (Catalogue::shipped().expect("shipped"), app.read(reference::rates));
        Self { catalogue, rates, startups, investors, numbers }
    }

    fn builder(&self) -> InputBuilder<'_> {
        let (startups, investors) = (&self.numbers.0, &self.numbers.1);
        let as_of = "2026-11-22".parse().expect("a day");
        InputBuilder { catalogue: &self.catalogue, rates: &self.rates, as_of, startups, investors }
    }

    /// Compares with the JSON form in both directions; answers the JSON of the struct.
    fn compare_startup(&self, record: &RankedStartup) -> Option<Value> {
        let builder = self.builder();
        let built = builder.startup(record).expect("can be scored");
        let expected = Json(&builder).startup(record);
        assert_eq!(built.is_some(), expected.is_some());
        built.zip(expected).map(|(built, expected)| same(&built, expected))
    }

    fn compare_investor(&self, record: &RankedInvestor) -> Option<Value> {
        let builder = self.builder();
        let built = builder.investor(record).expect("can be scored");
        let expected = Json(&builder).investor(record);
        assert_eq!(built.is_some(), expected.is_some());
        built.zip(expected).map(|(built, (thesis, published))| {
            assert_eq!(built.published.is_some(), published.is_some());
            built.published.zip(published).map(|(built, published)| same(&built, published));
            same(&built.thesis, thesis)
        })
    }
}

/// What was built is what the JSON form parses to, and its own JSON is parsed to the same.
fn same<T: Serialize + DeserializeOwned + PartialEq + Debug>(built: &T, expected: Value) -> Value {
    assert_eq!(*built, parse::<T>(&expected.to_string()).expect("the JSON form"));
    let own = serde_json::to_value(built).expect("JSON");
    assert_eq!(*built, parse::<T>(&own.to_string()).expect("its own JSON"));
    own
}

fn facts<T: DeserializeOwned>(value: &Value) -> T {
    serde_json::from_value(value.clone()).unwrap_or_else(|e| panic!("{e}: {value}"))
}

/// The names of all fields that a type has by its schema, sorted.
fn fields<T: PartialSchema>() -> Vec<String> {
    let schema = serde_json::to_value(T::schema()).expect("a schema");
    let mut names: Vec<String> = schema["properties"].as_object().expect("fields").keys().cloned().collect();
    names.sort();
    names
}

fn names(value: &Value) -> Vec<String> {
    let mut names: Vec<String> = value.as_object().expect("an object").keys().cloned().collect();
    names.sort();
    names
}

#[test]
fn profiles_are_built_as_their_json_form_is_parsed() {
    let demo = Demo::load();
    assert!(demo.startups.len() >= 80 && demo.investors.len() >= 50);
    demo.startups.iter().for_each(|record| assert!(demo.compare_startup(record).is_some()));
    demo.investors.iter().for_each(|record| assert!(demo.compare_investor(record).is_some()));

    let startups: Vec<StartupId> = demo.startups.iter().map(|r| r.profile.id).collect();
    let investors: Vec<InvestorId> = demo.investors.iter().map(|r| r.profile.id).collect();
    let countries: Vec<CountryCode> = demo.catalogue.countries().collect();
    let mut seed = Seed { state: 7, startups: &startups, investors: &investors, countries: &countries };
    let (mut startup, mut investor) = (demo.startups[0].clone(), demo.investors[0].clone());
    let mut lengths = (0, 0);
    for n in 0..400 {
        let (mut said, mut sought) = (seed.startup(), seed.investor());
        let deals: Vec<Value> = (0..seed.below(5)).map(|_| seed.deal()).collect();
        assert_eq!((names(&said), names(&sought)), (fields::<StartupFacts>(), fields::<InvestorFacts>()));
        if n % 2 == 1 {
            (said, sought) = (seed.partly(said), seed.partly(sought));
        }
        (startup.profile.facts, startup.assessment) = (facts(&said), facts(&seed.assessment()));
        investor.profile.facts = facts(&sought);
        investor.deals =
            deals.into_iter().map(|deal| facts(&if n % 2 == 1 { seed.partly(deal) } else { deal })).collect();
        let state = if n % 5 == 4 { State::Draft } else { State::Published };
        (startup.profile.state, investor.profile.state) = (state, state);
        let built = (demo.compare_startup(&startup), demo.compare_investor(&investor));
        let length = |json: &Option<Value>| json.as_ref().map_or(0, |json| names(json).len());
        lengths = (lengths.0.max(length(&built.0)), lengths.1.max(length(&built.1)));
    }
    // Every field of the engine's structs was there at least once.
    assert_eq!(lengths, (31, 34), "fields of the JSON form");
}

#[test]
fn a_profile_that_says_too_little_is_no_input_and_one_that_says_too_much_is_refused() {
    let demo = Demo::load();
    let builder = demo.builder();
    let mut startup = demo.startups[0].clone();
    let leaves = reference::SectorLeaf::all().take(5).collect();
    startup.profile.facts.further_sectors = Some(leaves);
    let refused = builder.startup(&startup).expect_err("five further sectors");
    let cause = format!("{:?}", refused.cause);
    assert!(cause.contains("at most four") && cause.contains(&startup.profile.id.to_string()), "{cause}");
    startup.profile.facts.home = None;
    assert!(builder.startup(&startup).expect("nothing to score").is_none());
    let mut investor = demo.investors[0].clone();
    investor.profile.facts.markets = Some([].into());
    assert!(builder.investor(&investor).is_err());
    investor.profile.facts.markets = None;
    assert!(builder.investor(&investor).expect("nothing to score").is_none());
}
