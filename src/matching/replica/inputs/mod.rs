//! Profiles and tables as the engine's structs.
//!
//! ```text
//! profiles (facts, deals, assessments) ──> startup, investor ──┐
//! reference (corridors, regions) · worlds (flows, base) ──> world ──> crate::engine::profile
//! ```
//!
//! Every fact is named where its struct is taken apart, and every field of the engine where its struct is made: a fact or a
//! field that is renamed, added or forgotten does not compile.
//!
//! Invariant: every input of the score is taken from here and nowhere else; what a profile does not say stays unknown, and
//! money in a currency without a rate is unknown. Read next: [`crate::engine::profile`].

mod investor;
mod startup;
mod world;

pub(super) use world::world;

use crate::db::Conn;
use crate::engine::profile::{Deal, Investor};
use crate::engine::words::{
    CooperationModel as Model, CooperationModels, Country, Level, Minutes, Round, Stage,
};
use crate::engine::{Factor, Overrides};
use crate::kernel::{
    error::{Error, Result},
    ids::{InvestorId, StartupId},
    money::Money,
    time::Day,
};
use crate::profiles::{
    Kind, Profile, common::Backer, investors::Deal as PastDeal, ranked_investors, words::Fluency,
    words::Weight,
};
use crate::reference::{
    self, Catalogue, CooperationModel, CountryCode, LanguageTag, Rates, RoundCode, StageCode, TableName,
    ZoneName,
};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Display;

/// A builder of the engine's inputs: what turns words and money into the engine's numbers.
pub struct InputBuilder<'a> {
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

/// The reason why something cannot be scored.
struct Unscorable(String);

impl<E: std::error::Error> From<E> for Unscorable {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}

impl Unscorable {
    fn of(self, what: impl Display) -> Error {
        Error::internal(format!("{what} cannot be scored: {}", self.0))
    }
}

type Built<T> = std::result::Result<T, Unscorable>;

/// The input of a profile where there is one. The place where a profile is left out of the ranking: one that cannot be scored
/// must not stop the others, and is logged; so is one that takes part although it does not say what the score needs.
pub(super) fn scored<K: Kind, T>(profile: &Profile<K>, input: Result<Option<T>>) -> Option<T> {
    match input {
        Ok(None) if profile.is_active() => {
            tracing::warn!(profile = %profile.id, "a published profile does not say what the score needs and is left out");
            None
        }
        Ok(input) => input,
        Err(e) => {
            tracing::error!(profile = %profile.id, cause = ?e.cause, "a profile cannot be scored and is left out");
            None
        }
    }
}

impl InputBuilder<'_> {
    fn dollars(&self, money: Money) -> Option<u64> {
        let facts = self.catalogue.currency(money.currency)?;
        self.rates.usd_floor(money, facts.minor_units, self.as_of)
    }

    fn stage(&self, stage: &StageCode) -> Built<Option<Stage>> {
        let number = self.catalogue.number(TableName::Stages, stage.as_str());
        Ok(number.map(|number| Stage::new(number.into())).transpose()?)
    }

    fn round(&self, round: &RoundCode) -> Built<Option<Round>> {
        let number = self.catalogue.number(TableName::Rounds, round.as_str());
        Ok(number.map(|number| Round::new(number.into())).transpose()?)
    }

    fn minutes(&self, zone: &ZoneName) -> Built<Option<Minutes>> {
        let offset = self.catalogue.zone_offset(zone.as_str());
        Ok(offset.map(|offset| Minutes::new(offset.into())).transpose()?)
    }

    /// Languages by their primary tag, each at the best level of its variants.
    fn languages(&self, spoken: &BTreeMap<LanguageTag, Fluency>) -> Built<BTreeMap<String, Level>> {
        let mut best = BTreeMap::new();
        for (tag, fluency) in spoken {
            let level = Level::new(fluency.get().into())?;
            let primary = self.catalogue.primary_language(tag.as_str()).unwrap_or(tag.as_str());
            let entry = best.entry(primary.to_owned()).or_insert(level);
            *entry = level.max(*entry);
        }
        Ok(best)
    }

    /// The number of a backer: that of its profile, or one made of its name, which no profile has.
    fn backer(&self, backer: &Backer) -> Option<u64> {
        let Backer { investor, name } = backer;
        let known = investor.and_then(|id| self.investors.get(&id).copied());
        known.or_else(|| {
            let name = name.as_ref()?.as_str().to_lowercase();
            let digest = Sha256::digest(name.as_bytes());
            let mut first = [0; 8];
            first.copy_from_slice(&digest[..8]);
            Some(u64::from_be_bytes(first) | 1 << 63)
        })
    }
}

fn country(code: CountryCode) -> Built<Country> {
    Ok(Country::parse(code.as_str())?)
}

fn countries(codes: &BTreeSet<CountryCode>) -> Built<BTreeSet<Country>> {
    codes.iter().map(|code| country(*code)).collect()
}

/// A table by country with its values parsed.
fn by_country<T, U>(
    rows: &BTreeMap<CountryCode, T>,
    parse: impl Fn(&T) -> Built<U>,
) -> Built<BTreeMap<Country, U>> {
    rows.iter().map(|(code, value)| Ok((country(*code)?, parse(value)?))).collect()
}

fn texts<T: ToString>(words: impl IntoIterator<Item = T>) -> BTreeSet<String> {
    words.into_iter().map(|word| word.to_string()).collect()
}

fn models<'m>(codes: impl IntoIterator<Item = &'m CooperationModel>) -> Built<CooperationModels> {
    codes.into_iter().map(|code| Ok(Model::parse(code.as_str())?)).collect()
}

/// Own weights of one side, factor by factor; where none is given every factor keeps its default.
fn overrides<F: Factor>(weight: impl Fn(F) -> Option<Weight>) -> Built<Overrides<F>> {
    let given =
        F::TABLE.iter().filter_map(|&(factor, ..)| Some((factor.name(), weight(factor)?.get().into())));
    Ok(Overrides::parse(given)?)
}

/// The recorded deals of one investor.
///
/// # Errors
/// A deal that cannot be scored, and failures of the database.
pub fn deals(conn: &mut Conn, catalogue: &Catalogue, as_of: Day, recorded: &[PastDeal]) -> Result<Vec<Deal>> {
    let (rates, none) = (reference::rates(conn)?, HashMap::new());
    let builder =
        InputBuilder { catalogue, rates: &rates, as_of, startups: &HashMap::new(), investors: &none };
    recorded.iter().map(|deal| builder.deal(deal).map_err(|e| e.of("a deal"))).collect()
}

/// The whole thesis of one investor with its deals; `None` where it does not say what and where it is.
///
/// # Errors
/// A profile that cannot be scored, and failures of the database.
pub fn thesis(conn: &mut Conn, catalogue: &Catalogue, as_of: Day, number: i64) -> Result<Option<Investor>> {
    let (rates, none) = (reference::rates(conn)?, HashMap::new());
    let builder =
        InputBuilder { catalogue, rates: &rates, as_of, startups: &HashMap::new(), investors: &none };
    let records = ranked_investors(conn, Some(&[number]))?;
    let listing = records.first().map(|record| builder.investor(record)).transpose()?.flatten();
    Ok(listing.map(|listing| listing.thesis))
}

/// The recorded deals of every investor that takes part and says where it comes from, with its home.
///
/// # Errors
/// A profile that cannot be scored, and failures of the database.
pub fn portfolios(conn: &mut Conn, catalogue: &Catalogue, as_of: Day) -> Result<Vec<(Country, Vec<Deal>)>> {
    let rates = reference::rates(conn)?;
    let records = ranked_investors(conn, None)?;
    let numbers = records.iter().map(|r| (r.profile.id, r.profile.number as u64)).collect();
    let startups = HashMap::new();
    let builder = InputBuilder { catalogue, rates: &rates, as_of, startups: &startups, investors: &numbers };
    let mut all = Vec::new();
    for record in records.iter().filter(|record| record.profile.is_active()) {
        if let Some(listing) = builder.investor(record)? {
            all.push((listing.thesis.home, listing.thesis.portfolio));
        }
    }
    Ok(all)
}
