//! Every route, once.
//!
//! Invariant: whatever is served is registered here and described in the OpenAPI document (a test compares both ways).
//! Read next: the `api.rs` of the feature that a line names.

use super::operations::Operations;
use super::{catalogue, health};
use crate::accounts::{invitations, keys, memberships, organisations, passwords, people, sessions};
use crate::app::AppState;
use crate::kernel::error::{Code, Error};
use crate::matching::rankings::api as rankings;
use crate::matching::recommendations::api as recommendations;
use crate::matching::{improve::api as improve, lists::api as lists, thesis, worlds::api as worlds};
use crate::profiles::{api::claims as profile_claims, api::portfolios, investors, startups};
use crate::reference;
use actix_web::{HttpRequest, HttpResponse, http::Method, http::header, web::Data};
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers every described route.
pub fn configure(config: &mut ServiceConfig) {
    config.service(health::live).service(health::ready).service(catalogue::describe_problem);
    config.configure(reference::api::routes);
    config.service(lists::rank_startups).service(lists::rank_investors);
    config.service(lists::explain_startup).service(lists::explain_investor);
    config.service(improve::suggest_improvements).service(improve::analyse_gaps);
    config.service(worlds::rebuild_world).service(worlds::list_worlds);
    config.service(worlds::read_world).service(worlds::activate_world);
    config.configure(startups::api::routes).configure(investors::api::routes);
    config.configure(profile_claims::routes).configure(portfolios::routes);
    config.configure(recommendations::routes).configure(rankings::routes);
    config.service(thesis::api::propose_thesis).service(thesis::api::check_thesis);
    config.configure(keys::routes).configure(people::routes);
    config.configure(passwords::routes).configure(sessions::routes);
    config.configure(organisations::routes).configure(memberships::routes);
    config.configure(invitations::routes);
}

/// Answers whatever no route answered: 405 with `Allow` for a path that exists, 404 otherwise.
pub async fn fallback(request: HttpRequest, state: Data<AppState>) -> Result<HttpResponse, Error> {
    let operations: &Operations = &state.operations;
    match operations.allowed(request.path()) {
        None => Err(Error::not_found()),
        Some(allow) if request.method() == Method::OPTIONS => {
            Ok(HttpResponse::NoContent().insert_header((header::ALLOW, allow)).finish())
        }
        Some(allow) => Err(not_allowed(allow)),
    }
}

/// The refusal of a method that a path does not have.
pub(super) fn not_allowed(allow: String) -> Error {
    Error::new(Code::MethodNotAllowed, format!("this path has {allow}")).member("allow", allow.into())
}
