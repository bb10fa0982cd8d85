//! Sessions over HTTP.
//!
//! Invariant: a reply that holds tokens is stored only under a key of the client, without which nobody can read it.
//! Read next: [`super`].

use super::prove;
use crate::accounts::passwords::{Password, Passwords};
use crate::accounts::people::Email;
use crate::http::Routes;
use crate::http::{Body, Cx, PageQuery, Path, Query, Reply, SignedIn, Visitor, context::Answer};
use crate::identity::keys::TOKEN_LIFE;
use crate::identity::sessions::{self, Opened, RefreshToken, Session};
use crate::kernel::{
    error::Result,
    ids::SessionId,
    time::Timestamp,
    visibility::{Audience, Class, Visible},
};
use actix_web::{delete, get, post, web::Data};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Address and password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The e-mail address.
    #[schema(format = "email", max_length = 254, example = "ann@example.org")]
    email: String,
    /// The password.
    #[schema(
        format = "password",
        min_length = 1,
        max_length = 1024,
        example = "correct horse battery staple"
    )]
    password: String,
}

/// A refresh token.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Refresh {
    /// The refresh token of the last reply.
    // Not of the format `password`, which a digest of a body leaves out: a stored reply belongs to this token.
    #[schema(min_length = 1, max_length = 128, example = "sbr_V2hvIHJlYWRzIHRoaXMgaXMgY3VyaW91cy4gR29vZC4")]
    refresh_token: String,
}

/// A session.
#[derive(Serialize, ToSchema)]
#[schema(as = Session)]
pub struct SessionReply {
    /// The session.
    id: SessionId,
    /// When it was opened.
    created_at: Timestamp,
    /// When it was last refreshed.
    used_at: Timestamp,
    /// When it ends at the latest.
    expires_at: Timestamp,
    /// Whether the caller uses it.
    current: bool,
}

impl Visible for SessionReply {
    const FIELDS: &'static [(&'static str, Class)] = &[
        ("id", Class::Organisation),
        ("created_at", Class::Organisation),
        ("used_at", Class::Organisation),
        ("expires_at", Class::Organisation),
        ("current", Class::Organisation),
    ];
}

impl SessionReply {
    fn new(session: &Session, current: SessionId) -> Self {
        let Session { id, created_at, used_at, expires_at, .. } = *session;
        Self { id, created_at, used_at, expires_at, current: id == current }
    }
}

/// A session and its tokens.
#[derive(Serialize, ToSchema)]
pub struct Tokens {
    /// Goes with each call as `Authorization: Bearer`.
    #[schema(example = "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFZERTQSJ9.e30.c2lnbmF0dXJl")]
    access_token: String,
    /// How to send the access token.
    #[schema(example = "Bearer")]
    token_type: &'static str,
    /// Seconds until the access token expires.
    #[schema(example = 600)]
    expires_in: u64,
    /// Gets the next two tokens, once.
    #[schema(example = "sbr_V2hvIHJlYWRzIHRoaXMgaXMgY3VyaW91cy4gR29vZC4")]
    refresh_token: String,
    /// The session.
    session: SessionReply,
}

impl Visible for Tokens {
    const FIELDS: &'static [(&'static str, Class)] = &[
        ("access_token", Class::Organisation),
        ("token_type", Class::Organisation),
        ("expires_in", Class::Organisation),
        ("refresh_token", Class::Organisation),
        ("session", Class::Organisation),
    ];
}

fn tokens(opened: &Opened) -> Tokens {
    Tokens {
        access_token: opened.access.clone(),
        token_type: "Bearer",
        expires_in: TOKEN_LIFE.as_secs(),
        refresh_token: opened.refresh.reveal().to_owned(),
        session: SessionReply::new(&opened.session, opened.session.id),
    }
}

/// A page of sessions.
#[derive(Serialize, ToSchema)]
pub struct SessionPage {
    /// The sessions, the newest first.
    data: Vec<SessionReply>,
    /// Whether there are more.
    has_more: bool,
    /// Where the next page begins.
    #[schema(example = json!(null))]
    next_cursor: Option<String>,
}

/// Sign in
///
/// A wrong password and an unknown address are the same 401. After ten failures in 15 minutes on one account from one
/// network address every attempt from there is a 429; sessions that are open go on.
#[utoipa::path(tag = "sessions", operation_id = "sign_in", security(()), request_body = SignIn, responses(
    (status = 201, description = "The session and its tokens.", body = Tokens)))]
#[post("/v1/sessions")]
pub async fn sign_in(cx: Cx<Visitor>, passwords: Data<Passwords>, body: Body<SignIn>) -> Answer {
    let email = Email::of_field(&body.value.email, "/email")?;
    let password = Password::new(&body.value.password);
    let edge = cx.edge.clone();
    let who = (&email, &password);
    let proof = prove(&edge.db, &passwords, who, cx.peer(), cx.now).await?;
    cx.post(body, move |conn, call, _| {
        let opened = super::sign_in(conn, &call.act, &edge.keys, &proof)?;
        Reply::made(&tokens(&opened), Audience::Organisation)
    })
    .await
}

/// Get the next tokens
///
/// A refresh token works once. If one comes a second time, somebody has a copy: the session ends. A retry of the same
/// request under its `Idempotency-Key` gets the first reply again.
#[utoipa::path(tag = "sessions", operation_id = "refresh_session", security(()), request_body = Refresh, responses(
    (status = 200, description = "The session and its next tokens.", body = Tokens)))]
#[post("/v1/sessions/refresh")]
pub async fn refresh_session(cx: Cx<Visitor>, body: Body<Refresh>) -> Answer {
    let keys = cx.edge.keys.clone();
    cx.post_settled(body, move |conn, call, refresh| {
        let token = RefreshToken::new(&refresh.refresh_token);
        let opened = sessions::refresh(conn, &call.act, &keys, &token)?;
        Ok(opened.and_then(|o| Reply::ok(&tokens(&o), Audience::Organisation)))
    })
    .await
}

/// List the sessions of the caller
#[utoipa::path(tag = "sessions", operation_id = "list_sessions", security(("bearer" = [])), params(PageQuery), responses(
    (status = 200, description = "The sessions that stand, the newest first.", body = SessionPage)))]
#[get("/v1/sessions")]
pub async fn list_sessions(cx: Cx<SignedIn>, query: Query<PageQuery>) -> Answer {
    let page = cx.paging(query.0.limit, query.0.cursor.as_deref())?;
    let (pager, now) = (cx.pager()?, cx.now);
    cx.get(move |conn, call| {
        let rows = sessions::list(conn, &call.by, now, page)?;
        let current = call.by.session;
        Reply::page(rows.map(|s| (SessionReply::new(&s, current), Audience::Organisation)), &pager)
    })
    .await
}

/// Sign out
///
/// Ends the session of the token that the call carries; the token is worth nothing from then on.
#[utoipa::path(tag = "sessions", operation_id = "sign_out", security(("bearer" = [])), responses(
    (status = 204, description = "The session has ended.")))]
#[delete("/v1/sessions/current")]
pub async fn sign_out(cx: Cx<SignedIn>) -> Answer {
    cx.delete(|conn, call| end(conn, call, call.by.session)).await
}

/// End a session of the caller
#[utoipa::path(tag = "sessions", operation_id = "end_session", security(("bearer" = [])),
    params(("id" = SessionId, Path, description = "The session.")), responses(
    (status = 204, description = "The session has ended.")))]
#[delete("/v1/sessions/{id}")]
pub async fn end_session(cx: Cx<SignedIn>, id: Path<SessionId>) -> Answer {
    cx.delete(move |conn, call| end(conn, call, id.0)).await
}

fn end(conn: &mut crate::db::Conn, call: &crate::http::Call<SignedIn>, id: SessionId) -> Result<Reply> {
    sessions::end(conn, &call.act, &call.by, id)?;
    Ok(Reply::no_content())
}

/// Registers the operations of this file.
pub fn routes(config: &mut Routes) {
    config.service(sign_in).service(refresh_session).service(list_sessions);
    config.service(sign_out).service(end_session);
}
