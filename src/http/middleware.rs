//! What every request passes: an id, limits, HEAD, content negotiation, headers, errors, one log line.
//!
//! Invariant: whatever goes wrong inside, panics included, the answer is a problem document with the request id.
//! Read next: [`super::problem`].

use super::caller::Admission;
use super::edge::Edge;
use super::fallback::not_allowed;
use super::problem::{of_status, render};
use crate::kernel::error::{Code, Error};
use actix_web::{
    HttpMessage, HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    error::InternalError,
    http::{Method, StatusCode, header},
    middleware::Next,
    web::Data,
};
use futures_util::FutureExt;
use std::{panic::AssertUnwindSafe, time::Instant};

/// The most characters of a URL.
const MAX_URL: usize = 8 * 1024;
/// The most bytes of all headers together.
const MAX_HEADERS: usize = 32 * 1024;

/// The id of a request.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// The id that the client sent, if it is harmless, otherwise a fresh one.
fn request_id(req: &ServiceRequest) -> String {
    let given = req.headers().get("x-request-id").and_then(|v| v.to_str().ok());
    let harmless = |id: &&str| {
        (8..=64).contains(&id.len())
            && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
    };
    given.filter(harmless).map_or_else(|| uuid::Uuid::now_v7().simple().to_string(), str::to_owned)
}

/// Wraps every request.
pub async fn wrap(
    mut req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let started = Instant::now();
    let id = request_id(&req);
    req.extensions_mut().insert(RequestId(id.clone()));
    let head = req.method() == Method::HEAD;
    if head {
        req.head_mut().method = Method::GET;
    }
    let method = if head { Method::HEAD } else { req.method().clone() };
    // A request that panics is gone, so its route is found before.
    let edge = req.app_data::<Data<Edge>>();
    let route = edge.and_then(|edge| edge.operations.pattern(req.path())).unwrap_or("-").to_owned();
    let line = Line { id, method, route, started, edge: edge.cloned() };
    let response = match refuse(&req) {
        Some(error) => req.into_response(render(&error, &line.id)),
        None => match AssertUnwindSafe(next.call(req)).catch_unwind().await {
            Ok(Ok(response)) => response.map_into_boxed_body(),
            Ok(Err(error)) => return Err(line.lost(of_error(&error, &line.id))),
            Err(_) => return Err(line.lost(render(&Error::internal("a handler panicked"), &line.id))),
        },
    };
    let response = match admitted_first(line.edge.as_ref(), &response).await {
        Some(error) => response.into_response(render(&error, &line.id)),
        None => response,
    };
    let (request, response) = response.into_parts();
    let response = finish(problem(response, &line.id), &line.id);
    line.write(&response);
    Ok(ServiceResponse::new(request, response))
}

/// The refusal of the caller in the place of an error that came before anybody had looked who calls.
async fn admitted_first(edge: Option<&Data<Edge>>, response: &ServiceResponse<BoxBody>) -> Option<Error> {
    // Also where the service is busy: who may not wait for it is told so.
    let refused = response.status().is_client_error() || response.status() == StatusCode::SERVICE_UNAVAILABLE;
    Admission::pending(edge.filter(|_| refused)?, response.request()).await
}

/// The line that every request leaves in the log.
struct Line {
    id: String,
    method: Method,
    route: String,
    started: Instant,
    edge: Option<Data<Edge>>,
}

impl Line {
    fn write(&self, response: &HttpResponse) {
        let (status, latency) = (response.status().as_u16(), self.started.elapsed());
        if let Some(edge) = &self.edge {
            edge.requests.record(status, latency);
        }
        let latency_us = latency.as_micros() as u64;
        let Self { id, method, route, .. } = self;
        tracing::info!(request_id = %id, %method, %route, status, latency_us, "request");
    }

    /// A response that stands in for one that never came.
    fn lost(&self, response: HttpResponse) -> actix_web::Error {
        let response = finish(response, &self.id);
        self.write(&response);
        InternalError::from_response("no response", response).into()
    }
}

/// What is refused before routing.
fn refuse(req: &ServiceRequest) -> Option<Error> {
    if req.uri().to_string().len() > MAX_URL {
        return Some(Error::new(Code::UriTooLong, format!("a URL has at most {MAX_URL} characters")));
    }
    let size: usize = req.headers().iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    if size > MAX_HEADERS {
        return Some(Error::new(Code::HeadersTooLarge, format!("headers have at most {MAX_HEADERS} bytes")));
    }
    let edge = req.app_data::<Data<Edge>>();
    if edge.is_some_and(|edge| edge.lifecycle.is_closed())
        && req.path().starts_with("/v1/")
        && req.method() != Method::GET
    {
        return Some(Error::new(Code::Draining, "try again with another node").retry_after(5));
    }
    if let Some(allow) = edge.and_then(|edge| edge.operations.misses(req.method().as_str(), req.path())) {
        return Some(not_allowed(allow));
    }
    (req.path().starts_with("/v1/") && !accepts_json(req))
        .then(|| Error::new(Code::NotAcceptable, "the representation is application/json"))
}

fn accepts_json(req: &ServiceRequest) -> bool {
    let mut values = req.headers().get_all(header::ACCEPT).peekable();
    if values.peek().is_none() {
        return true;
    }
    values.filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(',')).any(|range| {
        let mut parts = range.split(';').map(str::trim);
        let media = parts.next().unwrap_or_default().to_ascii_lowercase();
        let refused =
            parts.any(|p| matches!(p.replace(' ', "").as_str(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000"));
        !refused
            && matches!(
                media.as_str(),
                "*/*" | "application/*" | "application/json" | "application/problem+json"
            )
    })
}

/// The response with any error of actix-web's own turned into a problem document.
fn problem(response: HttpResponse, id: &str) -> HttpResponse {
    if let Some(error) = response.error() {
        return of_error(error, id);
    }
    let bare = response.status().as_u16() >= 400 && !response.headers().contains_key(header::CONTENT_TYPE);
    if bare || (response.status().as_u16() >= 400 && text(&response)) {
        return render(&of_status(response.status()), id);
    }
    response
}

fn text(response: &HttpResponse) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
    kind.is_some_and(|v| v.starts_with("text/plain"))
}

fn of_error(error: &actix_web::Error, id: &str) -> HttpResponse {
    match error.as_error::<Error>() {
        Some(error) => render(error, id),
        None => {
            let status = error.as_response_error().status_code();
            render(&of_status(status), id)
        }
    }
}

fn finish(mut response: HttpResponse, id: &str) -> HttpResponse {
    let fixed = [("x-content-type-options", "nosniff"), ("vary", "Accept, Authorization")];
    for (name, value) in fixed {
        response
            .headers_mut()
            .insert(header::HeaderName::from_static(name), header::HeaderValue::from_static(value));
    }
    if let Ok(value) = header::HeaderValue::from_str(id) {
        response.headers_mut().insert(header::HeaderName::from_static("x-request-id"), value);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::{App, middleware::from_fn, test, web};
    use serde_json::Value;

    async fn boom() -> HttpResponse {
        panic!("secret detail of /src/somewhere.rs")
    }

    async fn fault() -> Result<HttpResponse, Error> {
        Err(Error::internal("SELECT secret FROM somewhere"))
    }

    #[actix_web::test]
    async fn a_panic_or_a_fault_is_a_500_that_shows_its_request_id_only() {
        let app = App::new().route("/boom", web::get().to(boom)).route("/fault", web::get().to(fault));
        let app = test::init_service(app.wrap(from_fn(wrap))).await;
        for path in ["/boom", "/fault"] {
            let request = test::TestRequest::get().uri(path).insert_header(("x-request-id", "abcdefgh"));
            let response = match test::try_call_service(&app, request.to_request()).await {
                Ok(response) => response.into_parts().1.map_into_boxed_body(),
                Err(error) => error.error_response(),
            };
            assert_eq!(response.status(), 500, "{path}");
            assert_eq!(response.headers().get("x-request-id").expect("id"), "abcdefgh");
            let body = actix_web::body::to_bytes(response.into_body()).await.expect("body");
            let text = String::from_utf8_lossy(&body);
            assert!(!text.contains("secret") && !text.contains("src/"), "{text}");
            let body: Value = serde_json::from_slice(&body).expect("json");
            assert_eq!((&body["code"], &body["request_id"]), (&"internal_error".into(), &"abcdefgh".into()));
        }
    }
}
