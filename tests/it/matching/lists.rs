//! What a list shows, how it turns pages, and that a write is in the next query.
//!
//! Invariant: the lines of an explanation sum to the score of the list. Read next: [`super::privacy`].

use super::{Party, approved, investor_facts, startup_facts};
use serde_json::{Value, json};

fn sum(explanation: &Value) -> i64 {
    let lines = explanation["ledger"].as_array().expect("ledger").iter();
    lines.map(|line| line["contribution"].as_i64().expect("contribution")).sum()
}

approved! {
    fn a_published_startup_is_ranked_and_explained_to_the_last_unit(app: &TestApp) {
        let (startup, investor) =
            (Party::new(app, "sue", "startup", &startup_facts()), Party::new(app, "ivy", "investor", &investor_facts()));
        let list = investor.matches("?explain=full").expect(200).body;
        let row = &list["data"][0];
        assert_eq!(row["startup"]["id"], startup.id.as_str());
        assert_eq!(sum(&row["explanation"]), row["score"].as_i64().expect("score"));
        assert_eq!(list["data"].as_array().expect("rows").len(), 1);
        assert_eq!(list["basis"]["score_version"], "mm-2");
        assert_eq!(list["basis"]["lifts_neutral"], true);
        let pair = investor.pair(&startup).expect(200).body;
        assert_eq!(pair["explanation"]["score"], row["score"]);
        assert_eq!(pair["explanation"]["market"], "CN");
        let mirror = startup.pair(&investor).expect(200).body;
        assert_eq!(mirror["explanation"]["score"], row["score"], "nothing private here, so both sides see one score");
        assert_eq!(sum(&mirror["explanation"]), sum(&row["explanation"]));
    }

    fn a_reference_in_the_market_counts_and_one_at_home_does_not(app: &TestApp) {
        let (startup, investor) =
            (Party::new(app, "sue", "startup", &startup_facts()), Party::new(app, "ivy", "investor", &investor_facts()));
        let score = || investor.scores("")[0].1;
        let before = score();
        let at_home = |n: u32| json!({"key": format!("h{n}"), "country": "RU", "kind": "customer", "on": "2026-06-01"});
        let many: Vec<Value> = (0..12).map(at_home).collect();
        startup.revise(&json!({"references": many}));
        assert_eq!(score(), before, "twelve customers at home are worth what one is");
        startup.revise(&json!({"references": [{"key": "c", "country": "CN", "kind": "pilot", "on": "2026-06-01"}]}));
        assert!(score() > before);
        let pair = investor.pair(&startup).expect(200).body;
        let lines = pair["explanation"]["ledger"].as_array().expect("ledger").clone();
        let local = lines.iter().find(|l| l["line"] == "i.local_refs").expect("line");
        assert!(local["sentence"].as_str().expect("sentence").contains("in China: pilot"), "{local}");
    }

    fn whose_session_has_ended_is_told_nothing_else(app: &TestApp) {
        let (startup, investor) =
            (Party::new(app, "sue", "startup", &startup_facts()), Party::new(app, "ivy", "investor", &investor_facts()));
        investor.client.delete("/v1/sessions/current").expect(204);
        for query in ["", "?explain=summary", "?min_revision=1", "?min_revision=9223372036854775807", "?weights=charm:3", "?cursor=x"] {
            investor.matches(query).refused(401, "invalid_token");
        }
        investor.pair(&startup).refused(401, "invalid_token");
        let path = format!("{}/matches", investor.url());
        for query in ["?limit=0", "?charm=3"] {
            app.anon().get(&format!("{path}{query}")).refused(401, "authentication_required");
            app.anon().with_token("garbage").get(&format!("{path}{query}")).refused(401, "invalid_token");
        }
    }

    fn a_summary_tells_the_lines_that_contribute_most_and_is_said_not_to_be_complete(app: &TestApp) {
        let (startup, investor) =
            (Party::new(app, "sue", "startup", &startup_facts()), Party::new(app, "ivy", "investor", &investor_facts()));
        for (list, pair) in [
            (investor.matches("?explain=summary"), investor.pair(&startup)),
            (startup.matches("?explain=summary"), startup.pair(&investor)),
        ] {
            let (list, pair) = (list.expect(200).body, pair.expect(200).body);
            let (summary, whole) = (&list["data"][0]["explanation"], &pair["explanation"]);
            assert_eq!((&summary["complete"], &whole["complete"]), (&json!(false), &json!(true)));
            let told = summary["ledger"].as_array().expect("ledger");
            let all = whole["ledger"].as_array().expect("ledger");
            assert_eq!((told.len(), all.len()), (6, 23));
            assert!(told.iter().all(|line| all.contains(line)), "{told:?}");
            let worth = |line: &Value| line["contribution"].as_i64().expect("contribution");
            assert!(told[..5].is_sorted_by_key(|line| -worth(line)), "{told:?}");
            assert!(all[..22].iter().filter(|line| worth(line) > worth(&told[4])).count() < 5);
        }
    }

    fn a_write_is_in_the_next_query_and_at_the_revision_it_reports(app: &TestApp) {
        let (startup, investor) =
            (Party::new(app, "sue", "startup", &startup_facts()), Party::new(app, "ivy", "investor", &investor_facts()));
        let revision = startup.revise(&json!({"stage": "growth"})).header("springboard-revision").to_owned();
        let list = investor.matches(&format!("?min_revision={revision}")).expect(200).body;
        assert!(list["basis"]["revision"].as_i64() >= revision.parse().ok());
        let later = investor.matches("?min_revision=9223372036854775807").refused(400, "invalid_parameter");
        assert_eq!(later.faults()[0].0, "min_revision");
        startup.client.delete(&format!("{}/publication", startup.url())).expect(204);
        assert_eq!(investor.scores(""), [], "a withdrawn startup is gone at once");
        investor.pair(&startup).refused(404, "not_found");
        startup.matches("").refused(409, "invalid_state");
    }

    fn a_kept_list_is_the_one_that_is_made_anew_after_every_change(app: &TestApp) {
        let (startup, investor) =
            (Party::new(app, "sue", "startup", &startup_facts()), Party::new(app, "ivy", "investor", &investor_facts()));
        let admin = app.admin("root");
        let same = |party: &Party| {
            let kept = party.matches("?explain=summary").expect(200).body;
            let anew = party.matches("?explain=summary&limit=100").expect(200).body;
            assert_eq!(kept["data"], anew["data"], "a page of a hundred is not kept");
            assert_eq!(party.matches("?explain=summary").expect(200).body["data"], anew["data"]);
            anew["data"].clone()
        };
        let both = || (same(&investor), same(&startup));
        let mut seen = vec![both()];
        let mut changed = |what: &str| {
            let now = both();
            assert!(!seen.contains(&now), "{what}: {now:?}");
            seen.push(now);
        };
        startup.revise(&json!({"one_liner": {"en": {"text": "Sees through fog"}}}));
        changed("a card");
        assert_eq!(same(&investor)[0]["startup"]["one_liner"], "Sees through fog");
        startup.revise(&json!({"weights": {"access": 900}}));
        changed("the startup's weights");
        investor.revise(&json!({"weights": {"sector": 17, "corridor": 983}}));
        changed("the investor's weights");
        let corridor = admin.get("/v1/reference/corridors/RU-CN").expect(200);
        let terms = json!({"reason": "a test", "regulation": 1, "ip": 2, "treaty": 3, "culture": 4, "favoured": ["jv"]});
        admin.put("/v1/reference/corridors/RU-CN", corridor.header("etag"), &terms).expect(200);
        changed("the world");
        startup.client.delete(&format!("{}/publication", startup.url())).expect(204);
        assert_eq!(same(&investor), json!([]));
        startup.client.post_empty(&format!("{}/publication", startup.url())).expect(200);
        assert_eq!(same(&investor), seen.last().expect("seen").0, "back as it was");
        let organisation = startup.client.get(&startup.url()).expect(200).body["organisation"].clone();
        let path = format!("/v1/organisations/{}/suspension", organisation.as_str().expect("an organisation"));
        admin.post(&path, &json!({"reason": "a test"})).expect(200);
        assert_eq!(same(&investor), json!([]));
    }

    fn pages_follow_each_other_without_gap_or_repetition(app: &TestApp) {
        let investor = Party::new(app, "ivy", "investor", &investor_facts());
        let startups: Vec<Party> =
            (0..3).map(|n| Party::new(app, &format!("sue{n}"), "startup", &startup_facts())).collect();
        let whole = investor.scores("");
        assert_eq!(whole.len(), startups.len());
        let (mut seen, mut query) = (Vec::new(), "?limit=1".to_owned());
        for _ in 0..3 {
            seen.extend(investor.scores(&query));
            let page = investor.matches(&query).expect(200).body;
            assert_eq!(page["snapshot_changed"], false);
            if let Some(cursor) = page["next_cursor"].as_str() {
                query = format!("?limit=1&cursor={cursor}");
            }
        }
        assert_eq!(seen, whole, "equal scores follow each other by age");
        let changed = investor.matches(&query).expect(200);
        app.sign_in("sue1");
        let mut draft = startup_facts();
        draft["organisation"] = startups[1].client.get(&startups[1].url()).expect(200).body["organisation"].clone();
        startups[1].client.post("/v1/startups", &draft).expect(201);
        let unmoved = investor.matches(&query).expect(200).body;
        assert_eq!(unmoved["snapshot_changed"], false, "a sign-in and a draft change no ranking");
        startups[0].revise(&json!({"team_size": 3}));
        assert_eq!(investor.matches(&query).expect(200).body["snapshot_changed"], true);
        assert_eq!(changed.body["data"].as_array().map(Vec::len), Some(1));
    }

    fn filters_and_own_weights_are_exact_and_faults_are_named(app: &TestApp) {
        let investor = Party::new(app, "ivy", "investor", &investor_facts());
        Party::new(app, "sue", "startup", &startup_facts());
        for kept in ["?market=CN&home=RU,FR&sector=ict", "?stage_min=seed&ask_max=3000000&need=market", "?language=en"] {
            assert_eq!(investor.scores(kept).len(), 1, "{kept}");
        }
        for left in ["?market=FR", "?home=FR", "?sector=bio", "?ask_max=2999999", "?cooperation_model=debt", "?min_score=1000000000"] {
            assert_eq!(investor.scores(left).len(), 0, "{left}");
        }
        let plain = investor.matches("").expect(200).body;
        let own = investor.matches("?weights=sector:1000,ticket:0").expect(200).body;
        assert_ne!(plain["basis"]["weights_hash"], own["basis"]["weights_hash"]);
        assert_eq!(own["basis"]["weights"]["ticket"], 0);
        let refused = investor.matches("?market=CN,XX&stage_min=late&need=rain").refused(400, "invalid_parameter");
        let unknown = |name: &str| (name.to_owned(), "unknown_value".to_owned());
        assert_eq!(refused.faults(), [unknown("market"), unknown("need"), unknown("stage_min")]);
        assert!(refused.text.contains("pre_seed"), "it says which values there are: {}", refused.text);
        let twice = investor.matches("?weights=sector:1,city:3,sector:2").refused(400, "invalid_parameter");
        assert_eq!(twice.faults(), [("weights".to_owned(), "duplicate".to_owned())]);
        let refused = investor.matches("?weights=beauty:1").refused(400, "invalid_parameter");
        assert!(refused.text.contains("the factors are sector, technology") && !refused.text.contains("E_"), "{}", refused.text);
        investor.matches("?colour=red").refused(400, "unknown_parameter");
        let about_investors = investor.matches("?investor_kind=vc").refused(400, "unknown_parameter");
        assert_eq!(about_investors.faults()[0].0, "investor_kind");
    }
}
