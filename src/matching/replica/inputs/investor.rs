//! An investor and its deals as the engine's structs: as it is, and as startups may know it.
//!
//! Invariant: nothing that only its own organisation sees is in the published part. Read next:
//! [`crate::engine::profile::Investor`].

use super::{Built, InputBuilder, by_country, countries, country, models, overrides, texts};
use crate::engine::profile::{Deal, Investor, InvestorKey, Span};
use crate::engine::words::{Access, Country, Level, LocalReference, Regulatory, Sector, Stage};
use crate::engine::{InvestorFactor, Listing, Overrides};
use crate::kernel::error::Result;
use crate::profiles::{
    InvestorFacts, RankedInvestor,
    common::Institution,
    investors::{Deal as PastDeal, Stages, Ticket, facts::InvestorWeights},
    words,
};
use crate::reference::SectorCode;
use std::collections::{BTreeMap, BTreeSet};

impl InputBuilder<'_> {
    /// An investor as it is and as startups may know it; `None` where it does not say what and where it is.
    ///
    /// # Errors
    /// A fact that is no input of the score.
    pub fn investor(&self, record: &RankedInvestor) -> Result<Option<Listing>> {
        let facts = &record.profile.facts;
        let (Some(kind), Some(home), Some(markets)) = (&facts.kind, facts.home, &facts.markets) else {
            return Ok(None);
        };
        let place = || Ok((country(home)?, countries(markets)?));
        let thesis = place().and_then(|place| self.investor_from((kind.as_str(), place), record, facts));
        let thesis = thesis.map_err(|e| e.of(record.profile.id))?;
        let published = record.profile.is_active().then(|| published(thesis.clone()));
        Ok(Some(Listing { thesis, published }))
    }

    fn investor_from(
        &self,
        (kind, (home, markets)): (&str, (Country, BTreeSet<Country>)),
        RankedInvestor { profile, deals }: &RankedInvestor,
        InvestorFacts {
            external_id: _,
            name: _,
            other_names: _,
            one_liner: _,
            description: _,
            website: _,
            links: _,
            kind: _,
            home: _,
            city,
            founded: _,
            team_size: _,
            markets: _,
            access,
            generalist,
            focus,
            strict,
            technologies,
            stages,
            ticket,
            languages,
            time_zone,
            interpreter,
            bridges,
            cooperation_models,
            offers,
            hard_stages,
            hard_ticket,
            hard_cooperation_models,
            min_regulatory,
            local_reference,
            only_targets,
            only_homes,
            exclude_homes,
            exclude_sectors,
            blocks,
            weights,
        }: &InvestorFacts,
    ) -> Built<Investor> {
        let blocked = blocks.iter().flatten().filter_map(|id| self.startups.get(id).copied());
        let opened = |levels| by_country(levels, |l: &words::AccessLevel| Ok(Access::new(l.get().into())?));
        let investor = Investor {
            id: InvestorKey(profile.number as u64),
            kind: kind.to_owned(),
            home,
            markets,
            active: profile.is_active(),
            city: city.as_ref().map(ToString::to_string),
            generalist: generalist.unwrap_or(false),
            focus: focus.as_ref().map(focus_of).transpose()?.unwrap_or_default(),
            strict: strict.unwrap_or(true),
            tags: technologies.as_ref().map(texts).unwrap_or_default(),
            stages: stages.as_ref().map(|stages| self.stages(stages)).transpose()?.flatten(),
            ticket: ticket.as_ref().map(|ticket| self.ticket(ticket)).transpose()?.flatten(),
            languages: languages.as_ref().map(|spoken| self.languages(spoken)).transpose()?,
            time_zone: time_zone.as_ref().map(|zone| self.minutes(zone)).transpose()?.flatten(),
            interpreter: interpreter.unwrap_or(false),
            organisations: bridges.iter().flatten().filter_map(Institution::key).collect(),
            models: cooperation_models.as_ref().map(models).transpose()?,
            access: access.as_ref().map(opened).transpose()?.unwrap_or_default(),
            offers: offers.as_ref().map(texts),
            portfolio: deals.iter().map(|deal| self.deal(deal)).collect::<Built<_>>()?,
            asked: 0,
            answered: 0,
            updated: profile.confirmed_at.map(|at| at.day().number()),
            hard_stages: hard_stages.as_ref().map(|stages| self.stages(stages)).transpose()?.flatten(),
            hard_ticket: hard_ticket.unwrap_or(false),
            hard_models: hard_cooperation_models.unwrap_or(false),
            only_targets: only_targets.unwrap_or(false),
            only_homes: only_homes.as_ref().map(countries).transpose()?.unwrap_or_default(),
            exclude_homes: exclude_homes.as_ref().map(countries).transpose()?.unwrap_or_default(),
            exclude_sectors: exclude_sectors.as_ref().map(sectors).transpose()?.unwrap_or_default(),
            min_regulatory: min_regulatory.as_ref().map(|l| Regulatory::parse(l.as_str())).transpose()?,
            local_ref: local_reference.map_or(LocalReference::None, local),
            blocks: blocked.collect(),
            weights: weights.as_ref().map(own_weights).transpose()?.unwrap_or_default(),
        };
        Ok(investor.checked()?)
    }

    pub(super) fn deal(&self, deal: &PastDeal) -> Built<Deal> {
        let PastDeal {
            external_id: _,
            company: _,
            startup: _,
            home,
            city,
            sectors: lies_in,
            round,
            amount,
            on: _,
            co_investors,
            evidence: _,
        } = deal;
        Ok(Deal {
            home: home.map(country).transpose()?,
            city: city.as_ref().map(ToString::to_string),
            sectors: lies_in.as_ref().map(sectors).transpose()?.unwrap_or_default(),
            round: round.as_ref().map(|round| self.round(round)).transpose()?.flatten(),
            amount: amount.and_then(|amount| self.dollars(amount)).unwrap_or(0),
            with: co_investors.iter().flatten().filter_map(|backer| self.backer(backer)).collect(),
        })
    }

    fn stages(&self, stages: &Stages) -> Built<Option<Span<Stage>>> {
        let Stages { from, to } = stages;
        let ends = self.stage(from)?.zip(self.stage(to)?);
        Ok(ends.map(|(from, to)| Span::new(from, to)).transpose()?)
    }

    fn ticket(&self, ticket: &Ticket) -> Built<Option<Span<u64>>> {
        let Ticket { min, max } = ticket;
        let ends = self.dollars(*min).zip(self.dollars(*max));
        Ok(ends.map(|(min, max)| Span::new(min, max)).transpose()?)
    }
}

fn focus_of(focus: &BTreeMap<SectorCode, words::Level>) -> Built<BTreeMap<Sector, Level>> {
    focus
        .iter()
        .map(|(code, level)| Ok((Sector::parse(code.as_str())?, Level::new(level.get().into())?)))
        .collect()
}

fn sectors(codes: &BTreeSet<SectorCode>) -> Built<BTreeSet<Sector>> {
    codes.iter().map(|code| Ok(Sector::parse(code.as_str())?)).collect()
}

fn local(said: words::LocalReference) -> LocalReference {
    match said {
        words::LocalReference::None => LocalReference::None,
        words::LocalReference::Prefer => LocalReference::Prefer,
        words::LocalReference::Require => LocalReference::Require,
    }
}

fn own_weights(weights: &InvestorWeights) -> Built<Overrides<InvestorFactor>> {
    let InvestorWeights {
        sector,
        technology,
        stage,
        ticket,
        country,
        city,
        co_investors,
        local_refs,
        readiness,
        corridor,
        comms,
        maturity,
        pitch,
        mode,
    } = *weights;
    overrides(|factor| match factor {
        InvestorFactor::Sector => sector,
        InvestorFactor::Technology => technology,
        InvestorFactor::Stage => stage,
        InvestorFactor::Ticket => ticket,
        InvestorFactor::Country => country,
        InvestorFactor::City => city,
        InvestorFactor::CoInvestors => co_investors,
        InvestorFactor::LocalReferences => local_refs,
        InvestorFactor::Readiness => readiness,
        InvestorFactor::Corridor => corridor,
        InvestorFactor::Communication => comms,
        InvestorFactor::Maturity => maturity,
        InvestorFactor::Pitch => pitch,
        InvestorFactor::Cooperation => mode,
    })
}

/// The part of a thesis that startups may know: without what only its own organisation sees. A field of the engine that is added
/// does not compile until it is decided here which it is.
fn published(
    Investor {
        id,
        kind,
        home,
        markets,
        active,
        city,
        generalist,
        focus,
        strict,
        tags,
        stages,
        ticket,
        languages,
        time_zone,
        interpreter,
        organisations,
        models,
        access,
        offers,
        portfolio,
        asked,
        answered,
        updated,
        hard_stages,
        hard_ticket,
        hard_models,
        only_targets: _,
        only_homes: _,
        exclude_homes: _,
        exclude_sectors: _,
        min_regulatory,
        local_ref,
        blocks: _,
        weights: _,
    }: Investor,
) -> Investor {
    Investor {
        id,
        kind,
        home,
        markets,
        active,
        city,
        generalist,
        focus,
        strict,
        tags,
        stages,
        ticket,
        languages,
        time_zone,
        interpreter,
        organisations,
        models,
        access,
        offers,
        portfolio,
        asked,
        answered,
        updated,
        hard_stages,
        hard_ticket,
        hard_models,
        only_targets: false,
        only_homes: BTreeSet::new(),
        exclude_homes: BTreeSet::new(),
        exclude_sectors: BTreeSet::new(),
        min_regulatory,
        local_ref,
        blocks: BTreeSet::new(),
        weights: Overrides::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::profile::parse;
    use crate::kernel::visibility::{Class, Visible};
    use crate::profiles::{Investors, wire::View};
    use serde_json::{Value, to_value};

    /// An investor of which every field says something else than where nothing is said.
    const FULL: &str = r#"{"id":7,"type":"vc","home":"CN","markets":["CN","SG"],"active":true,"city":"Shanghai","generalist":true,
        "focus":{"ict":3},"strict":false,"tags":["ai"],"stages":[1,3],"ticket":[1,9],"langs":{"zh":3},"tz":480,
        "interpreter":true,"bridges":["org"],"modes":["jv"],"access":{"SG":2},"offers":["market"],
        "portfolio":[{"home":"RU","amount":5}],"asked":3,"answered":2,"updated":20000,"hard_stages":[2,3],"hard_ticket":true,
        "hard_modes":true,"only_targets":true,"only_homes":["RU"],"exclude_homes":["FR"],"exclude_sectors":["bio"],
        "min_regulatory":"filed","local_ref":"prefer","blocks":[3],"weights":{"sector":9}}"#;

    #[test]
    fn what_only_its_organisation_sees_of_an_investor_is_in_no_startups_list() {
        let thesis: Investor = parse(FULL).expect("an investor");
        let (Ok(Value::Object(whole)), Ok(Value::Object(shown))) =
            (to_value(&thesis), to_value(published(thesis)))
        else {
            panic!("objects")
        };
        let bare = to_value(Investor::bare(
            InvestorKey(7),
            "vc",
            whole["home"].as_str().map(Country::parse).expect("a home").expect("a country"),
        ));
        let bare = bare.expect("an object");
        let private: BTreeSet<&str> =
            whole.keys().filter(|name| shown.get(*name) != whole.get(*name)).map(String::as_str).collect();
        assert!(private.iter().all(|name| shown.get(*name) == bare.get(*name)), "{shown:?}");
        let unscored = ["completeness", "external_id"];
        let own = View::<Investors>::FIELDS
            .iter()
            .filter(|(name, class)| *class == Class::Organisation && !unscored.contains(name));
        assert_eq!(own.map(|(name, _)| *name).collect::<BTreeSet<_>>(), private);
    }
}
