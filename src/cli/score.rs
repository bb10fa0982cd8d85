//! `springboard score`: explains pairs offline, a line in and a line out.
//!
//! Invariant: reads no clock and no database; the same input gives the same bytes.
//! Read next: [`crate::engine::Assessor`].

use super::offline::{OfflineError, each_line, world};
use super::unknown::Unknown;
use crate::engine::profile::{Investor, Startup, World};
use crate::engine::{Assessor, Explanation, Factor, Gate, GateSet, InvestorFactor, Rating, StartupFactor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use std::io::{self, BufRead, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Explains pairs from standard input: a line of JSON in, its expectation out.
///
/// A line is `{"startup": …, "investor": …}`; `name` and `expect` may be there and are not read.
/// Exit 1 names the line and the field that cannot be read, exit 78 the field of the world.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Reads pairs from standard input, a line of JSON each: {\"startup\": …, \"investor\": …}, profiles as \
    springboard generate writes them.\nPrints the explanation of each on a line: market, gates, both utilities, every line of \
    the score."
)]
pub struct Options {
    /// The world tables
    #[arg(long, value_name = "WORLD.json")]
    pub world: PathBuf,
}

/// A line of input.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    #[serde(rename = "name")]
    _name: Option<String>,
    startup: Startup,
    investor: Investor,
    #[serde(rename = "expect")]
    _expect: Option<serde::de::IgnoredAny>,
}

/// A line of output.
#[derive(serde::Serialize)]
struct Expectation {
    market: String,
    gates: Vec<&'static str>,
    unknown_gates: Vec<&'static str>,
    investor_utility: u64,
    startup_utility: u64,
    essential: u64,
    confidence: u32,
    before: u64,
    score: u64,
    ledger: Vec<(&'static str, i64)>,
    investor_weights: Vec<u16>,
    startup_weights: Vec<u16>,
    investor_factors: Factors<InvestorFactor>,
    startup_factors: Factors<StartupFactor>,
}

/// Points and confidence by factor, in factor order.
struct Factors<F>(Vec<Rating>, std::marker::PhantomData<F>);

impl<F: Factor> Serialize for Factors<F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for ((factor, ..), rating) in F::TABLE.iter().zip(&self.0) {
            map.serialize_entry(factor.name(), &(rating.points, rating.confidence))?;
        }
        map.end()
    }
}

impl From<&Explanation> for Expectation {
    fn from(e: &Explanation) -> Self {
        let codes = |gates: GateSet| gates.iter().map(Gate::code).collect();
        Self {
            market: e.market.to_string(),
            gates: codes(e.gates),
            unknown_gates: codes(e.unknown_gates),
            investor_utility: e.outcome.investor_utility,
            startup_utility: e.outcome.startup_utility,
            essential: e.outcome.essential,
            confidence: e.outcome.confidence,
            before: e.outcome.before,
            score: e.outcome.score(),
            ledger: e.ledger.lines().collect(),
            investor_weights: e.weights.investor.to_vec(),
            startup_weights: e.weights.startup.to_vec(),
            investor_factors: Factors(e.investor_factors.to_vec(), std::marker::PhantomData),
            startup_factors: Factors(e.startup_factors.to_vec(), std::marker::PhantomData),
        }
    }
}

/// Runs the command on the standard streams.
///
/// # Errors
/// The first input that cannot be read, or an output that cannot be written.
pub fn run(options: &Options) -> Result<(), OfflineError> {
    let world = world(&options.world)?;
    explain_lines(&world, io::stdin().lock(), BufWriter::new(io::stdout().lock()))
}

/// Explains one pair a line, and says on standard error which codes are in no table.
///
/// # Errors
/// The first line that cannot be read, or an output that cannot be written.
pub fn explain_lines(world: &World, input: impl BufRead, mut out: impl Write) -> Result<(), OfflineError> {
    let (mut assessor, stream) = (Assessor::new(world), Path::new("-"));
    let mut unknown = Unknown::new();
    each_line(stream, input, |number, line: Line| {
        unknown.note(number, "startup.", &line.startup);
        unknown.note(number, "investor.", &line.investor);
        let explained = assessor.explain(line.startup, line.investor);
        serde_json::to_writer(&mut out, &Expectation::from(&explained))
            .map_err(io::Error::from)
            .and_then(|()| out.write_all(b"\n"))
            .map_err(OfflineError::io(stream))
    })?;
    unknown.warn(stream);
    out.flush().map_err(OfflineError::io(stream))
}
