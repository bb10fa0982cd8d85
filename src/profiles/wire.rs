//! Profiles on the wire: one flat object of identity, state and facts.
//!
//! Invariant: the schema of a flat object is the sum of the schemas of its parts, so it cannot drift from them; each field
//! has its class in `startups/wire.rs` or `investors/wire.rs`. Read next: [`super::api`].

use super::browse::Sort;
use super::common::Contact;
use super::kind::{Investors, Kind, Startups};
use super::model::{Completeness, Profile, State};
use super::startups::Assessment;
use super::store::parts::{self, Kept};
use crate::db::Conn;
use crate::kernel::{
    error::Result as Outcome,
    ids::OrganisationId,
    time::Timestamp,
    visibility::{Class, Visible},
};
use crate::reference::LanguageTag;
use serde::{Deserialize, Deserializer, Serialize, de};
use serde_json::{Map, Value};
use std::borrow::Cow;
use utoipa::openapi::{Object, RefOr, Schema, schema::AdditionalProperties};
use utoipa::{PartialSchema, ToSchema};

/// Identity and state of a profile.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Head<I: ToSchema> {
    /// The id.
    pub id: I,
    /// The organisation that owns it.
    pub organisation: OrganisationId,
    /// Where it stands.
    pub state: State,
    /// The revision of the facts, from 1.
    #[schema(minimum = 1, example = 1)]
    pub revision: i64,
    /// Whether it belongs to the demo world.
    pub demo: bool,
    /// Whether it was made by somebody else and may be claimed by its owner.
    pub claimable: bool,
    /// When it was registered.
    pub created_at: Timestamp,
    /// When anything of it changed last.
    pub updated_at: Timestamp,
    /// When it was first published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published_at: Option<Timestamp>,
    /// When a person last said that the facts hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirmed_at: Option<Timestamp>,
    /// How complete it is.
    pub completeness: Completeness,
    /// How to reach the people behind it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<Contact>,
}

/// What only one kind of profile has beside facts.
pub trait Extra: Serialize + ToSchema + PartialSchema + Clone + Send {}

/// What others say of a startup.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StartupExtra {
    /// What was verified or calibrated by others.
    pub assessment: Assessment,
}

/// What an investor records beside its facts.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct InvestorExtra {
    /// How many deals its portfolio has.
    #[schema(minimum = 0, maximum = 2000, example = 21)]
    pub deals: u32,
}

impl Extra for StartupExtra {}
impl Extra for InvestorExtra {}

/// A kind of profile as it is shown.
pub trait WireKind: Kind {
    /// What it has beside head and facts.
    type Extra: Extra;
    /// A revision as it is shown.
    type Revision: From<Kept<Self::Facts>> + Serialize + Visible;
    /// The name of the view's schema.
    const VIEW: &'static str;
    /// The name of the schema of a new one.
    const NEW: &'static str;

    /// What profiles have beside head and facts, in their order.
    fn extras(conn: &mut Conn, profiles: &[Profile<Self>]) -> Outcome<Vec<Self::Extra>>;
}

fn numbers<K: Kind>(profiles: &[Profile<K>]) -> Vec<i64> {
    profiles.iter().map(|p| p.number).collect()
}

impl WireKind for Startups {
    type Extra = StartupExtra;
    type Revision = super::startups::StartupRevision;
    const VIEW: &'static str = "Startup";
    const NEW: &'static str = "NewStartup";

    fn extras(conn: &mut Conn, profiles: &[Profile<Self>]) -> Outcome<Vec<StartupExtra>> {
        let mut found = parts::assessments(conn, &numbers(profiles))?;
        let each = profiles.iter().map(|p| {
            let assessed = found.remove(&p.number).unwrap_or_default();
            StartupExtra { assessment: assessed.holding(&p.facts).shown() }
        });
        Ok(each.collect())
    }
}

impl WireKind for Investors {
    type Extra = InvestorExtra;
    type Revision = super::investors::InvestorRevision;
    const VIEW: &'static str = "Investor";
    const NEW: &'static str = "NewInvestor";

    fn extras(conn: &mut Conn, profiles: &[Profile<Self>]) -> Outcome<Vec<InvestorExtra>> {
        let found = parts::deal_counts(conn, &numbers(profiles))?;
        let count = |p: &Profile<Self>| found.get(&p.number).copied().unwrap_or(0);
        Ok(profiles.iter().map(|p| InvestorExtra { deals: count(p) }).collect())
    }
}

/// A profile as it is shown.
#[derive(Clone, Debug, Serialize)]
pub struct View<K: WireKind> {
    /// Identity and state.
    #[serde(flatten)]
    pub head: Head<K::Id>,
    /// What only this kind has.
    #[serde(flatten)]
    pub extra: K::Extra,
    /// The facts.
    #[serde(flatten)]
    pub facts: K::Facts,
}

impl<K: WireKind> View<K> {
    /// The view of a profile.
    pub fn new(profile: Profile<K>, contact: Option<Contact>, extra: K::Extra) -> Self {
        let head = Head {
            id: profile.id,
            organisation: profile.organisation,
            state: profile.state,
            revision: profile.revision,
            demo: profile.demo,
            claimable: profile.claimable,
            created_at: profile.created_at,
            updated_at: profile.updated_at,
            published_at: profile.published_at,
            confirmed_at: profile.confirmed_at,
            completeness: super::model::completeness(&profile.facts),
            contact,
        };
        Self { head, extra, facts: profile.facts }
    }
}

type Components = Vec<(String, RefOr<Schema>)>;

fn object(schema: RefOr<Schema>) -> Object {
    match schema {
        RefOr::T(Schema::Object(object)) => object,
        _ => Object::new(),
    }
}

/// The object with the fields of all parts.
fn merged(parts: impl IntoIterator<Item = RefOr<Schema>>, closed: bool) -> RefOr<Schema> {
    let mut whole = Object::new();
    for part in parts.into_iter().map(object) {
        whole.schema_type = part.schema_type;
        whole.properties.extend(part.properties);
        whole.required.extend(part.required);
    }
    whole.additional_properties = closed.then(|| Box::new(AdditionalProperties::FreeForm(false)));
    RefOr::T(Schema::Object(whole))
}

impl<K: WireKind> PartialSchema for View<K>
where
    Self: Visible,
{
    fn schema() -> RefOr<Schema> {
        let mut whole =
            object(merged([Head::<K::Id>::schema(), K::Extra::schema(), K::Facts::schema()], false));
        // What only some see is not in every answer.
        let public =
            |name: &String| Self::FIELDS.iter().any(|(f, class)| f == name && *class == Class::Public);
        whole.required.retain(public);
        RefOr::T(Schema::Object(whole))
    }
}

impl<K: WireKind> ToSchema for View<K>
where
    Self: Visible,
{
    fn name() -> Cow<'static, str> {
        Cow::Borrowed(K::VIEW)
    }

    fn schemas(schemas: &mut Components) {
        // What only parameters and keys of maps refer to.
        schemas.push((LanguageTag::name().into_owned(), LanguageTag::schema()));
        schemas.push((Sort::name().into_owned(), Sort::schema()));
        Head::<K::Id>::schemas(schemas);
        K::Extra::schemas(schemas);
        K::Facts::schemas(schemas);
    }
}

/// Whose a new profile is.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
struct Owner {
    /// The organisation that is to own it.
    organisation: OrganisationId,
}

/// A profile to be registered: facts and the organisation that is to own them.
#[derive(Clone, Debug)]
pub struct New<K: WireKind> {
    /// The organisation that is to own it.
    pub organisation: OrganisationId,
    /// The facts.
    pub facts: K::Facts,
}

impl<'de, K: WireKind> Deserialize<'de> for New<K> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let mut fields = Map::deserialize(d)?;
        let organisation = fields.shift_remove("organisation").unwrap_or(Value::Null);
        Ok(Self {
            organisation: serde_json::from_value(organisation).map_err(de::Error::custom)?,
            facts: serde_json::from_value(Value::Object(fields)).map_err(de::Error::custom)?,
        })
    }
}

impl<K: WireKind> PartialSchema for New<K> {
    fn schema() -> RefOr<Schema> {
        merged([Owner::schema(), K::Facts::schema()], true)
    }
}

impl<K: WireKind> ToSchema for New<K> {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed(K::NEW)
    }

    fn schemas(schemas: &mut Components) {
        Owner::schemas(schemas);
        K::Facts::schemas(schemas);
    }
}
