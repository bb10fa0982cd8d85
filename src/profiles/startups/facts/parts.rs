//! The parts of a startup's facts that have fields of their own.
//!
//! Invariant: a field that is absent is unknown. Read next: [`super`].

use super::super::super::common::{Faults, Institution};
use super::super::super::words::{
    ExternalId, Level, Line, MaturityLevel, Note, ReferenceKey, WebAddress, Weight,
};
use crate::kernel::{money::Money, time::Day};
use crate::reference::{AcceleratorStatus, CountryCode, InstrumentCode, ReferenceKind};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// What a startup raises.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    /// The smallest cheque that it takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub smallest_cheque: Option<Money>,
    /// The amount of the whole round.
    pub target: Money,
    /// How the money may change hands.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 19)]
    pub instruments: Option<BTreeSet<InstrumentCode>>,
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub use_of_funds: Option<Note>,
    /// The day on which the round closes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closes_on: Option<Day>,
}

/// Something that speaks for a startup in a country. Others verify it; editing country, kind, date or title ends that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// What tells it from the others; made for you where you give none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<ReferenceKey>,
    /// The country in which it counts.
    pub country: CountryCode,
    /// What it is.
    pub kind: ReferenceKind,
    /// Since when (`day`).
    pub on: Day,
    /// Who gave it, or what it says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<Line>,
    /// Where it can be checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<WebAddress>,
    /// What the giver's or the owner's systems call it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<ExternalId>,
}

/// How far a startup has come in an export programme.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceleratorRecord {
    /// The market that the programme leads to (`target`).
    pub market: CountryCode,
    /// How far.
    pub status: AcceleratorStatus,
    /// Which programme.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub programme: Option<Line>,
}

/// An institution that knows a startup and has people in a market.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartupBridge {
    /// Which institution (`org`).
    pub institution: Institution,
    /// The market in which it has people.
    pub country: CountryCode,
    /// How close the connection is.
    pub strength: Level,
}

/// How mature a startup is on six scales; an absent one is unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Maturity {
    /// Technology.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trl: Option<MaturityLevel>,
    /// Customers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crl: Option<MaturityLevel>,
    /// Business model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brl: Option<MaturityLevel>,
    /// Intellectual property.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iprl: Option<MaturityLevel>,
    /// Team.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tmrl: Option<MaturityLevel>,
    /// Funding.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frl: Option<MaturityLevel>,
}

/// A startup's own weights; an absent one is the default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartupWeights {
    /// Does the investor open the markets it wants?
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access: Option<Weight>,
    /// Does the ticket suit the ask?
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ticket: Option<Weight>,
    /// Does the investor offer what is needed?
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_add: Option<Weight>,
    /// Has the investor done deals like this?
    #[serde(skip_serializing_if = "Option::is_none")]
    pub track: Option<Weight>,
    /// Can they talk to each other?
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comms: Option<Weight>,
    /// Does the investor answer?
    #[serde(skip_serializing_if = "Option::is_none")]
    pub responsive: Option<Weight>,
    /// Is it a wanted kind of investor?
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<Weight>,
    /// Do the forms of cooperation suit?
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<Weight>,
}

impl StartupWeights {
    /// Every factor and its weight, in the order of the score.
    pub fn by_factor(&self) -> [(&'static str, Option<Weight>); 8] {
        [
            ("access", self.access),
            ("ticket", self.ticket),
            ("value_add", self.value_add),
            ("track", self.track),
            ("comms", self.comms),
            ("responsive", self.responsive),
            ("type", self.kind),
            ("mode", self.mode),
        ]
    }
}

impl Reference {
    /// Whether the other makes the same claim: what verification is of.
    pub fn same_claim(&self, other: &Self) -> bool {
        let claim = |r: &Self| (r.country, r.kind.clone(), r.on, r.title.clone());
        claim(self) == claim(other)
    }
}

impl Ask {
    pub(super) fn check(&self, faults: &mut Faults) {
        let Some(smallest) = self.smallest_cheque else { return };
        let same = smallest.currency == self.target.currency;
        faults.demand(
            same,
            "/ask/smallest_cheque/currency",
            "inconsistent",
            "is not the currency of the target",
        );
        let fits = !same || smallest.amount <= self.target.amount;
        faults.demand(fits, "/ask/smallest_cheque/amount", "out_of_range", "is more than the target");
    }
}
