//! `inventory.md` and `targets.md`: the keys of the files, from their schemas.

use std::fmt::Write as _;

use serde_json::Value;
use stocktake::{spec, target};

use super::markdown::{code, sentence, table};
use super::values::kind;

pub fn inventory() -> String {
    file(
        "inventory.yaml",
        "What is wanted. It holds no address, no secret and no command: it comes from pull requests. How lists and numbers \
         are read: [order and numbers](../explanation/order.md). Keys that begin with `x-` are free at the top level; \
         [groups](../how-to/groups.md) are lists with a name.",
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
    let mut output: Vec<String> = Vec::new();
    let mut ahead = references(schema);
    while !ahead.is_empty() {
        let name = ahead.remove(0);
        if output.contains(&name) {
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
        output.push(name);
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
