//! The counts of requests by the class of their status.
//!
//! Invariant: counting waits for no lock, and no label holds anything that a caller chose.
//! Read next: [`crate::kernel::meter`].

use crate::kernel::meter::Histogram;
use std::time::Duration;

/// The classes of HTTP statuses, in the order of [`Requests::by_class`].
const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

/// The requests of the public listener, by the class of their status.
#[derive(Debug, Default)]
pub struct Requests {
    classes: [Histogram; CLASSES.len()],
}

impl Requests {
    /// The classes with the spans of their requests.
    pub fn by_class(&self) -> impl Iterator<Item = (&'static str, &Histogram)> {
        CLASSES.into_iter().zip(&self.classes)
    }

    /// Counts an answer and how long it took.
    pub fn record(&self, status: u16, span: Duration) {
        let class = usize::from(status / 100).clamp(1, CLASSES.len()) - 1;
        self.classes[class].record(span);
    }
}
