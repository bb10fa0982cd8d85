//! Changing and resetting the password over HTTP.
//!
//! Invariant: the reply to a request for a reset is one constant. Read next: [`crate::accounts::people`].

use super::{Password, Passwords};
use crate::accounts::people::{
    self, Email,
    api::{Noted, noted},
};
use crate::accounts::{MailTokens, sessions};
use crate::http::Routes;
use crate::http::{Body, Cx, Reply, SignedIn, Visitor, context::Answer};
use actix_web::{post, put, web::Data};
use serde::Deserialize;
use utoipa::ToSchema;

/// A new password, and the current one as a proof.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    /// The current password.
    #[schema(
        format = "password",
        min_length = 1,
        max_length = 1024,
        example = "correct horse battery staple"
    )]
    current_password: String,
    /// A password of 12 to 256 characters that is not easy to guess.
    #[schema(format = "password", min_length = 12, max_length = 256, example = "a wet kettle sings at dawn")]
    new_password: String,
}

/// A request for a new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordReset {
    /// The e-mail address.
    #[schema(format = "email", max_length = 254, example = "ann@example.org")]
    email: String,
}

/// A new password, and the token of the mail as a proof.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordResetConfirmation {
    /// The token of the mail.
    #[schema(
        min_length = 1,
        max_length = 128,
        example = "AAAAAAAAAAEgS5pVAKh2V4o7cPZ2rH0fX3m1JYt9c8yqUe4wLr6kDg"
    )]
    token: String,
    /// A password of 12 to 256 characters that is not easy to guess.
    #[schema(format = "password", min_length = 12, max_length = 256, example = "a wet kettle sings at dawn")]
    new_password: String,
}

/// Change the password
///
/// Needs the current password and ends every other session.
#[utoipa::path(tag = "people", operation_id = "change_password", security(("bearer" = [])), request_body = PasswordChange,
    extensions(("x-unversioned" = json!(true))), responses(
    (status = 204, description = "The new password is in force.")))]
#[put("/v1/me/password")]
pub async fn change_password(
    cx: Cx<SignedIn>,
    passwords: Data<Passwords>,
    body: Body<PasswordChange>,
) -> Answer {
    let (current, new) =
        (Password::new(&body.value.current_password), Password::new(&body.value.new_password));
    // Looked up here and again in the write: a session can end while the hashes are made.
    let by = cx.read(|_, call| Ok(call.by.0.clone())).await?;
    let attempt = (cx.peer(), cx.now);
    let (person, old) = sessions::reprove(&cx.edge.db, &passwords, &by, &current, attempt).await?;
    passwords.policy.judge(&new, &person.email, person.name.as_deref(), "/new_password")?;
    let hash = passwords.hasher.hash(&new).await?;
    cx.put(body, move |conn, call, _| {
        people::change_password(conn, &call.act, &call.by, &old, &hash)?;
        Ok(Reply::no_content())
    })
    .await
}

/// Ask for a new password
///
/// Answers the same for a known and an unknown address. An earlier token is void.
#[utoipa::path(tag = "people", operation_id = "request_password_reset", security(()), request_body = PasswordReset, responses(
    (status = 202, description = "A mail is on its way, if somebody has that address.", body = Noted)))]
#[post("/v1/password-resets")]
pub async fn request_password_reset(cx: Cx<Visitor>, body: Body<PasswordReset>) -> Answer {
    let email = Email::of_field(&body.value.email, "/email")?;
    cx.post(body, move |conn, call, _| {
        people::request_reset(conn, &call.act, &email)?;
        noted()
    })
    .await
}

/// Set a new password with the token of a mail
///
/// A token works once, for 30 minutes; a wrong, used or expired one is a 400. Ends every session of the person.
#[utoipa::path(tag = "people", operation_id = "confirm_password_reset", security(()), request_body = PasswordResetConfirmation, responses(
    (status = 204, description = "The new password is in force.")))]
#[post("/v1/password-resets/confirm")]
pub async fn confirm_password_reset(
    cx: Cx<Visitor>,
    (passwords, tokens): (Data<Passwords>, Data<MailTokens>),
    body: Body<PasswordResetConfirmation>,
) -> Answer {
    if let Some(replayed) = cx.replay(&body).await? {
        return Ok(replayed);
    }
    let (secret, token, now) = (tokens.clone(), body.value.token.clone(), cx.now);
    let person = cx.read(move |conn, _| people::reset_subject(conn, &secret, &token, now)).await?;
    let new = Password::new(&body.value.new_password);
    passwords.policy.judge(&new, &person.email, person.name.as_deref(), "/new_password")?;
    let hash = passwords.hasher.hash(&new).await?;
    cx.post(body, move |conn, call, confirmation| {
        people::confirm_reset(conn, &call.act, &tokens, &confirmation.token, &hash)?;
        Ok(Reply::no_content())
    })
    .await
}

/// Registers the operations of this file.
pub fn routes(config: &mut Routes) {
    config.service(change_password).service(request_password_reset).service(confirm_password_reset);
}
