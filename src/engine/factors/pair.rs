//! One startup before one investor: every factor of both sides, once.
//!
//! Invariant: the arrays follow the factor order of `weights`.
//! Read next: [`super::super::reciprocal`], which combines them.

use super::super::compiled::{CorridorRow, InvestorRow, Standing, StartupRow, Tables};
use super::super::weights::{INVESTOR_FACTORS, STARTUP_FACTORS};
use super::super::words::Country;
use super::access::AccessFacts;
use super::cooperation::CooperationFacts;
use super::track::TrackFacts;
use super::{
    Rating, Views, co_investors, comms, corridor, place, sector, stage, technology, ticket, value_add,
};

/// One startup before one investor, in the market of the pair.
#[derive(Clone, Copy, Debug)]
pub struct Pair<'a> {
    /// The startup.
    pub startup: StartupRow<'a>,
    /// The investor.
    pub investor: &'a InvestorRow,
    /// The world.
    pub tables: &'a Tables,
    /// The market that the two would meet in.
    pub market: Country,
    /// The way from the startup's home into the market.
    pub corridor: Option<&'a CorridorRow>,
    /// Where the startup stands in the market.
    pub standing: Standing,
}

/// Points and confidence of every factor of both sides, and the two essential ones once more.
#[derive(Clone, Copy, Debug)]
pub struct Ratings {
    /// What the investor looks at, in factor order.
    pub investor: [Rating; INVESTOR_FACTORS],
    /// What the startup looks at, in factor order.
    pub startup: [Rating; STARTUP_FACTORS],
    /// Points of sector and stage for the essential multiplier; nothing where the investor is not strict.
    pub essential: Option<(u8, u8)>,
    /// What the record says, behind `track`.
    pub track: TrackFacts,
}

impl<'a> Pair<'a> {
    /// Puts a startup before an investor.
    pub fn new(startup: StartupRow<'a>, investor: &'a InvestorRow, tables: &'a Tables) -> Self {
        let market = investor.market_for(startup.targets);
        Self {
            startup,
            investor,
            tables,
            market,
            corridor: tables.corridor(startup.home, market),
            standing: startup.standings.at(market, tables),
        }
    }

    /// Rates every factor with the views of this pair's investor.
    pub fn rate(&self, views: &impl Views) -> Ratings {
        let (s, i) = (&self.startup, self.investor);
        let distance = stage::distance(s.stage, i);
        let round = s.round.map(|round| views.round(round));
        let open = ticket::open(s, i);
        let ticket = ticket::rate(open.map(|(cheque, target)| (views.cheque(cheque), views.target(target))));
        let country = views.country(s.home);
        let city = place::city(i, self.tables, s.home, s.place);
        let backers = co_investors::rate(s.backers, i);
        let comms = comms::rate(s, i, self.standing.contact);
        let cooperation = CooperationFacts::of(s, i, self.corridor).rate();
        let track = TrackFacts {
            deals: i.evidence.deals,
            country: country.points,
            city: city.points,
            round,
            sector: sector::best(s, |x| views.sector(x).revealed),
            co_investors: backers.points,
        };
        Ratings {
            investor: [
                sector::rate(sector::best_open(s, i, |x| views.sector(x).blended)),
                technology::rate(technology::common_tags(s, i).map(Iterator::count)),
                stage::rate(distance, round, i),
                ticket,
                country,
                city,
                backers,
                self.standing.references,
                self.standing.readiness,
                corridor::rate(s.home, self.market, self.corridor),
                comms,
                s.maturity,
                s.pitch,
                cooperation,
            ],
            startup: [
                AccessFacts::rate(AccessFacts::of(s, i)),
                ticket,
                value_add::rate(s, value_add::met(s, i).map(Iterator::count)),
                track.rate(),
                comms,
                i.responsive,
                value_add::rate_type(value_add::wanted(s, i)),
                cooperation,
            ],
            essential: self.essential(distance, views),
            track,
        }
    }

    /// Points of sector and stage for the essential multiplier, where the investor is strict.
    fn essential(&self, distance: Option<u8>, views: &impl Views) -> Option<(u8, u8)> {
        let (s, i) = (&self.startup, self.investor);
        i.profile.strict.then(|| {
            let sector = sector::best_open(s, i, |x| views.sector(x).essential);
            (sector::essential(sector), stage::essential(distance, s.round, i))
        })
    }
}
