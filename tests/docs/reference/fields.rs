//! `inventory.md` and `targets.md`: the keys of the files, from their schemas.

use std::fmt::Write as _;

use serde_json::Value;
use stocktake::{spec, target};

use super::markdown::{code, sentence, table};

pub fn inventory() -> String {
    file(
        "inventory.yaml",
        "What is wanted. It holds no address, no secret and no command: it comes from pull requests. How lists and numbers \
         are read: [order and numbers](../explanation/order.md).",
        "inventory",
        &spec::schema().to_value(),
    )
}

pub fn targets() -> String {
    file(
        "targets.yaml",
        "Where the shops are, and how careful to be with them. Secrets do not stand here, only where they are kept. \
         `stocktake init` writes a commented one.",
        "targets",
        &target::schema().to_value(),
    )
}

fn file(name: &str, about: &str, of: &str, schema: &Value) -> String {
    let mut text = format!(
        "# `{name}`\n\n{about}\n\n\
         Schema: [schemas/{of}.schema.json](../../schemas/{of}.schema.json), for editors: \
         `# yaml-language-server: $schema=…` in the first line. A key that is not listed is an error.\n\n\
         ## The file\n\n"
    );
    text += &keys(schema, schema);
    // In the order in which a reader comes by them, each once.
    let mut told: Vec<String> = Vec::new();
    let mut ahead = references(schema);
    while !ahead.is_empty() {
        let name = ahead.remove(0);
        if told.contains(&name) {
            continue;
        }
        let entry = &schema["$defs"][&name];
        // Writing to a String cannot fail.
        let _ = write!(
            text,
            "\n## {}\n\n{}\n\n{}",
            title(&name),
            sentence(entry["description"].as_str().unwrap_or_default()),
            keys(entry, schema)
        );
        ahead.extend(references(&entry["properties"]));
        told.push(name);
    }
    text
}

/// What a definition is called on the page.
fn title(name: &str) -> String {
    let name = name.trim_end_matches("Entry");
    let mut title = String::new();
    for (at, character) in name.char_indices() {
        if at > 0 && character.is_uppercase() && !name[..at].ends_with(char::is_uppercase) {
            title.push(' ');
        }
        title.extend(character.to_lowercase());
    }
    title
}

/// The definitions that a schema mentions, in its order.
fn references(schema: &Value) -> Vec<String> {
    let mut found = Vec::new();
    match schema {
        Value::Object(keys) => {
            for (key, value) in keys {
                if key == "$defs" {
                    continue;
                }
                if let (true, Some(name)) = (key == "$ref", value.as_str()) {
                    found.extend(name.strip_prefix("#/$defs/").map(str::to_owned));
                }
                found.extend(references(value));
            }
        }
        Value::Array(items) => found.extend(items.iter().flat_map(references)),
        _ => {}
    }
    found
}

/// The keys of a mapping as a table, those that must be there first.
fn keys(entry: &Value, root: &Value) -> String {
    let exclusive = entry["oneOf"].as_array().map_or_else(String::new, |cases| {
        let names: Vec<String> = cases
            .iter()
            .filter_map(|case| case["required"][0].as_str())
            .map(code)
            .collect();
        format!("Exactly one of {} is given.\n\n", names.join(", "))
    });
    let rows: Vec<Vec<String>> = sorted_properties(entry)
        .into_iter()
        .map(|(name, property)| {
            vec![
                code(name),
                kind(property, root, &|name| {
                    let title = title(name);
                    Some(format!("[{title}](#{})", title.replace(' ', "-")))
                }),
                default(name, property, entry),
                sentence(property["description"].as_str().unwrap_or_default()),
            ]
        })
        .collect();
    exclusive + &table(&["key", "value", "default", "meaning"], &rows)
}

fn default(name: &str, property: &Value, entry: &Value) -> String {
    match property.get("default") {
        Some(Value::String(text)) => code(text),
        Some(value) => code(&value.to_string()),
        None if is_required(name, entry) => "*required*".to_owned(),
        None => String::new(),
    }
}

fn is_required(name: &str, entry: &Value) -> bool {
    let required = entry["required"].as_array();
    required.is_some_and(|names| names.iter().any(|required| required == name))
}

/// The properties of a mapping, those that must be there first.
pub fn sorted_properties(entry: &Value) -> Vec<(&str, &Value)> {
    let properties = entry["properties"].as_object().into_iter().flatten();
    let mut properties: Vec<(&str, &Value)> =
        properties.map(|(name, value)| (name.as_str(), value)).collect();
    properties.sort_by_key(|(name, _)| !is_required(name, entry));
    properties
}

/// What a value may be, in words; `link` says where a definition is told of, if it is.
pub fn kind(schema: &Value, root: &Value, link: &dyn Fn(&str) -> Option<String>) -> String {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.trim_start_matches("#/$defs/");
        return link(name).unwrap_or_else(|| kind(&root["$defs"][name], root, link));
    }
    for forms in ["anyOf", "oneOf"] {
        if let Some(forms) = schema[forms]
            .as_array()
            .filter(|_| schema["properties"].is_null())
        {
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
            return kinds.join(" or ");
        }
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

fn of_type(name: &str, schema: &Value, root: &Value, link: &dyn Fn(&str) -> Option<String>) -> String {
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
