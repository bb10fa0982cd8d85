//! The measurements that an operator's monitoring reads, on a listener of their own.
//!
//! Invariant: the public listener never shows them, and no label holds anything that a caller chose.
//! Read next: [`crate::kernel::meter`] for the text, `startup` for the listener.

use crate::events;
use crate::http::Edge;
use crate::kernel::meter::{Exposition, seconds};
use crate::matching::Replica;
use actix_web::{HttpResponse, http::header, web::Data};

/// Answers `/metrics`; also while the database does not answer.
pub async fn expose(edge: Data<Edge>, replica: Data<Replica>) -> HttpResponse {
    let newest = edge.db.read(events::revision).await.ok();
    let mut page = Exposition::default();
    let help = "The version that runs.";
    page.about("springboard_build_info", "gauge", help);
    page.value("springboard_build_info", concat!("version=\"", env!("CARGO_PKG_VERSION"), "\""), 1);
    followed(&replica, newest, &mut page);
    held(&replica, &mut page);
    ranked(&replica, &mut page);
    served(&edge, newest.is_some(), &mut page);
    let kind = (header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8");
    HttpResponse::Ok().insert_header(kind).body(page.into_text())
}

/// How far the snapshot is behind the log; what only the database knows is left out while it does not answer.
fn followed(replica: &Replica, newest: Option<i64>, page: &mut Exposition) {
    let settled = replica.view().map(|view| view.settled);
    if let Some(newest) = newest {
        page.single("springboard_revision_newest", "gauge", "The highest revision in the event log.", newest);
    }
    if let Some(settled) = settled {
        let help = "The revision up to which the snapshot is sure to miss nothing.";
        page.single("springboard_revision_settled", "gauge", help, settled);
    }
    if let (Some(newest), Some(settled)) = (newest, settled) {
        let help = "Revisions in the log that the snapshot has not settled.";
        page.single("springboard_revision_lag", "gauge", help, newest.saturating_sub(settled).max(0));
    }
    let help = "Seconds since the snapshot was found to hold all that was in the log.";
    page.single("springboard_snapshot_age_seconds", "gauge", help, seconds(replica.age()));
    let meters = &replica.meters;
    page.single("springboard_snapshots_total", "counter", "Snapshots put in place.", meters.snapshots.get());
    let help = "Queries refused because their revision was not in the snapshot in time.";
    page.single("springboard_queries_late_total", "counter", help, meters.late.get());
}

/// What the snapshot holds.
fn held(replica: &Replica, page: &mut Exposition) {
    let Some(view) = replica.view() else { return };
    let (startups, investors) = view.snapshot.len();
    page.about("springboard_snapshot_rows", "gauge", "Profiles in the snapshot.");
    page.value("springboard_snapshot_rows", "of=\"startups\"", startups);
    page.value("springboard_snapshot_rows", "of=\"investors\"", investors);
    let (ranking, profiles) = view.snapshot.bytes_of_startups();
    page.about(
        "springboard_snapshot_bytes",
        "gauge",
        "About how many bytes the snapshot takes: startups for ranking, their profiles and cards; the investors' columns and cards.",
    );
    page.value("springboard_snapshot_bytes", "of=\"ranking\"", ranking);
    page.value("springboard_snapshot_bytes", "of=\"profiles\"", profiles);
    page.value("springboard_snapshot_bytes", "of=\"cards\"", view.startups.bytes());
    let columns = view.snapshot.bytes_of_investors();
    page.value("springboard_snapshot_bytes", "of=\"investor_columns\"", columns);
    page.value("springboard_snapshot_bytes", "of=\"investor_cards\"", view.investors.bytes());
}

/// What queries cost.
fn ranked(replica: &Replica, page: &mut Exposition) {
    let meters = &replica.meters;
    let sides = [("of=\"startups\"", &meters.startups), ("of=\"investors\"", &meters.investors)];
    let kept = "springboard_lists_kept_total";
    let (spans, blocks, rows) =
        ("springboard_query_seconds", "springboard_blocks_scored_total", "springboard_rows_scored_total");
    page.about(spans, "histogram", "How long ranking took, without the page around it.");
    sides.iter().for_each(|(of, side)| page.histogram(spans, of, &side.spans));
    page.about(kept, "counter", "Lists that were kept and told without a search.");
    sides.iter().for_each(|(of, side)| page.value(kept, of, side.cached.get()));
    page.about(blocks, "counter", "Blocks of profiles whose columns were read.");
    sides.iter().for_each(|(of, side)| page.value(blocks, of, side.blocks.get()));
    page.about(rows, "counter", "Profiles that were scored in full.");
    sides.iter().for_each(|(of, side)| page.value(rows, of, side.rows.get()));
}

/// What the public listener and the database have to do.
fn served(edge: &Edge, answers: bool, page: &mut Exposition) {
    page.about(
        "springboard_request_seconds",
        "histogram",
        "How long requests took, by the class of their status.",
    );
    for (class, histogram) in edge.requests.by_class() {
        page.histogram("springboard_request_seconds", &format!("class=\"{class}\""), histogram);
    }
    let help = "Writes that are neither committed nor refused yet.";
    page.single("springboard_writes_waiting", "gauge", help, edge.db.writing());
    let (all, idle) = edge.db.connections();
    page.about("springboard_database_connections", "gauge", "Connections of the pool.");
    page.value("springboard_database_connections", "state=\"idle\"", idle);
    page.value("springboard_database_connections", "state=\"busy\"", all.saturating_sub(idle));
    page.single("springboard_database_up", "gauge", "Whether the database answers.", u8::from(answers));
}
