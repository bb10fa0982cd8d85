//! The facts of an investor: its thesis, its limits and what people want to read, as its owner writes them.
//!
//! The deals it has done are apart, in [`super::portfolio`]. The names in parentheses are those of the score's own input form.
//!
//! Invariant: a field that is absent is unknown. Read next: `super::super::register`.

use super::super::common::{Facts, Faults, Institution, Link, Wording};
use super::super::words::{
    AccessLevel, CityName, Description, ExternalId, Fluency, Level, LocalReference, Name, OneLiner, TeamSize,
    WebAddress, Weight, Year,
};
use crate::kernel::{error::FieldError, ids::StartupId, money::Money, time::Day};
use crate::reference::{
    CooperationModel, CountryCode, InvestorKind, LanguageTag, NeedCode, RegulatoryLevel, SectorCode,
    StageCode, TechnologyCode, ZoneName,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use utoipa::ToSchema;

/// The facts of an investor. Absent is unknown; an empty list or object says that there are none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InvestorFacts {
    /// What the organisation's own systems call this investor; unique within the organisation.
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
    /// What kind of investor it is (`type`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<InvestorKind>,
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
    /// The markets it can open.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 1, max_items = 249)]
    pub markets: Option<BTreeSet<CountryCode>>,
    /// How far it opens each market; its home fully and others not at all where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access: Option<BTreeMap<CountryCode, AccessLevel>>,
    /// Whether it looks at every sector alike.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub generalist: Option<bool>,
    /// The sectors it looks for, leaves or parents, and how much.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub focus: Option<BTreeMap<SectorCode, Level>>,
    /// Whether focus and stages limit what it looks at; true where nothing is said, false in a proposed thesis.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strict: Option<bool>,
    /// Technologies that it looks for (`tags`).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 42)]
    pub technologies: Option<BTreeSet<TechnologyCode>>,
    /// The stages it looks for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stages: Option<Stages>,
    /// The cheques it writes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ticket: Option<Ticket>,
    /// The languages it works in, and how well (`langs`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub languages: Option<BTreeMap<LanguageTag, Fluency>>,
    /// Its time zone (`tz`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<ZoneName>,
    /// Whether it has an interpreter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interpreter: Option<bool>,
    /// The institutions it is connected with.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 50)]
    pub bridges: Option<Vec<Institution>>,
    /// The forms of cooperation it offers (`modes`).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 8)]
    pub cooperation_models: Option<BTreeSet<CooperationModel>>,
    /// What it offers besides money.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 15)]
    pub offers: Option<BTreeSet<NeedCode>>,
    /// The only stages it wants to be shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hard_stages: Option<Stages>,
    /// Whether an ask outside the ticket is not to be shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hard_ticket: Option<bool>,
    /// Whether a startup without a common form of cooperation is not to be shown (`hard_modes`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hard_cooperation_models: Option<bool>,
    /// The least regulatory level in the market.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_regulatory: Option<RegulatoryLevel>,
    /// What it asks of references in the market (`local_ref`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub local_reference: Option<LocalReference>,
    /// Whether only startups that want one of its markets are to be shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub only_targets: Option<bool>,
    /// The only homes to be shown; empty for all.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 249)]
    pub only_homes: Option<BTreeSet<CountryCode>>,
    /// The homes not to be shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 249, example = json!(["AQ"]))]
    pub exclude_homes: Option<BTreeSet<CountryCode>>,
    /// The sectors not to be shown, leaves or parents.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 250)]
    pub exclude_sectors: Option<BTreeSet<SectorCode>>,
    /// The startups not to be shown, among them those it holds already. They do not find the investor in their lists either;
    /// what it has published they can read, like everybody.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 2000, example = json!([]))]
    pub blocks: Option<BTreeSet<StartupId>>,
    /// Its own weights for its side of the score.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weights: Option<InvestorWeights>,
}

/// A range of stages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Stages {
    /// The earliest.
    pub from: StageCode,
    /// The latest.
    pub to: StageCode,
}

impl Stages {
    /// Whether the earliest is not after the latest.
    pub fn is_ordered(&self) -> bool {
        let place = |s: &StageCode| StageCode::all().position(|c| c == *s);
        place(&self.from) <= place(&self.to)
    }
}

/// The range of cheques that an investor writes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Ticket {
    /// The smallest.
    pub min: Money,
    /// The largest.
    pub max: Money,
}

/// An investor's own weights; an absent one is the default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InvestorWeights {
    /// Is it a sector that is looked for?
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sector: Option<Weight>,
    /// Does it use technologies that are looked for?
    #[serde(skip_serializing_if = "Option::is_none")]
    pub technology: Option<Weight>,
    /// Is it at a stage that is looked for?
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<Weight>,
    /// Does the ask suit the ticket?
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ticket: Option<Weight>,
    /// Does it come from a country in which deals were done?
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<Weight>,
    /// Does it come from a city in which deals were done?
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<Weight>,
    /// Are known investors in already?
    #[serde(skip_serializing_if = "Option::is_none")]
    pub co_investors: Option<Weight>,
    /// Has it references in the market?
    #[serde(skip_serializing_if = "Option::is_none")]
    pub local_refs: Option<Weight>,
    /// Is it ready for the market?
    #[serde(skip_serializing_if = "Option::is_none")]
    pub readiness: Option<Weight>,
    /// Do the two countries make it easy?
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corridor: Option<Weight>,
    /// Can they talk to each other?
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comms: Option<Weight>,
    /// How mature is it?
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maturity: Option<Weight>,
    /// How did juries see it?
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pitch: Option<Weight>,
    /// Do the forms of cooperation suit?
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<Weight>,
}

impl InvestorWeights {
    /// Every factor and its weight, in the order of the score.
    pub fn by_factor(&self) -> [(&'static str, Option<Weight>); 14] {
        [
            ("sector", self.sector),
            ("technology", self.technology),
            ("stage", self.stage),
            ("ticket", self.ticket),
            ("country", self.country),
            ("city", self.city),
            ("co_investors", self.co_investors),
            ("local_refs", self.local_refs),
            ("readiness", self.readiness),
            ("corridor", self.corridor),
            ("comms", self.comms),
            ("maturity", self.maturity),
            ("pitch", self.pitch),
            ("mode", self.mode),
        ]
    }
}

impl Facts for InvestorFacts {
    const NEEDED: &'static [&'static str] = &["name", "kind", "home", "markets"];

    const GAINS: &'static [(&'static str, u8)] = &[
        ("kind", 8),
        ("home", 8),
        ("markets", 10),
        ("focus", 14),
        ("stages", 10),
        ("ticket", 12),
        ("languages", 8),
        ("access", 6),
        ("offers", 8),
        ("cooperation_models", 4),
        ("technologies", 3),
        ("city", 2),
        ("time_zone", 2),
        ("bridges", 1),
        ("name", 1),
        ("one_liner", 2),
        ("description", 1),
    ];

    fn faults(&self, today: Day) -> Vec<FieldError> {
        let mut faults = Faults::default();
        faults.past_year(self.founded, today, "/founded");
        for (at, stages) in [("/stages", &self.stages), ("/hard_stages", &self.hard_stages)] {
            let ordered = stages.as_ref().is_none_or(Stages::is_ordered);
            faults.demand(ordered, format!("{at}/to"), "out_of_range", "is before the earliest stage");
        }
        if let Some(Ticket { min, max }) = &self.ticket {
            let same = min.currency == max.currency;
            faults.demand(
                same,
                "/ticket/max/currency",
                "inconsistent",
                "is not the currency of the smallest",
            );
            let fits = !same || min.amount <= max.amount;
            faults.demand(fits, "/ticket/max/amount", "out_of_range", "is less than the smallest");
        }
        let institutions = self.bridges.iter().flatten();
        faults.named("/bridges", institutions.map(|i| (i.organisation.is_some(), i.name.as_ref())));
        let (only, excluded) = (self.only_homes.iter().flatten(), self.exclude_homes.as_ref());
        let consistent = excluded.is_none_or(|excluded| only.clone().all(|home| !excluded.contains(home)));
        let detail = "excludes a home that is among the only ones to be shown";
        faults.demand(consistent, "/exclude_homes", "contradiction", detail);
        let weights = self.weights.as_ref().map(InvestorWeights::by_factor);
        let weighed = weights.is_none_or(|w| w.iter().any(|(_, weight)| weight.is_none_or(|w| w.get() > 0)));
        faults.demand(weighed, "/weights", "out_of_range", "all factors have the weight 0");
        faults.into_vec()
    }
}
