//! Profiles that somebody else made, and those whose they are.
//!
//! Invariant: a profile changes hands once, by an approved claim. Read next: `src/profiles/claim.rs`.

use super::{newcomer, party, startup};
use diesel::RunQueryDsl;
use serde_json::json;
use springboard::db::Conn;
use springboard::events::Act;
use springboard::identity::{Acting, OrganisationKind, Role};
use springboard::kernel::{error::Code, ids::StartupId};
use springboard::profiles::{self, Startups, claim};

both! {
    fn a_profile_made_by_an_organiser_goes_over_to_its_owner(app: &TestApp) {
        let admin = app.admin("root");
        let olga = party(app, &admin, "olga", "organiser");
        let ann = party(app, &admin, "ann", "startup");
        let path = olga.published("startups", &startup("Lumen"));
        let seen = ann.client.get(&path).expect(200);
        assert_eq!(seen.body["claimable"], true);
        assert!(seen.body.get("confirmed_at").is_none(), "nobody whose it is has confirmed it");
        let claims = format!("{path}/claims");
        let claim = ann.client.post(&claims, &json!({"organisation": ann.organisation})).expect(201);
        ann.client.post(&claims, &json!({"organisation": ann.organisation})).refused(409, "duplicate");
        let approval = format!("/v1/profile-claims/{}/approval", claim.body["id"].as_str().expect("id"));
        ann.client.post_empty(&approval).refused(403, "forbidden");
        let listed = admin.get("/v1/profile-claims").expect(200);
        assert_eq!(listed.body["data"][0]["id"], claim.body["id"]);
        assert_eq!(olga.client.get("/v1/profile-claims").expect(200).body, listed.body);
        assert_eq!(ann.client.get("/v1/profile-claims").expect(200).body["data"], json!([]));
        for reader in [&ann.client, &olga.client] {
            assert_eq!(reader.get(claim.header("location")).expect(200).body, claim.body);
        }
        let decided = admin.post_empty(&approval).expect(200);
        assert_eq!(decided.body["state"], "approved");
        admin.post_empty(&approval).refused(409, "invalid_state");
        let owned = ann.client.get(&path).expect(200);
        assert_eq!((&owned.body["organisation"], &owned.body["claimable"]), (&json!(ann.organisation), &json!(false)));
        ann.client.patch(&path, owned.header("etag"), &json!({"city": "Lyon"})).expect(200);
        let etag = olga.client.get(&path).expect(200).header("etag").to_owned();
        olga.client.patch(&path, &etag, &json!({"city": "Nice"})).refused(403, "forbidden");
        ann.client.post(&claims, &json!({"organisation": ann.organisation})).refused(409, "invalid_state");
    }

    fn a_claim_of_an_organisation_that_takes_no_part_is_not_approved(app: &TestApp) {
        let admin = app.admin("root");
        let path = party(app, &admin, "olga", "organiser").published("startups", &startup("Lumen"));
        let ann = newcomer(app, "ann", "startup");
        admin.post_empty(&format!("/v1/organisations/{}/approval", ann.organisation)).expect(200);
        let claim = ann.client.post(&format!("{path}/claims"), &json!({"organisation": ann.organisation})).expect(201);
        let suspension = format!("/v1/organisations/{}/suspension", ann.organisation);
        admin.post(&suspension, &json!({"reason": "A complaint."})).expect(200);
        let approval = format!("/v1/profile-claims/{}/approval", claim.body["id"].as_str().expect("id"));
        let refused = admin.post_empty(&approval).refused(409, "invalid_state");
        assert_eq!(refused.body["current_state"], "suspended", "{}", refused.text);
        assert_eq!(admin.get(&path).expect(200).body["claimable"], true);
        admin.post_empty(&approval.replace("approval", "refusal")).expect(200);
    }

    fn a_profile_that_went_over_meanwhile_is_not_claimed_and_does_not_go_over_again(app: &TestApp) {
        let admin = app.admin("root");
        let path = party(app, &admin, "olga", "organiser").published("startups", &startup("Lumen"));
        let ann = party(app, &admin, "ann", "startup");
        let id: StartupId = path.rsplit('/').next().expect("id").parse().expect("id");
        let (before, _) = app.read(|conn| profiles::find::<Startups>(conn, None, id));
        let claim = ann.client.post(&format!("{path}/claims"), &json!({"organisation": ann.organisation})).expect(201);
        let number = before.number;
        let taken = format!("UPDATE profiles SET claimable = ('1' = '0') WHERE id = {number}");
        let taken = move |conn: &mut Conn| Ok(diesel::sql_query(taken).execute(conn).map(|_| ())?);
        app.parts.edge.db.write_now(taken).expect("somebody else's claim was approved");
        let approval = format!("/v1/profile-claims/{}/approval", claim.body["id"].as_str().expect("id"));
        admin.post_empty(&approval).refused(409, "invalid_state");
        let acting = Acting {
            organisation_number: before.organisation_number,
            organisation: before.organisation,
            kind: Some(OrganisationKind::Startup),
            role: Role::Owner,
        };
        let act = Act::system(app.parts.edge.clock.now(), "test");
        let late = app.parts.edge.db.write_now(move |conn| claim::claim(conn, &act, &acting, &before));
        assert_eq!(late.expect_err("read before it went over").code, Code::InvalidState);
    }

    fn whoever_made_a_profile_may_refuse_a_claim_and_strangers_may_not_decide(app: &TestApp) {
        let admin = app.admin("root");
        let olga = party(app, &admin, "olga", "organiser");
        let ann = party(app, &admin, "ann", "startup");
        let path = olga.published("startups", &startup("Lumen"));
        let claim = ann.client.post(&format!("{path}/claims"), &json!({"organisation": ann.organisation})).expect(201);
        let refusal = format!("/v1/profile-claims/{}/refusal", claim.body["id"].as_str().expect("id"));
        let mal = newcomer(app, "mal", "startup").client;
        mal.post_empty(&refusal).refused(404, "not_found");
        mal.get(claim.header("location")).refused(404, "not_found");
        assert_eq!(olga.client.post_empty(&refusal).expect(200).body["state"], "refused");
        ann.client.post(&format!("{path}/claims"), &json!({"organisation": ann.organisation})).expect(201);
    }

    fn only_the_right_kind_of_organisation_claims(app: &TestApp) {
        let admin = app.admin("root");
        let path = party(app, &admin, "olga", "organiser").published("startups", &startup("Lumen"));
        let ida = party(app, &admin, "ida", "investor");
        let before = app.revision();
        ida.client.post(&format!("{path}/claims"), &json!({"organisation": ida.organisation})).refused(422, "validation_failed");
        let owned = party(app, &admin, "ann", "startup").published("startups", &startup("Own"));
        let bob = party(app, &admin, "bob", "startup");
        let quiet = app.revision();
        bob.client.post(&format!("{owned}/claims"), &json!({"organisation": bob.organisation})).refused(409, "invalid_state");
        assert!(before < quiet && app.revision() == quiet);
    }
}
