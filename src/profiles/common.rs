//! What the facts of startups and of investors have in common.
//!
//! Invariant: absent means unknown and empty means known to be none, on the wire, in storage and here.
//! Read next: [`super::startups::facts`], [`super::investors::facts`].

use super::words::{
    CityName, Description, EmailAddress, Line, Name, Note, OneLiner, Origin, PhoneNumber, WebAddress, Year,
};
use crate::kernel::{error::FieldError, ids::InvestorId, ids::OrganisationId, time::Day};
use crate::reference::LanguageTag;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::collections::BTreeMap;
use utoipa::{PartialSchema, ToSchema};

/// A text and how it came about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(bound = "T: ToSchema")]
pub struct Wording<T> {
    /// The text.
    pub text: T,
    /// How it came about; an original where nothing is said.
    #[serde(default)]
    #[schema(default = "original")]
    pub origin: Origin,
}

/// A page elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// Where.
    pub url: WebAddress,
    /// What it is, as `deck` or `video`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<Line>,
}

/// An institution with people in two places that knows the profile's owner.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "RuSciTech"}))]
pub struct Institution {
    /// The organisation, if it takes part here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organisation: Option<OrganisationId>,
    /// What it is called; needed where it takes no part here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Line>,
}

impl Institution {
    /// The word by which two profiles are found to know the same institution: the id, or else the folded name.
    pub fn key(&self) -> Option<String> {
        let named = || self.name.as_ref().map(|n| format!("name:{}", n.as_str().to_lowercase()));
        self.organisation.map(|o| o.to_string()).or_else(named)
    }
}

/// An investor that is in already.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Nordlicht Ventures"}))]
pub struct Backer {
    /// The investor, if it has a profile here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub investor: Option<InvestorId>,
    /// What it is called; needed where it has no profile here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Line>,
}

/// How to reach the people behind a profile: seen by the counterparty of an accepted introduction.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// A person's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Line>,
    /// What that person does there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Line>,
    /// An e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<EmailAddress>,
    /// A telephone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<PhoneNumber>,
    /// Where the office is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<CityName>,
    /// Anything else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Note>,
}

/// The weight of the words of a name; see [`super::tokens`].
pub const IN_NAME: i32 = 3;
/// The weight of the words of a one-liner. Up to here everybody may read, and so search.
pub const IN_ONE_LINER: i32 = 2;
/// The weight of the words of a description.
pub const IN_DESCRIPTION: i32 = 1;

/// The texts to search, with their weights.
pub fn wordings(
    name: Option<&Name>,
    other_names: &Option<BTreeMap<LanguageTag, Wording<Name>>>,
    one_liner: &Option<BTreeMap<LanguageTag, Wording<OneLiner>>>,
    description: &Option<BTreeMap<LanguageTag, Wording<Description>>>,
) -> Vec<(i32, String)> {
    let mut all: Vec<(i32, String)> = name.iter().map(|n| (IN_NAME, n.to_string())).collect();
    all.extend(other_names.iter().flatten().map(|(_, w)| (IN_NAME, w.text.to_string())));
    all.extend(one_liner.iter().flatten().map(|(_, w)| (IN_ONE_LINER, w.text.to_string())));
    all.extend(description.iter().flatten().map(|(_, w)| (IN_DESCRIPTION, w.text.to_string())));
    all
}

/// The facts of one kind of profile: what its owner says and may change.
pub trait Facts:
    Clone + PartialEq + Serialize + DeserializeOwned + PartialSchema + ToSchema + Send + 'static
{
    /// The facts that publishing needs.
    const NEEDED: &'static [&'static str];

    /// What each fact gains a profile in the score and in the eyes of a reader; sums to 100.
    const GAINS: &'static [(&'static str, u8)];

    /// Everything that is wrong with the facts taken together, and what they say to have been after today.
    fn faults(&self, today: Day) -> Vec<FieldError>;

    /// The facts after a change, with what the service adds to them.
    #[must_use]
    fn settled(self, _before: Option<&Self>) -> Self {
        self
    }
}

const IN_THE_FUTURE: &str = "is in the future";

/// A list of field errors that grows rule by rule.
#[derive(Default)]
pub struct Faults(Vec<FieldError>);

impl Faults {
    /// Notes an error at a pointer unless the rule holds.
    pub fn demand(&mut self, holds: bool, pointer: impl Into<String>, code: &'static str, detail: &str) {
        if !holds {
            self.0.push(FieldError::at(pointer, code, detail));
        }
    }

    /// Notes a day that is still to come; tomorrow is not, as it has begun somewhere.
    pub fn past(&mut self, day: Option<Day>, today: Day, pointer: impl Into<String>) {
        self.demand(day.is_none_or(|d| d <= today.next()), pointer, "out_of_range", IN_THE_FUTURE);
    }

    /// Notes a year that is still to come.
    pub fn past_year(&mut self, year: Option<Year>, today: Day, pointer: &str) {
        let begun = year.is_none_or(|y| i32::from(y.get()) <= i32::from(today.next().year()));
        self.demand(begun, pointer, "out_of_range", IN_THE_FUTURE);
    }

    /// Notes every item of a list that names neither of two things.
    pub fn named<'a>(&mut self, at: &str, items: impl Iterator<Item = (bool, Option<&'a Line>)>) {
        for (n, (known, name)) in items.enumerate() {
            let detail = "says neither who it is here nor what it is called";
            self.demand(known || name.is_some(), format!("{at}/{n}"), "required", detail);
        }
    }

    /// The errors.
    pub fn into_vec(self) -> Vec<FieldError> {
        self.0
    }
}
