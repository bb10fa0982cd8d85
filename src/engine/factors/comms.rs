//! Communication: a common language, hours of the day in common, and somebody who knows both.
//!
//! Invariant: the same for both sides.
//! Read next: [`super::maturity`].

use super::super::arithmetic::{ONE, Part, mul_div};
use super::super::compiled::{InvestorRow, StartupRow, Word, common};
use super::Rating;

const BY_LEVEL: [u64; 4] = [100_000, 350_000, 750_000, ONE];
const BY_STRENGTH: [u64; 4] = [0, 400_000, 500_000, 600_000];
const WITH_INTERPRETER: u64 = 500_000;

/// What is known of language, time and contacts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommunicationFacts {
    /// The best common language and how well the weaker side speaks it; nothing where either does not say.
    pub language: Option<CommonLanguage>,
    /// Whether either side has an interpreter.
    pub interpreter: bool,
    /// The difference in minutes; nothing where either does not say.
    pub time_difference: Option<u64>,
    /// Who knows both.
    pub bridge: Bridge,
}

/// The best common language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CommonLanguage {
    /// There is none.
    None,
    /// There is one.
    Spoken {
        /// The language.
        language: String,
        /// How well the weaker side speaks it, 1 to 3.
        level: u8,
    },
}

/// Who knows both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bridge {
    /// The startup does not say.
    Unknown,
    /// Nobody.
    Nobody,
    /// The startup's strongest contact in the market, 1 to 3.
    Contact(u8),
    /// An organisation that both are connected with.
    Common(String),
}

/// The common languages, each with how well the weaker side speaks it; nothing where either side does not say.
pub fn common_languages<'a>(
    startup: &StartupRow<'a>,
    investor: &'a InvestorRow,
) -> Option<impl Iterator<Item = (Word, u8)> + 'a> {
    let (ours, theirs) = (startup.languages?, investor.languages.as_deref()?);
    Some(ours.iter().filter_map(|(word, level)| {
        let at = theirs.binary_search_by_key(&word, |l| l.0).ok()?;
        Some((word, level.min(theirs[at].1)))
    }))
}

/// The difference of the two clocks in minutes, at most twelve hours.
pub fn time_difference(startup: &StartupRow<'_>, investor: &InvestorRow) -> Option<u64> {
    Some(difference(startup.time_zone?, investor.profile.time_zone?.get()))
}

/// The organisations that both are connected with; nothing where the startup does not say.
pub fn common_organisations<'a>(
    startup: &StartupRow<'a>,
    investor: &'a InvestorRow,
) -> Option<impl Iterator<Item = Word> + 'a> {
    startup.organisations.map(|ours| common(ours, &investor.organisations))
}

const SHARES: [u64; 3] = [500_000, 150_000, 350_000];
const PRIORS: [u64; 3] = [400_000, 500_000, 150_000];

/// What a part of the factor gives to its points, rounded up, so that the three together are never below the points.
fn share(part: usize, stated: Option<u64>) -> u8 {
    (SHARES[part] * stated.unwrap_or(PRIORS[part])).div_ceil(ONE * 4_000) as u8
}

/// What a language spoken at a level, or an interpreter, gives at most.
pub fn share_of_language(best: Option<(u8, bool)>) -> u8 {
    share(0, best.map(|(level, interpreter)| spoken(level, interpreter)))
}

/// What this difference of the clocks gives at most.
pub fn share_of_time(minutes: Option<u64>) -> u8 {
    share(1, minutes.map(common_hours))
}

/// What a common organisation, or else a contact of this strength, gives at most.
pub fn share_of_contacts(stated: Option<(bool, u8)>) -> u8 {
    share(2, stated.map(|(common, contact)| known_to_both(common, contact)))
}

fn spoken(level: u8, interpreter: bool) -> u64 {
    let spoken = BY_LEVEL[usize::from(level)];
    if interpreter { spoken.max(WITH_INTERPRETER) } else { spoken }
}

fn common_hours(difference: u64) -> u64 {
    mul_div(ONE, 540u64.saturating_sub(difference), 540)
}

fn known_to_both(common: bool, contact: u8) -> u64 {
    if common { ONE } else { BY_STRENGTH[usize::from(contact)] }
}

/// The difference of two clocks in minutes, at most twelve hours.
pub fn difference(ours: i32, theirs: i32) -> u64 {
    let minutes = u64::from(ours.abs_diff(theirs)) % 1_440;
    minutes.min(1_440 - minutes)
}

/// The best that any startup can have before an investor.
pub fn best(investor: &InvestorRow) -> Rating {
    let stated = |known: bool| known.then_some(ONE);
    let bridge = known_to_both(!investor.organisations.is_empty(), 3);
    rating([stated(investor.languages.is_some()), stated(investor.profile.time_zone.is_some()), Some(bridge)])
}

fn rating(stated: [Option<u64>; 3]) -> Rating {
    Rating::mixed(&std::array::from_fn::<_, 3, _>(|k| Part::stated(SHARES[k], stated[k], PRIORS[k])))
}

/// Points and confidence of the factor; `contact` is the startup's strongest contact in the market.
pub fn rate(startup: &StartupRow<'_>, investor: &InvestorRow, contact: u8) -> Rating {
    let interpreter = startup.interpreter || investor.profile.interpreter;
    let level = common_languages(startup, investor).map(|l| l.map(|(_, level)| level).max().unwrap_or(0));
    let common = common_organisations(startup, investor).map(|mut both| both.next().is_some());
    rating([
        level.map(|level| spoken(level, interpreter)),
        time_difference(startup, investor).map(common_hours),
        common.map(|common| known_to_both(common, contact)),
    ])
}
