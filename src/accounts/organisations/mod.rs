//! Organisations: registered by a person, approved by an admin or an entitled organiser, suspended by an admin.
//!
//! ```text
//! pending ──approve──▶ approved ──suspend──▶ suspended ──restore──▶ approved
//!    └──────────────────suspend──────────────▶ suspended ──restore──▶ pending   (never approved before)
//! ```
//!
//! Invariant: whoever is neither a member nor an admin learns of an organisation only while it is approved; an
//! approver also of those that wait. Reading order: `model`, `register`, `revise`, `approve`, `list`, `store`, `wire`, `api`.

mod api;
mod approve;
mod list;
mod model;
mod register;
mod revise;
mod store;
mod wire;

pub use api::routes;
pub use approve::entitle;
pub use model::{Approval, Organisation, OrganisationName, Website, may_approve};
pub use register::{NewOrganisation, create_organisation};
pub(super) use store::lock;
pub use store::{by_id as organisation_by_id, by_number as organisation};
