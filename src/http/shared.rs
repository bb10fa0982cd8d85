//! Components of the OpenAPI document: responses, parameters and headers that several operations have, written once.
//!
//! Invariant: every problem response is a component, and what a reference stands for is what stood there; a name comes
//! from what it names, never from a count. Read next: [`super::openapi`].

use serde_json::{Map, Value, json};
use std::collections::{HashMap, HashSet};

/// The node that `node` stands for: the target of its `$ref` in the document, or itself without one.
pub fn resolve<'a>(document: &'a Value, node: &'a Value) -> &'a Value {
    let target = node["$ref"].as_str().and_then(|path| document.pointer(path.trim_start_matches('#')));
    target.unwrap_or(node)
}

/// The components of one kind (`responses`, `parameters`, `headers`) while they are collected.
struct Shelf<'a> {
    kind: &'static str,
    repeated: HashSet<String>,
    names: HashMap<String, String>,
    components: Map<String, Value>,
    /// What names a node of an operation, where its own words are taken: the parts of the name in order.
    name: &'a dyn Fn(&Value, &str) -> String,
}

impl Shelf<'_> {
    /// Puts a reference in the place of a node that is a component.
    fn take(&mut self, node: &mut Value, word: &str, operation: &str) {
        let text = node.to_string();
        if !self.repeated.contains(&text) {
            return;
        }
        let name = match self.names.get(&text) {
            Some(name) => name.clone(),
            None => {
                let own = (self.name)(node, word);
                let name = if self.components.contains_key(&own) { own + &pascal(operation) } else { own };
                self.components.insert(name.clone(), node.clone());
                self.names.insert(text, name.clone());
                name
            }
        };
        *node = json!({"$ref": format!("#/components/{}/{name}", self.kind)});
    }
}

/// Writes repeated headers, parameters and responses once, and every problem response.
pub(super) fn share(document: &mut Value) {
    shelve(document, "headers", &|_, word| pascal(word), &|operation, visit| {
        let responses = operation["responses"].as_object_mut().into_iter().flatten();
        for (_, response) in responses {
            let headers = response.get_mut("headers").and_then(Value::as_object_mut).into_iter().flatten();
            headers.for_each(|(name, header)| visit(header, name));
        }
    });
    shelve(document, "parameters", &parameter_name, &|operation, visit| {
        let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten();
        for parameter in parameters {
            let name = parameter["name"].as_str().unwrap_or_default().to_owned();
            visit(parameter, &name);
        }
    });
    shelve(document, "responses", &response_name, &|operation, visit| {
        let responses = operation["responses"].as_object_mut().into_iter().flatten();
        responses.for_each(|(status, response)| visit(response, status));
    });
}

type Visit<'a> = &'a mut dyn FnMut(&mut Value, &str);

/// Collects the components of one kind; `each` shows every node of an operation, with the word that it stands under.
fn shelve(
    document: &mut Value,
    kind: &'static str,
    name: &dyn Fn(&Value, &str) -> String,
    each: &dyn Fn(&mut Value, Visit<'_>),
) {
    let (mut seen, mut repeated) = (HashSet::new(), HashSet::new());
    operations(document, |operation| {
        each(operation, &mut |node, _| {
            let text = node.to_string();
            if is_problem(node) || !seen.insert(text.clone()) {
                repeated.insert(text);
            }
        });
    });
    let mut shelf = Shelf { kind, repeated, names: HashMap::new(), components: Map::new(), name };
    operations(document, |operation| {
        let id = operation["operationId"].as_str().unwrap_or_default().to_owned();
        each(operation, &mut |node, word| shelf.take(node, word, &id));
    });
    shelf.components.sort_keys();
    document["components"][kind] = Value::Object(shelf.components);
}

fn operations(document: &mut Value, mut visit: impl FnMut(&mut Value)) {
    let items = document["paths"].as_object_mut().into_iter().flatten();
    for (_, item) in items {
        item.as_object_mut().into_iter().flatten().for_each(|(_, operation)| visit(operation));
    }
}

fn is_problem(response: &Value) -> bool {
    response["content"].get("application/problem+json").is_some()
}

/// An identifier is named by its schema, whatever it is called in the path; everything else by its own name.
fn parameter_name(parameter: &Value, word: &str) -> String {
    let schema = parameter["schema"]["$ref"].as_str().and_then(|target| target.rsplit('/').next());
    schema
        .filter(|schema| parameter["in"] == "path" && schema.ends_with("Id"))
        .map_or_else(|| pascal(word), str::to_owned)
}

/// A refusal that many operations have is named by its status, another response by the beginning of its description.
fn response_name(response: &Value, status: &str) -> String {
    let description = response["description"].as_str().unwrap_or_default();
    let reason = status
        .parse()
        .ok()
        .and_then(|status: u16| actix_web::http::StatusCode::from_u16(status).ok()?.canonical_reason());
    match reason.filter(|_| description.starts_with("Refused: ") || status.starts_with('3')) {
        Some(reason) => pascal(reason),
        None => pascal(
            description.split(['.', ';', ',', ':']).next().unwrap_or_default().trim_start_matches("The "),
        ),
    }
}

/// The words of a text, each with a capital, without what stands between them.
fn pascal(text: &str) -> String {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.map(|word| word[..1].to_uppercase() + &word[1..]).collect()
}
