//! A startup as the engine's struct.
//!
//! Invariant: what others have verified or calibrated is taken from the assessment, never from the owner's facts.
//! Read next: [`crate::engine::profile::Startup`].

use super::{Built, InputBuilder, by_country, countries, country, models, overrides, texts};
use crate::engine::profile::{
    AcceleratorRecord, Ask, Contact, MaturityLevels, Pitch, Reference, Startup, StartupKey,
};
use crate::engine::words::{
    AcceleratorStatus, Country, Level, Maturity, Ppm, Protection, ReferenceKind, Regulatory, Sector,
};
use crate::engine::{Overrides, StartupFactor};
use crate::kernel::error::Result;
use crate::profiles::{
    RankedStartup, StartupFacts,
    startups::{Assessment, Pitch as Pitched, facts as said},
    words::{MaturityLevel, ReferenceKey},
};
use std::collections::BTreeSet;

impl InputBuilder<'_> {
    /// A startup; `None` where it does not even say where it comes from.
    ///
    /// # Errors
    /// A fact that is no input of the score.
    pub fn startup(&self, record: &RankedStartup) -> Result<Option<Startup>> {
        let Some(home) = record.profile.facts.home else { return Ok(None) };
        let built = country(home).and_then(|home| self.startup_from(home, record, &record.profile.facts));
        built.map(Some).map_err(|e| e.of(record.profile.id))
    }

    fn startup_from(
        &self,
        home: Country,
        RankedStartup { profile, assessment: Assessment { verified_references, pitch } }: &RankedStartup,
        StartupFacts {
            external_id: _,
            name: _,
            other_names: _,
            one_liner: _,
            description: _,
            website: _,
            links: _,
            home: _,
            city,
            founded: _,
            team_size: _,
            revenue: _,
            sector,
            further_sectors,
            technologies,
            stage,
            round,
            ask,
            backers,
            markets,
            references,
            accelerators,
            regulatory,
            ip,
            localised,
            offers_received,
            languages,
            time_zone,
            interpreter,
            bridges,
            cooperation_models,
            maturity,
            needs,
            investor_kinds,
            exclude_investor_kinds,
            blocks,
            weights,
        }: &StartupFacts,
    ) -> Built<Startup> {
        let further = further_sectors.iter().flatten().map(|sector| Sector::parse(sector.as_str()));
        let blocked = blocks.iter().flatten().filter_map(|id| self.investors.get(id).copied());
        let startup = Startup {
            id: StartupKey(profile.number as u64),
            home,
            active: profile.is_active(),
            city: city.as_ref().map(ToString::to_string),
            sector: sector.as_ref().map(|sector| Sector::parse(sector.as_str())).transpose()?,
            further_sectors: further.collect::<std::result::Result<_, _>>()?,
            tags: technologies.as_ref().map(texts),
            stage: stage.as_ref().map(|stage| self.stage(stage)).transpose()?.flatten(),
            round: round.as_ref().map(|round| self.round(round)).transpose()?.flatten(),
            ask: ask.as_ref().and_then(|ask| self.ask(ask)),
            backers: backers.as_ref().map(|all| all.iter().filter_map(|b| self.backer(b)).collect()),
            targets: markets
                .as_ref()
                .map(|m| by_country(m, |l| Ok(Level::new(l.get().into())?)))
                .transpose()?,
            references: references.as_ref().map(|all| references_of(all, verified_references)).transpose()?,
            accelerators: accelerators.as_ref().map(|all| programmes(all)).transpose()?,
            regulatory: regulatory
                .as_ref()
                .map(|levels| by_country(levels, |l| Ok(Regulatory::parse(l.as_str())?)))
                .transpose()?,
            protection: ip
                .as_ref()
                .map(|levels| by_country(levels, |l| Ok(Protection::parse(l.as_str())?)))
                .transpose()?,
            localised: localised.as_ref().map(countries).transpose()?,
            offers: offers_received.as_ref().map(|all| by_country(all, |n| Ok(n.get()))).transpose()?,
            languages: languages.as_ref().map(|spoken| self.languages(spoken)).transpose()?,
            time_zone: time_zone.as_ref().map(|zone| self.minutes(zone)).transpose()?.flatten(),
            interpreter: interpreter.unwrap_or(false),
            contacts: bridges.as_ref().map(|all| contacts(all)).transpose()?,
            models: cooperation_models.as_ref().map(models).transpose()?,
            maturity: maturity.as_ref().map(levels).transpose()?,
            needs: needs.as_ref().map(texts),
            types: investor_kinds.as_ref().map(texts),
            pitch: pitch.as_ref().map(pitched).transpose()?,
            updated: profile.confirmed_at.map(|at| at.day().number()),
            blocks: blocked.collect(),
            exclude_types: exclude_investor_kinds.as_ref().map(texts).unwrap_or_default(),
            weights: weights.as_ref().map(own_weights).transpose()?.unwrap_or_default(),
        };
        Ok(startup.checked()?)
    }

    /// The ask in dollars; `None` where a part of it has no rate.
    fn ask(&self, ask: &said::Ask) -> Option<Ask> {
        let said::Ask { smallest_cheque, target, instruments: _, use_of_funds: _, closes_on: _ } = ask;
        let cheque = smallest_cheque.map_or(Some(0), |cheque| self.dollars(cheque))?;
        Some(Ask { cheque, target: self.dollars(*target)? })
    }
}

fn references_of(all: &[said::Reference], verified: &BTreeSet<ReferenceKey>) -> Built<Vec<Reference>> {
    let reference = |reference: &said::Reference| {
        let said::Reference { key, country: place, kind, on, title: _, evidence: _, external_id: _ } =
            reference;
        Ok(Reference {
            country: country(*place)?,
            kind: ReferenceKind::parse(kind.as_str())?,
            day: on.number(),
            verified: key.as_ref().is_some_and(|key| verified.contains(key)),
        })
    };
    all.iter().map(reference).collect()
}

fn programmes(all: &[said::AcceleratorRecord]) -> Built<Vec<AcceleratorRecord>> {
    let programme = |record: &said::AcceleratorRecord| {
        let said::AcceleratorRecord { market, status, programme: _ } = record;
        Ok(AcceleratorRecord {
            target: country(*market)?,
            status: AcceleratorStatus::parse(status.as_str())?,
        })
    };
    all.iter().map(programme).collect()
}

/// The contacts of bridges; an institution that is neither here nor named is none.
fn contacts(all: &[said::StartupBridge]) -> Built<Vec<Contact>> {
    let contact = |bridge: &said::StartupBridge| {
        let said::StartupBridge { institution, country: place, strength } = bridge;
        let organisation = institution.key()?;
        let built = || {
            Ok(Contact {
                organisation,
                country: country(*place)?,
                strength: Level::new(strength.get().into())?,
            })
        };
        Some(built())
    };
    all.iter().filter_map(contact).collect()
}

fn levels(maturity: &said::Maturity) -> Built<MaturityLevels> {
    let said::Maturity { trl, crl, brl, iprl, tmrl, frl } = maturity;
    let level =
        |level: &Option<MaturityLevel>| level.map(|level| Maturity::new(level.get().into())).transpose();
    Ok(MaturityLevels {
        trl: level(trl)?,
        crl: level(crl)?,
        brl: level(brl)?,
        iprl: level(iprl)?,
        tmrl: level(tmrl)?,
        frl: level(frl)?,
    })
}

fn pitched(pitch: &Pitched) -> Built<Pitch> {
    let Pitched { calibrated, judges, on } = pitch;
    Ok(Pitch { calibrated: Ppm::new(calibrated.get().into())?, judges: judges.get(), day: on.number() })
}

fn own_weights(weights: &said::StartupWeights) -> Built<Overrides<StartupFactor>> {
    let said::StartupWeights { access, ticket, value_add, track, comms, responsive, kind, mode } = *weights;
    overrides(|factor| match factor {
        StartupFactor::Access => access,
        StartupFactor::Ticket => ticket,
        StartupFactor::ValueAdd => value_add,
        StartupFactor::Track => track,
        StartupFactor::Communication => comms,
        StartupFactor::Responsive => responsive,
        StartupFactor::Kind => kind,
        StartupFactor::Cooperation => mode,
    })
}
