//! Query parameters compared with what the document says of them.
//!
//! Invariant: a parameter that the document refuses never reaches a handler. Read next: [`super::validate`].

use super::{query, shared::resolve, validate::Validators};
use crate::kernel::error::{At, Code, Error, FieldError, Result};
use serde_json::{Map, Value, json};

/// How the text of a parameter is read before it is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Text,
    Integer,
    Boolean,
}

/// The query parameters of one operation.
#[derive(Clone, Debug)]
pub(super) struct Parameters {
    schema: String,
    names: Vec<String>,
    shapes: Vec<(Shape, bool)>,
}

/// The name under which the query of an operation is a schema.
fn schema_name(operation: &Value) -> String {
    format!("query.{}", operation["operationId"].as_str().unwrap_or_default())
}

fn of<'a>(document: &'a Value, operation: &'a Value) -> impl Iterator<Item = (&'a str, &'a Value)> {
    let all = operation["parameters"].as_array().into_iter().flatten().map(|p| resolve(document, p));
    all.filter(|p| p["in"] == "query").filter_map(|p| Some((p["name"].as_str()?, p)))
}

/// The query of each operation as the schema of an object.
pub(super) fn schemas(document: &Value) -> Vec<(String, Value)> {
    let items = document["paths"].as_object().into_iter().flatten().filter_map(|(_, item)| item.as_object());
    let operations = items.flatten().map(|(_, operation)| operation);
    let schema = |operation: &Value| {
        let properties: Map<String, Value> =
            of(document, operation).map(|(name, p)| (name.to_owned(), p["schema"].clone())).collect();
        let required: Vec<&str> =
            of(document, operation).filter(|(_, p)| p["required"] == true).map(|(name, _)| name).collect();
        json!({"type": "object", "properties": properties, "required": required})
    };
    operations.filter(|o| of(document, o).next().is_some()).map(|o| (schema_name(o), schema(o))).collect()
}

impl Parameters {
    /// The query parameters of an operation of the document.
    pub(super) fn new(document: &Value, operation: &Value) -> Self {
        let shape = |schema: &Value| match kind(resolve(document, schema)) {
            Some("integer") => Shape::Integer,
            Some("boolean") => Shape::Boolean,
            _ => Shape::Text,
        };
        let one = |parameter: &Value| {
            let schema = resolve(document, &parameter["schema"]);
            let list = kind(schema) == Some("array");
            (shape(if list { &schema["items"] } else { schema }), list)
        };
        let names = of(document, operation).map(|(name, _)| name.to_owned()).collect();
        let shapes = of(document, operation).map(|(_, parameter)| one(parameter)).collect();
        Self { schema: schema_name(operation), names, shapes }
    }

    /// How a parameter is read, and whether it takes a list.
    fn shape(&self, name: &str) -> Option<(Shape, bool)> {
        self.names.iter().position(|n| n == name).and_then(|n| self.shapes.get(n)).copied()
    }

    /// Refuses what is unknown or repeated, then names every parameter that is not what the document says.
    pub(super) fn check(&self, validators: &Validators, query: &str) -> Result<()> {
        query::known_with_lists(query, &self.names, |name| self.shape(name).is_some_and(|(_, list)| list))?;
        if self.names.is_empty() {
            return Ok(());
        }
        let mut object = Map::new();
        for (name, text) in query::pairs(query)? {
            let Some((shape, list)) = self.shape(&name) else { continue };
            let value = if list {
                text.split(',').map(|item| read(shape, item)).collect()
            } else {
                read(shape, &text)
            };
            object.insert(name, value);
        }
        validators.check(&self.schema, &Value::Object(object)).map_err(of_query)
    }
}

fn kind(schema: &Value) -> Option<&str> {
    match &schema["type"] {
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).find(|k| *k != "null"),
        kind => kind.as_str(),
    }
}

/// The value of a text; what cannot be read stays a text, which its schema then refuses.
fn read(shape: Shape, text: &str) -> Value {
    let read = match shape {
        Shape::Text => None,
        Shape::Integer => text.parse::<i64>().ok().filter(|n| n.to_string() == text).map(Value::from),
        Shape::Boolean => text.parse::<bool>().ok().map(Value::from),
    };
    read.unwrap_or_else(|| Value::from(text))
}

/// A fault of the query's object as one of the parameters; the values that there are stand in the fault alone.
fn of_query(error: Error) -> Error {
    if error.fields.is_empty() {
        return error;
    }
    let parameter = |field: FieldError| match &field.at {
        At::Pointer(pointer) => {
            let name = pointer.split('/').nth(1).unwrap_or_default().to_owned();
            FieldError { at: At::Parameter(name), ..field }
        }
        _ => field,
    };
    let mut fields: Vec<FieldError> = error.fields.into_iter().map(parameter).collect();
    fields.dedup();
    let first = fields.first().map(|f| match &f.at {
        At::Parameter(name) if f.code == "unknown_value" => format!("{name} has a value that does not exist"),
        At::Parameter(name) => format!("{name} {}", f.detail),
        _ => f.detail.clone(),
    });
    Error { fields, ..Error::new(Code::InvalidParameter, first.unwrap_or_default()) }
}

#[cfg(test)]
mod tests {
    use super::super::validate::Formats;
    use super::*;

    fn check(query: &[(&str, &str)]) -> Result<()> {
        let operation = json!({"operationId": "list_things", "parameters": [
            {"in": "query", "name": "limit", "schema": {"type": ["integer", "null"], "minimum": 1}},
            {"in": "query", "name": "q", "schema": {"type": "string", "minLength": 1}},
            {"in": "query", "name": "home", "schema": {"type": "array", "items": {"$ref": "#/components/schemas/Country"}}},
            {"in": "query", "name": "demo", "required": true, "schema": {"type": "boolean"}},
        ]});
        let document = json!({"paths": {"/things": {"get": operation}},
            "components": {"schemas": {"Country": {"type": "string", "enum": ["CN", "FR"]}}}});
        let validators = Validators::new(&document, Formats::default());
        let query = serde_urlencoded::to_string(query).expect("query");
        Parameters::new(&document, &document["paths"]["/things"]["get"]).check(&validators, &query)
    }

    fn refused(query: &[(&str, &str)]) -> (Code, Vec<(At, &'static str)>) {
        match check(query) {
            Ok(()) => (Code::Internal, Vec::new()),
            Err(e) => (e.code, e.fields.into_iter().map(|f| (f.at, f.code)).collect()),
        }
    }

    #[test]
    fn a_query_is_what_the_document_says_or_refused_by_name() {
        let at = |name: &str| At::Parameter(name.to_owned());
        assert_eq!(refused(&[("demo", "true"), ("limit", "5"), ("home", "FR,CN"), ("q", "a")]).1, []);
        for limit in ["0", "-1", "9e9", "1.5", "", "+5", "05", "9223372036854775808"] {
            let (code, fields) = refused(&[("demo", "false"), ("limit", limit)]);
            assert_eq!((code, &fields[0].0), (Code::InvalidParameter, &at("limit")), "{limit}");
        }
        assert_eq!(refused(&[("demo", "yes"), ("q", ""), ("home", "FR,,xx")]).1.len(), 3);
        assert_eq!(refused(&[]).1, [(at("demo"), "required")]);
        assert_eq!(refused(&[("demo", "true"), ("colour", "blue")]).0, Code::UnknownParameter);
    }

    #[test]
    fn a_value_that_does_not_exist_is_answered_with_those_that_do_once() {
        let error = check(&[("demo", "true"), ("home", "XX,FR,YY")]).expect_err("refused");
        assert_eq!(error.detail, "home has a value that does not exist");
        let told: Vec<&str> = error.fields.iter().map(|f| f.detail.as_str()).collect();
        assert_eq!(told, [r#"is not one of ["CN","FR"]"#]);
    }

    #[test]
    fn a_list_that_is_given_twice_is_told_how_several_values_are_written() {
        let detail = |query| check(query).expect_err("refused").detail;
        let home = detail(&[("home", "CN"), ("home", "FR")]);
        assert_eq!(home, "home is given twice; several values are written with commas between them");
        assert_eq!(detail(&[("limit", "1"), ("limit", "2")]), "limit is given twice");
    }
}
