//! Registration of operations: one list of handlers, to be served or to be described.
//!
//! Invariant: what is served is what is described, because each feature lists its handlers once; describing builds no
//! server, and serving builds no document. Read next: [`super::openapi`].

use actix_web::{dev::HttpServiceFactory, web::ServiceConfig};
use utoipa::openapi::{OpenApi, RefOr, schema::Schema};
use utoipa_actix_web::OpenApiFactory;

/// Receiver of the handlers of all features.
pub struct Routes<'a>(Purpose<'a>);

/// Purpose of a registration.
enum Purpose<'a> {
    /// The handlers answer the requests of a server.
    Serve(&'a mut ServiceConfig),
    /// The handlers say what they do.
    Describe(&'a mut OpenApi, Vec<(String, RefOr<Schema>)>),
}

impl<'a> Routes<'a> {
    /// Routes that a server answers.
    pub fn serving(config: &'a mut ServiceConfig) -> Self {
        Self(Purpose::Serve(config))
    }

    /// Routes that a document is completed with once they are dropped.
    pub(super) fn describing(document: &'a mut OpenApi) -> Self {
        Self(Purpose::Describe(document, Vec::new()))
    }

    /// Takes one handler.
    pub fn service(&mut self, handler: impl HttpServiceFactory + OpenApiFactory + 'static) -> &mut Self {
        match &mut self.0 {
            Purpose::Serve(config) => drop(config.service(handler)),
            Purpose::Describe(document, schemas) => {
                document.paths.merge(handler.paths());
                handler.schemas(schemas);
            }
        }
        self
    }

    /// Takes the handlers of a feature.
    pub fn configure(&mut self, feature: fn(&mut Routes<'_>)) -> &mut Self {
        feature(self);
        self
    }
}

impl Drop for Routes<'_> {
    fn drop(&mut self) {
        if let Purpose::Describe(document, schemas) = &mut self.0 {
            document.components.get_or_insert_default().schemas.extend(schemas.drain(..));
        }
    }
}
