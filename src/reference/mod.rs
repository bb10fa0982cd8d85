//! Reference data: countries, regions, blocs, currencies, rates, languages, zones, sectors, technologies, ladders, corridors.
//!
//! Most tables are files of `seeds/reference/`, built in, checked at start-up and never changed ([`Catalogue`]). Corridors and
//! exchange rates are the operator's: seeded once from the shipped rows, then changed by revisions.
//!
//! Invariant: nothing shipped is taken for the operator's word: corridors say `illustrative`, rates say `example`.
//! Reading order: `shipped`, `model`, `parse`, `catalogue`, `codes`,
//! then `rates` and `corridor` with the verbs `seed`, `revise_corridor` and `import_rates`.

pub mod api;
mod catalogue;
mod codes;
mod corridor;
mod import_rates;
mod model;
mod parse;
mod rates;
mod revise_corridor;
mod seed;
mod shipped;
mod store;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod verb_tests;
mod wire;

pub use catalogue::{Catalogue, CurrencyFacts, SectorFacts};
pub use codes::{
    AcceleratorStatus, CooperationModel, CountryCode, InstrumentCode, InvestorKind, IpLevel, LanguageTag,
    NeedCode, ReferenceKind, RegulatoryLevel, RevenueBand, RoundCode, SectorCode, SectorLeaf, StageCode,
    TechnologyCode, UnknownCode, ZoneName,
};
pub use corridor::{Corridor, CorridorRevision, CorridorStatus, Pair, Terms};
pub use import_rates::{Imported, NewRate, import_rates, parse_rates, usd_floor};
pub use model::{Column, Kind, Meta, Row, Table, Value};
pub use parse::DataError;
pub use rates::{DatedRate, InvalidRate, RateStatus, Rates, UsdRate};
pub use revise_corridor::{corridor, revise_corridor};
pub use seed::seed;
pub use shipped::TableName;
pub use store::{corridors, corridors_version, rates, rates_version};
