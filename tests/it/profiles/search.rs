//! Browsing and searching.
//!
//! Invariant: the same query finds the same rows on both databases. Read next: `src/profiles/browse.rs`.

use super::{investor, party, startup};
use crate::harness::{Client, TestApp};
use crate::reference::import;
use serde_json::{Value, json};
use springboard::events::Act;
use springboard::program::background::Background;
use springboard::reference::{import_rates, parse_rates};
use std::time::Duration;

/// The names of the rows that a query finds.
fn names(client: &Client, path: &str) -> Vec<String> {
    let answer = client.get(path).expect(200);
    let rows = answer.body["data"].as_array().expect("rows").iter();
    rows.filter_map(|row| row["name"].as_str().map(str::to_owned)).collect()
}

fn with(name: &str, facts: Value) -> Value {
    let mut all = startup(name);
    all.as_object_mut().expect("object").extend(facts.as_object().expect("object").clone());
    all
}

/// Three startups and somebody who looks for them.
fn world(app: &TestApp) -> Client {
    let admin = app.admin("root");
    let ann = party(app, &admin, "ann", "startup");
    ann.published("startups", &with("Émile Photonics", json!({
        "home": "FR", "sector": "photonics.imaging", "markets": {"CN": 3}, "founded": 2015, "technologies": ["photonics", "quantum"],
        "one_liner": {"en": {"text": "Single-photon cameras"}, "zh": {"text": "量子相机制造商", "origin": "machine"}},
        "description": {"fr": {"text": "Des caméras pour l'industrie française"}},
        "languages": {"zh-Hans": 2, "en": 3}, "needs": ["market"], "cooperation_models": ["jv"],
        "ask": {"target": {"amount": 100_000_000, "currency": "USD"}}})));
    ann.published("startups", &with("beta Robots", json!({
        "home": "RU", "sector": "mfg.robotics", "further_sectors": ["ict.ai"], "stage": "series_a", "markets": {"CN": 1, "DE": 2},
        "founded": 2020, "ask": {"target": {"amount": 300_000_000, "currency": "USD"}}})));
    ann.published(
        "startups",
        &with("Gamma 100%", json!({"home": "RU", "sector": "ict.speech", "languages": {"ru": 3}})),
    );
    party(app, &admin, "ida", "investor").client
}

both! {
    fn words_are_found_in_any_language_without_case_and_accents(app: &TestApp) {
        let ida = world(app);
        for (q, found) in [("emile", "Émile Photonics"), ("CAMERA", "Émile Photonics"), ("%E9%87%8F%E5%AD%90", "Émile Photonics"),
            ("%E7%9B%B8%E6%9C%BA", "Émile Photonics"), ("fran%C3%A7aise+indus", "Émile Photonics"), ("robots+b", "beta Robots"), ("gam", "Gamma 100%")] {
            assert_eq!(names(&ida, &format!("/v1/startups?q={q}")), [found], "{q}");
        }
        assert!(names(&ida, "/v1/startups?q=emile+robots").is_empty(), "all words have to be there");
        assert!(names(&ida, "/v1/startups?q=robo+beta").is_empty(), "only the last word may be a beginning");
    }

    fn filters_are_or_within_and_and_across_and_not(app: &TestApp) {
        let ida = world(app);
        let (e, b, g) = ("Émile Photonics", "beta Robots", "Gamma 100%");
        let cases: [(&str, &[&str]); 20] = [
            ("home=RU", &[b, g]), ("home=FR,RU", &[b, e, g]), ("home=RU&market=CN", &[b]), ("not_home=RU", &[e]),
            ("sector=ict", &[b, g]), ("sector=ict.ai,photonics", &[b, e]), ("sector=ict&not_sector=mfg", &[g]),
            ("market=CN&not_market=DE", &[e]), ("stage=series_a", &[b]), ("technology=quantum,ai", &[e]),
            ("need=market", &[e]), ("cooperation_model=jv,equity", &[e]), ("language=zh", &[e]), ("language=zh-Hant", &[]),
            ("ask_min=2000000", &[b]), ("ask_max=1000000", &[e]), ("founded_min=2016", &[b]), ("q=photon&home=FR", &[e]),
            ("round=series_a", &[b]), ("not_round=series_a&home=RU", &[g]),
        ];
        for (query, found) in cases {
            assert_eq!(names(&ida, &format!("/v1/startups?sort=name&{query}")), found, "{query}");
        }
    }

    fn lists_are_ordered_and_paged_without_gaps(app: &TestApp) {
        let ida = world(app);
        for (sort, order) in [
            ("name", ["beta Robots", "Émile Photonics", "Gamma 100%"]),
            ("-updated_at", ["Gamma 100%", "beta Robots", "Émile Photonics"]),
            ("-created_at", ["Gamma 100%", "beta Robots", "Émile Photonics"]),
        ] {
            let (mut path, mut seen) = (format!("/v1/startups?limit=1&sort={sort}"), Vec::new());
            loop {
                seen.extend(names(&ida, &path));
                let page = ida.get(&path).expect(200).body;
                let Some(cursor) = page["next_cursor"].as_str() else { break };
                path = format!("/v1/startups?limit=1&sort={sort}&cursor={cursor}");
            }
            assert_eq!(seen, order, "{sort}");
        }
        ida.get("/v1/startups?sort=score").refused(400, "invalid_parameter");
        ida.get("/v1/startups?colour=red").refused(400, "unknown_parameter");
        ida.get("/v1/startups?home=XX").refused(400, "invalid_parameter");
        ida.get("/v1/startups?limit=0").refused(400, "invalid_parameter");
        for (query, name) in [
            ("startups?ask_min=2&ask_max=1", "ask_max"), ("startups?founded_min=2020&founded_max=2019", "founded_max"),
            ("investors?founded_min=2020&founded_max=2019", "founded_max"),
        ] {
            let refused = ida.get(&format!("/v1/{query}")).refused(400, "invalid_parameter");
            assert_eq!(refused.faults(), [(name.to_owned(), "out_of_range".to_owned())]);
        }
    }

    fn case_8_a_cursor_is_for_its_query_and_its_caller(app: &TestApp) {
        let ida = world(app);
        let cursor = ida.get("/v1/startups?limit=1").expect(200).body["next_cursor"].as_str().expect("cursor").to_owned();
        app.anon().get(&format!("/v1/startups?limit=1&cursor={cursor}")).refused(400, "invalid_cursor");
        ida.get(&format!("/v1/startups?limit=1&home=FR&cursor={cursor}")).refused(400, "invalid_cursor");
        ida.get(&format!("/v1/startups?limit=2&cursor={cursor}")).expect(200);
    }

    fn case_34_signs_of_query_languages_find_nothing_more(app: &TestApp) {
        let ida = world(app);
        for q in ["%25", "_", "*", "%27", "%22", "--", "%5C", "%25%25"] {
            assert!(names(&ida, &format!("/v1/startups?q={q}")).is_empty(), "{q}");
        }
        for q in ["%27%3B+DROP+TABLE+profiles%3B--", "emile%27+OR+1%3D1", "robots*+OR+gamma", "a%25", "NEAR(a,b)"] {
            assert!(names(&ida, &format!("/v1/startups?q={q}")).len() <= 1, "{q}");
        }
        assert_eq!(names(&ida, "/v1/startups?q=100%25"), ["Gamma 100%"]);
        for bad in ["home=%27", "sector=ict%25", "sort=name%3B", "organisation=%27", "updated_after=now", "founded_min=-1"] {
            ida.get(&format!("/v1/startups?{bad}")).refused(400, "invalid_parameter");
        }
        let many = "a+".repeat(99);
        ida.get(&format!("/v1/startups?q={many}")).expect(200);
        let words: Vec<String> = (0..40).map(|n| format!("w{n}")).collect();
        ida.get(&format!("/v1/startups?q={}", words.join("+"))).refused(400, "invalid_parameter");
    }

    fn case_35_what_cannot_be_stored_is_refused_alike(app: &TestApp) {
        let ida = world(app);
        for q in ["%00", "%FF", "a%00b"] {
            ida.get(&format!("/v1/startups?q={q}")).refused(400, "invalid_parameter");
        }
        let ann = app.sign_in("ann");
        for (body, status) in [("{\"name\":\"\\u0000\"}", 422), ("{\"name\":\"\\ud800\"}", 400)] {
            let answer = ann.send("POST", "/v1/startups", &[("content-type", "application/json")], Some(body.to_owned()));
            assert_eq!(answer.status, status, "{}", answer.text);
        }
    }

    fn case_36_names_hold_no_characters_that_deceive(app: &TestApp) {
        let ann = super::newcomer(app, "ann", "startup");
        for name in ["a\u{202e}b", "a\u{200b}b", "\u{feff}", "a\u{2066}b", "  "] {
            let refused = ann.register("startups", &json!({"name": name, "one_liner": {"en": {"text": name}}}));
            let places: Vec<String> = refused.refused(422, "validation_failed").faults().into_iter().map(|(at, _)| at).collect();
            assert_eq!(places, ["/name", "/one_liner/en/text"], "{name:?}");
        }
        let made = ann.register("startups", &json!({"name": " Cafe\u{301} "})).expect(201);
        assert_eq!(made.body["name"], "Café");
    }

    fn visitors_search_only_what_they_may_read(app: &TestApp) {
        world(app);
        let visitor = app.anon();
        assert_eq!(names(&visitor, "/v1/startups?q=photon"), ["Émile Photonics"]);
        assert!(names(&visitor, "/v1/startups?q=industrie").is_empty(), "descriptions are for members");
        assert_eq!(names(&visitor, "/v1/startups?home=FR"), ["Émile Photonics"]);
        for query in ["stage=seed", "not_market=CN", "ask_min=1", "founded_max=2030", "language=en"] {
            visitor.get(&format!("/v1/startups?{query}")).refused(401, "authentication_required");
        }
        let pending = super::newcomer(app, "pia", "investor").client;
        pending.get("/v1/startups?stage=seed").refused(403, "approval_pending");
    }

    fn amounts_in_other_currencies_are_found_at_the_rates_of_today(app: &TestApp) {
        let admin = app.admin("root");
        let ann = party(app, &admin, "ann", "startup");
        let euros = json!({"ask": {"target": {"amount": 100_000_000, "currency": "EUR"}}});
        let path = ann.published("startups", &with("Euro", euros));
        let before = ann.client.get(&path).expect(200);
        let found = |client: &Client, usd: u64| names(client, &format!("/v1/startups?ask_min={usd}&ask_max={usd}"));
        let imported = import(app, "currency,on,usd_per_unit\nEUR,2020-01-01,3\n");
        assert_eq!(imported.stdout, b"1 imported, 0 known already\n1 profiles are found by other amounts now\n");
        assert_eq!(found(&ann.client, 3_000_000), ["Euro"]);

        let file = "currency,on,usd_per_unit\nEUR,2026-11-23,5\n";
        let rates = parse_rates(&app.parts.catalogue, "rates.csv", file).expect("rates");
        let act = Act::system(app.parts.edge.clock.now(), "test");
        app.parts.edge.db.write_now(move |conn| import_rates(conn, &act, &rates)).expect("imports");
        let mut background = Background::new(&app.parts);
        background.step().expect("steps");
        assert_eq!(found(&ann.client, 3_000_000), ["Euro"], "the new rate holds from tomorrow on");
        app.advance(Duration::from_secs(86_400));
        background.step().expect("steps");
        let client = app.sign_in("ann");
        assert_eq!(found(&client, 5_000_000), ["Euro"]);
        assert_eq!(client.get(&path).expect(200).header("etag"), before.header("etag"));
    }

    fn investors_are_found_by_what_their_thesis_covers(app: &TestApp) {
        let admin = app.admin("root");
        let ida = party(app, &admin, "ida", "investor");
        let mut thesis = investor("Heihe Energy");
        thesis["focus"] = json!({"energy": 3, "ict.ai": 1});
        thesis["stages"] = json!({"from": "seed", "to": "series_b"});
        thesis["ticket"] = json!({"min": {"amount": 10_000_000, "currency": "USD"}, "max": {"amount": 90_000_000, "currency": "USD"}});
        thesis["offers"] = json!(["market"]);
        ida.published("investors", &thesis);
        let mut broad = investor("Broad");
        broad["generalist"] = true.into();
        broad["kind"] = "angel".into();
        ida.published("investors", &broad);
        let (h, b) = ("Heihe Energy", "Broad");
        let cases: [(&str, &[&str]); 11] = [
            ("sector=energy.grid", &[b, h]), ("sector=ict", &[b, h]), ("sector=ict.saas", &[b]), ("not_sector=energy", &[b]),
            ("stage=series_a", &[h]), ("stage=growth", &[]), ("ticket=500000", &[h]), ("ticket=50000", &[]), ("kind=angel", &[b]),
            ("offer=market,ip", &[h]), ("market=CN&home=CN", &[b, h]),
        ];
        for (query, found) in cases {
            assert_eq!(names(&ida.client, &format!("/v1/investors?sort=name&{query}")), found, "{query}");
        }
    }
}
