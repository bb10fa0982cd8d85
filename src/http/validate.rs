//! Request bodies compared with the schemas of the OpenAPI document.
//!
//! Invariant: what the document promises is what is enforced, and all faults of a body are reported at once; of the body
//! only the names of its fields are echoed, no value. Read next: [`super::body`].

use super::{json::escape, parameters};
use crate::kernel::error::{Error, FieldError, Result};
use jsonschema::{ValidationError, Validator, error::ValidationErrorKind as Kind};
use serde_json::{Map, Value, json};
use std::{
    collections::HashMap,
    sync::{Arc, OnceLock},
};

type Check = Box<dyn Fn(&str) -> bool + Send + Sync>;

/// The words that a `format` of ours accepts, by the name of the format.
#[derive(Default)]
pub struct Formats(HashMap<&'static str, (&'static str, Check)>);

impl Formats {
    /// Adds a format: its name, what a value has to be, and the check.
    pub fn add(
        &mut self,
        name: &'static str,
        what: &'static str,
        check: impl Fn(&str) -> bool + Send + Sync + 'static,
    ) {
        self.0.insert(name, (what, Box::new(check)));
    }
}

/// The most faults that one answer names.
const MOST: usize = 100;

/// One validator for each schema that a request body or a query has, compiled when it is first needed.
pub struct Validators {
    by_schema: HashMap<String, OnceLock<Validator>>,
    schemas: Value,
    formats: HashMap<&'static str, (&'static str, Arc<Check>)>,
}

impl Validators {
    /// The validators of every request body and every query of an OpenAPI document.
    pub fn new(document: &Value, formats: Formats) -> Self {
        let formats =
            formats.0.into_iter().map(|(name, (what, check))| (name, (what, Arc::new(check)))).collect();
        let mut schemas = document["components"]["schemas"].clone();
        let mut by_schema: HashMap<String, OnceLock<Validator>> =
            body_schemas(document).into_iter().map(|name| (name, OnceLock::new())).collect();
        for (name, schema) in parameters::schemas(document) {
            by_schema.insert(name.clone(), OnceLock::new());
            schemas[name] = schema;
        }
        bound(&mut schemas);
        Self { by_schema, schemas, formats }
    }

    /// The names of the schemas that request bodies have.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.by_schema.keys().map(String::as_str)
    }

    /// The properties of the schema of that name that hold passwords: those of the format `password`.
    pub fn passwords(&self, schema: &str) -> impl Iterator<Item = &str> {
        let properties = self.schemas[schema]["properties"].as_object().into_iter().flatten();
        properties.filter(|(_, property)| property["format"] == "password").map(|(name, _)| name.as_str())
    }

    fn validator(&self, schema: &str) -> Result<&Validator> {
        let missing = || Error::internal(format!("no request body is a {schema}"));
        let cell = self.by_schema.get(schema).ok_or_else(missing)?;
        match cell.get() {
            Some(validator) => Ok(validator),
            None => {
                let validator = self.compile(schema)?;
                Ok(cell.get_or_init(|| validator))
            }
        }
    }

    fn compile(&self, schema: &str) -> Result<Validator> {
        let mut needed = Map::new();
        collect(&self.schemas, schema, &mut needed);
        let root = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$ref": format!("#/components/schemas/{schema}"),
            "components": {"schemas": needed},
        });
        let mut options = jsonschema::options().should_validate_formats(true);
        for (format, (_, check)) in &self.formats {
            let check = Arc::clone(check);
            options = options.with_format(*format, move |text: &str| check(text));
        }
        options.build(&root).map_err(|e| Error::internal(format!("schema {schema}: {e}")))
    }

    /// The faults of `value` against the schema of that name, at most a hundred.
    pub fn check(&self, schema: &str, value: &Value) -> Result<()> {
        let mut fields = Vec::new();
        for error in self.validator(schema)?.iter_errors(value).take(MOST) {
            self.describe(&error, &mut fields);
        }
        fields.dedup();
        once_mistyped(&mut fields);
        if fields.is_empty() {
            return Ok(());
        }
        let more = fields.len() > MOST;
        fields.truncate(MOST);
        let error = Error::invalid(fields);
        let detail = format!("{} and more", error.detail);
        Err(if more { Error { detail, ..error } } else { error })
    }

    /// The fields that a merge patch removes and that the schema does not have: the merged value no longer shows them.
    pub fn check_removals(&self, schema: &str, patch: &Value) -> Result<()> {
        let mut fields = Vec::new();
        self.removals(&self.schemas[schema], "", patch, &mut fields);
        fields.truncate(MOST);
        if fields.is_empty() { Ok(()) } else { Err(Error::invalid(fields)) }
    }

    fn removals(&self, schema: &Value, at: &str, patch: &Value, out: &mut Vec<FieldError>) {
        let Some(patch) = patch.as_object() else { return };
        let mut objects = Vec::new();
        self.objects(schema, &mut objects);
        let open = |s: &&Value| s.get("properties").is_none() || !s["additionalProperties"].is_boolean();
        if objects.is_empty() || objects.iter().any(open) {
            return;
        }
        for (name, value) in patch {
            let place = format!("{at}/{}", escape(name));
            match objects.iter().find_map(|object| object["properties"].get(name)) {
                Some(property) => self.removals(property, &place, value, out),
                None if value.is_null() => {
                    out.push(FieldError::at(place, "unknown_field", "there is no such field"));
                }
                None => {}
            }
        }
    }

    /// The object schemas that a value of this schema may follow.
    fn objects<'a>(&'a self, schema: &'a Value, out: &mut Vec<&'a Value>) {
        if let Some(target) = schema.get("$ref").and_then(Value::as_str) {
            return self.objects(&self.schemas[target.rsplit('/').next().unwrap_or_default()], out);
        }
        let several = ["oneOf", "anyOf", "allOf"].into_iter().filter_map(|word| schema.get(word)?.as_array());
        several.flatten().for_each(|one| self.objects(one, out));
        if schema.get("properties").is_some() || schema.get("additionalProperties").is_some() {
            out.push(schema);
        }
    }

    fn describe(&self, error: &ValidationError<'_>, out: &mut Vec<FieldError>) {
        let at = error.instance_path().to_string();
        match error.kind() {
            Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
                out.extend(unexpected.iter().map(|name| {
                    FieldError::at(
                        format!("{at}/{}", escape(name)),
                        "unknown_field",
                        "there is no such field",
                    )
                }));
            }
            Kind::Required { property } => {
                let name = property.as_str().unwrap_or_default();
                out.push(FieldError::at(format!("{at}/{}", escape(name)), "required", "is required"));
            }
            Kind::OneOfNotValid { context } | Kind::AnyOf { context } => self.best_branch(&at, context, out),
            kind => {
                let (code, detail) = self.sentence(kind);
                out.push(FieldError::at(at, code, detail));
            }
        }
    }

    /// Reports the alternative that came closest: the one whose faults lie deepest.
    fn best_branch(&self, at: &str, context: &[Vec<ValidationError<'static>>], out: &mut Vec<FieldError>) {
        let depth = |branch: &Vec<ValidationError<'static>>| {
            let deepest = branch.iter().map(|e| e.instance_path().to_string().len()).max().unwrap_or(0);
            let wrong_type = branch
                .iter()
                .any(|e| matches!(e.kind(), Kind::Type { .. }) && e.instance_path().to_string() == at);
            (!wrong_type, deepest)
        };
        match context.iter().max_by_key(|branch| depth(branch)) {
            Some(branch) if depth(branch).0 => branch.iter().for_each(|e| self.describe(e, out)),
            _ => out.push(FieldError::at(at, "invalid_type", "has none of the types that are possible here")),
        }
    }

    fn sentence(&self, kind: &Kind) -> (&'static str, String) {
        match kind {
            Kind::Type { kind } => ("invalid_type", format!("has the wrong type: {}", types(kind))),
            Kind::Enum { options } => ("unknown_value", format!("is not one of {options}")),
            Kind::Minimum { limit } => ("out_of_range", format!("is less than {limit}")),
            Kind::Maximum { limit } => ("out_of_range", format!("is more than {limit}")),
            Kind::MinLength { limit } => ("too_short", format!("has fewer than {limit} characters")),
            Kind::MaxLength { limit } => ("too_long", format!("has more than {limit} characters")),
            Kind::MinItems { limit } => ("too_few", format!("has fewer than {limit} items")),
            Kind::MaxItems { limit } => ("too_many", format!("has more than {limit} items")),
            Kind::MinProperties { limit } => ("too_few", format!("has fewer than {limit} entries")),
            Kind::MaxProperties { limit } => ("too_many", format!("has more than {limit} entries")),
            Kind::UniqueItems => ("duplicate", "has the same item twice".to_owned()),
            Kind::Pattern { pattern } => ("invalid_format", format!("does not match {pattern}")),
            Kind::Format { format } => match self.formats.get(format.as_str()) {
                Some((what, _)) => ("invalid_format", format!("is not {what}")),
                None => ("invalid_format", format!("is not of the format {format}")),
            },
            Kind::PropertyNames { error } => {
                let (_, why) = self.sentence(error.kind());
                ("invalid_key", format!("has a key that {why}"))
            }
            _ => ("invalid_value", "is not valid here".to_owned()),
        }
    }
}

/// Leaves of a value of the wrong type that one fault: it is none of the words either, which goes without saying.
fn once_mistyped(fields: &mut Vec<FieldError>) {
    let mistyped: Vec<_> = fields.iter().filter(|f| f.code == "invalid_type").map(|f| f.at.clone()).collect();
    fields.retain(|f| f.code != "unknown_value" || !mistyped.contains(&f.at));
}

fn types(kind: &jsonschema::error::TypeKind) -> String {
    use jsonschema::error::TypeKind;
    match kind {
        TypeKind::Single(one) => format!("it has to be {one}"),
        TypeKind::Multiple(_) => "see the schema of this field".to_owned(),
    }
}

/// Takes a schema and every schema that it refers to.
fn collect(schemas: &Value, name: &str, into: &mut Map<String, Value>) {
    if into.contains_key(name) {
        return;
    }
    into.insert(name.to_owned(), schemas[name].clone());
    let mut open = vec![&schemas[name]];
    while let Some(node) = open.pop() {
        match node {
            Value::Object(object) => {
                if let Some(target) = object.get("$ref").and_then(Value::as_str) {
                    collect(schemas, target.rsplit('/').next().unwrap_or_default(), into);
                }
                open.extend(object.values());
            }
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
}

/// Gives every integer of 32 bits its bounds, which a validator does not take from the format.
fn bound(node: &mut Value) {
    match node {
        Value::Object(object) => {
            if object.get("format").is_some_and(|format| format == "int32") {
                object.entry("minimum").or_insert_with(|| i32::MIN.into());
                object.entry("maximum").or_insert_with(|| i32::MAX.into());
            }
            object.values_mut().for_each(bound);
        }
        Value::Array(items) => items.iter_mut().for_each(bound),
        _ => {}
    }
}

/// The names of the schemas that request bodies refer to.
fn body_schemas(document: &Value) -> Vec<String> {
    let mut names = Vec::new();
    let paths = document["paths"].as_object().into_iter().flatten();
    for operation in paths.flat_map(|(_, item)| item.as_object().into_iter().flatten().map(|(_, op)| op)) {
        for media in operation["requestBody"]["content"].as_object().into_iter().flatten().map(|(_, m)| m) {
            if let Some(name) = media["schema"]["$ref"].as_str().and_then(|r| r.rsplit('/').next()) {
                names.push(name.to_owned());
            }
        }
    }
    names.sort();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn validators() -> Validators {
        let thing = json!({
            "type": "object", "additionalProperties": false, "required": ["name"],
            "properties": {
                "name": {"type": "string", "minLength": 1, "maxLength": 3},
                "home": {"type": ["string", "null"], "format": "country"},
                "ask": {"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/Ask"}]},
                "rows": {"type": "integer", "format": "int32", "minimum": 1},
            }
        });
        let ask = json!({"type": "object", "required": ["amount"], "properties": {"amount": {"type": "integer", "minimum": 0}}});
        let post = json!({"requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}}});
        let document =
            json!({"paths": {"/x": {"post": post}}, "components": {"schemas": {"Thing": thing, "Ask": ask}}});
        let mut formats = Formats::default();
        formats.add("country", "a country of the reference data", |c| c == "FR");
        Validators::new(&document, formats)
    }

    fn faults(value: Value) -> Vec<(String, &'static str)> {
        match validators().check("Thing", &value) {
            Ok(()) => Vec::new(),
            Err(e) => e
                .fields
                .iter()
                .map(|f| match &f.at {
                    crate::kernel::error::At::Pointer(p) => (p.clone(), f.code),
                    other => panic!("{other:?}"),
                })
                .collect(),
        }
    }

    #[test]
    fn every_fault_is_reported_with_its_place() {
        let mut found = faults(json!({"home": "XX", "ask": {"amount": -1}, "rôle": 1}));
        found.sort();
        let expected = [
            ("/ask/amount", "out_of_range"),
            ("/home", "invalid_format"),
            ("/name", "required"),
            ("/rôle", "unknown_field"),
        ];
        assert_eq!(found, expected.map(|(p, c)| (p.to_owned(), c)));
    }

    #[test]
    fn an_integer_of_32_bits_has_no_more() {
        let told = |rows: i64| faults(json!({"name": "abc", "rows": rows}));
        assert_eq!(told(i64::from(i32::MAX)), []);
        for rows in [0, i64::from(i32::MAX) + 1, i64::from(i32::MIN) - 1] {
            assert_eq!(told(rows), [("/rows".to_owned(), "out_of_range")], "{rows}");
        }
    }

    #[test]
    fn a_valid_body_has_no_faults() {
        assert_eq!(faults(json!({"name": "abc", "home": null, "ask": null})), []);
        assert_eq!(faults(json!({"name": "abc", "home": "FR", "ask": {"amount": 1}})), []);
        assert_eq!(faults(json!({"name": "abc", "ask": 7})), [("/ask".to_owned(), "invalid_type")]);
    }
}
