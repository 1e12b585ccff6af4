//! JSON Schemas of records: the same declaration that decodes them says their keys, texts and needs.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value};

use super::decode::{Decode, Entries, List, Sensitive};
use crate::diag::joined;
use crate::inline_schema;

impl<T: JsonSchema> JsonSchema for Sensitive<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        T::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

inline_schema!(
    ['t, T: Decode<'t> + JsonSchema] List<'t, T>,
    format!("List_of_{}", T::schema_name()),
    |generator| json_schema!({ "type": "array", "items": generator.subschema_for::<T>() })
);

inline_schema!(
    ['t, T: Decode<'t> + JsonSchema] Entries<'t, T>,
    format!("Entries_of_{}", T::schema_name()),
    |generator| json_schema!({ "type": "object", "additionalProperties": generator.subschema_for::<T>() })
);

/// A key as the schema shows it.
#[derive(Debug)]
pub struct Property {
    /// Its name.
    pub name: &'static str,
    /// Its description.
    pub description: &'static str,
    /// True for a required key.
    pub required: bool,
    /// The default of an absent key, if there is one.
    pub default: Option<Value>,
    /// The schema of its value.
    pub schema: Schema,
}

/// The schema of a mapping with these keys and no others; of `exclusive` keys, exactly one is given. Keys that begin with
/// `free` may hold anything.
pub fn object_schema(
    description: &str,
    properties: Vec<Property>,
    exclusive: &[&str],
    free: Option<&str>,
) -> Schema {
    let required = properties.iter().filter(|property| property.required);
    let required: Vec<_> = required.map(|property| property.name).collect();
    let mut schema = json_schema!({
        "type": "object",
        "description": one_line(description),
        "additionalProperties": false,
    });
    if !required.is_empty() {
        schema.insert("required".to_owned(), required.into());
    }
    if !exclusive.is_empty() {
        let cases = exclusive
            .iter()
            .map(|name| serde_json::json!({ "required": [name] }));
        schema.insert("oneOf".to_owned(), Value::Array(cases.collect()));
    }
    if let Some(free) = free {
        let pattern = format!("^{free}");
        schema.insert(
            "patternProperties".to_owned(),
            serde_json::json!({ pattern: true }),
        );
    }
    let mut keys = Map::new();
    for mut property in properties {
        let description = one_line(property.description);
        property
            .schema
            .insert("description".to_owned(), description.into());
        if let Some(default) = property.default {
            property.schema.insert("default".to_owned(), default);
        }
        keys.insert(property.name.to_owned(), property.schema.to_value());
    }
    schema.insert("properties".to_owned(), Value::Object(keys));
    schema
}

/// The schema of a whole file.
pub fn document_schema<T: JsonSchema>(title: &str) -> Schema {
    let mut schema = SchemaGenerator::default().into_root_schema_for::<T>();
    schema.insert("title".to_owned(), title.into());
    schema
}

fn one_line(text: &str) -> String {
    joined(text.split_whitespace(), " ")
}
