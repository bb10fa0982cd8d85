//! Sentences for the facts of a match.
//!
//! Invariant: a sentence says only what the typed facts say; a new language is a new file beside [`english`] with the
//! same functions. Read next: [`english`].

mod english;

use crate::engine::improve::catalogue::Step;
use crate::engine::improve::gap::{GapLine, GapPart};
use crate::engine::improve::thesis::Check;
use crate::engine::lists::Mode;
use crate::engine::words::Country;
use crate::engine::{Explanation, Gate, Line, ReadinessPart};
use crate::reference::{Catalogue, TableName};

/// The languages that sentences exist in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English.
    #[default]
    English,
}

/// The market that a startup is advised about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Market {
    /// Which it is.
    pub country: Country,
    /// Whether the startup is at home there, so that what is for strangers reads otherwise.
    pub home: bool,
}

impl Market {
    /// A market as a startup of that home sees it.
    pub fn of(country: Country, home: Country) -> Self {
        Self { country, home: country == home }
    }
}

/// What sentences call things.
#[derive(Clone, Copy)]
pub struct Names<'a> {
    /// The reference data with its labels.
    pub catalogue: &'a Catalogue,
    /// Whether the world tables say what is usual; a new installation does not know yet.
    pub usual: bool,
}

impl Names<'_> {
    fn label<'a>(&'a self, table: TableName, code: &'a str) -> &'a str {
        self.catalogue.label(table, code).unwrap_or(code)
    }

    fn country<'a>(&'a self, code: &'a Country) -> &'a str {
        self.label(TableName::Countries, code.as_str())
    }
}

impl Language {
    /// What a line of the ledger rests on.
    pub fn sentence(self, line: Line, explanation: &Explanation, names: Names<'_>) -> String {
        match self {
            Self::English => english::sentence(line, explanation, names),
        }
    }

    /// Why a gate is closed, or what it would need to know.
    pub fn gate(self, gate: Gate, unknown: bool) -> &'static str {
        match self {
            Self::English => english::gate(gate, unknown),
        }
    }

    /// What to do to take a step in a market.
    pub fn step(self, step: Step, market: Market, names: Names<'_>) -> String {
        match self {
            Self::English => english::step(step, market, names),
        }
    }

    /// Where a part of a readiness gap stands.
    pub fn gap(self, line: &GapLine, market: Market, names: Names<'_>) -> String {
        let scale = part_name(line.part).trim_start_matches("maturity.");
        match self {
            Self::English => english::gap(line, market, scale, names),
        }
    }

    /// How recorded deals bear out a criterion of a thesis.
    pub fn check(self, check: &Check) -> String {
        match self {
            Self::English => english::check(check),
        }
    }

    /// Why somebody is not in a list of recommendations that would have this number in it.
    pub fn displaced(self, mode: Mode, number: u32, appearances: u32) -> String {
        match self {
            Self::English => english::displaced(mode, number, appearances),
        }
    }

    /// What the last line of every ledger means.
    pub fn uncertainty(self) -> &'static str {
        match self {
            Self::English => "taken off for what the profiles do not say",
        }
    }
}

/// The name of a part of a readiness gap on the wire.
pub fn part_name(part: GapPart) -> &'static str {
    const SCALES: [&str; 6] =
        ["maturity.trl", "maturity.crl", "maturity.brl", "maturity.iprl", "maturity.tmrl", "maturity.frl"];
    match part {
        GapPart::Readiness(ReadinessPart::Accelerator) => "readiness.accelerator",
        GapPart::Readiness(ReadinessPart::Regulation) => "readiness.regulation",
        GapPart::Readiness(ReadinessPart::Protection) => "readiness.ip",
        GapPart::Readiness(ReadinessPart::Localisation) => "readiness.localisation",
        GapPart::Readiness(ReadinessPart::Offers) => "readiness.offers",
        GapPart::References => "references",
        GapPart::Maturity(scale) => SCALES[scale],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Depth;
    use crate::engine::profile::{InvestorKey, StartupKey};
    use crate::population::Population;

    #[test]
    fn a_line_says_the_same_in_a_summary_as_among_all_and_the_best_come_first() {
        let snapshot = Population::new(3, 60, 6).snapshot();
        let catalogue = Catalogue::shipped().expect("the shipped reference data");
        let names = Names { catalogue: &catalogue, usual: true };
        let say = |line, explanation: &Explanation| Language::English.sentence(line, explanation, names);
        let lines = Line::all().count();
        for (investor, startup) in (0..6).flat_map(|i| (0..60).map(move |s| (InvestorKey(i), StartupKey(s))))
        {
            let explainer = snapshot.explainer(investor, None).expect("the investor is there");
            let tell = |depth| explainer.explain(startup, depth).expect("the startup is there");
            let whole = tell(Depth::Whole);
            assert_eq!(whole.told, Line::all().collect::<Vec<_>>());
            let mut falling = whole.told.clone();
            falling.sort_by_key(|line| std::cmp::Reverse(whole.ledger.contribution(*line)));
            for count in [0, 1, 5, lines - 1, lines, lines + 1] {
                let best = tell(Depth::Best(count));
                assert_eq!(best.told, falling[..count.min(lines)]);
                for line in best.told.iter().copied() {
                    assert_eq!(say(line, &best), say(line, &whole), "{} of the best {count}", line.name());
                }
            }
            for line in whole.told.iter().copied() {
                let ours = snapshot
                    .tell_startup(startup, investor, None, Depth::Best(5))
                    .filter(|e| e.told.contains(&line));
                let all = snapshot.explain_to_startup(startup, investor, None);
                assert!(ours.is_none_or(|ours| all.is_some_and(|all| say(line, &ours) == say(line, &all))));
            }
        }
    }
}
