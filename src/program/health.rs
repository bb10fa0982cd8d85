//! Whether the process lives, and whether it should be sent requests.
//!
//! Invariant: `/livez` depends on nothing; `/readyz` is 200 only if the database answers, the engine holds a snapshot
//! and the service is not draining. Read next: `startup`, which drains.

use crate::events;
use crate::http::Edge;
use crate::matching::Replica;
use actix_web::{HttpResponse, get, http::header, web::Data};
use serde::Serialize;
use utoipa::ToSchema;

/// How the service is.
#[derive(Serialize, ToSchema)]
pub struct Health {
    /// `ok`, `draining`, `database_unavailable` or `loading`.
    #[schema(example = "ok")]
    status: &'static str,
}

fn health(status: &'static str) -> HttpResponse {
    let mut response = if status == "ok" { HttpResponse::Ok() } else { HttpResponse::ServiceUnavailable() };
    response.insert_header((header::CACHE_CONTROL, "no-store")).json(Health { status })
}

/// Tell whether the process lives
///
/// Depends on nothing but the process itself.
#[utoipa::path(tag = "operations", security(()), responses((status = 200, description = "The process lives.", body = Health)))]
#[get("/livez")]
pub async fn live() -> HttpResponse {
    health("ok")
}

/// Tell whether the service should be sent requests
///
/// 200 when the database answers, the matches have been loaded and the service is not shutting down.
#[utoipa::path(tag = "operations", security(()), responses(
    (status = 200, description = "Send requests.", body = Health),
    (status = 503, description = "Send no requests now.", body = Health)))]
#[get("/readyz")]
pub async fn ready(edge: Data<Edge>, replica: Data<Replica>) -> HttpResponse {
    if edge.lifecycle.is_draining() {
        return health("draining");
    }
    if replica.view().is_none() {
        return health("loading");
    }
    match edge.db.read(events::revision).await {
        Ok(_) => health("ok"),
        Err(_) => health("database_unavailable"),
    }
}
