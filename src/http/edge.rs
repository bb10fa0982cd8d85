//! The edge: the parts that every request needs, whatever feature answers it.
//!
//! Invariant: no field knows a word of the domain; a feature's own state is registered beside the edge as `web::Data`.
//! Read next: [`super::context`].

use super::{meter::Requests, operations::Operations, validate::Validators};
use crate::db::Db;
use crate::identity::Keys;
use crate::kernel::{
    error::{Error, Result},
    page::CursorKey,
    time::Clock,
};
use actix_web::{HttpRequest, web::Data};
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

/// The parts that the plumbing of every request shares; each is immutable or synchronises itself.
pub struct Edge {
    /// The database.
    pub db: Db,
    /// The only clock.
    pub clock: Clock,
    /// The keys that sign and verify access tokens.
    pub keys: Arc<Keys>,
    /// The key that seals cursors.
    pub cursors: CursorKey,
    /// The operations of the OpenAPI document: paths, methods and parameters.
    pub operations: Operations,
    /// The validators of request bodies.
    pub validators: Arc<Validators>,
    /// The limits of what a request may bring.
    pub limits: Limits,
    /// The counts of requests.
    pub requests: Requests,
    /// The phase of the process between start and end.
    pub lifecycle: Lifecycle,
}

/// The limits of what a request may bring.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The most bytes of a body.
    pub body: usize,
}

impl Edge {
    /// The edge that the application of a request was registered with.
    ///
    /// # Errors
    /// `internal_error` where none was.
    pub fn of(request: &HttpRequest) -> Result<&Data<Self>> {
        request.app_data::<Data<Self>>().ok_or_else(|| Error::internal("the edge is not registered"))
    }
}

/// The two phases in which a process ends: it is not ready any more, then it refuses writes.
#[derive(Debug, Default)]
pub struct Lifecycle {
    draining: AtomicBool,
    closed: AtomicBool,
}

impl Lifecycle {
    /// Begins the end: the process is not ready from now on and still answers everything.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::SeqCst);
    }

    /// Refuses writes from now on: the time is over in which load balancers notice that the process drains.
    pub fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
    }

    /// The first phase of the end: true once the process drains.
    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::SeqCst)
    }

    /// The second phase of the end: true once writes are refused.
    pub fn is_closed(&self) -> bool {
        self.closed.load(Ordering::SeqCst)
    }
}
