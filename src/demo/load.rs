//! Loading the demo world, through the same verbs that people's requests go through.
//!
//! Invariant: whoever is referred to is published before the one who refers: investors, startups, then the deals; the world
//! tables are counted from the deals at the end.
//! Read next: [`super::data`].

use super::data::{self, OrganisationLine, PersonLine};
use super::symbols::Symbols;
use crate::accounts::organisations::entitle;
use crate::accounts::passwords::{Hasher, Password};
use crate::accounts::people::create_admin;
use crate::accounts::{Email, NewOrganisation, OrganisationName, PersonName, Website};
use crate::accounts::{create_organisation, create_verified_person};
use crate::db::{Conn, Db};
use crate::events::{self, Act, Event, Kind, Subject};
use crate::identity::Acting;
use crate::kernel::{
    error::{Code, Error, Result},
    ids::{InvestorId, StartupId},
    time::Timestamp,
};
use crate::matching::worlds;
use crate::profiles::common::Contact;
use crate::profiles::investors::record;
use crate::profiles::publish::publish;
use crate::profiles::revise::set_contact;
use crate::profiles::startups::assess;
use crate::profiles::{self, Investors, Making, Profile, Startups};
use crate::reference::Catalogue;
use serde_json::Value;
use std::{collections::HashMap, sync::Arc};

/// The version of the demo world; a database keeps the one that was loaded into it.
pub const VERSION: u64 = 1;

/// The password of everybody in the demo world.
pub const PASSWORD: &str = "bring-a-local-reference";

/// What the mark is about.
const SUBJECT: &str = "demo";
/// The startup and the investor that the logins own and the tour begins with.
const TOUR: (&str, &str) = ("neva-speech", "nine-lanterns");
/// What a database may hold before: what the service itself puts into an empty one.
const GROUND: [&str; 4] = ["corridor.", "rates.", "signing_key.", "world."];

/// The demo world as it stands in a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demo {
    /// Which version was loaded.
    pub version: u64,
    /// How many startups it has.
    pub startups: u64,
    /// How many investors it has.
    pub investors: u64,
    /// The startup of the demo's startup login.
    pub startup: StartupId,
    /// The investor of the demo's investor login.
    pub investor: InvestorId,
}

/// The e-mail addresses of those who can sign in, each with what it may do.
pub fn logins() -> Result<Vec<(String, String)>> {
    let names: HashMap<String, String> =
        data::organisations()?.into_iter().map(|line| (line.key, line.name)).collect();
    let may = |person: &PersonLine| {
        let owned: Vec<&str> =
            person.owns.iter().filter_map(|key| names.get(key)).map(String::as_str).collect();
        if person.admin {
            "administers the platform".to_owned()
        } else {
            format!("owns {}", owned.join(" and "))
        }
    };
    Ok(data::people()?.iter().map(|person| (person.email.clone(), may(person))).collect())
}

/// Loads the demo world, unless it is there already; refused where the database holds other data.
pub fn ensure(db: &Db, catalogue: &Arc<Catalogue>, hasher: &Hasher, now: Timestamp) -> Result<Demo> {
    if let Some(demo) = db.read_now(loaded)? {
        return Ok(demo);
    }
    db.read_now(demand_empty)?;
    let hash = hasher.hash_now(&Password::new(PASSWORD))?;
    let catalogue = catalogue.clone();
    match db.write_now(move |conn| load(conn, &Act::system(now, "demo"), &catalogue, &hash)) {
        Err(error) => db.read_now(loaded)?.ok_or(error),
        loaded => loaded,
    }
}

/// The demo world that was loaded into this database.
fn loaded(conn: &mut Conn) -> Result<Option<Demo>> {
    let Some(mark) = events::of_subject(conn, SUBJECT, 1)?.pop() else { return Ok(None) };
    let data: Value = serde_json::from_str(&mark.data).map_err(Error::internal)?;
    let number = |name: &str| data[name].as_u64().ok_or_else(|| unreadable(name));
    let text = |name: &str| data[name].as_str().ok_or_else(|| unreadable(name));
    Ok(Some(Demo {
        version: number("version")?,
        startups: number("startups")?,
        investors: number("investors")?,
        startup: text("startup")?.parse().map_err(Error::internal)?,
        investor: text("investor")?.parse().map_err(Error::internal)?,
    }))
}

fn unreadable(what: &str) -> Error {
    Error::internal(format!("the mark of the demo world does not say its {what}"))
}

/// Refuses a database in which anybody has done anything.
fn demand_empty(conn: &mut Conn) -> Result<()> {
    const PAGE: i64 = 500;
    let mut from = 0;
    loop {
        let entries = events::after(conn, from, PAGE)?;
        if entries.iter().any(|e| !GROUND.iter().any(|ground| e.kind.starts_with(ground))) {
            let detail = "this database holds other data; the demo world is only loaded into an empty one";
            return Err(Error::new(Code::Conflict, detail));
        }
        match entries.last() {
            Some(last) => from = last.revision,
            None => return Ok(()),
        }
    }
}

/// Loads everything in the running transaction.
fn load(conn: &mut Conn, act: &Act, catalogue: &Catalogue, hash: &str) -> Result<Demo> {
    demand_empty(conn)?;
    let owners = people(conn, act, hash)?;
    let mut world = World { act, catalogue, symbols: Symbols::of(act.at.day()), acting: HashMap::new() };
    for line in data::organisations()? {
        world.organisation(conn, &line, owners.get(&line.key).copied())?;
    }
    let investors = world.investors(conn)?;
    let startups = world.startups(conn)?;
    world.portfolios(conn, &investors)?;
    let tables = worlds::rebuild(conn, act, catalogue)?;
    worlds::activate(conn, act, tables.id)?;
    let demo = Demo {
        version: VERSION,
        startups: startups.len() as u64,
        investors: investors.len() as u64,
        startup: startups.get(TOUR.0).map(|p| p.id).ok_or_else(|| missing(TOUR.0))?,
        investor: investors.get(TOUR.1).map(|p| p.id).ok_or_else(|| missing(TOUR.1))?,
    };
    mark(conn, act, &demo)?;
    Ok(demo)
}

fn missing(key: &str) -> Error {
    Error::internal(format!("the demo data has no {key}"))
}

fn mark(conn: &mut Conn, act: &Act, demo: &Demo) -> Result<()> {
    let event = Event::new(Kind::DemoLoaded, Subject::new(SUBJECT, 0))
        .with("version", demo.version)
        .with("startups", demo.startups)
        .with("investors", demo.investors)
        .with("startup", demo.startup.to_string())
        .with("investor", demo.investor.to_string());
    events::emit(conn, act, event).map(drop)
}

/// Makes the people; returns the owner of each owned organisation.
fn people(conn: &mut Conn, act: &Act, hash: &str) -> Result<HashMap<String, i64>> {
    let mut owners = HashMap::new();
    for line in data::people()? {
        let email = Email::of_field(&line.email, "/email")?;
        let name = PersonName::of_field(&line.name, "/name")?;
        let create = if line.admin { create_admin } else { create_verified_person };
        let (number, _) = create(conn, act, &email, Some(&name), hash)?;
        owners.extend(line.owns.into_iter().map(|key| (key, number)));
    }
    Ok(owners)
}

/// The world while it is being made.
struct World<'a> {
    act: &'a Act,
    catalogue: &'a Catalogue,
    symbols: Symbols,
    acting: HashMap<String, Acting>,
}

const DEMO: Making = Making { demo: true, claimable: false };

impl World<'_> {
    fn acting(&self, key: &str) -> Result<Acting> {
        self.acting.get(key).cloned().ok_or_else(|| missing(key))
    }

    fn organisation(&mut self, conn: &mut Conn, line: &OrganisationLine, owner: Option<i64>) -> Result<()> {
        let new = NewOrganisation {
            kind: line.kind,
            name: OrganisationName::parse(&line.name)?,
            country: Some(line.country),
            website: Some(Website::parse(&line.website)?),
            approved: true,
            demo: true,
        };
        let made = create_organisation(conn, self.act, owner, new)?;
        if line.approver {
            entitle(conn, self.act, made.id, true, |_| Ok(()))?;
        }
        self.symbols.define("organisation", &line.key, made.id);
        self.acting.insert(line.key.clone(), made.by_operator());
        Ok(())
    }

    fn investors(&mut self, conn: &mut Conn) -> Result<HashMap<String, Profile<Investors>>> {
        let mut made = HashMap::new();
        for line in data::investors(&self.symbols)? {
            let acting = self.acting(&line.organisation)?;
            let profile =
                profiles::create::<Investors>(conn, self.act, &acting, self.catalogue, line.facts, DEMO)?;
            let profile = self.publish(conn, &acting, &profile, &line.contact)?;
            self.symbols.define("investor", &line.organisation, profile.id);
            made.insert(line.organisation, profile);
        }
        Ok(made)
    }

    fn startups(&mut self, conn: &mut Conn) -> Result<HashMap<String, Profile<Startups>>> {
        let mut made = HashMap::new();
        for line in data::startups(&self.symbols)? {
            let acting = self.acting(&line.organisation)?;
            let profile =
                profiles::create::<Startups>(conn, self.act, &acting, self.catalogue, line.facts, DEMO)?;
            let profile = assess(conn, self.act, &profile, line.assessment)?;
            let profile = self.publish(conn, &acting, &profile, &line.contact)?;
            self.symbols.define("startup", &line.organisation, profile.id);
            made.insert(line.organisation, profile);
        }
        Ok(made)
    }

    fn publish<K: profiles::Kind>(
        &self,
        conn: &mut Conn,
        acting: &Acting,
        profile: &Profile<K>,
        contact: &Contact,
    ) -> Result<Profile<K>> {
        let profile = set_contact(conn, self.act, acting, profile, Some(contact))?;
        publish(conn, self.act, acting, true, &profile)
    }

    fn portfolios(&self, conn: &mut Conn, investors: &HashMap<String, Profile<Investors>>) -> Result<()> {
        for (key, portfolio) in data::portfolios(&self.symbols)? {
            let profile = investors.get(&key).ok_or_else(|| missing(&key))?;
            record(conn, self.act, &self.acting(&key)?, profile, &portfolio)?;
        }
        Ok(())
    }
}
