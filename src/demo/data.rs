//! The lines of `seeds/demo/`, built into the binary.
//!
//! Invariant: what is here is in the API's wire form but for the symbols that [`super::symbols`] replaces.
//! Read next: `seeds/demo/SOURCES.md`.

use super::symbols::Symbols;
use crate::identity::OrganisationKind;
use crate::kernel::error::{Error, Result};
use crate::profiles::common::Contact;
use crate::profiles::investors::Portfolio;
use crate::profiles::startups::Assessment;
use crate::profiles::{InvestorFacts, StartupFacts};
use crate::reference::CountryCode;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

const ORGANISATIONS: &str = include_str!("../../seeds/demo/organisations.ndjson");
const STARTUPS: &str = include_str!("../../seeds/demo/startups.ndjson");
const INVESTORS: &str = include_str!("../../seeds/demo/investors.ndjson");
const PEOPLE: &str = include_str!("../../seeds/demo/people.ndjson");

/// An organisation.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OrganisationLine {
    pub(super) key: String,
    pub(super) kind: OrganisationKind,
    pub(super) name: String,
    pub(super) country: CountryCode,
    pub(super) website: String,
    /// Whether its people may approve others and verify references.
    #[serde(default)]
    pub(super) approver: bool,
}

/// A person who can sign in.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PersonLine {
    pub(super) email: String,
    pub(super) name: String,
    #[serde(default)]
    pub(super) admin: bool,
    pub(super) owns: Vec<String>,
}

/// A startup.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StartupLine {
    #[serde(default, rename = "story")]
    _story: Option<String>,
    pub(super) organisation: String,
    pub(super) facts: StartupFacts,
    pub(super) contact: Contact,
    pub(super) assessment: Assessment,
}

/// An investor. Its deals name startups, so they are kept until those have ids.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct InvestorLine {
    #[serde(default, rename = "story")]
    _story: Option<String>,
    pub(super) organisation: String,
    pub(super) facts: InvestorFacts,
    pub(super) contact: Contact,
}

fn lines(text: &'static str) -> impl Iterator<Item = Result<Value>> {
    text.lines().map(|line| serde_json::from_str(line).map_err(Error::internal))
}

fn typed<T: DeserializeOwned>(value: Value) -> Result<T> {
    let about =
        value.get("organisation").or_else(|| value.get("key")).map(Value::to_string).unwrap_or_default();
    serde_json::from_value(value).map_err(|e| Error::internal(format!("demo data of {about}: {e}")))
}

/// Every organisation.
pub(super) fn organisations() -> Result<Vec<OrganisationLine>> {
    lines(ORGANISATIONS).map(|line| typed(line?)).collect()
}

/// Every person.
pub(super) fn people() -> Result<Vec<PersonLine>> {
    lines(PEOPLE).map(|line| typed(line?)).collect()
}

/// Every investor, without its deals.
pub(super) fn investors(symbols: &Symbols) -> Result<Vec<InvestorLine>> {
    let one = |line: Result<Value>| {
        let mut line = line?;
        if let Some(members) = line.as_object_mut() {
            members.remove("portfolio");
        }
        symbols.resolve(&mut line)?;
        typed(line)
    };
    lines(INVESTORS).map(one).collect()
}

/// The deals of every investor, each with the key of its organisation.
pub(super) fn portfolios(symbols: &Symbols) -> Result<Vec<(String, Portfolio)>> {
    let one = |line: Result<Value>| {
        let mut line = line?;
        let mut take = |name: &str| line.get_mut(name).map(Value::take).unwrap_or_default();
        let (organisation, mut portfolio) = (take("organisation"), take("portfolio"));
        symbols.resolve(&mut portfolio)?;
        Ok((typed(organisation)?, typed(portfolio)?))
    };
    lines(INVESTORS).map(one).collect()
}

/// Every startup.
pub(super) fn startups(symbols: &Symbols) -> Result<Vec<StartupLine>> {
    let one = |line: Result<Value>| {
        let mut line = line?;
        symbols.resolve(&mut line)?;
        typed(line)
    };
    lines(STARTUPS).map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{ids::*, time::Timestamp};
    use crate::profiles::common::Facts;
    use std::collections::BTreeSet;

    fn symbols() -> Symbols {
        let at: Timestamp = "2026-11-22T12:00:00Z".parse().expect("instant");
        let mut symbols = Symbols::of(at.day());
        for line in organisations().expect("organisations") {
            symbols.define("organisation", &line.key, OrganisationId::new(at));
            symbols.define("startup", &line.key, StartupId::new(at));
            symbols.define("investor", &line.key, InvestorId::new(at));
        }
        symbols
    }

    #[test]
    fn everything_parses_and_holds_together() {
        let symbols = symbols();
        let today = "2026-11-22".parse().expect("a day");
        let (startups, investors) =
            (startups(&symbols).expect("startups"), investors(&symbols).expect("investors"));
        assert!(startups.len() >= 80 && investors.len() >= 50);
        for startup in &startups {
            assert_eq!(startup.facts.faults(today), [], "{}", startup.organisation);
            let keys: BTreeSet<_> =
                startup.facts.references.iter().flatten().filter_map(|r| r.key.clone()).collect();
            assert!(startup.assessment.verified_references.is_subset(&keys), "{}", startup.organisation);
        }
        for (investor, (key, portfolio)) in investors.iter().zip(portfolios(&symbols).expect("portfolios")) {
            assert_eq!(investor.organisation, key);
            assert_eq!(investor.facts.faults(today), [], "{key}");
            assert_eq!(portfolio.faults(today), [], "{key}");
            assert!(portfolio.deals.len() >= 3, "{key}");
        }
    }

    #[test]
    fn organisations_and_profiles_belong_together() {
        let symbols = symbols();
        let organisations = organisations().expect("organisations");
        let hosted =
            |kind| organisations.iter().filter(move |o| o.kind == kind).map(|o| o.key.clone()).collect();
        let startups: BTreeSet<String> =
            startups(&symbols).expect("startups").into_iter().map(|s| s.organisation).collect();
        let investors: BTreeSet<String> =
            investors(&symbols).expect("investors").into_iter().map(|i| i.organisation).collect();
        assert_eq!(startups, hosted(OrganisationKind::Startup));
        assert_eq!(investors, hosted(OrganisationKind::Investor));
        let keys: BTreeSet<&String> = organisations.iter().map(|o| &o.key).collect();
        assert_eq!(keys.len(), organisations.len());
        assert!(people().expect("people").iter().flat_map(|p| &p.owns).all(|key| keys.contains(key)));
    }

    #[test]
    fn the_world_has_many_homes_and_corridors() {
        let symbols = symbols();
        let startups = startups(&symbols).expect("startups");
        let homes: BTreeSet<_> =
            organisations().expect("organisations").into_iter().map(|o| o.country).collect();
        assert!(homes.len() >= 15);
        let pairs = startups
            .iter()
            .flat_map(|s| s.facts.markets.iter().flatten().map(|(market, _)| (s.facts.home, *market)));
        assert!(pairs.collect::<BTreeSet<_>>().len() >= 60);
    }

    #[test]
    fn nothing_can_be_taken_for_real() {
        for text in [ORGANISATIONS, STARTUPS, INVESTORS, PEOPLE] {
            for (at, _) in text.match_indices("https://") {
                let host = text[at + 8..].split(['/', '"']).next().unwrap_or_default();
                assert!(host.ends_with(".example"), "{host}");
            }
            for (at, _) in text.match_indices('@').filter(|(at, _)| !text[..*at].ends_with('"')) {
                assert!(text[at..].starts_with("@demo.example\""), "{}", &text[at..at + 20]);
            }
        }
        assert!(organisations().expect("organisations").iter().all(|o| o.name.contains("(demo")));
        assert!(people().expect("people").iter().all(|p| p.name.ends_with(" Demo")));
    }

    #[test]
    fn an_accelerator_took_fifteen_of_which_eight_chose_china_and_three_got_offers() {
        let china = "CN".parse().expect("country");
        let startups = startups(&symbols()).expect("startups");
        let markets = |s: &StartupLine| {
            let of = |a: &crate::profiles::startups::facts::AcceleratorRecord| {
                a.programme.as_ref().is_some_and(|p| p.as_str().contains("Springtide")).then_some(a.market)
            };
            s.facts.accelerators.iter().flatten().find_map(of)
        };
        let chose = |s: &&StartupLine| markets(s) == Some(china);
        let offered = |s: &&StartupLine| {
            s.facts.offers_received.iter().flatten().any(|(market, n)| *market == china && n.get() > 0)
        };
        assert_eq!(startups.iter().filter(|s| markets(s).is_some()).count(), 15);
        assert_eq!(startups.iter().filter(chose).count(), 8);
        assert_eq!(startups.iter().filter(chose).filter(offered).count(), 3);
    }
}
