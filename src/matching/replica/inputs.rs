//! Profiles as the engine reads them.
//!
//! Invariant: every input of the score is taken from here and nowhere else; what a profile does not say stays unknown, and
//! money in a currency without a rate is unknown. Read next: [`crate::engine::profile`].

use crate::db::Conn;
use crate::engine::profile::{Deal, Investor, Startup, parse_value};
use crate::engine::{Listing, words::Country};
use crate::kernel::{
    error::{Error, Result},
    ids::{InvestorId, StartupId},
    money::Money,
    time::Day,
};
use crate::profiles::{
    InvestorFacts, RankedInvestor, RankedStartup, StartupFacts,
    common::{Backer, Institution},
    investors::{Deal as PastDeal, facts::InvestorWeights, facts::Stages},
    ranked_investors,
    startups::facts as said,
};
use crate::reference::{self, Catalogue, Rates, RoundCode, StageCode, TableName};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};

/// What turns words and money into the engine's numbers.
pub struct Intake<'a> {
    /// The reference data.
    pub catalogue: &'a Catalogue,
    /// The exchange rates.
    pub rates: &'a Rates,
    /// The day of the score.
    pub as_of: Day,
    /// The permanent numbers of startups.
    pub startups: &'a HashMap<StartupId, u64>,
    /// The permanent numbers of investors.
    pub investors: &'a HashMap<InvestorId, u64>,
}

/// A JSON object that leaves out what is not known.
#[derive(Default)]
struct Known(Map<String, Value>);

impl Known {
    fn put(&mut self, name: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.0.insert(name.to_owned(), value.into());
        }
    }
}

fn words<T: ToString>(words: impl IntoIterator<Item = T>) -> Value {
    words.into_iter().map(|w| Value::from(w.to_string())).collect()
}

fn table<K: ToString, V: Into<Value>>(rows: impl IntoIterator<Item = (K, V)>) -> Value {
    Value::Object(rows.into_iter().map(|(key, value)| (key.to_string(), value.into())).collect())
}

impl Intake<'_> {
    /// A startup, or nothing where it does not even say where it comes from.
    pub fn startup(&self, record: &RankedStartup) -> Result<Option<Startup>> {
        let RankedStartup { profile, assessment } = record;
        let facts = &profile.facts;
        let Some(home) = facts.home else { return Ok(None) };
        let mut known = Known::default();
        known.put("id", Some(profile.number));
        known.put("home", Some(home.as_str().to_owned()));
        known.put("active", Some(profile.is_active()));
        known.put("updated", profile.confirmed_at.map(|at| at.day().number()));
        let pitch = assessment.pitch.as_ref();
        known.put("pitch", pitch.map(|p| json!([p.calibrated.get(), p.judges.get(), p.on.number()])));
        self.startup_trade(facts, &mut known);
        self.startup_markets(record, &mut known);
        self.startup_wishes(facts, &mut known);
        build(known, &profile.id.to_string()).map(Some)
    }

    fn startup_trade(&self, facts: &StartupFacts, known: &mut Known) {
        known.put("city", facts.city.as_ref().map(ToString::to_string));
        known.put("sector", facts.sector.as_ref().map(ToString::to_string));
        known.put("sectors2", facts.further_sectors.as_ref().map(words));
        known.put("tags", facts.technologies.as_ref().map(words));
        known.put("stage", facts.stage.as_ref().and_then(|s| self.stage(s)));
        known.put("round", facts.round.as_ref().and_then(|r| self.round(r)));
        let ask = facts.ask.as_ref().and_then(|ask| {
            let cheque = ask.smallest_cheque.map_or(Some(0), |cheque| self.dollars(cheque));
            Some(json!([cheque?, self.dollars(ask.target)?]))
        });
        known.put("raise", ask);
        known.put(
            "backers",
            facts.backers.as_ref().map(|b| b.iter().filter_map(|b| self.backer(b)).collect::<Value>()),
        );
    }

    fn startup_markets(&self, record: &RankedStartup, known: &mut Known) {
        let facts = &record.profile.facts;
        known.put(
            "targets",
            facts.markets.as_ref().map(|m| table(m.iter().map(|(c, level)| (c, level.get())))),
        );
        let reference = |r: &said::Reference| {
            let verified =
                r.key.as_ref().is_some_and(|key| record.assessment.verified_references.contains(key));
            json!({"country": r.country.as_str(), "kind": r.kind.as_str(), "day": r.on.number(), "verified": verified})
        };
        known.put("refs", facts.references.as_ref().map(|r| r.iter().map(reference).collect::<Value>()));
        let programme =
            |a: &said::AcceleratorRecord| json!({"target": a.market.as_str(), "status": a.status.as_str()});
        known.put("accel", facts.accelerators.as_ref().map(|a| a.iter().map(programme).collect::<Value>()));
        known.put(
            "regulatory",
            facts.regulatory.as_ref().map(|r| table(r.iter().map(|(c, l)| (c, l.as_str())))),
        );
        known.put("ip", facts.ip.as_ref().map(|r| table(r.iter().map(|(c, l)| (c, l.as_str())))));
        known.put("localised", facts.localised.as_ref().map(words));
        known.put(
            "offers",
            facts.offers_received.as_ref().map(|o| table(o.iter().map(|(c, n)| (c, n.get())))),
        );
    }

    fn startup_wishes(&self, facts: &StartupFacts, known: &mut Known) {
        let spoken =
            facts.languages.as_ref().map(|l| l.iter().map(|(tag, level)| (tag.as_str(), level.get())));
        known.put("langs", spoken.map(|l| self.languages(l)));
        known.put("tz", facts.time_zone.as_ref().and_then(|z| self.catalogue.zone_offset(z.as_str())));
        known.put("interpreter", facts.interpreter);
        let bridge = |b: &said::StartupBridge| {
            let org = b.institution.key()?;
            Some(json!({"org": org, "country": b.country.as_str(), "strength": b.strength.get()}))
        };
        known.put("bridges", facts.bridges.as_ref().map(|b| b.iter().filter_map(bridge).collect::<Value>()));
        known.put("modes", facts.cooperation_models.as_ref().map(words));
        known.put("irl", facts.maturity.as_ref().and_then(|m| serde_json::to_value(m).ok()));
        known.put("needs", facts.needs.as_ref().map(words));
        known.put("types", facts.investor_kinds.as_ref().map(words));
        known.put("exclude_types", facts.exclude_investor_kinds.as_ref().map(words));
        let blocked = facts.blocks.iter().flatten().filter_map(|id| self.investors.get(id));
        known.put("blocks", Some(blocked.copied().collect::<Value>()));
        let weights = facts.weights.iter().flat_map(said::StartupWeights::by_factor);
        known.put("weights", Some(table(weights.filter_map(|(name, w)| Some((name, w?.get()))))));
    }

    /// An investor as it is and as startups may know it, or nothing where it does not say what and where it is.
    pub fn investor(&self, record: &RankedInvestor) -> Result<Option<Listing>> {
        let RankedInvestor { profile, deals } = record;
        let facts = &profile.facts;
        let (Some(kind), Some(home), Some(markets)) = (&facts.kind, facts.home, &facts.markets) else {
            return Ok(None);
        };
        let mut known = Known::default();
        known.put("id", Some(profile.number));
        known.put("type", Some(kind.as_str()));
        known.put("home", Some(home.as_str().to_owned()));
        known.put("markets", Some(words(markets)));
        known.put("active", Some(profile.is_active()));
        known.put("updated", profile.confirmed_at.map(|at| at.day().number()));
        self.investor_thesis(facts, &mut known);
        self.investor_terms(facts, &mut known);
        known.put("portfolio", Some(deals.iter().map(|deal| self.deal(deal)).collect::<Value>()));
        let mut published = known.0.clone();
        published.retain(|field, _| !PRIVATE.contains(&field.as_str()));
        let name = profile.id.to_string();
        let published = profile.is_active().then(|| build(Known(published), &name)).transpose()?;
        Ok(Some(Listing { thesis: build(known, &name)?, published }))
    }

    fn investor_thesis(&self, facts: &InvestorFacts, known: &mut Known) {
        known.put("city", facts.city.as_ref().map(ToString::to_string));
        known.put("generalist", facts.generalist);
        known.put(
            "focus",
            facts.focus.as_ref().map(|f| table(f.iter().map(|(sector, level)| (sector, level.get())))),
        );
        known.put("strict", facts.strict);
        known.put("tags", facts.technologies.as_ref().map(words));
        known.put("stages", facts.stages.as_ref().and_then(|s| self.stages(s)));
        let ticket = facts.ticket.as_ref();
        known.put("ticket", ticket.and_then(|t| Some(json!([self.dollars(t.min)?, self.dollars(t.max)?]))));
        let spoken =
            facts.languages.as_ref().map(|l| l.iter().map(|(tag, level)| (tag.as_str(), level.get())));
        known.put("langs", spoken.map(|l| self.languages(l)));
        known.put("tz", facts.time_zone.as_ref().and_then(|z| self.catalogue.zone_offset(z.as_str())));
        known.put("interpreter", facts.interpreter);
        known.put("bridges", facts.bridges.as_ref().map(|b| words(b.iter().filter_map(Institution::key))));
        known.put("modes", facts.cooperation_models.as_ref().map(words));
        known
            .put("access", facts.access.as_ref().map(|a| table(a.iter().map(|(c, level)| (c, level.get())))));
        known.put("offers", facts.offers.as_ref().map(words));
    }

    fn investor_terms(&self, facts: &InvestorFacts, known: &mut Known) {
        known.put("hard_stages", facts.hard_stages.as_ref().and_then(|s| self.stages(s)));
        known.put("hard_ticket", facts.hard_ticket);
        known.put("hard_modes", facts.hard_cooperation_models);
        known.put("only_targets", facts.only_targets);
        known.put("only_homes", facts.only_homes.as_ref().map(words));
        known.put("exclude_homes", facts.exclude_homes.as_ref().map(words));
        known.put("exclude_sectors", facts.exclude_sectors.as_ref().map(words));
        known.put("min_regulatory", facts.min_regulatory.as_ref().map(|l| l.as_str()));
        known.put("local_ref", facts.local_reference.as_ref().and_then(|l| serde_json::to_value(l).ok()));
        let blocked = facts.blocks.iter().flatten().filter_map(|id| self.startups.get(id));
        known.put("blocks", Some(blocked.copied().collect::<Value>()));
        let weights = facts.weights.iter().flat_map(InvestorWeights::by_factor);
        known.put("weights", Some(table(weights.filter_map(|(name, w)| Some((name, w?.get()))))));
    }

    fn deal(&self, deal: &PastDeal) -> Value {
        let mut known = Known::default();
        known.put("home", deal.home.map(|h| h.as_str().to_owned()));
        known.put("city", deal.city.as_ref().map(ToString::to_string));
        known.put("sectors", deal.sectors.as_ref().map(words));
        known.put("round", deal.round.as_ref().and_then(|r| self.round(r)));
        known.put("amount", deal.amount.and_then(|a| self.dollars(a)));
        known.put(
            "with",
            Some(deal.co_investors.iter().flatten().filter_map(|b| self.backer(b)).collect::<Value>()),
        );
        Value::Object(known.0)
    }

    fn dollars(&self, money: Money) -> Option<u64> {
        let facts = self.catalogue.currency(money.currency)?;
        self.rates.usd_floor(money, facts.minor_units, self.as_of)
    }

    fn stage(&self, stage: &StageCode) -> Option<u8> {
        self.catalogue.number(TableName::Stages, stage.as_str())
    }

    fn stages(&self, stages: &Stages) -> Option<Value> {
        Some(json!([self.stage(&stages.from)?, self.stage(&stages.to)?]))
    }

    fn round(&self, round: &RoundCode) -> Option<u8> {
        self.catalogue.number(TableName::Rounds, round.as_str())
    }

    /// Languages by their primary tag, each at the best level of its variants.
    fn languages<'t>(&self, spoken: impl Iterator<Item = (&'t str, u8)>) -> Value {
        let mut best = BTreeMap::<String, u8>::new();
        for (tag, level) in spoken {
            let primary = self.catalogue.primary_language(tag).unwrap_or(tag).to_owned();
            let entry = best.entry(primary).or_default();
            *entry = level.max(*entry);
        }
        table(best)
    }

    /// The number of a backer: that of its profile, or one made of its name, which no profile has.
    fn backer(&self, backer: &Backer) -> Option<u64> {
        let known = backer.investor.and_then(|id| self.investors.get(&id).copied());
        known.or_else(|| {
            let name = backer.name.as_ref()?.as_str().to_lowercase();
            let digest = Sha256::digest(name.as_bytes());
            let mut first = [0; 8];
            first.copy_from_slice(&digest[..8]);
            Some(u64::from_be_bytes(first) | 1 << 63)
        })
    }
}

/// Fields of the engine's input that no startup's list may rest on.
const PRIVATE: &[&str] =
    &["only_targets", "only_homes", "exclude_homes", "exclude_sectors", "blocks", "weights"];

fn build<T: serde::de::DeserializeOwned>(known: Known, whose: &str) -> Result<T> {
    parse_value(Value::Object(known.0)).map_err(|e| Error::internal(format!("{whose} cannot be scored: {e}")))
}

/// The recorded deals of one investor.
pub fn deals(conn: &mut Conn, catalogue: &Catalogue, as_of: Day, recorded: &[PastDeal]) -> Result<Vec<Deal>> {
    let (rates, none) = (reference::rates(conn)?, HashMap::new());
    let intake = Intake { catalogue, rates: &rates, as_of, startups: &HashMap::new(), investors: &none };
    let read = |deal| {
        parse_value(intake.deal(deal)).map_err(|e| Error::internal(format!("a deal cannot be read: {e}")))
    };
    recorded.iter().map(read).collect()
}

/// The whole thesis of one investor with its deals, or nothing where it does not say what and where it is.
pub fn thesis(conn: &mut Conn, catalogue: &Catalogue, as_of: Day, number: i64) -> Result<Option<Investor>> {
    let (rates, none) = (reference::rates(conn)?, HashMap::new());
    let intake = Intake { catalogue, rates: &rates, as_of, startups: &HashMap::new(), investors: &none };
    let records = ranked_investors(conn, Some(&[number]))?;
    let listing = records.first().map(|record| intake.investor(record)).transpose()?.flatten();
    Ok(listing.map(|listing| listing.thesis))
}

/// The recorded deals of every investor that takes part and says where it comes from, with its home.
pub fn portfolios(conn: &mut Conn, catalogue: &Catalogue, as_of: Day) -> Result<Vec<(Country, Vec<Deal>)>> {
    let rates = reference::rates(conn)?;
    let records = ranked_investors(conn, None)?;
    let numbers = records.iter().map(|r| (r.profile.id, r.profile.number as u64)).collect();
    let intake = Intake { catalogue, rates: &rates, as_of, startups: &HashMap::new(), investors: &numbers };
    let mut all = Vec::new();
    for record in records.iter().filter(|record| record.profile.is_active()) {
        if let Some(listing) = intake.investor(record)? {
            all.push((listing.thesis.home, listing.thesis.portfolio));
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::PRIVATE;
    use crate::kernel::visibility::{Class, Visible};
    use crate::profiles::{Investors, wire::View};

    #[test]
    fn what_only_its_organisation_sees_of_an_investor_is_in_no_startups_list() {
        let unscored = ["completeness", "external_id"];
        let own = View::<Investors>::FIELDS
            .iter()
            .filter(|(name, class)| *class == Class::Organisation && !unscored.contains(name));
        assert_eq!(own.map(|(name, _)| *name).collect::<Vec<_>>(), PRIVATE);
    }
}
