//! The facts of a startup, as its owner writes them and as they are stored.
//!
//! Every input of the score that a startup may set itself is here, beside what people want to read; what others verify or
//! calibrate is in an assessment. The names in parentheses are those of the score's own input form.
//!
//! Invariant: a field that is absent is unknown. Read next: [`parts`], then `super::super::register`.

mod parts;

pub use parts::{AcceleratorRecord, Ask, Maturity, Reference, StartupBridge, StartupWeights};

use super::super::common::{Backer, Facts, Faults, Link, Wording};
use super::super::words::{
    CityName, Description, ExternalId, Fluency, Level, Name, OfferCount, OneLiner, ReferenceKey, TeamSize,
    WebAddress, Year,
};
use crate::kernel::{error::FieldError, ids::InvestorId, time::Day};
use crate::reference::{
    CooperationModel, CountryCode, InvestorKind, IpLevel, LanguageTag, NeedCode, RegulatoryLevel,
    RevenueBand, RoundCode, SectorLeaf, StageCode, TechnologyCode, ZoneName,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use utoipa::ToSchema;

/// The facts of a startup. Absent is unknown; an empty list or object says that there are none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartupFacts {
    /// What the organisation's own systems call this startup; unique within the organisation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<ExternalId>,
    /// What it is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Name>,
    /// What it is called in other languages or scripts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other_names: Option<BTreeMap<LanguageTag, Wording<Name>>>,
    /// What it does, in one sentence, by language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub one_liner: Option<BTreeMap<LanguageTag, Wording<OneLiner>>>,
    /// What it does, in paragraphs, by language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<BTreeMap<LanguageTag, Wording<Description>>>,
    /// Its own site.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub website: Option<WebAddress>,
    /// Pages elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 20)]
    pub links: Option<Vec<Link>>,
    /// Where it comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub home: Option<CountryCode>,
    /// Its city.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<CityName>,
    /// The year it was founded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub founded: Option<Year>,
    /// How many people work there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team_size: Option<TeamSize>,
    /// Annual revenue.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revenue: Option<RevenueBand>,
    /// Its main sector.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sector: Option<SectorLeaf>,
    /// Up to four further sectors (`sectors2`).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 4)]
    pub further_sectors: Option<BTreeSet<SectorLeaf>>,
    /// Technologies that cut across the sectors (`tags`).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 16)]
    pub technologies: Option<BTreeSet<TechnologyCode>>,
    /// How far it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<StageCode>,
    /// What is being raised; the stage where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub round: Option<RoundCode>,
    /// How much is being raised, and how (`raise`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ask: Option<Ask>,
    /// Who is in already, most active first; the first four count, a name without a profile here too.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 50)]
    pub backers: Option<Vec<Backer>>,
    /// The markets it wants to enter, and how much (`targets`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub markets: Option<BTreeMap<CountryCode, Level>>,
    /// What speaks for it, country by country (`refs`).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 100)]
    pub references: Option<Vec<Reference>>,
    /// Export programmes (`accel`).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 20)]
    pub accelerators: Option<Vec<AcceleratorRecord>>,
    /// How far approval has come, by market.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub regulatory: Option<BTreeMap<CountryCode, RegulatoryLevel>>,
    /// How far intellectual property is protected, by market.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ip: Option<BTreeMap<CountryCode, IpLevel>>,
    /// The markets for which the product is localised.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 50)]
    pub localised: Option<BTreeSet<CountryCode>>,
    /// How many offers partners have made, by market (`offers`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offers_received: Option<BTreeMap<CountryCode, OfferCount>>,
    /// The languages it works in, and how well (`langs`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub languages: Option<BTreeMap<LanguageTag, Fluency>>,
    /// Its time zone (`tz`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<ZoneName>,
    /// Whether it has an interpreter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interpreter: Option<bool>,
    /// Institutions that know it and have people in a market.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 20)]
    pub bridges: Option<Vec<StartupBridge>>,
    /// The forms of cooperation it accepts (`modes`).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 8)]
    pub cooperation_models: Option<BTreeSet<CooperationModel>>,
    /// How mature it is on six scales (`irl`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maturity: Option<Maturity>,
    /// What it needs besides money.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 15)]
    pub needs: Option<BTreeSet<NeedCode>>,
    /// The kinds of investors it wants (`types`).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 16)]
    pub investor_kinds: Option<BTreeSet<InvestorKind>>,
    /// The kinds of investors it does not want to meet (`exclude_types`).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 16, example = json!(["crowdfunding_platform"]))]
    pub exclude_investor_kinds: Option<BTreeSet<InvestorKind>>,
    /// The investors it does not want to meet. They do not find the startup in their lists; what it has published they can
    /// read, like everybody.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 500, example = json!([]))]
    pub blocks: Option<BTreeSet<InvestorId>>,
    /// Its own weights for its side of the score.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weights: Option<StartupWeights>,
}

impl Facts for StartupFacts {
    const NEEDED: &'static [&'static str] = &["name", "home", "sector", "stage"];

    const GAINS: &'static [(&'static str, u8)] = &[
        ("sector", 10),
        ("stage", 8),
        ("markets", 8),
        ("references", 8),
        ("ask", 8),
        ("languages", 6),
        ("home", 5),
        ("regulatory", 4),
        ("ip", 4),
        ("localised", 3),
        ("accelerators", 3),
        ("offers_received", 2),
        ("maturity", 4),
        ("technologies", 4),
        ("needs", 4),
        ("backers", 3),
        ("cooperation_models", 3),
        ("city", 2),
        ("time_zone", 2),
        ("bridges", 2),
        ("investor_kinds", 2),
        ("name", 1),
        ("one_liner", 2),
        ("description", 1),
        ("website", 1),
    ];

    fn faults(&self, today: Day) -> Vec<FieldError> {
        let mut faults = Faults::default();
        faults.past_year(self.founded, today, "/founded");
        if let Some(ask) = &self.ask {
            ask.check(&mut faults);
        }
        let keys: Vec<&ReferenceKey> =
            self.references.iter().flatten().filter_map(|r| r.key.as_ref()).collect();
        for (n, reference) in self.references.iter().flatten().enumerate() {
            let same = keys.iter().filter(|k| Some(**k) == reference.key.as_ref()).count();
            let twice = "is the key of another reference";
            faults.demand(same < 2, format!("/references/{n}/key"), "duplicate", twice);
            faults.past(Some(reference.on), today, format!("/references/{n}/on"));
        }
        faults.named(
            "/backers",
            self.backers.iter().flatten().map(|b| (b.investor.is_some(), b.name.as_ref())),
        );
        let institutions = self.bridges.iter().flatten().map(|b| &b.institution);
        faults.named("/bridges", institutions.map(|i| (i.organisation.is_some(), i.name.as_ref())));
        let contradiction =
            self.investor_kinds.iter().flatten().all(|kind| {
                self.exclude_investor_kinds.as_ref().is_none_or(|excluded| !excluded.contains(kind))
            });
        let detail = "excludes a kind of investor that is wanted";
        faults.demand(contradiction, "/exclude_investor_kinds", "contradiction", detail);
        let weights = self.weights.as_ref().map(StartupWeights::by_factor);
        let weighed = weights.is_none_or(|w| w.iter().any(|(_, weight)| weight.is_none_or(|w| w.get() > 0)));
        faults.demand(weighed, "/weights", "out_of_range", "all factors have the weight 0");
        faults.into_vec()
    }

    /// References without a key get that of the same reference before, or else the first free one of `r1`, `r2`, ….
    fn settled(mut self, before: Option<&Self>) -> Self {
        let old: Vec<Reference> = before.and_then(|b| b.references.clone()).unwrap_or_default();
        let references = self.references.iter_mut().flatten();
        let mut taken: BTreeSet<ReferenceKey> = BTreeSet::new();
        let (keyed, mut keyless): (Vec<_>, Vec<_>) = references.partition(|r| r.key.is_some());
        taken.extend(keyed.iter().filter_map(|r| r.key.clone()));
        for reference in &mut keyless {
            let same = old.iter().filter(|o| o.same_claim(reference)).filter_map(|o| o.key.clone());
            let kept = same.into_iter().find(|k| !taken.contains(k));
            let used = |k: &ReferenceKey| taken.contains(k) || old.iter().any(|o| o.key.as_ref() == Some(k));
            let fresh = || (1..).filter_map(|n| format!("r{n}").parse().ok()).find(|k| !used(k));
            let key = kept.or_else(fresh);
            taken.extend(key.clone());
            reference.key = key;
        }
        self
    }
}

#[cfg(test)]
mod tests;
