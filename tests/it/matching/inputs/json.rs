//! The JSON form of profiles, written field by field from their facts: what the engine would parse.
//!
//! Invariant: nothing here is shared with the builder of the engine's structs but the facts. Read next: [`super`].

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use springboard::kernel::money::Money;
use springboard::matching::replica::inputs::InputBuilder;
use springboard::profiles::{
    InvestorFacts, RankedInvestor, RankedStartup, StartupFacts,
    common::{Backer, Institution},
    investors::{Deal as PastDeal, Stages, facts::InvestorWeights},
    startups,
};
use springboard::reference::{RoundCode, StageCode, TableName};
use std::collections::BTreeMap;

/// What writes the JSON form, from the same reference data, rates and numbers as the builder.
pub struct Json<'a>(pub &'a InputBuilder<'a>);

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

impl Json<'_> {
    /// A startup in the JSON form; `None` where it does not even say where it comes from.
    pub fn startup(&self, record: &RankedStartup) -> Option<Value> {
        let RankedStartup { profile, assessment } = record;
        let facts = &profile.facts;
        let home = facts.home?;
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
        Some(Value::Object(known.0))
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
        let reference = |r: &startups::facts::Reference| {
            let verified =
                r.key.as_ref().is_some_and(|key| record.assessment.verified_references.contains(key));
            json!({"country": r.country.as_str(), "kind": r.kind.as_str(), "day": r.on.number(), "verified": verified})
        };
        known.put("refs", facts.references.as_ref().map(|r| r.iter().map(reference).collect::<Value>()));
        let programme = |a: &startups::facts::AcceleratorRecord| json!({"target": a.market.as_str(), "status": a.status.as_str()});
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
        known.put("tz", facts.time_zone.as_ref().and_then(|z| self.0.catalogue.zone_offset(z.as_str())));
        known.put("interpreter", facts.interpreter);
        let bridge = |b: &startups::facts::StartupBridge| {
            let org = b.institution.key()?;
            Some(json!({"org": org, "country": b.country.as_str(), "strength": b.strength.get()}))
        };
        known.put("bridges", facts.bridges.as_ref().map(|b| b.iter().filter_map(bridge).collect::<Value>()));
        known.put("modes", facts.cooperation_models.as_ref().map(words));
        known.put("irl", facts.maturity.as_ref().and_then(|m| serde_json::to_value(m).ok()));
        known.put("needs", facts.needs.as_ref().map(words));
        known.put("types", facts.investor_kinds.as_ref().map(words));
        known.put("exclude_types", facts.exclude_investor_kinds.as_ref().map(words));
        let blocked = facts.blocks.iter().flatten().filter_map(|id| self.0.investors.get(id));
        known.put("blocks", Some(blocked.copied().collect::<Value>()));
        let weights = facts.weights.iter().flat_map(startups::facts::StartupWeights::by_factor);
        known.put("weights", Some(table(weights.filter_map(|(name, w)| Some((name, w?.get()))))));
    }

    /// An investor as it is and as startups may know it, in the JSON form; `None` where it does not say what and where it is.
    pub fn investor(&self, record: &RankedInvestor) -> Option<(Value, Option<Value>)> {
        let RankedInvestor { profile, deals } = record;
        let facts = &profile.facts;
        let (kind, home, markets) = (facts.kind.as_ref()?, facts.home?, facts.markets.as_ref()?);
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
        let published = profile.is_active().then_some(Value::Object(published));
        Some((Value::Object(known.0), published))
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
        known.put("tz", facts.time_zone.as_ref().and_then(|z| self.0.catalogue.zone_offset(z.as_str())));
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
        let blocked = facts.blocks.iter().flatten().filter_map(|id| self.0.startups.get(id));
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
        let facts = self.0.catalogue.currency(money.currency)?;
        self.0.rates.usd_floor(money, facts.minor_units, self.0.as_of)
    }

    fn stage(&self, stage: &StageCode) -> Option<u8> {
        self.0.catalogue.number(TableName::Stages, stage.as_str())
    }

    fn stages(&self, stages: &Stages) -> Option<Value> {
        Some(json!([self.stage(&stages.from)?, self.stage(&stages.to)?]))
    }

    fn round(&self, round: &RoundCode) -> Option<u8> {
        self.0.catalogue.number(TableName::Rounds, round.as_str())
    }

    /// Languages by their primary tag, each at the best level of its variants.
    fn languages<'t>(&self, spoken: impl Iterator<Item = (&'t str, u8)>) -> Value {
        let mut best = BTreeMap::<String, u8>::new();
        for (tag, level) in spoken {
            let primary = self.0.catalogue.primary_language(tag).unwrap_or(tag).to_owned();
            let entry = best.entry(primary).or_default();
            *entry = level.max(*entry);
        }
        table(best)
    }

    /// The number of a backer: that of its profile, or one made of its name, which no profile has.
    fn backer(&self, backer: &Backer) -> Option<u64> {
        let known = backer.investor.and_then(|id| self.0.investors.get(&id).copied());
        known.or_else(|| {
            let name = backer.name.as_ref()?.as_str().to_lowercase();
            let digest = Sha256::digest(name.as_bytes());
            let mut first = [0; 8];
            first.copy_from_slice(&digest[..8]);
            Some(u64::from_be_bytes(first) | 1 << 63)
        })
    }
}

/// Fields of the JSON form that no startup's list may rest on.
const PRIVATE: &[&str] =
    &["only_targets", "only_homes", "exclude_homes", "exclude_sectors", "blocks", "weights"];
