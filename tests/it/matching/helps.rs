//! What would help, over HTTP: exact, for the own organisation, and silent about what is private.
//!
//! Invariant: a promised score is the score after the step. Read next: `src/matching/improve/mod.rs`.

use super::{Party, approved, investor_facts, startup_facts};
use crate::harness::Answer;
use serde_json::{Value, json};

fn improvements(startup: &Party, investor: &Party) -> Answer {
    startup.client.get(&format!("{}/matches/{}/improvements", startup.url(), investor.id))
}

fn gaps(startup: &Party, query: &str) -> Answer {
    startup.client.get(&format!("{}/gaps{query}", startup.url()))
}

/// The answer without the revision and the weights that it rests on.
fn said(answer: &Answer) -> Value {
    let mut body = answer.body.clone();
    body["basis"]["revision"] = Value::Null;
    body
}

fn step<'a>(answer: &'a Value, code: &str) -> &'a Value {
    let steps = answer["steps"].as_array().expect("steps");
    steps.iter().find(|s| s["code"] == code).unwrap_or_else(|| panic!("no {code}: {answer}"))
}

approved! {
    fn a_promised_score_is_the_score_after_the_step(app: &TestApp) {
        let (startup, investor) =
            (Party::new(app, "sue", "startup", &startup_facts()), Party::new(app, "ivy", "investor", &investor_facts()));
        let before = startup.pair(&investor).expect(200).body["explanation"].clone();
        let found = improvements(&startup, &investor).expect(200).body;
        assert_eq!((&found["score"], &found["market"]), (&before["score"], &json!("CN")));
        assert_eq!((&found["recommended"], &found["gates"]), (&json!(true), &json!([])));
        let promised = step(&found, "A6");
        assert_eq!(promised["sentence"], "localise the product for China");
        startup.revise(&json!({"localised": ["CN"]}));
        let after = startup.pair(&investor).expect(200).body["explanation"].clone();
        assert_eq!((&after["score"], &after["confidence"]), (&promised["score"], &promised["confidence"]));
        assert!(promised["gain"].as_i64().expect("gain") > 0);
        let again = improvements(&startup, &investor).expect(200).body;
        assert!(again["steps"].as_array().expect("steps").iter().all(|s| s["code"] != "A6"), "it is done");
        let plan = found["plan"].as_array().expect("plan");
        assert_eq!((plan.len(), &plan[0]), (3, &found["steps"][0]));
    }

    fn a_gate_that_a_step_opens_is_named_and_a_list_is_entered(app: &TestApp) {
        let mut facts = investor_facts();
        facts["local_reference"] = json!("require");
        let (startup, investor) =
            (Party::new(app, "sue", "startup", &startup_facts()), Party::new(app, "ivy", "investor", &facts));
        let found = improvements(&startup, &investor).expect(200).body;
        assert_eq!(found["gates"][0]["code"], "G11_NO_LOCAL_REFERENCE");
        assert_eq!(step(&found, "A1")["opens"][0]["code"], "G11_NO_LOCAL_REFERENCE");
        let market = gaps(&startup, "?market=CN").expect(200).body;
        assert_eq!(market["investors"], 0, "nobody in the market takes it as it is");
        let reference = step(&market, "A1");
        assert_eq!((&reference["gates_opened"], &reference["lists_entered"]), (&json!(1), &json!(1)));
        assert_eq!(reference["gain"], 0);
        let lines = market["gap"].as_array().expect("gap");
        assert_eq!(lines.len(), 12);
        let references = lines.iter().find(|l| l["part"] == "references").expect("references");
        assert_eq!(references["sentence"], "references in China: 0 %; 70 % would do");
        let silent = lines.iter().find(|l| l["part"] == "readiness.offers").expect("offers");
        assert_eq!(silent["sentence"], "offers from China: not stated, counts as 5 %; 70 % would do");
    }

    fn a_firm_is_advised_about_its_home_market_as_somebody_who_is_at_home(app: &TestApp) {
        let startup = Party::new(app, "sue", "startup", &startup_facts());
        let mut facts = investor_facts();
        let home = startup_facts()["home"].clone();
        (facts["home"], facts["markets"]) = (home.clone(), json!([home]));
        let investor = Party::new(app, "ivy", "investor", &facts);
        let name = "Russia";
        for (answer, lines) in [
            (improvements(&startup, &investor).expect(200).body, "gap"),
            (gaps(&startup, &format!("?market={}", home.as_str().expect("a code"))).expect(200).body, "gap"),
        ] {
            let finish = format!("finish the localisation of the product for {name}, the home market");
            assert_eq!(step(&answer, "A6")["sentence"], finish);
            let programme = step(&answer, "A3")["sentence"].as_str().expect("a sentence");
            assert!(programme.ends_with(&format!("an accelerator in {name}, the home market")), "{programme}");
            let said: Vec<&str> = answer[lines].as_array().expect("gap").iter().filter_map(|l| l["sentence"].as_str()).collect();
            assert!(said.iter().any(|s| s.starts_with(&format!("localisation for {name}, the home market: "))), "{said:?}");
            assert!(!answer.to_string().contains("export"), "{answer}");
        }
    }

    fn private_marks_of_investors_change_nothing_that_a_startup_is_told(app: &TestApp) {
        let startup = Party::new(app, "sue", "startup", &startup_facts());
        let rival = Party::new(app, "rex", "startup", &startup_facts());
        let investor = Party::new(app, "ivy", "investor", &investor_facts());
        let pair = improvements(&startup, &investor).expect(200);
        let market = gaps(&startup, "?market=CN").expect(200);
        investor.revise(&json!({"weights": {"sector": 17, "corridor": 983}, "exclude_homes": ["FR"],
            "exclude_sectors": ["space"], "blocks": [rival.id]}));
        let (again, there) = (improvements(&startup, &investor).expect(200), gaps(&startup, "?market=CN").expect(200));
        assert_eq!(said(&again), said(&pair));
        assert_eq!(said(&there), said(&market));
        for canary in ["983", "space", "exclude", rival.id.as_str()] {
            assert!(!again.text.contains(canary) && !there.text.contains(canary), "{canary}");
        }
    }

    fn who_is_kept_away_finds_no_trace_of_the_investor(app: &TestApp) {
        let startup = Party::new(app, "sue", "startup", &startup_facts());
        let empty = said(&gaps(&startup, "?market=CN").expect(200));
        let investor = Party::new(app, "ivy", "investor", &investor_facts());
        assert_eq!(gaps(&startup, "?market=CN").expect(200).body["investors"], 1);
        for private in [json!({"blocks": [startup.id]}), json!({"blocks": [], "exclude_homes": ["RU"]})] {
            investor.revise(&private);
            let hidden = improvements(&startup, &investor).refused(404, "not_found");
            let unknown = format!("{}/matches/ivr_00000000000000000000000000/improvements", startup.url());
            assert_eq!(hidden.body["detail"], startup.client.get(&unknown).refused(404, "not_found").body["detail"]);
            assert_eq!(said(&gaps(&startup, "?market=CN").expect(200)), empty, "{private}");
        }
    }

    fn only_the_own_organisation_is_told_and_a_market_is_needed(app: &TestApp) {
        let startup = Party::new(app, "sue", "startup", &startup_facts());
        let investor = Party::new(app, "ivy", "investor", &investor_facts());
        let other = Party::new(app, "eve", "startup", &startup_facts());
        let path = format!("{}/matches/{}/improvements", startup.url(), investor.id);
        for stranger in [&other, &investor] {
            stranger.client.get(&path).refused(404, "not_found");
            stranger.client.get(&format!("{}/gaps?market=CN", startup.url())).refused(404, "not_found");
        }
        for wrong in ["", "?market=XX", "?market=CN,SG", "?market="] {
            let refused = gaps(&startup, wrong).refused(400, "invalid_parameter");
            assert_eq!(refused.faults()[0].0, "market", "{wrong}");
        }
        gaps(&startup, "?market=CN&colour=red").refused(400, "unknown_parameter");
        let own = improvements(&startup, &investor).expect(200).body;
        let weighed = startup.client.get(&format!("{path}?weights=access:1000")).expect(200).body;
        assert_ne!(own["score"], weighed["score"]);
        startup.client.delete(&format!("{}/publication", startup.url())).expect(204);
        improvements(&startup, &investor).refused(409, "invalid_state");
        gaps(&startup, "?market=CN").refused(409, "invalid_state");
    }

    fn a_thesis_is_held_against_the_deals_for_its_owner(app: &TestApp) {
        let investor = Party::new(app, "ivy", "investor", &investor_facts());
        let check = || investor.client.get(&format!("{}/thesis-check", investor.url())).expect(200).body;
        let empty = check();
        assert_eq!((&empty["deals"], &empty["criteria"][0]["verdict"]), (&json!(0), &json!("no_evidence")));
        assert_eq!(empty["criteria"][4]["verdict"], "not_stated");
        assert_eq!(empty["focus_without_deals"], json!(["ict"]));
        let etag = investor.client.get(&investor.url()).expect(200).header("etag").to_owned();
        let usd = |amount: u64| json!({"amount": amount * 100, "currency": "USD"});
        let deals = json!({"deals": [
            {"company": "A", "sectors": ["ict.ai"], "round": "seed", "amount": usd(1_000_000)},
            {"company": "B", "sectors": ["energy.grid"], "round": "series_a", "amount": usd(90_000_000)},
            {"company": "C", "round": "growth"}]});
        investor.client.put(&format!("{}/portfolio", investor.url()), &etag, &deals).expect(200);
        let checked = check();
        let focus = &checked["criteria"][0];
        assert_eq!((&focus["within"], &focus["outside"], &focus["unknown"]), (&json!(1), &json!(1), &json!(1)));
        assert_eq!(focus["verdict"], "partly_agrees");
        assert_eq!(focus["sentence"], "1 of 2 deals within the declared focus; 1 more that do not tell");
        assert_eq!(checked["outside_focus"], json!({"energy": 1}));
        assert_eq!(checked["focus_without_deals"], json!([]));
        let other = Party::new(app, "eve", "investor", &investor_facts());
        other.client.get(&format!("{}/thesis-check", investor.url())).refused(403, "forbidden");
        let organisation = other.client.get("/v1/me").expect(200).body["memberships"][0]["organisation"].clone();
        let draft = other.client.post("/v1/investors", &json!({"organisation": organisation, "name": "Draft"})).expect(201);
        let path = format!("/v1/investors/{}/thesis-check", draft.body["id"].as_str().expect("id"));
        other.client.get(&path).refused(422, "profile_incomplete");
    }
}
