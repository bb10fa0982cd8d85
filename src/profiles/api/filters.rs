//! Query parameters that hold several codes.
//!
//! Invariant: every item is a code of its table; an empty item is refused. Read next: `startups/api.rs`.

use crate::kernel::error::{Error, Result};
use crate::profiles::browse::{Search, Terms, words};
use serde::{Deserialize, Deserializer, de};
use std::{borrow::Cow, fmt, str::FromStr};

/// Codes separated by commas: one of them has to hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Codes(Vec<String>);

/// Codes of the type `T`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodesOf<T>(Codes, std::marker::PhantomData<T>);

impl<'de, T: FromStr + fmt::Display> Deserialize<'de> for CodesOf<T> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> std::result::Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(d)?;
        let parsed: Option<Vec<String>> =
            text.split(',').map(|c| c.parse::<T>().ok().map(|c| c.to_string())).collect();
        let parsed =
            parsed.ok_or_else(|| de::Error::custom("not codes of the table, separated by commas"))?;
        Ok(Self(Codes(parsed), std::marker::PhantomData))
    }
}

impl<T> CodesOf<T> {
    /// The codes as text.
    pub fn texts(&self) -> Vec<String> {
        self.0.0.clone()
    }
}

/// Gathers terms facet by facet.
#[derive(Default)]
pub struct Gather(Vec<Terms>);

impl Gather {
    /// Adds what a facet has to be and what it may not be.
    #[must_use]
    pub fn facet<T>(
        mut self,
        facet: &'static str,
        some: Option<&CodesOf<T>>,
        none: Option<&CodesOf<T>>,
    ) -> Self {
        let mut add = |codes: Option<&CodesOf<T>>, not| {
            if let Some(codes) = codes {
                self.0.push(Terms { facet, codes: codes.texts(), not });
            }
        };
        add(some, false);
        add(none, true);
        self
    }

    /// Lets a code stand for every code of a facet that is asked for.
    #[must_use]
    pub fn wildcard(mut self, facet: &'static str, code: &str) -> Self {
        let asked = self.0.iter_mut().filter(|t| t.facet == facet && !t.not);
        asked.for_each(|t| t.codes.push(code.to_owned()));
        self
    }

    /// A search for these terms and words.
    pub fn search(self, q: Option<&str>) -> Result<Search> {
        if q.is_some_and(|q| q.chars().count() > 200) {
            return Err(Error::parameter("q", "a search has at most 200 characters"));
        }
        Ok(Search { wanted: q.map(words).transpose()?, terms: self.0, ..Search::default() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::CountryCode;
    use serde::de::IntoDeserializer;

    fn countries(text: &str) -> Option<Vec<String>> {
        let text: de::value::StrDeserializer<'_, de::value::Error> = text.into_deserializer();
        CodesOf::<CountryCode>::deserialize(text).ok().map(|c| c.texts())
    }

    #[test]
    fn lists_of_codes_are_split_at_commas_and_checked() {
        assert_eq!(countries("FR,CN"), Some(vec!["FR".to_owned(), "CN".to_owned()]));
        for bad in ["", "FR,", "FR,,CN", "fr", "FR CN", "'%"] {
            assert_eq!(countries(bad), None, "{bad}");
        }
    }
}
