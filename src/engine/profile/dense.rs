//! A startup in few bytes, for a snapshot of many.
//!
//! Invariant: what was written is read back the same; the form is of this program alone and is never stored.
//! Read next: [`super::Startup`], whose JSON is the form for everybody else.

use super::super::weights::{Overrides, StartupFactor};
use super::super::words::{
    AcceleratorStatus, CooperationModels, Country, Level, Maturity, Minutes, Protection, ReferenceKind,
    Regulatory, Round, Sector, Stage,
};
use super::{AcceleratorRecord, Ask, Contact, MaturityLevels, Pitch, Reference, Startup, StartupKey};
use postcard::ser_flavors::Flavor;
use std::collections::{BTreeMap, BTreeSet};

type Known<T> = Option<BTreeMap<Country, T>>;
type Texts = BTreeSet<String>;

/// Identity, business and round.
type Who = (
    (StartupKey, Country, bool, Option<String>),
    (Option<Sector>, BTreeSet<Sector>, Option<Texts>),
    (Option<Stage>, Option<Round>, Option<Ask>, Option<Vec<u64>>),
);
/// Standing abroad.
type Abroad = (
    (Known<Level>, Option<Vec<Said>>, Option<Vec<(Country, AcceleratorStatus)>>),
    (Known<Regulatory>, Known<Protection>, Option<BTreeSet<Country>>, Known<u32>),
    (Option<BTreeMap<String, Level>>, Option<Minutes>, bool, Option<Vec<(String, Country, Level)>>),
);
/// Wishes and readiness.
type Wants = (
    (Option<u8>, Option<[Option<Maturity>; 6]>, Option<Pitch>, Option<i32>),
    (Option<Texts>, Option<Texts>, BTreeSet<u64>, Texts, Overrides<StartupFactor>),
);
type Said = (Country, ReferenceKind, i32, bool);

/// Bytes that are appended to others.
struct Onto<'a>(&'a mut Vec<u8>);

impl Flavor for Onto<'_> {
    type Output = ();

    fn try_push(&mut self, byte: u8) -> postcard::Result<()> {
        self.0.push(byte);
        Ok(())
    }

    fn try_extend(&mut self, bytes: &[u8]) -> postcard::Result<()> {
        self.0.extend_from_slice(bytes);
        Ok(())
    }

    fn finalize(self) -> postcard::Result<()> {
        Ok(())
    }
}

fn contact(of: &Contact) -> (&str, Country, Level) {
    (&of.organisation, of.country, of.strength)
}

fn levels([trl, crl, brl, iprl, tmrl, frl]: [Option<Maturity>; 6]) -> MaturityLevels {
    MaturityLevels { trl, crl, brl, iprl, tmrl, frl }
}

impl Startup {
    /// Appends it in few bytes; nothing where it cannot be written, which is no startup then.
    pub fn write_dense(&self, to: &mut Vec<u8>) {
        let start = to.len();
        let who = (
            (self.id, self.home, self.active, &self.city),
            (&self.sector, &self.further_sectors, &self.tags),
            (self.stage, self.round, self.ask, &self.backers),
        );
        let said = |r: &Reference| (r.country, r.kind, r.day, r.verified);
        let references = self.references.as_ref().map(|all| all.iter().map(said).collect::<Vec<Said>>());
        let programme = |a: &AcceleratorRecord| (a.target, a.status);
        let accelerators =
            self.accelerators.as_ref().map(|all| all.iter().map(programme).collect::<Vec<_>>());
        let contacts = self.contacts.as_ref().map(|all| all.iter().map(contact).collect::<Vec<_>>());
        let abroad = (
            (&self.targets, references, accelerators),
            (&self.regulatory, &self.protection, &self.localised, &self.offers),
            (&self.languages, self.time_zone, self.interpreter, contacts),
        );
        let models = self.models.map(CooperationModels::bits);
        let maturity = self.maturity.as_ref().map(MaturityLevels::all);
        let wants = (
            (models, maturity, self.pitch, self.updated),
            (&self.needs, &self.types, &self.blocks, &self.exclude_types, &self.weights),
        );
        if postcard::serialize_with_flavor(&(who, abroad, wants), Onto(to)).is_err() {
            to.truncate(start);
        }
    }

    /// The startup that [`Startup::write_dense`] wrote.
    pub fn read_dense(bytes: &[u8]) -> Option<Self> {
        let (who, abroad, wants): (Who, Abroad, Wants) = postcard::from_bytes(bytes).ok()?;
        let ((id, home, active, city), (sector, further_sectors, tags), (stage, round, ask, backers)) = who;
        let (
            (targets, references, accelerators),
            (regulatory, protection, localised, offers),
            (languages, time_zone, interpreter, contacts),
        ) = abroad;
        let ((models, maturity, pitch, updated), (needs, types, blocks, exclude_types, weights)) = wants;
        let said = |(country, kind, day, verified)| Reference { country, kind, day, verified };
        let programme = |(target, status)| AcceleratorRecord { target, status };
        let contact = |(organisation, country, strength)| Contact { organisation, country, strength };
        Some(Self {
            id,
            home,
            active,
            city,
            sector,
            further_sectors,
            tags,
            stage,
            round,
            ask,
            backers,
            targets,
            references: references.map(|all| all.into_iter().map(said).collect()),
            accelerators: accelerators.map(|all| all.into_iter().map(programme).collect()),
            regulatory,
            protection,
            localised,
            offers,
            languages,
            time_zone,
            interpreter,
            contacts: contacts.map(|all| all.into_iter().map(contact).collect()),
            models: models.map(CooperationModels::from_bits),
            maturity: maturity.map(levels),
            needs,
            types,
            pitch,
            updated,
            blocks,
            exclude_types,
            weights,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::profile::parse;
    use crate::population::Population;

    fn dense(startup: &Startup) -> Vec<u8> {
        let mut bytes = Vec::new();
        startup.write_dense(&mut bytes);
        bytes
    }

    #[test]
    fn generated_startups_are_read_back_the_same_and_take_a_third_of_their_json() {
        let population = Population::new(11, 2_000, 1);
        let (mut few, mut json) = (0, 0);
        for startup in (0..2_000).map(|k| population.startup(k)) {
            let bytes = dense(&startup);
            few += bytes.len();
            json += serde_json::to_string(&startup).map_or(0, |text| text.len());
            assert_eq!(Startup::read_dense(&bytes), Some(startup));
        }
        assert!(few * 3 < json, "{few} of {json}");
    }

    #[test]
    fn every_field_survives_unknown_and_empty_apart() {
        let full = r#"{"id":18446744073709551615,"home":"ZZ","active":false,"city":"","sector":"ict.ai","sectors2":["bio","ict"],
            "tags":[],"stage":7,"round":15,"raise":[0,18446744073709551615],"backers":[1,9223372036854775809],"targets":{"CN":3},
            "refs":[{"country":"CN","kind":"pilot","day":-5,"verified":true}],"accel":[{"target":"CN","status":"graduated"}],
            "regulatory":{"CN":"filed"},"ip":{"CN":"granted"},"localised":["CN","JP"],"offers":{"CN":4000000000},
            "langs":{"zh":1,"en":3},"tz":-720,"interpreter":true,"bridges":[{"org":"b","country":"CN","strength":2}],
            "modes":["equity","jv"],"irl":{"trl":9,"frl":1},"needs":["tests"],"types":["vc"],"pitch":[1000000,4,20000],
            "updated":-1,"blocks":[3],"exclude_types":["cvc"],"weights":{"access":0,"mode":1000}}"#;
        let full: Startup = parse(full).expect("a startup");
        assert_eq!(Startup::read_dense(&dense(&full)), Some(full));
        let bare = Startup::bare(StartupKey(1), Country::UNKNOWN);
        assert_eq!(Startup::read_dense(&dense(&bare)), Some(bare));
        assert_eq!(Startup::read_dense(&[7]), None);
    }
}
