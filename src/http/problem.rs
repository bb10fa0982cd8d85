//! Errors as `application/problem+json` (RFC 9457).
//!
//! Invariant: a fault of ours shows its request id and nothing else; its cause is logged once, here.
//! Read next: [`crate::kernel::error`], the table behind it.

use crate::kernel::error::{At, Code, Error, FieldError};
use actix_web::{HttpResponse, HttpResponseBuilder, ResponseError, http::StatusCode, http::header};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// A problem document (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// A relative URI that names the kind of problem.
    #[serde(rename = "type")]
    #[schema(example = "/problems/not_found")]
    kind: String,
    /// The kind of problem, for a person.
    #[schema(example = "Not found")]
    title: &'static str,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599, example = 404)]
    status: u16,
    /// What happened here, for a person.
    #[schema(example = "there is nothing here that you may see")]
    detail: String,
    /// This occurrence.
    #[schema(example = "urn:request:01jd7k8f0g2m4n6p")]
    instance: String,
    /// The kind of problem, for a program; never changes.
    #[schema(example = "not_found")]
    code: &'static str,
    /// The id under which the log knows this request.
    #[schema(example = "01jd7k8f0g2m4n6p")]
    request_id: String,
    /// Every field that is not valid.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Fault>,
    /// Further members of some kinds, as `current_state`.
    #[serde(flatten)]
    #[schema(ignore)]
    members: Map<String, Value>,
}

/// A field that is not valid.
#[derive(Debug, Serialize, ToSchema)]
pub struct Fault {
    /// A JSON Pointer into the body.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "/ask/amount")]
    pointer: Option<String>,
    /// The name of a path or query parameter.
    #[serde(skip_serializing_if = "Option::is_none")]
    parameter: Option<String>,
    /// The name of a header.
    #[serde(skip_serializing_if = "Option::is_none")]
    header: Option<&'static str>,
    /// What is wrong, for a program.
    #[schema(example = "out_of_range")]
    code: &'static str,
    /// What is wrong, for a person.
    #[schema(example = "is less than 0")]
    detail: String,
}

impl From<&FieldError> for Fault {
    fn from(field: &FieldError) -> Self {
        let (mut pointer, mut parameter, mut header) = (None, None, None);
        match &field.at {
            At::Pointer(p) => pointer = Some(p.clone()),
            At::Parameter(p) => parameter = Some(p.clone()),
            At::Header(h) => header = Some(*h),
        }
        Self { pointer, parameter, header, code: field.code, detail: field.detail.clone() }
    }
}

/// The problem document of an error under a request id.
pub(super) fn render(error: &Error, request_id: &str) -> HttpResponse {
    if let Some(cause) = error.cause.as_deref().filter(|_| error.code.status() >= 500) {
        tracing::error!(request_id, code = error.code.as_str(), %cause, "a request failed");
    }
    let problem = Problem {
        kind: format!("/problems/{}", error.code.as_str()),
        title: error.code.title(),
        status: error.code.status(),
        detail: error.detail.clone(),
        instance: format!("urn:request:{request_id}"),
        code: error.code.as_str(),
        request_id: request_id.to_owned(),
        errors: error.fields.iter().map(Fault::from).collect(),
        members: error.members.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect(),
    };
    let mut response = HttpResponseBuilder::new(error.status_code());
    response.insert_header((header::CONTENT_TYPE, "application/problem+json"));
    response.insert_header((header::CACHE_CONTROL, "no-store"));
    if let Some(seconds) = error.retry_after {
        response.insert_header((header::RETRY_AFTER, seconds.to_string()));
    }
    if error.code.status() == 401 {
        let token = matches!(error.code, Code::InvalidToken | Code::TokenExpired);
        let reason = if token { " error=\"invalid_token\"" } else { "" };
        response.insert_header((header::WWW_AUTHENTICATE, format!("Bearer{reason}")));
    }
    for (name, value) in error.members.iter().filter(|(name, _)| *name == "allow" || *name == "current_etag")
    {
        let header = if *name == "allow" { header::ALLOW } else { header::ETAG };
        response.insert_header((header, value.as_str().unwrap_or_default()));
    }
    response.body(serde_json::to_string(&problem).unwrap_or_default())
}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        // The middleware replaces the body once it knows the request id.
        HttpResponse::new(self.status_code())
    }
}

/// The error that stands for a bare status of actix-web's own.
pub(super) fn of_status(status: StatusCode) -> Error {
    let code = match status.as_u16() {
        401 => Code::AuthenticationRequired,
        403 => Code::Forbidden,
        404 => Code::NotFound,
        405 => Code::MethodNotAllowed,
        406 => Code::NotAcceptable,
        408 => Code::RequestTimeout,
        413 => Code::PayloadTooLarge,
        414 => Code::UriTooLong,
        415 => Code::UnsupportedMediaType,
        431 => Code::HeadersTooLarge,
        400..=499 => Code::InvalidParameter,
        503 => Code::Unavailable,
        _ => Code::Internal,
    };
    Error::new(code, code.title().to_lowercase())
}
