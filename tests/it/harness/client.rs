//! A client: one caller who speaks HTTP.
//!
//! Invariant: it never retries and never follows redirects. Read next: [`super::callers`].

use reqwest::{Method, blocking};
use serde_json::Value;

/// Somebody who calls, with or without a token.
#[derive(Clone)]
pub struct Client {
    base: String,
    token: Option<String>,
    http: blocking::Client,
}

/// An answer: status, headers, body.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub text: String,
    pub body: Value,
}

impl Answer {
    /// A header as text, empty if it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default()
    }

    /// The code of a problem document.
    pub fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }

    /// Demands a status, and gives the answer on.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }

    /// Demands a problem with that status and code.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Self {
        assert_eq!((self.status, self.code()), (status, code), "{}", self.text);
        assert_eq!(self.header("content-type"), "application/problem+json");
        self
    }

    /// The pointers and codes of the field errors, sorted.
    pub fn faults(&self) -> Vec<(String, String)> {
        let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
        let place = |e: &Value| [&e["pointer"], &e["parameter"], &e["header"]].map(text).concat();
        let errors = self.body["errors"].as_array().into_iter().flatten();
        let mut all: Vec<_> = errors.map(|e| (place(e), text(&e["code"]))).collect();
        all.sort();
        all
    }
}

impl Client {
    pub fn new(base: &str) -> Self {
        let http = blocking::Client::builder().redirect(reqwest::redirect::Policy::none());
        let http = http.no_proxy().timeout(std::time::Duration::from_secs(60)).build().expect("client");
        Self { base: base.to_owned(), token: None, http }
    }

    /// The same client with an access token.
    pub fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    /// The same caller at another node.
    pub fn at(&self, base: &str) -> Self {
        Self { base: base.to_owned(), ..self.clone() }
    }

    /// Sends whatever it is told to.
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<String>) -> Answer {
        self.attempt(method, path, headers, body).expect("an answer")
    }

    /// Sends to a service that may die meanwhile: nothing where no whole answer came.
    pub fn attempt(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<String>,
    ) -> Option<Answer> {
        let method = Method::from_bytes(method.as_bytes()).expect("method");
        let mut request = self.http.request(method, format!("{}{path}", self.base));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.body(body);
        }
        let response = request.send().ok()?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().ok()?;
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Some(Answer { status, headers, text, body })
    }

    fn json(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
        let mut all = vec![("content-type", "application/json")];
        all.extend_from_slice(headers);
        self.send(method, path, &all, Some(body.to_string()))
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], None)
    }

    pub fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", path, &[], None)
    }

    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.json("POST", path, &[], body)
    }

    /// A POST without a body.
    pub fn post_empty(&self, path: &str) -> Answer {
        self.send("POST", path, &[], None)
    }

    /// A POST with an `Idempotency-Key`.
    pub fn post_once(&self, path: &str, key: &str, body: &Value) -> Answer {
        self.json("POST", path, &[("idempotency-key", key)], body)
    }

    /// A PATCH of the version that `etag` names.
    pub fn patch(&self, path: &str, etag: &str, body: &Value) -> Answer {
        self.json("PATCH", path, &[("if-match", etag)], body)
    }

    /// A PUT over the version that `etag` names.
    pub fn put(&self, path: &str, etag: &str, body: &Value) -> Answer {
        self.json("PUT", path, &[("if-match", etag)], body)
    }
}
