//! The operations on versions of the world tables.
//!
//! Invariant: only platform admins make and activate them. Read next: [`mod@super::rebuild`].

use super::model::{WorldState, WorldVersion};
use super::{activate, count, find, keep, newest};
use crate::http::{Admin, Answer, Cx, Empty, PageQuery, Path, Query, Reply};
use crate::kernel::{
    error::Error,
    ids::WorldId,
    page::Rows,
    shown::Shown,
    time::Timestamp,
    visibility::{Class, Visible},
};
use crate::matching::Replica;
use actix_web::{get, post, web::Data};
use serde::Serialize;
use utoipa::ToSchema;

/// A version of the world tables.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorldView {
    /// Its id.
    pub id: WorldId,
    /// Where it stands.
    pub state: WorldState,
    /// How many recorded deals it was counted from.
    #[schema(minimum = 0, example = 412)]
    pub deals: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was put to use.
    pub activated_at: Option<Timestamp>,
}

impl Visible for WorldView {
    const FIELDS: &'static [(&'static str, Class)] = &[
        ("id", Class::Organisation),
        ("state", Class::Organisation),
        ("deals", Class::Organisation),
        ("created_at", Class::Organisation),
        ("activated_at", Class::Organisation),
    ];
}

/// A page of versions of the world tables.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorldPage {
    /// The versions.
    pub data: Vec<WorldView>,
    /// Whether there are more.
    pub has_more: bool,
    /// Where the next page begins.
    pub next_cursor: Option<String>,
}

impl From<WorldVersion> for WorldView {
    fn from(world: WorldVersion) -> Self {
        let WorldVersion { id, state, deals, created_at, activated_at, .. } = world;
        Self { id, state, deals, created_at, activated_at }
    }
}

fn shown(world: WorldVersion, by: &Admin) -> Shown<WorldView> {
    Shown::new(WorldView::from(world), by.anywhere())
}

/// Make the next world tables
///
/// Counts flows and usual shares from the recorded portfolios of all investors that take part. The result is a draft that no score uses yet.
#[utoipa::path(tag = "worlds", security(("bearer" = [])), responses(
    (status = 201, description = "The draft.", body = WorldView)))]
#[post("/v1/worlds")]
pub async fn rebuild_world(cx: Cx<Admin>, replica: Data<Replica>, body: Empty) -> Answer {
    let (catalogue, today) = (replica.catalogue.clone(), cx.now.day());
    let counted = cx.read(move |conn, _| count(conn, &catalogue, today)).await?;
    cx.post_empty(body, move |conn, call| {
        let world = keep(conn, &call.act, &counted)?;
        let location = format!("/v1/worlds/{}", world.id);
        Reply::created(&shown(world, &call.by), location)
    })
    .await
}

/// List the world tables
///
/// Every version, newest first.
#[utoipa::path(tag = "worlds", security(("bearer" = [])), params(PageQuery), responses(
    (status = 200, description = "A page of versions.", body = WorldPage)))]
#[get("/v1/worlds")]
pub async fn list_worlds(cx: Cx<Admin>, query: Query<PageQuery>) -> Answer {
    let (limit, before) = cx.paging::<i64>(query.0.limit, query.0.cursor.as_deref())?;
    let pager = cx.pager()?;
    cx.get(move |conn, call| {
        let rows = newest(conn, before.unwrap_or(i64::MAX), limit.rows() + 1)?;
        let page = Rows::cut(rows, limit, |world| world.number);
        Reply::page(page.map(|world| shown(world, &call.by)), &pager)
    })
    .await
}

/// Read a version of the world tables
#[utoipa::path(tag = "worlds", security(("bearer" = [])), params(("id" = WorldId, Path, description = "The version.")), responses(
    (status = 200, description = "The version.", body = WorldView)))]
#[get("/v1/worlds/{id}")]
pub async fn read_world(cx: Cx<Admin>, path: Path<WorldId>) -> Answer {
    cx.get(move |conn, call| {
        let world = find(conn, path.0)?.ok_or_else(Error::not_found)?;
        Reply::ok(&shown(world, &call.by))
    })
    .await
}

/// Put world tables to use
///
/// From now on every score uses them; the ones in use before retire and can be activated again.
#[utoipa::path(tag = "worlds", security(("bearer" = [])), params(("id" = WorldId, Path, description = "The version.")), responses(
    (status = 200, description = "The version in use.", body = WorldView)))]
#[post("/v1/worlds/{id}/activation")]
pub async fn activate_world(cx: Cx<Admin>, path: Path<WorldId>, body: Empty) -> Answer {
    cx.post_empty(body, move |conn, call| Reply::ok(&shown(activate(conn, &call.act, path.0)?, &call.by)))
        .await
}
