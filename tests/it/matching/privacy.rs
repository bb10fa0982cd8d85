//! What each side may not learn.
//!
//! Invariant: a private mark of an investor changes no score that a startup sees, and no answer tells why an investor is
//! absent. Read next: `src/matching/lists/pair.rs`.

use super::{Party, approved, investor_facts, startup_facts};
use serde_json::json;

approved! {
    fn case_1_and_8_a_list_and_its_cursor_belong_to_their_organisation(app: &TestApp) {
        let investor = Party::new(app, "ivy", "investor", &investor_facts());
        let other = Party::new(app, "eve", "investor", &investor_facts());
        for n in 0..2 {
            Party::new(app, &format!("sue{n}"), "startup", &startup_facts());
        }
        let foreign = other.client.get(&format!("{}/matches", investor.url())).refused(404, "not_found");
        let unknown = other.client.get("/v1/investors/ivr_00000000000000000000000000/matches");
        assert_eq!(foreign.body["detail"], unknown.refused(404, "not_found").body["detail"]);
        app.anon().get(&format!("{}/matches", investor.url())).refused(401, "authentication_required");
        let cursor = investor.matches("?limit=1").expect(200).body["next_cursor"].as_str().expect("more").to_owned();
        other.matches(&format!("?limit=1&cursor={cursor}")).refused(400, "invalid_cursor");
        investor.matches(&format!("?limit=1&home=RU&cursor={cursor}")).refused(400, "invalid_cursor");
    }

    fn private_weights_change_the_own_list_and_no_startup_sees_them(app: &TestApp) {
        let (startup, investor) =
            (Party::new(app, "sue", "startup", &startup_facts()), Party::new(app, "ivy", "investor", &investor_facts()));
        let (seen, own) = (startup.pair(&investor).expect(200), investor.scores("")[0].1);
        investor.revise(&json!({"weights": {"sector": 17, "corridor": 983}, "exclude_homes": ["FR"]}));
        assert_ne!(investor.scores("")[0].1, own);
        let after = startup.pair(&investor).expect(200);
        assert_eq!(after.body["explanation"], seen.body["explanation"]);
        assert!(!after.text.contains("983") && !after.text.contains("exclude"));
    }

    fn case_7_a_blocked_startup_finds_no_trace_of_the_investor(app: &TestApp) {
        let (startup, investor) =
            (Party::new(app, "sue", "startup", &startup_facts()), Party::new(app, "ivy", "investor", &investor_facts()));
        assert_eq!(startup.scores("").len(), 1);
        for private in [json!({"blocks": [startup.id]}), json!({"blocks": [], "exclude_homes": ["RU"]}), json!({"exclude_homes": [], "markets": ["SG"], "only_targets": true})] {
            investor.revise(&private);
            assert_eq!(startup.scores(""), [], "{private}");
            let hidden = startup.pair(&investor).refused(404, "not_found");
            let unknown = format!("{}/matches/ivr_00000000000000000000000000", startup.url());
            assert_eq!(hidden.body["detail"], startup.client.get(&unknown).refused(404, "not_found").body["detail"]);
            assert_eq!(startup.matches("").expect(200).body["data"], json!([]));
        }
        let own = investor.pair(&startup).expect(200).body;
        assert_eq!(own["explanation"]["gates"][0]["code"], "G12_MARKET_NOT_TARGETED", "its own gate is told to the investor");
        assert_eq!(own["explanation"]["recommended"], false);
    }

    fn a_startup_that_blocks_an_investor_is_not_there_for_it(app: &TestApp) {
        let (startup, investor) =
            (Party::new(app, "sue", "startup", &startup_facts()), Party::new(app, "ivy", "investor", &investor_facts()));
        startup.revise(&json!({"blocks": [investor.id]}));
        assert_eq!(investor.scores(""), []);
        investor.pair(&startup).refused(404, "not_found");
    }
    fn a_block_shows_in_no_published_profile_and_no_browsing(app: &TestApp) {
        let (startup, investor) =
            (Party::new(app, "sue", "startup", &startup_facts()), Party::new(app, "ivy", "investor", &investor_facts()));
        for (owner, other, folder) in [(&startup, &investor, "startups"), (&investor, &startup, "investors")] {
            owner.revise(&json!({"blocks": [other.id]}));
            other.pair(owner).refused(404, "not_found");
            assert_eq!(other.scores(""), []);
            for caller in [&other.client, &app.anon()] {
                let read = caller.get(&owner.url()).expect(200);
                assert!(!read.text.contains("blocks"), "{}", read.text);
                let listed = caller.get(&format!("/v1/{folder}")).expect(200).body;
                assert_eq!(listed["data"][0]["id"], owner.id, "what everybody can read tells nobody of a block");
            }
            owner.revise(&json!({"blocks": []}));
        }
    }
}
