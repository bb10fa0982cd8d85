//! Every gate, asked of the profiles anew.
//!
//! Invariant: a gate that is not asked is neither closed nor unknown. Read next: [`super::factors`].

use super::{Oracle, level};
use springboard::engine::words::{Country, LocalReference, Sector};
use std::collections::BTreeSet;

impl Oracle<'_> {
    /// The codes of closed gates, and of those that cannot be answered.
    pub(super) fn gates(&self) -> (Vec<&'static str>, Vec<&'static str>) {
        let (mut closed, mut unknown) = (Vec::new(), Vec::new());
        for (code, answer) in self.first_gates().into_iter().chain(self.further_gates()) {
            match answer {
                Some(Some(true)) => closed.push(code),
                Some(None) => unknown.push(code),
                Some(Some(false)) | None => {}
            }
        }
        (closed, unknown)
    }

    /// Whether a gate is asked, whether its answer is known, whether it is closed.
    fn first_gates(&self) -> Vec<(&'static str, Option<Option<bool>>)> {
        let (s, i) = (self.s, self.i);
        let sectors = s.sector.as_ref().map(|x| BTreeSet::from([x.as_str(), x.parent()]));
        let among =
            |set: &BTreeSet<Sector>| sectors.as_ref().map(|own| set.iter().any(|x| own.contains(x.as_str())));
        let corridor = self.stated_corridor();
        let prohibited = corridor.is_some_and(|c| c.prohibited);
        let listed = corridor.map(|c| &c.prohibited_sectors).filter(|p| !p.is_empty());
        let home = (s.home != Country::UNKNOWN).then_some(s.home);
        let away = |h| i.exclude_homes.contains(&h) || !i.only_homes.is_empty() && !i.only_homes.contains(&h);
        vec![
            ("G01_STARTUP_INACTIVE", Some(Some(!s.active))),
            ("G02_INVESTOR_INACTIVE", Some(Some(!i.active))),
            ("G03_BLOCKED", Some(Some(s.blocks.contains(&i.id.0) || i.blocks.contains(&s.id.0)))),
            ("G04_CORRIDOR_PROHIBITED", if prohibited { Some(Some(true)) } else { listed.map(among) }),
            ("G05_SECTOR_EXCLUDED", (!i.exclude_sectors.is_empty()).then(|| among(&i.exclude_sectors))),
            (
                "G06_HOME_EXCLUDED",
                (!i.exclude_homes.is_empty() || !i.only_homes.is_empty()).then(|| home.map(away)),
            ),
        ]
    }

    fn further_gates(&self) -> Vec<(&'static str, Option<Option<bool>>)> {
        let (s, i, market) = (self.s, self.i, self.market());
        let apart = || {
            let (ask, ticket) = (s.ask?, i.ticket?);
            Some(!(ticket.lo() <= ask.target && ticket.hi() >= ask.cheque))
        };
        let models = || Some(s.models?.common(i.models?).is_empty());
        let references = || Some(!s.references.as_ref()?.iter().any(|r| r.country == market && r.verified));
        let targets = s.targets.as_ref().filter(|t| !t.is_empty());
        let milestone = |least| Some(level(*s.regulatory.as_ref()?.get(&market)?) < level(least));
        vec![
            ("G07_STAGE", i.hard_stages.map(|range| s.stage.map(|x| x < range.lo() || x > range.hi()))),
            ("G08_TICKET", i.hard_ticket.then(apart)),
            ("G09_MODE", i.hard_models.then(models)),
            ("G10_TYPE_EXCLUDED", Some(Some(s.exclude_types.contains(&i.kind)))),
            ("G11_NO_LOCAL_REFERENCE", (i.local_ref == LocalReference::Require).then(references)),
            (
                "G12_MARKET_NOT_TARGETED",
                i.only_targets.then(|| targets.map(|t| t.keys().all(|c| !i.markets.contains(c)))),
            ),
            ("G13_MILESTONE", i.min_regulatory.map(milestone)),
        ]
    }
}
