//! The plumbing between actix-web and the verbs, without a word of the domain.
//!
//! Invariant: a representation under `/v1` leaves only through [`reply`], where the visibility classes are enforced;
//! beside it there are only problem documents ([`problem`]) and what `program` serves of the process itself: its
//! health, and the OpenAPI document with its pages. A POST takes effect only through [`context::Cx`], where its Idempotency-Key is honoured.
//! Read next: [`edge`], [`context`], then `crate::program::routes`.

pub mod authority;
pub mod body;
mod caller;
pub mod catalogue;
pub mod context;
pub mod edge;
pub mod examples;
pub mod fallback;
pub mod json;
pub mod meter;
pub mod middleware;
pub mod openapi;
pub mod operations;
mod parameters;
mod personal;
pub mod problem;
pub mod query;
pub mod reply;
pub mod routes;
pub mod shared;
mod store;
pub mod validate;

pub use authority::{Admin, Anyone, SignedIn, Visitor};
pub use body::{Body, Csv, Empty, MergePatch, Merging, Offered};
pub use context::{Answer, Call, Cx, Precondition};
pub use edge::{Edge, Lifecycle, Limits};
pub use personal::Replies;
pub use query::{PageQuery, Path, Query};
pub use reply::Reply;
pub use routes::Routes;
pub use store::prune as prune_replies;
