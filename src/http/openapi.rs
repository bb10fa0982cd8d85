//! The OpenAPI document: what the handlers say, completed in one place.
//!
//! Invariant: what is true of every operation of a kind (error statuses, `Idempotency-Key`, `If-Match`, examples) is
//! added here and nowhere else; the document that is served is the one that is committed. Read next: [`super::catalogue`].

use super::examples::example;
use super::problem::{Fault, Problem};
use super::{Routes, shared};
use crate::kernel::error::Code;
use serde_json::{Value, json};
use std::collections::HashMap;
use utoipa::OpenApi;

const ABOUT: &str = "Cross-border startup–investor matchmaking. Times are RFC 3339 UTC with microseconds, money is an \
integer of minor units with an ISO 4217 code, numbers are integers. Errors are `application/problem+json`. Every POST \
takes an `Idempotency-Key`; every PATCH and PUT of a versioned thing takes the ETag it read as `If-Match`. A reply to \
a write carries `Springboard-Revision`; a match query may ask for it as `min_revision`.";

/// Reads whose answer carries an ETag.
const TAGGED: &[&str] = &[
    "list_reference_tables",
    "read_corridor",
    "read_investor",
    "read_investor_portfolio",
    "read_investor_revision",
    "read_me",
    "read_membership",
    "read_organisation",
    "read_person",
    "read_reference_table",
    "read_startup",
    "read_startup_revision",
];

/// Operations that refuse whoever tries too often.
const THROTTLED: &[&str] = &["change_password", "invite_member", "sign_in"];

/// Operations whose body may be left out.
const OFFERED: &[&str] = &["start_recommendation_run"];

#[derive(OpenApi)]
#[openapi(
    info(title = "Springboard", description = ABOUT, license(name = "Apache-2.0", identifier = "Apache-2.0"), contact(name = "The Springboard maintainers")),
    servers((url = "/", description = "This service")),
    components(schemas(Problem, Fault))
)]
struct Base;

/// The document of the routes that `configure` registers, complete and in a stable order.
pub fn document(configure: fn(&mut Routes<'_>)) -> Value {
    let mut api = Base::openapi();
    configure(&mut Routes::describing(&mut api));
    let mut document = serde_json::to_value(api).unwrap_or_default();
    document["components"]["securitySchemes"] = json!({"bearer": {
        "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
        "description": "The access token of POST /v1/sessions."}});
    refer(&mut document);
    let whole = document.clone();
    if let Some(paths) = document["paths"].as_object_mut() {
        for (path, item) in paths.iter_mut() {
            for (method, operation) in item.as_object_mut().into_iter().flatten() {
                complete(&whole, path, method, operation);
            }
        }
    }
    document["tags"] = tags(&document);
    shared::share(&mut document);
    document
}

/// Puts a reference wherever a schema of the components stands written out.
fn refer(document: &mut Value) {
    let components = document["components"]["schemas"].as_object().cloned().unwrap_or_default();
    let names: HashMap<String, &str> =
        components.iter().map(|(name, schema)| (schema.to_string(), name.as_str())).collect();
    let schemas = document["components"]["schemas"].as_object_mut().into_iter().flatten();
    for (_, schema) in schemas {
        each_child(schema, &|child| replace(child, &names));
    }
    each_child(&mut document["paths"], &|child| replace(child, &names));
}

fn each_child(node: &mut Value, change: &dyn Fn(&mut Value)) {
    match node {
        Value::Object(object) => object.iter_mut().for_each(|(_, child)| change(child)),
        Value::Array(array) => array.iter_mut().for_each(change),
        _ => {}
    }
}

fn replace(node: &mut Value, names: &HashMap<String, &str>) {
    let schema = node.get("type").is_some() || node.get("oneOf").is_some();
    match names.get(&node.to_string()).filter(|_| schema) {
        Some(name) => *node = json!({"$ref": format!("#/components/schemas/{name}")}),
        None => each_child(node, &|child| replace(child, names)),
    }
}

fn tags(document: &Value) -> Value {
    let operations =
        document["paths"].as_object().into_iter().flatten().flat_map(|(_, i)| i.as_object()).flatten();
    let mut names: Vec<&str> = operations.filter_map(|(_, op)| op["tags"][0].as_str()).collect();
    names.sort_unstable();
    names.dedup();
    names.iter().map(|name| json!({"name": name, "description": format!("Operations of {name}.")})).collect()
}

fn complete(document: &Value, path: &str, method: &str, operation: &mut Value) {
    if operation.get("description").is_none() {
        operation["description"] = operation["summary"].clone();
    }
    let versioned = operation.as_object_mut().is_some_and(|op| op.shift_remove("x-unversioned").is_none());
    parameters(method, versioned, operation);
    tag(operation);
    link(operation);
    let mut statuses = statuses(path, method, operation);
    statuses.retain(|status| versioned || ![412, 428].contains(status));
    for status in statuses {
        let key = status.to_string();
        if operation["responses"].get(&key).is_none() {
            operation["responses"][key] = problem(status);
        }
    }
    if let Some(responses) = operation["responses"].as_object_mut() {
        responses.sort_keys();
        for (_, response) in responses.iter_mut() {
            add_examples(document, response);
        }
    }
    if operation["operationId"].as_str().is_some_and(|id| OFFERED.contains(&id)) {
        operation["requestBody"]["required"] = false.into();
    }
    add_examples(document, &mut operation["requestBody"]);
    if operation["requestBody"].is_null()
        && let Some(object) = operation.as_object_mut()
    {
        object.shift_remove("requestBody");
    }
}

/// Says that a read may be asked for only if it has changed, where that is so.
fn tag(operation: &mut Value) {
    if !operation["operationId"].as_str().is_some_and(|id| TAGGED.contains(&id)) {
        return;
    }
    let headers = json!({"ETag": {"required": true, "description": "The version; send it as If-Match or If-None-Match.",
        "schema": {"type": "string", "pattern": "^\"[!#-~]+\"$"}, "example": "\"1-4\""}});
    operation["responses"]["200"]["headers"] = headers.clone();
    operation["responses"]["304"] = json!({"description": "It is as it was.", "headers": headers});
    let parameter = json!({"name": "If-None-Match", "in": "header", "required": false,
        "description": "The ETag of what you have.", "schema": {"type": "string"}, "example": "\"1-4\""});
    match operation["parameters"].as_array_mut() {
        Some(own) => own.push(parameter),
        None => operation["parameters"] = json!([parameter]),
    }
}

/// Says that a page tells where the next one is.
fn link(operation: &mut Value) {
    let paged =
        operation["parameters"].as_array().is_some_and(|all| all.iter().any(|p| p["name"] == "cursor"));
    if paged {
        operation["responses"]["200"]["headers"]["Link"] = json!({"description": "The next page, as `rel=\"next\"`; not on the last.",
            "schema": {"type": "string"}, "example": "</v1/startups?limit=20&cursor=AbC>; rel=\"next\""});
    }
}

fn parameters(method: &str, versioned: bool, operation: &mut Value) {
    let mut own = operation["parameters"].as_array().cloned().unwrap_or_default();
    let mut add = |name: &str, required: bool, description: &str, example: &str, pattern: &str| {
        own.push(json!({"name": name, "in": "header", "required": required, "description": description,
            "schema": {"type": "string", "pattern": pattern}, "example": example}));
    };
    match method {
        "post" => add(
            "Idempotency-Key",
            false,
            "A key that you choose at random; the same request with the same key takes effect once and gets the same reply, which \
             is stored for a day, encrypted under the key.",
            "3f2a9c1e-order-1",
            "^[!-~]{1,255}$",
        ),
        "patch" | "put" if versioned => {
            add("If-Match", true, "The ETag that you read.", "\"1-4\"", "^\"[0-9]+-([0-9a-f]{16}-)?[0-4]\"$");
        }
        _ => {}
    }
    if !own.is_empty() {
        operation["parameters"] = own.into();
    }
}

fn statuses(path: &str, method: &str, operation: &Value) -> Vec<u16> {
    let mut all = vec![];
    let under_v1 = path.starts_with("/v1/");
    if under_v1 {
        all.extend([400, 401, 406, 500, 503]);
    }
    if operation["security"].as_array().is_some_and(|s| s.iter().any(|r| r.get("bearer").is_some())) {
        all.push(403);
    }
    if operation["operationId"].as_str().is_some_and(|id| THROTTLED.contains(&id)) {
        all.push(429);
    }
    if path.contains('{') {
        all.push(404);
    }
    if operation["requestBody"].is_object() {
        all.extend([413, 415, 422]);
    }
    match method {
        "post" => all.extend([409, 413, 415, 422]),
        "patch" | "put" => all.extend([409, 412, 428]),
        "delete" => all.extend([409]),
        _ => {}
    }
    all
}

fn problem(status: u16) -> Value {
    let codes: Vec<&Code> = Code::ALL.iter().filter(|c| c.status() == status).collect();
    let words: Vec<String> = codes.iter().map(|c| format!("`{}`", c.as_str())).collect();
    let first = codes.first().copied().copied().unwrap_or(Code::Internal);
    let example = json!({"type": format!("/problems/{}", first.as_str()), "title": first.title(), "status": status,
        "detail": first.title(), "instance": "urn:request:01jd7k8f0g2m4n6p", "code": first.as_str(),
        "request_id": "01jd7k8f0g2m4n6p"});
    json!({"description": format!("Refused: {}.", words.join(", ")), "content": {"application/problem+json": {
        "schema": {"$ref": "#/components/schemas/Problem"}, "example": example}}})
}

fn add_examples(document: &Value, holder: &mut Value) {
    let Some(content) = holder.get_mut("content").and_then(Value::as_object_mut) else { return };
    for (_, media) in content.iter_mut() {
        if media.get("example").is_none() && media.get("examples").is_none() && media.get("schema").is_some()
        {
            media["example"] = example(document, &media["schema"], 0);
        }
    }
}
