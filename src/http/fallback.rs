//! The answer where no route fits: 404, or 405 with the methods that the path has.
//!
//! Invariant: both follow the OpenAPI document, not the router. Read next: [`super::operations::Operations`].

use super::edge::Edge;
use crate::kernel::error::{Code, Error};
use actix_web::{HttpRequest, HttpResponse, http::Method, http::header, web::Data};

/// Answers whatever no route answered: 405 with `Allow` for a path that exists, 404 otherwise.
pub async fn fallback(request: HttpRequest, edge: Data<Edge>) -> Result<HttpResponse, Error> {
    match edge.operations.allowed(request.path()) {
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
