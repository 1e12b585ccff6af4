//! A schema and its loader accept the same documents, changed at random places.

use jsonschema::Validator;
use proptest::prelude::*;
use serde_json::{Value, json};
use spanned_yaml::diag::Severity;
use stocktake::{spec, target};

use super::{json_of, validator};
use crate::loader::targets::EXAMPLE;
use crate::loader::{inventory, targets};

/// What the loaders ask beyond what a schema can say.
const BEYOND: [&str; 15] = [
    "default-source",
    "default-stock",
    "duplicate-link",
    "duplicate-source",
    "duplicate-stock",
    "invalid-duration",
    "invalid-header",
    "invalid-target-name",
    "invalid-url",
    "no-targets",
    "nothing-wanted",
    "plain-secret",
    "two-defaults",
    "undeclared-source",
    "unknown-group",
];

/// The places of a document: each a way down from its root.
fn places(value: &Value, here: &mut Vec<String>, all: &mut Vec<Vec<String>>) {
    all.push(here.clone());
    let children: Vec<(String, &Value)> = match value {
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(at, item)| (at.to_string(), item))
            .collect(),
        Value::Object(keys) => keys.iter().map(|(key, item)| (key.clone(), item)).collect(),
        _ => Vec::new(),
    };
    for (step, child) in children {
        here.push(step);
        places(child, here, all);
        here.pop();
    }
}

/// What may stand in a place instead.
fn stray() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!(null)),
        Just(json!(true)),
        Just(json!(1.5)),
        Just(json!([])),
        Just(json!({})),
        Just(json!(["hq"])),
        Just(json!({ "code": "hq", "priority": 7 })),
        Just(json!({ "group": "stores" })),
        Just(json!({ "env": "TOKEN" })),
        Just(json!([{ "run": ["true"] }])),
        Just(json!("cron")),
        Just(json!("30m")),
        Just(json!("https://shop.example.com")),
        (-2_i64..=70_000).prop_map(|number| json!(number)),
        "[a-zA-Z0-9_ :#ü-]{0,6}".prop_map(|text| json!(text)),
    ]
}

/// A change at a place: another value, or a key or item more or fewer.
#[derive(Debug, Clone)]
enum Change {
    Replace(Value),
    Remove,
    Insert(String, Value),
}

fn change() -> impl Strategy<Value = (prop::sample::Index, Change)> {
    let key = prop::sample::select(vec![
        "version", "sources", "stocks", "name", "code", "priority", "url", "auth", "bearer", "env", "file",
        "guard", "protect", "run", "http", "timeout", "headers", "default", "groups", "group", "x-other",
        "other",
    ]);
    let change = prop_oneof![
        2 => stray().prop_map(Change::Replace),
        2 => Just(Change::Remove),
        1 => (key, stray()).prop_map(|(key, value)| Change::Insert(key.to_owned(), value)),
    ];
    (any::<prop::sample::Index>(), change)
}

fn apply(document: &mut Value, at: prop::sample::Index, change: Change) {
    let mut all = Vec::new();
    places(document, &mut Vec::new(), &mut all);
    let way = &all[at.index(all.len())];
    let pointer = pointer(way);
    match change {
        Change::Replace(value) => *document.pointer_mut(&pointer).expect("a place of the document") = value,
        Change::Insert(key, value) => match document.pointer_mut(&pointer) {
            Some(Value::Object(keys)) => {
                keys.insert(key, value);
            }
            Some(Value::Array(items)) => items.push(value),
            _ => {}
        },
        Change::Remove => {
            let Some((last, parent)) = way.split_last() else {
                return;
            };
            match document.pointer_mut(&self::pointer(parent)) {
                Some(Value::Object(keys)) => {
                    keys.remove(last);
                }
                Some(Value::Array(items)) => {
                    items.remove(last.parse().expect("the number of an item"));
                }
                _ => {}
            }
        }
    }
}

fn pointer(way: &[String]) -> String {
    way.iter()
        .fold(String::new(), |pointer, step| pointer + "/" + step)
}

/// A schema says yes exactly when the loader finds nothing but what no schema can say.
fn of_one_mind(
    validator: &Validator,
    document: &Value,
    found: &[spanned_yaml::diag::Diagnostic],
) -> Result<(), TestCaseError> {
    let errors: Vec<_> = found
        .iter()
        .filter(|found| found.severity == Severity::Error)
        .collect();
    let by_shape = errors.iter().any(|found| !BEYOND.contains(&found.rule));
    if validator.is_valid(document) {
        prop_assert!(
            !by_shape,
            "the schema takes what the loader refuses: {document} {errors:?}"
        );
    } else {
        prop_assert!(
            !errors.is_empty(),
            "the loader takes what the schema refuses: {document}"
        );
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn the_inventory_schema_and_its_loader_agree(changes in prop::collection::vec(change(), 0..3)) {
        let mut document = json!({
            "version": 1,
            "x-owner": { "any": ["thing", null] },
            "sources": [{ "code": "hq", "name": "Headquarters" }, { "code": "berlin" }],
            "groups": { "stores": ["berlin"], "others": ["hq"] },
            "stocks": [
                { "name": "Grouped", "sources": ["hq", { "group": "stores" }] },
                { "name": "Ordered", "sources": ["hq", "berlin"] },
                { "name": "Explicit", "sources": [{ "code": "hq", "priority": 3 }, { "code": "berlin", "priority": 9 }] },
                { "name": "Empty", "sources": [] },
            ],
        });
        for (at, change) in changes {
            apply(&mut document, at, change);
        }
        let loaded = inventory(&document.to_string());
        of_one_mind(&validator(&spec::schema()), &document, &loaded.diagnostics)?;
    }

    #[test]
    fn the_targets_schema_and_its_loader_agree(changes in prop::collection::vec(change(), 0..3)) {
        let mut document = json_of(EXAMPLE);
        for (at, change) in changes {
            apply(&mut document, at, change);
        }
        let loaded = targets(&document.to_string());
        of_one_mind(&validator(&target::schema()), &document, &loaded.diagnostics)?;
    }
}
