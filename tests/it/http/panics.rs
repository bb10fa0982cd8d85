//! A handler that panics, on a path that the document describes.
//!
//! Invariant: the request leaves its line in the log like any other, and the words of the panic do not appear there.
//! Read next: `src/http/middleware.rs`.

use crate::harness::TestApp;
use actix_web::{App, HttpResponse, middleware::from_fn, test as actix, web};
use springboard::{db::Kind, http::middleware, program::telemetry};
use std::{
    io::Write,
    sync::{Arc, Mutex},
};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("log").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

async fn boom() -> HttpResponse {
    panic!("canary of a person")
}

#[test]
fn a_panic_leaves_its_access_line_and_its_place_but_not_its_words() {
    let app = TestApp::start(Kind::Sqlite);
    let (log, edge) = (Log::default(), app.parts.edge.clone());
    let writer = log.clone();
    let lines = tracing_subscriber::fmt().json().with_writer(move || writer.clone()).finish();
    let before = std::panic::take_hook();
    telemetry::log_panics();
    let answered = tracing::subscriber::with_default(lines, || {
        actix_web::rt::System::new().block_on(async {
            let route = web::get().to(boom);
            let app =
                App::new().app_data(edge).route("/v1/people/{id}", route).wrap(from_fn(middleware::wrap));
            let app = actix::init_service(app).await;
            let request = actix::TestRequest::get().uri("/v1/people/usr_1").to_request();
            actix::try_call_service(&app, request).await.map(|_| ()).map_err(|e| e.error_response().status())
        })
    });
    std::panic::set_hook(before);
    assert_eq!(answered.expect_err("a panic").as_u16(), 500);
    let text = String::from_utf8(log.0.lock().expect("log").clone()).expect("text");
    let line = text.lines().find(|line| line.contains("latency_us")).expect("an access line");
    assert!(line.contains(r#""route":"/v1/people/{id}""#) && line.contains(r#""status":500"#), "{line}");
    assert!(text.contains("panics.rs:") && !text.contains("canary") && !text.contains("usr_1"), "{text}");
}
