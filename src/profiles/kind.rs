//! The two kinds of profiles as types: what differs between them, so that everything else is written once.
//!
//! Invariant: a verb that is generic over [`Kind`] treats both alike. Read next: [`super::register`].

use super::common::Facts;
use crate::events;
use crate::identity::OrganisationKind;
use crate::kernel::{
    error::Result,
    ids::{InvestorId, OrganisationId, StartupId},
    money::Money,
    time::Timestamp,
};
use crate::reference::Catalogue;
use serde::{Serialize, de::DeserializeOwned};
use std::{fmt, str::FromStr};
use utoipa::ToSchema;

/// The kinds of events of a kind of profile.
pub struct Events {
    /// It was registered.
    pub registered: events::Kind,
    /// Its facts got a new revision.
    pub revised: events::Kind,
    /// It was published.
    pub published: events::Kind,
    /// It was withdrawn.
    pub withdrawn: events::Kind,
    /// Its contact changed.
    pub contact_changed: events::Kind,
    /// Its facts were confirmed.
    pub confirmed: events::Kind,
}

/// A kind of profile.
pub trait Kind: Clone + fmt::Debug + Send + Sync + 'static {
    /// The public id.
    type Id: Copy
        + fmt::Debug
        + fmt::Display
        + FromStr
        + PartialEq
        + Serialize
        + DeserializeOwned
        + ToSchema
        + Send
        + 'static;
    /// What its owner says.
    type Facts: Facts + Indexed + fmt::Debug + Sync;

    /// The word in the database, in sentences and, with an `s`, in paths.
    const WORD: &'static str;
    /// The kind of organisation whose profile it is; organisers and bridges may make one for others.
    const HOST: OrganisationKind;
    /// Its events.
    const EVENTS: Events;

    /// A new id.
    fn new_id(at: Timestamp) -> Self::Id;
}

/// Something that facts refer to by its public id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refers {
    /// A startup.
    Startup(StartupId),
    /// An investor.
    Investor(InvestorId),
    /// An organisation.
    Organisation(OrganisationId),
}

impl Refers {
    /// The public id of the profile that is referred to, if it is one.
    pub fn profile(self) -> Option<String> {
        match self {
            Self::Startup(id) => Some(id.to_string()),
            Self::Investor(id) => Some(id.to_string()),
            Self::Organisation(_) => None,
        }
    }

    /// What is referred to, in a word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Startup(_) => Startups::WORD,
            Self::Investor(_) => Investors::WORD,
            Self::Organisation(_) => "organisation",
        }
    }
}

/// What lists sort, filter and search by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Index {
    /// What the organisation's own systems call it.
    pub external_id: Option<String>,
    /// The name to sort by.
    pub name: String,
    /// The smallest and the largest amount.
    pub amounts: (Option<Money>, Option<Money>),
    /// The year it was founded.
    pub founded: Option<u16>,
    /// Texts to search and their weights.
    pub texts: Vec<(i32, String)>,
    /// Coded facts to filter by.
    pub facets: Vec<(&'static str, String)>,
}

impl Index {
    /// The amounts in whole US dollars, as `convert` says; nothing where it knows no rate.
    pub(super) fn dollars(
        &self,
        mut convert: impl FnMut(Money) -> Result<Option<u64>>,
    ) -> Result<(Option<i64>, Option<i64>)> {
        let mut one = |money: Option<Money>| -> Result<Option<i64>> {
            let usd = money.map(&mut convert).transpose()?.flatten();
            Ok(usd.and_then(|usd| i64::try_from(usd).ok()))
        };
        Ok((one(self.amounts.0)?, one(self.amounts.1)?))
    }
}

/// Facts that can be found.
pub trait Indexed {
    /// What to find them by.
    fn index(&self, catalogue: &Catalogue) -> Index;

    /// What they refer to, each with its pointer.
    fn refers(&self) -> Vec<(String, Refers)>;
}

/// The startups, as a type.
#[derive(Clone, Debug)]
pub struct Startups;

/// The investors, as a type.
#[derive(Clone, Debug)]
pub struct Investors;

impl Kind for Startups {
    type Id = StartupId;
    type Facts = super::startups::StartupFacts;

    const WORD: &'static str = "startup";
    const HOST: OrganisationKind = OrganisationKind::Startup;
    const EVENTS: Events = Events {
        registered: events::Kind::StartupRegistered,
        revised: events::Kind::StartupRevised,
        published: events::Kind::StartupPublished,
        withdrawn: events::Kind::StartupWithdrawn,
        contact_changed: events::Kind::StartupContactChanged,
        confirmed: events::Kind::StartupConfirmed,
    };

    fn new_id(at: Timestamp) -> StartupId {
        StartupId::new(at)
    }
}

impl Kind for Investors {
    type Id = InvestorId;
    type Facts = super::investors::InvestorFacts;

    const WORD: &'static str = "investor";
    const HOST: OrganisationKind = OrganisationKind::Investor;
    const EVENTS: Events = Events {
        registered: events::Kind::InvestorRegistered,
        revised: events::Kind::InvestorRevised,
        published: events::Kind::InvestorPublished,
        withdrawn: events::Kind::InvestorWithdrawn,
        contact_changed: events::Kind::InvestorContactChanged,
        confirmed: events::Kind::InvestorConfirmed,
    };

    fn new_id(at: Timestamp) -> InvestorId {
        InvestorId::new(at)
    }
}
