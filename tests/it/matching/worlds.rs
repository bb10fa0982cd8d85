//! Versions of the world tables: nothing changes until one is activated.
//!
//! Invariant: every answer names the version it used. Read next: `src/matching/worlds/mod.rs`.

use super::{Party, approved, investor_facts, startup_facts};
use springboard::{events::Act, matching::worlds};

approved! {
    fn world_tables_take_effect_when_they_are_activated(app: &TestApp) {
        Party::new(app, "sue", "startup", &startup_facts());
        let investor = Party::new(app, "ivy", "investor", &investor_facts());
        let (catalogue, act) = (app.state.reference.clone(), Act::system(app.state.clock.now(), "test"));
        let rebuild = act.clone();
        let world = app.state.db.write_now(move |conn| worlds::rebuild(conn, &rebuild, &catalogue)).expect("rebuilt");
        assert_eq!(investor.matches("").expect(200).body["basis"]["world"], serde_json::Value::Null);
        app.state.db.write_now(move |conn| worlds::activate(conn, &act, world.id)).expect("activated");
        let basis = investor.matches("").expect(200).body["basis"].clone();
        assert_eq!(basis["world"], world.id.to_string());
        assert_eq!(basis["lifts_neutral"], false);
        investor.client.get("/v1/worlds").refused(403, "forbidden");
    }
}
