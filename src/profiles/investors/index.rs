//! What investors are found by.
//!
//! Invariant: only what members may see is indexed, so that no search tells more than the profile.
//! Read next: [`super::super::browse`].

use super::facts::InvestorFacts;
use crate::profiles::common::wordings;
use crate::profiles::kind::{Index, Indexed, Refers};
use crate::reference::{Catalogue, StageCode, TableName};

/// The facets by which lists of investors can be filtered.
pub const FACETS: &[&str] =
    &["home", "market", "kind", "sector", "stage", "technology", "offer", "cooperation_model", "language"];

/// The value of the facet `sector` for an investor that looks at every sector alike.
pub const EVERY_SECTOR: &str = "*";

impl InvestorFacts {
    /// The sectors it looks at: what it named, the parents of leaves and the leaves of parents.
    fn sectors(&self, catalogue: &Catalogue) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        if self.generalist == Some(true) {
            all.push(EVERY_SECTOR.to_owned());
        }
        for code in self.focus.iter().flatten().map(|(code, _)| code.as_str()) {
            all.push(code.to_owned());
            match catalogue.sector(code).and_then(|s| s.parent) {
                Some(parent) => all.push(parent.to_owned()),
                None => {
                    let below = |c: &&str| catalogue.sector(c).and_then(|s| s.parent) == Some(code);
                    all.extend(catalogue.codes(TableName::Sectors).filter(below).map(str::to_owned));
                }
            }
        }
        all
    }
}

impl Indexed for InvestorFacts {
    fn index(&self, catalogue: &Catalogue) -> Index {
        let mut facets: Vec<(&'static str, String)> = Vec::new();
        let mut add = |facet, code: &str| facets.push((facet, code.to_owned()));
        self.home.iter().for_each(|c| add("home", c.as_str()));
        self.kind.iter().for_each(|c| add("kind", c.as_str()));
        self.markets.iter().flatten().for_each(|c| add("market", c.as_str()));
        self.sectors(catalogue).iter().for_each(|c| add("sector", c));
        if let Some(stages) = &self.stages {
            let (mut inside, stages) = (false, stages.clone());
            for stage in StageCode::all() {
                inside |= stage == stages.from;
                if inside {
                    add("stage", stage.as_str());
                }
                inside &= stage != stages.to;
            }
        }
        self.technologies.iter().flatten().for_each(|c| add("technology", c.as_str()));
        self.offers.iter().flatten().for_each(|c| add("offer", c.as_str()));
        self.cooperation_models.iter().flatten().for_each(|c| add("cooperation_model", c.as_str()));
        for tag in self.languages.iter().flatten().map(|(tag, _)| tag.as_str()) {
            add("language", tag);
            catalogue.primary_language(tag).iter().for_each(|p| add("language", p));
        }
        let ticket = self.ticket.as_ref();
        Index {
            external_id: self.external_id.as_ref().map(ToString::to_string),
            name: self.name.as_ref().map(ToString::to_string).unwrap_or_default(),
            amounts: (ticket.map(|t| t.min), ticket.map(|t| t.max)),
            founded: self.founded.map(|y| y.get()),
            texts: wordings(self.name.as_ref(), &self.other_names, &self.one_liner, &self.description),
            facets,
        }
    }

    fn refers(&self) -> Vec<(String, Refers)> {
        let bridges = self.bridges.iter().flatten().enumerate();
        let bridges = bridges.filter_map(|(n, b)| {
            Some((format!("/bridges/{n}/organisation"), Refers::Organisation(b.organisation?)))
        });
        let blocks = self.blocks.iter().flatten().enumerate();
        let blocks = blocks.map(|(n, id)| (format!("/blocks/{n}"), Refers::Startup(*id)));
        bridges.chain(blocks).collect()
    }
}
