//! The listeners: the public one with every route, and the one of the measurements.
//!
//! Invariant: the measurements are served by a listener of their own and never by the public one. Read next:
//! [`super::routes`].

use super::{metrics, routes, state::Parts};
use crate::http::{Routes, fallback::fallback, middleware};
use crate::kernel::error::{Error, Result};
use actix_web::{App, HttpServer, dev::Server, http::header, middleware::from_fn, web};
use std::{net::SocketAddr, time::Duration};
use utoipa_swagger_ui::{Config, SwaggerUi};

/// The public listener, bound and running once it is awaited.
pub(super) fn listen(parts: &Parts, document: serde_json::Value) -> Result<(Server, SocketAddr)> {
    let shared = parts.clone();
    let text = web::Bytes::from(document.to_string());
    let server = HttpServer::new(move || {
        let app = App::new().configure(|config| routes::configure(&mut Routes::serving(config)));
        let app = app.configure(|config| shared.register(config));
        let text = text.clone();
        app.route(
            "/openapi.json",
            web::get().to(move || {
                let text = text.clone();
                async move {
                    actix_web::HttpResponse::Ok()
                        .insert_header((header::CONTENT_TYPE, "application/json"))
                        .body(text)
                }
            }),
        )
        .service(SwaggerUi::new("/docs/{_:.*}").config(Config::from("/openapi.json")))
        .service(web::redirect("/docs", "/docs/"))
        .default_service(web::to(fallback))
        .wrap(from_fn(middleware::wrap))
    })
    .workers(usize::from(parts.settings.workers))
    .shutdown_timeout(30)
    .client_request_timeout(Duration::from_secs(10))
    // Also the time that a later request of a connection has; whoever is slower is a proxy's business.
    .keep_alive(Duration::from_secs(15))
    .disable_signals()
    .bind(parts.settings.listen)
    .map_err(|e| Error::internal(format!("cannot listen on {}: {e}", parts.settings.listen)))?;
    let address = server.addrs().first().copied().ok_or_else(|| Error::internal("no address was bound"))?;
    Ok((server.run(), address))
}

/// The listener of the measurements, which shows nothing else.
pub(super) fn watch(parts: &Parts, at: SocketAddr) -> Result<(Server, SocketAddr)> {
    let shared = parts.clone();
    let server = HttpServer::new(move || {
        let app = App::new().configure(|config| shared.register(config));
        app.route("/metrics", web::get().to(metrics::expose))
    });
    let server = server.workers(1).disable_signals().bind(at);
    let server = server.map_err(|e| Error::internal(format!("cannot listen on {at}: {e}")))?;
    let address = server.addrs().first().copied().ok_or_else(|| Error::internal("no address was bound"))?;
    Ok((server.run(), address))
}
