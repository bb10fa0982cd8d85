//! Index of the operations that the OpenAPI document describes, for the edge: paths, methods and query parameters.
//!
//! Invariant: a path that is described as it stands is that path, whatever pattern it fits besides.
//! Read next: [`super::middleware`], which asks it before anything is routed.

use super::parameters::Parameters;
use serde_json::{Map, Value};
use std::collections::HashMap;

/// The operations of one path of the document.
struct Described {
    path: String,
    /// The methods as `Allow` lists them, sorted.
    allow: String,
    parameters: HashMap<String, Parameters>,
}

impl Described {
    fn new(document: &Value, path: &str, item: &Map<String, Value>) -> Self {
        let mut methods = vec!["OPTIONS".to_owned()];
        let mut parameters = HashMap::new();
        for (method, operation) in item {
            let method = method.to_uppercase();
            parameters.insert(method.clone(), Parameters::new(document, operation));
            if method == "GET" {
                methods.push("HEAD".to_owned());
            }
            methods.push(method);
        }
        methods.sort();
        Self { path: path.to_owned(), allow: methods.join(", "), parameters }
    }

    fn has(&self, method: &str) -> bool {
        self.allow.split(", ").any(|own| own == method)
    }
}

/// Index of the operations by path: a tree of segments, in which a literal segment comes before a placeholder.
#[derive(Default)]
pub struct Operations {
    paths: Vec<Described>,
    by_pattern: HashMap<String, usize>,
    tree: matchit::Router<usize>,
}

impl Operations {
    /// The operations of a document.
    pub fn new(document: &Value) -> Self {
        let mut all = Self::default();
        for (path, item) in document["paths"].as_object().into_iter().flatten() {
            let Some(item) = item.as_object() else { continue };
            let at = all.paths.len();
            all.paths.push(Described::new(document, path, item));
            all.by_pattern.insert(path.clone(), at);
            // Of two patterns that fit the same paths, the first one stays.
            let _ = all.tree.insert(numbered(path), at);
        }
        all
    }

    fn fitting(&self, path: &str) -> Option<&Described> {
        self.tree.at(path).ok().and_then(|found| self.paths.get(*found.value))
    }

    /// The query parameters of an operation.
    pub(super) fn parameters(&self, method: &str, pattern: &str) -> Option<&Parameters> {
        self.by_pattern.get(pattern).and_then(|at| self.paths.get(*at)?.parameters.get(method))
    }

    /// The pattern that a concrete path fits.
    pub(super) fn pattern(&self, path: &str) -> Option<&str> {
        self.fitting(path).map(|described| described.path.as_str())
    }

    /// The methods that a concrete path has, as `Allow` lists them; none if there is no such path.
    pub fn allowed(&self, path: &str) -> Option<String> {
        self.fitting(path).map(|described| described.allow.clone())
    }

    /// What to allow instead, where a path that is described as it stands lacks the method; a pattern that the path
    /// fits besides would otherwise take the request.
    pub fn misses(&self, method: &str, path: &str) -> Option<String> {
        let literal = self.fitting(path).filter(|described| described.path == path)?;
        (!literal.has(method)).then(|| literal.allow.clone())
    }
}

/// A pattern with its placeholders numbered by segment: the tree holds one name for each place.
fn numbered(pattern: &str) -> String {
    let segment = |(at, segment): (usize, &str)| match segment.starts_with('{') {
        true => format!("{{{at}}}"),
        false => segment.to_owned(),
    };
    pattern.split('/').enumerate().map(segment).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::dev::ResourceDef;
    use proptest::prelude::*;
    use serde_json::json;

    fn operations() -> (Value, Operations) {
        let get = json!({"get": {"operationId": "a"}});
        let document = json!({"paths": {
            "/v1/things/{id}": {"get": {"operationId": "b"}, "delete": {"operationId": "c"}},
            "/v1/things": get, "/v1/things/current": {"delete": {"operationId": "d"}},
            "/v1/things/{thing_id}/parts/{part}": get, "/v1/things/{id}/parts": get, "/v1/{table}": get,
            "/v1/things/current/parts": {"post": {"operationId": "e"}},
        }});
        let operations = Operations::new(&document);
        (document, operations)
    }

    #[test]
    fn a_path_that_is_described_as_it_stands_wins() {
        let (_, operations) = operations();
        let allowed = |path: &str| operations.allowed(path).unwrap_or_default();
        assert_eq!(allowed("/v1/things/7"), "DELETE, GET, HEAD, OPTIONS");
        assert_eq!(allowed("/v1/things/current"), "DELETE, OPTIONS");
        assert_eq!(operations.misses("GET", "/v1/things/current").as_deref(), Some("DELETE, OPTIONS"));
        assert_eq!(operations.misses("DELETE", "/v1/things/current"), None);
        assert_eq!(operations.misses("POST", "/v1/things/7"), None, "that is the router's business");
        assert_eq!(operations.pattern("/v1/things/7/parts/8"), Some("/v1/things/{thing_id}/parts/{part}"));
        assert_eq!(operations.pattern("/v1/nothing/here"), None);
        assert!(operations.parameters("GET", "/v1/things/{id}").is_some());
        assert!(operations.parameters("POST", "/v1/things/{id}").is_none());
    }

    proptest! {
        #[test]
        fn a_path_fits_what_the_router_of_the_web_server_says(
            segments in proptest::collection::vec("v1|things|current|parts|x?|[a-zß%:]{1,3}", 0..6),
        ) {
            let (document, operations) = operations();
            let path = format!("/{}", segments.join("/"));
            let patterns = document["paths"].as_object().expect("paths");
            let literal = patterns.keys().find(|pattern| **pattern == path);
            let fitting = || patterns.keys().find(|pattern| ResourceDef::new(pattern.as_str()).is_match(&path));
            let expected = literal.or_else(fitting).map(String::as_str);
            prop_assert_eq!(operations.pattern(&path), expected, "{}", path);
        }
    }
}
