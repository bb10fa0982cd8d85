//! A query made ready for one snapshot: weights, filters, and everything that does not depend on the candidate.
//!
//! Invariant: a plan borrows its snapshot and changes nothing.
//! Read next: [`super::scorer`].

use super::compiled::{Dictionary, InvestorRow, StartupRow, Tables};
use super::factors::{Direct, Tabled};
use super::filter::Filter;
use super::query::Query;
use super::reciprocal::Weights;
use super::weights::{Factor, InvestorFactor, Overrides, StartupFactor};
use std::collections::HashSet;

/// What both kinds of plan share.
#[derive(Clone, Debug)]
pub struct Common<'a> {
    /// The world.
    pub tables: &'a Tables,
    /// The snapshot's words.
    pub dictionary: &'a Dictionary,
    /// What candidates must satisfy.
    pub filter: Filter<'a>,
    /// Candidates to leave out.
    pub exclude: &'a HashSet<u64>,
}

/// An investor looking for startups.
#[derive(Clone, Debug)]
pub struct InvestorPlan<'a> {
    /// Tables, filter, exclusions.
    pub common: Common<'a>,
    /// The investor, with its whole thesis.
    pub investor: &'a InvestorRow,
    /// What it makes of single features, looked up.
    pub views: Tabled,
    /// The weights for a startup without weights of its own.
    pub weights: Weights,
}

/// A startup looking for investors.
#[derive(Clone, Debug)]
pub struct StartupPlan<'a> {
    /// Tables, filter, exclusions.
    pub common: Common<'a>,
    /// The startup.
    pub startup: StartupRow<'a>,
    /// Its own weights.
    pub own: Overrides<StartupFactor>,
}

impl<'a> InvestorPlan<'a> {
    /// Compiles a query of an investor.
    pub fn new(
        tables: &'a Tables,
        dictionary: &'a Dictionary,
        investor: &'a InvestorRow,
        query: &'a Query<InvestorFactor>,
    ) -> Self {
        let own = query.weights.as_ref().unwrap_or(&investor.profile.weights);
        let (direct, homes) = (Direct { investor, tables }, dictionary.startup_homes().iter().copied());
        Self {
            common: Common::new(tables, dictionary, query),
            investor,
            views: Tabled::fill(direct, dictionary.sectors(), homes),
            weights: Weights::before(investor, own, &Overrides::default()),
        }
    }
}

impl<'a> StartupPlan<'a> {
    /// Compiles a query of a startup.
    pub fn new(
        tables: &'a Tables,
        dictionary: &'a Dictionary,
        startup: StartupRow<'a>,
        query: &'a Query<StartupFactor>,
    ) -> Self {
        let own = query.weights.clone().or_else(|| startup.weights()).unwrap_or_default();
        Self { common: Common::new(tables, dictionary, query), startup, own }
    }
}

impl<'a> Common<'a> {
    fn new<F: Factor>(tables: &'a Tables, dictionary: &'a Dictionary, query: &'a Query<F>) -> Self {
        let filter = Filter::compile(&query.filters, dictionary);
        Self { tables, dictionary, filter, exclude: &query.exclude }
    }
}
