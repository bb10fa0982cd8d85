//! Counting what the service does, and the text that a Prometheus server reads.
//!
//! Invariant: counting takes no lock and never fails; durations are whole microseconds, and seconds only as text.
//! Read next: `crate::program::metrics`.

use std::{
    fmt::{Display, Write},
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

/// A number that only rises.
#[derive(Debug, Default)]
pub struct Counter(AtomicU64);

impl Counter {
    /// Adds to it.
    pub fn add(&self, more: u64) {
        self.0.fetch_add(more, Ordering::Relaxed);
    }

    /// What it has come to.
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// The upper ends of a histogram's classes in microseconds.
const BOUNDS: [u64; 14] = [
    100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000,
    2_500_000,
];

/// How long something took, by classes.
#[derive(Debug, Default)]
pub struct Histogram {
    classes: [Counter; BOUNDS.len() + 1],
    sum: Counter,
}

impl Histogram {
    /// Counts one duration.
    pub fn record(&self, span: Duration) {
        let micros = span.as_micros() as u64;
        self.classes[BOUNDS.partition_point(|bound| *bound < micros)].add(1);
        self.sum.add(micros);
    }

    /// Does something and counts how long it took.
    pub fn time<T>(&self, work: impl FnOnce() -> T) -> T {
        let began = Instant::now();
        let done = work();
        self.record(began.elapsed());
        done
    }
}

/// Measurements in the text format of Prometheus, version 0.0.4.
#[derive(Debug, Default)]
pub struct Exposition {
    text: String,
}

impl Exposition {
    /// Begins a measurement; what follows belongs to it.
    pub fn about(&mut self, name: &str, kind: &str, help: &str) {
        self.line(format_args!("# HELP {name} {help}\n# TYPE {name} {kind}"));
    }

    /// One value; `labels` as `class="2xx"`, or nothing.
    pub fn value(&mut self, name: &str, labels: &str, value: impl Display) {
        match labels {
            "" => self.line(format_args!("{name} {value}")),
            _ => self.line(format_args!("{name}{{{labels}}} {value}")),
        }
    }

    /// A measurement with one value and no labels.
    pub fn single(&mut self, name: &str, kind: &str, help: &str, value: impl Display) {
        self.about(name, kind, help);
        self.value(name, "", value);
    }

    /// The series of a histogram; `labels` is not empty.
    pub fn histogram(&mut self, name: &str, labels: &str, histogram: &Histogram) {
        let mut count = 0;
        for (at, class) in histogram.classes.iter().enumerate() {
            count += class.get();
            let end =
                BOUNDS.get(at).map_or_else(|| "+Inf".to_owned(), |us| seconds(Duration::from_micros(*us)));
            self.value(&format!("{name}_bucket"), &format!("{labels},le=\"{end}\""), count);
        }
        self.value(&format!("{name}_sum"), labels, seconds(Duration::from_micros(histogram.sum.get())));
        self.value(&format!("{name}_count"), labels, count);
    }

    /// The text.
    pub fn into_text(self) -> String {
        self.text
    }

    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        // A string takes whatever is written to it.
        let _written = writeln!(self.text, "{line}");
    }
}

/// A duration in seconds with six digits.
pub fn seconds(span: Duration) -> String {
    format!("{}.{:06}", span.as_secs(), span.subsec_micros())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_counted_in_its_class_and_all_above() {
        let histogram = Histogram::default();
        for micros in [1, 100, 101, 2_500_000, 9_000_000] {
            histogram.record(Duration::from_micros(micros));
        }
        let mut page = Exposition::default();
        page.about("t", "histogram", "A test.");
        page.histogram("t", "of=\"x\"", &histogram);
        let text = page.into_text();
        assert!(
            text.starts_with("# HELP t A test.\n# TYPE t histogram\nt_bucket{of=\"x\",le=\"0.000100\"} 2\n"),
            "{text}"
        );
        for line in [
            "t_bucket{of=\"x\",le=\"0.000250\"} 3",
            "t_bucket{of=\"x\",le=\"2.500000\"} 4",
            "t_bucket{of=\"x\",le=\"+Inf\"} 5",
            "t_sum{of=\"x\"} 11.500202",
            "t_count{of=\"x\"} 5",
        ] {
            assert!(text.lines().any(|l| l == line), "{line} is missing in\n{text}");
        }
    }

    #[test]
    fn a_value_stands_with_its_labels_or_without() {
        let mut page = Exposition::default();
        page.single("a", "gauge", "One.", 7);
        page.value("b", "c=\"d\"", seconds(Duration::from_micros(1_000_001)));
        assert_eq!(page.into_text(), "# HELP a One.\n# TYPE a gauge\na 7\nb{c=\"d\"} 1.000001\n");
    }
}
