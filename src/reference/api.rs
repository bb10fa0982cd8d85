//! Reference data over HTTP: the tables for everybody, corridors for admins to revise.
//!
//! Invariant: the ETag of a table is the hash of its content; what an operator changes carries the feed revision as version.
//! Read next: `wire.rs`.

use super::Catalogue;
use super::corridor::Pair;
use super::model::Table;
use super::revise_corridor as verbs;
use super::shipped::TableName;
use super::store;
use super::wire::{
    CorridorInput, CorridorRevisionView, CorridorView, RateView, TableIndex, TableView, row_object,
};
use crate::db::Conn;
use crate::http::Routes;
use crate::http::{Admin, Answer, Anyone, Body, Cx, PageQuery, Path, Query, Reply};
use crate::kernel::{
    error::{Error, Result},
    page::{Limit, Rows},
    visibility::{Audience, Visible},
};
use actix_web::{get, put, web::Data};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// Registers the routes of this feature.
pub fn routes(config: &mut Routes) {
    config.service(list_reference_tables).service(read_reference_table);
    config.service(read_corridor).service(revise_corridor).service(list_corridor_revisions);
}

/// List the reference tables
///
/// Every table with its version, source and licence.
#[utoipa::path(tag = "reference", security(()), responses((status = 200, description = "The tables.", body = TableIndex)))]
#[get("/v1/reference")]
pub async fn list_reference_tables(cx: Cx<Anyone>, catalogue: Data<Catalogue>) -> Answer {
    cx.get(move |conn, _| {
        let mut index = TableIndex::new(&catalogue);
        for (view, (name, table)) in index.data.iter_mut().zip(catalogue.tables()) {
            (view.version, view.rows) = standing(conn, table, name)?;
        }
        hashed(&index)
    })
    .await
}

/// Read a reference table
///
/// All rows with their meaning. Corridors and exchange rates are the operator's; their version is the feed revision of
/// the last change.
#[utoipa::path(tag = "reference", security(()), params(("table" = inline(TableName), Path, description = "The name of the table.")),
    responses((status = 200, description = "The table.", body = TableView)))]
#[get("/v1/reference/{table}")]
pub async fn read_reference_table(
    cx: Cx<Anyone>,
    catalogue: Data<Catalogue>,
    name: Path<TableName>,
) -> Answer {
    if !catalogue.table(name.0).meta.editable {
        return cx.answer(hashed(&TableView::shipped(catalogue.table(name.0)))?).await;
    }
    cx.get(move |conn, _| hashed(&editable(conn, &catalogue, name.0)?)).await
}

/// Read a corridor
///
/// What is said of the way from one country into the market of another. `unstated` with revision 0 when nothing is.
#[utoipa::path(tag = "reference", security(()), params(("pair" = String, Path, description = "Home and market.", pattern = "^[A-Z]{2}-[A-Z]{2}$", example = "RU-CN")),
    responses((status = 200, description = "The corridor.", body = CorridorView)))]
#[get("/v1/reference/corridors/{pair}")]
pub async fn read_corridor(cx: Cx<Anyone>, pair: Path<Pair>) -> Answer {
    cx.get(move |conn, _| versioned(&CorridorView::new(&verbs::corridor(conn, pair.0)?))).await
}

/// Revise a corridor
///
/// Replaces what is said of the corridor; the former revision is kept. Only platform admins.
#[utoipa::path(tag = "reference", security(("bearer" = [])), params(("pair" = String, Path, description = "Home and market.", pattern = "^[A-Z]{2}-[A-Z]{2}$", example = "RU-CN")),
    request_body = CorridorInput, responses((status = 200, description = "The corridor as it stands now.", body = CorridorView)))]
#[put("/v1/reference/corridors/{pair}")]
pub async fn revise_corridor(cx: Cx<Admin>, pair: Path<Pair>, body: Body<CorridorInput>) -> Answer {
    cx.put(body, move |conn, call, input| {
        let terms = input.parse()?;
        let now = verbs::revise_corridor(conn, &call.act, pair.0, terms, |v| call.precondition.demand(v))?;
        versioned(&CorridorView::new(&now))
    })
    .await
}

/// A page of the revisions of a corridor.
#[derive(Serialize, utoipa::ToSchema)]
pub struct CorridorRevisionPage {
    /// The revisions, newest first.
    data: Vec<CorridorRevisionView>,
    /// Whether there are more.
    has_more: bool,
    /// Where to go on.
    next_cursor: Option<String>,
}

/// List the revisions of a corridor
///
/// What was said of it and when, newest first. Only platform admins.
#[utoipa::path(tag = "reference", security(("bearer" = [])), params(("pair" = String, Path, description = "Home and market.", pattern = "^[A-Z]{2}-[A-Z]{2}$", example = "RU-CN"), PageQuery),
    responses((status = 200, description = "The revisions.", body = CorridorRevisionPage)))]
#[get("/v1/reference/corridors/{pair}/revisions")]
pub async fn list_corridor_revisions(cx: Cx<Admin>, pair: Path<Pair>, query: Query<PageQuery>) -> Answer {
    let (limit, before) = cx.paging::<i32>(query.0.limit, query.0.cursor.as_deref())?;
    let pager = cx.pager()?;
    cx.get(move |conn, _| Reply::page(revisions(conn, pair.0, before, limit)?, &pager)).await
}

type RevisionRows = Rows<(CorridorRevisionView, Audience), i32>;

fn revisions(conn: &mut Conn, pair: Pair, before: Option<i32>, limit: Limit) -> Result<RevisionRows> {
    let found = store::corridor_revisions(conn, pair, before.unwrap_or(i32::MAX), limit.rows() + 1)?;
    let page = Rows::cut(found, limit, |r| r.corridor.revision);
    Ok(page.map(|r| (CorridorRevisionView::new(&r), Audience::Organisation)))
}

/// Version and number of rows of a table as it stands now.
fn standing(conn: &mut Conn, table: &Table, name: TableName) -> Result<(String, usize)> {
    Ok(match name {
        TableName::Corridors => (store::corridors_version(conn)?.to_string(), store::corridors(conn)?.len()),
        TableName::ExchangeRates => {
            (store::rates_version(conn)?.to_string(), store::rates(conn)?.iter().count())
        }
        _ => (table.meta.version.clone(), table.rows.len()),
    })
}

/// A table that lives in the database, as it stands now.
fn editable(conn: &mut Conn, catalogue: &Catalogue, name: TableName) -> Result<TableView> {
    let mut view = TableView::shipped(catalogue.table(name));
    if name == TableName::Corridors {
        view.version = store::corridors_version(conn)?.to_string();
        let rows = store::corridors(conn)?;
        view.data = rows.iter().map(|c| row_object(&CorridorView::new(c))).collect::<Result<_>>()?;
    } else {
        view.version = store::rates_version(conn)?.to_string();
        let rows = store::rates(conn)?;
        view.data = rows.iter().map(|r| row_object(&RateView::new(r))).collect::<Result<_>>()?;
    }
    Ok(view)
}

fn versioned(view: &CorridorView) -> Result<Reply> {
    Ok(Reply::ok(view, Audience::Public)?.version(i64::from(view.revision), Audience::Public))
}

fn hashed<T: Serialize + Visible>(value: &T) -> Result<Reply> {
    let digest = Sha256::digest(serde_json::to_vec(value).map_err(Error::internal)?);
    let tag: String = digest.iter().take(16).map(|b| format!("{b:02x}")).collect();
    let reply = Reply::ok(value, Audience::Public)?;
    Ok(reply.header("etag", format!("\"{tag}\"")).header("cache-control", "public, no-cache"))
}
