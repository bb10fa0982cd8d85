//! The deals an investor has done, as it records them.
//!
//! Invariant: one entry is one deal; a field that is absent is unknown. Read next: `super::propose`.

use super::super::common::{Backer, Faults};
use super::super::kind::Refers;
use super::super::words::{CityName, ExternalId, Name, WebAddress};
use crate::kernel::{
    error::{Error, FieldError, Result},
    ids::StartupId,
    money::Money,
    time::Day,
};
use crate::reference::{CountryCode, RoundCode, SectorCode};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// One deal that an investor has done; every field may be unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"company": "Lumen Photonics", "home": "FR", "sectors": ["photonics.imaging"], "round": "seed",
    "amount": {"amount": 150_000_000, "currency": "EUR"}, "on": "2025-03-01", "co_investors": [{"name": "Nordlicht Ventures"}]}))]
pub struct Deal {
    /// What the investor's own systems call it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<ExternalId>,
    /// What the company is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub company: Option<Name>,
    /// The company's profile here, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub startup: Option<StartupId>,
    /// Where the company came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub home: Option<CountryCode>,
    /// Its city, which counts only beside a home.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<CityName>,
    /// Its sectors, leaves or parents.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 5)]
    pub sectors: Option<BTreeSet<SectorCode>>,
    /// What was raised.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub round: Option<RoundCode>,
    /// The amount of the whole round.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<Day>,
    /// Who else was in (`with`).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 50)]
    pub co_investors: Option<Vec<Backer>>,
    /// Where it can be checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<WebAddress>,
}

/// What is said of a deal that says nothing.
pub(super) const EMPTY: &str =
    "says nothing of a deal: give at least one of company, home, sectors, round, amount, on";

impl Deal {
    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// The most deals of a portfolio.
pub const MOST_DEALS: usize = 2000;

/// All deals that an investor has recorded.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Portfolio {
    /// The deals, in any order.
    #[schema(max_items = 2000)]
    pub deals: Vec<Deal>,
}

impl Portfolio {
    /// What the deals refer to, each with its pointer.
    pub fn refers(&self) -> Vec<(String, Refers)> {
        let mut all = Vec::new();
        for (n, deal) in self.deals.iter().enumerate() {
            all.extend(deal.startup.map(|id| (format!("/deals/{n}/startup"), Refers::Startup(id))));
            for (m, other) in deal.co_investors.iter().flatten().enumerate() {
                let at = || format!("/deals/{n}/co_investors/{m}/investor");
                all.extend(other.investor.map(|id| (at(), Refers::Investor(id))));
            }
        }
        all
    }

    /// The portfolio with further deals, and how many of them took the place of one with the same external id.
    pub fn with(mut self, more: Vec<Deal>) -> Result<(Self, usize)> {
        let mut replaced = 0;
        for deal in more {
            let same =
                |known: &&mut Deal| known.external_id.is_some() && known.external_id == deal.external_id;
            match self.deals.iter_mut().find(same) {
                Some(known) => {
                    *known = deal;
                    replaced += 1;
                }
                None => self.deals.push(deal),
            }
        }
        if self.deals.len() > MOST_DEALS {
            let detail = format!("a portfolio has at most {MOST_DEALS} deals");
            return Err(Error::field("/deals", "too_many", detail));
        }
        Ok((self, replaced))
    }

    /// The portfolio as others may read it: without what the investor's own systems call the deals.
    #[must_use]
    pub fn for_others(mut self) -> Self {
        self.deals.iter_mut().for_each(|deal| deal.external_id = None);
        self
    }

    /// Everything that is wrong with the deals taken together, and what they say to have been after today.
    pub fn faults(&self, today: Day) -> Vec<FieldError> {
        let mut faults = Faults::default();
        let mut seen = BTreeSet::new();
        for (n, deal) in self.deals.iter().enumerate() {
            let fresh = deal.external_id.as_ref().is_none_or(|id| seen.insert(id));
            faults.demand(fresh, format!("/deals/{n}/external_id"), "duplicate", "is that of another deal");
            faults.past(deal.on, today, format!("/deals/{n}/on"));
            faults.demand(!deal.is_empty(), format!("/deals/{n}"), "required", EMPTY);
            let others = deal.co_investors.iter().flatten();
            let others = others.map(|o| (o.investor.is_some(), o.name.as_ref()));
            faults.named(&format!("/deals/{n}/co_investors"), others);
        }
        faults.into_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn deals_that_are_the_same_or_empty_or_still_to_come_and_nameless_others_are_reported() {
        let portfolio: Portfolio = serde_json::from_value(json!({"deals": [
            {"external_id": "a", "on": "2026-11-23"}, {"external_id": "a", "co_investors": [{"name": "x"}, {}]}, {},
            {"on": "2026-11-24"}]}))
        .expect("portfolio");
        let today = "2026-11-22".parse().expect("a day");
        let places: Vec<String> =
            portfolio.faults(today).iter().map(|f| format!("{:?} {}", f.at, f.code)).collect();
        assert_eq!(
            places,
            [
                "Pointer(\"/deals/1/external_id\") duplicate",
                "Pointer(\"/deals/1/co_investors/1\") required",
                "Pointer(\"/deals/2\") required",
                "Pointer(\"/deals/3/on\") out_of_range"
            ]
        );
        assert!(portfolio.for_others().deals.iter().all(|d| d.external_id.is_none()));
    }
}
