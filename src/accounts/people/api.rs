//! People over HTTP: sign-up, confirmation, oneself, and what admins may do with others.
//!
//! Invariant: the reply to a sign-up is one constant. Read next: [`super`].

use super::model::{Email, Person, PersonName};
use super::{store, suspend};
use crate::accounts::MailTokens;
use crate::accounts::passwords::{Password, Passwords};
use crate::db::Conn;
use crate::http::Routes;
use crate::http::{Admin, Body, Cx, Empty, MergePatch, Path, Reply, SignedIn, Visitor, context::Answer};
use crate::identity::{OrganisationKind, OrganisationState, Role};
use crate::kernel::{
    error::{Error, Result},
    ids::{OrganisationId, PersonId},
    time::Timestamp,
    visibility::{Audience, Class, Visible},
};
use actix_web::{delete, get, patch, post, web::Data};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A sign-up.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignUp {
    /// The e-mail address.
    #[schema(format = "email", max_length = 254, example = "ann@example.org")]
    email: String,
    /// A password of 12 to 256 characters that is not easy to guess.
    #[schema(
        format = "password",
        min_length = 12,
        max_length = 256,
        example = "correct horse battery staple"
    )]
    password: String,
    /// What to call the person.
    #[schema(min_length = 1, max_length = 120, example = "Ann Lovelace")]
    name: Option<String>,
}

/// A request that was taken note of.
#[derive(Serialize, ToSchema)]
pub struct Noted {
    /// What happens next, the same for every address.
    #[schema(example = "If the address can be used, a mail is on its way.")]
    message: &'static str,
}

impl Visible for Noted {
    const FIELDS: &'static [(&'static str, Class)] = &[("message", Class::Public)];
}

/// The reply that is the same for every address.
pub(in crate::accounts) fn noted() -> Result<Reply> {
    Reply::accepted(&Noted { message: "If the address can be used, a mail is on its way." }, Audience::Public)
}

/// The token of a mail.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EmailVerification {
    /// The token of the mail.
    #[schema(
        min_length = 1,
        max_length = 128,
        example = "AAAAAAAAAAEgS5pVAKh2V4o7cPZ2rH0fX3m1JYt9c8yqUe4wLr6kDg"
    )]
    token: String,
}

/// What people may change of themselves.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonEdit {
    /// What to call the person.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 120, example = "Ann Lovelace")]
    name: Option<String>,
}

/// A person's place in one organisation.
#[derive(Serialize, ToSchema)]
pub struct PersonMembership {
    /// The organisation.
    organisation: OrganisationId,
    /// What the organisation is called.
    #[schema(example = "Pumpwerk")]
    name: String,
    /// What the organisation is.
    kind: OrganisationKind,
    /// Where the organisation stands.
    state: OrganisationState,
    /// What the person may do there.
    role: Role,
}

impl Visible for PersonMembership {
    const FIELDS: &'static [(&'static str, Class)] = &[
        ("organisation", Class::Organisation),
        ("name", Class::Organisation),
        ("kind", Class::Organisation),
        ("state", Class::Organisation),
        ("role", Class::Organisation),
    ];
}

/// A person, for the person and for platform admins.
#[derive(Serialize, ToSchema)]
#[schema(as = Person)]
pub struct PersonReply {
    /// The person.
    id: PersonId,
    /// The e-mail address.
    #[schema(example = "ann@example.org")]
    email: String,
    /// What the person is called.
    #[schema(example = "Ann Lovelace")]
    name: Option<String>,
    /// `active` or `suspended`.
    #[schema(example = "active")]
    state: &'static str,
    /// Whether the address is confirmed.
    email_verified: bool,
    /// Whether the person is a platform admin.
    admin: bool,
    /// When the person signed up.
    created_at: Timestamp,
    /// The organisations that the person belongs to.
    memberships: Vec<PersonMembership>,
}

impl Visible for PersonReply {
    const FIELDS: &'static [(&'static str, Class)] = &[
        ("id", Class::Organisation),
        ("email", Class::Organisation),
        ("name", Class::Organisation),
        ("state", Class::Organisation),
        ("email_verified", Class::Organisation),
        ("admin", Class::Organisation),
        ("created_at", Class::Organisation),
        ("memberships", Class::Organisation),
    ];
}

fn reply(conn: &mut Conn, id: PersonId) -> Result<Reply> {
    let person = store::find(conn, id)?.ok_or_else(Error::not_found)?;
    let places = store::memberships(conn, person.number)?;
    let Person { id, email, name, state, admin, verified_at, version, created_at, .. } = person;
    let membership = |place: super::model::Place| PersonMembership {
        organisation: place.organisation,
        name: place.name,
        kind: place.kind,
        state: place.state,
        role: place.role,
    };
    let body = PersonReply {
        id,
        email,
        name,
        state: state.as_str(),
        email_verified: verified_at.is_some(),
        admin,
        created_at,
        memberships: places.into_iter().map(membership).collect(),
    };
    Ok(Reply::ok(&body, Audience::Organisation)?.version_and_body(version, Audience::Organisation))
}

/// Sign up
///
/// Answers the same for a new and a known address; the mail says which it was.
#[utoipa::path(tag = "people", operation_id = "sign_up", security(()), request_body = SignUp, responses(
    (status = 202, description = "A mail is on its way.", body = Noted)))]
#[post("/v1/people")]
pub async fn sign_up(cx: Cx<Visitor>, passwords: Data<Passwords>, body: Body<SignUp>) -> Answer {
    let email = Email::of_field(&body.value.email, "/email")?;
    let name = body.value.name.as_deref().map(|n| PersonName::of_field(n, "/name")).transpose()?;
    let password = Password::new(&body.value.password);
    passwords.policy.judge(&password, email.as_str(), name.as_ref().map(PersonName::as_str), "/password")?;
    let hash = passwords.hasher.hash(&password).await?;
    cx.post(body, move |conn, call, _| {
        super::sign_up(conn, &call.act, &email, name.as_ref(), &hash)?;
        noted()
    })
    .await
}

/// Confirm an e-mail address
///
/// A token works once, for three days. A token that is wrong, used or expired is a 400.
#[utoipa::path(tag = "people", operation_id = "verify_email", security(()), request_body = EmailVerification, responses(
    (status = 204, description = "The address is confirmed.")))]
#[post("/v1/email-verifications")]
pub async fn verify_email(
    cx: Cx<Visitor>,
    tokens: Data<MailTokens>,
    body: Body<EmailVerification>,
) -> Answer {
    cx.post(body, move |conn, call, verification| {
        super::confirm_email(conn, &call.act, &tokens, &verification.token)?;
        Ok(Reply::no_content())
    })
    .await
}

/// Read oneself
#[utoipa::path(tag = "people", operation_id = "read_me", security(("bearer" = [])), responses(
    (status = 200, description = "The caller.", body = PersonReply)))]
#[get("/v1/me")]
pub async fn read_me(cx: Cx<SignedIn>) -> Answer {
    cx.get(|conn, call| reply(conn, call.by.id)).await
}

/// Change what one is called
#[utoipa::path(tag = "people", operation_id = "change_me", security(("bearer" = [])), request_body = PersonEdit, responses(
    (status = 200, description = "The caller after the change.", body = PersonReply)))]
#[patch("/v1/me")]
pub async fn change_me(cx: Cx<SignedIn>, patch: MergePatch<PersonEdit>) -> Answer {
    cx.patch(patch, |conn, call, patch| {
        let person = store::find(conn, call.by.id)?.ok_or_else(Error::not_found)?;
        call.precondition.demand(person.version)?;
        let edit = patch.apply(&PersonEdit { name: person.name.clone() })?;
        let name = edit.name.as_deref().map(|n| PersonName::of_field(n, "/name")).transpose()?;
        suspend::rename(conn, &call.act, &person, name.as_ref())?;
        reply(conn, person.id)
    })
    .await
}

/// Read a person
///
/// For platform admins.
#[utoipa::path(tag = "people", operation_id = "read_person", security(("bearer" = [])),
    params(("id" = PersonId, Path, description = "The person.")), responses(
    (status = 200, description = "The person.", body = PersonReply)))]
#[get("/v1/people/{id}")]
pub async fn read_person(cx: Cx<Admin>, id: Path<PersonId>) -> Answer {
    cx.get(move |conn, _| reply(conn, id.0)).await
}

/// Suspend a person
///
/// For platform admins. Ends all sessions of the person and refuses every further call.
#[utoipa::path(tag = "people", operation_id = "suspend_person", security(("bearer" = [])),
    params(("id" = PersonId, Path, description = "The person.")), responses(
    (status = 200, description = "The person, suspended.", body = PersonReply)))]
#[post("/v1/people/{id}/suspension")]
pub async fn suspend_person(cx: Cx<Admin>, id: Path<PersonId>, body: Empty) -> Answer {
    cx.post_empty(body, move |conn, call| {
        let person = store::find(conn, id.0)?.ok_or_else(Error::not_found)?;
        suspend::suspend(conn, &call.act, &person)?;
        reply(conn, id.0)
    })
    .await
}

/// Let a suspended person in again
///
/// For platform admins. The person has to sign in anew.
#[utoipa::path(tag = "people", operation_id = "lift_suspension", security(("bearer" = [])),
    params(("id" = PersonId, Path, description = "The person.")), responses(
    (status = 200, description = "The person, active.", body = PersonReply)))]
#[delete("/v1/people/{id}/suspension")]
pub async fn lift_suspension(cx: Cx<Admin>, id: Path<PersonId>) -> Answer {
    cx.delete(move |conn, call| {
        let person = store::find(conn, id.0)?.ok_or_else(Error::not_found)?;
        suspend::lift(conn, &call.act, &person)?;
        reply(conn, id.0)
    })
    .await
}

/// Registers the operations of this file.
pub fn routes(config: &mut Routes) {
    config.service(sign_up).service(verify_email).service(read_me);
    config.service(change_me).service(read_person).service(suspend_person);
    config.service(lift_suspension);
}
