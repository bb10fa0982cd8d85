//! What to measure, from the command line.
//!
//! Invariant: without `--bench`, which `cargo bench` adds, everything is small, so that a test run of all targets ends.
//! Read next: [`super`].

use clap::Parser;

/// Measures the ranking engine against the straightforward scorer, on one thread.
#[derive(Parser)]
pub struct Options {
    /// Startups of the large population; the small one has a tenth.
    #[arg(long, default_value_t = 1_000_000)]
    pub startups: u64,
    /// Investors of the founders' side, and at most 10,000 of them for the batch.
    #[arg(long, default_value_t = 100_000)]
    pub investors: u64,
    /// How many ordinary and how many broad investors ask.
    #[arg(long, default_value_t = 200)]
    pub queries: u64,
    /// How many of them the oracle is timed on three times; it answers all at least once.
    #[arg(long, default_value_t = 60)]
    pub timed: u64,
    /// How many random queries are compared.
    #[arg(long, default_value_t = 2_000)]
    pub random: u64,
    /// Seconds of reading, quiet and while rows change.
    #[arg(long, default_value_t = 20)]
    pub seconds: u64,
    /// Seed of the population.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Also ten times the large population, without the oracle.
    #[arg(long)]
    pub huge: bool,
    /// A hundredth of everything.
    #[arg(long)]
    pub quick: bool,
    /// Only these parts: equality, investors, founders, batch, changes.
    #[arg(long, value_delimiter = ',')]
    pub only: Vec<String>,
    #[arg(long, hide = true)]
    bench: bool,
}

impl Options {
    /// Reads the command line.
    pub fn read() -> Self {
        let options = Self::parse();
        if options.bench && !options.quick { options } else { options.small() }
    }

    fn small(self) -> Self {
        Self {
            startups: self.startups / 50,
            investors: self.investors / 50,
            queries: (self.queries / 10).max(4),
            timed: (self.timed / 10).max(2),
            random: (self.random / 10).max(20),
            seconds: (self.seconds / 10).max(1),
            ..self
        }
    }

    /// Whether a part is wanted.
    pub fn wants(&self, part: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only == part)
    }
}
