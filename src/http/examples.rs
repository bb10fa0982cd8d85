//! Examples of bodies, made from the examples of their fields.
//!
//! Invariant: an example is written once, on the field; a test checks every made example against its schema.
//! Read next: [`super::openapi`].

use serde_json::{Map, Value, json};

/// An example of the schema `node` of the document.
pub fn example(document: &Value, node: &Value, depth: usize) -> Value {
    if let Some(given) = node.get("example").or_else(|| node["examples"].get(0)) {
        return given.clone();
    }
    if let Some(target) = node["$ref"].as_str() {
        let name = target.rsplit('/').next().unwrap_or_default();
        return if depth > 20 {
            Value::Null
        } else {
            example(document, &document["components"]["schemas"][name], depth + 1)
        };
    }
    for key in ["oneOf", "anyOf"] {
        if let Some(options) = node[key].as_array() {
            let real = options.iter().find(|o| o["type"] != "null").or(options.first());
            return real.map_or(Value::Null, |o| example(document, o, depth + 1));
        }
    }
    if let Some(parts) = node["allOf"].as_array() {
        let mut object = Map::new();
        for part in parts {
            if let Value::Object(more) = example(document, part, depth + 1) {
                object.extend(more);
            }
        }
        return Value::Object(object);
    }
    if let Some(first) = node["enum"].get(0) {
        return first.clone();
    }
    typed(document, node, depth)
}

fn typed(document: &Value, node: &Value, depth: usize) -> Value {
    let kind = match &node["type"] {
        Value::Array(kinds) => kinds.iter().find(|k| *k != "null").unwrap_or(&Value::Null),
        kind => kind,
    };
    match kind.as_str() {
        Some("object") => object(document, node, depth),
        Some("array") => {
            let item = example(document, &node["items"], depth + 1);
            if item.is_null() { json!([]) } else { json!([item]) }
        }
        Some("integer") => node.get("minimum").cloned().unwrap_or_else(|| json!(1)),
        Some("boolean") => json!(true),
        Some("string") => json!("text"),
        _ => Value::Null,
    }
}

fn object(document: &Value, node: &Value, depth: usize) -> Value {
    let properties = node["properties"].as_object().into_iter().flatten();
    let named = properties.map(|(name, schema)| (name.clone(), example(document, schema, depth + 1)));
    let mut object: Map<String, Value> = named.collect();
    if node["additionalProperties"].is_object()
        && let Value::String(key) = example(document, &node["propertyNames"], depth + 1)
    {
        object.insert(key, example(document, &node["additionalProperties"], depth + 1));
    }
    Value::Object(object)
}
