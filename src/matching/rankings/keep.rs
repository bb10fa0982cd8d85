//! Keeping a ranking, and deleting one.
//!
//! Invariant: a row names the revision that its input was compiled of; where a profile has gone on since the snapshot,
//! nothing is kept. Read next: [`mod@super::replay`].

use super::draft::{Draft, Party};
use super::model::{Ranking, Row, Side, Stood, digest, digest_of_row};
use super::store;
use crate::db::Conn;
use crate::engine::Explanation;
use crate::events::{self, Act, Event, Kind, Subject};
use crate::identity::Acting;
use crate::kernel::{
    error::{Code, Error, Result},
    ids::RankingId,
};
use crate::matching::worlds;
use crate::profiles::{self, Investors, Startups};
use std::collections::{BTreeSet, HashMap};

/// The most entries by which the log may be ahead of a snapshot that a ranking is kept of.
const AHEAD: i64 = 10_000;

/// Keeps a ranking for whoever saves it or refers to it. Emits `ranking.saved`.
///
/// The profile it was made for is of the organisation acted for. Refuses with `unavailable` where a profile was revised
/// after the snapshot.
pub fn keep(conn: &mut Conn, act: &Act, acting: &Acting, draft: &Draft) -> Result<Ranking> {
    let revisions = revisions(conn, draft)?;
    let stood = |party: &Party| {
        let revision = *revisions.get(&party.number).ok_or_else(overtaken)?;
        let (number, id, input) = (party.number, party.id.clone(), digest(&party.input));
        Ok(Stood { number, id, revision, input })
    };
    let rows = rows(draft, stood)?;
    let mut ranking = Ranking {
        number: 0,
        id: RankingId::new(act.at),
        side: draft.side,
        asking: stood(&draft.asking)?,
        tables: keep_tables(conn, draft)?,
        question: serde_json::to_string(&draft.question).map_err(Error::internal)?,
        basis: serde_json::to_string(&draft.basis).map_err(Error::internal)?,
        digest: String::new(),
        listed: i32::try_from(rows.len()).map_err(Error::internal)?,
        created_at: act.at,
    };
    ranking.digest = ranking.digest_with(rows.iter().map(|row| row.digest.as_str()))?;
    let asking = std::iter::once((&ranking.asking, draft.asking.input.as_str()));
    let listed = rows.iter().zip(&draft.rows).map(|(row, (party, _))| (&row.of, party.input.as_str()));
    store::put_inputs(conn, asking.chain(listed))?;
    ranking.number = store::insert(conn, &ranking, &rows)?;
    said(conn, act, acting, Kind::RankingSaved, &ranking)?;
    Ok(ranking)
}

/// Deletes a ranking; what it rested on stays with the revisions that it is of. Emits `ranking.deleted`.
pub(super) fn delete(conn: &mut Conn, act: &Act, acting: &Acting, ranking: &Ranking) -> Result<()> {
    if !store::delete(conn, ranking)? {
        return Err(Error::not_found());
    }
    said(conn, act, acting, Kind::RankingDeleted, ranking)
}

fn said(conn: &mut Conn, act: &Act, acting: &Acting, kind: Kind, ranking: &Ranking) -> Result<()> {
    let event = Event::new(kind, Subject::new(ranking.id, ranking.number));
    let event = event.with("profile", ranking.asking.id.clone());
    events::emit(conn, &act.on_behalf_of(acting.organisation), event)?;
    Ok(())
}

fn rows(draft: &Draft, stood: impl Fn(&Party) -> Result<Stood>) -> Result<Vec<Row>> {
    let row = |(place, (party, explanation)): (i32, &(Party, Explanation))| {
        let (of, outcome) = (stood(party)?, &explanation.outcome);
        let digest = digest_of_row(place, (&of.id, of.revision), explanation)?;
        let score = i64::try_from(outcome.score()).map_err(Error::internal)?;
        Ok(Row { place, of, score, confidence: outcome.confidence.into(), digest })
    };
    (1..).zip(&draft.rows).map(row).collect()
}

fn keep_tables(conn: &mut Conn, draft: &Draft) -> Result<String> {
    let world = draft.basis.world.map(|id| worlds::find(conn, id)).transpose()?.flatten();
    let name = world.as_ref().map(|world| world.id.to_string()).unwrap_or_default();
    // The version is part of the digest, so that erasing one leaves equal tables of another.
    let digest = digest_of_tables(&name, &draft.tables);
    store::put_tables(conn, &digest, world.map(|world| world.number), &draft.tables)?;
    Ok(digest)
}

/// The digest of tables of a version of the world tables, or of none.
pub(super) fn digest_of_tables(world: &str, tables: &str) -> String {
    digest(&format!("{world}\n{tables}"))
}

/// The revision of every profile of a draft, if the snapshot has the same.
fn revisions(conn: &mut Conn, draft: &Draft) -> Result<HashMap<i64, i64>> {
    let (asking, rows) = (vec![draft.asking.number], draft.rows.iter().map(|(party, _)| party.number));
    let (startups, investors) = match draft.side {
        Side::Investor => (rows.collect(), asking),
        Side::Startup => (asking, rows.collect()),
    };
    // First the profiles, then the log: a revision that is seen here has its event there.
    let mut all = HashMap::new();
    let (startups, investors) = (
        profiles::by_numbers::<Startups>(conn, &startups)?,
        profiles::by_numbers::<Investors>(conn, &investors)?,
    );
    all.extend(startups.iter().map(|p| (p.number, p.revision)));
    all.extend(investors.iter().map(|p| (p.number, p.revision)));
    let limit = AHEAD + draft.view.beyond.len() as i64;
    let ahead = events::after(conn, draft.view.settled, limit)?;
    let whole = (ahead.len() as i64) < limit;
    let words: BTreeSet<&str> = [Kind::StartupRevised, Kind::InvestorRevised].map(Kind::as_str).into();
    let missed = |e: &events::Entry| {
        !draft.view.covers(e.revision)
            && words.contains(e.kind.as_str())
            && all.contains_key(&e.subject_number)
    };
    if whole && !ahead.iter().any(missed) { Ok(all) } else { Err(overtaken()) }
}

fn overtaken() -> Error {
    Error::new(Code::Unavailable, "a profile of the ranking was revised just now; try again").retry_after(1)
}
