//! Every route, once.
//!
//! Invariant: whatever is served is registered here and described in the OpenAPI document (a test compares both ways).
//! Read next: the `api.rs` of the feature that a line names.

use super::health;
use crate::accounts::{invitations, keys, memberships, organisations, passwords, people, sessions};
use crate::http::Routes;
use crate::http::{catalogue, openapi};
use crate::kernel::error::{Error, Result};
use crate::matching::rankings::api as rankings;
use crate::matching::recommendations::api as recommendations;
use crate::matching::{improve::api as improve, lists::api as lists, thesis, worlds::api as worlds};
use crate::profiles::{api::claims as profile_claims, api::portfolios, investors, startups};
use crate::reference;
use serde_json::Value;

/// Registers every described route.
pub fn configure(config: &mut Routes) {
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

/// The OpenAPI document of every described route, complete and in a stable order, as it is made for the file.
pub fn document() -> Value {
    openapi::document(configure)
}

/// The OpenAPI document as it is committed, which is what a service enforces and shows (a test compares it with the routes).
///
/// # Errors
/// `internal_error` where the file was not a document when this program was built.
pub fn committed() -> Result<Value> {
    serde_json::from_str(include_str!("../../openapi/openapi.json")).map_err(Error::internal)
}
