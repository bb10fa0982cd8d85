//! A version of the world tables, and its tables as JSON.
//!
//! Invariant: tables → JSON → tables is the identity. Read next: [`mod@super::rebuild`].

use crate::engine::profile::{Base, Flow};
use crate::kernel::{
    error::{Error, Result},
    ids::WorldId,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::fmt::Display;
use utoipa::ToSchema;

/// Where a version of the world tables stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WorldState {
    /// Made and not used yet.
    Draft,
    /// What every score uses.
    Active,
    /// Used once.
    Retired,
}

impl WorldState {
    /// The word in the database and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Active => "active",
            Self::Retired => "retired",
        }
    }

    /// The state of a word of the database.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Draft, Self::Active, Self::Retired].into_iter().find(|s| s.as_str() == word)
    }
}

/// The tables of a version.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorldTables {
    /// Known deals by home of the startup and home of the investor.
    pub flows: Vec<Flow>,
    /// How common everything is among all known deals.
    pub base: Base,
}

/// A version without its tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorldVersion {
    /// The permanent number.
    pub number: i64,
    /// The public id.
    pub id: WorldId,
    /// Where it stands.
    pub state: WorldState,
    /// How many deals it was counted from.
    pub deals: i64,
    /// The version of the row, for `If-Match`.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was put to use.
    pub activated_at: Option<Timestamp>,
}

impl WorldTables {
    /// The flows as JSON, in the form of the engine's input.
    pub fn flows_json(&self) -> String {
        let row =
            |f: &Flow| json!({"home": f.home.to_string(), "market": f.market.to_string(), "deals": f.deals});
        Value::Array(self.flows.iter().map(row).collect()).to_string()
    }

    /// The shares as JSON, in the form of the engine's input.
    pub fn base_json(&self) -> String {
        let base = &self.base;
        let city = base.city.iter().map(|(country, shares)| {
            let shares = shares.iter().map(|(city, share)| (city.clone(), Value::from(share.get())));
            (country.to_string(), Value::Object(shares.collect()))
        });
        json!({
            "home": shares(base.home.iter().map(|(k, v)| (k, v.get()))),
            "sector": shares(base.sector.iter().map(|(k, v)| (k.as_str(), v.get()))),
            "round": shares(base.round.iter().map(|(k, v)| (k.get(), v.get()))),
            "ticket": shares(base.ticket.iter().map(|(k, v)| (k.get(), v.get()))),
            "city": Value::Object(city.collect()),
        })
        .to_string()
    }

    /// The tables of two JSON texts.
    pub fn parse(flows: &str, base: &str) -> Result<Self> {
        let flows = serde_json::from_str(flows).map_err(Error::internal)?;
        Ok(Self { flows, base: serde_json::from_str(base).map_err(Error::internal)? })
    }
}

fn shares<K: Display>(rows: impl Iterator<Item = (K, i32)>) -> Value {
    Value::Object(rows.map(|(key, share)| (key.to_string(), Value::from(share))).collect::<Map<_, _>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_survive_the_way_through_json() {
        let flows = r#"[{"home":"RU","market":"CN","deals":12}]"#;
        let base = r#"{"home":{"RU":60000},"sector":{"ict":400000,"ict.ai":1},"round":{"3":250000},
            "ticket":{"40":9},"city":{"RU":{"Moscow":700000}}}"#;
        let tables = WorldTables::parse(flows, base).expect("tables");
        assert_eq!(WorldTables::parse(&tables.flows_json(), &tables.base_json()).expect("again"), tables);
        assert_eq!((tables.flows[0].deals, tables.base.city.len()), (12, 1));
    }
}
