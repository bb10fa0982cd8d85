//! What a match query asks, parsed.
//!
//! Invariant: every parameter that is wrong is named. Read next: [`super::rank`].

use crate::engine::words::{CooperationModel, CooperationModels, Country, Sector, Stage};
use crate::engine::{Depth, Factor, Filters, Hit, Overrides, WeightsError, profile::Span};
use crate::kernel::error::{Error, FieldError, Result};
use crate::reference::{
    self, Catalogue, CountryCode, InvestorKind, LanguageTag, NeedCode, SectorCode, StageCode, TableName,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::{IntoParams, ToSchema};

/// How much of an explanation comes with each match.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(default = "none")]
pub enum Explain {
    /// None.
    #[default]
    None,
    /// The lines that contribute most.
    Summary,
    /// Every line.
    Full,
}

/// Lines of a summary beside `uncertainty`.
const SUMMARY: usize = 5;

impl Explain {
    /// Which lines are told; nothing where none is.
    pub fn depth(self) -> Option<Depth> {
        match self {
            Self::None => None,
            Self::Summary => Some(Depth::Best(SUMMARY)),
            Self::Full => Some(Depth::Whole),
        }
    }
}

/// The parameters of a match query. Values of one filter are separated by commas, and any of them will do; what a profile does
/// not say meets no filter.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MatchQuery {
    /// Rows of the page, 1 to 100; more counts as 100.
    #[param(minimum = 1, default = 20)]
    pub limit: Option<u32>,
    /// Where the page begins: `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// Only matches in these markets.
    #[param(value_type = Option<Vec<CountryCode>>, style = Form, explode = false, example = json!(["CN", "SG"]))]
    pub market: Option<String>,
    /// Only counterparts from these countries.
    #[param(value_type = Option<Vec<CountryCode>>, style = Form, explode = false, example = json!(["RU"]))]
    pub home: Option<String>,
    /// Only these sectors, leaves or parents; for investors: in their focus.
    #[param(value_type = Option<Vec<SectorCode>>, style = Form, explode = false, example = json!(["ict", "bio.therapeutics"]))]
    pub sector: Option<String>,
    /// Only this stage or later ones; for investors: reaching up to it.
    #[param(value_type = Option<StageCode>, example = "seed")]
    pub stage_min: Option<String>,
    /// Only this stage or earlier ones; for investors: reaching down to it.
    #[param(value_type = Option<StageCode>, example = "series_b")]
    pub stage_max: Option<String>,
    /// Only asks of at least so many US dollars; for investors: tickets that reach it.
    #[param(minimum = 0)]
    pub ask_min: Option<u64>,
    /// Only asks of at most so many US dollars; for investors: tickets that begin below.
    #[param(minimum = 0)]
    pub ask_max: Option<u64>,
    /// Only startups that need one of these; for investors: that offer one.
    #[param(value_type = Option<Vec<NeedCode>>, style = Form, explode = false, example = json!(["market", "bizdev"]))]
    pub need: Option<String>,
    /// Only counterparts that accept one of these forms of cooperation.
    #[param(value_type = Option<Vec<reference::CooperationModel>>, style = Form, explode = false, example = json!(["jv", "fund"]))]
    pub cooperation_model: Option<String>,
    /// Only counterparts that work in one of these languages.
    #[param(value_type = Option<Vec<LanguageTag>>, style = Form, explode = false, example = json!(["en", "zh"]))]
    pub language: Option<String>,
    /// Only investors of these kinds.
    #[param(value_type = Option<Vec<InvestorKind>>, style = Form, explode = false, example = json!(["vc", "corporate"]))]
    pub investor_kind: Option<String>,
    /// Only matches of at least this score, 0 to 1000000000.
    #[param(minimum = 0, maximum = 1_000_000_000)]
    pub min_score: Option<u64>,
    /// Only matches of at least this confidence, 0 to 250000.
    #[param(minimum = 0, maximum = 250_000)]
    pub min_confidence: Option<u32>,
    /// Weights of your own side for this query, 0 to 1000 each, as `ticket:300,mode:0`; the others keep theirs, and then all are
    /// scaled to sum to 1000, so that one changes the share of every other. The factors of an investor are `sector, technology,
    /// stage, ticket, country, city, co_investors, local_refs, readiness, corridor, comms, maturity, pitch, mode`, those of a
    /// startup `access, ticket, value_add, track, comms, responsive, type, mode`.
    #[param(example = "ticket:300,mode:0", pattern = "^[a-z_]+:[0-9]{1,4}(,[a-z_]+:[0-9]{1,4})*$")]
    pub weights: Option<String>,
    /// How much of an explanation comes with each match.
    #[serde(default)]
    #[param(inline)]
    pub explain: Option<Explain>,
    /// The least revision that the answer includes; waits up to two seconds for it. One that nobody has written is refused.
    #[param(minimum = 0)]
    pub min_revision: Option<i64>,
}

/// The parameters of an investor's query: all but those that are about investors.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(transparent)]
pub struct StartupMatchQuery(pub MatchQuery);

impl IntoParams for StartupMatchQuery {
    fn into_params(place: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        MatchQuery::into_params(place).into_iter().filter(|p| p.name != "investor_kind").collect()
    }
}

impl MatchQuery {
    /// The parameters that decide which matches there are, by name, as they were given.
    pub fn given(&self) -> BTreeMap<&'static str, String> {
        let number = |n: Option<u64>| n.map(|n| n.to_string());
        let all = [
            ("limit", number(self.limit.map(u64::from))),
            ("market", self.market.clone()),
            ("home", self.home.clone()),
            ("sector", self.sector.clone()),
            ("stage_min", self.stage_min.clone()),
            ("stage_max", self.stage_max.clone()),
            ("ask_min", number(self.ask_min)),
            ("ask_max", number(self.ask_max)),
            ("need", self.need.clone()),
            ("cooperation_model", self.cooperation_model.clone()),
            ("language", self.language.clone()),
            ("investor_kind", self.investor_kind.clone()),
            ("min_score", number(self.min_score)),
            ("min_confidence", number(self.min_confidence.map(u64::from))),
            ("weights", self.weights.clone()),
        ];
        all.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }
}

/// A place in a ranking: what the ranking was, and the last match before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// The last changes and the day of the ranking of the page before.
    pub ranking: ((i64, i64), i32),
    /// Its last score.
    pub score: u64,
    /// Its last confidence.
    pub confidence: u32,
    /// Its last permanent number.
    pub id: u64,
}

impl Position {
    /// The last hit of the page before.
    pub fn hit(self) -> Hit {
        Hit { id: self.id, score: self.score, confidence: self.confidence }
    }
}

/// A parsed match query of the side whose factors are `F`.
#[derive(Clone, Debug)]
pub struct Question<F: Factor> {
    /// What the matches must satisfy.
    pub filters: Filters,
    /// Weights for this query.
    pub weights: Option<Overrides<F>>,
    /// How much explanation.
    pub explain: Explain,
}

impl<F: Factor> Question<F> {
    /// Whether it asks for all matches by the asking side's own weights.
    pub fn is_plain(&self) -> bool {
        self.filters == Filters::default() && self.weights.is_none()
    }
}

#[derive(Default)]
struct Faults(Vec<FieldError>);

impl Faults {
    fn list<T>(&mut self, name: &str, given: Option<&str>, parse: impl Fn(&str) -> Option<T>) -> Vec<T> {
        let mut values = Vec::new();
        for word in given.into_iter().flat_map(|g| g.split(',')) {
            match parse(word.trim()) {
                Some(value) => values.push(value),
                None => {
                    self.0.push(FieldError::parameter(
                        name,
                        "unknown_value",
                        "has a value that does not exist",
                    ));
                }
            }
        }
        values
    }

    fn span<T: Copy + PartialOrd + std::fmt::Debug>(&mut self, name: &str, lo: T, hi: T) -> Option<Span<T>> {
        let span = Span::new(lo, hi);
        if span.is_err() {
            self.0.push(FieldError::parameter(name, "out_of_range", "is less than its lower end"));
        }
        span.ok()
    }

    fn done(self) -> Result<()> {
        if self.0.is_empty() {
            return Ok(());
        }
        let mut error = Error::parameter("", "some parameters have values they may not have");
        error.fields = self.0;
        Err(error)
    }
}

impl MatchQuery {
    /// The question behind the parameters, or every parameter that is wrong.
    pub fn parse<F: Factor>(&self, catalogue: &Catalogue) -> Result<Question<F>> {
        let mut faults = Faults::default();
        let known = |table: TableName| move |w: &str| catalogue.has(table, w).then(|| w.to_owned());
        let country = |w: &str| Country::parse(w).ok().filter(|_| catalogue.has(TableName::Countries, w));
        let sector = |w: &str| Sector::parse(w).ok().filter(|_| catalogue.has(TableName::Sectors, w));
        let models = faults.list("cooperation_model", self.cooperation_model.as_deref(), |w| {
            CooperationModel::parse(w).ok()
        });
        let filters = Filters {
            markets: faults.list("market", self.market.as_deref(), country).into_iter().collect(),
            homes: faults.list("home", self.home.as_deref(), country).into_iter().collect(),
            sectors: faults.list("sector", self.sector.as_deref(), sector).into_iter().collect(),
            stages: self.stages(catalogue, &mut faults),
            ask: self.ask(&mut faults),
            needs: faults.list("need", self.need.as_deref(), known(TableName::Needs)).into_iter().collect(),
            models: models.into_iter().collect::<CooperationModels>(),
            languages: faults
                .list("language", self.language.as_deref(), |w| self.language_of(w, catalogue))
                .into_iter()
                .collect(),
            types: faults
                .list("investor_kind", self.investor_kind.as_deref(), known(TableName::InvestorKinds))
                .into_iter()
                .collect(),
            min_score: self.min_score.unwrap_or(0),
            min_confidence: self.min_confidence.unwrap_or(0),
        };
        let weights = self.own_weights(&mut faults);
        faults.done()?;
        Ok(Question { filters, weights, explain: self.explain.unwrap_or_default() })
    }

    fn language_of(&self, tag: &str, catalogue: &Catalogue) -> Option<String> {
        catalogue.primary_language(tag).map(str::to_owned)
    }

    fn stages(&self, catalogue: &Catalogue, faults: &mut Faults) -> Option<Span<Stage>> {
        let stage = |w: &str| Stage::new(i64::from(catalogue.number(TableName::Stages, w)?)).ok();
        let lo = faults.list("stage_min", self.stage_min.as_deref(), stage).first().copied();
        let hi = faults.list("stage_max", self.stage_max.as_deref(), stage).first().copied();
        if lo.is_none() && hi.is_none() {
            return None;
        }
        let (first, last) = (Stage::new(0).ok()?, Stage::new(7).ok()?);
        faults.span("stage_max", lo.unwrap_or(first), hi.unwrap_or(last))
    }

    fn ask(&self, faults: &mut Faults) -> Option<Span<u64>> {
        if self.ask_min.is_none() && self.ask_max.is_none() {
            return None;
        }
        faults.span("ask_max", self.ask_min.unwrap_or(0), self.ask_max.unwrap_or(u64::MAX))
    }

    fn own_weights<F: Factor>(&self, faults: &mut Faults) -> Option<Overrides<F>> {
        let given = self.weights.as_deref()?;
        let pairs: Option<Vec<(&str, u64)>> = given
            .split(',')
            .map(|pair| {
                let (name, weight) = pair.split_once(':')?;
                Some((name.trim(), weight.trim().parse().ok()?))
            })
            .collect();
        let Some(pairs) = pairs else {
            faults.0.push(FieldError::parameter(
                "weights",
                "invalid_format",
                "is not of the form ticket:300,mode:0",
            ));
            return None;
        };
        let names: BTreeSet<&str> = pairs.iter().map(|(name, _)| *name).collect();
        if names.len() < pairs.len() {
            faults.0.push(FieldError::parameter("weights", "duplicate", "weighs a factor twice"));
            return None;
        }
        match Overrides::parse(pairs) {
            Ok(own) => Some(own),
            Err(e) => {
                faults.0.push(FieldError::parameter("weights", "invalid_value", in_words::<F>(&e)));
                None
            }
        }
    }
}

/// What is wrong with own weights, with the names that there are.
fn in_words<F: Factor>(error: &WeightsError) -> String {
    match error {
        WeightsError::UnknownName(name) => {
            let known: Vec<&str> = F::TABLE.iter().map(|row| row.0.name()).collect();
            format!("has no factor {name:?}; the factors are {}", known.join(", "))
        }
        WeightsError::AllZero => "leaves no factor with a weight above 0".to_owned(),
        WeightsError::OutOfRange { .. } => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::InvestorFactor;
    use crate::kernel::error::At;

    fn catalogue() -> Catalogue {
        Catalogue::shipped().expect("shipped")
    }

    #[test]
    fn every_wrong_parameter_is_named() {
        let query = MatchQuery {
            market: Some("XX".into()),
            sector: Some("ict,nonsense".into()),
            stage_min: Some("series_b".into()),
            stage_max: Some("seed".into()),
            weights: Some("beauty:5".into()),
            ..MatchQuery::default()
        };
        let error = query.parse::<InvestorFactor>(&catalogue()).expect_err("refused");
        let names: Vec<_> = error.fields.iter().map(|f| f.at.clone()).collect();
        let expected = ["market", "sector", "stage_max", "weights"].map(|n| At::Parameter(n.to_owned()));
        assert_eq!(names, expected);
        let detail = &error.fields[3].detail;
        assert!(
            detail.starts_with("has no factor \"beauty\"; the factors are sector, technology,"),
            "{detail}"
        );
    }

    #[test]
    fn an_open_range_reaches_to_the_end() {
        let query = MatchQuery { ask_min: Some(5), stage_max: Some("seed".into()), ..MatchQuery::default() };
        let filters = query.parse::<InvestorFactor>(&catalogue()).expect("parsed").filters;
        assert!(filters.ask.is_some_and(|a| a.contains(u64::MAX) && !a.contains(4)));
        assert!(filters.stages.is_some_and(|s| s.lo().get() == 0 && s.hi().get() == 2));
    }
}
