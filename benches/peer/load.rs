//! Profiles as rows of numbers, one text a table, as `COPY` reads them.
//!
//! Invariant: a code is given once; 0 and -1 stand for "not said", as `tables.sql` has it.
//! Read next: `tables.sql`.

use springboard::engine::profile::{Deal, Investor, Startup, World};
use springboard::engine::words::{AcceleratorStatus, Country, Level, Ppm, Protection, ReferenceKind, Sector};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::{Display, Write as _};

/// Numbers for words, from 1.
#[derive(Default)]
pub struct Numbers(HashMap<String, usize>);

impl Numbers {
    fn of(&mut self, word: &str) -> usize {
        let next = self.0.len() + 1;
        *self.0.entry(word.to_owned()).or_insert(next)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    fn bits<'a>(&mut self, words: impl IntoIterator<Item = &'a String>) -> u64 {
        words.into_iter().fold(0, |set, word| set | 1 << (self.of(word) - 1))
    }
}

/// The rows of every table, and the codes of everything in them.
#[derive(Default)]
pub struct Rows {
    pub tables: BTreeMap<&'static str, String>,
    countries: BTreeMap<Country, usize>,
    sectors: Numbers,
    places: BTreeMap<String, (usize, usize)>,
    tags: Numbers,
    needs: Numbers,
    kinds: Numbers,
    organisations: Numbers,
    pub languages: Numbers,
    pub backers: Numbers,
}

/// A row of fields.
struct Row(String);

impl Row {
    fn add(&mut self, field: impl Display) -> &mut Self {
        let comma = if self.0.is_empty() { "" } else { "," };
        write!(self.0, "{comma}{field}").expect("a text grows");
        self
    }

    fn all<T: Display>(&mut self, fields: impl IntoIterator<Item = T>) -> &mut Self {
        fields.into_iter().for_each(|field| _ = self.add(field));
        self
    }
}

fn or<T: Display>(value: Option<T>, unknown: &str) -> String {
    value.map_or_else(|| unknown.to_owned(), |value| value.to_string())
}

fn usual(share: Option<&Ppm>) -> u64 {
    share.map_or(1_000, |share| share.amount().max(1_000)) * 1_000
}

impl Rows {
    fn row<T: Display>(&mut self, table: &'static str, fields: impl IntoIterator<Item = T>) {
        let mut row = Row(String::new());
        row.all(fields);
        self.put(table, &row);
    }

    fn put(&mut self, table: &'static str, row: &Row) {
        let text = self.tables.entry(table).or_default();
        text.push_str(&row.0);
        text.push('\n');
    }

    fn country(&self, country: Country) -> usize {
        self.countries[&country]
    }

    fn sector(&mut self, sector: &Sector) -> usize {
        self.sectors.of(sector.parent());
        self.sectors.of(sector.as_str())
    }

    fn place(&mut self, home: Country, city: Option<&str>) -> usize {
        let Some(city) = city.filter(|city| !city.is_empty()) else { return 0 };
        let (next, country) = (self.places.len() + 1, self.country(home));
        self.places.entry(format!("{home}/{city}")).or_insert((next, country)).0
    }

    /// The world, without what is only known once everybody has been read.
    pub fn world(&mut self, world: &World) {
        let named = world.regions.keys().chain(world.base.home.keys()).copied();
        let all: BTreeSet<Country> = named.collect();
        self.countries = all.into_iter().enumerate().map(|(n, country)| (country, n + 1)).collect();
        assert!(self.countries.len() < 64, "the ways between countries are a table of 64 × 64");
        let regions: BTreeSet<&String> = world.regions.values().collect();
        for (country, code) in self.countries.clone() {
            let region = world.regions.get(&country).map_or(0, |own| {
                1 + regions.iter().position(|region| *region == own).expect("the region is listed")
            });
            self.row("country", [code as u64, region as u64, usual(world.base.home.get(&country))]);
        }
        for c in &world.corridors {
            let value = |share: Option<Ppm>| or(share.map(Ppm::get), "");
            let sector = c.prohibited_sectors.iter().next().map_or(0, |sector| self.sector(sector));
            let mut row = Row(String::new());
            row.add(self.country(c.home)).add(self.country(c.market));
            row.all([c.regulation, c.protection, c.treaty, c.culture].map(value));
            row.add(c.favoured.iter().fold(0, |set, model| set | 1 << model as u8));
            row.add(c.prohibited).add(sector);
            self.put("corridor", &row);
        }
        for flow in &world.flows {
            let (home, market) = (self.country(flow.home), self.country(flow.market));
            self.row("flow", [home as u64, market as u64, flow.deals.into()]);
        }
        for code in 0..16 {
            let share = world.base.round.iter().find(|(round, _)| round.get() == code);
            self.row("round", [code as u64, usual(share.map(|entry| entry.1))]);
        }
        for code in 0..128 {
            let share = world.base.ticket.iter().find(|(bucket, _)| bucket.get() == code);
            self.row("ticket", [code as u64, usual(share.map(|entry| entry.1))]);
        }
    }

    /// Sectors and places, once everybody has named theirs.
    pub fn named(&mut self, world: &World) {
        for sector in world.base.sector.keys() {
            self.sector(sector);
        }
        let mut sectors: Vec<(String, usize)> = self.sectors.0.clone().into_iter().collect();
        sectors.sort_by_key(|entry| entry.1);
        for (text, code) in sectors {
            let sector = Sector::parse(&text).expect("it was one");
            let parent = self.sector(&sector.to_parent());
            let regulated = world.regulated.contains(sector.parent());
            let share = usual(world.base.sector.get(&sector));
            self.row(
                "sector",
                [code.to_string(), parent.to_string(), share.to_string(), regulated.to_string()],
            );
        }
        for (name, (code, country)) in self.places.clone() {
            let (home, city) = name.split_once('/').expect("country and city");
            let home = Country::parse(home).expect("a country");
            let share = world.base.city.get(&home).and_then(|cities| cities.get(city));
            self.row("place", [code as u64, country as u64, usual(share)]);
        }
    }

    /// A startup with everything it has in markets.
    pub fn startup(&mut self, s: &Startup) {
        assert!(s.further_sectors.len() <= 3 && s.blocks.len() <= 1, "the layout is made for the population");
        let stage = s.stage.map(|x| x.get());
        let round = s.round.map(|x| x.get()).or(stage);
        let mut row = Row(String::new());
        row.add(s.id.0).add(s.active).add(self.country(s.home)).add(self.place(s.home, s.city.as_deref()));
        row.add(s.sector.as_ref().map_or(0, |sector| self.sector(sector)));
        let further: Vec<usize> = s.further_sectors.iter().map(|sector| self.sector(sector)).collect();
        row.all((0..4).map(|k| further.get(k).copied().unwrap_or(0)));
        row.add(stage.unwrap_or(8)).add(round.unwrap_or(16));
        row.add(or(s.ask.map(|ask| ask.cheque), "-1")).add(or(s.ask.map(|ask| ask.target), "-1"));
        row.add(or(s.time_zone.map(|minutes| minutes.get()), "-9999"));
        row.add(or(s.tags.as_ref().map(|set| self.tags.bits(set)), "-1"));
        row.add(or(s.needs.as_ref().map(|set| self.needs.bits(set)), "-1"));
        row.add(or(s.types.as_ref().map(|set| self.kinds.bits(set) << 1), "-1"));
        row.add(self.kinds.bits(&s.exclude_types) << 1);
        row.add(or(s.models.map(models), "-1"));
        let known = s.contacts.iter().flatten().map(|contact| &contact.organisation);
        row.add(self.organisations.bits(known));
        self.lists(s, &mut row);
        let levels = s.maturity.as_ref().map_or([None; 6], |m| m.all());
        row.all(levels.map(|level| level.map_or(0, |level| level.get())));
        row.add(or(s.pitch.map(|p| p.calibrated.get()), "-1"));
        row.add(or(s.pitch.map(|p| p.judges), "0")).add(or(s.pitch.map(|p| p.day), "0"));
        row.add(or(s.blocks.first(), "-1"));
        row.add(s.references.is_some()).add(s.accelerators.is_some()).add(s.localised.is_some());
        row.add(s.offers.is_some()).add(s.contacts.is_some());
        self.put("stated", &row);
        self.markets(s);
    }

    /// Backers, targets and languages, in columns of their own.
    fn lists(&mut self, s: &Startup, row: &mut Row) {
        let backers = s.backers.as_deref().map(|list| &list[..list.len().min(4)]);
        let codes: Vec<usize> =
            backers.iter().flat_map(|list| list.iter()).map(|id| self.backers.of(&id.to_string())).collect();
        row.all((0..4).map(|k| codes.get(k).copied().unwrap_or(0))).add(or(backers.map(<[u64]>::len), "-1"));
        let mut targets: Vec<(Country, Level)> =
            s.targets.iter().flatten().map(|(country, level)| (*country, *level)).collect();
        targets.sort_by_key(|(country, level)| (-level.get(), *country));
        let spoken: Vec<(usize, Level)> =
            s.languages.iter().flatten().map(|(word, level)| (self.languages.of(word), *level)).collect();
        assert!(targets.len() <= 3 && spoken.len() <= 3, "the layout is made for the population");
        for k in 0..3 {
            let target = targets.get(k).map(|(country, level)| (self.country(*country), level.get()));
            let (country, level) = target.unwrap_or((0, 0));
            row.add(country).add(level);
        }
        for k in 0..3 {
            let (language, level) = spoken.get(k).map_or((0, 0), |(word, level)| (*word, level.get()));
            row.add(language).add(level);
        }
        row.add(if s.languages.is_some() { spoken.len() as i64 } else { -1 }).add(s.interpreter);
    }

    fn markets(&mut self, s: &Startup) {
        let id = s.id.0;
        for r in s.references.iter().flatten() {
            let (country, worth) = (self.country(r.country), reference(r.kind));
            self.row(
                "reference",
                [
                    id.to_string(),
                    country.to_string(),
                    worth.to_string(),
                    r.day.to_string(),
                    r.verified.to_string(),
                ],
            );
        }
        let mut entry = |table, country: Country, worth: u64| {
            let country = self.countries[&country] as u64;
            self.row(table, [id, country, worth]);
        };
        for a in s.accelerators.iter().flatten() {
            entry("accelerator", a.target, accelerated(a.status));
        }
        for (country, level) in s.regulatory.iter().flatten() {
            entry("regulatory", *country, level.worth());
        }
        for (country, level) in s.protection.iter().flatten() {
            entry("protection", *country, protected(*level));
        }
        for (country, count) in s.offers.iter().flatten() {
            entry("offer", *country, [0, 700_000, 900_000, 1_000_000][*count.min(&3) as usize]);
        }
        for contact in s.contacts.iter().flatten() {
            let worth = [0, 400_000, 500_000, 600_000][contact.strength.amount() as usize];
            entry("contact", contact.country, worth);
        }
        for country in s.localised.iter().flatten() {
            let country = self.country(*country) as u64;
            self.row("localised", [id, country]);
        }
    }

    /// An investor with its thesis and its deals.
    pub fn investor(&mut self, i: &Investor) {
        let id = i.id.0;
        let mut row = Row(String::new());
        row.add(id).add(i.active).add(self.kinds.of(&i.kind)).add(self.country(i.home));
        row.add(self.place(i.home, i.city.as_deref()));
        row.add(i.generalist).add(i.strict).add(i.interpreter).add(self.tags.bits(&i.tags));
        row.all(ends(i.stages.map(|x| (x.lo().get(), x.hi().get()))));
        row.all(ends(i.ticket.map(|x| (x.lo(), x.hi()))));
        row.add(or(i.time_zone.map(|minutes| minutes.get()), "-9999"));
        row.add(self.organisations.bits(&i.organisations)).add(or(i.models.map(models), "-1"));
        row.add(or(i.offers.as_ref().map(|set| self.needs.bits(set)), "-1"));
        row.add(i.asked).add(i.answered).add(or(i.updated, "-1"));
        row.all(ends(i.hard_stages.map(|x| (x.lo().get(), x.hi().get()))));
        row.add(i.hard_ticket).add(i.hard_models).add(i.only_targets).add(i.languages.is_some());
        self.put("investor", &row);
        for country in &i.markets {
            self.row("market", [id, self.countries[country] as u64]);
        }
        for (country, level) in &i.access {
            self.row("access", [id, self.countries[country] as u64, level.amount()]);
        }
        for (sector, level) in &i.focus {
            let sector = self.sector(sector) as u64;
            self.row("focus", [id, sector, level.amount()]);
        }
        for (word, level) in i.languages.iter().flatten() {
            let language = self.languages.of(word) as u64;
            self.row("language", [id, language, level.amount()]);
        }
        for country in &i.exclude_homes {
            self.row("excluded_home", [id, self.countries[country] as u64]);
        }
        for sector in &i.exclude_sectors {
            let sector = self.sector(sector) as u64;
            self.row("excluded_sector", [id, sector]);
        }
        i.portfolio.iter().enumerate().for_each(|(number, deal)| self.deal(id, number as u64, deal));
    }

    fn deal(&mut self, id: u64, number: u64, deal: &Deal) {
        let place = deal.known_city().map_or(0, |(home, city)| self.place(home, Some(city)));
        let home = deal.known_home().map_or(0, |home| self.country(home));
        let round = deal.round.map_or(16, |round| round.amount());
        self.row("deal", [id, number, home as u64, place as u64, round, deal.amount]);
        for sector in &deal.sectors {
            let sector = self.sector(sector) as u64;
            self.row("deal_sector", [id, number, sector]);
        }
        for other in &deal.with {
            let other = self.backers.of(&other.to_string()) as u64;
            self.row("tie", [id, number, other]);
        }
    }
}

fn ends<T: Display>(span: Option<(T, T)>) -> [String; 2] {
    span.map_or(["-1".to_owned(), "-1".to_owned()], |(lo, hi)| [lo.to_string(), hi.to_string()])
}

fn models(set: springboard::engine::words::CooperationModels) -> u32 {
    set.iter().fold(0, |set, model| set | 1 << model as u8)
}

fn reference(kind: ReferenceKind) -> u64 {
    match kind {
        ReferenceKind::LocalEntity => 450_000,
        ReferenceKind::Customer => 400_000,
        ReferenceKind::Approval => 300_000,
        ReferenceKind::Pilot => 250_000,
        ReferenceKind::Grant | ReferenceKind::LetterOfIntent => 120_000,
        ReferenceKind::Media => 30_000,
    }
}

fn accelerated(status: AcceleratorStatus) -> u64 {
    match status {
        AcceleratorStatus::Graduated => 1_000_000,
        AcceleratorStatus::Active => 700_000,
        AcceleratorStatus::Selected => 500_000,
        AcceleratorStatus::Applied => 250_000,
        AcceleratorStatus::Dropped => 100_000,
    }
}

fn protected(level: Protection) -> u64 {
    match level {
        Protection::Granted => 1_000_000,
        Protection::NotNeeded => 800_000,
        Protection::Filed => 600_000,
        Protection::None => 0,
    }
}
