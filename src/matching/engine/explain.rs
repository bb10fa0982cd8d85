//! Why a pair scores what it scores: every number and the facts behind it, typed and without a sentence.
//!
//! Invariant: made of the same ratings that rank; nothing here is worked out a second way.
//! Read next: [`super::factors`] for the facts, [`super::ledger`] for the lines.

use super::arithmetic::Part;
use super::compiled::{Dictionary, List, Word};
use super::factors::access::AccessFacts;
use super::factors::co_investors::CoInvestorFacts;
use super::factors::comms::{self, Bridge, CommonLanguage, CommunicationFacts};
use super::factors::cooperation::CooperationFacts;
use super::factors::corridor::CorridorFacts;
use super::factors::place::{self, CityFacts, CountryFacts};
use super::factors::readiness::{self, ReadinessPart};
use super::factors::references::{self, CountedReference};
use super::factors::responsive::ResponsiveFacts;
use super::factors::sector::{self, SectorFacts};
use super::factors::stage::{self, StageFacts};
use super::factors::ticket::{self, TicketFacts};
use super::factors::track::TrackFacts;
use super::factors::{Direct, Pair, Rating, Ratings, technology, value_add};
use super::gates::{self, GateSet};
use super::ledger::Ledger;
use super::profile::{Pitch, Startup};
use super::reciprocal::{Outcome, Weights};
use super::weights::{INVESTOR_FACTORS, STARTUP_FACTORS};
use super::words::{Country, Maturity};
use std::cmp::Reverse;

/// Everything that can be said of a pair.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// The market that the two would meet in.
    pub market: Country,
    /// The gates that are closed.
    pub gates: GateSet,
    /// The gates that are asked for but cannot be answered.
    pub unknown_gates: GateSet,
    /// Utilities, multiplier, confidence, score.
    pub outcome: Outcome,
    /// The lines that sum to the score.
    pub ledger: Ledger,
    /// The effective weights.
    pub weights: Weights,
    /// Points and confidence of the investor's factors, in factor order.
    pub investor_factors: [Rating; INVESTOR_FACTORS],
    /// Points and confidence of the startup's factors, in factor order.
    pub startup_factors: [Rating; STARTUP_FACTORS],
    /// The facts behind the factors.
    pub facts: Facts,
}

/// The facts behind every factor, for sentences; nothing in an option means that one of the sides does not say.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The startup's best-rated sector.
    pub sector: Option<SectorFacts>,
    /// Common tags, in alphabetical order.
    pub technology: Option<Vec<String>>,
    /// Distance to the range, and past rounds.
    pub stage: StageFacts,
    /// The ask against ticket and past amounts; nothing where the startup states no ask.
    pub ticket: Option<TicketFacts>,
    /// Deals in the home; nothing where it is unknown.
    pub country: Option<CountryFacts>,
    /// Deals in the city; nothing where it is unknown.
    pub city: Option<CityFacts>,
    /// Deals beside the backers.
    pub co_investors: CoInvestorFacts,
    /// Every reference and what it is worth in the market.
    pub references: Option<Vec<CountedReference>>,
    /// The five parts of readiness.
    pub readiness: [(ReadinessPart, Part); 5],
    /// The way from home into the market.
    pub corridor: CorridorFacts,
    /// Language, time, contacts.
    pub communication: CommunicationFacts,
    /// The six scales, where stated.
    pub maturity: [Option<Maturity>; 6],
    /// What juries said.
    pub pitch: Option<Pitch>,
    /// Common forms of cooperation.
    pub cooperation: CooperationFacts,
    /// The market that the investor opens best.
    pub access: Option<AccessFacts>,
    /// The needs that the investor meets, in alphabetical order, and how many there are.
    pub value_add: Option<(Vec<String>, usize)>,
    /// What the record says of firms like this one.
    pub track: TrackFacts,
    /// Answers and freshness.
    pub responsive: ResponsiveFacts,
    /// Whether the investor's type is wanted.
    pub wanted_type: Option<bool>,
}

/// Explains a pair under given weights.
pub fn explain(pair: &Pair<'_>, profile: &Startup, weights: Weights, dictionary: &Dictionary) -> Explanation {
    let direct = Direct { investor: pair.investor, tables: pair.tables };
    let ratings = pair.rate(&direct);
    let outcome = Outcome::of(&ratings, &weights);
    let (gates, unknown_gates) = gates::evaluate(pair);
    Explanation {
        market: pair.market,
        gates,
        unknown_gates,
        outcome,
        ledger: Ledger::of(&ratings, &weights, &outcome),
        weights,
        investor_factors: ratings.investor,
        startup_factors: ratings.startup,
        facts: facts(pair, profile, &ratings, dictionary),
    }
}

fn facts(pair: &Pair<'_>, profile: &Startup, ratings: &Ratings, dictionary: &Dictionary) -> Facts {
    let (s, i, tables) = (&pair.startup, pair.investor, pair.tables);
    let met = value_add::met(s, i).map(|met| texts(met, dictionary));
    Facts {
        sector: sector_facts(pair, dictionary),
        technology: technology::common_tags(s, i).map(|tags| texts(tags, dictionary)),
        stage: StageFacts {
            distance: stage::distance(s.stage, i),
            round: s.round,
            rounds: s.round.map(|round| stage::tally(i, tables, round)),
        },
        ticket: ticket_facts(pair),
        country: s.home.is_known().then(|| place::country_facts(i, tables, s.home)),
        city: s.place.map(|place| CityFacts {
            city: profile.city.clone().unwrap_or_default(),
            deals: place::city_tally(i, tables, s.home, place),
        }),
        co_investors: CoInvestorFacts {
            backers: s.backers.map(|all| all.iter().map(|b| (b, i.evidence.ties.get(b))).collect()),
        },
        references: reference_facts(pair, profile),
        readiness: readiness_facts(pair, profile),
        corridor: CorridorFacts::between(s.home, pair.market, pair.corridor),
        communication: communication_facts(pair, dictionary),
        maturity: profile.maturity.as_ref().map_or([None; 6], |levels| levels.all()),
        pitch: profile.pitch,
        cooperation: CooperationFacts::of(s, i, pair.corridor),
        access: AccessFacts::of(s, i),
        value_add: met.map(|met| (met, s.needs.map_or(0, List::len))),
        track: ratings.track,
        responsive: ResponsiveFacts::of(&i.profile, tables.today),
        wanted_type: value_add::wanted(s, i),
    }
}

fn sector_facts(pair: &Pair<'_>, dictionary: &Dictionary) -> Option<SectorFacts> {
    let (s, i, tables) = (&pair.startup, pair.investor, pair.tables);
    let points = |x| sector::view(i, tables, x).blended;
    let main = s.sector.filter(|_| i.has_sector_thesis())?;
    let further = s.further_sectors.iter().map(|x| (sector::discounted(points(x)), x));
    let best = further.reduce(|best, next| if next.0 > best.0 { next } else { best });
    let chosen = best.filter(|best| best.0 > points(main)).map_or(main, |best| best.1);
    let (leaf, parent) = sector::tallies(i, tables, chosen);
    Some(SectorFacts {
        sector: dictionary.sector_text(chosen.own).to_owned(),
        main: chosen == main,
        declared: sector::declared(i, chosen),
        leaf,
        parent,
    })
}

fn ticket_facts(pair: &Pair<'_>) -> Option<TicketFacts> {
    let (i, (cheque, target)) = (pair.investor, pair.startup.ask?);
    Some(TicketFacts {
        ask: (cheque, target),
        ticket: i.ticket,
        target: ticket::target(i, pair.tables, target),
        cheque: ticket::cheque(i, cheque),
        near: ticket::near(i, target),
        of: i.evidence.with_amount,
        lift: ticket::revealed(i, pair.tables, target),
    })
}

fn reference_facts(pair: &Pair<'_>, profile: &Startup) -> Option<Vec<CountedReference>> {
    let (home, tables) = (pair.startup.home, pair.tables);
    let region = tables.region(pair.market);
    let counted = |r| references::count(r, home, Some(pair.market), region, tables);
    profile.references.as_ref().map(|references| references.iter().map(counted).collect())
}

fn readiness_facts(pair: &Pair<'_>, profile: &Startup) -> [(ReadinessPart, Part); 5] {
    let regulated = profile.sector.as_ref().is_some_and(|sector| pair.tables.is_regulated(sector));
    let parts = readiness::parts(profile, Some(pair.market), regulated);
    std::array::from_fn(|k| (ReadinessPart::ALL[k], parts[k]))
}

fn communication_facts(pair: &Pair<'_>, dictionary: &Dictionary) -> CommunicationFacts {
    let (s, i) = (&pair.startup, pair.investor);
    let language = comms::common_languages(s, i).map(|spoken| {
        let best = spoken.map(|(word, level)| (Reverse(level), dictionary.text(word))).min();
        best.map_or(CommonLanguage::None, |(Reverse(level), language)| CommonLanguage::Spoken {
            language: language.to_owned(),
            level,
        })
    });
    let bridge = match comms::common_organisations(s, i) {
        None => Bridge::Unknown,
        Some(both) => match (texts(both, dictionary).into_iter().next(), pair.standing.contact) {
            (Some(organisation), _) => Bridge::Common(organisation),
            (None, 0) => Bridge::Nobody,
            (None, strength) => Bridge::Contact(strength),
        },
    };
    CommunicationFacts {
        language,
        interpreter: s.interpreter || i.profile.interpreter,
        time_difference: comms::time_difference(s, i),
        bridge,
    }
}

fn texts(words: impl Iterator<Item = Word>, dictionary: &Dictionary) -> Vec<String> {
    let mut texts: Vec<String> = words.map(|word| dictionary.text(word).to_owned()).collect();
    texts.sort_unstable();
    texts
}
