//! A caller that is asked for in the snapshot that its request reads: one turn at the database instead of two.
//!
//! Invariant: nothing is answered to a caller without the authority that the handler's signature names, but that a path or a
//! parameter has not the form that the document demands; a visitor and a token that was not signed here are refused before
//! even that. A handler with this authority answers by [`Cx::get`] and nothing else.
//! Read next: [`super::context`].

use super::authority::Authority;
use super::caller::claimed;
use super::context::{Answer, Call, Cx, arrived, known_parameters};
use super::reply::Reply;
use crate::accounts;
use crate::db::Conn;
use crate::kernel::error::{Error, Result};
use actix_web::{FromRequest, HttpRequest, dev::Payload};
use futures_util::future::LocalBoxFuture;
use std::marker::PhantomData;

/// The authority `A`, which the caller must have in the snapshot that is read.
pub struct InSnapshot<A>(PhantomData<fn() -> A>);

impl<A: Authority> FromRequest for Cx<InSnapshot<A>> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = req.clone();
        Box::pin(async move {
            let (state, now) = arrived(&request).await?;
            let claims = claimed(&state, &request, now).await?;
            if claims.is_none() {
                A::of(None)?;
            }
            known_parameters(&state, &request)?;
            Ok(Self { by: InSnapshot(PhantomData), state, now, claims, request })
        })
    }
}

impl<A: Authority> Cx<InSnapshot<A>> {
    /// Finds out who calls, runs a read on the same snapshot and answers with its reply, or 304. What was prepared for the
    /// read without knowing who calls is looked at after that: a caller without the authority is not told what was wrong.
    pub async fn get<P: Send + 'static>(
        self,
        prepared: Result<P>,
        read: impl FnOnce(&mut Conn, &Call<A>, P) -> Result<Reply> + Send + 'static,
    ) -> Answer {
        let (call, claims, now) = (self.call_by(())?, self.claims.clone(), self.now);
        let reply = self.state.db.read(move |conn| {
            let caller = claims.map(|claims| accounts::authenticate(conn, &claims, now)).transpose()?;
            let call = call.by(A::of(caller)?);
            read(conn, &call, prepared?)
        });
        let reply = reply.await?;
        Ok(self.conditional(reply))
    }
}
