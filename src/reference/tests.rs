//! What the shipped tables must satisfy beyond their own columns.
//!
//! Invariant: one test a table or rule, so that a failure names the file to look at.
//! Read next: `seeds/reference/SOURCES.md`.

use super::parse::{index, lines};
use super::*;
use crate::kernel::time::Day;
use std::collections::{BTreeSet, HashMap, HashSet};

fn catalogue() -> Catalogue {
    Catalogue::shipped().unwrap_or_else(|e| panic!("{e}"))
}

fn count(name: TableName) -> usize {
    catalogue().table(name).rows.len()
}

fn day(text: &str) -> Day {
    text.parse().expect("day")
}

fn country(text: &str) -> CountryCode {
    text.parse().expect("country")
}

fn members(bloc: &str, on: &str) -> Vec<String> {
    catalogue().members(bloc, day(on)).iter().map(ToString::to_string).collect()
}

#[test]
fn files_index_and_built_in_tables_are_the_same() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/seeds/reference");
    let files: BTreeSet<String> = std::fs::read_dir(folder)
        .expect("folder")
        .map(|f| f.expect("entry").file_name().to_string_lossy().into_owned())
        .filter_map(|f| f.strip_suffix(".csv").map(str::to_owned))
        .collect();
    let built_in: BTreeSet<String> = TableName::ALL.iter().map(|t| t.as_str().to_owned()).collect();
    let described: BTreeSet<String> = catalogue().tables().map(|(_, t)| t.meta.name.clone()).collect();
    assert_eq!(files, built_in);
    assert_eq!(described, built_in);
    let sources = std::fs::read_to_string(format!("{folder}/SOURCES.md")).expect("sources");
    for name in
        ["countries", "regions", "currencies", "exchange-rates", "languages", "time-zones", "corridors"]
    {
        assert!(sources.contains(&format!("{name}.csv")), "{name}");
    }
}

#[test]
fn every_table_names_source_licence_and_version_and_every_vocabulary_has_labels() {
    let unlabelled = ["bloc-members", "exchange-rates", "time-zones", "corridors"];
    for (name, table) in catalogue().tables() {
        let meta = &table.meta;
        assert!(
            [&meta.label, &meta.about, &meta.source, &meta.licence, &meta.version]
                .iter()
                .all(|t| !t.is_empty())
        );
        let labelled = meta.columns.iter().any(|c| c.name == "label");
        assert_eq!(labelled, !unlabelled.contains(&name.as_str()), "{}", name.as_str());
        assert!(!table.rows.is_empty());
    }
}

#[test]
fn there_are_249_countries_and_each_has_its_region_but_antarctica() {
    let catalogue = catalogue();
    assert_eq!(count(TableName::Countries), 249);
    let without: Vec<_> = catalogue.countries().filter(|c| catalogue.region(*c).is_none()).collect();
    assert_eq!(without, [country("AQ")]);
    let table = catalogue.table(TableName::Countries);
    let unlisted: Vec<_> =
        table.iter().filter(|r| !r.boolean("m49_listed")).map(|r| r.text("code")).collect();
    assert_eq!(unlisted, ["TW"]);
    let alpha3: HashSet<_> = table.iter().map(|r| r.text("alpha3")).collect();
    let numeric: HashSet<_> = table.iter().map(|r| r.text("numeric")).collect();
    assert_eq!((alpha3.len(), numeric.len()), (249, 249));
    assert!(alpha3.iter().all(|c| c.len() == 3) && numeric.iter().all(|c| c.len() == 3));
}

#[test]
fn regions_are_those_of_m49() {
    let catalogue = catalogue();
    let levels =
        |level| catalogue.table(TableName::Regions).iter().filter(|r| r.text("level") == level).count();
    assert_eq!((levels("region"), levels("sub_region"), levels("intermediate_region")), (5, 17, 7));
    for (code, region) in
        [("CN", "Eastern Asia"), ("TW", "Eastern Asia"), ("CY", "Western Asia"), ("RU", "Eastern Europe")]
    {
        let sub = catalogue.region(country(code)).expect("region");
        assert_eq!(catalogue.label(TableName::Regions, sub), Some(region), "{code}");
    }
}

#[test]
fn membership_of_blocs_follows_the_day() {
    assert_eq!(members("eu", "2020-01-31").len(), 28);
    assert_eq!(members("eu", "2020-02-01").len(), 27);
    assert!(!members("eu", "2020-02-01").contains(&"GB".to_owned()));
    assert_eq!(members("eea", "2026-01-01").len(), 30);
    assert_eq!(members("efta", "2026-01-01"), ["CH", "IS", "LI", "NO"]);
    assert_eq!(members("efta", "1986-06-01").len(), 6);
    assert_eq!(members("euro_area", "2025-12-31").len(), 20);
    assert_eq!(members("euro_area", "2026-01-01").len(), 21);
    assert_eq!(members("eaeu", "2026-01-01"), ["AM", "BY", "KG", "KZ", "RU"]);
    assert_eq!((members("asean", "2025-10-25").len(), members("asean", "2025-10-26").len()), (10, 11));
    assert_eq!(members("gcc", "2026-01-01").len(), 6);
    assert_eq!((members("brics", "2019-09-26").len(), members("brics", "2026-01-01").len()), (5, 10));
    assert_eq!(members("rcep", "2026-01-01").len(), 14);
    assert_eq!(members("sco", "2026-01-01").len(), 10);
    assert_eq!(members("usmca", "2020-07-01"), ["CA", "MX", "US"]);
}

#[test]
fn no_membership_ends_before_it_begins_or_overlaps_itself() {
    let catalogue = catalogue();
    let mut last: HashMap<(String, String), String> = HashMap::new();
    for row in catalogue.table(TableName::BlocMembers).iter() {
        let until = row.optional("until").unwrap_or("9999-12-31").to_owned();
        assert!(row.text("from") <= until.as_str());
        let key = (row.text("bloc").to_owned(), row.text("country").to_owned());
        let before = last.insert(key, until);
        assert!(before.is_none_or(|b| b.as_str() < row.text("from")));
    }
}

#[test]
fn currencies_have_the_minor_units_of_iso_4217() {
    let catalogue = catalogue();
    let facts = |code: &str| catalogue.currency(code.parse().expect("currency"));
    for (code, units) in [
        ("EUR", 2),
        ("JPY", 0),
        ("KWD", 3),
        ("CLF", 4),
        ("VND", 0),
        ("ISK", 0),
        ("TND", 3),
        ("XCG", 2),
        ("ZWG", 2),
        ("SLE", 2),
    ] {
        assert_eq!(facts(code).map(|f| f.minor_units), Some(units), "{code}");
    }
    for code in ["HRK", "BGN", "ANG", "ZWL", "SLL", "CLF"] {
        assert_eq!(facts(code).map(|f| f.active), Some(false), "{code}");
    }
    for code in ["XAU", "XTS", "XXX", "XDR"] {
        assert_eq!(facts(code), None, "{code}");
    }
    for row in catalogue.table(TableName::Currencies).iter() {
        assert_eq!(row.text("status") == "superseded", row.optional("superseded_by").is_some());
        assert!((0..=4).contains(&row.integer("minor_units")));
    }
}

#[test]
fn shipped_rates_are_examples_of_active_currencies_other_than_the_dollar() {
    let catalogue = catalogue();
    let rates: Vec<DatedRate> = catalogue.shipped_rates().collect();
    assert_eq!(rates.len(), count(TableName::ExchangeRates));
    let days: BTreeSet<Day> = rates.iter().map(|r| r.on).collect();
    assert_eq!(days.len(), 2);
    for rate in &rates {
        assert_eq!(rate.status, RateStatus::Example);
        assert!(catalogue.currency(rate.currency).is_some_and(|f| f.active), "{}", rate.currency);
    }
    let table = catalogue.table(TableName::ExchangeRates);
    assert!(table.iter().all(|r| r.text("status") == "example" && r.text("currency") != "USD"));
}

#[test]
fn languages_are_the_184_of_iso_639_1_and_those_that_differ_in_writing() {
    let catalogue = catalogue();
    let two = catalogue.codes(TableName::Languages).filter(|c| c.len() == 2).count();
    assert_eq!(two, 184);
    assert_eq!(catalogue.primary_language("zh-Hans"), Some("zh"));
    assert_eq!(catalogue.primary_language("ru"), Some("ru"));
    assert_eq!(catalogue.primary_language("xx"), None);
}

#[test]
fn zones_have_a_canonical_name_and_a_standard_offset_in_range() {
    let catalogue = catalogue();
    assert!(count(TableName::TimeZones) >= 590);
    for row in catalogue.table(TableName::TimeZones).iter() {
        assert!((-720..=840).contains(&row.integer("standard_offset_minutes")));
        let canonical = catalogue.canonical_zone(row.text("code")).expect("zone");
        assert_eq!(catalogue.canonical_zone(canonical), Some(canonical));
        assert_eq!(catalogue.zone_offset(canonical), catalogue.zone_offset(row.text("code")));
    }
    for (zone, minutes) in [
        ("Europe/Moscow", 180),
        ("Asia/Kolkata", 330),
        ("America/New_York", -300),
        ("Europe/London", 0),
        ("Australia/Sydney", 600),
        ("Asia/Calcutta", 330),
    ] {
        assert_eq!(catalogue.zone_offset(zone), Some(minutes), "{zone}");
    }
    assert_eq!(catalogue.canonical_zone("Asia/Calcutta"), Some("Asia/Kolkata"));
}

#[test]
fn sectors_have_two_levels_and_every_leaf_names_real_divisions() {
    let catalogue = catalogue();
    assert_eq!(count(TableName::IsicDivisions), 88);
    let table = catalogue.table(TableName::Sectors);
    let parents: Vec<_> = table.iter().filter(|r| r.optional("parent").is_none()).collect();
    let leaves: Vec<_> = table.iter().filter(|r| r.optional("parent").is_some()).collect();
    assert!(parents.len() >= 14, "{}", parents.len());
    assert!((90..=255).contains(&leaves.len()), "{}", leaves.len());
    for row in &parents {
        assert!(!row.text("code").contains('.') && row.list("isic").is_empty());
        assert!(matches!(row.get("regulated"), Value::Boolean(_)));
        assert!(
            leaves.iter().filter(|l| l.text("parent") == row.text("code")).count() >= 3,
            "{}",
            row.text("code")
        );
    }
    for row in &leaves {
        let (parent, name) = row.text("code").split_once('.').expect("a dot");
        assert_eq!(row.text("parent"), parent);
        assert!(
            !name.contains('.') && !row.list("isic").is_empty() && row.get("regulated") == &Value::Absent
        );
        assert_eq!(catalogue.sector(parent).map(|s| s.parent), Some(None));
    }
    let labels: HashSet<_> = table.iter().map(|r| r.text("label")).collect();
    assert_eq!(labels.len(), table.rows.len());
}

#[test]
fn the_sectors_of_the_stories_are_there_and_regulated_as_they_say() {
    let catalogue = catalogue();
    for code in
        ["ict.ai", "ict.speech", "energy.grid", "bio.therapeutics", "bio.devices", "photonics.quantum"]
    {
        assert!(catalogue.is_leaf(code), "{code}");
    }
    assert_eq!(catalogue.regulated().collect::<Vec<_>>(), ["bio", "health", "energy", "fin"]);
    assert_eq!(catalogue.sector("bio.devices").map(|s| s.regulated), Some(true));
    assert_eq!(catalogue.sector("ict.ai").map(|s| s.regulated), Some(false));
    assert!(!catalogue.is_leaf("ict") && catalogue.sector("ict.nothing").is_none());
}

#[test]
fn technologies_cover_fourteen_families() {
    let catalogue = catalogue();
    assert_eq!(count(TableName::TechnologyFamilies), 14);
    let used: HashSet<_> =
        catalogue.table(TableName::Technologies).iter().map(|r| r.text("family").to_owned()).collect();
    assert_eq!(used.len(), 14);
}

#[test]
fn stages_and_rounds_are_numbered_as_they_are_scored() {
    let catalogue = catalogue();
    let stages: Vec<_> = catalogue.codes(TableName::Stages).map(str::to_owned).collect();
    assert_eq!(stages, ["idea", "pre_seed", "seed", "series_a", "series_b", "series_c", "growth", "pre_ipo"]);
    for name in [TableName::Stages, TableName::Rounds] {
        for (place, row) in catalogue.table(name).iter().enumerate() {
            assert_eq!(row.integer("number"), place as i64);
        }
    }
    assert_eq!(count(TableName::Rounds), 16);
    for (round, number) in [
        ("seed", 2),
        ("venture_unspecified", 8),
        ("grant", 9),
        ("debt", 10),
        ("convertible_note", 11),
        ("crowdfunding", 12),
    ] {
        assert_eq!(catalogue.number(TableName::Rounds, round), Some(number), "{round}");
    }
    assert_eq!(catalogue.number(TableName::Rounds, "reserved_13"), None);
}

#[test]
fn the_words_of_the_score_are_exactly_those_of_the_tables() {
    let catalogue = catalogue();
    let sorted = |name| catalogue.codes(name).collect::<BTreeSet<_>>();
    let words = |text: &'static str| text.split(' ').collect::<BTreeSet<_>>();
    for (name, text) in [
        (TableName::ReferenceKinds, "local_entity customer approval pilot grant loi media"),
        (TableName::AcceleratorStatuses, "graduated active selected applied dropped"),
        (
            TableName::RegulatoryLevels,
            "approved not_required phase3 filed phase2 phase1 planned preclinical none",
        ),
        (TableName::IpLevels, "granted not_needed filed none"),
        (TableName::CooperationModels, "equity convertible jv fund licence tech_transfer rnd debt"),
        (TableName::IrlScales, "trl crl brl iprl tmrl frl"),
    ] {
        assert_eq!(sorted(name), words(text), "{}", name.as_str());
    }
    let kinds = words("vc cvc angel corporate fund family_office incubator");
    assert!(sorted(TableName::InvestorKinds).is_superset(&kinds));
    let needs =
        words("market bizdev marketing manufacturing regulatory rnd capital network distribution talent jv");
    assert!(sorted(TableName::Needs).is_superset(&needs));
    assert!(sorted(TableName::Needs).len() <= 16 && sorted(TableName::InvestorKinds).len() <= 16);
    assert_eq!(count(TableName::IrlLevels), 54);
}

#[test]
fn revenue_bands_leave_no_gap() {
    let catalogue = catalogue();
    let mut below = 0;
    for row in catalogue.table(TableName::RevenueBands).iter() {
        assert_eq!(row.integer("from_usd"), below, "{}", row.text("code"));
        below = row.integer("below_usd");
    }
    assert_eq!(below, 0, "the last band is open");
}

#[test]
fn shipped_corridors_are_illustrative_prohibit_nothing_and_give_their_reason() {
    let catalogue = catalogue();
    let corridors: Vec<Corridor> = catalogue.shipped_corridors().collect();
    assert_eq!(corridors.len(), count(TableName::Corridors));
    assert!(corridors.len() >= 60);
    for corridor in &corridors {
        assert_eq!(corridor.status, CorridorStatus::Illustrative);
        assert!(!corridor.terms.prohibited && corridor.terms.prohibited_sectors.is_empty());
        assert!(
            corridor.terms.reason.len() > 40 && corridor.terms.reason.ends_with('.'),
            "{:?}",
            corridor.pair
        );
    }
    let pairs: HashSet<Pair> = corridors.iter().map(|c| c.pair).collect();
    for text in [
        "RU-CN", "CN-RU", "RU-FR", "FR-RU", "RU-GB", "GB-RU", "CN-GB", "GB-CN", "FR-CN", "CN-FR", "CN-DE",
        "DE-CN",
    ] {
        assert!(pairs.contains(&text.parse().expect("pair")), "{text}");
    }
}

fn meta() -> Meta {
    let text = r#"{"version":"1","tables":[{"name":"things","label":"T","about":"t","version":"1","source":"s","licence":"l",
        "key":["code"],"columns":[{"name":"code","kind":"code","about":""},{"name":"n","kind":"integer","about":"","optional":true},
        {"name":"on","kind":"date","about":"","optional":true},{"name":"xs","kind":"code","about":"","list":true}]}]}"#;
    index(text).expect("index").tables.remove(0)
}

#[test]
fn an_error_names_the_file_and_the_line() {
    let cases = [
        ("code,n,on\n", 1, "the header must be"),
        ("code,n,on,xs\na,1,,\nb,x,,\n", 3, "n: x is not a whole number"),
        ("code,n,on,xs\na,1,,\na,2,,\n", 3, "a is there twice"),
        ("code,n,on,xs\na,1\n", 2, "2 cells instead of 4"),
        ("code,n,on,xs\n,1,,\n", 2, "code: is empty"),
        ("code,n,on,xs\na,1,2026-02-30,\n", 2, "on: 2026-02-30 is not a date"),
        ("code,n,on,xs\na,1,,x;y;x\n", 2, "xs: x;y;x says something twice"),
        ("code,n,on,xs\na b,1,,\n", 2, "code: a b is not a code"),
    ];
    for (text, line, detail) in cases {
        let error = lines(&meta(), "things.csv", text).1.remove(0);
        assert_eq!((error.file.as_str(), error.line), ("things.csv", line), "{text}");
        assert!(error.detail.starts_with(detail), "{error}");
    }
}

#[test]
fn every_wrong_line_of_a_file_is_named() {
    let errors = lines(&meta(), "things.csv", "code,n,on,xs\na,x,,\nb,1,,\nb,2,,\n").1;
    assert_eq!(errors.iter().map(|e| e.line).collect::<Vec<_>>(), [2, 4]);
}

#[test]
fn an_index_with_an_unknown_member_is_refused_with_its_line() {
    let error = index("{\n\"version\": \"1\",\n\"tabels\": []}").expect_err("unknown member");
    assert_eq!((error.file.as_str(), error.line), ("index.json", 3));
}
