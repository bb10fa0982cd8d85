//! Recorded deals, uploads, and the thesis proposed from them.
//!
//! Invariant: a file is taken as a whole or not at all. Read next: `src/profiles/investors/upload.rs`.

use super::{investor, newcomer, party, startup};
use crate::harness::{Answer, Client};
use serde_json::json;

fn upload(client: &Client, path: &str, csv: &str) -> Answer {
    client.send(
        "POST",
        &format!("{path}/portfolio/upload"),
        &[("content-type", "text/csv")],
        Some(csv.to_owned()),
    )
}

both! {
    fn a_portfolio_is_set_read_and_kept_with_its_revision(app: &TestApp) {
        let admin = app.admin("root");
        let ida = party(app, &admin, "ida", "investor");
        let made = ida.register("investors", &investor("Heihe")).expect(201);
        let path = made.header("location").to_owned();
        assert_eq!(made.body["deals"], 0);
        let portfolio = format!("{path}/portfolio");
        let deals = json!({"deals": [{"company": "Lumen", "home": "FR", "sectors": ["ict"], "external_id": "canary-7"}, {"city": "Lyon"}]});
        let empty = ida.client.put(&portfolio, made.header("etag"), &json!({"deals": [{}]})).refused(422, "validation_failed");
        assert_eq!(empty.faults(), [("/deals/0".to_owned(), "required".to_owned())]);
        let set = ida.client.put(&portfolio, made.header("etag"), &deals).expect(200);
        assert_eq!((&set.body["deals"], &set.body["revision"]), (&deals["deals"], &json!(2)));
        ida.client.put(&portfolio, made.header("etag"), &deals).refused(412, "precondition_failed");
        let same = ida.client.put(&portfolio, set.header("etag"), &deals).expect(200);
        assert_eq!(same.body["revision"], 2, "no change is no revision");
        ida.client.post_empty(&format!("{path}/publication")).expect(200);
        let member = party(app, &admin, "ann", "startup").client;
        let seen = member.get(&portfolio).expect(200);
        assert!(seen.text.contains("Lumen") && !seen.text.contains("canary"));
        assert_eq!(member.get(&path).expect(200).body["deals"], 2);
        let changed = ida.client.get(&format!("{path}/revisions/2")).expect(200);
        assert_eq!(changed.body["changed"], json!(["portfolio"]));
        app.anon().get(&portfolio).refused(401, "authentication_required");
        newcomer(app, "pia", "startup").client.get(&portfolio).refused(403, "approval_pending");
        member.put(&portfolio, set.header("etag"), &deals).refused(403, "forbidden");
    }

    fn deals_refer_only_to_what_is_there(app: &TestApp) {
        let admin = app.admin("root");
        let ida = party(app, &admin, "ida", "investor");
        let hidden = party(app, &admin, "ann", "startup").register("startups", &startup("Canary")).expect(201).body["id"].clone();
        let made = ida.register("investors", &investor("Heihe")).expect(201);
        let own = made.body["id"].clone();
        let deals = json!({"deals": [{"startup": hidden, "co_investors": [{"investor": own}]}]});
        let before = app.revision();
        let path = format!("{}/portfolio", made.header("location"));
        let refused = ida.client.put(&path, made.header("etag"), &deals).refused(422, "reference_not_found");
        assert_eq!(refused.faults(), [("/deals/0/startup".to_owned(), "reference_not_found".to_owned())]);
        assert_eq!(app.revision(), before);
    }

    fn a_file_of_deals_is_taken_as_a_whole(app: &TestApp) {
        let ida = newcomer(app, "ida", "investor");
        let made = ida.register("investors", &investor("Heihe")).expect(201);
        let path = made.header("location");
        let good = "external_id,company,home,amount,currency\n1,Lumen,FR,1500000,EUR\n2,Beta,RU,,\n";
        assert_eq!(upload(&ida.client, path, good).expect(200).body["deals"].as_array().map(Vec::len), Some(2));
        let before = app.revision();
        let refused = upload(&ida.client, path, "company,home\nA,FR\nB,ZZ\n").refused(422, "validation_failed");
        assert_eq!(refused.faults(), [("/3/home".to_owned(), "invalid_value".to_owned())]);
        assert_eq!(app.revision(), before);
        let more = upload(&ida.client, path, "external_id,company\n2,Gamma\n3,Delta\n").expect(200);
        let names: Vec<&str> = more.body["deals"].as_array().expect("deals").iter().filter_map(|d| d["company"].as_str()).collect();
        assert_eq!(names, ["Lumen", "Gamma", "Delta"]);
        assert_eq!((&more.body["added"], &more.body["replaced"]), (&json!(1), &json!(1)));
        let again = upload(&ida.client, path, "external_id,company\n2,Gamma\n,Epsilon\n").expect(200).body;
        assert_eq!((&again["added"], &again["replaced"], again["deals"].as_array().map(Vec::len)), (&json!(1), &json!(1), Some(4)));
        assert_eq!(ida.client.get(path).expect(200).body["deals"], 4, "only the portfolio as it stands counts");
        let twice = upload(&ida.client, path, "external_id,company\n9,A\n9,B\n").refused(422, "validation_failed");
        assert_eq!(twice.faults(), [("/3/external_id".to_owned(), "duplicate".to_owned())]);
        ida.client.post(&format!("{path}/portfolio/upload"), &json!({})).refused(415, "unsupported_media_type");
    }

    fn a_thesis_is_proposed_from_the_deals_and_takes_effect_only_when_written(app: &TestApp) {
        let ida = newcomer(app, "ida", "investor");
        let made = ida.register("investors", &investor("Heihe")).expect(201);
        let path = made.header("location");
        let empty = ida.client.get(&format!("{path}/thesis-proposal")).expect(200);
        assert_eq!((&empty.body["deals"], &empty.body["facts"]), (&json!(0), &json!({})));
        let rows = (0..20).map(|n| match n {
            0..=11 => format!("energy.grid,series_a,{},USD\n", 1_000_000 + n),
            12..=14 => "ict.ai;ict.data,seed,500000,USD\n".to_owned(),
            15..=17 => "space.drones,grant,,\n".to_owned(),
            _ => "fin,series_c,9000000,USD\n".to_owned(),
        });
        upload(&ida.client, path, &format!("sectors,round,amount,currency\n{}", rows.collect::<String>())).expect(200);
        let proposed = ida.client.get(&format!("{path}/thesis-proposal")).expect(200).body;
        let facts = &proposed["facts"];
        assert_eq!(facts["focus"], json!({"energy": 3, "fin": 1, "ict": 2, "space": 2}));
        assert_eq!((&facts["strict"], &facts["generalist"]), (&json!(false), &json!(false)));
        assert_eq!(facts["stages"], json!({"from": "seed", "to": "series_c"}));
        let usd = |amount: u64| json!({"amount": amount * 100, "currency": "USD"});
        assert_eq!(facts["ticket"], json!({"min": usd(500_000), "max": usd(9_000_000)}));
        assert_eq!(proposed["by_sector"]["energy"], 12);
        let before = ida.client.get(path).expect(200);
        assert!(before.body.get("focus").is_none());
        let written = ida.client.patch(path, before.header("etag"), facts).expect(200);
        assert_eq!(written.body["focus"], facts["focus"]);
        newcomer(app, "pia", "investor").client.get(&format!("{path}/thesis-proposal")).refused(404, "not_found");
    }
}
