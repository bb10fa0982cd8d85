//! The error table as pages: what a problem's `type` points to.
//!
//! Invariant: every code that a problem can have is served here. Read next: [`crate::kernel::error`].

use super::{Answer, Cx, Path, Reply, Visitor};
use crate::kernel::{
    error::{Code, Error},
    shown::Shown,
    visibility::{Audience, Class, Visible},
};
use actix_web::get;
use serde::Serialize;
use utoipa::ToSchema;

/// A row of the error table.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemType {
    /// The stable machine word.
    #[schema(example = "not_found")]
    pub code: &'static str,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599, example = 404)]
    pub status: u16,
    /// Its title.
    #[schema(example = "Not found")]
    pub title: &'static str,
    /// When it is used.
    #[schema(example = "There is nothing here, or nothing that the caller may know of.")]
    pub meaning: &'static str,
}

impl Visible for ProblemType {
    const FIELDS: &'static [(&'static str, Class)] = &[
        ("code", Class::Public),
        ("status", Class::Public),
        ("title", Class::Public),
        ("meaning", Class::Public),
    ];
}

/// Describe a kind of problem
///
/// What the `type` of a problem document points to.
#[utoipa::path(tag = "operations", security(()),
    params(("code" = String, Path, description = "The code of the problem.", example = "not_found", pattern = "^[a-z_]+$")),
    responses((status = 200, description = "The kind of problem.", body = ProblemType)))]
#[get("/problems/{code}")]
pub async fn describe_problem(cx: Cx<Visitor>, path: Path<String>) -> Answer {
    let code = Code::parse(&path.0).ok_or_else(Error::not_found)?;
    let row = ProblemType {
        code: code.as_str(),
        status: code.status(),
        title: code.title(),
        meaning: code.meaning(),
    };
    cx.answer(Reply::ok(&Shown::new(row, Audience::EVERYBODY))?).await
}
