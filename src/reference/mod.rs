//! Reference data: countries, regions, blocs, currencies, rates, languages, zones, sectors, technologies, ladders, corridors.
//!
//! Most tables are files of `seeds/reference/`, built in, checked at start-up and never changed ([`Catalogue`]). Corridors and
//! exchange rates are the operator's: seeded once from the shipped rows, then changed by revisions.
//!
//! Invariant: nothing shipped is taken for the operator's word: corridors say `illustrative`, rates say `example`.
//! Reading order: `shipped`, `model`, `parse`, `catalogue`, then `rates` and `corridor`.

mod catalogue;
mod codes;
mod corridor;
mod model;
mod parse;
mod rates;
mod shipped;
#[cfg(test)]
mod tests;

pub use catalogue::{Catalogue, CurrencyFacts, SectorFacts};
pub use codes::{
    AcceleratorStatus, CooperationModel, CountryCode, InstrumentCode, InvestorKind, IpLevel, LanguageTag,
    NeedCode, ReferenceKind, RegulatoryLevel, RevenueBand, RoundCode, SectorCode, SectorLeaf, StageCode,
    TechnologyCode, UnknownCode, ZoneName,
};
pub use corridor::{Corridor, CorridorStatus, Pair, Terms};
pub use model::{Column, Kind, Meta, Row, Table, Value};
pub use parse::DataError;
pub use rates::{DatedRate, InvalidRate, RateStatus, Rates, UsdRate};
pub use shipped::TableName;
