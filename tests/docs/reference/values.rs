//! What a value may be, in words, from its schema.

use serde_json::Value;

use super::markdown::code;

/// Where a definition is told of, if it is.
pub type Link<'a> = &'a dyn Fn(&str) -> Option<String>;

/// What a value may be; a definition that is told of nowhere is told here.
pub fn kind(schema: &Value, root: &Value, link: Link<'_>) -> String {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.trim_start_matches("#/$defs/");
        return link(name).unwrap_or_else(|| kind(&root["$defs"][name], root, link));
    }
    let forms = ["anyOf", "oneOf"].map(|forms| schema[forms].as_array());
    let is_mapping = !schema["properties"].is_null();
    if let Some(forms) = forms.into_iter().flatten().next().filter(|_| !is_mapping) {
        return one_of(forms, schema, root, link);
    }
    if let Some(value) = schema.get("const") {
        return code(value.to_string().trim_matches('"'));
    }
    if let Some(values) = schema["enum"].as_array() {
        let values: Vec<String> = values
            .iter()
            .map(|value| code(value.to_string().trim_matches('"')))
            .collect();
        return values.join(", ");
    }
    match &schema["type"] {
        Value::Array(types) => {
            let mut schema = schema.clone();
            let kinds = types.iter().map(|one| {
                schema["type"] = one.clone();
                kind(&schema, root, link)
            });
            kinds.collect::<Vec<_>>().join(" or ")
        }
        Value::String(name) => of_type(name, schema, root, link),
        _ => String::new(),
    }
}

/// The kinds of a value that has several forms.
fn one_of(forms: &[Value], schema: &Value, root: &Value, link: Link<'_>) -> String {
    let mut kinds: Vec<String> = Vec::new();
    for form in forms {
        let mut form = form.clone();
        if form["type"].is_null() && form["$ref"].is_null() && !schema["type"].is_null() {
            form["type"] = schema["type"].clone();
        }
        let kind = kind(&form, root, link);
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    kinds.join(" or ")
}

fn of_type(name: &str, schema: &Value, root: &Value, link: Link<'_>) -> String {
    match name {
        "array" => match schema["items"].as_object() {
            Some(_) => {
                let least = if schema["minItems"].is_null() {
                    ""
                } else {
                    ", not empty"
                };
                format!("list{least} of: {}", kind(&schema["items"], root, link))
            }
            None => "list".to_owned(),
        },
        "object" => match schema["additionalProperties"].as_object() {
            Some(_) => format!(
                "mapping of names to: {}",
                kind(&schema["additionalProperties"], root, link)
            ),
            None => "object".to_owned(),
        },
        "integer" => format!(
            "whole number{}",
            range(&schema["minimum"], &schema["maximum"], "")
        ),
        "string" => match schema["format"].as_str() {
            Some(format) => format!("text ({format})"),
            None => format!(
                "text{}{}",
                range(&schema["minLength"], &schema["maxLength"], " characters"),
                pattern(schema)
            ),
        },
        "boolean" => "`true`, `false`".to_owned(),
        "null" => "`null`".to_owned(),
        other => other.to_owned(),
    }
}

/// The pattern of a text that has no other bounds.
fn pattern(schema: &Value) -> String {
    let pattern = schema["pattern"]
        .as_str()
        .filter(|_| schema["maxLength"].is_null());
    pattern.map_or_else(String::new, |pattern| format!(" that matches `{pattern}`"))
}

/// Bounds in words; the largest number of its type bounds nothing.
fn range(least: &Value, most: &Value, unit: &str) -> String {
    let most = most.as_u64().filter(|most| *most < u64::from(u32::MAX));
    match (least.as_u64(), most) {
        (Some(least), Some(most)) => format!(", {least} to {most}{unit}"),
        (None, Some(most)) => format!(", up to {most}{unit}"),
        (Some(least), None) if unit.is_empty() => format!(", {least} or more"),
        _ => String::new(),
    }
}
