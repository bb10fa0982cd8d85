//! The door for those who rank: profiles with everything that the score reads.
//!
//! Invariant: nothing is left out because it is a draft; who takes part is told by [`Profile::is_active`].
//! Read next: `matching::replica::inputs`.

use super::kind::{Investors, Kind, Startups};
use super::model::Profile;
use super::startups::Assessment;
use super::{investors::Deal, store};
use crate::db::Conn;
use crate::kernel::error::Result;

/// A startup with what others have verified or calibrated.
#[derive(Clone, Debug)]
pub struct RankedStartup {
    /// The startup.
    pub profile: Profile<Startups>,
    /// What others say of it.
    pub assessment: Assessment,
}

/// An investor with its recorded deals.
#[derive(Clone, Debug)]
pub struct RankedInvestor {
    /// The investor.
    pub profile: Profile<Investors>,
    /// Its deals.
    pub deals: Vec<Deal>,
}

fn wanted<K: Kind>(conn: &mut Conn, numbers: Option<&[i64]>) -> Result<Vec<i64>> {
    numbers.map_or_else(|| store::numbers::<K>(conn), |given| Ok(given.to_vec()))
}

/// Startups by their numbers, or all of them, sorted by number.
pub fn ranked_startups(conn: &mut Conn, numbers: Option<&[i64]>) -> Result<Vec<RankedStartup>> {
    let numbers = wanted::<Startups>(conn, numbers)?;
    if numbers.is_empty() {
        return Ok(Vec::new());
    }
    let mut assessed = store::parts::assessments(conn, &numbers)?;
    let profiles = store::load::<Startups>(conn, &numbers)?.into_iter();
    let ranked = profiles.map(|profile| {
        let assessment = assessed.remove(&profile.number).unwrap_or_default().holding(&profile.facts).shown();
        RankedStartup { profile, assessment }
    });
    Ok(ranked.collect())
}

/// Investors by their numbers, or all of them, sorted by number.
pub fn ranked_investors(conn: &mut Conn, numbers: Option<&[i64]>) -> Result<Vec<RankedInvestor>> {
    let numbers = wanted::<Investors>(conn, numbers)?;
    if numbers.is_empty() {
        return Ok(Vec::new());
    }
    let mut deals = store::parts::latest_deals(conn, &numbers)?;
    let profiles = store::load::<Investors>(conn, &numbers)?.into_iter();
    let ranked = profiles.map(|profile| {
        let deals = deals.remove(&profile.number).unwrap_or_default();
        RankedInvestor { profile, deals }
    });
    Ok(ranked.collect())
}

/// The numbers of an organisation's profiles: its startups, then its investors.
pub fn numbers_of_organisation(conn: &mut Conn, organisation: i64) -> Result<(Vec<i64>, Vec<i64>)> {
    let all = store::of_organisation(conn, organisation)?;
    let of = |word: &str| all.iter().filter(|(kind, _)| kind == word).map(|(_, number)| *number).collect();
    Ok((of(Startups::WORD), of(Investors::WORD)))
}
