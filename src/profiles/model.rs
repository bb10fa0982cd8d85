//! A profile of either kind: identity, state, how complete and how fresh it is.
//!
//! Invariant: what is pure about profiles is here; nothing in this file knows a clock or a database.
//! Read next: [`super::kind`], then [`super::store`].

use super::common::Facts;
use super::kind::Kind;
use crate::identity::OrganisationState;
use crate::kernel::{ids::OrganisationId, time::Timestamp};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use utoipa::ToSchema;

/// Where a profile stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Only its organisation sees it.
    Draft,
    /// It takes part.
    Published,
    /// It took part once; only its organisation sees it.
    Withdrawn,
}

impl State {
    /// The word in the database and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Published => "published",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The state of a word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Draft, Self::Published, Self::Withdrawn].into_iter().find(|s| s.as_str() == word)
    }
}

/// A profile as it stands, with its facts.
#[derive(Clone, Debug)]
pub struct Profile<K: Kind> {
    /// The permanent number.
    pub number: i64,
    /// The public id.
    pub id: K::Id,
    /// The permanent number of the organisation that owns it.
    pub organisation_number: i64,
    /// The organisation that owns it.
    pub organisation: OrganisationId,
    /// Where that organisation stands.
    pub organisation_state: OrganisationState,
    /// Where it stands.
    pub state: State,
    /// The revision of the facts, from 1.
    pub revision: i64,
    /// Changes with every change of anything.
    pub version: i64,
    /// Whether it belongs to the demo world.
    pub demo: bool,
    /// Whether it was made by somebody else and may be claimed.
    pub claimable: bool,
    /// When it was registered.
    pub created_at: Timestamp,
    /// When anything of it changed last.
    pub updated_at: Timestamp,
    /// When it was first published.
    pub published_at: Option<Timestamp>,
    /// When a person last said that the facts hold.
    pub confirmed_at: Option<Timestamp>,
    /// The facts.
    pub facts: K::Facts,
}

impl<K: Kind> Profile<K> {
    /// Whether it takes part: published by an organisation that takes part.
    pub fn is_active(&self) -> bool {
        self.state == State::Published && self.organisation_state == OrganisationState::Approved
    }
}

/// How much of what would help is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Completeness {
    /// From 0 to 100, weighed by what a fact gains.
    #[schema(minimum = 0, maximum = 100, example = 63)]
    pub percent: u8,
    /// The missing fact that would gain most.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "references")]
    pub next: Option<&'static str>,
    /// All missing facts, the most useful first.
    #[schema(example = json!(["references", "ip"]))]
    pub missing: Vec<&'static str>,
}

/// The names of the facts that are known, none included.
pub fn known<F: Facts>(facts: &F) -> Vec<String> {
    match serde_json::to_value(facts) {
        Ok(serde_json::Value::Object(object)) => object.into_iter().map(|(name, _)| name).collect(),
        _ => Vec::new(),
    }
}

/// How complete facts are.
pub fn completeness<F: Facts>(facts: &F) -> Completeness {
    let known = known(facts);
    let mut missing: Vec<&(&'static str, u8)> =
        F::GAINS.iter().filter(|(name, _)| !known.iter().any(|k| k == name)).collect();
    missing.sort_by_key(|(_, gain)| std::cmp::Reverse(*gain));
    let lost: u8 = missing.iter().map(|(_, gain)| *gain).sum();
    let missing: Vec<&'static str> = missing.iter().map(|(name, _)| *name).collect();
    Completeness { percent: 100u8.saturating_sub(lost), next: missing.first().copied(), missing }
}

/// The names of the facts in which two documents differ, sorted.
pub fn changed<F: Facts>(before: &F, after: &F) -> Vec<String> {
    let object = |facts: &F| match serde_json::to_value(facts) {
        Ok(serde_json::Value::Object(object)) => object,
        _ => serde_json::Map::new(),
    };
    let (before, after) = (object(before), object(after));
    let mut names: Vec<String> =
        before.keys().chain(after.keys()).filter(|k| before.get(*k) != after.get(*k)).cloned().collect();
    names.sort();
    names.dedup();
    names
}

const DAY: Duration = Duration::from_secs(86_400);

/// After this long without a confirmation a profile counts as stale: the score has fallen as far as it falls.
pub const STALE_AFTER: Duration = Duration::from_secs(365 * 86_400);

/// The owner is reminded this long before.
pub const REMIND_BEFORE: Duration = Duration::from_secs(30 * 86_400);

/// The last confirmation of a profile whose owner is to be reminded now: what was confirmed up to this instant.
pub fn remind_up_to(now: Timestamp) -> Timestamp {
    now.minus(STALE_AFTER - REMIND_BEFORE)
}

/// When a profile confirmed at `at` becomes stale.
pub fn stale_at(at: Timestamp) -> Timestamp {
    at.plus(STALE_AFTER)
}

/// Whole days between two instants, for a reminder.
pub fn days_between(from: Timestamp, to: Timestamp) -> i64 {
    (to.micros() - from.micros()).div_euclid(i64::try_from(DAY.as_micros()).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profiles::{InvestorFacts, StartupFacts};
    use serde_json::json;

    #[test]
    fn completeness_counts_what_is_known_to_be_none_and_names_the_best_next_fact() {
        assert_eq!(completeness(&StartupFacts::default()).percent, 0);
        let facts: StartupFacts =
            serde_json::from_value(json!({"sector": "ict.ai", "stage": "seed", "references": []}))
                .expect("facts");
        let complete = completeness(&facts);
        assert_eq!((complete.percent, complete.next), (26, Some("markets")));
        assert!(!complete.missing.contains(&"references"));
        assert_eq!(completeness(&InvestorFacts::default()).next, Some("focus"));
    }

    #[test]
    fn a_change_is_known_by_the_names_of_its_facts() {
        let facts = |v| serde_json::from_value::<StartupFacts>(v).expect("facts");
        let before = facts(json!({"name": "A", "city": "Tomsk", "references": []}));
        let after = facts(json!({"name": "A", "city": "Omsk"}));
        assert_eq!(changed(&before, &after), ["city", "references"]);
        assert!(changed(&before, &before).is_empty());
    }

    #[test]
    fn the_reminder_comes_thirty_days_before_a_profile_is_stale() {
        let confirmed: Timestamp = "2026-01-01T00:00:00Z".parse().expect("instant");
        let due: Timestamp = "2026-12-02T00:00:00Z".parse().expect("instant");
        assert_eq!(remind_up_to(due), confirmed);
        assert_eq!(days_between(due, stale_at(confirmed)), 30);
    }
}
