//! Who calls: what the token of a request claims, and the person whom the database knows behind it.
//!
//! Invariant: a claim counts only after its signature has been checked, a person only as the database stands now.
//! Read next: [`super::context`], which hands the caller to handlers.

use crate::accounts::{self, Claims, Principal};
use crate::app::AppState;
use crate::db::Conn;
use crate::kernel::{
    error::{Code, Error, Result},
    time::Timestamp,
};
use actix_web::{HttpMessage, HttpRequest, http::header};

/// Who calls, found before the handler's parameters are: so that a refusal of the caller comes before one of the body.
pub(super) struct Authenticated(Result<Option<Known>>);

/// What a token claims, and who that is.
type Known = (Claims, Principal);

impl Authenticated {
    /// Asks the token of a request.
    pub(super) async fn of(state: &AppState, request: &HttpRequest) -> Self {
        Self(known(state, request, state.clock.now()).await)
    }

    /// Who calls, as it was found before or else as it is now.
    pub(super) async fn found(
        state: &AppState,
        request: &HttpRequest,
        now: Timestamp,
    ) -> Result<Option<Known>> {
        let before = request.extensions_mut().remove::<Self>();
        match before {
            Some(found) => found.0,
            None => known(state, request, now).await,
        }
    }
}

async fn known(state: &AppState, request: &HttpRequest, now: Timestamp) -> Result<Option<Known>> {
    let Some(claims) = claimed(state, request, now).await? else { return Ok(None) };
    let read = move |conn: &mut Conn| accounts::authenticate(conn, &claims, now).map(|by| (claims, by));
    state.db.read(read).await.map(Some)
}

/// What the token of a request claims, once its signature has been checked.
pub(super) async fn claimed(
    state: &AppState,
    request: &HttpRequest,
    now: Timestamp,
) -> Result<Option<Claims>> {
    let Some(value) = request.headers().get(header::AUTHORIZATION) else { return Ok(None) };
    let invalid = || Error::new(Code::InvalidToken, "send Authorization: Bearer and an access token, once");
    if request.headers().get_all(header::AUTHORIZATION).count() > 1 {
        return Err(invalid());
    }
    let token = value.to_str().map_err(|_| invalid())?;
    let (scheme, token) = token.split_once(' ').ok_or_else(invalid)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(invalid());
    }
    state.keys.verify(&state.db, token.trim(), now).await.map(Some)
}
