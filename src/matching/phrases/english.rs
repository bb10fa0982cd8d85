//! The English sentences.
//!
//! Invariant: lower case at the start, no final period, counts before judgements. Read next: [`super`].

mod helps;
mod record;

pub use helps::{check, displaced, gap, step};

use super::Names;
use crate::engine::words::CooperationModel;
use crate::engine::{
    AccessFacts, Bridge, CommonLanguage, CommunicationFacts, CooperationFacts, CorridorFacts,
    CountedReference, Explanation, Facts, Gate, InvestorFactor, Line, Part, ReadinessPart, SectorFacts,
    StageFacts, StartupFactor, Tally, TicketFacts, Whereabouts,
};
use crate::reference::TableName;
use std::fmt::Write;

/// [`format!`] into room for a sentence, which would otherwise be made three times as it grows.
macro_rules! say {
    ($($said:tt)*) => {{
        let mut sentence = String::with_capacity(SENTENCE);
        let _always_written = write!(sentence, $($said)*);
        sentence
    }};
}

/// Bytes that most sentences fit into.
const SENTENCE: usize = 112;

/// What a line of the ledger rests on.
pub fn sentence(line: Line, explanation: &Explanation, names: Names<'_>) -> String {
    let facts = &explanation.facts;
    let market = names.country(&explanation.market);
    match line {
        Line::Investor(factor) => investor(factor, facts, market, names),
        Line::Startup(factor) => startup(factor, facts, names),
    }
}

fn investor(factor: InvestorFactor, facts: &Facts, market: &str, names: Names<'_>) -> String {
    use InvestorFactor as F;
    match factor {
        F::Sector => sector(facts.sector.as_ref(), names),
        F::Technology => technologies(facts.technology.as_deref(), names),
        F::Stage => stage(facts.stage, names),
        F::Ticket => ticket(facts.ticket.as_ref(), names),
        F::Country => facts
            .country
            .as_ref()
            .map_or_else(|| "the home of the startup is not known".to_owned(), |c| record::country(c, names)),
        F::City => facts.city.as_ref().map_or_else(
            || "the city of the startup is not known".to_owned(),
            |c| tally(c.deals, &say!("{} (its own city counts as one)", c.city), names),
        ),
        F::CoInvestors => backers(facts.co_investors.backers.as_deref()),
        F::LocalReferences => references(facts.references.as_deref(), market, names),
        F::Readiness => readiness(facts.readiness.iter().flatten(), market),
        F::Corridor => corridor(&facts.corridor, market),
        F::Communication => communication(facts.communication.as_ref(), market, names),
        F::Maturity => maturity(facts),
        F::Pitch => facts.pitch.map_or_else(
            || "no pitch has been judged yet".to_owned(),
            |p| say!("{} of 1,000,000 before {}", p.calibrated.get(), count(u64::from(p.judges), "judge")),
        ),
        F::Cooperation => cooperation(facts.cooperation, names),
    }
}

fn startup(factor: StartupFactor, facts: &Facts, names: Names<'_>) -> String {
    use StartupFactor as F;
    match factor {
        F::Access => access(facts.access, names),
        F::Ticket => ticket(facts.ticket.as_ref(), names),
        F::ValueAdd => match &facts.value_add {
            None => "needs or offers are not stated".to_owned(),
            Some((met, of)) if met.is_empty() => say!("offers none of the {}", count(*of as u64, "need")),
            Some((met, of)) => {
                say!(
                    "offers {} of {}: {}",
                    met.len(),
                    count(*of as u64, "need"),
                    list(met, TableName::Needs, names)
                )
            }
        },
        F::Track => record::track(facts.track),
        F::Communication => communication(facts.communication.as_ref(), "the market", names),
        F::Responsive => {
            let answers = match facts.responsive.asked {
                0 => "has not been asked yet".to_owned(),
                asked => {
                    say!("answered {} of {}", facts.responsive.answered, count(u64::from(asked), "request"))
                }
            };
            let fresh = facts.responsive.confirmed.map_or_else(
                || "nobody has confirmed the profile".to_owned(),
                |days| say!("the profile was confirmed {} ago", count(days, "day")),
            );
            say!("{answers}; {fresh}")
        }
        F::Kind => match facts.wanted_type {
            None => "the startup does not say which kinds of investor it wants",
            Some(true) => "a kind of investor that the startup wants",
            Some(false) => "not a kind of investor that the startup asked for",
        }
        .to_owned(),
        F::Cooperation => cooperation(facts.cooperation, names),
    }
}

fn count(n: u64, what: &str) -> String {
    if n == 1 { say!("1 {what}") } else { say!("{n} {what}s") }
}

fn list(codes: &[String], table: TableName, names: Names<'_>) -> String {
    codes.iter().map(|code| names.label(table, code)).collect::<Vec<_>>().join(", ")
}

/// As in "9 of 21 deals in ICT, 3.1 times the usual share".
fn tally(deals: Tally, what: &str, names: Names<'_>) -> String {
    if deals.of == 0 {
        return say!("no deals recorded that tell of {what}");
    }
    let counted = say!("{} of {} in {what}", deals.deals, count(deals.of, "deal"));
    match deals.times_usual().filter(|_| names.usual && deals.deals > 0) {
        None => counted,
        Some(times) if times < 95 => say!("{counted}, rarer than usual"),
        Some(times) if times < 105 => say!("{counted}, the usual share"),
        Some(times) => say!("{counted}, {}.{} times the usual share", times / 100, times / 10 % 10),
    }
}

fn sector(facts: Option<&SectorFacts>, names: Names<'_>) -> String {
    let Some(facts) = facts else {
        return "the startup's sector or the investor's focus is not known".to_owned();
    };
    let own = names.label(TableName::Sectors, &facts.sector);
    let parent = facts.sector.split('.').next().unwrap_or_default();
    let which = if facts.main { "" } else { " (a further sector of the startup)" };
    let declared = match facts.declared {
        0 => "outside the declared focus",
        50 => "no focus declared",
        150 => "a generalist",
        100 | 138 => "of some interest in the declared focus",
        140 | 200 => "of interest in the declared focus",
        _ => "at the centre of the declared focus",
    };
    let record = tally(facts.parent, names.label(TableName::Sectors, parent), names);
    say!("{own}{which}: {declared}; {record}")
}

fn technologies(common: Option<&[String]>, names: Names<'_>) -> String {
    match common {
        None => "technologies are not stated on both sides".to_owned(),
        Some([]) => "no technology in common".to_owned(),
        Some(tags) => say!("in common: {}", list(tags, TableName::Technologies, names)),
    }
}

fn stage(facts: StageFacts, names: Names<'_>) -> String {
    let declared = match facts.distance {
        None => "stage or range is not stated".to_owned(),
        Some(0) => "within the declared stages".to_owned(),
        Some(n) => say!("{} outside the declared stages", count(u64::from(n), "stage")),
    };
    match facts.rounds.filter(|t| t.of > 0) {
        None => declared,
        Some(rounds) => say!("{declared}; {}", tally(rounds, "rounds like this one", names)),
    }
}

fn ticket(facts: Option<&TicketFacts>, names: Names<'_>) -> String {
    let Some(facts) = facts else { return "the startup states no ask".to_owned() };
    let declared = match facts.ticket {
        None => "no ticket declared",
        Some((lo, _)) if facts.ask.1 < lo => "the ask is smaller than the declared ticket",
        Some((_, hi)) if facts.ask.0 > hi => "even the smallest cheque is above the declared ticket",
        Some((_, hi)) if facts.ask.1 > hi => "the ask is larger than the declared ticket",
        Some(_) => "the ask is within the declared ticket",
    };
    match (facts.of, names.usual) {
        (0, _) => declared.to_owned(),
        (of, false) => say!("{declared}; {} of {} of about that size", facts.near, count(of, "deal")),
        (of, true) => {
            let usual = match facts.lift {
                0..=94 => "rarer than usual",
                95..=105 => "as common as usual",
                _ => "commoner than usual",
            };
            say!("{declared}; {} of {} of about that size, {usual}", facts.near, count(of, "deal"))
        }
    }
}

fn backers(backers: Option<&[(u64, u64)]>) -> String {
    match backers {
        None => "who is in already is not stated".to_owned(),
        Some([]) => "nobody is in yet".to_owned(),
        Some(backers) => {
            let known = backers.iter().filter(|(_, deals)| *deals > 0).count();
            let deals: u64 = backers.iter().map(|(_, deals)| deals).sum();
            match known {
                0 => say!("has not invested beside any of {}", count(backers.len() as u64, "backer")),
                n => say!(
                    "has invested beside {n} of {}, in {}",
                    count(backers.len() as u64, "backer"),
                    count(deals, "deal")
                ),
            }
        }
    }
}

fn references(references: Option<&[CountedReference]>, market: &str, names: Names<'_>) -> String {
    let Some(references) = references else { return "references are not stated".to_owned() };
    if references.is_empty() {
        return "no references at all".to_owned();
    }
    let at = |place: Whereabouts| references.iter().filter(move |r| r.whereabouts == place);
    let mut parts = Vec::new();
    let local: Vec<String> = at(Whereabouts::Market)
        .map(|r| {
            let kind = names.label(TableName::ReferenceKinds, r.kind.as_str()).to_lowercase();
            if r.verified { say!("{kind} (verified)") } else { say!("{kind} (not verified, counts half)") }
        })
        .collect();
    parts.push(match local.as_slice() {
        [] => say!("no reference in {market}"),
        local => say!("in {market}: {}", local.join(", ")),
    });
    let (near, far, home) = (at(Whereabouts::Region), at(Whereabouts::Elsewhere), at(Whereabouts::Home));
    for (n, what) in [
        (near.count(), "in its region, which count little"),
        (far.count(), "elsewhere, which count very little"),
        (home.count(), "at home, which count for nothing there"),
    ] {
        if n > 0 {
            parts.push(say!("{n} {what}"));
        }
    }
    parts.join("; ")
}

fn readiness<'a>(parts: impl Iterator<Item = &'a (ReadinessPart, Part)>, market: &str) -> String {
    let name = |part: ReadinessPart| match part {
        ReadinessPart::Accelerator => "export accelerator",
        ReadinessPart::Regulation => "regulation",
        ReadinessPart::Protection => "intellectual property",
        ReadinessPart::Localisation => "localisation",
        ReadinessPart::Offers => "offers",
    };
    let (known, unknown): (Vec<_>, Vec<_>) = parts.copied().partition(|(_, p)| p.known > 0);
    let stated: Vec<String> =
        known.into_iter().map(|(part, p)| say!("{} {} %", name(part), p.value / 10_000)).collect();
    let missing: Vec<&str> = unknown.into_iter().map(|(part, _)| name(part)).collect();
    match (stated.as_slice(), missing.as_slice()) {
        ([], _) => say!("nothing is stated about {market}"),
        (stated, []) => say!("for {market}: {}", stated.join(", ")),
        (stated, missing) => {
            say!("for {market}: {}; not stated: {}", stated.join(", "), missing.join(", "))
        }
    }
}

fn corridor(facts: &CorridorFacts, market: &str) -> String {
    match facts {
        CorridorFacts::AtHome => say!("{market} is the startup's home"),
        CorridorFacts::Unlisted => say!("nothing is recorded of the way into {market}"),
        CorridorFacts::Listed { regulation, protection, treaty, culture } => {
            let values = [
                ("regulation", regulation),
                ("protection", protection),
                ("treaties", treaty),
                ("culture", culture),
            ];
            let stated = values.iter().filter_map(|(name, v)| v.map(|v| say!("{name} {} %", v / 10_000)));
            match stated.collect::<Vec<_>>().join(", ").as_str() {
                "" => say!("nothing is stated of the way into {market}"),
                stated => say!("the way into {market}: {stated}"),
            }
        }
    }
}

fn communication(facts: Option<&CommunicationFacts>, market: &str, names: Names<'_>) -> String {
    let Some(facts) = facts else { return String::new() };
    let language = match &facts.language {
        None => "languages are not stated on both sides".to_owned(),
        Some(CommonLanguage::None) if facts.interpreter => {
            "no common language, but an interpreter".to_owned()
        }
        Some(CommonLanguage::None) => "no common language".to_owned(),
        Some(CommonLanguage::Spoken { language, level }) => {
            let level =
                ["", "basic", "working", "fluent"].get(usize::from(*level)).copied().unwrap_or_default();
            say!("{} ({level})", names.label(TableName::Languages, language))
        }
    };
    let hours = match facts.time_difference {
        None => "time zones not stated".to_owned(),
        Some(minutes) => say!("{}:{:02} hours apart", minutes / 60, minutes % 60),
    };
    let bridge = match &facts.bridge {
        Bridge::Unknown => "contacts not stated".to_owned(),
        Bridge::Nobody => "nobody who knows both".to_owned(),
        Bridge::Contact(strength) => {
            let how =
                ["", "a loose", "a good", "a close"].get(usize::from(*strength)).copied().unwrap_or_default();
            say!("{how} contact in {market}")
        }
        Bridge::Common(organisation) => say!("both are connected with {organisation}"),
    };
    say!("{language}; {hours}; {bridge}")
}

fn maturity(facts: &Facts) -> String {
    const SCALES: [&str; 6] = ["technology", "customers", "business", "property", "team", "funding"];
    let levels = facts.maturity.iter().zip(SCALES);
    let stated: Vec<String> = levels.filter_map(|(l, s)| l.map(|l| say!("{s} {}", l.get()))).collect();
    if stated.is_empty() {
        "readiness levels are not stated".to_owned()
    } else {
        say!("of 9: {}", stated.join(", "))
    }
}

fn cooperation(facts: CooperationFacts, names: Names<'_>) -> String {
    let Some(common) = facts.common else {
        return "forms of cooperation are not stated on both sides".to_owned();
    };
    let name = |model: CooperationModel| names.label(TableName::CooperationModels, model.as_str());
    let all: Vec<&str> = common.iter().map(name).collect();
    match facts.favoured {
        _ if all.is_empty() => "no form of cooperation in common".to_owned(),
        Some(favoured) if favoured.is_empty() => {
            say!("in common: {}, none of them favoured on this way", all.join(", "))
        }
        Some(favoured) => {
            let best: Vec<&str> = favoured.iter().map(name).collect();
            say!("in common: {}; favoured on this way: {}", all.join(", "), best.join(", "))
        }
        None => say!("in common: {}", all.join(", ")),
    }
}

fn access(facts: Option<AccessFacts>, names: Names<'_>) -> String {
    match facts {
        None => "the startup names no target market".to_owned(),
        Some(a) if a.access == 0 => "opens none of the target markets".to_owned(),
        Some(a) => {
            let how = ["", "a little", "well", "fully"].get(a.access as usize).copied().unwrap_or_default();
            say!("opens {} {how}, which the startup wants at {} of 3", names.country(&a.market), a.interest)
        }
    }
}

/// Why a gate is closed, or what it would need to know.
pub fn gate(gate: Gate, unknown: bool) -> &'static str {
    match (gate, unknown) {
        (Gate::StartupInactive, _) => "the startup takes no part at the moment",
        (Gate::InvestorInactive, _) => "the investor takes no part at the moment",
        (Gate::Blocked, _) => "one of the two has blocked the other",
        (Gate::CorridorProhibited, false) => "the operator does not allow this way, or this sector on it",
        (Gate::CorridorProhibited, true) => {
            "the sector is needed to tell whether the operator allows it on this way"
        }
        (Gate::SectorExcluded, false) => "the investor excludes the sector",
        (Gate::SectorExcluded, true) => "the investor excludes sectors, and the startup's is not known",
        (Gate::HomeExcluded, false) => "the investor excludes the startup's home",
        (Gate::HomeExcluded, true) => "the investor excludes homes, and the startup's is not known",
        (Gate::Stage, false) => "the stage is outside the investor's hard limits",
        (Gate::Stage, true) => "the investor has hard limits for the stage, and it is not known",
        (Gate::Ticket, false) => "ask and ticket do not overlap, which the investor demands",
        (Gate::Ticket, true) => "the investor demands that ask and ticket overlap, and one is not known",
        (Gate::Cooperation, false) => "there is no form of cooperation in common, which the investor demands",
        (Gate::Cooperation, true) => {
            "the investor demands a common form of cooperation, and one side states none"
        }
        (Gate::TypeExcluded, _) => "the startup does not want this kind of investor",
        (Gate::NoLocalReference, false) => "the investor demands a verified reference in the market",
        (Gate::NoLocalReference, true) => "the investor demands a verified reference, and none are stated",
        (Gate::MarketNotTargeted, false) => "the startup wants none of the investor's markets",
        (Gate::MarketNotTargeted, true) => {
            "the investor asks for startups that want its markets, and none are stated"
        }
        (Gate::Milestone, false) => "the regulatory level in the market is lower than the investor demands",
        (Gate::Milestone, true) => "the investor demands a regulatory level, and it is not stated",
    }
}
