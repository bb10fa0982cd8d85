//! Replies: the one place that answers with values.
//!
//! Invariant: every body is written from [`Shown`] values; a field that their audience may not see is not in it.
//! Read next: [`crate::kernel::shown`], which leaves it out.

use crate::kernel::{
    error::{Error, Result},
    page::{CursorKey, Rows, Scope},
    shown::Shown,
    time::Timestamp,
    visibility::Audience,
};
use actix_web::{HttpResponse, http::StatusCode, http::header};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// A reply: status, headers, body.
#[derive(Clone, Debug)]
pub struct Reply {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Option<String>,
    /// The audience that the body was written for, as its ETag tells.
    pub(super) audience: Audience,
}

/// Bytes that are set aside for a row of a page.
const ROW: usize = 1_024;

/// A page of a list as it is written.
#[derive(Serialize)]
struct Page<'a, T, M> {
    data: Vec<T>,
    has_more: bool,
    next_cursor: Option<&'a str>,
    #[serde(flatten)]
    members: Option<&'a M>,
}

/// The first bytes of the SHA-256 of a body, in hexadecimal digits.
fn digest(body: Option<&str>, bytes: usize) -> String {
    let digest = Sha256::digest(body.unwrap_or_default());
    digest.iter().take(bytes).map(|byte| format!("{byte:02x}")).collect()
}

/// What a page of a list needs besides its rows.
#[derive(Clone)]
pub struct Paging {
    /// The key that seals its cursor.
    pub key: CursorKey,
    /// What the cursor is bound to.
    pub scope: Scope,
    /// The present.
    pub now: Timestamp,
    /// The path of the list with its query but for the cursor.
    pub place: String,
}

impl Reply {
    fn new(status: StatusCode, body: Option<String>, audience: Audience) -> Self {
        Self { status: status.as_u16(), headers: Vec::new(), body, audience }
    }

    fn of<T>(status: StatusCode, shown: &Shown<T>) -> Result<Self>
    where
        Shown<T>: Serialize,
    {
        let body = serde_json::to_string(shown).map_err(Error::internal)?;
        Ok(Self::new(status, Some(body), shown.audience()))
    }

    /// 200 with a body.
    pub fn ok<T>(shown: &Shown<T>) -> Result<Self>
    where
        Shown<T>: Serialize,
    {
        Self::of(StatusCode::OK, shown)
    }

    /// 201 with a body and the place of the new thing.
    pub fn created<T>(shown: &Shown<T>, location: String) -> Result<Self>
    where
        Shown<T>: Serialize,
    {
        Ok(Self::of(StatusCode::CREATED, shown)?.header("location", location))
    }

    /// 201 with a body, of a thing that has no place to be read at by itself.
    pub fn made<T>(shown: &Shown<T>) -> Result<Self>
    where
        Shown<T>: Serialize,
    {
        Self::of(StatusCode::CREATED, shown)
    }

    /// 202 with a body: it was taken note of.
    pub fn accepted<T>(shown: &Shown<T>) -> Result<Self>
    where
        Shown<T>: Serialize,
    {
        Self::of(StatusCode::ACCEPTED, shown)
    }

    /// 204.
    pub fn no_content() -> Self {
        Self::new(StatusCode::NO_CONTENT, None, Audience::EVERYBODY)
    }

    /// 200 with a page of rows, each for the audience that the caller is of it.
    pub fn page<T, P>(page: Rows<Shown<T>, P>, paging: &Paging) -> Result<Self>
    where
        Shown<T>: Serialize,
        P: Serialize,
    {
        Self::listed(page, paging, None::<&()>)
    }

    /// 200 with a page of rows, and further members beside `data`.
    pub fn page_with<T, P, M>(page: Rows<Shown<T>, P>, paging: &Paging, members: &Shown<M>) -> Result<Self>
    where
        Shown<T>: Serialize,
        P: Serialize,
        Shown<M>: Serialize,
    {
        Self::listed(page, paging, Some(members))
    }

    fn listed<T: Serialize, P: Serialize, M: Serialize>(
        page: Rows<T, P>,
        paging: &Paging,
        members: Option<&M>,
    ) -> Result<Self> {
        let Rows { rows: data, next } = page;
        let next = next.map(|p| paging.key.seal(&paging.scope, &p, paging.now)).transpose()?;
        let mut body = Vec::with_capacity((data.len() + 1) * ROW);
        let page = Page { data, has_more: next.is_some(), next_cursor: next.as_deref(), members };
        serde_json::to_writer(&mut body, &page).map_err(Error::internal)?;
        let body = String::from_utf8(body).map_err(Error::internal)?;
        let reply = Self::new(StatusCode::OK, Some(body), Audience::EVERYBODY);
        Ok(match next {
            Some(next) => {
                let joint = if paging.place.contains('?') { '&' } else { '?' };
                reply.header("link", format!("<{}{joint}cursor={next}>; rel=\"next\"", paging.place))
            }
            None => reply,
        })
    }

    /// The same reply with a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// The same reply with the strong ETag of a version as the audience of its body sees it.
    #[must_use]
    pub fn version(self, version: i64) -> Self {
        let digit = self.audience.etag_digit();
        self.header("etag", format!("\"{version}-{digit}\""))
    }

    /// The same reply with the strong ETag of a body that changes without its version: the ETag begins with the version,
    /// which is what `If-Match` compares.
    #[must_use]
    pub fn version_and_body(self, version: i64) -> Self {
        let digest = digest(self.body.as_deref(), 8);
        let digit = self.audience.etag_digit();
        self.header("etag", format!("\"{version}-{digest}-{digit}\""))
    }

    /// The same reply with the strong ETag of its body alone.
    #[must_use]
    pub fn digested(self) -> Self {
        let digest = digest(self.body.as_deref(), 16);
        self.header("etag", format!("\"{digest}\""))
    }

    pub(super) fn etag(&self) -> Option<&str> {
        self.headers.iter().find(|(name, _)| name == "etag").map(|(_, value)| value.as_str())
    }

    pub(super) fn into_response(self) -> HttpResponse {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = HttpResponse::build(status);
        let cached = self.headers.iter().any(|(name, _)| name == "cache-control");
        if !cached {
            let policy = if self.etag().is_some() { "private, no-cache" } else { "no-store" };
            response.insert_header((header::CACHE_CONTROL, policy));
        }
        for (name, value) in self.headers {
            response.insert_header((name, value));
        }
        match self.body {
            Some(body) => response.content_type("application/json").body(body),
            None => response.finish(),
        }
    }
}
