//! Facts made up from a seed, with every field filled or some left out.
//!
//! Invariant: the same seed makes the same facts, and they are facts that a request may write. Read next: [`super`].

use serde_json::{Map, Value, json};
use springboard::kernel::ids::{InvestorId, OrganisationId, StartupId};
use springboard::kernel::time::Timestamp;
use springboard::reference::*;
use std::fmt::Display;

/// A source of numbers (SplitMix64), and the ids that profiles may refer to.
pub struct Seed<'a> {
    /// The state.
    pub state: u64,
    /// Startups with a profile.
    pub startups: &'a [StartupId],
    /// Investors with a profile.
    pub investors: &'a [InvestorId],
    /// The countries.
    pub countries: &'a [CountryCode],
}

impl Seed<'_> {
    /// A number below a bound.
    pub fn below(&mut self, bound: usize) -> usize {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % bound as u64) as usize
    }

    fn one<T: Display>(&mut self, all: impl Iterator<Item = T>) -> Value {
        let all: Vec<T> = all.collect();
        json!(all[self.below(all.len())].to_string())
    }

    /// Up to so many different words, in any order.
    fn some<T: Display>(&mut self, most: usize, all: impl Iterator<Item = T>) -> Value {
        let mut all: Vec<String> = all.map(|word| word.to_string()).collect();
        let n = self.below(most + 1).min(all.len());
        (0..n).map(|_| all.swap_remove(self.below(all.len()))).collect()
    }

    fn country(&mut self) -> Value {
        json!(self.countries[self.below(self.countries.len())])
    }

    fn places(&mut self) -> Value {
        let countries = self.countries;
        self.some(6, countries.iter())
    }

    fn rows<T: Display>(
        &mut self,
        all: impl Iterator<Item = T>,
        mut value: impl FnMut(&mut Self) -> Value,
    ) -> Value {
        let keys = self.some(6, all);
        let keys = keys.as_array().expect("words").iter();
        keys.map(|key| (key.as_str().expect("a word").to_owned(), value(self))).collect::<Map<_, _>>().into()
    }

    fn by_country(&mut self, value: impl FnMut(&mut Self) -> Value) -> Value {
        let countries = self.countries;
        self.rows(countries.iter(), value)
    }

    fn list(&mut self, most: usize, mut item: impl FnMut(&mut Self) -> Value) -> Value {
        (0..self.below(most + 1)).map(|_| item(self)).collect()
    }

    /// A number from the first to the last.
    fn level(&mut self, first: usize, last: usize) -> Value {
        json!(first + self.below(last + 1 - first))
    }

    fn day(&mut self) -> Value {
        json!(format!("20{:02}-{:02}-{:02}", 10 + self.below(15), 1 + self.below(12), 1 + self.below(28)))
    }

    /// An amount; of one of the currencies no rate is known.
    fn money(&mut self) -> Value {
        let currency = ["USD", "EUR", "RUB", "JPY", "CNY", "KWD", "KPW"][self.below(7)];
        json!({"amount": self.below(900_000_000_000), "currency": currency})
    }

    /// A lower and an upper amount of one currency.
    fn range(&mut self) -> (Value, Value) {
        let (mut lower, mut upper) = (self.money(), self.money());
        upper["currency"] = lower["currency"].clone();
        if lower["amount"].as_i64() > upper["amount"].as_i64() {
            std::mem::swap(&mut lower, &mut upper);
        }
        (lower, upper)
    }

    fn stages(&mut self) -> Value {
        let (a, b) = (self.below(8), self.below(8));
        let code = |n: usize| StageCode::all().nth(n).map(|code| code.to_string());
        json!({"from": code(a.min(b)), "to": code(a.max(b))})
    }

    fn named(&mut self) -> Value {
        let name = ["Nordlicht Ventures", "NORDLICHT ventures", "Öst & Söner"][self.below(3)];
        json!({"name": name})
    }

    fn backer(&mut self) -> Value {
        let id = match self.below(8) {
            0 => InvestorId::new(Timestamp::from_micros(7)),
            _ => self.investors[self.below(self.investors.len())],
        };
        match self.below(3) {
            0 => json!({"investor": id}),
            1 => json!({"investor": id, "name": "Known by name too"}),
            _ => self.named(),
        }
    }

    fn institution(&mut self) -> Value {
        match self.below(2) {
            0 => json!({"organisation": OrganisationId::new(Timestamp::from_micros(self.below(9) as i64))}),
            _ => self.named(),
        }
    }

    /// Weights of so many factors, at least one of which weighs something.
    fn weights(&mut self, factors: &[&str]) -> Value {
        let mut weights: Map<String, Value> = Map::new();
        for factor in factors {
            if self.below(3) > 0 {
                weights.insert((*factor).to_owned(), self.level(0, 1000));
            }
        }
        weights.insert(factors[0].to_owned(), self.level(1, 1000));
        weights.into()
    }

    fn reference(&mut self, n: usize) -> Value {
        json!({"key": format!("r{n}"), "country": self.country(), "kind": self.one(ReferenceKind::all()), "on": self.day(),
            "title": "Pilot line", "evidence": "https://a.example/", "external_id": format!("crm-{n}")})
    }

    /// All facts of a startup.
    pub fn startup(&mut self) -> Value {
        let (cheque, target) = self.range();
        let investors = self.investors;
        let scales = ["trl", "crl", "brl", "iprl", "tmrl", "frl"];
        let factors = ["access", "ticket", "value_add", "track", "comms", "responsive", "type", "mode"];
        let mut facts = common();
        let scored = json!({
            "home": self.country(), "city": "Tomsk", "revenue": self.one(RevenueBand::all()),
            "sector": self.one(SectorLeaf::all()), "further_sectors": self.some(4, SectorLeaf::all()),
            "technologies": self.some(5, TechnologyCode::all()), "stage": self.one(StageCode::all()),
            "round": self.one(RoundCode::all()),
            "ask": {"smallest_cheque": cheque, "target": target, "instruments": self.some(2, InstrumentCode::all()),
                "use_of_funds": "The pilot line.", "closes_on": self.day()},
            "backers": self.list(6, Self::backer), "markets": self.by_country(|s| s.level(1, 3)),
            "references": (0..self.below(5)).map(|n| self.reference(n)).collect::<Value>(),
            "accelerators": self.list(3, |s| {
                json!({"market": s.country(), "status": s.one(AcceleratorStatus::all()), "programme": "Export"})
            }),
            "regulatory": self.by_country(|s| s.one(RegulatoryLevel::all())),
            "ip": self.by_country(|s| s.one(IpLevel::all())), "localised": self.places(),
            "offers_received": self.by_country(|s| s.level(0, 9)),
            "languages": self.rows(LanguageTag::all(), |s| s.level(1, 3)), "time_zone": self.one(ZoneName::all()),
            "interpreter": self.below(2) > 0,
            "bridges": self.list(4, |s| {
                json!({"institution": s.institution(), "country": s.country(), "strength": s.level(1, 3)})
            }),
            "cooperation_models": self.some(4, CooperationModel::all()),
            "maturity": scales.map(|scale| (scale.to_owned(), self.level(1, 9))).into_iter().collect::<Map<_, _>>(),
            "needs": self.some(4, NeedCode::all()), "investor_kinds": self.some(4, InvestorKind::all()),
            "exclude_investor_kinds": self.some(4, InvestorKind::all()), "blocks": self.some(4, investors.iter()),
            "weights": self.weights(&factors),
        });
        facts.extend(object(scored));
        facts.into()
    }

    /// All facts of an investor.
    pub fn investor(&mut self) -> Value {
        let (min, max) = self.range();
        let wish = ["none", "prefer", "require"][self.below(3)];
        let startups = self.startups;
        let factors = [
            "sector",
            "technology",
            "stage",
            "ticket",
            "country",
            "city",
            "co_investors",
            "local_refs",
            "readiness",
            "corridor",
            "comms",
            "maturity",
            "pitch",
            "mode",
        ];
        let mut markets = self.places();
        markets.as_array_mut().expect("markets").push(json!("CN"));
        let mut facts = common();
        let scored = json!({
            "kind": self.one(InvestorKind::all()), "home": self.country(), "city": "Shanghai", "markets": markets,
            "access": self.by_country(|s| s.level(0, 3)), "generalist": self.below(2) > 0,
            "focus": self.rows(SectorCode::all(), |s| s.level(1, 3)), "strict": self.below(2) > 0,
            "technologies": self.some(5, TechnologyCode::all()), "stages": self.stages(), "ticket": {"min": min, "max": max},
            "languages": self.rows(LanguageTag::all(), |s| s.level(1, 3)), "time_zone": self.one(ZoneName::all()),
            "interpreter": self.below(2) > 0, "bridges": self.list(4, Self::institution),
            "cooperation_models": self.some(4, CooperationModel::all()), "offers": self.some(4, NeedCode::all()),
            "hard_stages": self.stages(), "hard_ticket": self.below(2) > 0, "hard_cooperation_models": self.below(2) > 0,
            "min_regulatory": self.one(RegulatoryLevel::all()),
            "local_reference": wish, "only_targets": self.below(2) > 0,
            "only_homes": self.places(), "exclude_homes": self.places(),
            "exclude_sectors": self.some(5, SectorCode::all()), "blocks": self.some(4, startups.iter()),
            "weights": self.weights(&factors),
        });
        facts.extend(object(scored));
        facts.into()
    }

    /// All fields of a deal.
    pub fn deal(&mut self) -> Value {
        json!({
            "external_id": "crm-1", "company": "Lumen", "startup": self.startups[self.below(self.startups.len())],
            "home": self.country(), "city": "Lyon", "sectors": self.some(5, SectorCode::all()),
            "round": self.one(RoundCode::all()), "amount": self.money(), "on": self.day(),
            "co_investors": self.list(4, Self::backer), "evidence": "https://a.example/",
        })
    }

    /// What others say of a startup.
    pub fn assessment(&mut self) -> Value {
        json!({
            "verified_references": self.some(4, (0..5).map(|n| format!("r{n}"))),
            "pitch": {"calibrated": self.level(0, 1_000_000), "judges": self.level(1, 20), "on": self.day()},
        })
    }

    /// The same with each field left out by one chance in eight.
    pub fn partly(&mut self, facts: Value) -> Value {
        object(facts).into_iter().filter(|_| self.below(8) > 0).collect::<Map<_, _>>().into()
    }
}

fn object(value: Value) -> Map<String, Value> {
    value.as_object().cloned().expect("an object")
}

/// What both sides say for people to read.
fn common() -> Map<String, Value> {
    object(json!({
        "external_id": "crm-4711", "name": "Lumen", "other_names": {"ru": {"text": "Люмен"}},
        "one_liner": {"en": {"text": "Cameras"}}, "description": {"en": {"text": "We build cameras."}},
        "website": "https://lumen.example/", "links": [{"url": "https://a.example/", "label": "deck"}], "founded": 2019,
        "team_size": 12,
    }))
}
