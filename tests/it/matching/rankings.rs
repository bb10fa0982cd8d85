//! Saved rankings: what they keep, and that a replay comes to the same bytes or says why not.
//!
//! Invariant: nothing that changes after a ranking was saved changes its replay. Read next:
//! `src/matching/rankings/mod.rs`.

use super::{Party, approved, investor_facts, startup_facts};
use crate::harness::{Answer, TestApp};
use crate::organisations::join;
use diesel::RunQueryDsl;
use serde_json::{Value, json};
use springboard::db::Target;
use springboard::events::Act;
use springboard::identity::{Acting, Role};
use springboard::kernel::{
    error::Code,
    ids::{InvestorId, StartupId},
    page::Limit,
};
use springboard::matching::{
    RankingContext,
    rankings::{Asked, Draft, keep},
};
use springboard::profiles::{Investors, Startups, find};
use std::process::Command;

/// A startup in euros, as its dollars follow the rates.
fn in_euros() -> Value {
    let mut facts = startup_facts();
    facts["ask"] = json!({"target": {"amount": 300_000_000, "currency": "EUR"}});
    facts
}

/// Saves the list that a query shows.
fn save(party: &Party, query: &str) -> Value {
    let saved = party.client.post_empty(&format!("{}/rankings{query}", party.url())).expect(201);
    assert_eq!(saved.header("location"), format!("/v1/rankings/{}", saved.body["id"].as_str().expect("id")));
    saved.body
}

fn replayed(party: &Party, ranking: &Value) -> Answer {
    party.client.get(&format!("/v1/rankings/{}/replay", ranking["id"].as_str().expect("id"))).expect(200)
}

/// Does what the API does not: erases or forges.
fn sql(app: &TestApp, text: impl Into<String>) {
    let text = text.into();
    let done = app.parts.edge.db.write_now(move |conn| Ok(diesel::sql_query(text).execute(conn)?));
    assert!(done.expect("executed") > 0, "nothing was changed");
}

/// The startup and the investor of most stories, and a second startup.
fn scene(app: &TestApp) -> (Party, Party, Party) {
    (
        Party::new(app, "sue", "startup", &in_euros()),
        Party::new(app, "sam", "startup", &startup_facts()),
        Party::new(app, "ivy", "investor", &investor_facts()),
    )
}

/// The replay as the operator's command prints it, and its exit code.
fn by_operator(app: &TestApp, ranking: &Value) -> (Option<i32>, Value) {
    let database = match &app.target {
        Target::Sqlite(path) => format!("sqlite:{}", path.display()),
        Target::Postgres(url) => url.clone(),
    };
    let id = ranking["id"].as_str().expect("id");
    let mut command = Command::new(env!("CARGO_BIN_EXE_springboard"));
    command.args(["ranking", "replay", id, "--database", &database]);
    let output = command.output().expect("runs");
    (output.status.code(), serde_json::from_slice(&output.stdout).unwrap_or(Value::Null))
}

#[test]
fn a_replay_makes_no_database_where_there_is_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = Command::new(env!("CARGO_BIN_EXE_springboard"));
    command.args(["ranking", "replay", "rnk_01jdc1s8000000000000000001", "--database", "sqlite:none.db"]);
    let output = command.current_dir(folder.path()).output().expect("runs");
    assert_ne!(output.status.code(), Some(0));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("none.db is not there, or older"), "{said}");
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0);
}

approved! {
    fn a_saved_ranking_is_the_list_of_the_same_query_and_says_what_it_rests_on(app: &TestApp) {
        let (sue, _, ivy) = scene(app);
        let query = "?limit=1&home=RU&weights=sector:300,city:0";
        let list = ivy.matches(query).expect(200).body;
        let saved = save(&ivy, query);
        assert_eq!(saved["question"], json!({"home": "RU", "limit": "1", "weights": "sector:300,city:0"}));
        assert_eq!((&saved["side"], &saved["profile"], &saved["profile_revision"]), (&json!("investor"), &json!(ivy.id), &json!(1)));
        let rows = saved["rows"].as_array().expect("rows");
        let (row, first) = (&rows[0], &list["data"][0]);
        assert_eq!(rows.len(), 1);
        assert_eq!((&row["rank"], &row["revision"]), (&json!(1), &json!(1)));
        assert_eq!((&row["profile"], &row["name"]), (&first["startup"]["id"], &first["startup"]["name"]));
        assert_eq!((&row["score"], &row["confidence"]), (&first["score"], &first["confidence"]));
        for member in ["score_version", "as_of", "revision", "corridor_revision", "world", "weights", "weights_hash"] {
            assert_eq!(saved["basis"][member], list["basis"][member], "{member}");
        }
        let read = ivy.client.get(&format!("/v1/rankings/{}", saved["id"].as_str().expect("id"))).expect(200);
        assert_eq!(read.body, saved);
        let empty = save(&sue, "?investor_kind=angel");
        assert_eq!((&empty["rows"], &replayed(&sue, &empty).body["equal"]), (&json!([]), &json!(true)));
        ivy.client.post_empty(&format!("{}/rankings?cursor=x", ivy.url())).refused(400, "unknown_parameter");
        ivy.client.post_empty(&format!("{}/rankings?market=XX", ivy.url())).refused(400, "invalid_parameter");
    }

    fn a_replay_is_equal_whatever_has_changed_since(app: &TestApp) {
        let admin = app.admin("root");
        let (sue, sam, ivy) = scene(app);
        let assessed = json!({"verified_references": ["home"], "pitch": {"calibrated": 700_000, "judges": 5, "on": "2026-06-01"}});
        let assess = |assessment: &Value| {
            let path = format!("{}/assessment", sue.url());
            let etag = admin.get(&sue.url()).expect(200).header("etag").to_owned();
            admin.put(&path, &etag, assessment).expect(200);
        };
        assess(&assessed);
        let etag = ivy.client.get(&ivy.url()).expect(200).header("etag").to_owned();
        let deals = json!({"deals": [{"home": "RU", "sectors": ["ict.ai"], "round": "series_a"}, {"home": "FR"}]});
        ivy.client.put(&format!("{}/portfolio", ivy.url()), &etag, &deals).expect(200);
        let saved = [save(&ivy, "?weights=sector:300"), save(&ivy, ""), save(&sue, "?weights=ticket:900"), save(&sue, "")];
        let owners = [&ivy, &ivy, &sue, &sue];
        let before: Vec<Value> = owners.iter().zip(&saved).map(|(p, r)| replayed(p, r).body).collect();
        let scores = (ivy.scores(""), sue.scores(""));
        for (replay, ranking) in before.iter().zip(&saved) {
            assert_eq!((&replay["equal"], &replay["missing"], &replay["differences"]), (&json!(true), &json!([]), &json!([])), "{replay}");
            assert_eq!(replay["digest"], ranking["digest"]);
            assert_eq!(replay["rows"][0]["explanation"]["score"], ranking["rows"][0]["score"]);
            assert_eq!(replay["rows"][0]["explanation"]["complete"], true);
        }
        sue.revise(&json!({"sector": "bio.therapeutics", "markets": {"SG": 1}, "languages": {"ru": 3}}));
        ivy.revise(&json!({"focus": {"ict": 1}, "weights": {"local_refs": 1000}, "ticket": null}));
        assess(&json!({"verified_references": []}));
        sam.client.delete(&format!("{}/publication", sam.url())).expect(204);
        let corridor = admin.get("/v1/reference/corridors/RU-CN").expect(200);
        let terms = json!({"reason": "a test", "regulation": 1, "ip": 2, "treaty": 3, "culture": 4, "favoured": ["jv"]});
        admin.put("/v1/reference/corridors/RU-CN", corridor.header("etag"), &terms).expect(200);
        let world = admin.post_empty("/v1/worlds").expect(201).body["id"].as_str().expect("id").to_owned();
        admin.post_empty(&format!("/v1/worlds/{world}/activation")).expect(200);
        sql(app, "UPDATE exchange_rates SET usd_per_unit = '9.5' WHERE currency = 'EUR'");
        app.advance(std::time::Duration::from_secs(86_400 * 40));
        let (ivy_now, sue_now) = (app.sign_in("ivy"), app.sign_in("sue"));
        let now = [&ivy_now, &ivy_now, &sue_now, &sue_now];
        for ((client, ranking), before) in now.iter().zip(&saved).zip(before) {
            let id = ranking["id"].as_str().expect("id");
            let mut after = client.get(&format!("/v1/rankings/{id}/replay")).expect(200).body;
            let row = |replay: &Value, n: usize| replay["rows"][n].clone();
            for n in 0..after["rows"].as_array().map_or(0, Vec::len) {
                if after["rows"][n]["name"].is_null() {
                    after["rows"][n]["name"] = row(&before, n)["name"].clone();
                }
            }
            assert_eq!(after, before);
            assert_eq!(by_operator(app, ranking).0, Some(0));
        }
        let fresh = ivy_now.get(&format!("{}/matches", ivy.url())).expect(200).body["data"].clone();
        assert_ne!(fresh[0]["score"].as_i64(), Some(scores.0[0].1), "the list itself has changed");
    }

    fn a_forged_ranking_is_not_equal_and_the_forgery_is_named(app: &TestApp) {
        let (_, _, ivy) = scene(app);
        let saved = save(&ivy, "");
        let second = saved["rows"][1]["profile"].as_str().expect("a second row").to_owned();
        let forge = |what: &str, undo: &str, expected: Value| {
            sql(app, what);
            let replay = replayed(&ivy, &saved).body;
            assert_eq!((&replay["equal"], &replay["differences"]), (&json!(false), &expected), "{what}");
            assert_eq!(by_operator(app, &saved), (Some(1), replay));
            sql(app, undo);
            assert_eq!(replayed(&ivy, &saved).body["equal"], true, "{undo}");
        };
        let of_row = |what: &str| json!({"rank": 2, "profile": second, "what": what});
        let whole = |what: &str| json!({"rank": null, "profile": null, "what": what});
        let row = |set: &str| format!("UPDATE ranking_rows SET {set} WHERE place = 2");
        forge(&row("score = score + 1"), &row("score = score - 1"), json!([of_row("score")]));
        forge(&row("confidence = 1 - confidence"), &row("confidence = 1 - confidence"), json!([of_row("confidence")]));
        forge(&row("digest = digest || 'x'"), &row("digest = replace(digest, 'x', '')"), json!([whole("ranking"), of_row("explanation")]));
        let question = |from: &str, to: &str| format!("UPDATE rankings SET question = replace(question, '{from}', '{to}')");
        forge(&question("{}", "{\"market\":\"CN\"}"), &question("{\"market\":\"CN\"}", "{}"), json!([whole("ranking")]));
        let input = |from: &str, to: &str| format!("UPDATE ranking_inputs SET input = replace(input, '{from}', '{to}') WHERE input LIKE '%{from}%raise%' AND profile_id = (SELECT profile_id FROM ranking_rows WHERE place = 2)");
        forge(&input("ict.ai", "ict.iot"), &input("ict.iot", "ict.ai"), json!([of_row("input")]));
        let tables = |from: &str, to: &str| format!("UPDATE ranking_tables SET tables = replace(tables, '{from}', '{to}')");
        forge(&tables("RU", "XU"), &tables("XU", "RU"), json!([whole("tables")]));
    }

    fn what_was_erased_is_named_and_the_rest_still_compared(app: &TestApp) {
        let admin = app.admin("root");
        let (sue, _, ivy) = scene(app);
        let world = admin.post_empty("/v1/worlds").expect(201).body["id"].as_str().expect("id").to_owned();
        admin.post_empty(&format!("/v1/worlds/{world}/activation")).expect(200);
        let saved = save(&ivy, "");
        assert_eq!(saved["basis"]["world"], world);
        let gone = |id: &str| format!("WHERE profile_id = (SELECT id FROM profiles WHERE public_id = '{id}')");
        sql(app, format!("DELETE FROM profile_revisions {}", gone(&sue.id)));
        let replay = replayed(&ivy, &saved).body;
        assert_eq!((&replay["equal"], &replay["differences"]), (&json!(false), &json!([])));
        assert_eq!(replay["missing"], json!([{"kind": "startup", "id": sue.id, "revision": 1}]));
        let rows = replay["rows"].as_array().expect("rows");
        for row in rows {
            let erased = row["profile"] == sue.id;
            assert_eq!((row["equal"] == false, row["explanation"].is_null()), (erased, erased), "{row}");
        }
        for table in ["profile_tokens", "profile_facets", "profile_assessments"] {
            let gone = gone(&sue.id);
            app.parts.edge.db.write_now(move |conn| Ok(diesel::sql_query(format!("DELETE FROM {table} {gone}")).execute(conn)?)).expect("deleted");
        }
        sql(app, format!("DELETE FROM profiles WHERE public_id = '{}'", sue.id));
        let replay = replayed(&ivy, &saved).body;
        assert_eq!(replay["missing"], json!([{"kind": "startup", "id": sue.id, "revision": null}]));
        sql(app, format!("DELETE FROM worlds WHERE public_id = '{world}'"));
        let (code, replay) = by_operator(app, &saved);
        assert_eq!(code, Some(1));
        assert_eq!(replay["missing"], json!([{"kind": "startup", "id": sue.id, "revision": null}, {"kind": "world", "id": world, "revision": null}]));
        assert!(replay["rows"].as_array().expect("rows").iter().all(|row| row["explanation"].is_null()));
        sql(app, format!("DELETE FROM profile_revisions {}", gone(&ivy.id)));
        let (_, replay) = by_operator(app, &saved);
        assert_eq!(replay["missing"][0], json!({"kind": "investor", "id": ivy.id, "revision": 1}));
    }

    fn rankings_belong_to_their_organisation_and_viewers_only_read_them(app: &TestApp) {
        let (sue, sam, ivy) = scene(app);
        let saved = save(&ivy, "");
        let path = format!("/v1/rankings/{}", saved["id"].as_str().expect("id"));
        let unknown = "/v1/rankings/rnk_00000000000000000000000000";
        for other in [&sue, &sam] {
            for suffix in ["", "/replay"] {
                let hidden = other.client.get(&format!("{path}{suffix}")).refused(404, "not_found");
                let never = other.client.get(&format!("{unknown}{suffix}")).refused(404, "not_found");
                assert_eq!(hidden.body["detail"], never.body["detail"]);
            }
            other.client.delete(&path).refused(404, "not_found");
            other.client.get(&format!("{}/rankings", ivy.url())).refused(404, "not_found");
            other.client.post_empty(&format!("{}/rankings", ivy.url())).refused(404, "not_found");
        }
        let organisation = ivy.client.get(&ivy.url()).expect(200).body["organisation"].as_str().expect("org").to_owned();
        let (viewer, _) = join(app, &ivy.client, &format!("/v1/organisations/{organisation}"), ("vic", "viewer"));
        viewer.get(&format!("{path}/replay")).expect(200);
        viewer.post_empty(&format!("{}/rankings", ivy.url())).refused(403, "forbidden");
        viewer.delete(&path).refused(403, "forbidden");
        let once = || ivy.client.send("POST", &format!("{}/rankings", ivy.url()), &[("idempotency-key", "one")], None);
        let (first, again) = (once().expect(201), once().expect(201));
        assert_eq!((&first.body, again.header("springboard-revision")), (&again.body, first.header("springboard-revision")));
        let page = ivy.client.get(&format!("{}/rankings?limit=1", ivy.url())).expect(200).body;
        assert_eq!((&page["data"][0]["id"], &page["data"][0]["listed"], &page["has_more"]), (&first.body["id"], &json!(2), &json!(true)));
        let next = format!("{}/rankings?limit=1&cursor={}", ivy.url(), page["next_cursor"].as_str().expect("more"));
        let next = ivy.client.get(&next).expect(200).body;
        assert_eq!((&next["data"][0]["id"], &next["has_more"]), (&saved["id"], &json!(false)));
        ivy.client.delete(&path).expect(204);
        ivy.client.delete(&path).refused(404, "not_found");
        assert_eq!(replayed(&ivy, &first.body).body["equal"], true, "what it rests on stayed");
        ivy.client.delete(&format!("{}/publication", ivy.url())).expect(204);
        ivy.client.post_empty(&format!("{}/rankings", ivy.url())).refused(409, "invalid_state");
        assert_eq!(once().expect(201).body, first.body, "a repeated request is answered as the first one was");
        assert_eq!(replayed(&ivy, &first.body).body["equal"], true);
    }

    fn whoever_refers_to_a_pair_keeps_it_unless_its_snapshot_was_overtaken(app: &TestApp) {
        let (sue, sam, ivy) = scene(app);
        // So that the snapshot has all of it.
        ivy.matches("").expect(200);
        let (view, replica) = (app.parts.replica.view().expect("loaded"), app.parts.replica.clone().into_inner());
        let context = RankingContext { view, replica, limit: Limit::DEFAULT, after: None };
        let id: InvestorId = ivy.id.parse().expect("an id");
        let investor = app.read(|conn| Ok(find::<Investors>(conn, None, id)?.0));
        let acting = Acting {
            organisation_number: investor.organisation_number,
            organisation: investor.organisation,
            kind: None,
            role: Role::Editor,
        };
        let act = Act::system(app.parts.edge.clock.now(), "introduction");
        let refer = |of: &Party| {
            let id: StartupId = of.id.parse().expect("an id");
            let number = app.read(|conn| Ok(find::<Startups>(conn, None, id)?.0)).number;
            let draft = Draft::these_startups(&investor, &context, &Asked::nothing(), &[number]).expect("a draft");
            let (act, acting) = (act.clone(), acting.clone());
            app.parts.edge.db.write_now(move |conn| keep(conn, &act, &acting, &draft))
        };
        let kept = refer(&sam).expect("kept");
        assert_eq!((kept.listed, kept.asking.id.as_str()), (1, ivy.id.as_str()));
        let replay = replayed(&ivy, &json!({"id": kept.id.to_string()})).body;
        assert_eq!((&replay["equal"], &replay["rows"][0]["profile"]), (&json!(true), &json!(sam.id)));
        sue.revise(&json!({"stage": "seed"}));
        assert_eq!(refer(&sue).expect_err("the snapshot is older").code, Code::Unavailable);
        refer(&sam).expect("as nothing of this pair has changed");
    }

    fn a_startup_s_ranking_keeps_and_shows_nothing_private_of_an_investor(app: &TestApp) {
        let (sue, sam, ivy) = scene(app);
        let before = save(&sue, "");
        ivy.revise(&json!({"weights": {"sector": 17, "corridor": 983}, "exclude_homes": ["NZ"], "blocks": [sam.id], "exclude_sectors": ["photonics.imaging"]}));
        let saved = save(&sue, "");
        assert_eq!(saved["rows"][0]["score"], before["rows"][0]["score"]);
        let explained = |ranking: &Value| replayed(&sue, ranking).body["rows"][0]["explanation"].clone();
        assert_eq!(explained(&saved), explained(&before));
        let kept: Vec<Kept> = app.read(|conn| {
            let sql = "SELECT i.input AS text FROM ranking_inputs i JOIN profiles p ON p.id = i.profile_id WHERE p.kind = 'investor'";
            Ok(diesel::sql_query(sql).load(conn)?)
        });
        assert!(!kept.is_empty());
        let texts = kept.into_iter().map(|kept| kept.text).chain([replayed(&sue, &saved).text, saved.to_string()]);
        for text in texts {
            for canary in [":983,", ":983}", "\"NZ\"", "photonics"] {
                assert!(!text.contains(canary), "{canary}: {text}");
            }
            let empty: Value = serde_json::from_str(&text).expect("JSON");
            assert!(empty.get("blocks").is_none_or(|blocks| blocks == &json!([])), "{text}");
        }
        ivy.revise(&json!({"blocks": [sue.id]}));
        assert_eq!(save(&sue, "")["rows"], json!([]));
    }
}

#[derive(diesel::QueryableByName)]
struct Kept {
    #[diesel(sql_type = diesel::sql_types::Text)]
    text: String,
}
