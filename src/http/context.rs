//! The context of a request: who calls, when, and how the call reaches the database.
//!
//! Invariant: every write is one transaction that also holds its event, its stored reply and the revision it reports.
//! Read next: [`super::authority`], then any `api.rs`.

use super::authority::Authority;
use super::body::{Body, Digested, Empty, MergePatch, Merging};
use super::caller::{Admission, claimed};
use super::edge::Edge;
use super::middleware::RequestId;
use super::query::{self, pairs};
use super::reply::{Paging, Reply};
use super::store::{self, Key};
use crate::db::Conn;
use crate::events::{self, Act};
use crate::identity::Claims;
use crate::kernel::{
    error::{Code, Error, Result},
    page::{Limit, Scope},
    time::Timestamp,
};
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, dev::Payload, http::header, web::Data};
use futures_util::future::LocalBoxFuture;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use std::{marker::PhantomData, net::IpAddr};

/// What a handler returns.
pub type Answer = Result<HttpResponse>;

/// The context of a request that demands the authority `A` of its caller, who is admitted in the transaction that answers.
pub struct Cx<A> {
    /// The parts that every request needs.
    pub edge: Data<Edge>,
    /// When the request arrived.
    pub now: Timestamp,
    claims: Option<Claims>,
    admission: Admission,
    request: HttpRequest,
    demands: PhantomData<fn() -> A>,
}

/// A call as a verb or a read sees it.
pub struct Call<A> {
    /// The actor, the instant and the request, for events.
    pub act: Act,
    /// The caller.
    pub by: A,
    /// The version that the caller read.
    pub precondition: Precondition,
}

/// A read of one handler.
type Read<A> = Box<dyn FnOnce(&mut Conn, &Call<A>) -> Result<Reply> + Send>;

/// A verb of one handler; the inner refusal comes with an effect that is kept.
type Verb<A> = Box<dyn FnOnce(&mut Conn, &Call<A>) -> Result<Result<Reply>> + Send>;

/// A call whose caller has not been admitted yet.
struct Arrival {
    act: Act,
    precondition: Precondition,
    claims: Option<Claims>,
    admission: Admission,
}

impl Arrival {
    /// The call with the authority that its caller has in this transaction: between the arrival of a request and the
    /// end of its body a session can end and a role can be taken away.
    fn admit<A: Authority>(self, conn: &mut Conn) -> Result<Call<A>> {
        let by = self.admission.admit(conn, self.claims.as_ref(), self.act.at)?;
        Ok(Call { act: self.act, by, precondition: self.precondition })
    }
}

impl<A: Authority> Call<A> {
    /// The reply with the revision that it is a result of: that of its own last event, and not a higher one that another
    /// transaction has committed meanwhile; where nothing happened, the last one that is visible. A visitor is not told: whether a visitor's request had an
    /// effect can say who has an account.
    fn stamp(&self, conn: &mut Conn, reply: Reply) -> Result<Reply> {
        if self.by.principal().is_none() {
            return Ok(reply);
        }
        let revision = self.act.emitted().map_or_else(|| events::revision(conn), Ok)?;
        Ok(reply.header("springboard-revision", revision.to_string()))
    }
}

/// The `If-Match` of a request.
#[derive(Clone, Debug)]
pub struct Precondition(Option<String>);

impl Precondition {
    /// Demands that the caller read the current version: 428 without `If-Match`, 412 with another version.
    pub fn demand(&self, current: i64) -> Result<()> {
        let Some(given) = &self.0 else {
            return Err(Error::new(Code::PreconditionRequired, "send the ETag you read as If-Match"));
        };
        let versions =
            given.split(',').map(|tag| tag.trim().trim_matches('"').split('-').next().unwrap_or_default());
        if versions.into_iter().any(|v| v == current.to_string()) {
            return Ok(());
        }
        let detail = "it was changed since you read it; read it again";
        // An ETag ends in the audience that it was made for, which is the one that the caller named.
        let audience = given.rsplit_once('-').map_or("4", |(_, rest)| rest.trim().trim_matches('"'));
        let audience = if matches!(audience, "0" | "1" | "2" | "3") { audience } else { "4" };
        Err(Error::new(Code::PreconditionFailed, detail)
            .member("current_etag", format!("\"{current}-{audience}\"").into()))
    }
}

impl<A: Authority> FromRequest for Cx<A> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        // Left with the request at once: the extractors of the other parameters may refuse their parts before this one is done.
        let (request, admission) = (req.clone(), Admission::demand::<A>(req));
        Box::pin(async move {
            let edge = Edge::of(&request)?.clone();
            let now = edge.clock.now();
            let claims = if A::ASKS { claimed(&edge, &request, now).await? } else { None };
            if claims.is_none() {
                A::of(None)?;
            }
            known_parameters(&edge, &request)?;
            Ok(Self { edge, now, claims, admission, request, demands: PhantomData })
        })
    }
}

fn known_parameters(edge: &Edge, request: &HttpRequest) -> Result<()> {
    let known =
        request.match_pattern().and_then(|path| edge.operations.parameters(request.method().as_str(), &path));
    match known {
        Some(known) => known.check(&edge.validators, request.query_string()),
        None => query::known(request.query_string(), &[]),
    }
}

impl<A: Authority> Cx<A> {
    /// Admits the caller, runs a read on the same snapshot and answers with its reply, or 304.
    pub fn get(
        self,
        read: impl FnOnce(&mut Conn, &Call<A>) -> Result<Reply> + Send + 'static,
    ) -> impl Future<Output = Answer> {
        self.reply(Box::new(read))
    }

    // Boxed, as verbs are: there are many handlers, and each would otherwise be compiled with a copy of all that follows.
    async fn reply(self, read: Read<A>) -> Answer {
        let reply = self.read(read).await?;
        Ok(self.conditional(reply))
    }

    /// Admits the caller and runs a read on the same snapshot, for an operation that needs something before its write.
    pub async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&mut Conn, &Call<A>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let arrival = self.arrival()?;
        self.edge
            .db
            .read(move |conn| {
                let call = arrival.admit(conn)?;
                read(conn, &call)
            })
            .await
    }

    /// Answers a GET that reads nothing from the database except who calls.
    pub async fn answer(self, reply: Reply) -> Answer {
        if self.claims.is_some() {
            self.read(|_, _| Ok(())).await?;
        }
        Ok(self.conditional(reply))
    }

    /// Carries out a POST with a body, once per `Idempotency-Key`.
    pub fn post<T: Send + 'static>(
        self,
        body: Body<T>,
        verb: impl FnOnce(&mut Conn, &Call<A>, T) -> Result<Reply> + Send + 'static,
    ) -> impl Future<Output = Answer> {
        let Body { value, digest } = body;
        self.write(Some(digest), Box::new(move |conn, call| verb(conn, call, value).map(Ok)))
    }

    /// Carries out a POST without a body, once per `Idempotency-Key`.
    pub fn post_empty(
        self,
        body: Empty,
        verb: impl FnOnce(&mut Conn, &Call<A>) -> Result<Reply> + Send + 'static,
    ) -> impl Future<Output = Answer> {
        self.write(Some(body.digest), Box::new(move |conn, call| verb(conn, call).map(Ok)))
    }

    /// Carries out a PUT.
    pub fn put<T: Send + 'static>(
        self,
        body: Body<T>,
        verb: impl FnOnce(&mut Conn, &Call<A>, T) -> Result<Reply> + Send + 'static,
    ) -> impl Future<Output = Answer> {
        self.write(None, Box::new(move |conn, call| verb(conn, call, body.value).map(Ok)))
    }

    /// Carries out a PATCH.
    pub fn patch<T: Send + 'static>(
        self,
        patch: MergePatch<T>,
        verb: impl FnOnce(&mut Conn, &Call<A>, Merging<T>) -> Result<Reply> + Send + 'static,
    ) -> impl Future<Output = Answer> {
        let merging = patch.into_merging();
        self.write(None, Box::new(move |conn, call| verb(conn, call, merging).map(Ok)))
    }

    /// Carries out a DELETE.
    pub fn delete(
        self,
        verb: impl FnOnce(&mut Conn, &Call<A>) -> Result<Reply> + Send + 'static,
    ) -> impl Future<Output = Answer> {
        self.write(None, Box::new(move |conn, call| verb(conn, call).map(Ok)))
    }

    /// Carries out a POST whose refusal (the inner one) can come with an effect that is kept, as the end of a session
    /// whose token was stolen; once per `Idempotency-Key`, under which a refusal leaves nothing.
    pub fn post_settled<T: Send + 'static>(
        self,
        body: Body<T>,
        verb: impl FnOnce(&mut Conn, &Call<A>, T) -> Result<Result<Reply>> + Send + 'static,
    ) -> impl Future<Output = Answer> {
        let Body { value, digest } = body;
        self.write(Some(digest), Box::new(move |conn, call| verb(conn, call, value)))
    }

    /// Carries out a verb in one transaction; with the digest of a body once per `Idempotency-Key`.
    async fn write(self, digest: Option<[u8; 32]>, verb: Verb<A>) -> Answer {
        let key = digest.map(|digest| self.key(&digest)).transpose()?.flatten();
        let (arrival, now) = (self.arrival()?, self.now);
        let settled = self.edge.db.write(move |conn| {
            let call = arrival.admit(conn)?;
            once(conn, &call, (key, now), verb)
        });
        settled.await?.map(Reply::into_response)
    }

    /// The stored reply to this very request, for a handler that asks for something before its transaction which the
    /// first request used up.
    pub async fn replay(&self, body: &impl Digested) -> Result<Option<HttpResponse>> {
        let Some(key) = self.key(body.digest())? else { return Ok(None) };
        let stored = self.read(move |conn, _| store::find(conn, &key)).await?;
        Ok(stored.map(Reply::into_response))
    }

    /// The network address of whoever holds the other end of the connection; no header is believed.
    pub fn peer(&self) -> IpAddr {
        self.request.peer_addr().map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.ip())
    }

    fn key(&self, digest: &[u8; 32]) -> Result<Option<Key>> {
        let Some(value) = self.request.headers().get("idempotency-key") else { return Ok(None) };
        let once = self.request.headers().get_all("idempotency-key").count() == 1;
        let valid =
            |k: &&str| once && (1..=255).contains(&k.len()) && k.bytes().all(|b| b.is_ascii_graphic());
        let key = value.to_str().ok().filter(valid).ok_or_else(|| {
            Error::new(Code::InvalidHeader, "an Idempotency-Key has 1 to 255 visible ASCII characters")
        })?;
        let path = self.request.path();
        let mut sha = Sha256::new();
        sha.update(path.as_bytes());
        sha.update([0]);
        sha.update(self.request.query_string().as_bytes());
        sha.update([0]);
        sha.update(digest);
        // A body can hold a password: without the key nobody can try guesses against what is stored.
        sha.update(key);
        let fingerprint: String = sha.finalize().iter().map(|b| format!("{b:02x}")).collect();
        // Visitors cannot be told apart, so a key of theirs belongs to the request that it came with.
        let caller =
            self.claims.as_ref().map_or_else(|| format!("visitor {fingerprint}"), |c| c.person.to_string());
        let scope = format!("{caller} {} {path}", self.request.method());
        Ok(Some(Key { scope, key: key.to_owned(), fingerprint }))
    }
}

impl<A> Cx<A> {
    fn arrival(&self) -> Result<Arrival> {
        let text = |name| {
            self.request.headers().get(name).map(|v: &header::HeaderValue| v.to_str().map(str::to_owned))
        };
        let if_match = text(header::IF_MATCH).transpose();
        let if_match = if_match.map_err(|_| Error::new(Code::InvalidHeader, "If-Match cannot be read"))?;
        let person = self.claims.as_ref().map(|claims| claims.person);
        let request = self.request.extensions().get::<RequestId>().map(|r| r.0.clone()).unwrap_or_default();
        let act = Act::of(self.now, person, request);
        let (claims, admission) = (self.claims.clone(), self.admission.clone());
        Ok(Arrival { act, precondition: Precondition(if_match), claims, admission })
    }

    fn conditional(&self, reply: Reply) -> HttpResponse {
        let given = self.request.headers().get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok());
        let same =
            |tag: &str| given.is_some_and(|g| g.split(',').map(weak).any(|t| t == weak(tag) || t == "*"));
        if reply.status == 200 && reply.etag().is_some_and(same) {
            let kept =
                reply.headers.into_iter().filter(|(n, _)| n == "etag" || n == "cache-control" || n == "vary");
            return Reply { status: 304, headers: kept.collect(), body: None }.into_response();
        }
        reply.into_response()
    }

    /// What the cursors of this request are bound to: path, query without cursor and limit, caller.
    pub fn scope(&self) -> Result<Scope> {
        let mut pairs = pairs(self.request.query_string())?;
        pairs.retain(|(name, _)| name != "cursor" && name != "limit");
        pairs.sort();
        let caller = self.claims.as_ref().map_or_else(String::new, |claims| claims.person.to_string());
        Ok(Scope::new(self.request.path(), &format!("{pairs:?}"), &caller))
    }

    /// The page that a list was asked for: how many rows, and after which position.
    pub fn paging<P: DeserializeOwned>(
        &self,
        limit: Option<u32>,
        cursor: Option<&str>,
    ) -> Result<(Limit, Option<P>)> {
        let limit = limit.map_or(Ok(Limit::DEFAULT), |n| Limit::parse(&n.to_string()))?;
        let scope = self.scope()?;
        let after = cursor.map(|c| self.edge.cursors.open(&scope, c, self.now)).transpose()?;
        Ok((limit, after))
    }

    /// What [`Reply::page`] needs besides the rows.
    pub fn pager(&self) -> Result<Paging> {
        let rest = pairs(self.request.query_string())?.into_iter().filter(|(name, _)| name != "cursor");
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(rest).finish();
        let path = self.request.path();
        let place = if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") };
        Ok(Paging { key: self.edge.cursors.clone(), scope: self.scope()?, now: self.now, place })
    }
}

/// Carries out a verb, once per key.
fn once<A: Authority>(
    conn: &mut Conn,
    call: &Call<A>,
    (key, now): (Option<Key>, Timestamp),
    verb: Verb<A>,
) -> Result<Result<Reply>> {
    if let Some(key) = &key {
        if let Some(stored) = store::find(conn, key)? {
            return Ok(Ok(stored));
        }
        store::take(conn, key, now)?;
    }
    let reply = match verb(conn, call)? {
        Ok(reply) => call.stamp(conn, reply)?,
        Err(refusal) => {
            key.iter().try_for_each(|key| store::give_back(conn, key))?;
            return Ok(Err(refusal));
        }
    };
    key.iter().try_for_each(|key| store::keep(conn, key, &reply))?;
    Ok(Ok(reply))
}

/// An ETag as `If-None-Match` compares it.
fn weak(tag: &str) -> &str {
    let tag = tag.trim();
    tag.strip_prefix("W/").unwrap_or(tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_update_is_told_the_etag_in_the_form_that_it_named() {
        let told = |given: &str| {
            let refused = Precondition(Some(given.to_owned())).demand(7).expect_err(given);
            (refused.code, refused.members[0].1.as_str().unwrap_or_default().to_owned())
        };
        assert_eq!(told("\"6-1\""), (Code::PreconditionFailed, "\"7-1\"".to_owned()));
        assert_eq!(told("\"x\""), (Code::PreconditionFailed, "\"7-4\"".to_owned()));
        assert!(Precondition(Some("\"7-1\"".to_owned())).demand(7).is_ok());
        assert_eq!((weak(" W/\"1-4\""), weak("\"1-4\" ")), ("\"1-4\"", "\"1-4\""));
    }
}
