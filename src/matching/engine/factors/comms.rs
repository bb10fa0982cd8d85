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
    let (ours, theirs) = (startup.time_zone?, investor.profile.time_zone?);
    let minutes = u64::from(ours.abs_diff(theirs.get())) % 1_440;
    Some(minutes.min(1_440 - minutes))
}

/// The organisations that both are connected with; nothing where the startup does not say.
pub fn common_organisations<'a>(
    startup: &StartupRow<'a>,
    investor: &'a InvestorRow,
) -> Option<impl Iterator<Item = Word> + 'a> {
    startup.organisations.map(|ours| common(ours, &investor.organisations))
}

/// The best that any startup can have before an investor.
pub fn best(investor: &InvestorRow) -> Rating {
    let stated = |known: bool| known.then_some(ONE);
    let bridge = if investor.organisations.is_empty() { BY_STRENGTH[3] } else { ONE };
    Rating::mixed(&[
        Part::stated(500_000, stated(investor.languages.is_some()), 400_000),
        Part::stated(150_000, stated(investor.profile.time_zone.is_some()), 500_000),
        Part::stated(350_000, Some(bridge), 150_000),
    ])
}

/// Points and confidence of the factor; `contact` is the startup's strongest contact in the market.
pub fn rate(startup: &StartupRow<'_>, investor: &InvestorRow, contact: u8) -> Rating {
    let interpreter = startup.interpreter || investor.profile.interpreter;
    let language = common_languages(startup, investor).map(|languages| {
        let level = languages.map(|(_, level)| level).max().unwrap_or(0);
        let spoken = BY_LEVEL[usize::from(level)];
        if interpreter { spoken.max(WITH_INTERPRETER) } else { spoken }
    });
    let time = time_difference(startup, investor).map(|m| mul_div(ONE, 540u64.saturating_sub(m), 540));
    let bridge = common_organisations(startup, investor)
        .map(|mut both| if both.next().is_some() { ONE } else { BY_STRENGTH[usize::from(contact)] });
    Rating::mixed(&[
        Part::stated(500_000, language, 400_000),
        Part::stated(150_000, time, 500_000),
        Part::stated(350_000, bridge, 150_000),
    ])
}
