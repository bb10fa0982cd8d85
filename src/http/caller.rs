//! The caller of a request: the verified claims of its token, and the person behind them in the database.
//!
//! ```text
//! arrival: the signature of the token is checked (no database)
//!    ├─ the form of the request is good: admitted in the transaction that answers, on the same snapshot
//!    └─ the form is refused: admitted on a snapshot of its own, before anything is told of the form
//! ```
//!
//! Invariant: a caller without the authority that a handler's signature names is told of nothing else. A caller is looked up
//! once in each transaction that acts for it, which is one for all operations except those that read before they write.
//! Read next: [`super::context`], which admits callers.

use super::authority::Authority;
use super::edge::Edge;
use crate::db::Conn;
use crate::identity::{self, Claims, Principal};
use crate::kernel::{
    error::{Code, Error, Result},
    time::Timestamp,
};
use actix_web::{HttpMessage, HttpRequest, http::header};
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

/// The admission of one caller: which authority the handler demands, and whether it has been decided yet.
#[derive(Clone)]
pub(super) struct Admission {
    demand: fn(Option<Principal>) -> Result<()>,
    decided: Arc<AtomicBool>,
}

impl Admission {
    /// An admission that demands the authority `A`, left with the request for [`Admission::pending`].
    pub(super) fn demand<A: Authority>(request: &HttpRequest) -> Self {
        // A token that nobody asks for is not looked at, so nothing of it is left to decide.
        let decided = Arc::new(AtomicBool::new(!A::ASKS));
        let admission = Self { demand: |principal| A::of(principal).map(drop), decided };
        request.extensions_mut().insert(admission.clone());
        admission
    }

    /// The authority `A` of the person behind the claims, as the database of `conn` stands.
    ///
    /// # Errors
    /// `invalid_token` where the session has ended, `account_suspended`, and what the authority demands besides.
    pub(super) fn admit<A: Authority>(
        &self,
        conn: &mut Conn,
        claims: Option<&Claims>,
        now: Timestamp,
    ) -> Result<A> {
        let principal = claims.map(|claims| identity::authenticate(conn, claims, now)).transpose();
        self.decided.store(true, Ordering::Relaxed);
        A::of(principal?)
    }

    /// The refusal of a caller whose request was answered with an error before anybody had looked who calls; `None` where
    /// the caller may be told that error.
    pub(super) async fn pending(edge: &Edge, request: &HttpRequest) -> Option<Error> {
        let admission = request.extensions().get::<Self>().cloned();
        let admission = admission.filter(|admission| !admission.decided.load(Ordering::Relaxed))?;
        let now = edge.clock.now();
        let known = async {
            let Some(claims) = claimed(edge, request, now).await? else { return Ok(None) };
            edge.db.read(move |conn| identity::authenticate(conn, &claims, now)).await.map(Some)
        };
        known.await.and_then(admission.demand).err()
    }
}

/// The claims of the token of a request, once its signature has been checked; `None` without a token.
///
/// # Errors
/// `invalid_token` or `token_expired`.
pub(super) async fn claimed(edge: &Edge, request: &HttpRequest, now: Timestamp) -> Result<Option<Claims>> {
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
    edge.keys.verify(&edge.db, token.trim(), now).await.map(Some)
}
