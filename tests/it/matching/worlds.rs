//! Versions of the world tables: nothing changes until one is activated.
//!
//! Invariant: every answer names the version it used. Read next: `src/matching/worlds/mod.rs`.

use super::{Party, approved, investor_facts, startup_facts};
use diesel::RunQueryDsl;
use serde_json::json;
use springboard::{
    db::{Conn, violates},
    events::Act,
    matching::worlds,
};

approved! {
    fn world_tables_take_effect_when_they_are_activated(app: &TestApp) {
        Party::new(app, "sue", "startup", &startup_facts());
        let investor = Party::new(app, "ivy", "investor", &investor_facts());
        let (catalogue, act) = (app.parts.catalogue.clone(), Act::system(app.parts.edge.clock.now(), "test"));
        let rebuild = act.clone();
        let world = app.parts.edge.db.write_now(move |conn| worlds::rebuild(conn, &rebuild, &catalogue)).expect("rebuilt");
        assert_eq!(investor.matches("").expect(200).body["basis"]["world"], serde_json::Value::Null);
        app.parts.edge.db.write_now(move |conn| worlds::activate(conn, &act, world.id)).expect("activated");
        let basis = investor.matches("").expect(200).body["basis"].clone();
        assert_eq!(basis["world"], world.id.to_string());
        assert_eq!(basis["lifts_neutral"], false);
        investor.client.get("/v1/worlds").refused(403, "forbidden");
    }

    fn only_deals_of_investors_that_take_part_are_counted(app: &TestApp) {
        let admin = app.admin("root");
        let investor = Party::new(app, "ivy", "investor", &investor_facts());
        let etag = investor.client.get(&investor.url()).expect(200).header("etag").to_owned();
        let deals = json!({"deals": [{"home": "RU", "sectors": ["ict"]}, {"home": "FR"}]});
        investor.client.put(&format!("{}/portfolio", investor.url()), &etag, &deals).expect(200);
        assert_eq!(admin.post_empty("/v1/worlds").expect(201).body["deals"], 2);
        investor.client.delete(&format!("{}/publication", investor.url())).expect(204);
        assert_eq!(admin.post_empty("/v1/worlds").expect(201).body["deals"], 0);
    }

    fn versions_are_paged_newest_first(app: &TestApp) {
        let admin = app.admin("root");
        let made = [0; 3].map(|_| admin.post_empty("/v1/worlds").expect(201).body["id"].clone());
        let ids = |page: &serde_json::Value| -> Vec<_> {
            page["data"].as_array().expect("data").iter().map(|world| world["id"].clone()).collect()
        };
        let first = admin.get("/v1/worlds?limit=2").expect(200);
        assert_eq!(ids(&first.body), [made[2].clone(), made[1].clone()]);
        let cursor = first.body["next_cursor"].as_str().expect("cursor");
        assert!(first.header("link").contains(cursor) && first.header("link").ends_with("rel=\"next\""));
        let last = admin.get(&format!("/v1/worlds?limit=2&cursor={cursor}")).expect(200).body;
        assert_eq!((ids(&last), &last["has_more"]), (vec![made[0].clone()], &json!(false)));
        admin.get("/v1/worlds?limit=0").refused(400, "invalid_parameter");
    }

    fn no_two_versions_are_active_whoever_activates_them(app: &TestApp) {
        let admin = app.admin("root");
        let [first, second] = [0, 1].map(|_| {
            admin.post_empty("/v1/worlds").expect(201).body["id"].as_str().expect("id").to_owned()
        });
        admin.post_empty(&format!("/v1/worlds/{first}/activation")).expect(200);
        let both = format!("UPDATE worlds SET state = 'active' WHERE public_id = '{second}'");
        let both = move |conn: &mut Conn| Ok(diesel::sql_query(both).execute(conn).map(|_| ())?);
        let refused = app.parts.edge.db.write_now(both).expect_err("as an activation at the same time");
        assert!(violates(&refused, "worlds", "state"), "{:?}", refused.cause);
        admin.post_empty(&format!("/v1/worlds/{second}/activation")).expect(200);
        let listed = admin.get("/v1/worlds").expect(200);
        let states = listed.body["data"].as_array().expect("data").iter().map(|w| w["state"].as_str());
        assert_eq!(states.collect::<Vec<_>>(), [Some("active"), Some("retired")]);
    }
}
