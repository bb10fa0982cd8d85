//! What startups are found by.
//!
//! Invariant: only what members may see is indexed, so that no search tells more than the profile.
//! Read next: [`super::super::browse`].

use super::facts::StartupFacts;
use crate::profiles::common::wordings;
use crate::profiles::kind::{Index, Indexed, Refers};
use crate::reference::Catalogue;

/// The facets by which lists of startups can be filtered.
pub const FACETS: &[&str] =
    &["home", "market", "sector", "stage", "round", "technology", "need", "cooperation_model", "language"];

impl Indexed for StartupFacts {
    fn index(&self, catalogue: &Catalogue) -> Index {
        let mut facets: Vec<(&'static str, String)> = Vec::new();
        let mut add = |facet, code: &str| facets.push((facet, code.to_owned()));
        self.home.iter().for_each(|c| add("home", c.as_str()));
        self.markets.iter().flatten().for_each(|(c, _)| add("market", c.as_str()));
        for leaf in self.sector.iter().chain(self.further_sectors.iter().flatten()) {
            add("sector", leaf.as_str());
            catalogue.sector(leaf.as_str()).and_then(|s| s.parent).iter().for_each(|p| add("sector", p));
        }
        self.stage.iter().for_each(|c| add("stage", c.as_str()));
        let round = self.round.as_ref().map(|c| c.as_str());
        round.or(self.stage.as_ref().map(|c| c.as_str())).iter().for_each(|c| add("round", c));
        self.technologies.iter().flatten().for_each(|c| add("technology", c.as_str()));
        self.needs.iter().flatten().for_each(|c| add("need", c.as_str()));
        self.cooperation_models.iter().flatten().for_each(|c| add("cooperation_model", c.as_str()));
        for tag in self.languages.iter().flatten().map(|(tag, _)| tag.as_str()) {
            add("language", tag);
            catalogue.primary_language(tag).iter().for_each(|p| add("language", p));
        }
        let ask = self.ask.as_ref();
        Index {
            external_id: self.external_id.as_ref().map(ToString::to_string),
            name: self.name.as_ref().map(ToString::to_string).unwrap_or_default(),
            amounts: (ask.and_then(|a| a.smallest_cheque), ask.map(|a| a.target)),
            founded: self.founded.map(|y| y.get()),
            texts: wordings(self.name.as_ref(), &self.other_names, &self.one_liner, &self.description),
            facets,
        }
    }

    fn refers(&self) -> Vec<(String, Refers)> {
        let backers = self.backers.iter().flatten().enumerate();
        let backers = backers
            .filter_map(|(n, b)| Some((format!("/backers/{n}/investor"), Refers::Investor(b.investor?))));
        let bridges = self.bridges.iter().flatten().enumerate().filter_map(|(n, b)| {
            let id = b.institution.organisation?;
            Some((format!("/bridges/{n}/institution/organisation"), Refers::Organisation(id)))
        });
        let blocks = self.blocks.iter().flatten().enumerate();
        let blocks = blocks.map(|(n, id)| (format!("/blocks/{n}"), Refers::Investor(*id)));
        backers.chain(bridges).chain(blocks).collect()
    }
}
