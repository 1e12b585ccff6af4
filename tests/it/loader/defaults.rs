//! What the schema names as default is what holds when nothing is said.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use stocktake::commerce::Limits;
use stocktake::target::{self, ConnectionSettings, Targets};

use super::targets;

/// Targets in which every mapping that has optional keys leaves them out.
fn terse() -> Value {
    json!({ "version": 1, "targets": {
        "a": {
            "url": "https://a.example.com",
            "auth": { "bearer": { "env": "TOKEN" } },
            "connection": {},
            "guard": {},
            "reindex": [{ "run": ["true"] }, { "http": { "url": "https://ci.example.com" } }, { "wait": {} }],
        },
        "b": {
            "url": "https://b.example.com",
            "auth": { "ims": {
                "client_id": "id", "client_secret": { "env": "SECRET" }, "scopes": ["openid"], "organization": "o",
            } },
        },
    } })
}

/// Writes every default of the schema into a document, and names the keys.
fn fill(document: &mut Value, schema: &Value, root: &Value) -> BTreeSet<String> {
    if let Some(name) = schema["$ref"].as_str() {
        let schema = root.pointer(name.trim_start_matches('#')).expect("a definition");
        return fill(document, schema, root);
    }
    if let Some(forms) = schema["anyOf"].as_array() {
        let form = forms.iter().find(|form| match document {
            Value::Array(_) => form["type"] == "array",
            Value::Object(_) => !form["$ref"].is_null(),
            _ => false,
        });
        return form.map_or_else(BTreeSet::new, |form| fill(document, form, root));
    }
    match document {
        Value::Array(items) => {
            let items = items.iter_mut();
            items
                .flat_map(|item| fill(item, &schema["items"], root))
                .collect()
        }
        Value::Object(keys) => {
            let mut filled = BTreeSet::new();
            for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
                if let Some(default) = schema.get("default") {
                    keys.insert(name.clone(), default.clone());
                    filled.insert(name.clone());
                } else if let Some(value) = keys.get_mut(name) {
                    filled.extend(fill(value, schema, root));
                }
            }
            if let Some(schema) = schema
                .get("additionalProperties")
                .filter(|schema| schema.is_object())
            {
                filled.extend(keys.values_mut().flat_map(|value| fill(value, schema, root)));
            }
            filled
        }
        _ => BTreeSet::new(),
    }
}

/// The keys that have a default somewhere in a schema.
fn with_default(schema: &Value) -> BTreeSet<String> {
    let properties = schema["properties"].as_object().into_iter().flatten();
    let here = properties.filter(|(_, property)| property.get("default").is_some());
    let below = schema["$defs"].as_object().into_iter().flatten();
    here.map(|(name, _)| name.clone())
        .chain(below.flat_map(|(_, schema)| with_default(schema)))
        .collect()
}

/// The targets of a document, with the connection's settings as they are used.
fn used(document: &Value) -> Targets {
    let loaded = targets(&document.to_string());
    let mut targets = loaded.targets.expect("good targets");
    for target in &mut targets.targets {
        let limits = Limits::default();
        let said = std::mem::take(&mut target.connection);
        target.connection = ConnectionSettings {
            connect_timeout: said.connect_timeout.or(Some(limits.connect)),
            request_timeout: said.request_timeout.or(Some(limits.request)),
            run_timeout: said.run_timeout.or(limits.run),
            retry_pause: said.retry_pause.or(Some(limits.pause)),
            consistency_wait: said.consistency_wait.or(Some(limits.consistency)),
            ..said
        };
    }
    targets
}

#[test]
fn every_default_of_the_schema_is_what_holds_without_it() {
    let schema = target::schema().to_value();
    let terse = terse();
    let mut explicit = terse.clone();
    assert_eq!(fill(&mut explicit, &schema, &schema), with_default(&schema));
    assert_eq!(format!("{:#?}", used(&terse)), format!("{:#?}", used(&explicit)));
}

#[test]
fn another_value_than_the_default_is_noticed() {
    let mut other = terse();
    other["targets"]["a"]["guard"]["max_deletes"] = json!(11);
    assert_ne!(format!("{:#?}", used(&terse())), format!("{:#?}", used(&other)));
}
