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
use super::ledger::{Ledger, Line};
use super::profile::{Pitch, Startup};
use super::reciprocal::{Outcome, Weights};
use super::weights::{INVESTOR_FACTORS, InvestorFactor, STARTUP_FACTORS, StartupFactor};
use super::words::{Country, Maturity};
use std::borrow::Cow;
use std::cmp::Reverse;

/// Of which lines the facts are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// Of all.
    Whole,
    /// Of so many, those that contribute most.
    Best(usize),
}

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
    /// The lines whose facts are told: all in ledger order, or the best by what they contribute.
    pub told: Vec<Line>,
    /// The facts behind the lines that are told.
    pub facts: Facts,
}

/// The facts behind factors, for sentences; nothing in an option means that one of the sides does not say, or that the
/// line of the factor is not told.
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
    /// The five parts of readiness, where the line is told.
    pub readiness: Option<[(ReadinessPart, Part); 5]>,
    /// The way from home into the market.
    pub corridor: CorridorFacts,
    /// Language, time, contacts, where a line of either side is told.
    pub communication: Option<CommunicationFacts>,
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

/// Explains a pair under given weights. The profile is asked for only where a line is told that speaks of it; fails as
/// asking for it does.
pub fn explain<'p, E>(
    pair: &Pair<'_>,
    profile: impl FnOnce() -> Result<Cow<'p, Startup>, E>,
    weights: Weights,
    dictionary: &Dictionary,
    depth: Depth,
) -> Result<Explanation, E> {
    let direct = Direct { investor: pair.investor, tables: pair.tables };
    let ratings = pair.rate(&direct);
    let outcome = Outcome::of(&ratings, &weights);
    let (gates, unknown_gates) = gates::evaluate(pair);
    let ledger = Ledger::of(&ratings, &weights, &outcome);
    let told = match depth {
        Depth::Whole => Line::all().collect(),
        Depth::Best(count) => ledger.best(count),
    };
    let of = Told { pair, dictionary, lines: &told };
    let profile = if of.speaks_of_the_profile() { Some(profile()?) } else { None };
    Ok(Explanation {
        market: pair.market,
        gates,
        unknown_gates,
        outcome,
        ledger,
        weights,
        investor_factors: ratings.investor,
        startup_factors: ratings.startup,
        facts: of.facts(profile.as_deref(), &ratings),
        told,
    })
}

/// A pair and the lines that are told of it.
struct Told<'a> {
    pair: &'a Pair<'a>,
    dictionary: &'a Dictionary,
    lines: &'a [Line],
}

impl Told<'_> {
    fn investor(&self, factor: InvestorFactor) -> Option<()> {
        self.lines.contains(&Line::Investor(factor)).then_some(())
    }

    fn startup(&self, factor: StartupFactor) -> Option<()> {
        self.lines.contains(&Line::Startup(factor)).then_some(())
    }

    fn speaks_of_the_profile(&self) -> bool {
        use InvestorFactor::{City, LocalReferences, Maturity, Pitch, Readiness};
        [City, LocalReferences, Maturity, Pitch, Readiness].into_iter().any(|f| self.investor(f).is_some())
    }

    fn facts(&self, profile: Option<&Startup>, ratings: &Ratings) -> Facts {
        use InvestorFactor as I;
        use StartupFactor as S;
        let Self { pair, dictionary, .. } = *self;
        let (s, i, tables) = (&pair.startup, pair.investor, pair.tables);
        Facts {
            sector: self.investor(I::Sector).and_then(|()| sector_facts(pair, dictionary)),
            technology: self
                .investor(I::Technology)
                .and_then(|()| technology::common_tags(s, i).map(|tags| texts(tags, dictionary))),
            stage: StageFacts {
                distance: stage::distance(s.stage, i),
                round: s.round,
                rounds: s.round.map(|round| stage::tally(i, tables, round)),
            },
            ticket: self.investor(I::Ticket).or(self.startup(S::Ticket)).and_then(|()| ticket_facts(pair)),
            country: s.home.is_known().then(|| place::country_facts(i, tables, s.home)),
            city: self.investor(I::City).and_then(|()| city_facts(pair, profile)),
            co_investors: CoInvestorFacts {
                backers: self.investor(I::CoInvestors).and_then(|()| {
                    s.backers.map(|all| all.iter().map(|b| (b, i.evidence.ties.get(b))).collect())
                }),
            },
            references: self.investor(I::LocalReferences).and_then(|()| reference_facts(pair, profile?)),
            readiness: self.investor(I::Readiness).and_then(|()| Some(readiness_facts(pair, profile?))),
            corridor: CorridorFacts::between(s.home, pair.market, pair.corridor),
            communication: self
                .investor(I::Communication)
                .or(self.startup(S::Communication))
                .map(|()| communication_facts(pair, dictionary)),
            maturity: profile.and_then(|p| p.maturity.as_ref()).map_or([None; 6], |levels| levels.all()),
            pitch: profile.and_then(|p| p.pitch),
            cooperation: CooperationFacts::of(s, i, pair.corridor),
            access: AccessFacts::of(s, i),
            value_add: self.startup(S::ValueAdd).and_then(|()| value_add_facts(pair, dictionary)),
            track: ratings.track,
            responsive: ResponsiveFacts::of(&i.profile, tables.today),
            wanted_type: value_add::wanted(s, i),
        }
    }
}

fn city_facts(pair: &Pair<'_>, profile: Option<&Startup>) -> Option<CityFacts> {
    let (s, place) = (&pair.startup, pair.startup.place?);
    Some(CityFacts {
        city: profile.and_then(|p| p.city.clone()).unwrap_or_default(),
        deals: place::city_tally(pair.investor, pair.tables, s.home, place),
    })
}

fn value_add_facts(pair: &Pair<'_>, dictionary: &Dictionary) -> Option<(Vec<String>, usize)> {
    let met = value_add::met(&pair.startup, pair.investor)?;
    Some((texts(met, dictionary), pair.startup.needs.map_or(0, List::len)))
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
