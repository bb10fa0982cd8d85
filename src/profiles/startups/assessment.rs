//! What others have verified or calibrated of a startup.
//!
//! Invariant: a verification is of one claim (country, kind, date and title under a key); once the owner claims something else under
//! that key, it is gone. Read next: `super::super::assess`.

use super::facts::{Reference, StartupFacts};
use crate::kernel::time::Day;
use crate::profiles::words::{Judges, Ppm, ReferenceKey};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use utoipa::ToSchema;

/// How juries saw a startup's pitch, after calibration of the judges.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Pitch {
    /// The calibrated value; 500000 is the mean of its event.
    pub calibrated: Ppm,
    /// How many judges scored.
    pub judges: Judges,
    /// When.
    pub on: Day,
}

/// What others have verified or calibrated. Never written by the owner.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Assessment {
    /// The keys of the references that were verified.
    #[schema(max_items = 100)]
    pub verified_references: BTreeSet<ReferenceKey>,
    /// The latest pitch that counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pitch: Option<Pitch>,
}

/// An assessment as it is stored: with the claims that were verified.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Assessed {
    references: BTreeMap<ReferenceKey, Reference>,
    pitch: Option<Pitch>,
}

impl Assessed {
    /// The assessment of facts, or the keys that they do not have.
    pub fn of(assessment: Assessment, facts: &StartupFacts) -> Result<Self, Vec<ReferenceKey>> {
        let references = facts.references.iter().flatten();
        let known: BTreeMap<ReferenceKey, Reference> =
            references.filter_map(|r| Some((r.key.clone()?, r.clone()))).collect();
        let missing: Vec<ReferenceKey> =
            assessment.verified_references.iter().filter(|k| !known.contains_key(*k)).cloned().collect();
        if !missing.is_empty() {
            return Err(missing);
        }
        let verified = known.into_iter().filter(|(key, _)| assessment.verified_references.contains(key));
        Ok(Self { references: verified.collect(), pitch: assessment.pitch })
    }

    /// What of it still holds of the facts as they are now.
    #[must_use]
    pub fn holding(mut self, facts: &StartupFacts) -> Self {
        let now: Vec<&Reference> = facts.references.iter().flatten().collect();
        self.references
            .retain(|key, was| now.iter().any(|r| r.key.as_ref() == Some(key) && r.same_claim(was)));
        self
    }

    /// The assessment as it is shown.
    pub fn shown(&self) -> Assessment {
        Assessment {
            verified_references: self.references.keys().cloned().collect(),
            pitch: self.pitch.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn facts(references: Value) -> StartupFacts {
        serde_json::from_value(json!({"references": references})).expect("facts")
    }

    fn verified(keys: &[&str]) -> Assessment {
        Assessment { verified_references: keys.iter().filter_map(|k| k.parse().ok()).collect(), pitch: None }
    }

    #[test]
    fn a_verification_ends_when_the_claim_changes_and_survives_other_edits() {
        let claim = |kind: &str, evidence: &str| json!({"key": "a", "country": "CN", "kind": kind, "on": "2026-01-01", "evidence": evidence});
        let before = facts(json!([claim("pilot", "https://a.example")]));
        let assessed = Assessed::of(verified(&["a"]), &before).expect("known");
        let keys = |after: Value| assessed.clone().holding(&facts(after)).shown().verified_references.len();
        assert_eq!(keys(json!([claim("pilot", "https://b.example")])), 1);
        assert_eq!(keys(json!([claim("customer", "https://a.example")])), 0);
        assert_eq!(keys(json!([])), 0);
    }

    #[test]
    fn only_references_that_are_there_can_be_verified() {
        let missing = Assessed::of(verified(&["a", "b"]), &facts(json!([]))).expect_err("unknown");
        assert_eq!(missing.len(), 2);
    }
}
