//! Several nodes on one PostgreSQL: what one was told, the others show, also around deaths and late commits.
//!
//! Invariant: whoever writes keeps a ledger, and asks other nodes with `min_revision` whether they agree with it.
//! `SPRINGBOARD_NODE_ROUNDS` makes more rounds. Read next: `src/matching/replica/follow.rs`, [`load`].

mod load;

use crate::harness::{TestApp, fresh_database, postgres};
use crate::matching::{Party, investor_facts, startup_facts};
use diesel::{connection::SimpleConnection, pg::PgConnection, prelude::*};
use springboard::db::{Kind, Target};
use std::time::{Duration, Instant};

#[derive(QueryableByName)]
struct Revision {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    id: i64,
}

/// A transaction of somebody else that withdrew a startup, has its revision, and has not ended.
struct Late {
    conn: PgConnection,
    revision: i64,
}

impl Late {
    fn withdraw(target: &Target, startup: &str) -> Self {
        let Target::Postgres(url) = target else { panic!("this needs PostgreSQL") };
        let mut conn = PgConnection::establish(url).expect("connects");
        conn.batch_execute("BEGIN").expect("begins");
        let taken: Revision = diesel::sql_query(
            "WITH gone AS (UPDATE profiles SET state = 'withdrawn' WHERE public_id = $1 RETURNING id) \
             INSERT INTO events (public_id, at, kind, subject, subject_number, request, data) \
             SELECT 'evt_late_' || $1, 0, 'startup.withdrawn', $1, id, 'late', '{}' FROM gone RETURNING id",
        )
        .bind::<diesel::sql_types::Text, _>(startup)
        .get_result(&mut conn)
        .expect("withdrawn");
        Self { conn, revision: taken.id }
    }

    /// Commits after all and says which revision appears.
    fn commit(mut self) -> i64 {
        self.conn.batch_execute("COMMIT").expect("commits");
        self.revision
    }
}

/// Two applications on one database, the startups of `names`, and an investor.
fn two_nodes(names: &[&str]) -> Option<(TestApp, TestApp, Vec<Party>, Party)> {
    if !postgres::available() {
        return None;
    }
    let folder = tempfile::tempdir().expect("folder");
    let here = TestApp::over(fresh_database(Kind::Postgres, folder.path()), &["--approve-organisations"]);
    let there = TestApp::over(here.target.clone(), &["--approve-organisations"]);
    let startups = names.iter().map(|name| Party::new(&here, name, "startup", &startup_facts())).collect();
    let investor = Party::new(&here, "ivy", "investor", &investor_facts());
    Some((here, there, startups, investor))
}

#[test]
fn a_transaction_that_commits_late_is_waited_for_and_never_skipped() {
    let Some((here, there, startups, investor)) = two_nodes(&["sue", "tom"]) else { return };
    let late = Late::withdraw(&here.target, &startups[0].id);
    let after = startups[1].revise(&serde_json::json!({"team_size": 3}));
    let overtaken: i64 = after.header("springboard-revision").parse().expect("a revision");
    assert!(late.revision < overtaken);
    let third = TestApp::over(here.target.clone(), &[]);
    let nodes = [&here, &there, &third].map(|app| investor.at(&app.base));
    for node in &nodes {
        let list = node.scores(&format!("?min_revision={overtaken}"));
        assert_eq!(list.len(), 2, "what has not been committed is not known");
        let began = Instant::now();
        let refused = node.matches(&format!("?min_revision={}", late.revision)).refused(503, "unavailable");
        assert_eq!(refused.header("retry-after"), "1");
        assert!(began.elapsed() >= Duration::from_secs(2), "it waits for what may still come");
        assert!(began.elapsed() < Duration::from_secs(10), "and not for long");
    }
    let revision = late.commit();
    for node in &nodes {
        let list = node.scores(&format!("?min_revision={revision}"));
        assert_eq!(list.iter().map(|row| row.0.as_str()).collect::<Vec<_>>(), [startups[1].id.as_str()]);
    }
}

#[test]
fn a_revision_that_nobody_wrote_is_refused_at_once_on_every_node() {
    let Some((here, there, _, investor)) = two_nodes(&["sue"]) else { return };
    let beyond = here.revision() + 1;
    for app in [&here, &there] {
        let asked = investor.at(&app.base).matches(&format!("?min_revision={beyond}"));
        assert_eq!(asked.refused(400, "invalid_parameter").faults()[0].0, "min_revision");
    }
}

#[test]
fn a_write_is_in_the_next_list_of_the_other_node_that_asks_for_it() {
    let Some((here, there, startups, investor)) = two_nodes(&["sue"]) else { return };
    let (reader, startup) = (investor.at(&there.base), startups[0].at(&here.base));
    for dollars in 3_000_001..3_000_011 {
        let ask = serde_json::json!({"ask": {"target": {"amount": dollars * 100, "currency": "USD"}}});
        let revision = startup.revise(&ask).header("springboard-revision").to_owned();
        let only = format!("?ask_min={dollars}&ask_max={dollars}&min_revision={revision}");
        assert_eq!(reader.scores(&only).len(), 1, "{only}");
    }
    drop((here, there));
}

#[test]
fn three_processes_agree_through_the_death_of_one_and_a_late_commit() {
    if postgres::available() {
        load::rounds();
    }
}
