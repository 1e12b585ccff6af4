//! The JSON Schemas: committed as they are made, and of one mind with the loaders.

use std::path::Path;

use jsonschema::Validator;
use proptest::prelude::*;
use schemars::Schema;
use serde_json::{Value, json};
use spanned_yaml::diag::Severity;
use stocktake::{spec, target};

use super::targets::EXAMPLE;
use super::{inventory, targets};

/// What the loaders ask beyond what a schema can say.
const BEYOND: [&str; 14] = [
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
];

fn committed(name: &str, schema: &Schema) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas").join(name);
    let made = serde_json::to_string_pretty(schema).expect("a schema is JSON") + "\n";
    if std::env::var_os("UPDATE_SCHEMAS").is_some() {
        std::fs::write(&path, &made).expect("the schema can be written");
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == made,
        "schemas/{name} is stale: run this test with UPDATE_SCHEMAS=1"
    );
}

#[test]
fn the_committed_schemas_are_current() {
    committed("inventory.schema.json", &spec::schema());
    committed("targets.schema.json", &target::schema());
    for (of, schema) in stocktake::report::schemas() {
        committed(&format!("{of}.schema.json"), &schema);
    }
}

fn validator(schema: &Schema) -> Validator {
    jsonschema::validator_for(schema.as_value()).expect("a schema")
}

/// YAML as its tree of JSON; the sample files hold nothing that JSON cannot say.
fn json_of(yaml: &str) -> Value {
    serde_saphyr::from_str(yaml).expect("a sample is YAML")
}

#[test]
fn the_examples_are_valid() {
    let inventory = json_of(include_str!("../../../inventory.yaml"));
    assert!(validator(&spec::schema()).is_valid(&inventory));
    let targets = json_of(EXAMPLE);
    assert!(validator(&target::schema()).is_valid(&targets));
}

#[test]
fn bad_inventories_are_invalid() {
    let validator = validator(&spec::schema());
    let stock = |links: Value| json!({ "version": 1, "stocks": [{ "name": "A", "sources": links }] });
    for bad in [
        json!({}),
        json!([]),
        json!({ "version": 2 }),
        json!({ "version": "1" }),
        json!({ "version": 1, "url": "https://shop.example.com" }),
        json!({ "version": 1, "sources": ["hq"] }),
        json!({ "version": 1, "sources": [{ "name": "Headquarters" }] }),
        json!({ "version": 1, "sources": [{ "code": "" }] }),
        json!({ "version": 1, "sources": [{ "code": "a b" }] }),
        json!({ "version": 1, "sources": [{ "code": 7 }] }),
        json!({ "version": 1, "stocks": [{ "name": "A" }] }),
        json!({ "version": 1, "stocks": [{ "sources": [] }] }),
        json!({ "version": 1, "stocks": [{ "name": " A", "sources": [] }] }),
        stock(json!(null)),
        stock(json!("hq")),
        stock(json!(["hq", { "code": "berlin", "priority": 1 }])),
        stock(json!([{ "code": "berlin" }])),
        stock(json!([{ "code": "berlin", "priority": 0 }])),
        stock(json!([{ "code": "berlin", "priority": 65536 }])),
        stock(json!([{ "code": "berlin", "priority": 1.5 }])),
        stock(json!([{ "code": "berlin", "priority": "1" }])),
        stock(json!([{ "code": "berlin", "priority": 1, "qty": 3 }])),
        stock(json!(["hq", "hq"])),
        stock(json!(["x".repeat(256)])),
    ] {
        assert!(!validator.is_valid(&bad), "{bad}");
        assert!(inventory(&bad.to_string()).spec.is_none(), "{bad}");
    }
}

#[test]
fn bad_targets_are_invalid() {
    let validator = validator(&target::schema());
    let with = |key: &str, value: Value| {
        let mut target =
            json!({ "url": "https://shop.example.com", "auth": { "bearer": { "env": "TOKEN" } } });
        target[key] = value;
        json!({ "version": 1, "targets": { "production": target } })
    };
    for bad in [
        json!({ "version": 1 }),
        with("auth", json!("s3cret")),
        with("auth", json!({})),
        with("auth", json!({ "bearer": "s3cret" })),
        with("auth", json!({ "bearer": { "env": "TOKEN", "file": "token" } })),
        with("auth", json!({ "bearer": { "env": "a-b" } })),
        with(
            "auth",
            json!({ "admin": { "user": "stocktake", "password": "s3cret" } }),
        ),
        with("auth", json!({ "oauth1": { "consumer_key": "k" } })),
        with("connection", json!({ "ca": "ca.pem" })),
        with("connection", json!({ "run_timeout": 30 })),
        with("connection", json!({ "retry_pause": "0ms" })),
        with("url", json!("shop.example.com")),
        with("api", json!("cloud")),
        with("store", json!("../V1")),
        with("guard", json!({ "max_deletes": -1 })),
        with("guard", json!({ "max_delete_percent": 101 })),
        with("protect", json!("Europe Stock")),
        with("protect", json!([" Europe Stock"])),
        with("protect", json!([7])),
        with("reindex", json!("corn")),
        with("reindex", json!([])),
        with("reindex", json!([{ "run": [] }])),
        with("reindex", json!([{ "run": "bin/magento" }])),
        with("reindex", json!([{ "timeout": "30m" }])),
        with(
            "reindex",
            json!([{ "run": ["a"], "http": { "url": "https://ci.example.com" } }]),
        ),
        with("reindex", json!([{ "run": ["a"], "timeout": "30" }])),
        with(
            "reindex",
            json!([{ "http": { "url": "https://ci.example.com", "method": "post" } }]),
        ),
        with("prove", json!({ "canary": [] })),
        with("default", json!("yes")),
        with("token", json!("s3cret")),
    ] {
        assert!(!validator.is_valid(&bad), "{bad}");
        assert!(targets(&bad.to_string()).targets.is_none(), "{bad}");
    }
}

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
        "guard", "protect", "run", "http", "timeout", "headers", "default", "other",
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
            "sources": [{ "code": "hq", "name": "Headquarters" }, { "code": "berlin" }],
            "stocks": [
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
