//! Replies: the one place that answers with values.
//!
//! Invariant: every body is made from a [`Visible`] value for a named [`Audience`]; a field that the audience may not
//! see is not in it. Read next: [`crate::kernel::seen`], which leaves it out.

use crate::kernel::{
    error::{Error, Result},
    page::{CursorKey, Rows, Scope},
    seen::{Seen, Told},
    time::Timestamp,
    visibility::{Audience, Visible},
};
use actix_web::{HttpResponse, http::StatusCode, http::header};
use serde::Serialize;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

/// A reply: status, headers, body.
#[derive(Clone, Debug)]
pub struct Reply {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Option<String>,
}

/// Bytes that are set aside for a row of a page.
const ROW: usize = 1_024;

/// A page of a list as it is written.
#[derive(Serialize)]
struct Page<'a, T> {
    data: Vec<T>,
    has_more: bool,
    next_cursor: Option<&'a str>,
    #[serde(flatten)]
    members: Map<String, Value>,
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
    fn new(status: StatusCode, body: Option<String>) -> Self {
        Self { status: status.as_u16(), headers: Vec::new(), body }
    }

    fn of<T: Serialize + Visible>(status: StatusCode, value: &T, audience: Audience) -> Result<Self> {
        let body = serde_json::to_string(&Seen(value, audience)).map_err(Error::internal)?;
        Ok(Self::new(status, Some(body)))
    }

    /// 200 with a body.
    pub fn ok<T: Serialize + Visible>(value: &T, audience: Audience) -> Result<Self> {
        Self::of(StatusCode::OK, value, audience)
    }

    /// 201 with a body and the place of the new thing.
    pub fn created<T: Serialize + Visible>(value: &T, audience: Audience, location: String) -> Result<Self> {
        Ok(Self::of(StatusCode::CREATED, value, audience)?.header("location", location))
    }

    /// 201 with a body, of a thing that has no place to be read at by itself.
    pub fn made<T: Serialize + Visible>(value: &T, audience: Audience) -> Result<Self> {
        Self::of(StatusCode::CREATED, value, audience)
    }

    /// 202 with a body: it was taken note of.
    pub fn accepted<T: Serialize + Visible>(value: &T, audience: Audience) -> Result<Self> {
        Self::of(StatusCode::ACCEPTED, value, audience)
    }

    /// 204.
    pub fn no_content() -> Self {
        Self::new(StatusCode::NO_CONTENT, None)
    }

    /// 200 with a page of rows, each for the audience that the caller is of it.
    pub fn page<T, P>(page: Rows<(T, Audience), P>, paging: &Paging) -> Result<Self>
    where
        T: Serialize + Visible,
        P: Serialize,
    {
        let rows = page.rows.iter().map(|(row, audience)| Seen(row, *audience)).collect();
        Self::listed(Rows { rows, next: page.next }, paging, Map::new())
    }

    /// 200 with a page of rows that are written already, and further members beside `data`.
    pub fn page_told<P: Serialize>(
        page: Rows<Told, P>,
        paging: &Paging,
        members: Map<String, Value>,
    ) -> Result<Self> {
        Self::listed(page, paging, members)
    }

    fn listed<T: Serialize, P: Serialize>(
        page: Rows<T, P>,
        paging: &Paging,
        members: Map<String, Value>,
    ) -> Result<Self> {
        let Rows { rows: data, next } = page;
        let next = next.map(|p| paging.key.seal(&paging.scope, &p, paging.now)).transpose()?;
        let mut body = Vec::with_capacity((data.len() + 1) * ROW);
        let page = Page { data, has_more: next.is_some(), next_cursor: next.as_deref(), members };
        serde_json::to_writer(&mut body, &page).map_err(Error::internal)?;
        let reply = Self::new(StatusCode::OK, Some(String::from_utf8(body).map_err(Error::internal)?));
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

    /// The same reply with the strong ETag of a version as that audience sees it.
    #[must_use]
    pub fn version(self, version: i64, audience: Audience) -> Self {
        self.header("etag", format!("\"{version}-{}\"", audience as u8))
    }

    /// The same reply with the strong ETag of a body that changes without its version: the ETag begins with the version,
    /// which is what `If-Match` compares.
    #[must_use]
    pub fn version_and_body(self, version: i64, audience: Audience) -> Self {
        let digest = Sha256::digest(self.body.as_deref().unwrap_or_default());
        let digest: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        self.header("etag", format!("\"{version}-{digest}-{}\"", audience as u8))
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
