//! The committed schemas, and good and bad examples of each.

use std::path::Path;

use schemars::Schema;
use serde_json::{Value, json};
use stocktake::{spec, target};

use super::{json_of, validator};
use crate::loader::targets::EXAMPLE;
use crate::loader::{inventory, targets};

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
    for (of, schema) in stocktake::cli::schemas() {
        committed(&format!("{of}.schema.json"), &schema);
    }
}

#[test]
fn the_examples_are_valid() {
    let inventory = json_of(include_str!("../../../../inventory.yaml"));
    let validator_of_inventories = validator(&spec::schema());
    assert!(validator_of_inventories.is_valid(&inventory));
    let small = json!({ "version": 1, "stocks": [{ "name": "S", "sources": ["a"] }] });
    assert!(validator_of_inventories.is_valid(&small));
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
        json!({ "version": 1, "stocks": [{ "name": "A", "sources": ["a"], "colour": "blue" }] }),
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
